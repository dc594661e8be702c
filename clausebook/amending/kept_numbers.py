"""Give a draft the numbers of the executed text that it changes.

What the executed text has keeps its number. What the draft has no more leaves its number behind, marked as reserved.
What is new is numbered between its neighbours, and what has moved is both. References follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from clausebook.amending.ordinals import next_in_row, number_between
from clausebook.assemble.numbering import cited
from clausebook.compare.order import staying, weight
from clausebook.document.model import Clause, Definition, Document, Run, Schedule, Section
from clausebook.document.walk import anchors_of, block_anchors, map_document, map_groups

RESERVED = "Reserved"
"""The heading of a place that holds nothing any more but its number."""

Part = TypeVar("Part", Clause, Section, Schedule, Definition)
Numbered = TypeVar("Numbered", Clause, Section, Schedule)

_SPACES = re.compile("[ \u00a0]+")
_PLACEHOLDER = re.compile(r"(?P<id>.*)--reserved(-[0-9]+)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NumberedPlace:
    """The printed number of a section, clause or schedule; `schedule` is the number of the schedule around it."""

    number: str
    schedule: str = ""


def keep_numbers(executed: Document, draft: Document, reserved: str = RESERVED) -> Document:
    """Return the draft with the executed numbers. With nothing changed, and on its own result, it changes nothing."""
    return _Keeping(executed, without_reserved(draft), reserved).run()


def with_numbers(document: Document, numbers: Mapping[str, str]) -> Document:
    """Return the document with other numbers, by the id of their section, clause or schedule; references follow."""

    def numbered(part: Numbered) -> Numbered:
        return replace(part, number=numbers.get(part.id, part.number))

    def group(each: Any) -> Any:
        return replace(numbered(each), clauses=tuple(map(numbered, each.clauses)))

    return _referring(document, map_groups(document, group))


def places(document: Document) -> dict[str, NumberedPlace]:
    """Return the numbers of the sections, clauses and schedules, by id, in reading order."""
    found: dict[str, NumberedPlace] = {}
    for section in document.sections:
        found[section.id] = NumberedPlace(section.number)
        found |= {clause.id: NumberedPlace(clause.number) for clause in section.clauses}
    for schedule in document.schedules:
        found[schedule.id] = NumberedPlace(schedule.number)
        found |= {clause.id: NumberedPlace(clause.number, schedule.number) for clause in schedule.clauses}
    return found


def reserved_for(part: Clause | Section | Schedule | Definition) -> str:
    """Return the id of what stood in this place, "" if the place holds text."""
    match = _PLACEHOLDER.fullmatch(part.id)
    held = any(getattr(part, name, ()) for name in ("clauses", "definitions", "blocks"))
    return match["id"] if match and not held else ""


def without_reserved(document: Document) -> Document:
    """Return the document without the places that only hold a number."""
    sections, schedules = tuple(_filled(document.sections)), tuple(_filled(document.schedules))
    filled = replace(document, sections=sections, schedules=schedules)
    return map_groups(filled, lambda group: replace(group, clauses=tuple(_filled(group.clauses))))


def _filled(parts: Iterable[Part]) -> Iterator[Part]:
    return (part for part in parts if not reserved_for(part))


class _Keeping:
    """One draft put on the numbers of one executed text."""

    def __init__(self, executed: Document, draft: Document, reserved: str) -> None:
        self.executed, self.draft, self.reserved = executed, draft, reserved
        self.taken = {*anchors_of(executed), *anchors_of(draft)}

    def run(self) -> Document:
        """Put sections and schedules together, then let the references follow."""
        sections = {section.id: section for section in self.executed.sections}
        schedules = {schedule.id: schedule for schedule in self.executed.schedules}
        renumbered = replace(
            self.draft,
            sections=tuple(
                replace(section, clauses=self._clauses(sections[section.id].clauses, section.clauses))
                if section.id in sections and section.number == sections[section.id].number
                else section
                for section in self._merged(self.executed.sections, self.draft.sections, _section)
            ),
            schedules=tuple(
                replace(schedule, clauses=self._clauses(schedules[schedule.id].clauses, schedule.clauses))
                if schedule.id in schedules
                else schedule
                for schedule in self._schedules()
            ),
        )
        return _referring(self.draft, renumbered)

    def _clauses(self, old: Sequence[Clause], new: Sequence[Clause]) -> tuple[Clause, ...]:
        return tuple(self._merged(old, new, lambda clause, number: replace(clause, number=number)))

    def _merged(
        self, old: Sequence[Numbered], new: Sequence[Numbered], renumbered: Callable[[Numbered, str], Numbered]
    ) -> Iterator[Numbered]:
        """Yield the parts of both in order: kept with the old number, reserved, or inserted."""
        kept = staying(old, new, weight)
        current = {part.id: part for part in new}
        inserted: dict[str, list[Numbered]] = {}
        follows = old[0].id if old and old[0].id not in kept else ""
        for part in new:
            if part.id in kept:
                follows = part.id
            else:
                inserted.setdefault(follows, []).append(part)
        used = {part.number for part in old if part.number}
        last = ""
        for place in range(len(old) + 1):
            anchor = ""
            if place:
                part = old[place - 1]
                anchor, last = part.id, part.number or last
                here = renumbered(current[part.id], part.number) if part.id in kept else self._reserve(part)
                if here is not None:
                    yield here
            following = next((each.number for each in old[place:] if each.number), "")
            for each in inserted.get(anchor, ()):
                if each.number and used:
                    last = number_between(last, following, used, each.number)
                    used.add(last)
                    yield renumbered(each, last)
                else:
                    yield each

    def _schedules(self) -> Iterator[Schedule]:
        """Yield the executed schedules in their order, then the new ones."""
        drafted = {schedule.id: schedule for schedule in self.draft.schedules}
        used = [schedule.number for schedule in self.executed.schedules]
        for schedule in self.executed.schedules:
            if schedule.id in drafted:
                yield replace(drafted.pop(schedule.id), number=schedule.number)
            elif reserved := self._reserve(schedule):
                yield reserved
        for schedule in drafted.values():
            used.append(next_in_row(used, schedule.number) if used else schedule.number)
            yield replace(schedule, number=used[-1])

    def _reserve(self, part: Numbered) -> Numbered | None:
        """Return what is left of a place: its number. Nothing is left of a clause that has none."""
        if reserved_for(part):
            return part
        if not part.number:
            return None
        name, count = f"{part.id}--reserved", 1
        while name in self.taken:
            count += 1
            name = f"{part.id}--reserved-{count}"
        self.taken.add(name)
        return type(part)(name, part.number, self.reserved, ())


def _section(section: Section, number: str) -> Section:
    """Return the section with another number, which its clauses' numbers may begin with."""
    old, new = cited(section.number), cited(number)
    if old == new:
        return replace(section, number=number)
    begins = re.compile(re.escape(old) + r"[\W_]", re.DOTALL)
    clauses = tuple(
        replace(clause, number=new + clause.number[len(old) :]) if old and begins.match(clause.number) else clause
        for clause in section.clauses
    )
    return replace(section, number=number, clauses=clauses)


def _referring(before: Document, after: Document) -> Document:
    """Return `after` with its references reworded where a number is not that of `before`."""
    old, new = places(before), places(after)
    moved = {
        name: (place, new[name])
        for name, place in old.items()
        if name in new and _cited(place) != _cited(new[name]) and place.number
    }
    if not moved:
        return after
    targets = {f"#{name}": change for name, change in moved.items()}
    for clause in after.clauses():
        if clause.id in moved:
            targets |= {f"#{anchor}": moved[clause.id] for anchor in block_anchors(clause.blocks)}

    def reword(run: Run) -> Run:
        change = targets.get(run.target)
        return replace(run, text=_reworded(run.text, *change)) if change else run

    return map_document(after, reword)


def _cited(place: NumberedPlace) -> NumberedPlace:
    return NumberedPlace(cited(place.number), cited(place.schedule))


def _reworded(text: str, old: NumberedPlace, new: NumberedPlace) -> str:
    if not old.schedule:
        return _exchanged(text, cited(old.number), cited(new.number))
    # The schedule's own number may look like that of the clause: it is set aside first.
    name = _pattern(cited(old.schedule))
    head, found, tail = _parted(text, name)
    for part in (head, tail):
        changed = _exchanged(part, cited(old.number), cited(new.number))
        if changed != part:
            head, tail = (changed, tail) if part is head else (head, changed)
            break
    return head + _exchanged(found, cited(old.schedule), cited(new.schedule)) + tail


def _parted(text: str, pattern: re.Pattern[str]) -> tuple[str, str, str]:
    match = pattern.search(text)
    return (text[: match.start()], match[0], text[match.end() :]) if match else (text, "", "")


def _exchanged(text: str, old: str, new: str) -> str:
    """Put one number in place of another, once, with the spaces that the text has."""
    head, found, tail = _parted(text, _pattern(old))
    if not found:
        return text
    return head + (new.replace(" ", "\u00a0") if "\u00a0" in found else new) + tail


def _pattern(number: str) -> re.Pattern[str]:
    core = "[ \u00a0]+".join(map(re.escape, _SPACES.split(number)))
    return re.compile(rf"(?<![0-9A-Za-z.]){core}(?![0-9A-Za-z]|\.[0-9])")
