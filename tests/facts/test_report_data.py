"""What templates of reports are given: results held against targets, states of duties, and nothing internal outward."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from clausebook.facts.periods import period_of
from clausebook.facts.report_data import ReportFacts, report_data
from clausebook.records.results_files import MetricResult

SECRET = "inside"


def cell(value: str, pointer: str = "/metrics/0/x", kind: str = "text") -> dict[str, str]:
    return {"value": value, "shown": value, "kind": kind, "pointer": pointer}


def metric(**cells: str) -> dict[str, dict[str, str]]:
    return {name: cell(value, f"/metrics/0/{name}") for name, value in {"name": "Visits", **cells}.items()}


def result(date: str, value: str, line: int = 2) -> MetricResult:
    return MetricResult(date, "Visits", Decimal(value), line, SECRET)


def occurrence(reference: str, due: str = "", **more: Any) -> dict[str, Any]:
    return {"reference": reference, "due": due, "reckoning": "30 days after it", **more}


CLOSED = {"outcome": "done", "on": "2027-06-01", "by": SECRET, "path": SECRET, "kind": "report"}
GIVEN = ReportFacts(
    id="deal",
    path="agreements/deal.yaml",
    locate=lambda pointer: (1, 1),
    facts={
        "id": "deal",
        "title": "Deal",
        "version": "1.0",
        "signed": True,
        "standing": {"stage": SECRET},
        "owner": {"name": SECRET},
        "approvals": [{"by": SECRET}],
        "dates": [{"id": "end", "day": "2029-04-18", "waits": [], "x": SECRET}],
        "terms": [{"id": "law", "shown": "Ohio", "pointer": "/law"}],
        "duties": [
            {
                "id": "slot/tell",
                "kind": "notice",
                "parties": ["a"],
                "what": "tell",
                "place": "4.2",
                "clause": SECRET,
                "occurrences": [
                    occurrence("slot/tell#1", "2027-05-31", closed=CLOSED),
                    occurrence("slot/tell#2", "2027-06-29"),
                    occurrence("slot/tell#3", "2027-06-30"),
                    occurrence("slot/tell#4", waits=["breach-notice"]),
                ],
            },
            {"id": "slot/keep", "kind": "other", "what": "keep", "occurrences": []},
            {"id": "slot/until", "lapses": True, "occurrences": [occurrence("slot/until#1", "2027-06-29")]},
        ],
    },
    deal={"parties": [{"key": "a"}]},
    as_of="2027-06-30",
    period=period_of("2027-Q2"),
    tables={"metrics": [metric(target="40", direction="increase")]},
    results=(result("2027-06-30", "41"),),
    results_path="agreements/results/deal.csv",
    payments=({"closes": "slot/tell#1", "on": "2027-06-01", "by": SECRET, "amount": "5", "currency": "USD"},),
    journal={"feedback": [{"on": "2027-06-02", "said": SECRET}]},
    places=({"id": "slot", "cite": "4.2", "title": "Telling"},),
)


def test_outward_nothing_internal_is_among_the_data() -> None:
    assert SECRET in json.dumps(report_data(GIVEN, None, "", "en-US"))
    left = report_data(replace(GIVEN, outward=True), None, "", "en-US")
    assert SECRET not in json.dumps(left)
    assert left["terms"] == [{"id": "law", "shown": "Ohio", "pointer": "/law"}]
    assert left["occurrences"][0]["closed"] == {"outcome": "done", "on": "2027-06-01"}
    assert left["payments"] == [
        {
            "closes": "slot/tell#1",
            "on": "2027-06-01",
            "amount": "5",
            "currency": "USD",
            "what": "tell",
            "place": "4.2",
            "in_period": True,
        }
    ]
    assert left["metrics"][0]["value"] == "41"


def test_every_occurrence_has_a_state_and_stands_in_the_order_of_days() -> None:
    rows = report_data(GIVEN, None, "", "en-US")["occurrences"]
    assert [(row["reference"], row["state"]) for row in rows] == [
        ("slot/tell#1", "closed"),
        ("slot/tell#2", "overdue"),
        ("slot/until#1", "over"),
        ("slot/tell#3", "due"),
        ("slot/keep", "standing"),
        ("slot/tell#4", "open"),
    ]
    assert rows[5]["waits"] == ["breach notice"]
    unsigned = report_data(replace(GIVEN, facts={**GIVEN.facts, "signed": False}), None, "", "en-US")["occurrences"]
    assert [row["state"] for row in unsigned] == ["closed", "unsigned", "unsigned", "unsigned", "standing", "open"]


@pytest.mark.parametrize(
    ("direction", "target", "value", "standing"),
    [
        ("increase", "40", "40", "met"),
        ("increase", "40", "39.999", "not-met"),
        ("", "40", "40", "met"),
        ("decrease", "40", "40", "met"),
        ("decrease", "40", "40.1", "not-met"),
        ("maintain", "40", "40.0", "met"),
        ("maintain", "40", "41", "not-met"),
        ("increase", "-5", "-4", "met"),
        ("increase", "", "7", "no-target"),
        ("increase", "many", "7", "no-target"),
    ],
)
def test_a_result_is_held_against_its_target_by_direction(
    direction: str, target: str, value: str, standing: str
) -> None:
    rows = {"metrics": [metric(target=target, direction=direction)]}
    (row,) = report_data(replace(GIVEN, tables=rows, results=(result("2027-06-30", value),)), None, "", "en-US")[
        "metrics"
    ]
    assert (row["standing"], row["value"]) == (standing, value)


def test_results_are_counted_back_from_the_last_one() -> None:
    values = (("2026-12-31", "39", 2), ("2027-03-31", "38", 3), ("2027-06-30", "37", 5), ("2027-06-29", "45", 4))
    (row,) = report_data(replace(GIVEN, results=tuple(result(*each) for each in values)), None, "", "en-US")["metrics"]
    assert (row["standing"], row["missed"], row["line"]) == ("not-met", 1, "5")
    assert row["before"] == {"on": "2027-06-29", "value": "45"}
    early = replace(GIVEN, period=period_of("2027-Q1"), results=tuple(result(*each) for each in values))
    (row,) = report_data(early, None, "", "en-US")["metrics"]
    assert (row["standing"], row["missed"], row["on"]) == ("not-met", 2, "2027-03-31")


def test_without_a_result_in_the_period_the_last_one_is_told_and_judged_by_nobody() -> None:
    (row,) = report_data(replace(GIVEN, results=(result("2027-03-31", "41"),)), None, "", "en-US")["metrics"]
    assert (row["standing"], row["on"], row["value"]) == ("no-result", "2027-03-31", "41")
    (row,) = report_data(replace(GIVEN, results=()), None, "", "en-US")["metrics"]
    assert row["standing"] == "no-result"
    assert "value" not in row


def test_a_report_is_owed_by_the_first_day_after_its_period() -> None:
    def owed(period: str, title: str = "") -> Any:
        given = replace(GIVEN, period=period_of(period))
        return report_data(given, {"title": title}, "slot/tell", "en-US")["owed"].get("reference")

    assert owed("2027-05") == "slot/tell#2"
    assert owed("2027-Q2") is None
    assert report_data(GIVEN, {"title": "x"}, "other/duty", "en-US")["owed"] == {}


def test_what_came_on_record_after_the_day_is_not_told() -> None:
    given = replace(GIVEN, as_of="2027-05-31", period=period_of("2027-05"))
    data = report_data(given, None, "", "en-US")
    assert [(row["reference"], row["state"]) for row in data["occurrences"][:2]] == [
        ("slot/tell#1", "due"),
        ("slot/tell#2", "due"),
    ]
    assert (data["payments"], data["journal"]) == ([], {"feedback": []})
    assert report_data(GIVEN, None, "", "en-US")["journal"] == GIVEN.journal


def test_a_report_is_about_the_agreement_s_own_period_that_ends_in_the_one_named() -> None:
    periods = (("2027-04-19", "2027-05-18"), ("2027-05-19", "2027-06-18"))
    due = [occurrence(f"slot/send#{n}", f"2027-0{n + 5}-02", opens=a, closes=b) for n, (a, b) in enumerate(periods, 1)]
    duty = {"id": "slot/send/log", "kind": "report", "what": "send", "occurrences": due}
    given = replace(GIVEN, facts={**GIVEN.facts, "duties": [duty]}, results=(result("2027-05-20", "41"),))

    def told(period: str) -> tuple[Any, ...]:
        data = report_data(replace(given, period=period_of(period)), {"title": "Log"}, "slot/send", "en-US")
        days = (data["period"]["name"], data["period"]["first"], data["period"]["last"])
        return (*days, data["owed"].get("reference"), data["metrics"][0]["standing"])

    assert told("2027-05") == ("2027-05", "2027-04-19", "2027-05-18", "slot/send#1", "no-result")
    assert told("2027-06") == ("2027-06", "2027-05-19", "2027-06-18", "slot/send#2", "met")
    assert told("2027-07") == ("2027-07", "2027-07-01", "2027-07-31", None, "no-result")
