"""`clausebook metrics`: what was measured against what is to be reached, for people, programs and spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from tests.support.repositories import shapes_repository

RESULTS = (
    "date,metric,value,note\n2027-02-28,Weather log,38,fog\n2027-03-31,Weather log,44,\n2027-03-31,Damage log,3,\n"
)
JOURNAL = """\
spark:
  kickoff:
    scaling:
      - {step: a second boat, gate: {metric: Weather log, at_least: 45}}
"""


@pytest.fixture
def boats(tmp_path: Path) -> Path:
    return shapes_repository(tmp_path, "boats")


def invoke(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.cli, ["metrics", *arguments, "--root", str(root)], prog_name="clausebook")


def measured(root: Path, content: str | bytes = RESULTS) -> Path:
    folder = root / "agreements" / "results"
    folder.mkdir(exist_ok=True)
    (folder / "heron-marsh.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def test_people_read_the_state_the_arithmetic_and_the_gates(boats: Path) -> None:
    (measured(boats) / "agreements" / "journal" / "heron-marsh.yaml").write_text(JOURNAL, encoding="utf-8")
    done = invoke(boats, "heron-marsh")
    assert done.exit_code == 0, done.output
    assert [line.rstrip() for line in done.stdout.splitlines()] == [
        "Charter of the heron-marsh (heron-marsh), as of 2027-03-31: 1 met, 1 missed; not signed: nothing is owed yet",
        "state   metric",
        "met     Weather log (1.2): at least 40",
        "        44 on March 31, 2027; the target is at least 40",
        "missed  Damage log (1.2): at most 2",
        "        3 on March 31, 2027; 1 above the target of at most 2, which each result is to reach",
        "",
        "gate  what lies behind it",
        "shut  a second boat",
        "      Weather log: it opens with at least 45; 44 on March 31, 2027",
    ]


def test_a_day_leaves_out_what_came_later(boats: Path) -> None:
    (told,) = json.loads(invoke(measured(boats), "heron-marsh", "--as-of", "2027-02-28", "--format", "json").stdout)
    assert told["as_of"] == "2027-02-28"
    assert {each["metric"]: (each["state"], each["value"]) for each in told["metrics"]} == {
        "Weather log": ("missed", "38"),
        "Damage log": ("no-data", None),
    }
    assert "2 results of later days left out" in invoke(boats, "heron-marsh", "--as-of", "2027-02-28").stderr


def test_programs_and_spreadsheets_have_a_row_for_each_metric(boats: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(invoke(measured(boats), "--format", "csv").stdout)))
    assert {row["agreement"] for row in rows} == {"heron-marsh", "heron-ferry"}
    (row,) = (row for row in rows if (row["agreement"], row["metric"]) == ("heron-marsh", "Damage log"))
    assert (row["value"], row["target"], row["state"], row["short"], row["on"]) == (
        "3",
        "2",
        "missed",
        "1",
        "2027-03-31",
    )


def test_one_state_can_be_asked_for(boats: Path) -> None:
    told = json.loads(invoke(measured(boats), "--only", "missed", "--format", "json").stdout)
    assert [each["metric"] for one in told for each in one["metrics"]] == ["Damage log"]
    assert invoke(boats, "--only", "at-risk").stdout == "No metric is in this state.\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("date,metric,value\n2027-03-31,Wether log,44\n", "did you mean `Weather log`?"),
        ("date,metric,value\n2027-03-31,Weather log,many\n", "“many” is no number"),
        ("date,metric,value\n2027-03-31,Weather log,=1+1\n", "is a formula, and no number"),
        ("date,metric,value\n2027-03-31,Weather log,1.234\n", "can be 1234 or 1.2340"),
        ("date,metric,value\n31/03/2027,Weather log,44\n", "is no date that can be read in one way"),
        (b"PK\x03\x04xl/workbook.xml", "cannot be read"),
        (b"date,metric,value\n2027-03-31,Weather log,\xff44\n", "is no number"),
    ],
)
def test_a_fault_of_the_file_is_told_where_it_is_and_what_can_be_read_is_shown(
    boats: Path, content: str | bytes, said: str
) -> None:
    done = invoke(measured(boats, content), "heron-marsh")
    assert done.exit_code == 1
    assert "agreements/results/heron-marsh.csv" in done.stderr
    assert said in done.stderr
    assert "Weather log (1.2): at least 40" in done.stdout


def test_any_spreadsheet_s_file_is_read(boats: Path) -> None:
    content = b"\xef\xbb\xbfdate;metric;value;note\r\n2027-03-31;Weather log;44,5;=HYPERLINK(1)\r\n"
    done = invoke(measured(boats, content), "heron-marsh")
    assert done.exit_code == 0, done.output
    assert "44.5 on March 31, 2027" in done.stdout


def test_a_day_that_is_none_is_refused(boats: Path) -> None:
    done = invoke(boats, "--as-of", "2027-02-30")
    assert done.exit_code == 2
    assert "2027-02-30" in done.output


def test_what_the_journal_adds_to_a_step_leaves_the_goals_that_were_agreed(boats: Path) -> None:
    schema = boats / "schemas/charter/agreement.schema.json"
    schema.write_text(schema.read_text("utf-8").replace('"properties": {', '"properties": {"spark": {},', 1), "utf-8")
    with (boats / "agreements/heron-marsh.yaml").open("a", encoding="utf-8") as file:
        file.write("spark: {partner: {goals: [{ours: No swamped boat, metrics: [Weather log]}]}}\n")
    with (measured(boats) / "agreements/journal/heron-marsh.yaml").open("a", encoding="utf-8") as file:
        file.write("spark: {partner: {value_proposition: Both stay dry.}}\n")
    done = invoke(boats, "heron-marsh")
    assert "serves our goal: No swamped boat" in done.stdout, done.output
