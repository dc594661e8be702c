"""The pages of what falls due, and of the registers; calendars and spreadsheets stand beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from clausebook.facts.agreement_facts import AgreementFacts, as_data
from clausebook.facts.duties.due_item import DueItem, in_order
from clausebook.facts.duties.editions import Edition
from clausebook.facts.duties.feed import feed, joined
from clausebook.formats.csv_text import csv_file
from clausebook.site.entries import merged
from clausebook.site.markup import DUTIES, MONTHS, REGISTERS, filled, headings
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.site_entry import SiteLists

MOST_SHOWN = 500
"""What the page of duties shows; the spreadsheet and the calendar beside it have all."""

_COLUMNS = ("due", "open", "agreement", "who", "what", "reckoning", "place", "state", "reference")


def duties_page(lists: SiteLists) -> SitePage:
    """Return the page of what falls due in signed agreements, by day."""
    items = in_order((*(each for entry in lists.entries for each in entry.owed), *lists.owed))
    dated = [each for each in items if each.due]
    waiting = [each for each in items if not each.due]
    pages = {each.id for each in lists.entries if not each.broken}
    shown = dated[:MOST_SHOWN]
    months: dict[str, dict[str, str]] = {}
    for year, month, _ in (each.due.split("-") for each in shown):
        months.setdefault(year, {})[month] = MONTHS[int(month) - 1]
    body = filled(
        "duties",
        path=DUTIES,
        pages=pages,
        months=[(year, list(found.items())) for year, found in months.items()],
        dated=shown,
        waiting=waiting[:MOST_SHOWN],
        all=len(items),
    )
    files = {"duties.ics": joined(lists.calendars), "duties.csv": spreadsheet(items)}
    search = (SearchRecord("", "Duties and dates"),)
    return SitePage(
        DUTIES, "Duties", body, "What falls due.", headings(body), search, listed=True, files=files if items else {}
    )


def registers_page(lists: SiteLists) -> SitePage:
    """Return the page of all registers."""
    found = merged([register for entry in lists.entries for register in entry.registers])
    body = filled("registers", path=REGISTERS, registers=found, most=MOST_SHOWN)
    files = {f"{each.id}.csv": csv_file(*each.table()) for each in found}
    search = (SearchRecord("", "Registers", tuple(each.title for each in found)),)
    return SitePage(
        REGISTERS, "Registers", body, "Lists over all agreements.", headings(body), search, listed=True, files=files
    )


def facts_files(facts: AgreementFacts, due: Sequence[DueItem], editions: Mapping[str, Edition]) -> Mapping[str, bytes]:
    """Return the files that stand beside an agreement's page: its facts, and the calendar of what falls `due`."""
    name = facts.duties.id
    told = json.dumps(as_data(facts), indent=2, ensure_ascii=False)
    return {
        f"{name}-facts.json": f"{told}\n".encode(),
        f"{name}.ics": feed(due, editions),
    }


def spreadsheet(items: Iterable[DueItem]) -> bytes:
    """Return what falls due as a file for a spreadsheet."""
    return csv_file(_COLUMNS, ([getattr(each, name) for name in _COLUMNS] for each in items))
