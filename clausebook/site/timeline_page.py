"""The page of the days by which people plan: of all agreements, by year and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from clausebook.facts.duties.model import KeyDate
from clausebook.formats.csv_text import csv_file
from clausebook.site.markup import MONTHS, TIMELINE, filled, headings
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.site_entry import SiteEntry, SiteLists

MOST_SHOWN = 1000
"""How many days the page shows; the spreadsheet beside it has all."""

MANY = 3
"""How many agreements that end in one month stand out."""


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A key date of an agreement; `kind` is "ends", "notice" or ""."""

    date: KeyDate
    entry: SiteEntry
    kind: str


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a month, how many agreements end in it, and for how many notice is due; `key` is ISO 8601."""

    key: str
    name: str
    days: tuple[PlannedDay, ...]
    ends: int
    notices: int

    @property
    def many(self) -> bool:
        """Tell whether many agreements end in it."""
        return self.ends >= MANY


def timeline_page(lists: SiteLists) -> SitePage:
    """Return the page of all key dates, year by year, with what waits for an event last."""
    found = sorted(_marked(lists.entries), key=lambda each: (each.date.day, each.entry.id, each.date.id))
    dated = [each for each in found if each.date.day]
    waiting = [each for each in found if not each.date.day and each.kind]
    years = [
        (year, list(_months(list(days)))) for year, days in groupby(dated[:MOST_SHOWN], lambda one: one.date.day[:4])
    ]
    body = filled("timeline", path=TIMELINE, years=years, waiting=waiting[:MOST_SHOWN], all=len(dated), most=MOST_SHOWN)
    rows = ((each.date.day, each.entry.id, each.entry.title, each.date.title, each.date.reckoning) for each in dated)
    files = {"timeline.csv": csv_file(("Day", "Id", "Agreement", "What", "How it is reckoned"), rows)} if dated else {}
    search = (SearchRecord("", "Timeline"),)
    return SitePage(
        TIMELINE, "Timeline", body, "Key dates of all agreements.", headings(body), search, listed=True, files=files
    )


def _marked(entries: Sequence[SiteEntry]) -> Iterator[PlannedDay]:
    for entry in entries:
        kinds = {each.id: kind for each, kind in ((entry.glance.ends, "ends"), (entry.glance.notice, "notice")) if each}
        for date in entry.glance.dates:
            yield PlannedDay(date, entry, kinds.get(date.id, ""))


def _months(days: Sequence[PlannedDay]) -> Iterator[Month]:
    """Yield the twelve months of a year."""
    year = days[0].date.day[:4]
    for number, name in enumerate(MONTHS, 1):
        key = f"{year}-{number:02}"
        mine = tuple(each for each in days if each.date.day.startswith(key))
        kinds = Counter(each.kind for each in mine)
        yield Month(key, name, mine, kinds["ends"], kinds["notice"])
