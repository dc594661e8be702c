"""Carry out an amendment's instructions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from clausebook.amending.instructions import HEADS, Instruction
from clausebook.amending.kept_numbers import Part, reserved_for, with_numbers
from clausebook.document.model import Document, Schedule, Section

RowKey = tuple[str, str]
"""A row of parts: what they are, and the id of the section or schedule around them, "" for these themselves."""


class AmendmentError(Exception):
    """An instruction does not fit the text that it is to change; the message says which and why."""


def apply(original: Document, instructions: Iterable[Instruction]) -> Document:
    """Return the text that the instructions make of the original.

    Raises AmendmentError for an instruction that names no place of the original, or one that has its instruction.
    """
    return _Application(original).run(instructions)


@dataclass(slots=True)
class _Row:
    """What happens in one row of parts."""

    changed: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    added: dict[str, list[Any]] = field(default_factory=dict)


class _Application:
    """One original and what is to be done to it; what has been done is taken off the list."""

    def __init__(self, original: Document) -> None:
        self.document = original
        self.rows: dict[RowKey, _Row] = {}
        self.whole: set[str] = set()
        self.homes: dict[str, RowKey] = {}
        for group in original.groups():
            self.homes |= {clause.id: ("clause", group.id) for clause in group.clauses}
            self.homes |= {definition.id: ("definition", group.id) for definition in group.definitions}

    def run(self, instructions: Iterable[Instruction]) -> Document:
        """Do it all, at once."""
        for instruction in instructions:
            self._note(instruction)
        document = replace(
            self.document,
            sections=tuple(self._row(("section", ""), self.document.sections)),
            schedules=tuple(self._row(("schedule", ""), self.document.schedules)),
        )
        for (kind, within), row in self.rows.items():
            for name in filter(None, (*row.changed, *row.added, within)):
                raise AmendmentError(f"an instruction names the {kind} `{name}`, which the amended text does not have")
        return document

    def _note(self, told: Instruction) -> None:
        if told.kind in ("", *HEADS):
            self._head(told)
            return
        if told.action == "add":
            row = self.rows.setdefault((told.kind, told.within), _Row())
            row.added.setdefault(told.place, []).append(told.new)
            return
        apart = told.kind in ("section", "schedule")
        key = (told.kind, "") if apart else self.homes.get(told.place, ("clause", told.place))
        changed = self.rows.setdefault(key, _Row()).changed
        if told.place in changed:
            raise AmendmentError(f"two instructions change `{told.place}`")
        if told.action == "delete" and told.new is not None and reserved_for(told.new) != told.place:
            raise AmendmentError(
                f"what takes the place of `{told.place}`, which is deleted, holds more than its number"
            )
        renames = told.action == "rename"
        changed[told.place] = (lambda part: replace(part, title=told.new)) if renames else (lambda _: told.new)

    def _head(self, told: Instruction) -> None:
        """Change the numbers, or what stands outside sections and schedules."""
        if told.do in self.whole:
            raise AmendmentError(f"there are two instructions of the kind {told.do}")
        self.whole.add(told.do)
        if told.kind:
            self.document = replace(self.document, **{told.kind: told.new})
        else:
            numbers = {each.place: each.number for each in told.new}
            known = {part.id for group in self.document.groups() for part in (group, *group.clauses)}
            for name in (name for name in numbers if name not in known):
                raise AmendmentError(f"an instruction renumbers `{name}`, which the amended text does not have")
            if len(numbers) < len(told.new):
                raise AmendmentError("a place is renumbered twice")
            self.document = with_numbers(self.document, numbers)

    def _row(self, key: RowKey, parts: Iterable[Part]) -> Iterator[Part]:
        """Yield the parts of a row after its instructions."""
        row = self.rows.pop(key, _Row())
        yield from row.added.pop("", ())
        for part in parts:
            change = row.changed.pop(part.id, None)
            result = change(part) if change else part
            if result is not None:
                yield self._inside(result) if result.id == part.id else result
            yield from row.added.pop(part.id, ())
        if row.changed or row.added:
            self.rows[key] = row

    def _inside(self, part: Any) -> Any:
        """Return a part that stays, after the instructions for what is inside it."""
        if isinstance(part, Section | Schedule):
            part = replace(
                part,
                clauses=tuple(self._row(("clause", part.id), part.clauses)),
                definitions=tuple(self._row(("definition", part.id), part.definitions)),
            )
        return part
