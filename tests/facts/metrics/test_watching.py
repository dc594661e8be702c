"""Where a metric stands: every state with its arithmetic, as cases that a reader can check with a pencil."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from clausebook.facts.metrics.gates import gates_in, served_by, watched_gates
from clausebook.facts.metrics.watching import Metric, number_in_words, watched
from clausebook.records.results_files import MetricResult

CASES = Path(__file__).resolve().parents[2] / "cases" / "metrics"


def cases(name: str) -> list[Any]:
    told = YAML(typ="safe").load((CASES / name).read_text(encoding="utf-8"))
    return [pytest.param(each, id=each["case"]) for each in told]


def result(day: object, value: object, line: int = 2) -> MetricResult:
    return MetricResult(str(day), "Score", Decimal(str(value)), line)


def metric(**said: Any) -> Metric:
    numbers = {name: Decimal(str(said.pop(name))) for name in ("baseline", "target") if name in said}
    days = {name: str(said.pop(name)) for name in ("start", "by") if name in said}
    return Metric("Score", **numbers, **days, **said)


@pytest.mark.parametrize("case", cases("states.yaml"))
def test_a_metric_stands_where_the_pencil_says(case: dict[str, Any]) -> None:
    results = [result(*each, line=line) for line, each in enumerate(case["results"], 2)]
    found = watched(
        metric(**case["metric"]), [*results, MetricResult("2020-01-01", "Other", Decimal(9), 9)], str(case["as_of"])
    )
    assert found.state == case["state"]
    assert case.get("says", "") in found.reckoning
    if "asked" in case:
        assert str(found.asked) == case["asked"]
    for name in ("short", "late", "consequence"):
        assert getattr(found, name) == case.get(name, getattr(found, name)), name


@pytest.mark.parametrize("case", cases("gates.yaml"))
def test_a_gate_is_opened_by_what_was_measured_alone(case: dict[str, Any]) -> None:
    score = metric(target=60, unit="points", stage_gate=case.get("stage_gate", False))
    results = [result("2027-06-30", case["value"])] if "value" in case else []
    steps = _plain(case["steps"])
    found = list(watched_gates(tuple(gates_in(steps)), [watched(score, results, "2027-06-30")]))
    assert [(each.state, each.gate.behind) for each in found] == [(state, behind) for state, behind, _ in case["gates"]]
    for each, (_, _, says) in zip(found, case["gates"], strict=True):
        assert says in each.reckoning
    assert [each.gate.by for each in found if each.gate.by] == ["2028-06-30"] * ("2028-06-30" in str(steps))


def _plain(value: Any) -> Any:
    """Return data as the program has it: days are text."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, int | str) else str(value)


def test_a_metric_serves_the_goals_that_name_it() -> None:
    goals = [
        {"ours": "more patients", "metrics": ["Score", "Visits"]},
        {"ours": "less cost", "metrics": ["Cost"]},
        {"ours": "calm", "meet": "yes"},
    ]
    assert served_by({"partner": {"goals": goals}}, "Score") == ("more patients",)
    assert served_by({"partner": {"goals": goals}}, "Nothing") == ()


numbers = st.decimals(-(10**15), 10**15, places=6, allow_nan=False, allow_infinity=False)
days = st.dates().map(str)


@given(numbers, numbers, numbers, st.sampled_from(["increase", "decrease"]), days, days, days)
def test_a_mirror_image_stands_where_its_original_does(
    baseline: Decimal, target: Decimal, value: Decimal, direction: str, start: str, by: str, day: str
) -> None:
    """What rises by so much, and what falls by so much, are judged alike, whatever the figures."""
    other = {"increase": "decrease", "decrease": "increase"}[direction]
    one = Metric("Score", baseline=baseline, target=target, direction=direction, start=start, by=by)
    two = Metric("Score", baseline=-baseline, target=-target, direction=other, start=start, by=by)
    assert watched(one, [result(day, value)], day).state == watched(two, [result(day, -value)], day).state


def test_numbers_are_written_as_people_write_them() -> None:
    assert [number_in_words(Decimal(each)) for each in ("12000", "-62.50", "0")] == ["12,000", "−62.50", "0"]


def test_all_stage_gates_of_an_agreement_are_one_gate() -> None:
    def stands(*values: int | None) -> tuple[str, str]:
        metrics = [
            watched(
                Metric(name, target=Decimal(60), stage_gate=True),
                [] if value is None else [MetricResult("2027-06-30", name, Decimal(value), 2)],
                "2027-06-30",
            )
            for name, value in zip(("One", "Two"), values, strict=True)
        ]
        (gate,) = watched_gates((), metrics)
        return gate.state, gate.reckoning

    assert stands(60, 60)[0] == "open"
    assert stands(60, 59)[0] == stands(None, 59)[0] == "shut"
    assert stands(60, None)[0] == "no-data"
    said = "One: it opens with at least 60; 60 on June 30, 2027; Two: it opens with at least 60; no result"
    assert stands(60, None)[1] == said
