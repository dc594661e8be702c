"""The part of an agreement's page that tells what was measured: a table, its gates, and a chart of each metric."""

from __future__ import annotations

from markupsafe import Markup

from clausebook.facts.metrics.agreement_metrics import AgreementMetrics, counted_states
from clausebook.facts.metrics.gates import GATE_STATES
from clausebook.facts.metrics.watching import STATES, WatchedMetric
from clausebook.site.charts import DayLine, day_chart
from clausebook.site.markup import filled
from clausebook.site.site_entry import MetricEntry

METRICS = "page_metrics"
_GATES, _CHARTS = "page_gates", "page_measured"

MOST_SHOWN = 60
"""Results of a metric in its chart and its table, the newest; the file of results has all."""


def metrics_part(watched: AgreementMetrics, path: str) -> str:
    """Return the part, "" for an agreement without metrics; `path` is where the page is written."""
    if not watched.metrics:
        return ""
    measured = [each for each in watched.metrics if each.results]
    return filled(
        "metrics",
        path=path,
        watched=watched,
        counts=counted_states(watched.metrics),
        paths=any(each.asked is not None for each in measured),
        charts=[
            (each, _drawn(each, number), each.results[: -MOST_SHOWN - 1 : -1])
            for number, each in enumerate(measured, 1)
        ],
        STATES=STATES,
        GATE_STATES=GATE_STATES,
        METRICS=METRICS,
        GATES=_GATES,
        CHARTS=_CHARTS,
    )


def metric_entries(watched: AgreementMetrics) -> tuple[MetricEntry, ...]:
    """Return what lists show of the metrics of an agreement, and of its gates."""
    metrics = (
        MetricEntry(
            each.metric.name,
            each.state,
            each.metric.aim,
            each.metric.figure(each.newest.value) if each.newest else "",
            each.newest.date if each.newest else "",
            each.reckoning,
            each.consequence,
        )
        for each in watched.metrics
    )
    gates = (
        MetricEntry(each.gate.metric, each.state, reckoning=each.reckoning, behind=each.gate.behind)
        for each in watched.gates
    )
    return (*metrics, *gates)


def _drawn(each: WatchedMetric, number: int) -> Markup:
    metric, shown = each.metric, each.results[-MOST_SHOWN:]
    measured = [(one.date, one.value) for one in shown]
    path = []
    if each.asked is not None and metric.baseline is not None and metric.target is not None:
        path = [(metric.start, metric.baseline), (metric.by, metric.target)]
    first, last = min(measured + path)[0], max(measured + path)[0]
    target = [] if metric.target is None else [(first, metric.target), (last, metric.target)]
    lines = [
        DayLine("path", path),
        DayLine("target", target),
        DayLine("measured", measured),
        DayLine("measured", measured, dots=True),
    ]
    said = f"{each.reckoning[:1].upper()}{each.reckoning[1:]}. The table below has every value."
    return day_chart(f"metric-{number}", f"{metric.name}: {STATES[each.state]}", said, lines)
