"""The page for executives: what agreements are worth, how they do, what they risk, and what is to be decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebook.facts.metrics.watching import STATES, MetricState
from clausebook.findings.report import counted
from clausebook.repository.confined import belongs_to
from clausebook.site.markup import EXECUTIVES, filled, headings
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.portfolio import Needed, decisions, worth
from clausebook.site.portfolio_charts import currencies, value_figures
from clausebook.site.site_entry import MetricEntry, SiteEntry, SiteLists

MOST_LISTED = 200
"""Rows of each table of the page; the lists that it leads to have all."""

_WORST_FIRST: tuple[MetricState, ...] = ("missed", "at-risk", "on-track", "met", "no-data")
_RESULTS: Mapping[str, str] = {state: STATES[state] for state in _WORST_FIRST}


@dataclass(frozen=True, slots=True)
class Risk:
    """What an agreement risks, and `why`; `name` is what risks of its kind are called."""

    entry: SiteEntry
    name: str
    what: str
    why: str = ""


def executives_page(lists: SiteLists) -> SitePage:
    """Return the page for executives."""
    there = [each for each in lists.entries if not each.broken]
    wanted, risks = list(_wanted(there, internal=lists.internal)), list(_risks(lists))
    measured = [(entry, _counts(entry)) for entry in there if any(map(_measured, entry.metrics))]
    measured.sort(key=lambda found: [-found[1][state] for state in _RESULTS])
    misses = [(entry, each) for entry, _ in measured for each in entry.metrics if each.state == "missed"]
    states = sum((counts for _, counts in measured), Counter[str]())
    body = filled(
        "executives",
        path=EXECUTIVES,
        counts=[
            *((name, ", ".join(sums), "") for name, sums in worth(there).items() if sums),
            ("Decisions wanted", f"{len(wanted):,}", ""),
            *((f"Targets {name}", f"{states[each]:,}", "") for each, name in _RESULTS.items() if each != "no-data"),
        ],
        wanted=wanted[:MOST_LISTED],
        measured=measured[:MOST_LISTED],
        misses=misses[:MOST_LISTED],
        risks=risks[:MOST_LISTED],
        more=[len(each) - MOST_LISTED for each in (wanted, measured, misses, risks)],
        values=[(currency, list(value_figures(there, currency, _VALUES))) for currency in currencies(there)],
        internal=lists.internal,
        RESULTS=_RESULTS,
    )
    said = ("value of the portfolio", "results against goals", "risks", "decisions wanted", "approvals")
    about = "Value, results against goals, risks, and decisions wanted, of all agreements."
    search = (SearchRecord("", "Overview for executives", said),)
    return SitePage(EXECUTIVES, "Executives", body, about, headings(body), search, listed=True)


_VALUES = ("partner", "industry", "status")


def _wanted(entries: Sequence[SiteEntry], *, internal: bool) -> list[Needed]:
    """Return the decisions wanted: those that have a day first, in its order, then those that wait already."""
    dated = [
        Needed(notice.day, each, f"Renew it, or let it end: {notice.title[:1].lower()}{notice.title[1:]}")
        for each in entries
        if each.glance.signed and (notice := each.glance.notice) and notice.day
    ]
    gates = [
        Needed("", each, f"Go on, now that the gate is open: {gate.behind}")
        for each in entries
        for gate in each.metrics
        if gate.behind and gate.state == "open"
    ]
    return [*sorted(dated, key=lambda each: (each.day, each.entry.id)), *decisions(entries, internal=internal), *gates]


def _risks(lists: SiteLists) -> Iterator[Risk]:
    """Yield what agreements risk: words that leave liability open, errors, approvals that lack, gates that are shut."""
    there = {each.id: each for each in lists.entries}
    for entry in there.values():
        yield from (Risk(entry, "Liability", words) for words in entry.glance.risks)
    errors = Counter(belongs_to(each.path) for each in lists.wrong)
    for name, count in sorted(errors.items()):
        if name in there:
            yield Risk(there[name], "Cannot be signed", f"{counted(count, 'error')} to mend first")
    for entry in there.values():
        for each in entry.awaited if lists.internal else ():
            if each.kind == "clause":
                what = f"{counted(each.count, 'clause')} in words that nobody has approved"
                yield Risk(entry, "Departs from standard", what, f"Waits for the {each.office}")
    for entry in there.values():
        for gate in _shut(entry.metrics):
            yield Risk(entry, "Gate shut", gate.behind, gate.reckoning)


def _shut(metrics: Iterable[MetricEntry]) -> Iterator[MetricEntry]:
    """Yield the gates that a measured value keeps shut; of what is not measured yet, nobody knows."""
    return (each for each in metrics if each.behind and each.state == "shut")


def _measured(each: MetricEntry) -> bool:
    return not each.behind and bool(each.value)


def _counts(entry: SiteEntry) -> Counter[str]:
    return Counter(each.state for each in entry.metrics if not each.behind)
