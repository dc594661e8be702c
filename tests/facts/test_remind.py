"""`clausebook remind` and `clausebook answer`: one message an owner, nothing twice, and in the end the deputy."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli

OWNER, DEPUTY = "ada@heron.example", "cy@heron.example"


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


def reminded(root: Path, day: str, *more: str) -> dict[str, EmailMessage]:
    """Remind on a day; return the messages by the address that they go to."""
    out = root / "out" / day
    done = invoke(root, "remind", "--as-of", day, "--out", str(out), *more)
    assert "Traceback" not in done.output
    files = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(out.glob("*.eml"))]
    return {each["to"].addresses[0].addr_spec: each for each in files}  # type: ignore[misc]


def test_the_owner_gets_one_message_of_what_is_near_and_nothing_twice(signed: Path) -> None:
    found = reminded(signed, "2027-02-10")
    assert list(found) == [OWNER]
    text = found[OWNER].get_content()
    assert "2027-02-14: Marsh Lane: pay USD 1,200" in text
    assert "reckoned: 30 days after 2027-01-15, last signature; clause 1.1" in text
    assert "2027-05-05" not in text
    assert reminded(signed, "2027-02-11") == {}
    journal = (signed / "agreements" / "journal" / "heron-marsh.yaml").read_text(encoding="utf-8")
    assert journal.count("hire/pay-hire#1") == 1
    assert invoke(signed, "check", "heron-marsh").exit_code == 0


def test_the_deputy_is_told_after_a_while_and_once(signed: Path) -> None:
    reminded(signed, "2027-02-10")
    assert DEPUTY not in reminded(signed, "2027-02-20")
    later = reminded(signed, "2027-02-24")
    assert "you are told as the deputy" in later[DEPUTY].get_content()
    assert DEPUTY not in reminded(signed, "2027-02-25")


def test_the_deputy_stands_in_for_an_owner_who_left(signed: Path) -> None:
    journal = signed / "agreements" / "journal" / "heron-marsh.yaml"
    text = journal.read_text(encoding="utf-8").replace(f"{OWNER}}}", f"{OWNER}, left: 2027-02-01}}")
    journal.write_text(text, encoding="utf-8")
    found = reminded(signed, "2027-02-10")
    assert list(found) == [DEPUTY]
    assert "as the deputy" not in found[DEPUTY].get_content()


def test_an_agreement_without_owner_is_named(signed: Path) -> None:
    done = invoke(signed, "remind", "--as-of", "2027-02-10", "--dry-run")
    assert done.exit_code == 1
    assert "heron-ferry: something falls due, and nobody can be reminded" in done.stderr
    assert "To Ada Sample" in done.stdout
    assert reminded(signed, "2027-02-10"), "a dry run records nothing"


def test_a_window_asks_for_a_decision_and_is_silent_once_it_is_made(signed: Path) -> None:
    text = reminded(signed, "2027-10-15", "--window", "P90D")[OWNER].get_content()
    assert "clausebook answer heron-marsh end/notice#1 renew|end|renegotiate" in text
    done = invoke(signed, "answer", "heron-marsh", "end/notice#1", "renew", "--by", "Ada Sample", "--on", "2027-10-16")
    assert done.exit_code == 0, done.output
    later = reminded(signed, "2027-11-15")
    assert all("end/notice#1" not in each.get_content() for each in later.values())
    unknown = invoke(
        signed, "answer", "heron-marsh", "end/notices", "renew", "--by", "Ada Sample", "--on", "2027-10-16"
    )
    assert unknown.exit_code == 2
    assert "end/notice#1" in unknown.output


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("", "agreements/journal/heron-marsh.yaml"),
        (" ", "agreements/journal/heron-marsh.yaml"),
        ("Ada\u200b Sample", "characters that cannot be seen"),
        ("A" * 5000, "is longer than"),
    ],
)
def test_what_no_journal_can_hold_is_not_written_into_one(signed: Path, by: str, said: str) -> None:
    journal = signed / "agreements" / "journal" / "heron-marsh.yaml"
    before = journal.read_bytes()
    done = invoke(signed, "answer", "heron-marsh", "end/notice#1", "renew", "--by", by, "--on", "2027-10-16")
    assert done.exit_code in (1, 2)
    assert said in done.output
    assert journal.read_bytes() == before


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "Ada\u00e9 ; Bcc: x@y.example", "A" * 200])
def test_a_hostile_name_is_a_name(signed: Path, name: str) -> None:
    journal = signed / "agreements" / "journal" / "heron-marsh.yaml"
    text = journal.read_text(encoding="utf-8").replace("name: Ada Sample", f'name: "{name}"')
    journal.write_text(text, encoding="utf-8")
    found = reminded(signed, "2027-02-10")
    assert list(found) == [OWNER]
    assert found[OWNER]["bcc"] is None
    assert found[OWNER].get_content().startswith(f"{name},\r\n")


def test_a_journal_with_errors_stops_it_with_what_is_wrong(signed: Path) -> None:
    journal = signed / "agreements" / "journal" / "heron-marsh.yaml"
    journal.write_text(journal.read_text(encoding="utf-8") + "events: [{event: damage, on: soon}]\n", encoding="utf-8")
    for command in (("remind", "--as-of", "2027-02-10"), ("obligations", "heron-marsh")):
        done = invoke(signed, *command)
        assert done.exit_code == 1
        assert "agreements/journal/heron-marsh.yaml" in done.output


def test_an_executed_agreement_is_overdue_by_the_day_that_is_named(signed: Path) -> None:
    done = invoke(signed, "obligations", "--overdue", "--as-of", "2027-02-15", "--format", "json")
    assert '"reference": "hire/pay-hire#1"' in done.stdout
    assert "logs/send-log" not in done.stdout


@pytest.mark.parametrize("length", ["P9000Y", "P-1D", "soon", "30"])
def test_a_length_that_cannot_be_reckoned_is_refused_in_words(signed: Path, length: str) -> None:
    for option in ("--ahead", "--window", "--patience"):
        done = invoke(signed, "remind", "--as-of", "2027-02-10", option, length, "--dry-run")
        if option != "--patience":  # nobody was told of anything yet
            assert done.exit_code == 2
            assert "write durations such as P30D" in done.stderr
        assert "failed itself" not in done.output


@pytest.mark.parametrize("command", ["obligations", "facts", "registers", "remind --as-of 2027-02-10 --dry-run"])
def test_a_clause_that_cannot_be_read_is_no_empty_list(signed: Path, command: str) -> None:
    clause = signed / "templates" / "charter" / "clauses" / "hire.md"
    clause.write_text("---\nid: [hire\n---\n", encoding="utf-8")
    done = invoke(signed, *command.split())
    assert (done.exit_code, "templates/charter/clauses/hire.md" in done.output) == (1, True), done.output


@pytest.mark.parametrize("command", ["obligations", "facts", "registers"])
def test_a_draft_that_cannot_be_read_is_told_of_and_stops_no_reminder(signed: Path, command: str) -> None:
    path = signed / "agreements" / "heron-new.yaml"
    path.write_text("format: 2\nid: heron-new\ntype: charter\n", encoding="utf-8")
    done = invoke(signed, command)
    assert (done.exit_code, "agreements/heron-new.yaml" in done.output) == (1, True), done.output
    assert list(reminded(signed, "2027-02-10")) == [OWNER]


@pytest.mark.parametrize("command", ["obligations", "facts", "remind --as-of 2027-02-10 --dry-run"])
def test_a_paper_that_cannot_be_read_is_told_of(signed: Path, command: str) -> None:
    path = signed / "agreements" / "registered" / "lease.yaml"
    path.parent.mkdir()
    path.write_text("file: [", encoding="utf-8")
    done = invoke(signed, *command.split())
    assert (done.exit_code, "agreements/registered/lease.yaml" in done.output) == (1, True), done.output


def test_nothing_is_sent_that_the_journal_cannot_record(signed: Path) -> None:
    journal = signed / "agreements" / "journal" / "heron-marsh.yaml"
    journal.write_text("{owner: {name: Ada Sample, email: ada@heron.example}}\n", encoding="utf-8")
    assert reminded(signed, "2027-02-10") == {}
    done = invoke(signed, "remind", "--as-of", "2027-02-10", "--format", "json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "heron-marsh.yaml" in done.output


@pytest.mark.parametrize(("number", "code"), [("13", 0), ("next", 1), ("13-2", 1)])
def test_evidence_of_an_endless_duty_names_one_of_its_times(signed: Path, number: str, code: int) -> None:
    facts = signed / "templates" / "charter" / "facts.yaml"
    text = facts.read_text(encoding="utf-8")
    first, _, rest = text.partition("due: {earliest: [{latest: [{date: begin, lasting")
    facts.write_text(f"{first}due: {{event: ended}}{rest.partition(chr(10))[1]}{rest.partition(chr(10))[2]}", "utf-8")
    folder = signed / "agreements" / "evidence" / "heron-marsh"
    folder.mkdir(parents=True)
    told = f"closes: logs/send-log/weather-log#{number}\noutcome: done\non: 2028-03-04\nby: Ada Sample\n"
    (folder / "log.yaml").write_text(told, encoding="utf-8")
    done = invoke(signed, "check", "heron-marsh")
    assert (done.exit_code, "core/evidence-stray" in done.output) == (code, code == 1), done.output


@pytest.mark.parametrize("sender", ["legal@heron.example\r\nBcc: all@heron.example", "Legal"])
def test_a_sender_that_is_no_address_is_refused(signed: Path, sender: str) -> None:
    done = invoke(signed, "remind", "--as-of", "2027-02-10", "--out", str(signed / "out"), "--from", sender)
    assert (done.exit_code, "is no address" in done.output) == (2, True), done.output
    assert not (signed / "out").exists()


def test_evidence_of_what_nobody_asks_for_is_refused(signed: Path) -> None:
    done = invoke(signed, "evidence", "heron-marsh", "hire/pay-hir#1", "--by", "Ada", "--on", "2026-03-04")
    assert (done.exit_code, "did you mean" in done.output.casefold()) == (2, True), done.output
    assert not (signed / "agreements" / "evidence").exists()


def test_evidence_of_a_paper_closes_what_is_asserted_of_it(signed: Path) -> None:
    path = signed / "agreements" / "registered" / "lease.yaml"
    path.parent.mkdir()
    told = f"file: {{name: lease.pdf, original: lease.pdf, sha256: '{'0' * 64}', pages: 1, text: all}}\nduties:\n"
    rows = "".join(f"  - {{what: pay rent, by: Ada, on: 2026-01-02, due: 202{year}-01-02}}\n" for year in (7, 8))
    path.write_text(f"{told}{rows}", encoding="utf-8")
    folder = signed / "agreements" / "evidence" / "lease"
    folder.mkdir(parents=True)
    for number in (1, 2):
        closing = f"closes: asserted/pay-rent-1#{number}\noutcome: done\non: 2027-01-02\nby: Ada Sample\n"
        (folder / f"rent-{number}.yaml").write_text(closing, encoding="utf-8")
    done = invoke(signed, "check")
    assert "rent-2.yaml` closes `asserted/pay-rent-1#2`, which `lease` does not ask for" in done.output
    assert "rent-1.yaml" not in done.output
    done = invoke(signed, "obligations", "lease", "--format", "json")
    assert [each["reference"] for each in json.loads(done.stdout)] == [
        "asserted/pay-rent-1#1",
        "asserted/pay-rent-2#1",
    ]


def test_what_each_party_owes_for_itself_is_open_until_all_have_done_it(signed: Path) -> None:
    def state() -> tuple[str, str]:
        done = invoke(signed, "obligations", "heron-marsh", "--reference", "end/notice#1", "--format", "json")
        (found,) = json.loads(done.stdout)
        return found["state"], found["who"]

    def close(*more: str) -> Result:
        return invoke(signed, "evidence", "heron-marsh", "end/notice#1", "--by", "Ada", "--on", "2026-03-04", *more)

    assert close("--party", "heron").exit_code == 0
    assert state() == ("due", "each party (done by Heron)")
    assert close("--party", "heron").exit_code == 2
    assert close("--party", "otter").exit_code == 2
    assert close().exit_code == 2, "for all parties it cannot be closed any more"
    assert close("--party", "marsh").exit_code == 0
    assert state() == ("done on 2026-03-04", "each party")
    assert invoke(signed, "check", "heron-marsh").exit_code == 0


def test_what_is_wrong_with_one_agreement_leaves_the_owners_of_others_to_be_reminded(signed: Path) -> None:
    journals = signed / "agreements" / "journal"
    (journals / "heron-ferry.yaml").write_text("owner: {name: Di Sample, email: di@heron.example}\n", encoding="utf-8")
    broken = journals / "heron-marsh.yaml"
    broken.write_text(broken.read_text(encoding="utf-8") + "events: [{event: damage, on: soon}]\n", encoding="utf-8")
    assert list(reminded(signed, "2027-02-10")) == ["di@heron.example"]
    done = invoke(signed, "remind", "--as-of", "2027-02-11", "--out", str(signed / "out"))
    assert (done.exit_code, "agreements/journal/heron-marsh.yaml" in done.output) == (1, True)
