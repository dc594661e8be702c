"""The pages that show all agreements in one table: to search, sort and filter, and side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from clausebook.facts.duties.model import KeyDate
from clausebook.formats.csv_text import csv_file
from clausebook.site.markup import AGREEMENTS, COMPARISON, filled, headings, humane
from clausebook.site.organisations import by_agreement, organisations_of
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.row_filters import TableFilters, Words, table_filters
from clausebook.site.site_entry import SiteEntry, SiteLists
from clausebook.site.steps import STAGES, stage_cell

_COLUMNS = (
    *("Id", "Agreement", "Kind", "Version", "Status", "Stage", "Since", "Organizations", "Industries", "Owner"),
    *("Value", "What the value is", "Governing law", "Regimes", "Ends", "Notice by", "What the notice is"),
)
_INTERNAL_COLUMNS = ("Clauses that depart from the standard", "Findings")

_USUAL = {"organisation": "Organization", "industry": "Industry", "status": "Status"}
"""The filters of every table of agreements, and what each is called."""


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
        filters=_filters(lists.entries, _USUAL | more),
        stage_cell=stage_cell,
        STAGES=STAGES,
    )
    search = (SearchRecord("", "Agreements"),)
    rows: Iterator[Sequence[str]] = map(_row, lists.entries)
    columns: tuple[str, ...] = _COLUMNS
    if lists.internal:
        columns += _INTERNAL_COLUMNS
        rows = ((*_row(each), str(each.deviations), each.findings) for each in lists.entries)
    files = {"agreements.csv": csv_file(columns, rows)}
    about = "All agreements."
    return SitePage(AGREEMENTS, "Agreements", body, about, headings(body), search, listed=True, files=files)


def comparison_page(lists: SiteLists) -> SitePage:
    """Return the table of the terms that types compare, of all agreements side by side."""
    there = [each for each in lists.entries if each.glance.compared]
    titles = {term.id: term.title for entry in there for term in entry.glance.compared}
    cells = {entry.id: {term.id: term for term in entry.glance.compared} for entry in there}
    filters = _filters(there, _USUAL | {"kind": "Kind"})
    body = filled("comparison", path=COMPARISON, agreements=there, titles=titles, cells=cells, filters=filters)
    rows = [
        (entry.id, entry.title, *(cells[entry.id][name].shown if name in cells[entry.id] else "" for name in titles))
        for entry in there
    ]
    files = {"comparison.csv": csv_file(("Id", "Agreement", *titles.values()), rows)}
    search = (SearchRecord("", "Comparison", tuple(titles.values())),)
    about = "Terms side by side."
    return SitePage(COMPARISON, "Comparison", body, about, headings(body), search, listed=True, files=files)


def _filters(entries: Sequence[SiteEntry], wanted: Mapping[str, str]) -> TableFilters:
    known = organisations_of(entries)
    mine = by_agreement(known)
    rows: Mapping[str, Words] = {
        entry.id: {
            "organisation": [each.name for each in mine.get(entry.id, ())],
            "industry": [each.industry for each in entry.organisations if each.industry],
            "status": [each for each in _statuses(entry) if each],
            "kind": [entry.kind] if entry.kind else [],
            "regime": entry.glance.regimes,
            "owner": [entry.glance.owner.name] if entry.glance.owner else [],
            "clause": [use.library_clause for use in entry.uses],
        }
        for entry in entries
    }
    return table_filters(rows, wanted, {"organisation": {each.name: each.slug for each in known}})


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
