"""Registered papers fall due like other agreements: in lists, calendars, facts and reminders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli

PAPER = """\
format: 1
file: {name: lease.docx, original: Lease.docx, sha256: "%s", pages: 0, text: all}
facts:
  - {fact: title, value: Lease of the quay, by: Ada Sample, on: 2027-01-02}
  - {fact: party, value: Harbor Trust, by: Ada Sample, on: 2027-01-02}
  - {fact: end, value: 2028-06-30, page: 3, by: Ada Sample, on: 2027-01-02}
  - {fact: notice, value: P90D, page: 4, by: Ada Sample, on: 2027-01-02}
duties:
  - {what: pay the rent, party: Harbor Trust, due: 2027-01-31, every: P1M, page: 2, by: Ada Sample, on: 2027-01-02}
"""


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


@pytest.fixture
def quay(boats: Path) -> Path:
    """Return a repository with a registered paper beside its agreements."""
    folder = boats / "agreements" / "registered"
    (folder / "quay-lease").mkdir(parents=True)
    (folder / "quay-lease.yaml").write_text(PAPER % ("0" * 64), encoding="utf-8")
    journal = boats / "agreements" / "journal" / "quay-lease.yaml"
    journal.write_text("owner: {name: Ada Sample, email: ada@heron.example}\n", encoding="utf-8")
    return boats


def due(root: Path, *arguments: str) -> dict[str, tuple[str, str]]:
    """Return day and arithmetic of what is listed, by reference."""
    done = invoke(root, "obligations", *arguments, "--format", "json")
    assert done.exit_code == 0, done.output
    return {each["reference"]: (each["due"], each["reckoning"]) for each in json.loads(done.stdout)}


def test_what_is_asserted_falls_due_with_who_says_so(quay: Path) -> None:
    found = due(quay, "quay-lease", "--to", "2028-12-31")
    said = "2028-06-30, asserted by Ada Sample on 2027-01-02, page 3"
    assert found["dates/end"] == ("2028-06-30", said)
    assert found["notice#1"] == ("2028-04-01", f"90 days before {said}")
    assert [found[f"asserted/pay-the-rent#{n}"][0] for n in (1, 2, 3)] == ["2027-01-31", "2027-02-28", "2027-03-31"]
    assert found["asserted/pay-the-rent#18"][0] == "2028-06-30"
    assert "asserted/pay-the-rent#19" not in found


def test_its_notice_is_among_what_falls_due_in_its_days_alone(quay: Path) -> None:
    assert "notice#1" not in due(quay, "quay-lease", "--from", "2028-03-01", "--to", "2028-03-31")
    assert "notice#1" in due(quay, "quay-lease", "--from", "2028-04-01", "--to", "2028-04-30")


def test_evidence_that_closes_nothing_of_it_is_found(quay: Path) -> None:
    folder = quay / "agreements" / "evidence" / "quay-lease"
    folder.mkdir(parents=True)
    told = "closes: {}\noutcome: done\non: 2027-02-01\nby: Ada Sample\n"
    (folder / "rent.yaml").write_text(told.format("asserted/pay-the-rent#1"), encoding="utf-8")
    (folder / "rest.yaml").write_text(told.format("asserted/pay-the-rest#1"), encoding="utf-8")
    found = json.loads(invoke(quay, "check", "--report", "json").stdout)["findings"]
    stray = [each["path"] for each in found if each["rule"] == "core/evidence-stray"]
    assert stray == ["agreements/evidence/quay-lease/rest.yaml"]


def test_a_renewal_in_its_journal_moves_the_end(quay: Path) -> None:
    journal = quay / "agreements" / "journal" / "quay-lease.yaml"
    renewed = "renewals: [{on: 2028-05-01, until: 2029-06-30}]\n"
    journal.write_text(journal.read_text(encoding="utf-8") + renewed, encoding="utf-8")
    assert due(quay, "quay-lease")["dates/end"][0] == "2029-06-30"


def test_its_facts_are_those_that_are_asserted(quay: Path) -> None:
    (found,) = json.loads(invoke(quay, "facts", "quay-lease").stdout)
    assert (found["title"], found["status"], found["parties"]) == (
        "Lease of the quay",
        "registered",
        [{"legal_name": "Harbor Trust"}],
    )
    assert {each["fact"]: each["page"] for each in found["registered"]["facts"]}["end"] == 3
    rows = invoke(quay, "facts", "--format", "csv").stdout.splitlines()
    assert any(
        row.startswith("quay-lease,Lease of the quay,,registered,registered,Harbor Trust,Ada Sample") for row in rows
    )


def test_its_owner_is_reminded_and_decides(quay: Path) -> None:
    done = invoke(quay, "remind", "--as-of", "2028-02-15", "--out", str(quay / "out"))
    assert done.exit_code == 0, done.output
    (message,) = (quay / "out").glob("*.eml")
    assert "clausebook answer quay-lease notice#1" in message.read_text(encoding="utf-8")
    answered = invoke(quay, "answer", "quay-lease", "notice#1", "end", "--by", "Ada Sample", "--on", "2028-02-20")
    assert answered.exit_code == 0, answered.output
