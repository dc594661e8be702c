"""Find the instructions that lead from an executed text to the one that is to replace it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from clausebook.amending.applying import AmendmentError
from clausebook.amending.instructions import Instruction, Renumbering
from clausebook.amending.kept_numbers import Part, reserved_for, with_numbers
from clausebook.compare.order import staying, weight
from clausebook.document.model import Clause, Document, Schedule, Section
from clausebook.document.outgoing import outgoing

Pair = tuple[Part | None, Part | None, str]
"""The part of the old text and of the new one, either None, and the id of the old part that an added one follows."""


Groups: TypeAlias = Sequence[Section | Schedule]


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
        self.parts: dict[tuple[type, str], Any] = {(type(part), part.id): part for part in new.parts()}
        self.renumbered = tuple(_renumberings(executed, new))
        numbers = {each.place: each.number for each in self.renumbered}
        self.old = outgoing(with_numbers(executed, numbers))

    def run(self) -> Iterator[Instruction]:
        """Yield the instructions in reading order."""
        if self.renumbered:
            yield Instruction("renumber", self.renumbered)
        yield from self._heads("kind", "title", "parties", "opening")
        yield from self._row("section", "", self.old.sections, self.new.sections)
        yield from self._heads("closing", "signatures")
        yield from self._row("schedule", "", self.old.schedules, self.new.schedules)

    def _heads(self, *names: str) -> Iterator[Instruction]:
        for name in names:
            if getattr(self.old, name) != getattr(self.new, name):
                yield Instruction(f"replace-{name}", getattr(self.full, name))

    def _row(self, kind: str, within: str, old: Sequence[Part], new: Sequence[Part]) -> Iterator[Instruction]:
        for before, after, follows in _pairs(old, new):
            whole = None if after is None else self.parts[type(after), after.id]
            if before is None:
                yield Instruction(f"add-{kind}", whole, follows, within)
            elif after is None or after.id != before.id:
                yield Instruction(f"delete-{kind}", whole, before.id)
            elif isinstance(before, Section | Schedule):
                if before.title != after.title:
                    yield Instruction(f"rename-{kind}", after.title, before.id)
                yield from self._row("clause", before.id, before.clauses, after.clauses)
                yield from self._row("definition", before.id, before.definitions, after.definitions)
            elif before != after:
                yield Instruction(f"replace-{kind}", whole, before.id)


def _pairs(old: Sequence[Part], new: Sequence[Part]) -> Iterator[Pair[Part]]:
    """Yield what belongs together in order of both; what has moved is deleted and added."""
    known = {part.id for part in old}
    standing = _standing(old, new, known)
    keys = [standing.get(part.id, part.id) for part in new]
    # A part whose old place now holds its number only has come to its new place from elsewhere.
    taken = frozenset(standing.values())
    keys = [key if part.id in standing or key not in taken else "" for key, part in zip(keys, new, strict=True)]
    keyed = [replace(part, id=key) for key, part in zip(keys, new, strict=True) if key]
    kept = staying(old, keyed, weight)
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
    numbers = {part.id: getattr(part, "number", "") for part in old}
    found: dict[str, str] = {}
    for part in new:
        name = "" if part.id in known else reserved_for(part)
        if name and numbers.get(name) == getattr(part, "number", "") and name not in found.values():
            found[part.id] = name
    return found


def _renumberings(executed: Document, new: Document) -> Iterator[Renumbering]:
    """Yield what keeps its place in the order but not its number."""
    rows: Sequence[tuple[Groups, Groups]] = (
        (executed.sections, new.sections),
        (executed.schedules, new.schedules),
    )
    for old, groups in rows:
        before: dict[str, Section | Schedule] = {part.id: part for part in old}
        kept = staying(old, groups, weight)
        for group in groups:
            if group.id not in kept:
                continue
            earlier = before[group.id]
            yield from _changed(earlier, group)
            in_place = staying(earlier.clauses, group.clauses, weight)
            clauses = {clause.id: clause for clause in earlier.clauses}
            for clause in group.clauses:
                if clause.id in in_place:
                    yield from _changed(clauses[clause.id], clause)


def _changed(old: Clause | Section | Schedule, new: Clause | Section | Schedule) -> Iterator[Renumbering]:
    if old.number != new.number:
        yield Renumbering(new.id, new.number)
