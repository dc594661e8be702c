"""Gates: what must be measured before a partnership grows, and whether it was. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from clausebook.facts.metrics.watching import WatchedMetric, reaches
from clausebook.language.filters import date_in_words
from clausebook.validate.value_formats import is_date

GateState = Literal["open", "shut", "no-data"]

GATE_STATES: Mapping[GateState, str] = {"open": "open", "shut": "shut", "no-data": "shut: no data"}
"""What each state is called: a gate that nothing was measured for lets nobody through."""

_NEXT = "the next stage of the agreement"
_FIRST: tuple[GateState, ...] = ("shut", "no-data", "open")
GATE, METRIC, METRICS = "gate", "metric", "metrics"
"""What data of the steps call a gate, its metric, and the metrics that a goal names."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What lies behind a gate, and what opens it: a value of at least or at most so much, or else the target.

    `contract` tells that the agreement itself sets it, as a stage gate; `by` is the ISO day until which the step is
    planned, or "".
    """

    behind: str
    metric: str
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    by: str = ""
    contract: bool = False


@dataclass(frozen=True, slots=True)
class WatchedGate:
    """A gate, and whether the newest result opens it; `reckoning` says why."""

    gate: Gate
    state: GateState
    reckoning: str

    @property
    def said(self) -> str:
        """The reckoning with the name of the metric."""
        return self.reckoning if self.gate.contract else f"{self.gate.metric}: {self.reckoning}"


def gates_in(steps: Mapping[str, Any]) -> Iterator[Gate]:
    """Yield the gates of a partnership's steps: whichever item of theirs has one, in the order of the data."""
    for item in _items(steps):
        gate = item.get(GATE)
        if isinstance(gate, Mapping) and isinstance(gate.get(METRIC), str):
            said = [each for each in item.values() if isinstance(each, str)]
            behind = ", ".join(each for each in said if not is_date(each))
            by = next(filter(is_date, said), "")
            yield Gate(behind, gate[METRIC], _number(gate, "at_least"), _number(gate, "at_most"), by)


def served_by(steps: Mapping[str, Any], metric: str) -> tuple[str, ...]:
    """Return the goals of ours that a metric serves: those of a partnership's steps that name it among `metrics`."""
    return tuple(
        str(item.get("ours", ""))
        for item in _items(steps)
        if isinstance(item.get(METRICS), list) and metric in item[METRICS] and item.get("ours")
    )


def watched_gates(gates: Sequence[Gate], metrics: Sequence[WatchedMetric]) -> Iterator[WatchedGate]:
    """Yield each gate with its state: those that are planned, then that of the agreement, made of all stage gates."""
    known = {each.metric.name: each for each in metrics}
    for gate in gates:
        yield _judged(gate, known.get(gate.metric))
    staged = [_judged(Gate("", each.metric.name), each) for each in metrics if each.metric.stage_gate]
    if staged:
        states = [each.state for each in staged]
        state = next((each for each in _FIRST if each in states), states[0])
        names = "; ".join(each.gate.metric for each in staged)
        yield WatchedGate(Gate(_NEXT, names, contract=True), state, "; ".join(each.said for each in staged))


def _judged(gate: Gate, found: WatchedMetric | None) -> WatchedGate:
    if found is None:
        return WatchedGate(gate, "no-data", f"the agreement has no metric “{gate.metric}”")
    metric, newest = found.metric, found.newest
    wanted = [
        f"{words} {metric.figure(bound)}"
        for words, bound in (("at least", gate.at_least), ("at most", gate.at_most))
        if bound is not None
    ]
    asks = " and ".join(wanted) or metric.aim
    if not asks:
        return WatchedGate(gate, "no-data", "neither the gate nor the metric names a value")
    if newest is None:
        return WatchedGate(gate, "no-data", f"it opens with {asks}; no result")
    value = newest.value
    fits = (gate.at_least is None or value >= gate.at_least) and (gate.at_most is None or value <= gate.at_most)
    if not wanted and metric.target is not None:
        fits = reaches(value, metric.target, metric.direction)
    said = f"it opens with {asks}; {metric.figure(value)} on {date_in_words(newest.date, 'en-US')}"
    return WatchedGate(gate, "open" if fits else "shut", said)


def _number(gate: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(str(gate[name])) if name in gate else None


def _items(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _items(each)
