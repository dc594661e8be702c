"""What falls due as a calendar (iCalendar, RFC 5545): whole days, so no zone can move one.

An entry keeps its name, whatever its day; a later state of the repository has a higher number, so that a calendar that
takes it in moves the entry and does not add a second one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from icalendar import Calendar, Event

from clausebook.facts.duties.due_item import DueItem
from clausebook.facts.duties.due_list import NAMESPACE
from clausebook.facts.duties.editions import EPOCH, Edition

PRODUCT = "-//Clausebook//Duties and dates//EN"

_END = b"END:VCALENDAR"


def feed(items: Sequence[DueItem], editions: Mapping[str, Edition]) -> bytes:
    """Return a calendar of what has a day; `editions` are those of the agreements, by id."""
    calendar = _empty()
    for item in items:
        if item.due:
            calendar.add_component(_event(item, editions.get(item.agreement, EPOCH)))
    return bytes(calendar.to_ical())


def joined(calendars: Iterable[bytes]) -> bytes:
    """Return one calendar with the entries of several that `feed` made, in their order."""
    begin, end = bytes(_empty().to_ical()).rsplit(_END, 1)
    entries = (each.removeprefix(begin).rpartition(_END)[0] for each in calendars)
    return b"".join((begin, *entries, _END, end))


def _empty() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Duties and key dates of agreements")
    return calendar


def _event(item: DueItem, edition: Edition) -> Event:
    day = date.fromisoformat(item.due)
    event = Event()
    event.add("uid", f"{item.agreement}/{item.reference}@{NAMESPACE}")
    event.add("sequence", edition.number)
    event.add("dtstamp", edition.stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [item.kind])
    event.add("summary", f"{item.title}: {f'{item.who}: ' if item.who else ''}{item.what}")
    told = (f"{item.reckoning}", f"Clause {item.place}" if item.place else "", f"State: {item.state}", item.reference)
    event.add("description", "\n".join(filter(None, told)))
    return event
