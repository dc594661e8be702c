"""What the templates of reports speak of: the facts of an agreement, its results and evidence, and the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from clausebook.facts.duties.deal_duties import slug
from clausebook.facts.duties.moments import called
from clausebook.facts.periods import Period
from clausebook.findings.model import Locate
from clausebook.records.results_files import MetricResult

MEASURED = "metrics"
"""The table of facts that lists what is measured, with the columns name, target, direction and whatever else."""

_LEAVING: Mapping[str, Any] = {
    "id": True, "title": True, "type": True, "version": True, "text": True, "signed": True,
    "parties": True,
    "dates": {"id": True, "title": True, "day": True, "reckoning": True, "waits": True, "place": True},
}  # fmt: skip
"""What of the facts may be told to the other side: what both have signed. An allow-list, as in `document.outgoing`."""

_OCCURRENCE = ("reference", "duty", "kind", "parties", "what", "place", "due", "waits", "reckoning", "state")
_CLOSED = ("outcome", "on")
_PAYMENT = ("closes", "on", "amount", "currency", "what", "place")
INSIDE = ("/journal", "/evidence")
"""What tables can tell beside the deal, and the other side is not told."""

Cell = Mapping[str, str]
"""A cell of a table of facts: its `value` for programs, as it is `shown`, its `kind`, and the `pointer` to the data."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What reports on an agreement are made from.

    `facts` are its facts/1 and `tables` the rows of those by column, `deal` the data of the contract, `path` and
    `locate` its file. `payments` are the evidence of payments, by what it closes, `journal` is what the journal tells;
    `places` tell how each clause and labelled item is cited, by its anchor. `ending` ends the names of the files.
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
    journal: Mapping[str, Any] = field(default_factory=dict)
    places: Sequence[Mapping[str, str]] = ()
    outward: bool = False
    ending: str = ""


def report_data(given: ReportFacts, entry: Mapping[str, Any] | None, obligation: str) -> dict[str, Any]:
    """Return the data of a report's templates; of one for the other side, nothing that is not on the allow-list.

    `entry` is the item of the deal that it is written for, `obligation` the one by which it is owed.
    """
    facts = given.facts
    told = _only(facts, _LEAVING) if given.outward else facts
    data: dict[str, Any] = {
        "title": facts["title"],
        "version": facts["version"],
        "status": "",
        "parties": given.deal["parties"],
        "signatures": [],
        "deal": given.deal,
        "facts": {**told, "dates": [_dated(each) for each in told.get("dates", ())]},
        "as_of": given.as_of,
        "outward": given.outward,
        "terms": [each for each in facts.get("terms", ()) if _leaves(each, given)],
        "tables": {name.replace("-", "_"): [_shown(row, given) for row in rows] for name, rows in given.tables.items()},
        "occurrences": (rows := list(_occurrences(facts, given))),
        "metrics": list(_metrics(given)),
        "payments": [_payment(each, rows, given) for each in given.payments],
        "journal": {} if given.outward else given.journal,
        "places": list(given.places),
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
        data["entry"] = entry
        if obligation and given.period:
            data["owed"] = _owed(data["occurrences"], obligation, str(entry.get("title", "")), given.period)
    return data


def _dated(date: Mapping[str, Any]) -> dict[str, Any]:
    return {**date, "waits": list(map(called, date.get("waits", ())))}


def _only(value: Any, allowed: Any) -> Any:
    if allowed is True:
        return value
    if isinstance(value, Mapping):
        return {name: _only(value[name], inside) for name, inside in allowed.items() if name in value}
    return [_only(each, allowed) for each in value]


def _occurrences(facts: Mapping[str, Any], given: ReportFacts) -> Iterator[dict[str, Any]]:
    """Yield what is or was due, the earliest first: a row an occurrence, with the words of its duty.

    Its state is `closed`, `overdue`, `due`, `open` (it waits for events), `standing` (it is owed throughout), or
    `unsigned`, while nothing is owed.
    """
    rows: list[dict[str, Any]] = []
    for duty in facts.get("duties", ()):
        told = {name: duty[name] for name in ("kind", "parties", "what", "place") if name in duty}
        for each in duty.get("occurrences", ()) or ({"reference": duty["id"]},):
            row = {"duty": duty["id"], **told, **each, "state": _state(each, given)}
            row["waits"] = list(map(called, each.get("waits", ())))
            rows.append({name: value for name, value in row.items() if value not in (None, "", [])})
    for row in sorted(rows, key=lambda row: (row.get("due") or "9999", row["reference"])):
        if given.outward:
            closed = row.get("closed", {})
            row = {name: row[name] for name in _OCCURRENCE if name in row}
            row |= {"closed": {name: closed[name] for name in _CLOSED if name in closed}} if closed else {}
        yield row


def _state(occurrence: Mapping[str, Any], given: ReportFacts) -> str:
    due = occurrence.get("due") or ""
    if occurrence.get("closed"):
        return "closed"
    if not due:
        return "open" if occurrence.get("waits") else "standing"
    if not given.facts.get("signed", True):
        return "unsigned"
    return "overdue" if due < given.as_of else "due"


def _shown(row: Mapping[str, Cell], given: ReportFacts) -> dict[str, str]:
    return {name: cell["shown"] for name, cell in row.items() if cell.get("shown") and _leaves(cell, given)}


def _leaves(cell: Cell, given: ReportFacts) -> bool:
    pointer = cell.get("pointer", "")
    return not given.outward or bool(pointer and not pointer.startswith(INSIDE))


def _metrics(given: ReportFacts) -> Iterator[dict[str, Any]]:
    """Yield the metrics of the agreement with their results up to the end of the period, or the day of the report.

    `standing` is `met`, `not-met`, `no-target` or, where the period has no result, `no-result`; `missed` counts the
    results in a row, the newest last, that do not reach the target.
    """
    until = min(given.period.last, given.as_of) if given.period else given.as_of
    for cells in given.tables.get(MEASURED, ()):
        if "name" not in cells or not _leaves(cells["name"], given):
            continue
        metric = {name: _plain(cell) for name, cell in cells.items() if _leaves(cell, given)}
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
        target = Decimal(str(metric.get("target", "")))
    except ArithmeticError:
        return None
    return {"decrease": value <= target, "maintain": value == target}.get(
        str(metric.get("direction", "")), value >= target
    )


def _plain(cell: Cell) -> str | bool:
    return cell["value"] == "true" if cell.get("kind") == "flag" else cell["value"]


def _cited(slot: str, given: ReportFacts) -> str:
    return next((str(each["cite"]) for each in given.places if each["id"] == slot), "")


def _payment(each: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], given: ReportFacts) -> dict[str, Any]:
    """Return evidence of a payment, with the words and the place of the duty that it closes."""
    closes = next((row for row in rows if row["reference"] == each.get("closes")), {})
    row = {**each, **{name: closes[name] for name in ("what", "place", "parties") if name in closes}}
    told = _PAYMENT if given.outward else row
    kept = {name: row[name] for name in told if row.get(name) not in (None, "")}
    return kept | {"in_period": bool(given.period and given.period.holds(str(each.get("on", ""))))}


def _owed(rows: Sequence[Mapping[str, Any]], obligation: str, title: str, period: Period) -> dict[str, Any]:
    """Return the occurrence by which a report on a period is owed: the first that is due after the period ends."""
    mine = (row for row in rows if row["duty"] in (obligation, f"{obligation}/{slug(title)}"))
    return next((dict(row) for row in mine if row.get("due", "") > period.last), {})
