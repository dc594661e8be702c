"""Find the instructions that lead from an executed text to the one that is to replace it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from clausebook.amending.applying import AmendmentError
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
    Renumbering,
    ReplaceClause,
    ReplaceClosing,
    ReplaceDefinition,
    ReplaceKind,
    ReplaceOpening,
    ReplaceParties,
    ReplaceSignatures,
    ReplaceTitle,
)
from clausebook.amending.kept_numbers import in_order, reserved_for, with_numbers
from clausebook.document.model import Clause, Definition, Document, Schedule, Section
from clausebook.document.outgoing import outgoing

Part = TypeVar("Part", Clause, Section, Schedule, Definition)
Pair = tuple[Part | None, Part | None, str]
"""The part of the old text and of the new one, either None, and the id of the old part that an added one follows."""


def instructions(executed: Document, new: Document) -> tuple[Instruction, ...]:
    """Return what changes the executed text into the new one, in reading order; () if nothing differs.

    The numbers are taken as they are: give it the new text with the numbers that it shall have.
    Raises AmendmentError if the two are no texts of one agreement.
    """
    if (executed.id, executed.type, executed.language) != (new.id, new.type, new.language):
        raise AmendmentError("the two texts are not of one agreement, one type and one language")
    return tuple(_Search(executed, new).run())


class _Search:
    """The search for the differences of two texts. Compared is what leaves the house, given is the whole."""

    def __init__(self, executed: Document, new: Document) -> None:
        self.full, self.new = new, outgoing(new)
        self.clauses = {clause.id: clause for clause in new.clauses()}
        self.sections = {section.id: section for section in new.sections}
        self.schedules = {schedule.id: schedule for schedule in new.schedules}
        self.definitions = {each.id: each for schedule in new.schedules for each in schedule.definitions}
        self.renumbered = tuple(_renumberings(executed, new))
        numbers = {each.place: each.number for each in self.renumbered}
        self.old = outgoing(with_numbers(executed, numbers))

    def run(self) -> Iterator[Instruction]:
        """Yield the instructions in reading order."""
        old, new = self.old, self.new
        if self.renumbered:
            yield Renumber(self.renumbered)
        if old.kind != new.kind:
            yield ReplaceKind(new.kind)
        if old.title != new.title:
            yield ReplaceTitle(new.title)
        if old.parties != new.parties:
            yield ReplaceParties(new.parties)
        if old.opening != new.opening:
            yield ReplaceOpening(self.full.opening)
        for before, after, follows in _pairs(old.sections, new.sections):
            yield from self._section(before, after, follows)
        if old.closing != new.closing:
            yield ReplaceClosing(self.full.closing)
        if old.signatures != new.signatures:
            yield ReplaceSignatures(self.full.signatures)
        for earlier, later, follows in _pairs(old.schedules, new.schedules):
            yield from self._schedule(earlier, later, follows)

    def _section(self, old: Section | None, new: Section | None, follows: str) -> Iterator[Instruction]:
        if old is None:
            if new:
                yield AddSection(follows, self.sections[new.id])
        elif new is None or new.id != old.id:
            yield DeleteSection(old.id, new and self.sections[new.id])
        else:
            if old.title != new.title:
                yield RenameSection(old.id, new.title)
            yield from self._clauses(old.id, old.clauses, new.clauses)

    def _schedule(self, old: Schedule | None, new: Schedule | None, follows: str) -> Iterator[Instruction]:
        if old is None:
            if new:
                yield AddSchedule(follows, self.schedules[new.id])
        elif new is None or new.id != old.id:
            yield DeleteSchedule(old.id, new and self.schedules[new.id])
        else:
            if old.title != new.title:
                yield RenameSchedule(old.id, new.title)
            yield from self._clauses(old.id, old.clauses, new.clauses)
            for before, after, preceding in _pairs(old.definitions, new.definitions):
                yield from self._definition(old.id, before, after, preceding)

    def _clauses(self, within: str, old: Sequence[Clause], new: Sequence[Clause]) -> Iterator[Instruction]:
        for before, after, follows in _pairs(old, new):
            if before is None:
                if after:
                    yield AddClause(within, follows, self.clauses[after.id])
            elif after is None or after.id != before.id:
                yield DeleteClause(before.id, after and self.clauses[after.id])
            elif before != after:
                yield ReplaceClause(before.id, self.clauses[after.id])

    def _definition(
        self, within: str, old: Definition | None, new: Definition | None, follows: str
    ) -> Iterator[Instruction]:
        if old is None:
            if new:
                yield AddDefinition(within, follows, self.definitions[new.id])
        elif new is None:
            yield DeleteDefinition(old.id)
        elif old != new:
            yield ReplaceDefinition(old.id, self.definitions[new.id])


def _pairs(old: Sequence[Part], new: Sequence[Part]) -> Iterator[Pair[Part]]:
    """Yield what belongs together in order of both; what has moved is deleted and added."""
    known = {part.id for part in old}
    standing = _standing(old, new, known)
    keys = [standing.get(part.id, part.id) for part in new]
    # A part whose old place now holds its number only has come to its new place from elsewhere.
    taken = frozenset(standing.values())
    keys = [key if part.id in standing or key not in taken else "" for key, part in zip(keys, new, strict=True)]
    kept = in_order(keys, [part.id for part in old])
    places = {part.id: place for place, part in enumerate(old)}
    done = 0
    follows = ""
    for key, part in zip(keys, new, strict=True):
        if key in kept:
            yield from ((gone, None, "") for gone in old[done : places[key]])
            yield old[places[key]], part, ""
            done, follows = places[key] + 1, key
        else:
            yield None, part, follows
    yield from ((gone, None, "") for gone in old[done:])


def _standing(old: Sequence[Part], new: Sequence[Part], known: set[str]) -> Mapping[str, str]:
    """Return the new parts that only hold the number of an old one, by id, with the old part's id."""
    numbers = {part.id: _number(part) for part in old}
    found: dict[str, str] = {}
    for part in new:
        name = "" if part.id in known else reserved_for(part)
        if name and numbers.get(name) == _number(part) and name not in found.values():
            found[part.id] = name
    return found


def _number(part: Clause | Section | Schedule | Definition) -> str:
    return "" if isinstance(part, Definition) else part.number


def _renumberings(executed: Document, new: Document) -> Iterator[Renumbering]:
    """Yield what keeps its place in the order but not its number."""
    for old, groups in ((executed.sections, new.sections), (executed.schedules, new.schedules)):
        before: dict[str, Section | Schedule] = {part.id: part for part in old}
        kept = in_order([part.id for part in groups], [part.id for part in old])
        for group in groups:
            if group.id not in kept:
                continue
            earlier = before[group.id]
            yield from _changed(earlier, group)
            staying = in_order([part.id for part in group.clauses], [part.id for part in earlier.clauses])
            clauses = {clause.id: clause for clause in earlier.clauses}
            for clause in group.clauses:
                if clause.id in staying:
                    yield from _changed(clauses[clause.id], clause)


def _changed(old: Clause | Section | Schedule, new: Clause | Section | Schedule) -> Iterator[Renumbering]:
    if old.number != new.number:
        yield Renumbering(new.id, new.number)
