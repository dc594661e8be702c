"""Number the sections, clauses and schedules of an agreement, and say how each is cited."""

from __future__ import annotations

from dataclasses import dataclass

from clausebook.assemble.numbering import cited, heading_number
from clausebook.assemble.selection import Selection, is_own_schedule
from clausebook.library.model import AgreementType


@dataclass(frozen=True, slots=True)
class Place:
    """The printed number of a section, clause or schedule, and how it is cited ("{label}" marks an item's place)."""

    printed: str
    citation: str


def places(kind: AgreementType, selection: Selection) -> dict[str, Place]:
    """Number everything that is in the agreement; by id, in reading order."""
    outline, numbering = kind.outline, kind.outline.numbering
    found: dict[str, Place] = {}
    if outline.opening:
        found[outline.opening.id] = Place("", "")
    count = 0
    for section in outline.sections:
        slots = [slot for slot in section.slots if selection.holds(slot.id)]
        if not slots:
            continue
        count += 1
        number = heading_number(numbering.section, count)
        found[section.id] = Place(number, citation(numbering.references["section"], number=cited(number)))
        for index, slot in enumerate(slots, 1):
            own = heading_number(numbering.clause, index, section=cited(number))
            found[slot.id] = Place(own, citation(numbering.references["clause"], number=cited(own) + "{label}"))
    if outline.closing:
        found[outline.closing.id] = Place("", "")
    for index, schedule in enumerate(selection.schedules, 1):
        number = heading_number(numbering.schedule, index)
        name = citation(numbering.references["schedule"], number=cited(number))
        found[schedule.id] = Place(number, name)
        included = [slot for slot in schedule.slots if selection.holds(slot.id)]
        for place, slot in enumerate(included, 1):
            own = heading_number(numbering.schedule_clause, place)
            how = citation(numbering.references["schedule_clause"], number=cited(own) + "{label}", schedule=name)
            found[slot.id] = Place(own, "" if is_own_schedule(schedule) else how)
    return found


def citation(pattern: str, **values: str) -> str:
    """Fill a pattern of references; a number never stands alone at the start of a line."""
    text = pattern.replace(" {number}", "\u00a0{number}").format(**values)
    head, space, tail = text.rpartition(" ")
    return f"{head}\u00a0{tail}" if space and "\u00a0" not in text else text
