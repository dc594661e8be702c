"""The metrics of an agreement, held against what was measured: gathered from its facts, results and journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from clausebook.assemble.citing import citations
from clausebook.facts.agreement_facts import AgreementFacts
from clausebook.facts.metrics.gates import WatchedGate, gates_in, served_by, watched_gates
from clausebook.facts.metrics.watching import STATES, Metric, WatchedMetric, watched
from clausebook.facts.report_data import MEASURED
from clausebook.facts.spark.partnerships import steps_told
from clausebook.findings.model import Finding
from clausebook.project.project import Project
from clausebook.records.results_files import results_of


@dataclass(frozen=True, slots=True)
class AgreementMetrics:
    """Where the metrics and gates of an agreement stand on a day, ISO 8601, "" where no day is asked for or known.

    `later` counts results of days after it; `findings` say what is wrong with the file of results.
    """

    id: str
    title: str
    signed: bool
    as_of: str
    metrics: tuple[WatchedMetric, ...]
    gates: tuple[WatchedGate, ...]
    later: int = 0
    findings: tuple[Finding, ...] = ()


def agreement_metrics(project: Project, found: AgreementFacts, as_of: str = "") -> AgreementMetrics:
    """Return where the metrics of an agreement stand on a day; without one, on the day of its newest result."""
    deal, journal = found.duties.deal, found.duties.journal
    steps = steps_told(deal.data, journal.spark)
    metrics = list(_metrics(found, steps))
    results, findings = results_of(project.tree, deal.id, [each.name for each in metrics])
    day = as_of or max((each.date for each in results), default="")
    seen = tuple(watched(each, results, day) for each in metrics)
    gates = tuple(watched_gates(tuple(gates_in(steps)), seen))
    later = sum(each.date > day for each in results)
    return AgreementMetrics(deal.id, deal.document.title, found.duties.signed, day, seen, gates, later, findings)


def counted_states(metrics: Iterable[WatchedMetric]) -> str:
    """Return how many metrics are in each state, in words: 3 met, 1 at risk."""
    states = [each.state for each in metrics]
    return ", ".join(f"{states.count(state)} {words}" for state, words in STATES.items() if state in states)


def metrics_data(found: AgreementMetrics) -> dict[str, Any]:
    """Return them as JSON data; numbers are written as in the agreement and its results."""
    return {
        "id": found.id,
        "title": found.title,
        "signed": found.signed,
        "as_of": found.as_of,
        "metrics": [metric_data(each) for each in found.metrics],
        "gates": [
            _told(each.gate, "behind", "metric", "at_least", "at_most", "by", "contract")
            | _told(each, "state", "reckoning")
            for each in found.gates
        ],
    }


def metric_data(each: WatchedMetric) -> dict[str, Any]:
    """Return a metric as JSON data."""
    metric, newest = each.metric, each.newest
    return {
        "metric": metric.name,
        "unit": metric.currency or metric.unit,
        **_told(metric, "baseline", "target", "direction", "period", "start", "by"),
        "on": newest.date if newest else "",
        "value": f"{newest.value:f}" if newest else None,
        **_told(each, "state", "asked", "short", "late", "reckoning", "consequence"),
        **_told(metric, "stage_gate", "owner", "place"),
        "serves": list(metric.serves),
    }


def _told(what: object, *names: str) -> dict[str, Any]:
    found = ((name, getattr(what, name)) for name in names)
    return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in found}


def _metrics(found: AgreementFacts, steps: Mapping[str, Any]) -> Iterator[Metric]:
    table = found.table(MEASURED)
    places = citations(found.duties.deal.document)
    for row in table.rows if table else ():
        said = {term.id.replace("-", "_"): term for term in row}
        value = {name: term.value for name, term in said.items()}
        name = value.get("name", "")
        yield Metric(
            name,
            value.get("unit", ""),
            value.get("currency", ""),
            _number(value.get("baseline", "")),
            _number(value.get("target", "")),
            value.get("direction", ""),
            value.get("every", "") or value.get("period", ""),
            found.day(value.get("from", "")),
            found.day(value.get("until", "")),
            value.get("stage_gate") == "true",
            value.get("consequence", ""),
            said["owner"].shown if "owner" in said else "",
            places.get(value.get("slot", ""), ""),
            value.get("definition", ""),
            served_by(steps, name),
        )


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
