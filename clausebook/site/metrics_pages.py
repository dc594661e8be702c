"""What was measured: a part of each agreement's page, with a chart of each metric, and a page of all agreements."""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from clausebook.facts.metrics.agreement_metrics import AgreementMetrics, counted_states
from clausebook.facts.metrics.gates import GATE_STATES
from clausebook.facts.metrics.watching import STATES, WatchedMetric
from clausebook.formats.csv_text import csv_file
from clausebook.site.charts import DayLine, day_chart
from clausebook.site.markup import METRICS, capital, filled, headings
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.site_entry import MetricEntry, SiteLists

METRICS_PART, _GATES, _CHARTS = "page_metrics", "page_gates", "page_measured"
_WORST = ("missed", "at-risk", "no-data", "on-track", "met", "no-target")
_COLUMNS = ("agreement", "name", "target", "value", "on", "state", "reckoning", "consequence", "behind")

MOST_LISTED = 500
"""What the page of all metrics shows; the spreadsheet beside it has all."""

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
        METRICS_PART=METRICS_PART,
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
        MetricEntry(each.gate.metric, each.state, reckoning=each.said, behind=each.gate.behind)
        for each in watched.gates
    )
    return (*metrics, *gates)


def metrics_page(lists: SiteLists) -> SitePage:
    """Return the page of the metrics and gates of all agreements, what wants somebody first."""
    every = [(entry, each) for entry in lists.entries for each in entry.metrics]
    gates = [(entry, each) for entry, each in every if each.behind]
    metrics = [(entry, each) for entry, each in every if not each.behind]
    metrics.sort(key=lambda found: _WORST.index(found[1].state) if found[1].state in _WORST else len(_WORST))
    states = Counter(each.state for _, each in metrics)
    body = filled(
        "metrics_list",
        path=METRICS,
        metrics=metrics[:MOST_LISTED],
        gates=gates[:MOST_LISTED],
        all=len(every),
        counts=[(words.capitalize(), states[state], "") for state, words in STATES.items() if states[state]],
        STATES=STATES,
        GATE_STATES=GATE_STATES,
    )
    rows = ((entry.id, *(getattr(each, name) for name in _COLUMNS[1:])) for entry, each in every)
    files = {"metrics.csv": csv_file(_COLUMNS, rows)} if every else {}
    search = (SearchRecord("", "Metrics"),)
    return SitePage(METRICS, "Metrics", body, "What was measured.", headings(body), search, listed=True, files=files)


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
    said = f"{capital(each.reckoning)}. The table below has every value."
    return day_chart(f"metric-{number}", f"{metric.name}: {STATES[each.state]}", said, lines)
