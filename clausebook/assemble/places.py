"""Number the sections, clauses and schedules of an agreement, and say how each is cited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from clausebook.assemble.numbering import cited, counted, heading_number
from clausebook.assemble.selection import Selection, is_own_schedule
from clausebook.findings.model import Finding, finding_in
from clausebook.library.model import AgreementType, Numbering, OutlineSchedule, Slot, all_slots


@dataclass(frozen=True, slots=True)
class Place:
    """The printed number of a section, clause or schedule, and how it is cited.

    In the citation "{label}" marks an item's place; without it that follows. `level` is that of the clause; `whole`
    tells that its number says where it stands, so that no other place may have it. `number` is the bare one, and
    `plural` is how several such places are cited.
    """

    printed: str
    citation: str
    level: int = 0
    whole: bool = False
    number: str = ""
    plural: str = ""

    def cited(self, label: str = "", form: str = "") -> str:
        """Return how it is cited, or an item of it: alone, by its bare number, or as the first or last of several."""
        said = self.citation
        if form == "item":
            return label
        if form:
            head, _, tail = self.plural.partition(NUMBER)
            around = {"first": head + "{}", "last": "{}" + tail}.get(form, "{}")
            said = around.format(self.number) if self.number and (self.plural or form == "number") else ""
        return said and (said if "{label}" in said else said + "{label}").replace("{label}", label)


NUMBER = "\0"
"""Stands for the numbers in a citation of several places."""

_COUNT = re.compile(r"[^\W_]+")

Levels: TypeAlias = tuple[tuple[str, str, str], ...]

BODY: Levels = (("clause", "clause", "clause"), ("subclause", "subclause", ""))
SCHEDULES: Levels = (
    ("schedule_clause", "schedule_clause", "section"),
    ("clause", "schedule_clause", "clause"),
    ("subclause", "schedule_clause", ""),
)
"""Of each level of slots the pattern of its numbers, that of references, and what the patterns below it call it."""

_AROUND = ("{section", "{clause", "{schedule")

AMBIGUOUS = "let the pattern of its number, or of references to it, name the place around it, such as {section}"

TWICE = "let the pattern of one of them name the place right around it, such as {clause}"

UNNUMBERED = {name: "" for outer in ("section", "clause", "schedule") for name in counted(outer, "", 1)}


def places(kind: AgreementType, selection: Selection) -> dict[str, Place]:
    """Number everything that is in the agreement; by id."""
    outline = kind.outline
    found = {slot.id: Place("", "") for slot in (outline.opening, outline.closing) if slot}
    counts: Counter[str] = Counter()
    for part in (*selection.sections, *selection.schedules):
        name = "schedule" if isinstance(part, OutlineSchedule) else "section"
        pattern = getattr(part.numbering, name)
        # What is numbered by one pattern is counted together, and what has no number is not.
        counts[pattern] += 1
        number = heading_number(pattern, counts[pattern])
        called = part.title
        if number:
            called = citation(part.numbering.references[name], number=cited(number), title=part.title)
        several = citation(part.numbering.references[f"{name}s"], number=NUMBER) if number else ""
        found[part.id] = Place(number, called, 0, bool(number), cited(number), several)
        if is_own_schedule(part):
            found[part.slots[0].id] = Place("", "")
            continue
        outer = {**UNNUMBERED, **counted(name, number, counts[pattern])}
        levels = BODY
        if name == "schedule":
            levels, outer["schedule"] = SCHEDULES, called
        found |= _Inside(part.numbering, selection, levels, called, outer).places(part.slots)
    return found


def clashes(kind: AgreementType, found: Mapping[str, Place]) -> Iterator[Finding]:
    """Find places whose numbers say where they stand, and say the same."""
    outline = kind.outline
    lines = {place.id: place.line for place in outline.places()}
    within = {slot.id: part.id for part in outline.schedules for slot in all_slots(part.slots)}
    cited_first: dict[str, str] = {}
    numbered_first: dict[tuple[str, str], str] = {}
    for name, place in found.items():
        if not place.whole:
            continue
        other = cited_first.setdefault(place.citation, name)
        said = f"are both cited as “{place.cited()}”"
        if other == name:
            other = numbered_first.setdefault((within.get(name, ""), place.printed), name)
            said = f"both have the number “{place.printed}”"
        if other != name:
            hint = AMBIGUOUS if "cited" in said else TWICE
            yield finding_in(
                outline.path, "core/number-twice", f"`{other}` and `{name}` {said}", hint, lines.get(name, 1)
            )


def cited_alike(found: Mapping[str, Place]) -> Mapping[str, Sequence[str]]:
    """Return the ids of the places with a number, by how they are cited."""
    alike: dict[str, list[str]] = {}
    for name, each in found.items():
        if each.printed:
            alike.setdefault(each.citation, []).append(name)
    return alike


@dataclass(frozen=True, slots=True)
class _Inside:
    """The numbering inside one section or schedule: its levels, how what is around them is cited, and its numbers."""

    numbering: Numbering
    selection: Selection
    levels: Levels
    around: str
    outer: Mapping[str, str]
    level: int = 0

    def places(self, slots: Iterable[Slot]) -> dict[str, Place]:
        """Return the places of slots and of those below them."""
        found: dict[str, Place] = {}
        count = 0
        name, reference, called = self.levels[self.level]
        for slot in filter(self.selection.holds, slots):
            if slot.heading == "none":
                found[slot.id] = Place("", self.around, self.level)
                continue
            count += 1
            pattern = getattr(self.numbering, name)
            number = heading_number(pattern, count, **self.outer)
            # A number around it that is not printed leaves its full stop behind.
            number = number.lstrip(".-–— ")
            own = cited(number) + "{label}"
            how, several = self.selection.title(slot), ""
            if number:
                how = citation(self.numbering.references[reference], number=own, title=how, **self.outer)
                several = citation(self.numbering.references[f"{reference}s"], number=NUMBER, **self.outer)
            whole = bool(number) and any(map(pattern.__contains__, _AROUND))
            found[slot.id] = Place(number, how, self.level, whole, cited(number), several)
            if slot.slots:
                outer = {**self.outer, **counted(called, number, count)}
                found |= replace(self, around=how, outer=outer, level=self.level + 1).places(slot.slots)
        return found


def numbers_around(name: str, number: str) -> dict[str, str]:
    """Return what patterns may say of a printed section or clause, its bare count as it is printed."""
    bare = _COUNT.findall(number)[-1:] or [""]
    return {**UNNUMBERED, **dict.fromkeys(counted(name, number, 1), bare[0]), name: cited(number)}


def citation(pattern: str, **values: str) -> str:
    """Fill a pattern of references; a number never stands alone at the start of a line."""
    text = pattern.replace(" {number}", "\u00a0{number}").format(**values)
    head, space, tail = text.rpartition(" ")
    return f"{head}\u00a0{tail}" if space and "\u00a0" not in text else text
