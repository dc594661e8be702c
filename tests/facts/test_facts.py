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


def rows(root: Path, *arguments: str) -> list[tuple[str, str]]:
    """Return agreement and first cell of the rows of a register."""
    (found,) = json.loads(invoke(root, "registers", *arguments, "--format", "json").stdout)
    return [(row["agreement"], row["cells"][0]) for row in found["rows"]]


def test_rows_are_narrowed_by_words_in_a_column_by_name_or_heading(boats: Path) -> None:
    assert rows(boats, "logs", "heron-marsh", "--where", "title=weather") == [("heron-marsh", "Weather log")]
    assert rows(boats, "logs", "heron-marsh", "--where", "kept by=heron", "--where", "due=") == [
        ("heron-marsh", "Damage log")
    ]
    assert rows(boats, "logs", "--where", "title=weath") == []
    assert rows(boats, "logs", "--signed") == []


def test_rows_are_narrowed_by_the_end_and_what_is_open_is_told(boats: Path) -> None:
    done = invoke(boats, "registers", "logs", "--from", "2027-01-01", "--to", "2028-12-31")
    assert (done.exit_code, "4 rows left out, of agreements whose end is open" in done.stderr) == (0, True)
    wrong = invoke(boats, "registers", "logs", "--from", "2028-01-01", "--to", "2027-01-01")
    assert (wrong.exit_code, "--to 2027-01-01 is before --from 2028-01-01" in wrong.output) == (2, True)
    contacts = invoke(boats, "registers", "contacts", "--from", "2027-01-01")
    assert (contacts.exit_code, "has no key date" in contacts.stderr) == (2, True)


def test_a_column_that_a_register_has_not_is_refused(boats: Path) -> None:
    done = invoke(boats, "registers", "logs", "--where", "titel=weather")
    assert (done.exit_code, "did you mean `title`?" in done.stderr) == (2, True)
    assert "--where takes a column" in invoke(boats, "registers", "logs", "--where", "weather").output
    assert "name it" in invoke(boats, "registers", "--where", "title=weather").output


def test_a_register_for_people_has_a_line_for_each_thing(boats: Path) -> None:
    shown = " ".join(invoke(boats, "registers", "logs", "heron-marsh").stdout.split())
    assert "heron-marsh (not-sent) Log Weather log Kept by Marsh Lane" in shown
    assert shown.endswith("MISSING Due")
    assert "Missing nothing" in " ".join(invoke(boats, "registers", "contacts").stdout.split())


def test_terms_that_are_asked_for_are_shown_alone(boats: Path) -> None:
    shown = " ".join(invoke(boats, "facts", "heron-marsh", "--only", "hire", "--only", "end").stdout.split())
    assert "Hire" in shown
    assert "End of the charter open" in shown
    assert "Length" not in shown
    table = list(csv.reader(io.StringIO(invoke(boats, "facts", "--only", "end", "--format", "csv").stdout)))
    assert [row[-1] for row in table] == ["End of the charter", "", ""]
    wrong = invoke(boats, "facts", "--only", "hier")
    assert (wrong.exit_code, "did you mean `hire`?" in wrong.stderr) == (2, True)
    assert invoke(boats, "facts", "--only", "hire", "--format", "json").exit_code == 2


def test_an_expression_that_fails_is_a_finding_and_the_rest_is_told(boats: Path) -> None:
    file = boats / "templates" / "charter" / "facts.yaml"
    text = file.read_text(encoding="utf-8").replace("value: charter.lasts", "value: charter.length")
    file.write_text(text, encoding="utf-8")
    done = invoke(boats, "facts", "heron-marsh")
    assert done.exit_code == 1
    assert "core/fact-fails" in done.stderr
    assert [each["id"] for each in json.loads(done.stdout)[0]["terms"]] == ["hire", "owner", "drydock", "begins"]
