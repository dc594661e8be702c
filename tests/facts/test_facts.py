"""`clausebook facts` and `clausebook registers`: what agreements tell in short, by what their type declares."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from clausebook.cli import main as cli


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


def told(root: Path, *ids: str) -> list[dict[str, Any]]:
    """Return facts/1 of agreements."""
    done = invoke(root, "facts", *ids)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_terms_have_a_value_for_programs_and_words_for_people(boats: Path) -> None:
    (found,) = told(boats, "heron-marsh")
    assert found["format"] == "facts/1"
    terms = {each["id"]: (each["value"], each["shown"], each["place"], each["pointer"]) for each in found["terms"]}
    assert terms == {
        "hire": ("1200 USD", "USD 1,200", "1.1", "/charter/hire/amount"),
        "lasts": ("P1Y", "1 year", "1.1(a)", "/charter/lasts"),
        "owner": ("heron", "Heron", "", "/parties/0/short_name"),
        "drydock": ("true", "yes", "", ""),
        "begins": ("2027-01-31", "January 31, 2027", "", "/charter/from"),
    }
    assert found["owner"]["name"] == "Ada Sample"
    assert found["signed"] is False


def test_tables_have_a_row_for_each_item_of_the_data_and_of_the_journal(boats: Path) -> None:
    (found,) = told(boats, "heron-marsh")
    logs = [{name: cell["shown"] for name, cell in row.items()} for row in found["tables"]["logs"]]
    assert logs == [
        {"title": "Weather log", "author": "Marsh Lane", "every": "monthly", "due": "5 days"},
        {"title": "Damage log", "author": "Heron", "every": "quarterly", "due": ""},
    ]
    assert found["tables"]["contacts"][0]["email"]["shown"] == "ben@marsh.example"


def test_a_table_for_a_spreadsheet_has_a_row_for_each_agreement(boats: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(invoke(boats, "facts", "--format", "csv").stdout)))
    assert [(row["id"], row["Hire"], row["Goes to the dry dock"]) for row in rows] == [
        ("heron-ferry", "USD 1,200", "no"),
        ("heron-marsh", "USD 1,200", "yes"),
    ]


def test_a_register_gathers_rows_of_all_agreements_and_tells_what_is_missing(signed: Path) -> None:
    (found,) = json.loads(invoke(signed, "registers", "logs", "--format", "json").stdout)
    assert found["headings"] == ["Log", "Kept by", "How often", "Due", "End of the charter", "Evidence: report"]
    assert [(row["agreement"], row["cells"][0], row["missing"]) for row in found["rows"]] == [
        ("heron-ferry", "Weather log", ["Evidence: report"]),
        ("heron-ferry", "Damage log", ["Due", "Evidence: report"]),
        ("heron-marsh", "Weather log", ["Evidence: report"]),
        ("heron-marsh", "Damage log", ["Due", "Evidence: report"]),
    ]
    calling = invoke(signed, "registers", "contacts", "--missing")
    assert "Nothing is missing." in calling.stdout


def test_no_evidence_is_missing_of_what_nobody_signed(boats: Path) -> None:
    (found,) = json.loads(invoke(boats, "registers", "logs", "--format", "json").stdout)
    assert [row["missing"] for row in found["rows"]] == [[], ["Due"], [], ["Due"]]


def test_a_register_that_nobody_declares_is_refused_with_those_there_are(boats: Path) -> None:
    done = invoke(boats, "registers", "log")
    assert done.exit_code == 2
    assert "did you mean “logs”" in done.output or "did you mean `logs`" in done.output


def test_csv_holds_one_register(boats: Path) -> None:
    done = invoke(boats, "registers", "--format", "csv")
    assert done.exit_code == 2
    assert "logs, contacts" in done.output
    rows = list(csv.reader(io.StringIO(invoke(boats, "registers", "logs", "--format", "csv").stdout)))
    assert rows[0] == [
        "Agreement", "Stage", "Log", "Kept by", "How often", "Due", "End of the charter", "Evidence: report", "Missing",
    ]  # fmt: skip


def test_an_expression_that_fails_is_a_finding_and_the_rest_is_told(boats: Path) -> None:
    file = boats / "templates" / "charter" / "facts.yaml"
    text = file.read_text(encoding="utf-8").replace("value: charter.lasts", "value: charter.length")
    file.write_text(text, encoding="utf-8")
    done = invoke(boats, "facts", "heron-marsh")
    assert done.exit_code == 1
    assert "core/fact-fails" in done.stderr
    assert [each["id"] for each in json.loads(done.stdout)[0]["terms"]] == ["hire", "owner", "drydock", "begins"]
