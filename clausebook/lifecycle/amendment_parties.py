"""Who makes an amendment and who signs it: the draft's parties, those that leave by it, and each in its role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clausebook.amending.amendment_chain import Chain
from clausebook.amending.parties import (
    FORMER_NAME,
    FORMER_SHORT_NAME,
    PARTY,
    ROLE,
    former_names,
    parties_in_force,
    roles,
    signatures_in_force,
)
from clausebook.document.model import Document
from clausebook.findings.model import RepositoryError
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project

_OURS = frozenset({ROLE, FORMER_NAME, FORMER_SHORT_NAME})
"""What an amendment alone says of a party, and the program writes."""


@dataclass(frozen=True, slots=True)
class Signing:
    """The rows of an amendment's `parties` and `signatures`.

    `derived` are the properties of a party that the draft and the text in force decide; others are their owner's.
    """

    parties: Sequence[dict[str, Any]]
    signatures: Sequence[dict[str, Any]]
    derived: frozenset[str]

    def renewed(self, data: Mapping[str, Any]) -> dict[str, list[Any]]:
        """Return both as they shall be in an amendment's data: nothing is taken out, nor what its owner wrote."""
        wanted = {party["key"]: party for party in self.parties}
        parties = []
        for old in data["parties"]:
            fresh = wanted.pop(old["key"], None)
            kept = {name: value for name, value in old.items() if name not in self.derived}
            parties.append(old if fresh is None else {**fresh, **kept})
        signing = {each["party"] for each in data["signatures"]}
        more = (each for each in self.signatures if each["party"] not in signing)
        return {"parties": [*parties, *wanted.values()], "signatures": [*data["signatures"], *more]}


def signing(project: Project, found: Agreement, base: Document, past: Chain, kind: str) -> Signing:
    """Return who makes the amendment of a base and who signs it; `kind` is the type that amends.

    What a party is that goes, and who signs for it, is what the records of the text in force say.
    """
    shape: Mapping[str, Any] = project.type(kind).shape
    fields, lines = (tuple(shape["p"][name]["i"]["p"]) for name in ("parties", "signatures"))
    old = {party["key"]: party for party in parties_in_force(project.tree, past, base)}
    new = {str(party["key"]): party for party in found.data["parties"]}
    now = {party.key: party for party in found.document.parties} if found.document else {}
    named = {party.key: party for party in base.parties}
    parties, signatures = [], [_only(each, lines) for each in found.data["signatures"]]
    for key, role in roles(old, new.values()).items():
        if role != PARTY and ROLE not in fields:
            raise RepositoryError(
                f"the type `{kind}` has no words for who joins, leaves or takes another's place, as `{key}` does",
                f"copy templates/{kind}/ and schemas/{kind}/ from the Clausebook repository",
            )
        own = _only(new.get(key, old.get(key, {})), fields)
        facts = {name: own[name] for name in own if name not in _OURS} | ({ROLE: role} if role != PARTY else {})
        facts |= former_names(named[key], now[key]) if key in named and key in now else {}
        parties.append(_only(facts, fields))
        if key not in new:
            signed = signatures_in_force(project.tree, past, base, key)
            signatures += [_only(each, lines) for each in signed] or [{"party": key}]
    drafted = frozenset(project.type(base.type).shape["p"]["parties"]["i"]["p"])
    return Signing(parties, signatures, drafted.intersection(fields) | _OURS)


def _only(data: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}
