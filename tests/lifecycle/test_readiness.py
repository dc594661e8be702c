"""What stands between a text and its signatures: who may bind a house, to what, and what else must be done first."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.cli import main as cli
from clausebook.cli.ready import as_text
from clausebook.lifecycle.readiness import Readiness
from clausebook.rules.silence_list import LeftOpen
from tests.support.rule_cases import CASES, lay

AUTHORITY = """within: P12M
authority:
  - entity: Heron Boatworks Ltd
    office: Director
    limits: [{currency: EUR, amount: 5000}]
    from: 2026-01-01
    until: 2026-12-31
    deputies: [{name: Bo Sample, from: 2026-07-01, until: 2026-07-31}]
"""

RULES = """rules:
  - id: insured
    severity: error
    signing: true
    title: The thing is not insured when the loan is signed
    why: Whoever borrows it pays for it.
    mend: Insure it first.
    when: not loan.insured
    at: [loan.insured]
    message: it is not insured yet
    bad: {loan: {}}
    good: {loan: {insured: true}}
"""


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def deal(root: Path, name: str, amount: int, *, title: str = "Director", signer: str = "Ada Sample") -> None:
    text = (CASES / "_base" / "agreements" / "heron-marsh.yaml").read_text(encoding="utf-8")
    text = text.replace("id: heron-marsh", f"id: {name}")
    pays = f"  notice: P14D\n  insured: true\n  pays: {{amount: {amount}, currency: EUR}}\n"
    text = text.replace("  notice: P14D\n", pays)
    text = text.replace("name: Ada Sample", f"name: {signer}, title: {title}")
    (root / "agreements" / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository of one deal that is ready, with powers at its base."""
    lay(CASES / "_base", tmp_path)
    schema = tmp_path / "schemas" / "loan" / "agreement.schema.json"
    text = schema.read_text(encoding="utf-8")
    money = '"pays": {"type": "object", "properties": {"amount": {"type": "integer"}, "currency": {"type": "string"}}},'
    text = text.replace('"seats":', f'{money}\n        "seats":')
    titled = text.replace('"name": {"type": "string"}}', '"name": {"type": "string"}, "title": {"type": "string"}}')
    schema.write_text(titled, encoding="utf-8")
    (tmp_path / "templates" / "loan" / "approvals.yaml").write_text('commitment: "[loan.pays]"\n', encoding="utf-8")
    (tmp_path / "templates" / "loan" / "rules.yaml").write_text(RULES, encoding="utf-8")
    outline = tmp_path / "templates" / "loan" / "outline.yaml"
    line = '    - {label: "Title:", field: title, value: title}\n'
    outline.write_text(outline.read_text(encoding="utf-8") + line, encoding="utf-8")
    (tmp_path / "authority.yaml").write_text(AUTHORITY, encoding="utf-8")
    (tmp_path / "agreements" / "heron-marsh.yaml").unlink()
    deal(tmp_path, "heron-marsh", 4000)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "user.email", "deal@example.org")
    git(tmp_path, "config", "user.name", "Deal Owner")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "base")
    return tmp_path


@pytest.fixture
def ask(root: Path) -> Callable[..., tuple[int, list[str]]]:
    """Return what asks whether the deal is ready, and gives the exit code and what stands in the way."""

    def asked(as_of: str = "2026-06-01", name: str = "heron-marsh") -> tuple[int, list[str]]:
        done = CliRunner().invoke(cli.cli, ["ready", name, "--as-of", as_of, "--root", str(root)])
        lines = [
            line.removeprefix("not ready: ") for line in done.output.splitlines() if line.startswith("not ready: ")
        ]
        return done.exit_code, lines + [line for line in done.output.splitlines() if ": error:" in line]

    return asked


Ask = Callable[..., tuple[int, list[str]]]


def test_a_deal_within_authority_is_ready(ask: Ask) -> None:
    assert ask() == (0, [])


def test_an_amount_above_the_limit_is_not(root: Path, ask: Ask) -> None:
    deal(root, "heron-marsh", 5001)
    assert ask() == (1, ["Ada Sample (Director) may bind Heron Boatworks Ltd up to EUR 5,000, not 5,001"])


def test_a_commitment_split_in_two_adds_up(root: Path, ask: Ask) -> None:
    deal(root, "heron-marsh-two", 2000)
    said = (
        "Ada Sample (Director) may bind Heron Boatworks Ltd up to EUR 5,000, not 6,000, with 1 more of the same party"
    )
    assert ask() == (1, [said])
    assert ask(name="heron-marsh-two") == (1, [said])


def test_authority_lapses(ask: Ask) -> None:
    assert ask("2027-01-01") == (1, ["the authority of Ada Sample (Director) does not hold on 2027-01-01"])


def test_another_office_has_none(root: Path, ask: Ask) -> None:
    deal(root, "heron-marsh", 10, title="Clerk")
    assert ask() == (1, ["Ada Sample (Clerk) has no authority to bind Heron Boatworks Ltd"])


def test_a_deputy_stands_in_for_a_time(root: Path, ask: Ask) -> None:
    deal(root, "heron-marsh", 10, title="Clerk", signer="Bo Sample")
    assert ask("2026-07-15") == (0, [])
    assert ask("2026-08-01") == (1, ["Bo Sample (Clerk) has no authority to bind Heron Boatworks Ltd"])


def test_powers_of_the_change_itself_count_for_nothing(root: Path, ask: Ask) -> None:
    git(root, "checkout", "-qb", "deal")
    (root / "authority.yaml").write_text(AUTHORITY.replace("5000", "9000"), encoding="utf-8")
    deal(root, "heron-marsh", 8000)
    git(root, "commit", "-qam", "more for everybody")
    assert ask()[0] == 1


def test_what_is_asked_before_signing_is_asked_then_alone(root: Path, ask: Ask) -> None:
    path = root / "agreements" / "heron-marsh.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  insured: true\n", ""), encoding="utf-8")
    code, lines = ask()
    assert (code, len(lines)) == (1, 1)
    assert "it is not insured yet [loan/insured]" in lines[0]
    assert "loan/insured" not in CliRunner().invoke(cli.cli, ["check", "--root", str(root)]).output


def test_what_was_sent_is_told_by_its_version_and_not_by_its_words(root: Path) -> None:
    def told() -> str:
        done = CliRunner().invoke(cli.cli, ["ready", "heron-marsh", "--as-of", "2026-06-01", "--root", str(root)])
        return " ".join(done.output.split())

    done = CliRunner().invoke(cli.cli, ["send", "heron-marsh", "--date", "2024-05-01", "--root", str(root)])
    assert done.exit_code == 0, done.output
    assert "sent last" not in told()
    path = root / "agreements" / "heron-marsh.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('version: "1.0"', 'version: "1.1"'), encoding="utf-8")
    assert "its words were sent last on 2024-05-01 as version 1.0, and not as 1.1" in told()
    path.write_text(path.read_text(encoding="utf-8").replace("P14D", "P15D"), encoding="utf-8")
    assert "the text is not the one that was sent last, on 2024-05-01 as version 1.0" in told()


def test_what_was_waived_is_told(root: Path) -> None:
    path = root / "agreements" / "heron-marsh.yaml"
    waiver = "{rule: loan/insured, at: /loan/insured, reason: The club insures it., by: Ada Sample, until: 2027-01-01}"
    path.write_text(f"{path.read_text(encoding='utf-8')}waivers:\n  - {waiver}\n", encoding="utf-8")
    said = CliRunner().invoke(cli.cli, ["ready", "heron-marsh", "--root", str(root)]).output
    assert "waived by Ada Sample until 2027-01-01: loan/insured at /loan/insured: The club insures it." in said


def test_the_verdict_comes_first_and_last_and_the_reasons_just_before_it(root: Path) -> None:
    path = root / "agreements" / "heron-marsh.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("status: approved", "status: draft"), encoding="utf-8")
    said = CliRunner().invoke(cli.cli, ["ready", "heron-marsh", "--root", str(root)]).output.splitlines()
    verdict = "heron-marsh: 1 thing in the way of signing"
    assert (said[0], said[-1]) == (verdict, verdict)
    assert said[-3] == "not ready: the status is draft: set it to approved"


def test_what_nothing_is_said_of_is_counted_and_not_listed() -> None:
    left = (
        LeftOpen("6.2 Termination", "Notice", ("/notice",), "No Party may end this Agreement for convenience."),
        LeftOpen("2.1 Duties", "Due date", ("/duties/0/due",), ""),
        LeftOpen("2.1 Duties", "Standard", ("/duties/0/standard",), ""),
    )
    assert as_text(Readiness("heron-marsh", (), (), (), left, ())).splitlines() == [
        "heron-marsh is ready to be signed",
        "",
        "heron-marsh: left to the standard",
        "  6.2 Termination",
        "    Notice (/notice): “No Party may end this Agreement for convenience.”",
        "  Of 2 other values nothing is said: clausebook check heron-marsh --silences lists them",
        "",
        "heron-marsh is ready to be signed",
    ]


def test_a_draft_is_not_ready(root: Path, ask: Ask) -> None:
    path = root / "agreements" / "heron-marsh.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("status: approved", "status: draft"), encoding="utf-8")
    assert ask() == (1, ["the status is draft: set it to approved"])


@pytest.mark.parametrize(
    ("entity", "why"),
    [
        ("Heron-Boatworks, Ltd.", "Ada Sample (Director) may bind Heron-Boatworks, Ltd. up to EUR 5,000, not 5,001"),
        (
            "Heron Boatworks Limited",
            "`authority.yaml` names none of the parties, so nobody is known who may bind one to this: "
            "write the legal name as it stands there",
        ),
    ],
)
def test_an_entity_by_another_name_is_not_free_of_its_limits(root: Path, ask: Ask, entity: str, why: str) -> None:
    deal(root, "heron-marsh", 5001)
    path = root / "agreements" / "heron-marsh.yaml"
    path.write_text(path.read_text("utf-8").replace("Heron Boatworks Ltd", json.dumps(entity)), encoding="utf-8")
    assert ask() == (1, [why.replace("Heron-Boatworks, Ltd. up", "Heron Boatworks Ltd up")])


def test_a_commitment_split_over_spellings_adds_up(root: Path, ask: Ask) -> None:
    deal(root, "heron-marsh-two", 2000)
    path = root / "agreements" / "heron-marsh-two.yaml"
    path.write_text(path.read_text("utf-8").replace("Marsh Lane Rowing Club", "Marsh-Lane Rowing Club."), "utf-8")
    assert "not 6,000, with 1 more of the same party" in str(ask())


def test_a_waiver_covers_what_is_asked_only_before_signing(root: Path, ask: Ask) -> None:
    rules, path = root / "templates" / "loan" / "rules.yaml", root / "agreements" / "heron-marsh.yaml"
    text = path.read_text(encoding="utf-8").replace("  insured: true\n", "")
    waiver = {"rule": "loan/insured", "at": "/loan", "reason": "It is old.", "by": "Ada Sample", "until": "2026-12-31"}
    path.write_text(f"{text}waivers: [{json.dumps(waiver)}]\n", encoding="utf-8")
    said = "the error `loan/insured` is waived at /loan until 2026-12-31, by Ada Sample"
    assert ask() == (1, [f"{said}; to be approved by the General Counsel (missing)"])
    rules.write_text(RULES.replace("severity: error", "severity: warning"), encoding="utf-8")
    git(root, "commit", "-qam", "Only warn")
    assert ask() == (0, [])
    assert "waiver" not in CliRunner().invoke(cli.cli, ["check", "--root", str(root)]).output


def test_a_change_does_not_say_itself_what_its_deal_commits_to(root: Path, ask: Ask) -> None:
    git(root, "checkout", "-qb", "deal")
    (root / "templates" / "loan" / "approvals.yaml").write_text("commitment: '[]'\n", encoding="utf-8")
    deal(root, "heron-marsh", 5001)
    git(root, "commit", "-qam", "it costs nothing")
    assert ask() == (1, ["Ada Sample (Director) may bind Heron Boatworks Ltd up to EUR 5,000, not 5,001"])


@pytest.mark.parametrize("pays", ["", "  pays: {currency: EUR}\n", "  pays: {amount: 10}\n"])
def test_an_amount_that_is_not_there_is_not_none(root: Path, ask: Ask, pays: str) -> None:
    path = root / "agreements" / "heron-marsh.yaml"
    text = path.read_text(encoding="utf-8").replace("  pays: {amount: 4000, currency: EUR}\n", pays)
    path.write_text(text, encoding="utf-8")
    assert ask() == (1, ["it cannot be told what the deal commits Heron Boatworks Ltd to"])
