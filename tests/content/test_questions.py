"""The questions in docs/after-signature.md, each asked by its one command, letter for letter, and what it answers."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from clausebook.cli import main as cli
from tests.support.docs import marked_block
from tests.support.paper_files import pdf
from tests.support.repositories import ROOT, shapes_repository

PAGE = (ROOT / "docs" / "after-signature.md").read_text(encoding="utf-8")
OWN = ROOT / "tests" / "repositories" / "after-signature"
PAPERS = {
    "Clinic lease.pdf": ("Lease of clinic rooms", "until June 30, 2028, on 90 days’ notice"),
    "Imaging.pdf": ("Reading of images, until December 31, 2030",),
}

ANSWERS = {
    "Which business associate agreements end in 2029, and is an instrument missing?": (
        "retail-telehealth (amended)",
        "Instrument business associate agreement",
        "End of the term 2029-04-18",
        "Missing nothing",
    ),
    "What passes between us and those who refer to each other, and on what basis of fair market value?": (
        "Given by Cornerway",
        "Basis of Fair Market Value the valuation by Fernbrook Valuation Group of November 16, 2026",
        "valuer Fernbrook Valuation Group, low 880000, high 960000",
        "expires 2028-11-10",
    ),
    "Whose exclusion screening is overdue?": (
        "2027-08-19 each party: check personnel and subcontractors against the exclusion lists overdue "
        "retail-telehealth regulatory-cms/screen-for-exclusion#5",
    ),
    "Who was screened against which lists, and what was found?": (
        "late on 2027-05-24 by Ivo Tarn: lists LEIE, SAM, names Odile Farrow, result match",
        "agreements/evidence/retail-telehealth/screening-1.yaml",
    ),
    "Whose certificates of insurance have we not seen?": ("Carried by Larkmoor", "MISSING Evidence: insurance"),
    "Who has to tell whom of a breach, and how fast?": (
        "open Cornerway: report to the Covered Entity a breach, incident or improper use of “Visit data for analytics”",
        "5 days after the day of breach discovered",
    ),
    "Who approved what departs from our standard?": (
        "given Chief Privacy Officer: Protected health information leaves a party",
        "by Casimir Holt, 2026-11-20 (signed)",
    ),
    "What is under a legal hold, in which matter?": (
        "retail-telehealth: under a legal hold: Inquiry of March 2028, since 2028-03-09 (Ines Marchetti)",
    ),
    "What must we keep, until when, and why?": (
        "retail-telehealth stays open",
        "clinic-lease stays 2035-06-30",
        "Inquiry of March 2028",
    ),
    "Give me the file for the auditor.": ("written: auditor.zip:", "left out as privileged"),
    "What falls due in March?": (
        "2028-03-15 Larkmoor Health System: pay the rent clinic-lease asserted/pay-the-rent#3",
        "2028-03-09 Larkmoor, Cornerway: send the agenda of a regular meeting",
    ),
    "By when must we give notice, or the agreement goes on or ends?": (
        "2028-04-01 each party: give notice, if the agreement is not to go on as it says clinic-lease notice#1",
        "2028-12-19 each party: sign a writing that extends the Term, if the Parties choose to extend it",
    ),
    "What ends in the next twelve months?": ("2028-06-30 End clinic-lease dates/end",),
    "What is overdue with Cornerway?": (
        "2027-02-26 Cornerway: provide 18 Private Rooms overdue",
        "2027-06-02 Cornerway: deliver the Monthly store report for the period",
    ),
    "What waits for something to happen?": (
        "open each party: allow an audit of the records of costs and sums",
        "15 days after the day of audit notice, which is not recorded yet",
    ),
    "Which agreements has nobody to look after?": ("billing-transparency 0.4", "imaging-reads registered"),
    "What was promised, and what was paid?": (
        "**Budget:** USD 1,890,000",
        "| June 28, 2027 | USD 42,500 |",
        "Paid in all, as far as it is on record: USD 42,500.",
    ),
    "Which law governs, and where is the cap on liability?": (
        "Retail Telehealth Network (retail-telehealth)",
        "Cap on liability USD 2,000,000",
        "Lease of clinic rooms (clinic-lease)",
        "Governing law the State of Ohio",
    ),
    "Of what would whom be reminded today?": (
        "To Mara Quillon <mara.quillon@larkmoor.example>",
        "2028-04-01: each party: give notice, if the agreement is not to go on as it says",
        "clausebook answer clinic-lease notice#1 renew|end|renegotiate",
    ),
    "What does the committee have to talk about?": ("Agenda", "To be reported on"),
}


def asked() -> Iterator[tuple[str, str]]:
    """Yield each question of the guide with its command."""
    for line in PAGE.splitlines():
        if row := re.fullmatch(r"\| (?P<question>[^|]+) \| `(?P<command>clausebook [^`]+)` \|", line):
            yield row["question"], row["command"]


QUESTIONS = dict(asked())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with an executed agreement that was lived for a year, a draft, and papers of others."""
    root = tmp_path_factory.mktemp("house")
    for name in ("templates", "schemas"):
        shutil.copytree(ROOT / name, root / name)
    for path in ("approvers.yaml", "mkdocs.yml"):
        shutil.copy(ROOT / path, root)
    for name in ("retail-telehealth", "retail-telehealth-amendment-1", "billing-transparency"):
        for path in (f"agreements/{name}", f"agreements/executed/{name}"):
            if (ROOT / path).is_dir():
                shutil.copytree(ROOT / path, root / path)
        shutil.copy(ROOT / f"agreements/{name}.yaml", root / "agreements")
    shutil.copytree(OWN, root, dirs_exist_ok=True)
    for name, pages in PAPERS.items():
        (root / "papers" / name).write_bytes(pdf(*pages))
    sheets = ["--facts", str(root / "papers/facts.csv"), "--duties", str(root / "papers/duties.csv")]
    run(root, "register", "--batch", str(root / "papers"), *sheets, "--by", "Ada Quill", "--date", "2025-01-10")
    who = ("-c", "user.name=Ada Quill", "-c", "user.email=ada.quill@larkmoor.example")
    for step in (("init", "--quiet", "--initial-branch=main"), ("add", "."), ("commit", "--quiet", "-m", "All of it")):
        subprocess.run(["git", *who, *step], cwd=root, check=True, capture_output=True)
    return root


def run(root: Path, *arguments: str) -> str:
    """Run a command in a repository, which has to work; return what it prints, with spaces and line ends as one."""
    before = Path.cwd()
    os.chdir(root)
    try:
        done = CliRunner().invoke(cli.cli, arguments, prog_name="clausebook")
    finally:
        os.chdir(before)
    assert done.exit_code == 0, done.output
    return done.output


def test_there_are_ten_questions_of_each_and_every_one_has_its_answer() -> None:
    assert len(QUESTIONS) == 20
    assert list(QUESTIONS) == list(ANSWERS)


@pytest.mark.parametrize("question", ANSWERS)
def test_one_command_answers(house: Path, question: str) -> None:
    output = run(house, *shlex.split(QUESTIONS[question])[1:])
    for name in re.findall(r"\S+\.md", output):
        output += (house / name).read_text(encoding="utf-8")
    told = " ".join(output.split())
    for answer in ANSWERS[question]:
        assert answer in told


def test_what_is_no_answer_is_not_listed(house: Path) -> None:
    def told(question: str) -> str:
        return run(house, *shlex.split(QUESTIONS[question])[1:])

    assert "regulatory-cms/screen-for-exclusion#1," not in told("Whose exclusion screening is overdue?")
    assert "retail-telehealth dates/end" not in told("What ends in the next twelve months?")
    assert "draft" not in told("What falls due in March?")
    nobody = told("Which agreements has nobody to look after?")
    assert "clinic-lease" not in nobody
    assert "retail-telehealth" not in nobody
    told("Give me the file for the auditor.")
    assert "dossier-retail-telehealth/SHA256SUMS" in zipfile.ZipFile(house / "auditor.zip").namelist()


def test_the_example_of_facts_is_a_whole_one(tmp_path: Path) -> None:
    root = shapes_repository(tmp_path, "boats")
    (root / "templates/charter/facts.yaml").write_text(marked_block("templates/README.md", "facts-example"), "utf-8")
    assert "End of the charter" in run(root, "obligations", "--assume", "last-signature=2027-01-15")
    assert "MISSING Due" in " ".join(run(root, "registers", "logs").split())


@pytest.mark.slow("a program of its own, as the forge starts it")
@pytest.mark.skipif(os.name == "nt", reason="the workflow runs on Linux")
def test_the_workflow_opens_an_issue_for_each_owner(house: Path, tmp_path: Path) -> None:
    workflow = YAML(typ="safe", pure=True).load(marked_block("docs/pipelines.md", "reminders"))
    _, asking, opening, keeping = workflow["jobs"]["remind"]["steps"]
    assert "remind --as-of" in asking["run"]
    assert "agreements/journal" in keeping["run"]
    assert not [step for step in (asking, opening, keeping) if "${{" in step["run"]]
    told = run(house, "remind", "--as-of", "2028-03-20", "--dry-run", "--format", "json")
    (tmp_path / "reminders.json").write_text(told, encoding="utf-8")
    gh = tmp_path / "gh"
    gh.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$@" >> "$RUNNER_TEMP/asked"\ncat >> "$RUNNER_TEMP/asked"\n', encoding="utf-8"
    )
    gh.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "RUNNER_TEMP": str(tmp_path)}
    subprocess.run(["bash", "-e", "-c", opening["run"]], env=environment, check=True, capture_output=True)
    asked_for = (tmp_path / "asked").read_text(encoding="utf-8")
    assert "--title=Mara Quillon: " in asked_for
    assert "      2028-04-01: each party: give notice, if the agreement is not to go on as it says" in asked_for
