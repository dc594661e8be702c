"""The lines of signature blocks that become form fields: their names, what is known of them, who signs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from clausebook.document.model import Document, FieldKind, SignatureBlock
from clausebook.document.words import text_of

LONGEST = 600
"""A value that is longer stays text of the page: no field of one page can hold it."""

ANCHORS: dict[FieldKind, str] = {"signature": "sig", "name": "name", "title": "title", "date": "date", "text": "text"}
"""What stands before the signatory's number in the tag that signing services look for: `/sig1/`."""

_FILLED = frozenset({"name", "title", "text"})
# A signature or its date that is there already is no field: nobody is to sign or date there again.


@dataclass(frozen=True, slots=True)
class Blank:
    """A line of a signature block that is a form field.

    `name` is the field's, `block` the id of the signature block, `number` counts the signatories in reading order from
    1, `line` the block's lines from 0. `value` is what the agreement's data say, or "". `anchor` is the invisible tag.
    """

    name: str
    kind: FieldKind
    block: str
    party: str
    number: int
    line: int
    value: str
    anchor: str


def blanks(document: Document) -> tuple[Blank, ...]:
    """Return the fields of a document's signature blocks in reading order; no two have one name or one anchor."""
    names: Counter[str] = Counter()
    found = []
    for number, block in enumerate(document.signatures, 1):
        tags: Counter[str] = Counter()
        for index, line in enumerate(block.lines):
            value = " ".join(text_of(line.runs).split())
            if len(value) <= LONGEST and (not value or line.field in _FILLED):
                name = _unlike(f"{block.id}-{line.field}", names)
                anchor = _unlike(f"{ANCHORS[line.field]}{number}", tags)
                found.append(Blank(name, line.field, block.id, block.party, number, index, value, f"/{anchor}/"))
    return tuple(found)


def known_name(block: SignatureBlock) -> str:
    """Return the signatory's name, or "" if it is not known."""
    names = (" ".join(text_of(line.runs).split()) for line in block.lines if line.field == "name")
    return next(names, "")


def _unlike(name: str, names: Counter[str]) -> str:
    """Return a name that was not given yet: itself, or with a number."""
    names[name] += 1
    return name if names[name] == 1 else f"{name}-{names[name]}"
