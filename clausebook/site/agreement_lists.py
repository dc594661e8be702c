"""The pages that show all agreements in one table: to search, sort and filter, and side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from clausebook.facts.duties.model import KeyDate
from clausebook.formats.csv_text import csv_file
from clausebook.site.markup import AGREEMENTS, COMPARISON, filled, humane
from clausebook.site.organisations import KnownOrganisation, by_agreement, organisations_of
from clausebook.site.page import Heading, SearchRecord, SitePage
from clausebook.site.row_filters import TableFilters, Words
from clausebook.site.site_entry import SiteEntry, SiteLists
from clausebook.site.steps import STAGES, stage_cell

_COLUMNS = (
    *("Id", "Agreement", "Kind", "Version", "Status", "Stage", "Since", "Organizations", "Industries", "Owner"),
    *("Value", "What the value is", "Governing law", "Regimes", "Ends", "Notice by", "What the notice is"),
)
_INTERNAL_COLUMNS = ("Clauses that depart from the standard", "Findings")

_USUAL = {"organisation": "Organization", "industry": "Industry", "status": "Status"}
"""The filters of every table of agreements, and what each is called."""


class RowFilters(TableFilters):
    """The filters of a table of agreements; see `TableFilters`."""

    def __init__(self, entries: Sequence[SiteEntry], wanted: Mapping[str, str]) -> None:
        known = organisations_of(entries)
        self._mine = by_agreement(known)
        rows = {entry.id: self._words(entry) for entry in entries}
        super().__init__(rows, wanted, {"organisation": {each.name: each.slug for each in known}})

    def organisations(self, entry: SiteEntry) -> Sequence[KnownOrganisation]:
        """Return the organisations of an agreement."""
        return self._mine.get(entry.id, [])

    def marks(self, entry: SiteEntry) -> Iterator[tuple[str, str]]:
        """Yield by what the row of an agreement is found."""
        return self.marks_of(entry.id)

    def _words(self, entry: SiteEntry) -> Words:
        return {
            "organisation": [each.name for each in self.organisations(entry)],
            "industry": [each.industry for each in entry.organisations if each.industry],
            "status": [each for each in _statuses(entry) if each],
            "kind": [entry.kind] if entry.kind else [],
            "regime": entry.glance.regimes,
            "owner": [entry.glance.owner.name] if entry.glance.owner else [],
            "clause": [use.library_clause for use in entry.uses],
        }


def agreements_page(lists: SiteLists) -> SitePage:
    """Return the table of all agreements, and the spreadsheet beside it."""
    more = {"kind": "Kind", "regime": "Regime", "owner": "Owner"} | (
        {"clause": "Clause used"} if lists.internal else {}
    )
    body = filled(
        "agreements",
        path=AGREEMENTS,
        agreements=lists.entries,
        internal=lists.internal,
        filters=RowFilters(lists.entries, _USUAL | more),
        stage_cell=stage_cell,
        STAGES=STAGES,
        COMPARISON=COMPARISON,
    )
    top, search = Heading("Agreements", "page_title", 1), SearchRecord("", "Agreements")
    rows: Iterator[Sequence[str]] = map(_row, lists.entries)
    columns: tuple[str, ...] = _COLUMNS
    if lists.internal:
        columns += _INTERNAL_COLUMNS
        rows = ((*_row(each), str(each.deviations), each.findings) for each in lists.entries)
    files = {"agreements.csv": csv_file(columns, rows)}
    return SitePage(AGREEMENTS, "Agreements", body, "All agreements.", (top,), (search,), listed=True, files=files)


def comparison_page(lists: SiteLists) -> SitePage:
    """Return the table of the terms that types compare, of all agreements side by side."""
    there = [each for each in lists.entries if each.glance.compared]
    titles = {term.id: term.title for entry in there for term in entry.glance.compared}
    cells = {entry.id: {term.id: term for term in entry.glance.compared} for entry in there}
    filters = RowFilters(there, _USUAL | {"kind": "Kind"})
    body = filled("comparison", path=COMPARISON, agreements=there, titles=titles, cells=cells, filters=filters)
    rows = [
        (entry.id, entry.title, *(cells[entry.id][name].shown if name in cells[entry.id] else "" for name in titles))
        for entry in there
    ]
    files = {"comparison.csv": csv_file(("Id", "Agreement", *titles.values()), rows)}
    search = (SearchRecord("", "Comparison", tuple(titles.values())),)
    top = (Heading("Comparison", "page_title", 1),)
    return SitePage(COMPARISON, "Comparison", body, "Terms side by side.", top, search, listed=True, files=files)


def _statuses(entry: SiteEntry) -> tuple[str, ...]:
    if entry.broken:
        return ("Cannot be built",)
    return humane(entry.status), STAGES.get(entry.stage, "")


def _row(entry: SiteEntry) -> Sequence[str]:
    seen = entry.glance
    return (
        *(entry.id, entry.title, entry.kind, entry.version, humane(entry.status)),
        *(STAGES[entry.stage] if entry.stage else "", entry.since),
        _each_once(one.legal_name for one in entry.organisations),
        _each_once(one.industry for one in entry.organisations),
        seen.owner.name if seen.owner else "",
        *((seen.value.shown, seen.value.title) if seen.value else ("", "")),
        seen.law.shown if seen.law else "",
        "; ".join(seen.regimes),
        _day(seen.ends),
        _day(seen.notice),
        seen.notice.title if seen.notice else "",
    )


def _each_once(said: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, said)))


def _day(date: KeyDate | None) -> str:
    return date.day or "open" if date else ""
