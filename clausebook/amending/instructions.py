"""What an amendment does, as data: one instruction for each place that changes.

Every instruction names places of the text that it amends, by their ids there; all of them act at once, so their order
matters only to the reader, and to what is added after one and the same place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from clausebook.document.interchange import InterchangeError, part_from_plain, part_to_plain
from clausebook.document.model import Clause, Definition, Party, Schedule, Section, SignatureBlock


@dataclass(frozen=True, slots=True)
class ReplaceKind:
    """The printed kind of agreement is another one."""

    kind: str


@dataclass(frozen=True, slots=True)
class ReplaceTitle:
    """The agreement has another title."""

    title: str


@dataclass(frozen=True, slots=True)
class ReplaceParties:
    """The parties, for facts and file metadata, are these; the opening holds their words."""

    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class ReplaceOpening:
    """The paragraphs before the first section are these; None: there are none."""

    opening: Clause | None


@dataclass(frozen=True, slots=True)
class ReplaceClosing:
    """The paragraphs above the signatures are these; None: there are none."""

    closing: Clause | None


@dataclass(frozen=True, slots=True)
class ReplaceSignatures:
    """The signature blocks are these."""

    signatures: tuple[SignatureBlock, ...]


@dataclass(frozen=True, slots=True)
class Renumbering:
    """A section, clause or schedule has another number, and every reference to it."""

    place: str
    number: str


@dataclass(frozen=True, slots=True)
class Renumber:
    """Places have other numbers: what an amendment may do only if it says so."""

    numbers: tuple[Renumbering, ...]


@dataclass(frozen=True, slots=True)
class AddSection:
    """A section is added after another; "" for `after`: before the first."""

    after: str
    section: Section


@dataclass(frozen=True, slots=True)
class DeleteSection:
    """A section is deleted; `reserved` is what keeps its number."""

    place: str
    reserved: Section | None = None


@dataclass(frozen=True, slots=True)
class RenameSection:
    """A section has another heading."""

    place: str
    title: str


@dataclass(frozen=True, slots=True)
class AddClause:
    """A clause is added in a section or schedule, after another clause of it; "" for `after`: before the first."""

    within: str
    after: str
    clause: Clause


@dataclass(frozen=True, slots=True)
class DeleteClause:
    """A clause is deleted; `reserved` is what keeps its number."""

    place: str
    reserved: Clause | None = None


@dataclass(frozen=True, slots=True)
class ReplaceClause:
    """A clause has another text, another heading or both."""

    place: str
    clause: Clause


@dataclass(frozen=True, slots=True)
class AddSchedule:
    """A schedule is added after another; "" for `after`: before the first."""

    after: str
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class DeleteSchedule:
    """A schedule is deleted; `reserved` is what keeps its number."""

    place: str
    reserved: Schedule | None = None


@dataclass(frozen=True, slots=True)
class RenameSchedule:
    """A schedule has another heading."""

    place: str
    title: str


@dataclass(frozen=True, slots=True)
class AddDefinition:
    """A definition is added in a schedule, after another one; "" for `after`: before the first."""

    within: str
    after: str
    definition: Definition


@dataclass(frozen=True, slots=True)
class DeleteDefinition:
    """A definition is deleted."""

    place: str


@dataclass(frozen=True, slots=True)
class ReplaceDefinition:
    """A definition has another text."""

    place: str
    definition: Definition


Instruction: TypeAlias = (
    ReplaceKind
    | ReplaceTitle
    | ReplaceParties
    | ReplaceOpening
    | ReplaceClosing
    | ReplaceSignatures
    | Renumber
    | AddSection
    | DeleteSection
    | RenameSection
    | AddClause
    | DeleteClause
    | ReplaceClause
    | AddSchedule
    | DeleteSchedule
    | RenameSchedule
    | AddDefinition
    | DeleteDefinition
    | ReplaceDefinition
)

KINDS: Mapping[str, type] = {
    "replace-kind": ReplaceKind,
    "replace-title": ReplaceTitle,
    "replace-parties": ReplaceParties,
    "replace-opening": ReplaceOpening,
    "replace-closing": ReplaceClosing,
    "replace-signatures": ReplaceSignatures,
    "renumber": Renumber,
    "add-section": AddSection,
    "delete-section": DeleteSection,
    "rename-section": RenameSection,
    "add-clause": AddClause,
    "delete-clause": DeleteClause,
    "replace-clause": ReplaceClause,
    "add-schedule": AddSchedule,
    "delete-schedule": DeleteSchedule,
    "rename-schedule": RenameSchedule,
    "add-definition": AddDefinition,
    "delete-definition": DeleteDefinition,
    "replace-definition": ReplaceDefinition,
}
"""The instructions by the name that their JSON has under `do`."""

_NAMES = {kind: name for name, kind in KINDS.items()}


def to_plain(instruction: Instruction) -> dict[str, Any]:
    """Return the instruction as the plain data of its JSON."""
    return {"do": _NAMES[type(instruction)], **part_to_plain(instruction)}


def name_of(instruction: Instruction) -> str:
    """Return the name of the instruction's kind."""
    return _NAMES[type(instruction)]


def from_plain(data: Any) -> Instruction:
    """Return the instruction of its plain data. Raise InterchangeError if it is none."""
    name = data.get("do") if isinstance(data, dict) else None
    if not isinstance(name, str) or name not in KINDS:
        raise InterchangeError(f"`do` is none of {', '.join(KINDS)}")
    fields = {key: value for key, value in data.items() if key != "do"}
    if name == "renumber":
        return _renumber(fields)
    instruction: Instruction = part_from_plain(KINDS[name], fields)
    return instruction


def _renumber(fields: Mapping[str, Any]) -> Renumber:
    """Read the one instruction that holds a part which is none of a Document."""
    numbers = fields.get("numbers")
    if set(fields) != {"numbers"} or not isinstance(numbers, list):
        raise InterchangeError("a renumbering holds a list of numbers and nothing else")
    return Renumber(tuple(part_from_plain(Renumbering, each) for each in numbers))
