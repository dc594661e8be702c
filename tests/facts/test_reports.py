"""`clausebook report`: documents made of an agreement's facts, results and journal, by templates that are data."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.facts.periods import period_of
from clausebook.findings.model import RepositoryError

RESULTS = (
    "date,metric,value,note\n2027-02-28,Weather log,38,fog\n2027-03-31,Weather log,44,\n2027-03-31,Damage log,3,\n"
)


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, ["report", *arguments, "--root", str(root)], prog_name="clausebook")


def written(root: Path, *arguments: str) -> dict[str, str]:
    """Return the texts that a report is written as, by file name."""
    out = root / "out"
    done = invoke(root, *arguments, "--format", "md", "--out", str(out))
    assert done.exit_code == 0, done.output
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(out.iterdir())}


def measured(root: Path, content: str = RESULTS) -> Path:
    """Write down what was measured, and return the repository."""
    (root / "agreements" / "results").mkdir(exist_ok=True)
    (root / "agreements" / "results" / "heron-marsh.csv").write_text(content, encoding="utf-8")
    return root


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_report_says_what_is_on_record(boats: Path) -> None:
    found = written(measured(boats), "heron-marsh", "--kind", "season", "--period", "2027-Q1")
    assert found == {
        "heron-marsh-season-2027-Q1.md": """\
# Season, 2027-Q1

**Charter of the heron-marsh in January 1, 2027**

Heron and Marsh Lane on March 31, 2027, of a rowing boat for four.

## Figures

- Weather log (1.2): met, 44.
- Damage log (1.2): not-met, 3.

Nothing is due.

## For Us

Nobody has said anything, says Ada Sample.
"""
    }


def test_what_was_measured_after_the_day_or_out_of_the_period_counts_for_nothing(boats: Path) -> None:
    def figures(*days: str) -> str:
        (text,) = written(measured(boats), "heron-marsh", "--kind", "season", *days).values()
        return text.partition("## Figures\n\n")[2].partition("\n\n")[0]

    early = figures("--period", "2027-Q1", "--as-of", "2027-03-30")
    assert early == "- Weather log (1.2): not-met, 38.\n- Damage log (1.2): no-result."
    for path in (boats / "out").iterdir():
        path.unlink()
    late = figures("--period", "2027-Q2", "--as-of", "2027-04-02")
    assert late == "- Weather log (1.2): no-result, 44.\n- Damage log (1.2): no-result, 3."


def test_outward_nothing_internal_is_told(boats: Path) -> None:
    journal = boats / "agreements" / "journal" / "heron-marsh.yaml"
    said = "feedback: [{on: 2027-02-01, from: Ada Sample, said: Marsh Lane is a nuisance}]\n"
    journal.write_text(journal.read_text(encoding="utf-8") + said, encoding="utf-8")
    (text,) = written(boats, "heron-marsh", "--kind", "season", "--period", "2027-Q1").values()
    assert "nuisance" in text
    edit(boats / "templates/charter/reports/season/outline.yaml", ", when: not outward", "")
    opening = boats / "templates/charter/reports/season/clauses/opening.md"
    edit(opening, "of {{", "with {{ (tables.contacts|first).name if tables.contacts else 'nobody' }}, of {{")
    found = written(measured(boats), "heron-marsh", "--kind", "season", "--period", "2027-Q1", "--outward")
    text = found["heron-marsh-season-2027-Q1-outward.md"]
    assert "Nobody has said anything, says nobody." in text
    assert "Ada" not in text
    assert "with nobody, of" in text
    assert "Weather log (1.2): met, 44." in text
    assert "nuisance" not in text


def test_outward_what_the_schemas_call_internal_is_left_out_of_data_and_tables(boats: Path) -> None:
    schema = boats / "schemas/charter/agreement.schema.json"
    edit(schema, '"boat": {', '"memo": {"type": "string", "x-internal": true}, "boat": {')
    edit(boats / "agreements/heron-marsh.yaml", "  drydock: true", "  drydock: true\n  memo: not seaworthy")
    edit(boats / "templates/charter/facts.yaml", "{title: Log, value: log.title}", "{title: Log, value: charter.memo}")
    said = "{{ deal.charter.memo|default('no memo') }} {{ (tables.logs|first).title|default('no row') }}"
    edit(boats / "templates/charter/reports/season/clauses/opening.md", "of {{ deal.charter.boat }}", said)
    asked = ("heron-marsh", "--kind", "season", "--period", "2027-Q1")
    assert "not seaworthy not seaworthy" in written(boats, *asked).popitem()[1]
    outward = written(boats, *asked, "--outward")["heron-marsh-season-2027-Q1-outward.md"]
    assert "no memo no row" in outward


@pytest.mark.parametrize("value", ["{} ~ charter.memo", "[{}, charter.memo]"])
def test_outward_nothing_internal_is_told_behind_what_is_open(boats: Path, value: str) -> None:
    schema, facts = boats / "schemas/charter/agreement.schema.json", boats / "templates/charter/facts.yaml"
    edit(schema, '"boat": {', '"memo": {"type": "string", "x-internal": true}, "boat": {')
    edit(boats / "agreements/heron-marsh.yaml", "  drydock: true", "  drydock: true\n  memo: not seaworthy")
    edit(facts, "value: log.title}", f'value: "{value.format("log.title")}"}}')
    memo = f'  - {{id: memo, title: Memo, kind: text, value: "{value.format("charter.boat")}"}}\n'
    edit(facts, "tables:\n", f"{memo}tables:\n")
    said = "{% for row in tables.logs %}{{ row.title|default('') }} {% endfor %}{{ terms|pluck('shown')|and_list }}"
    edit(boats / "templates/charter/reports/season/clauses/opening.md", "of {{ deal.charter.boat }}", said)
    asked = ("heron-marsh", "--kind", "season", "--period", "2027-Q1")
    assert "not seaworthy" in written(boats, *asked).popitem()[1]
    assert "not seaworthy" not in written(boats, *asked, "--outward")["heron-marsh-season-2027-Q1-outward.md"]
    done = CliRunner().invoke(
        cli.cli, ["dossier", "heron-marsh", "--out", str(boats.parent / "file.zip"), "--root", str(boats)]
    )
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(boats.parent / "file.zip") as package:
        told = package.read("dossier-heron-marsh/facts.json").decode()
    # Nor what the journal alone tells: whom to call.
    assert [word for word in ("not seaworthy", "ben@marsh.example") if word in told] == []
    assert "USD" in told


def test_a_kind_can_be_written_for_each_entry_of_a_list(boats: Path) -> None:
    found = written(boats, "heron-marsh", "--kind", "log", "--period", "2027-02")
    assert list(found) == ["heron-marsh-weather-log-2027-02.md"]
    assert (
        found["heron-marsh-weather-log-2027-02.md"]
        == """\
# Weather log, 2027-02

**Charter of the heron-marsh**

## 1. Entries

### 1.1 Entry

Heron has nothing to report. Due when it is.

### 1.2 Entry

Marsh Lane has nothing to report. Due when it is.
"""
    )


def test_a_report_that_is_owed_says_when(signed: Path) -> None:
    (text,) = written(signed, "heron-marsh", "--kind", "log", "--period", "2027-02").values()
    assert "Due March" in text


def test_values_are_words_whatever_they_are(boats: Path) -> None:
    name = '"<script>alert(1)</script> | **x** [y](https://e.example) {{ title }} ' + "long" * 75 + '"'
    edit(boats / "agreements/heron-marsh.yaml", "short_name: Marsh Lane", f"short_name: {name}")
    edit(boats / "agreements/journal/heron-marsh.yaml", "owner: {name: Ada Sample", "owner: {name: <script>")
    (text,) = written(boats, "heron-marsh", "--kind", "season", "--period", "2027-Q1").values()
    assert r"\<script\>alert(1)\</script\>" in text
    assert r"\*\*x\*\* \[y\]" in text
    assert "{{ title }}" in text
    assert r"says \<script\>." in text


def test_reports_of_like_titles_have_names_of_their_own_on_every_system(boats: Path) -> None:
    deal = boats / "agreements/heron-marsh.yaml"
    edit(deal, "title: Weather log", "title: Übersicht – täglich")
    edit(
        deal,
        "{title: Damage log, author: heron, every: quarterly}",
        "{title: ubersicht taglich, author: heron, every: monthly}",
    )
    edit(deal, "every: monthly}\n", "every: monthly}\n    - {title: 日誌, author: heron, every: monthly}\n")
    found = written(boats, "heron-marsh", "--kind", "log", "--period", "2027-02")
    names = ("log-3", "ubersicht-taglich-2", "ubersicht-taglich")
    assert list(found) == [f"heron-marsh-{name}-2027-02.md" for name in names]


def test_one_title_of_several_can_be_chosen(boats: Path) -> None:
    done = invoke(boats, "heron-marsh", "--kind", "log", "--period", "2027-Q1", "--title", "weather")
    assert done.exit_code == 2
    assert "for this period there are: “Damage log”" in done.stderr


def test_every_format_is_written_and_the_second_time_nothing_changes(boats: Path) -> None:
    asked = ("heron-marsh", "--kind", "season", "--period", "2027-Q1", "--out", str(boats / "out"))
    first, second = invoke(measured(boats), *asked), invoke(boats, *asked)
    assert first.exit_code == 0, first.output
    assert "2 files written, 2 changed" in first.stdout
    assert "2 files written, 0 changed" in second.stdout
    names = sorted(path.name for path in (boats / "out").iterdir())
    assert names == ["heron-marsh-season-2027-Q1.docx", "heron-marsh-season-2027-Q1.pdf"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("heron-marsh",), "agreements of the type `charter` have no report of the kind `report`"),
        (("heron-marsh", "--kind", "seasons"), "did you mean `season`?"),
        (("heron-marsh", "--kind", "season"), "name it with --period, as 2027-Q2"),
        (("heron-marsh", "--kind", "season", "--period", "Q2"), "“Q2” is no period"),
        (
            ("heron-marsh", "--kind", "season", "--period", "2027-Q2", "--as-of", "2027-03-31"),
            "begins after 2027-03-31",
        ),
        (("heron-marsh", "--kind", "season", "--period", "2027-Q2", "--as-of", "soon"), "soon"),
        (("heron-marsh", "--kind", "log", "--period", "2027-04", "--title", "Crew"), "no log report of that title"),
        (("heron-mash", "--kind", "season", "--period", "2027-Q1"), "there is no agreement `heron-mash`"),
        (("../evil", "--kind", "season", "--period", "2027-Q1"), "there is no agreement"),
        (("heron-marsh", "--kind", "../../pdf", "--period", "2027-Q1"), "have no report of the kind"),
    ],
)
def test_what_cannot_be_written_is_said_with_what_to_do(boats: Path, arguments: tuple[str, ...], said: str) -> None:
    done = invoke(boats, *arguments, "--out", str(boats / "out"))
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (boats / "out").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("clauses/ours.md", "facts.owner", "ownr", "ownr"),
        ("clauses/ours.md", "deal", "deal", ""),
        ("outline.yaml", "{{ period.name }}", "{{ peri }}", "there is nothing of the name `peri`"),
        ("outline.yaml", "report: {title", "report: {tittle: x, title", "tittle"),
    ],
)
def test_a_fault_of_a_template_is_told_where_it_stands(boats: Path, file: str, old: str, new: str, said: str) -> None:
    path = boats / "templates/charter/reports/season" / file
    if said:
        edit(path, old, new)
    done = invoke(boats, "heron-marsh", "--kind", "season", "--period", "2027-Q1", "--out", str(boats / "out"))
    assert done.exit_code == (1 if said else 0), done.output
    assert (f"templates/charter/reports/season/{file}" in done.output) == bool(said)
    assert said in done.output


def test_a_check_reads_the_files_of_every_kind_of_report(boats: Path) -> None:
    checked = CliRunner().invoke(cli.cli, ["check", "--root", str(boats)], prog_name="clausebook")
    assert "templates/charter/reports" not in checked.output
    edit(boats / "templates/charter/reports/log/outline.yaml", "obligation: logs/send-log", "obligation: send the log")
    checked = CliRunner().invoke(cli.cli, ["check", "--root", str(boats)], prog_name="clausebook")
    assert checked.exit_code == 1
    assert "templates/charter/reports/log/outline.yaml:" in checked.output
    assert "write a slot and an obligation with a slash between them" in checked.output


def test_results_with_an_error_stop_a_report(boats: Path) -> None:
    measured(boats, RESULTS + "2027-03-31,Crew log,1.250,\n")
    done = invoke(boats, "heron-marsh", "--kind", "season", "--period", "2027-Q1", "--out", str(boats / "out"))
    assert done.exit_code == 1
    assert "agreements/results/heron-marsh.csv:5:1: error: “1.250” can be 1250 or 1.2500" in done.stdout
    assert not (boats / "out").exists()


@pytest.mark.parametrize(
    ("name", "kind", "first", "last"),
    [
        ("2027", "year", "2027-01-01", "2027-12-31"),
        ("2027-H2", "half", "2027-07-01", "2027-12-31"),
        ("2027-Q4", "quarter", "2027-10-01", "2027-12-31"),
        ("2028-02", "month", "2028-02-01", "2028-02-29"),
        ("2027-04-19..2027-07-18", "days", "2027-04-19", "2027-07-18"),
        ("2027-04-19..2027-04-19", "days", "2027-04-19", "2027-04-19"),
    ],
)
def test_a_period_is_named_as_people_name_it(name: str, kind: str, first: str, last: str) -> None:
    found = period_of(name)
    assert (found.kind, found.first, found.last) == (kind, first, last)


@pytest.mark.parametrize(
    "name",
    ["", "27", "2027-Q5", "2027-H3", "2027-13", "2027-02-30..2027-03-01", "2027-04-02..2027-04-01", "0999", "2027/Q1"],
)
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(RepositoryError):
        period_of(name)
