"""Carry out an amendment's instructions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from clausebook.amending.instructions import (
    AddClause,
    AddDefinition,
    AddSchedule,
    AddSection,
    DeleteClause,
    DeleteDefinition,
    DeleteSchedule,
    DeleteSection,
    Instruction,
    RenameSchedule,
    RenameSection,
    Renumber,
    ReplaceClause,
    ReplaceClosing,
    ReplaceDefinition,
    ReplaceKind,
    ReplaceOpening,
    ReplaceParties,
    ReplaceSignatures,
    ReplaceTitle,
)
from clausebook.amending.kept_numbers import with_numbers
from clausebook.document.model import Clause, Definition, Document, Schedule, Section

Part = TypeVar("Part", Clause, Section, Schedule, Definition)
RowKind = Literal["section", "schedule", "clause", "definition"]
RowKey = tuple[RowKind, str]


class AmendmentError(Exception):
    """An instruction does not fit the text that it is to change; the message says which and why."""


def apply(original: Document, instructions: Iterable[Instruction]) -> Document:
    """Return the text that the instructions make of the original.

    Raises AmendmentError for an instruction that names no place of the original, or one that has its instruction.
    """
    return _Application(original).run(instructions)


@dataclass(slots=True)
class _Row:
    """What happens in one row of parts: the sections, say, or the clauses of one of them."""

    changed: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    added: dict[str, list[Any]] = field(default_factory=dict)


class _Application:
    """One original and what is to be done to it; what has been done is taken off the list."""

    def __init__(self, original: Document) -> None:
        self.document = original
        self.rows: dict[RowKey, _Row] = {}
        self.whole: set[type] = set()
        self.homes: dict[str, RowKey] = {}
        for group in original.groups():
            self.homes |= {clause.id: ("clause", group.id) for clause in group.clauses}
        for schedule in original.schedules:
            self.homes |= {definition.id: ("definition", schedule.id) for definition in schedule.definitions}

    def run(self, instructions: Iterable[Instruction]) -> Document:
        """Do it all, at once."""
        for instruction in instructions:
            self._note(instruction)
        document = replace(
            self.document,
            sections=tuple(self._row(("section", ""), self.document.sections, self._section)),
            schedules=tuple(self._row(("schedule", ""), self.document.schedules, self._schedule)),
        )
        for (kind, within), row in self.rows.items():
            for name in filter(None, (*row.changed, *row.added, within)):
                raise AmendmentError(f"an instruction names the {kind} `{name}`, which the amended text does not have")
        return document

    def _note(self, instruction: Instruction) -> None:
        match instruction:
            case AddSection(after, section):
                self._add(("section", ""), after, section)
            case AddClause(within, after, clause):
                self._add(("clause", within), after, clause)
            case AddSchedule(after, schedule):
                self._add(("schedule", ""), after, schedule)
            case AddDefinition(within, after, definition):
                self._add(("definition", within), after, definition)
            case DeleteSection(place, reserved):
                self._change(("section", ""), place, lambda _: reserved)
            case DeleteSchedule(place, reserved):
                self._change(("schedule", ""), place, lambda _: reserved)
            case DeleteClause(place, reserved):
                self._change(self._home(place), place, lambda _: reserved)
            case DeleteDefinition(place):
                self._change(self._home(place), place, lambda _: None)
            case RenameSection(place, title):
                self._change(("section", ""), place, lambda section: replace(section, title=title))
            case RenameSchedule(place, title):
                self._change(("schedule", ""), place, lambda schedule: replace(schedule, title=title))
            case ReplaceClause(place, clause):
                self._change(self._home(place), place, lambda _: clause)
            case ReplaceDefinition(place, definition):
                self._change(self._home(place), place, lambda _: definition)
            case _:
                self._head(instruction)

    def _head(self, instruction: Instruction) -> None:
        """Change the numbers, or what stands outside sections and schedules."""
        if type(instruction) in self.whole:
            raise AmendmentError(f"there are two instructions of the kind {type(instruction).__name__}")
        self.whole.add(type(instruction))
        document = self.document
        match instruction:
            case Renumber(numbers):
                self._check_numbers([each.place for each in numbers])
                document = with_numbers(document, {each.place: each.number for each in numbers})
            case ReplaceKind(kind):
                document = replace(document, kind=kind)
            case ReplaceTitle(title):
                document = replace(document, title=title)
            case ReplaceParties(parties):
                document = replace(document, parties=parties)
            case ReplaceOpening(opening):
                document = replace(document, opening=opening)
            case ReplaceClosing(closing):
                document = replace(document, closing=closing)
            case ReplaceSignatures(signatures):
                document = replace(document, signatures=signatures)
        self.document = document

    def _check_numbers(self, names: list[str]) -> None:
        known = {part.id for group in self.document.groups() for part in (group, *group.clauses)}
        for name in names:
            if name not in known:
                raise AmendmentError(f"an instruction renumbers `{name}`, which the amended text does not have")
        if len(set(names)) < len(names):
            raise AmendmentError("a place is renumbered twice")

    def _home(self, place: str) -> RowKey:
        return self.homes.get(place, ("clause", place))

    def _add(self, row: RowKey, after: str, part: object) -> None:
        self.rows.setdefault(row, _Row()).added.setdefault(after, []).append(part)

    def _change(self, row: RowKey, place: str, change: Callable[[Any], Any]) -> None:
        changed = self.rows.setdefault(row, _Row()).changed
        if place in changed:
            raise AmendmentError(f"two instructions change `{place}`")
        changed[place] = change

    def _row(self, key: RowKey, parts: Iterable[Part], inner: Callable[[Part], Part] | None = None) -> Iterator[Part]:
        """Yield the parts of a row after its instructions; `inner` changes what is inside a part that stays."""
        row = self.rows.pop(key, _Row())
        yield from row.added.pop("", ())
        for part in parts:
            change = row.changed.pop(part.id, None)
            result = change(part) if change else part
            if result is not None:
                same = inner and result.id == part.id
                yield inner(result) if inner and same else result
            yield from row.added.pop(part.id, ())
        if row.changed or row.added:
            self.rows[key] = row

    def _section(self, section: Section) -> Section:
        return replace(section, clauses=tuple(self._row(("clause", section.id), section.clauses)))

    def _schedule(self, schedule: Schedule) -> Schedule:
        return replace(
            schedule,
            clauses=tuple(self._row(("clause", schedule.id), schedule.clauses)),
            definitions=tuple(self._row(("definition", schedule.id), schedule.definitions)),
        )
