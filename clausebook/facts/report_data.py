"""What the templates of reports speak of: the facts of an agreement, its results and evidence, and the day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from clausebook.facts.duties.duty_names import slug
from clausebook.facts.duties.moments import called
from clausebook.facts.metrics.watching import reaches
from clausebook.facts.periods import Period
from clausebook.findings.model import Locate
from clausebook.language.filters import date_in_words
from clausebook.records.results_files import MetricResult
from clausebook.validate.value_formats import is_date

MEASURED = "metrics"
"""The table of facts that lists what is measured, with the columns name, target, direction and whatever else."""

_LEAVING: Mapping[str, Any] = {
    "id": True, "title": True, "type": True, "version": True, "text": True, "signed": True,
    "parties": True,
    "dates": {"id": True, "title": True, "day": True, "reckoning": True, "waits": True, "place": True},
}  # fmt: skip
"""What of the facts may be told to the other side: what both have signed. An allow-list, as in `document.outgoing`."""

_OCCURRENCE = (
    "reference",
    "duty",
    "kind",
    "parties",
    "what",
    "place",
    "due",
    "waits",
    "reckoning",
    "state",
    "opens",
    "closes",
)
_CLOSED = ("outcome", "on")
_PAYMENT = ("closes", "on", "amount", "currency", "what", "place")
_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")

Cell = Mapping[str, str]
"""A cell of a table of facts: its `value` for programs, as it is `shown`, its `kind`, and the `pointer` to the data."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What reports on an agreement are made from.

    `facts` are its facts/1 and `tables` the rows of those by column, `deal` the data of the contract, `path` and
    `locate` its file. `payments` are the evidence of payments, by what it closes, `journal` is what the journal tells;
    `places` tell how each clause and labelled item is cited, by its anchor. `ending` ends the names of the files.
    Of a partnership there are its `steps`, with their `shapes`, and no more than title and parties otherwise.
    """

    id: str
    path: str
    locate: Locate
    facts: Mapping[str, Any]
    deal: Mapping[str, Any]
    as_of: str
    tables: Mapping[str, Sequence[Mapping[str, Cell]]] = field(default_factory=dict)
    period: Period | None = None
    results: Sequence[MetricResult] = ()
    results_path: str = ""
    payments: Sequence[Mapping[str, Any]] = ()
    journal: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    places: Sequence[Mapping[str, str]] = ()
    outward: bool = False
    ending: str = ""
    steps: Mapping[str, Any] = field(default_factory=dict)
    shapes: Mapping[str, Any] = field(default_factory=dict)


def report_data(given: ReportFacts, entry: Mapping[str, Any] | None, obligation: str, language: str) -> dict[str, Any]:
    """Return the data of a report's templates; of one for the other side, nothing that is not on the allow-list.

    `entry` is the item of the deal that it is written for, `obligation` the one by which it is owed, `language` that of
    its words.
    """
    facts = given.facts
    told = allowed(facts, _LEAVING) if given.outward else facts
    rows = list(_occurrences(facts, given, language))
    owed: Mapping[str, Any] = {}
    if entry is not None and obligation and given.period:
        owed = _owed(rows, obligation, str(entry.get("title", "")), given.period)
        # The periods of the agreement may begin on another day than those of the calendar.
        if "closes" in owed:
            given = replace(given, period=replace(given.period, first=owed["opens"], last=owed["closes"]))
    data: dict[str, Any] = {
        "title": facts["title"],
        "version": facts["version"],
        "status": "",
        "parties": given.deal["parties"],
        "signatures": [],
        "deal": given.deal,
        "facts": {**told, "dates": [_said(each, language) for each in told.get("dates", ())]},
        "as_of": given.as_of,
        "outward": given.outward,
        "terms": facts.get("terms", []),
        "tables": {name.replace("-", "_"): [_shown(row) for row in rows] for name, rows in given.tables.items()},
        "occurrences": rows,
        "metrics": list(_metrics(given)),
        "payments": [_payment(each, rows, given) for each in given.payments if _by_then(each, given)],
        "journal": {} if given.outward else {name: _known(rows, given) for name, rows in given.journal.items()},
        "places": list(given.places),
        "steps": given.steps,
        "files": {} if given.outward else {"agreement": given.path, "results": given.results_path},
    }
    if given.period:
        data["period"] = {
            "name": given.period.name.replace("_", "–"),
            "kind": given.period.kind,
            "first": given.period.first,
            "last": given.period.last,
        }
    if entry is not None:
        data |= {"entry": entry, "owed": owed}
    return data


def allowed(value: Any, told: Any) -> Any:
    """Return what an allow-list lets through: True for all, or names of properties, also of those of a list's items."""
    if told is True:
        return value
    if isinstance(value, Mapping):
        return {name: allowed(value[name], inside) for name, inside in told.items() if name in value}
    return [allowed(each, told) for each in value] if isinstance(value, list | tuple) else []


def _said(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what falls on a day with its arithmetic as people read it: days and events in words."""

    def day(found: re.Match[str]) -> str:
        return date_in_words(found[0], language) if is_date(found[0]) else found[0]

    words = _DAY.sub(day, row.get("reckoning") or "")
    return {**row, "reckoning": words, "waits": list(map(called, row.get("waits") or ()))}


def _occurrences(facts: Mapping[str, Any], given: ReportFacts, language: str) -> Iterator[dict[str, Any]]:
    """Yield what is or was due, the earliest first: a row an occurrence, with the words of its duty.

    Its state is `closed`, `overdue`, `over` (it lapsed with its day), `due`, `open` (it waits for events),
    `standing` (it is owed throughout), or `unsigned`, while nothing is owed.
    """
    rows: list[dict[str, Any]] = []
    for duty in facts.get("duties", ()):
        told = {name: duty[name] for name in ("kind", "parties", "what", "place") if name in duty}
        late = "over" if duty.get("lapses") else "overdue"
        for each in duty.get("occurrences", ()) or ({"reference": duty["id"]},):
            each = {**each, "closed": _by_then(each.get("closed"), given)}
            row = {"duty": duty["id"], **told, **_said(each, language), "state": _state(each, given, late)}
            rows.append({name: value for name, value in row.items() if value not in (None, "", [])})
    for row in sorted(rows, key=lambda row: (row.get("due") or "9999", row["reference"])):
        if given.outward:
            closed = row.get("closed", {})
            row = {name: row[name] for name in _OCCURRENCE if name in row}
            row |= {"closed": {name: closed[name] for name in _CLOSED if name in closed}} if closed else {}
        yield row


def _by_then(told: Mapping[str, Any] | None, given: ReportFacts) -> Mapping[str, Any] | None:
    """Return what was on record on the day of the report, None if it came later."""
    return told if told and str(told.get("on", "")) <= given.as_of else None


def _state(occurrence: Mapping[str, Any], given: ReportFacts, late: str) -> str:
    due = occurrence.get("due") or ""
    if occurrence.get("closed"):
        return "closed"
    if not due:
        return "open" if occurrence.get("waits") else "standing"
    if not given.facts.get("signed", True):
        return "unsigned"
    return late if due < given.as_of else "due"


def _metrics(given: ReportFacts) -> Iterator[dict[str, Any]]:
    """Yield the metrics of the agreement with their results up to the end of the period, or the day of the report.

    `standing` is `met`, `not-met`, `no-target` or, where the period has no result, `no-result`; `missed` counts the
    results in a row, the newest last, that do not reach the target.
    """
    until = min(given.period.last, given.as_of) if given.period else given.as_of
    for cells in given.tables.get(MEASURED, ()):
        metric = {name: _plain(cell) for name, cell in cells.items()}
        mine = [each for each in given.results if each.metric == metric["name"] and each.date <= until]
        mine.sort(key=lambda each: (each.date, each.line))
        place = _cited(cells["slot"]["value"] if "slot" in cells else "", given)
        row: dict[str, Any] = {**metric, "place": place, "pointer": cells["name"].get("pointer", "").rpartition("/")[0]}
        newest = mine[-1] if mine else None
        current = newest if newest and (not given.period or given.period.holds(newest.date)) else None
        shown = current or newest
        if shown:
            row |= {"on": shown.date, "value": f"{shown.value:f}"}
            if not given.outward:
                row |= {"note": shown.note, "line": str(shown.line)}
        if current and len(mine) > 1:
            row["before"] = {"on": mine[-2].date, "value": f"{mine[-2].value:f}"}
        reached = [_reaches(each.value, metric) for each in mine]
        row["standing"] = (
            "no-result" if current is None else {True: "met", False: "not-met", None: "no-target"}[reached[-1]]
        )
        row["missed"] = next((n for n, each in enumerate(reversed(reached)) if each is not False), len(reached))
        yield {name: value for name, value in row.items() if value not in (None, "")}


def _reaches(value: Decimal, metric: Mapping[str, Any]) -> bool | None:
    """Tell whether a value reaches the target of a metric; None if it has none that is a number."""
    try:
        return reaches(value, Decimal(str(metric.get("target", ""))), str(metric.get("direction", "")))
    except ArithmeticError:
        return None


def _shown(row: Mapping[str, Cell]) -> dict[str, str]:
    return {name: cell["shown"] for name, cell in row.items() if cell.get("shown")}


def _plain(cell: Cell) -> str | bool:
    return cell["value"] == "true" if cell.get("kind") == "flag" else cell["value"]


def _cited(slot: str, given: ReportFacts) -> str:
    return next((str(each["cite"]) for each in given.places if each["id"] == slot), "")


def _known(entries: Sequence[Mapping[str, Any]], given: ReportFacts) -> list[Mapping[str, Any]]:
    return [each for each in entries if _by_then(each, given)]


def _payment(each: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], given: ReportFacts) -> dict[str, Any]:
    """Return evidence of a payment, with the words and the place of the duty that it closes."""
    closes = next((row for row in rows if row["reference"] == each.get("closes")), {})
    row = {**each, **{name: closes[name] for name in ("what", "place", "parties") if name in closes}}
    told = _PAYMENT if given.outward else row
    kept = {name: row[name] for name in told if row.get(name) not in (None, "")}
    return kept | {"in_period": bool(given.period and given.period.holds(str(each.get("on", ""))))}


def _owed(rows: Sequence[Mapping[str, Any]], obligation: str, title: str, period: Period) -> Mapping[str, Any]:
    """Return the occurrence by which a report on a period is owed: that of its own period which ends in this one.

    Where it is owed for no period, it is the first that is due after this one.
    """
    mine = [row for row in rows if row["duty"] in (obligation, f"{obligation}/{slug(title)}")]
    ending = (row for row in mine if period.holds(row.get("closes", "")))
    later = (row for row in mine if "closes" not in row and row.get("due", "") > period.last)
    return next(ending, None) or next(later, {})
