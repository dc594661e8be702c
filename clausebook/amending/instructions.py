"""What an amendment does, as data: one instruction for each place that changes.

Every instruction names places of the text that it amends, by their ids there; all of them act at once, so their order
matters only to the reader, and to what is added after one and the same place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clausebook.document.interchange import InterchangeError, part_from_plain, part_to_plain
from clausebook.document.model import Clause, Definition, Party, Schedule, Section, SignatureBlock


@dataclass(frozen=True, slots=True)
class Renumbering:
    """A section, clause or schedule has another number, and every reference to it."""

    place: str
    number: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """What is done, as one of `FORMS`: an action and, behind a hyphen, the kind of thing that it is done to.

    `new` is what comes in, a text or parts of a Document; for what is deleted, what keeps its number, or None. `place`
    is the id of what changes or, where something is added, of what it follows, "" for the first place; `within` that
    of the section or schedule in which it is added.
    """

    do: str
    new: Any = None
    place: str = ""
    within: str = ""

    @property
    def action(self) -> str:
        """What is done: replace, add, delete, rename or renumber."""
        return self.do.partition("-")[0]

    @property
    def kind(self) -> str:
        """To what it is done, "" for numbers."""
        return self.do.partition("-")[2]

    @property
    def told_as(self) -> str:
        """By what the clauses of an amendment that say it are known, behind the id of their section."""
        return "--".join(filter(None, (self.do, self.new.id if self.action == "add" else self.place)))


HEADS: Mapping[str, Any] = {
    "kind": str,
    "title": str,
    "parties": tuple[Party, ...],
    "opening": Clause | None,
    "closing": Clause | None,
    "signatures": tuple[SignatureBlock, ...],
}
"""What stands outside sections and schedules, as the Document calls it, and what it is."""

FORMS: Mapping[str, Mapping[str, Any]] = {
    **{f"replace-{name}": {name: kind} for name, kind in HEADS.items()},
    "renumber": {"numbers": tuple[Renumbering, ...]},
    "add-section": {"after": str, "section": Section},
    "delete-section": {"place": str, "reserved": Section | None},
    "rename-section": {"place": str, "title": str},
    "add-clause": {"within": str, "after": str, "clause": Clause},
    "delete-clause": {"place": str, "reserved": Clause | None},
    "replace-clause": {"place": str, "clause": Clause},
    "add-schedule": {"after": str, "schedule": Schedule},
    "delete-schedule": {"place": str, "reserved": Schedule | None},
    "rename-schedule": {"place": str, "title": str},
    "add-definition": {"within": str, "after": str, "definition": Definition},
    "delete-definition": {"place": str},
    "replace-definition": {"place": str, "definition": Definition},
}
"""The instructions by what their JSON has under `do`: its other properties, with their types, in order."""

_ATTRIBUTES = {"within": "within", "after": "place", "place": "place"}
"""What the properties of the JSON are here; any other one is `new`."""


def to_plain(instruction: Instruction) -> dict[str, Any]:
    """Return the instruction as the plain data of its JSON."""
    held = {name: getattr(instruction, _ATTRIBUTES.get(name, "new")) for name in FORMS[instruction.do]}
    kept = {name: part_to_plain(each) for name, each in held.items() if name != "reserved" or each is not None}
    return {"do": instruction.do, **kept}


def from_plain(data: Any) -> Instruction:
    """Return the instruction of its plain data. Raise InterchangeError if it is none."""
    name = data.get("do") if isinstance(data, dict) else None
    if not isinstance(name, str) or name not in FORMS:
        raise InterchangeError(f"`do` is none of {', '.join(FORMS)}")
    held = {}
    for field, each in data.items():
        if field != "do":
            if field not in FORMS[name]:
                raise InterchangeError(f"/{field} is unknown")
            held[_ATTRIBUTES.get(field, "new")] = part_from_plain(FORMS[name][field], each, f"/{field}")
    for field in FORMS[name]:
        if field not in data and field != "reserved":
            raise InterchangeError(f"/{field} is missing")
    return Instruction(name, **held)
