"""What an agreement's page shows of its metrics: a table, gates, and charts with words and values beside them."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from clausebook.facts.metrics.agreement_metrics import AgreementMetrics
from clausebook.facts.metrics.gates import Gate, watched_gates
from clausebook.facts.metrics.watching import Metric, WatchedMetric, watched
from clausebook.records.results_files import MetricResult
from clausebook.site.charts import DayLine, Point, day_chart
from clausebook.site.metrics_pages import MOST_LISTED, MOST_SHOWN, metric_entries, metrics_page, metrics_part
from clausebook.site.site_entry import MetricEntry, SiteEntry, SiteLists
from tests.support.html_reader import Element, read_html

HOSTILE = '</svg><script>alert("1")</script> {{ 7*7 }} *b* onload="x"'
PATH = "agreements/harbor/index.html"
VISITS = Metric("Visits", "patients", "", Decimal(0), Decimal(12000), "increase", "monthly", "2027-04-19", "2029-04-18")
SCORE = Metric("Score", "points", target=Decimal(60), stage_gate=True, follows="A plan within 10 days.", place="5.1")


def results(name: str, *values: tuple[str, str], note: str = "") -> tuple[MetricResult, ...]:
    return tuple(MetricResult(day, name, Decimal(value), line, note) for line, (day, value) in enumerate(values, 2))


def harbor(*metrics: WatchedMetric, gates: tuple[Gate, ...] = (), signed: bool = True) -> AgreementMetrics:
    day = max((each.newest.date for each in metrics if each.newest), default="")
    return AgreementMetrics("harbor", "Harbor", signed, day, metrics, tuple(watched_gates(gates, metrics)))


def page(found: AgreementMetrics) -> Element:
    return read_html(metrics_part(found, PATH))


ON_TRACK = watched(VISITS, results("Visits", ("2027-06-30", "1840"), ("2027-09-30", "4655")), "2027-09-30")
MISSED = watched(SCORE, results("Score", ("2027-09-30", "54")), "2027-09-30")


def test_each_metric_has_its_target_value_state_and_reckoning() -> None:
    shown = page(harbor(ON_TRACK, MISSED))
    rows = [[" ".join(cell.words()) for cell in row.all("td")] for row in shown.all("table")[0].all("tr")[1:]]
    assert rows[0][:4] == [
        "Visits",
        "at least 12,000 patients from 0 patients",
        "4,655 patients September 30, 2027",
        "On track",
    ]
    assert "0 + (12,000 − 0) × 164 of 730 days = 2,695.9" in rows[0][4]
    assert rows[1][0] == "Score 5.1 Stage gate"
    assert rows[1][3] == "Missed"
    assert "The agreement says: “A plan within 10 days.”" in rows[1][4]
    assert "As of September 30, 2027" in shown.all("p")[0].text()
    assert "1 on track, 1 missed" in shown.all("p")[0].text()


def test_gates_are_open_or_shut_by_what_was_measured() -> None:
    planned = Gate("thirty more stores", "Visits", at_least=Decimal(4000), by="2028-06-30")
    rows = page(harbor(ON_TRACK, MISSED, gates=(planned,))).all("table")[1].all("tr")[1:]
    cells = [[" ".join(cell.words()) for cell in row.all("td")] for row in rows]
    assert [each[0][:18] for each in cells] == ["Thirty more stores", "The next stage of "]
    assert [each[2] for each in cells] == ["Open", "Shut"]
    assert cells[0][4] == "June 30, 2028"


def test_a_chart_says_in_words_what_it_shows_and_a_table_has_its_values() -> None:
    shown = page(harbor(ON_TRACK))
    (drawn,) = shown.all("svg")
    named = drawn.attributes["aria-labelledby"].split()
    assert [drawn.all(id=each)[0].text() for each in named] == [
        "Visits: on track",
        "4,655 patients on September 30, 2027; the path asks for 0 + (12,000 − 0) × 164 of 730 days = 2,695.9. "
        "The table below has every value.",
    ]
    (figure,) = shown.all("figure")
    assert [[" ".join(cell.words()) for cell in row.all("td")] for row in figure.all("tr")[1:]] == [
        ["September 30, 2027", "4,655 patients", "–"],
        ["June 30, 2027", "1,840 patients", "–"],
    ]
    assert len(drawn.all("circle")) == 2
    assert len(drawn.all("path")) == 3


def test_without_results_there_is_the_table_alone() -> None:
    empty = page(harbor(watched(SCORE, (), ""), signed=False))
    assert "Nothing is measured yet. This text is not signed: nothing is owed yet." in " ".join(empty.words())
    assert not empty.all("svg")
    assert metrics_part(harbor(), PATH) == ""


def test_words_of_others_are_words_and_nothing_else() -> None:
    metric = Metric(HOSTILE, HOSTILE, target=Decimal(1), follows=HOSTILE, serves=(HOSTILE,), place=HOSTILE)
    found = harbor(
        watched(metric, results(HOSTILE, ("2027-09-30", "0"), note=HOSTILE), "2027-09-30"),
        gates=(Gate(HOSTILE, HOSTILE),),
    )
    shown = page(found)
    assert not shown.all("script")
    assert shown.text().count('alert("1")') >= 8
    assert not [each for each in shown.all() if "onload" in each.attributes]


def test_of_many_results_the_newest_are_shown_and_the_others_counted() -> None:
    days = tuple((f"2027-{month:02}-{day:02}", str(day)) for month in range(1, 5) for day in range(1, 29))
    found = page(harbor(watched(SCORE, results("Score", *days), "2027-12-31")))
    (figure,) = found.all("figure")
    assert len(figure.all("circle")) == len(figure.all("tr")) - 1 == MOST_SHOWN
    assert f"{len(days) - MOST_SHOWN} older results" in figure.text()


def test_lists_have_each_metric_and_each_gate() -> None:
    metric, gate = metric_entries(harbor(MISSED))
    assert (metric.name, metric.state, metric.value, metric.on) == ("Score", "missed", "54 points", "2027-09-30")
    assert (metric.target, metric.consequence) == ("at least 60 points", "A plan within 10 days.")
    assert (gate.name, gate.state, gate.behind) == ("Score", "shut", "the next stage of the agreement")


@pytest.mark.parametrize(
    "points",
    [
        [("0001-01-01", "1")],
        [("9999-12-31", "1")],
        [("0001-01-01", "1"), ("9999-12-31", "999999999999999")],
        [("2027-01-01", "0.000001"), ("2027-01-02", "999999999999999")],
        [("2027-01-01", "-999999999999999.999999"), ("2027-01-02", "999999999999999.999999")],
        [("2027-01-01", "5"), ("2027-01-02", "5.000001")],
        [("2027-01-01", "0"), ("2027-06-02", "0")],
        [("2027-01-01", "-" + "9" * 400), ("2027-06-02", "9" * 400), ("2027-06-03", "1e999")],
    ],
)
def test_the_strangest_values_are_drawn_within_the_picture(points: list[tuple[str, str]]) -> None:
    drawn = [(day, Decimal(value)) for day, value in points]
    chart = ElementTree.fromstring(day_chart("a", "T", "D", [DayLine("measured", drawn, dots=True)]))
    width, height = map(float, chart.attrib["viewBox"].split()[2:])
    dots = [each for each in chart.iter() if each.tag == "circle"]
    assert len(dots) == len(points)
    assert all(-1 <= float(each.attrib["cx"]) <= width and -1 <= float(each.attrib["cy"]) <= height for each in dots)


def test_a_chart_has_no_style_script_or_colour_of_its_own() -> None:
    points: list[Point] = [("2027-06-30", Decimal(1)), ("2027-09-30", Decimal(2))]
    lines = [DayLine("path", points), DayLine("measured", points, dots=True)]
    chart = ElementTree.fromstring(day_chart("a", "T", "D", lines))
    shapes = {"g", "rect", "line", "path", "circle", "text"}
    assert {each.tag for each in chart.iter()} == {"svg", "title", "desc", *shapes}
    for each in chart.iter():
        assert "style" not in each.attrib
        assert {each.get("fill", "none"), each.get("stroke", "none")} <= {"none", "currentColor"}
    assert day_chart("a", "T", "D", [DayLine("path", ())]) == ""


def test_the_same_values_give_the_same_bytes() -> None:
    assert metrics_part(harbor(ON_TRACK, MISSED), PATH) == metrics_part(harbor(ON_TRACK, MISSED), PATH)


def test_the_page_of_all_metrics_has_what_is_missed_first_and_leads_to_each_agreement() -> None:
    calm = SiteEntry("bay", "Bay", metrics=metric_entries(harbor(ON_TRACK)))
    found = metrics_page(SiteLists((SiteEntry("old", "old", broken=True), calm, entry(MISSED))))
    shown = read_html(found.body)
    targets, gates = shown.all("table")
    rows = [[" ".join(cell.words()) for cell in row.all("td")] for row in targets.all("tr")[1:]]
    assert [row[:2] + row[4:5] for row in rows] == [["Harbor", "Score", "Missed"], ["Bay", "Visits", "On track"]]
    assert targets.all("a")[0].attributes["href"] == "../agreements/harbor/#page_metrics"
    assert [[" ".join(cell.words()) for cell in row.all("td")][2] for row in gates.all("tr")[1:]] == ["Shut"]
    assert [each.text().split() for each in shown.all("div", class_="cb-stat")] == [
        ["On", "track", "1"],
        ["Missed", "1"],
    ]
    lines = found.files["metrics.csv"].decode("utf-8-sig").splitlines()
    assert lines[0].startswith("agreement,name,target,value,on,state")
    assert len(lines) == 1 + 3


def test_of_very_many_metrics_the_page_shows_some_and_the_spreadsheet_all() -> None:
    many = tuple(MetricEntry(f"Metric {number}", "met") for number in range(MOST_LISTED + 7))
    found = metrics_page(SiteLists((SiteEntry("harbor", "Harbor", metrics=many),)))
    assert len(read_html(found.body).all("tr")) == MOST_LISTED + 1
    assert f"The spreadsheet has all {MOST_LISTED + 7}." in found.body
    assert len(found.files["metrics.csv"].splitlines()) == MOST_LISTED + 8


def test_a_site_without_metrics_says_so() -> None:
    found = metrics_page(SiteLists((SiteEntry("harbor", "Harbor"),)))
    assert "No agreement says what is to be measured." in found.body
    assert not found.files


def entry(*metrics: WatchedMetric) -> SiteEntry:
    return SiteEntry("harbor", "Harbor", metrics=metric_entries(harbor(*metrics)))
