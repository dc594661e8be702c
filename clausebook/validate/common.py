"""What every agreement must have, whatever its type's schemas say: the engine itself works with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from clausebook.findings.characters import folded, shortened
from clausebook.findings.model import Finding, SourceFile
from clausebook.findings.pointers import pointer
from clausebook.load.numbered import in_file, newest, newest_positions, number_of
from clausebook.load.positions import Positions
from clausebook.validate.links_schema import AGREEMENT_ID, LINKS, LINKS_SCHEMA
from clausebook.validate.schema_files import parse_schemas
from clausebook.validate.schemas import Schemas

LIFECYCLE = "lifecycle"
"""The property that tells what became of an agreement since it was executed. It is no part of the contract."""

CONDITIONS_MET = "conditions_met"
"""The property of a life that tells when the conditions were met on which the text takes effect."""

WAIVERS = "waivers"
"""The property that tells what a named person lets stand. It is no part of the contract, and leaves no house."""
APART = (LIFECYCLE, LINKS, WAIVERS)
"""The properties that are no part of the contract: no clause can speak of them, and they may change after execution."""

_TEXT = {"type": "string", "minLength": 1}
# Keys of parties and signatures may end with a hyphen; an agreement's id is held to `is_id` by its file's name.
_ID = AGREEMENT_ID
_DATE = {"type": "string", "format": "date"}
_FILE = {
    **_TEXT,
    "pattern": r"^[^/\\]+$",
    "x-message": "names a file in the agreement's own folder",
    "examples": ["termination.md"],
}


def _group(properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def _rows(properties: Mapping[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    return {"type": "array", **more, "items": _group(properties, *required)}


_ENDED = {"on": _DATE, "why": _TEXT}
_PARTY = {"key": _ID, "legal_name": _TEXT, "short_name": _TEXT}
_TERM = {"term": _TEXT, "plural": {"type": "string"}, "definition": _TEXT}
_SCHEDULE = {"key": _ID, "title": _TEXT, "wording": _FILE}
_CLAUSE = {"type": "object", "additionalProperties": _group({"use": _TEXT, "wording": _FILE})}
_LIFE = {
    "renewals": _rows({"on": _DATE, "until": _DATE, "by": _TEXT}, "on", "until"),
    "ended": _group(_ENDED, "on"),
    "superseded_by": _ID,
    CONDITIONS_MET: _group({"on": _DATE, "by": _TEXT}, "on", "by"),
}
_WAIVER = {
    "rule": _TEXT,
    "at": {"type": "string", "pattern": "(/[^/]+)+"},
    "reason": _TEXT,
    "by": _TEXT,
    "until": _DATE,
}
_PROPERTIES = {
    "id": _ID,
    "type": _TEXT,
    "title": _TEXT,
    "version": {"type": ["string", "integer"]},
    "status": _TEXT,
    "parties": _rows(_PARTY, *_PARTY, minItems=1, **{"x-unique": "key"}),
    "signatures": _rows({"party": {"type": "string", "x-party": True}}, "party"),
    "clauses": _CLAUSE,
    "glossary": _rows(_TERM, "term", "definition"),
    "names": {"type": "array", "items": _TEXT},
    "schedules": _rows(_SCHEDULE, *_SCHEDULE, **{"x-unique": "key"}),
    LIFECYCLE: _group(_LIFE),
    WAIVERS: _rows(_WAIVER, *_WAIVER),
    LINKS: LINKS_SCHEMA,
}

_NEEDED = ("id", "type", "title", "version", "status", "parties", "signatures")

COMMON: Mapping[str, Any] = _group(_PROPERTIES, *_NEEDED)
"""A JSON Schema; every agreement is checked against it after its type's own, as the newest format writes it."""


def check_common(value: Mapping[str, Any], positions: Positions, path: str, known: Iterable[Finding]) -> list[Finding]:
    """Return what is wrong with the part of an agreement that all types share; its number is a known one."""
    number = number_of(value)
    found = _schemas().validate(newest(value), newest_positions(positions, number), path, known=known)
    return [*(in_file(each, number) for each in found), *_parties_alike(value, positions, path)]


def _parties_alike(value: Mapping[str, Any], positions: Positions, path: str) -> Iterator[Finding]:
    """Find names that two parties share: nobody could tell which of them a sentence binds."""
    parties = value.get("parties")
    first: dict[str, tuple[int, str]] = {}
    for index, party in enumerate(parties if isinstance(parties, list) else ()):
        for field in ("legal_name", "short_name"):
            name = party.get(field) if isinstance(party, dict) else None
            if not isinstance(name, str) or not name.strip():
                continue
            other, known = first.setdefault(folded(name), (index, field))
            if other != index:
                where: tuple[str | int, ...] = ("parties", index, field)
                message = f"“{shortened(name)}” is already the `{known}` of item {other + 1} of `parties`"
                hint = "give each party names of its own: capitals and spaces alone do not tell them apart"
                yield SourceFile(path, positions.value).finding("core/party-name", message, pointer(where), hint)
                break


@cache
def _schemas() -> Schemas:
    parsed = parse_schemas("", [("", json.dumps(COMMON).encode())])
    return Schemas("", "", parsed.files[""], parsed.references, parsed.findings)
