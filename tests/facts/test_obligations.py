"""`clausebook obligations`: what falls due, with its arithmetic, for people, programs, spreadsheets and calendars."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from datetime import date
from pathlib import Path

import pytest
import vobject
from click.testing import CliRunner, Result
from icalendar import Calendar

from clausebook.cli import main as cli
from clausebook.facts.duties.due_item import DueItem
from clausebook.facts.duties.duty_names import told_apart
from clausebook.facts.duties.editions import EPOCH, Edition
from clausebook.facts.duties.feed import feed
from clausebook.facts.duties.model import Duty
from clausebook.language.sandbox import Sandbox
from tests.support.executed_repositories import record

SIGNED = ("--assume", "last-signature=2027-01-15")


def invoke(root: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


def listed(root: Path, *arguments: str) -> dict[str, dict[str, str]]:
    """Return what is listed by agreement and reference."""
    done = invoke(root, "obligations", *arguments, "--format", "json")
    assert done.exit_code == 0, done.output
    return {f"{each['agreement']}:{each['reference']}": each for each in json.loads(done.stdout)}


def test_every_day_is_told_with_its_arithmetic_and_its_place(boats: Path) -> None:
    found = listed(boats, "heron-marsh", *SIGNED)
    told = {name.partition(":")[2]: (each["due"], each["reckoning"], each["place"]) for name, each in found.items()}
    begin = "2027-01-31, Beginning of the charter (1.1(a))"
    assert told["dates/begin"] == ("2027-01-31", "2027-01-31", "1.1(a)")
    assert told["dates/end"] == ("2028-01-30", f"the last day of 1 year from {begin}", "1.1(a)")
    assert told["dates/drydock"] == ("2027-02-12", f"10 business days (US) after {begin}", "")
    assert told["hire/pay-hire#1"] == ("2027-02-14", "30 days after 2027-01-15, last signature", "1.1")
    assert told["end/notice#1"] == ("2027-12-31", "30 days before 2028-01-30, End of the charter (1.1(a))", "1.4")
    third = f"5 days after 2027-04-30, the end of period 3, each of 1 month from {begin}"
    assert told["logs/send-log/weather-log#3"] == ("2027-05-05", third, "1.2")
    logs = [name for name in told if name.startswith("logs/send-log/weather-log#")]
    assert len(logs) == 12
    assert told["logs/send-log/weather-log#12"][0] == "2028-02-04"


def test_what_nobody_signed_is_open_and_says_for_what_it_waits(boats: Path) -> None:
    found = listed(boats, "heron-marsh")
    assert {each["due"] for each in found.values()} == {""}
    assert found["heron-marsh:end/notice#1"]["open"] == "open: last signature"
    assert {each["state"] for each in found.values()} == {"draft"}


def test_each_event_that_the_journal_records_begins_its_own_time(boats: Path) -> None:
    journal = boats / "agreements" / "journal" / "heron-marsh.yaml"
    events = "events:\n- {event: damage, on: 2027-04-01, key: oar}\n- {event: damage, on: 2027-03-01, key: keel}\n"
    journal.write_text(journal.read_text(encoding="utf-8") + events, encoding="utf-8")
    found = listed(boats, *SIGNED)
    assert found["heron-marsh:care/tell-damage#keel"]["due"] == "2027-03-03"
    assert found["heron-marsh:care/tell-damage#oar"]["due"] == "2027-04-03"
    assert found["heron-ferry:care/tell-damage#1"]["open"] == "open: damage"


def test_an_event_with_the_key_of_an_item_is_about_that_item_alone(boats: Path) -> None:
    clause = boats / "templates" / "charter" / "clauses" / "logs.md"
    declared = "obligations:\n  - {who: its author, what: mend it, id: mend, each: {log: this.logs}, item: log.title, "
    declared += "due: {event: log-wrong, plus: \"'P3D'\", repeats: true}}\n"
    clause.write_text(clause.read_text(encoding="utf-8").replace("obligations:\n", declared), encoding="utf-8")
    journal = boats / "agreements" / "journal" / "heron-marsh.yaml"
    events = "events:\n  - {event: log-wrong, on: 2027-03-01, key: weather-log}\n"
    events += "  - {event: log-wrong, on: 2027-04-01, key: spring}\n"
    journal.write_text(journal.read_text(encoding="utf-8") + events, encoding="utf-8")
    found = {name: each["due"] for name, each in listed(boats, "heron-marsh").items() if ":logs/mend" in name}
    assert found == {
        "heron-marsh:logs/mend/weather-log#weather-log": "2027-03-04",
        "heron-marsh:logs/mend/weather-log#spring": "2027-04-04",
        "heron-marsh:logs/mend/damage-log#spring": "2027-04-04",
    }


def test_the_days_the_party_and_the_kind_narrow_the_list(boats: Path) -> None:
    march = listed(boats, *SIGNED, "--from", "2027-03-01", "--to", "2027-03-31")
    dated = {name for name, each in march.items() if each["due"]}
    assert dated == {f"{name}:logs/send-log/weather-log#1" for name in ("heron-ferry", "heron-marsh")}
    mine = listed(boats, "heron-marsh", *SIGNED, "--party", "Marsh Lane", "--kind", "report")
    assert {each["who"] for each in mine.values()} == {"Marsh Lane"}
    assert all(name.startswith("heron-marsh:logs/send-log/weather-log#") for name in mine)
    by_key = listed(boats, "heron-marsh", *SIGNED, "--party", "marsh", "--kind", "report")
    assert by_key == mine


def test_each_party_of_an_agreement_is_nobody_of_another(boats: Path) -> None:
    deal = boats / "agreements" / "heron-ferry.yaml"
    deal.write_text(deal.read_text(encoding="utf-8").replace("Marsh Lane", "Ferry Row"), encoding="utf-8")
    theirs = listed(boats, *SIGNED, "--party", "Ferry Row")
    assert theirs
    assert {each["agreement"] for each in theirs.values()} == {"heron-ferry"}


@pytest.mark.parametrize(
    ("option", "said", "meant"),
    [
        ("--party", "Marsh Lene", "did you mean `Marsh Lane`"),
        ("--kind", "reports", "did you mean `report`"),
        ("--reference", "date/end", "did you mean `dates/end`"),
        ("--assume", "last-signatur=2027-01-15", "did you mean `last-signature`"),
        ("--assume", "damaged=2027-01-15", "did you mean `damage`"),
    ],
)
def test_a_name_that_nothing_has_is_no_empty_list(boats: Path, option: str, said: str, meant: str) -> None:
    done = invoke(boats, "obligations", option, said)
    assert done.exit_code == 2
    assert meant in done.stderr


def test_a_reference_narrows_the_list_to_what_is_below_it(boats: Path) -> None:
    assert set(listed(boats, "heron-marsh", *SIGNED, "--reference", "dates/end")) == {"heron-marsh:dates/end"}
    logs = listed(boats, "heron-marsh", *SIGNED, "--reference", "logs")
    assert logs
    assert all(name.startswith("heron-marsh:logs/") for name in logs)
    assert set(listed(boats, "heron-marsh", *SIGNED, "--reference", "end/notice#1")) == {"heron-marsh:end/notice#1"}


def test_what_waits_what_is_closed_and_what_is_signed_are_lists_of_their_own(boats: Path) -> None:
    evidence = boats / "agreements" / "evidence" / "heron-marsh"
    evidence.mkdir(parents=True)
    closing = "closes: end/notice#1\noutcome: waived\non: 2027-12-30\nby: Ada Sample\nwhy: Both knew.\n"
    (evidence / "notice.yaml").write_text(closing, encoding="utf-8")
    waiting = listed(boats, "heron-marsh", *SIGNED, "--open")
    assert set(waiting) == {"heron-marsh:care/tell-damage#1"}
    assert set(listed(boats, *SIGNED, "--closed")) == {"heron-marsh:end/notice#1"}
    assert set(listed(boats, *SIGNED, "--closed", "--open")) >= {*waiting, "heron-marsh:end/notice#1"}
    assert listed(boats, *SIGNED, "--signed") == {}
    shown = invoke(boats, "obligations", "--closed").stdout
    assert "waived on 2027-12-30 by Ada Sample" in shown
    assert "agreements/evidence/heron-marsh/notice.yaml" in shown


def test_what_waits_is_in_no_span_of_days_unless_asked_for(boats: Path) -> None:
    days = (*SIGNED, "--from", "2027-03-01", "--to", "2027-03-31")
    assert all(each["due"] for each in listed(boats, *days).values())
    assert "heron-marsh:care/tell-damage#1" in listed(boats, *days, "--open")


def test_days_in_the_wrong_order_are_refused(boats: Path) -> None:
    done = invoke(boats, "obligations", "--from", "2027-03-31", "--to", "2027-03-01")
    assert done.exit_code == 2
    assert "--to 2027-03-01 is before --from 2027-03-31" in done.output


def test_a_person_sees_what_to_copy_in_lines_that_fit(boats: Path) -> None:
    lines = invoke(boats, "obligations", "heron-marsh", *SIGNED).stdout.splitlines()
    assert max(map(len, lines)) <= 100
    assert any("heron-marsh end/notice#1, 1.4" in line for line in lines)
    assert invoke(boats, "obligations", "heron-marsh", *SIGNED, "--wide").stdout.split()[:4] == [
        "due", "agreement", "who", "what",
    ]  # fmt: skip


def test_duties_without_a_day_are_listed_when_asked_for(boats: Path) -> None:
    assert "heron-marsh:care/keep-dry" not in listed(boats)
    assert listed(boats, "--standing")["heron-marsh:care/keep-dry"]["open"] == "throughout"


def test_overdue_needs_a_day_and_nothing_is_overdue_that_nobody_signed(boats: Path) -> None:
    done = invoke(boats, "obligations", "--overdue")
    assert done.exit_code == 2
    assert "--as-of" in done.output
    assert listed(boats, *SIGNED, "--overdue", "--as-of", "2027-12-31") == {}


@pytest.mark.parametrize(("declared", "state"), [("", "overdue"), ("lapses: true, ", "over")])
def test_nobody_is_late_with_what_lapses(boats: Path, declared: str, state: str) -> None:
    clause = boats / "templates" / "charter" / "clauses" / "logs.md"
    entry = f"obligations:\n  - {{who: all, what: object, id: object, {declared}"
    entry += "due: {event: last-signature, plus: \"'P3D'\"}}\n"
    clause.write_text(clause.read_text(encoding="utf-8").replace("obligations:\n", entry), encoding="utf-8")
    with Sandbox() as sandbox:
        record(boats, "heron-marsh", "2027-01-15", sandbox)
    found = listed(boats, "heron-marsh", "--as-of", "2027-12-31")
    assert found["heron-marsh:logs/object#1"]["state"] == state
    assert listed(boats, "heron-marsh", "--as-of", "2027-01-16")["heron-marsh:logs/object#1"]["state"] == "due"
    (facts,) = json.loads(invoke(boats, "facts", "heron-marsh").stdout)
    assert [each.get("lapses", False) for each in facts["duties"] if each["id"] == "logs/object"] == [bool(declared)]


@pytest.mark.parametrize("said", ["soon", "2027-02-30", "last-signature"])
def test_a_day_that_is_none_is_refused_in_words(boats: Path, said: str) -> None:
    for arguments in (("--from", said), ("--assume", f"x={said}" if said != "last-signature" else said)):
        done = invoke(boats, "obligations", *arguments)
        assert done.exit_code == 2
        assert "Traceback" not in done.output


def test_a_spreadsheet_gets_rows_in_which_no_cell_is_a_formula(boats: Path) -> None:
    deal = boats / "agreements" / "heron-marsh.yaml"
    deal.write_text(deal.read_text(encoding="utf-8").replace("title: Weather log", 'title: "=1+1"'), encoding="utf-8")
    done = invoke(boats, "obligations", "heron-marsh", *SIGNED, "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows[0][:4] == ["due", "agreement", "who", "what"]
    assert any(row[3] == "send the =1+1" for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_two_parsers_read_the_same_calendar(boats: Path) -> None:
    done = invoke(boats, "obligations", *SIGNED, "--format", "ics")
    first = {str(each["uid"]): each["dtstart"].dt for each in Calendar.from_ical(done.stdout).walk("VEVENT")}
    second = {
        each.uid.value: each.dtstart.value
        for each in vobject.readOne(done.stdout).components()
        if each.name == "VEVENT"
    }
    assert first == second
    expected = {name: each["due"] for name, each in listed(boats, *SIGNED).items() if each["due"]}
    assert sorted(day.isoformat() for day in first.values()) == sorted(expected.values())


def test_hostile_words_stay_one_entry(boats: Path) -> None:
    deal = boats / "agreements" / "heron-marsh.yaml"
    hostile = 'title: "x;y,z\\\\nEND:VEVENT BEGIN:VEVENT UID:evil"'
    deal.write_text(deal.read_text(encoding="utf-8").replace("title: Weather log", hostile), encoding="utf-8")
    done = invoke(boats, "obligations", "heron-marsh", *SIGNED, "--format", "ics")
    events = Calendar.from_ical(done.stdout).walk("VEVENT")
    assert not [each for each in events if "evil@" in str(each["uid"]) or str(each["uid"]) == "evil"]
    assert any("UID:evil" in str(each["summary"]) for each in events)
    assert all(len(line) <= 75 for line in done.stdout_bytes.split(b"\r\n"))


def item(number: int, due: date) -> DueItem:
    """Return something that falls due."""
    told = ("report", ("heron",), "Heron", f"send log {number}", "the end of the period", "1.2", "due")
    return DueItem(due.isoformat(), "", "heron-marsh", "Charter", f"logs/send-log#{number}", *told)


def test_a_thousand_entries_are_read_by_both_parsers() -> None:
    days = [date.fromordinal(date(2027, 1, 1).toordinal() + number) for number in range(1000)]
    content = feed([item(number, day) for number, day in enumerate(days)], {}).decode()
    assert len({str(each["uid"]) for each in Calendar.from_ical(content).walk("VEVENT")}) == 1000
    assert len(vobject.readOne(content).contents["vevent"]) == 1000


def test_a_moved_day_keeps_its_name_and_gets_a_higher_number() -> None:
    later = Edition(EPOCH.number + 1, EPOCH.stamp)
    before, after = (
        Calendar.from_ical(feed([item(1, day)], {"heron-marsh": edition})).walk("VEVENT")[0]
        for day, edition in ((date(2027, 3, 1), EPOCH), (date(2027, 4, 1), later))
    )
    assert before["uid"] == after["uid"]
    assert before["dtstart"].dt < after["dtstart"].dt
    assert before["sequence"] < after["sequence"]


def git(root: Path, *arguments: str) -> None:
    """Run git in a repository, as one person on one day."""
    who = ("-c", "user.name=Ada Sample", "-c", "user.email=ada@heron.example")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


@pytest.mark.slow("a real git repository")
def test_a_commit_that_moves_a_day_raises_the_number_of_its_agreement_alone(boats: Path) -> None:
    def numbers() -> dict[str, int]:
        done = invoke(boats, "obligations", *SIGNED, "--format", "ics")
        events = Calendar.from_ical(done.stdout).walk("VEVENT")
        return {str(each["uid"]).partition("/")[0]: int(each["sequence"]) for each in events}

    written = """\
file: {name: lease.pdf, original: lease.pdf, sha256: %s, pages: 1, text: all}
facts: [{fact: end, value: 2029-04-30, by: Ada Sample, on: 2027-01-02}]
"""
    (boats / "agreements" / "registered").mkdir()
    (boats / "agreements" / "registered" / "lease.yaml").write_text(written % ("0" * 64), encoding="utf-8")
    git(boats, "init", "--quiet")
    git(boats, "add", ".")
    git(boats, "commit", "--quiet", "--message", "Begin")
    first = numbers()
    deal = boats / "agreements" / "heron-marsh.yaml"
    deal.write_text(deal.read_text(encoding="utf-8").replace("lasts: P1Y", "lasts: P2Y"), encoding="utf-8")
    git(boats, "commit", "--quiet", "--all", "--message", "Lengthen")
    first["heron-marsh"] += 1
    assert numbers() == first
    paper = boats / "agreements" / "registered" / "lease.yaml"
    paper.write_text(paper.read_text(encoding="utf-8").replace("2029-04-30", "2030-04-30"), encoding="utf-8")
    git(boats, "commit", "--quiet", "--all", "--message", "Read it again")
    first["lease"] += 1
    assert numbers() == first
    # What a clause declares moves the days of whoever uses it.
    clause = boats / "templates" / "charter" / "clauses" / "end.md"
    clause.write_text(clause.read_text(encoding="utf-8").replace("P30D", "P45D"), encoding="utf-8")
    git(boats, "commit", "--quiet", "--all", "--message", "Correct the days")
    assert numbers() == {name: number + 1 for name, number in first.items()}


def test_what_the_journal_records_in_the_time_of_a_duty_shows_that_it_was_performed(boats: Path) -> None:
    clause = boats / "templates" / "charter" / "clauses" / "logs.md"
    declared = "obligations:\n  - {who: both, what: meet, id: meet, kind: meeting, shown_by: talk, "
    declared += "due: {date: begin, every: \"'P1M'\"}}\n"
    clause.write_text(clause.read_text(encoding="utf-8").replace("obligations:\n", declared), encoding="utf-8")
    journal = boats / "agreements" / "journal" / "heron-marsh.yaml"
    events = "events:\n  - {event: talk, on: 2027-02-20, key: first}\n"
    events += "  - {event: talk, on: 2027-04-02, key: later}\n"
    journal.write_text(journal.read_text(encoding="utf-8") + events, encoding="utf-8")
    found = listed(boats, "heron-marsh", *SIGNED, "--as-of", "2027-06-01")
    states = [each["state"] for name, each in found.items() if ":logs/meet" in name][:4]
    assert states == ["done on 2027-02-20", "draft", "done on 2027-04-02", "draft"]


def named_logs(root: Path, *titles: str) -> None:
    """Give the charter of the heron-marsh logs of these titles."""
    path = root / "agreements" / "heron-marsh.yaml"
    kept = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first = kept.index("  logs:\n") + 1
    kept[first : first + 2] = [f"    - {{title: {each}, author: marsh, every: monthly}}\n" for each in titles]
    path.write_text("".join(kept), encoding="utf-8")


@pytest.mark.parametrize(
    "titles", [("Log", "Log", "Log 2", "Log"), ("Log 2", "Log 2", "Log-2-2", "Log"), ("A" * 70, "A" * 80, "A" * 60)]
)
def test_no_two_duties_share_a_reference_whatever_their_titles(boats: Path, titles: tuple[str, ...]) -> None:
    named_logs(boats, *titles)
    done = invoke(boats, "obligations", "heron-marsh", *SIGNED, "--format", "json")
    references = [each["reference"] for each in json.loads(done.stdout)]
    assert len(references) == len(set(references))
    assert sum(each.startswith("logs/send-log/") and each.endswith("#1") for each in references) == len(titles)


@pytest.mark.parametrize("title", ["Qualitätsbericht", "Κατάσταση", "Отчёт о рейсах", "İstanbul"])
def test_a_duty_is_closed_and_reminded_of_in_whatever_letters_it_is_named(boats: Path, title: str) -> None:
    named_logs(boats, title)
    [reference] = [
        each["reference"] for each in listed(boats, "heron-marsh").values() if each["reference"].startswith("logs/")
    ]
    done = invoke(boats, "evidence", "heron-marsh", reference, "--by", "Ada", "--on", "2026-03-04")
    assert done.exit_code == 0, done.output
    journal = boats / "agreements" / "journal" / "heron-marsh.yaml"
    told = f"reminders:\n  - {{occurrence: {reference}, on: 2027-03-01, to: Ada}}\n"
    journal.write_text(journal.read_text(encoding="utf-8") + told, encoding="utf-8")
    assert invoke(boats, "check").exit_code == 0
    assert listed(boats, "heron-marsh")[f"heron-marsh:{reference}"]["state"] == "done on 2026-03-04"


def test_a_library_that_lists_without_end_is_refused(boats: Path) -> None:
    named_logs(boats, *(f"Log {number}" for number in range(12)))
    deal, clause = boats / "agreements/heron-marsh.yaml", boats / "templates/charter/clauses/logs.md"
    deal.write_text(deal.read_text(encoding="utf-8").replace("lasts: P1Y", "lasts: P100Y"), encoding="utf-8")
    text = clause.read_text(encoding="utf-8").replace("each: {log:", "each: {one: this.logs, other: this.logs, log:")
    clause.write_text(text.replace("every: log.every", """every: "'daily'\""""), encoding="utf-8")
    done = invoke(boats, "obligations", "heron-marsh", *SIGNED, "--format", "csv")
    assert (done.exit_code, "fall due more than 20,000 times together" in done.output) == (1, True), done.output[-900:]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("every: log.every", "every: quarterly"),
        ("plus: log.due or 'P10D'", "plus: time"),
        ("party: log.author", "party: heron"),
        ("item: log.title", "item: title_of_log"),
        ("this.notice or 'P30D'", "notice"),
        ("value: charter.lasts", "value: lasts"),
        ("value: log.title", "value: titled"),
        ("on: charter.from", "on: begins"),
    ],
)
def test_a_name_that_is_none_is_an_error_and_not_left_out(boats: Path, old: str, new: str) -> None:
    for path in (boats / "templates" / "charter").rglob("*.*"):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    done = invoke(boats, "check")
    said = f"there is nothing of the name `{new.partition(': ')[2] or new}`"
    assert (done.exit_code, said in done.output) == (1, True), done.output


def test_evidence_for_a_duty_that_goes_closes_none_of_its_name() -> None:
    def duty(*parties: str) -> Duty:
        return Duty("logs/send", "report", parties, "send the log", "1.2", "logs@1.0")

    both = [each.id for each in told_apart([duty("heron"), duty("marsh")])]
    assert both == ["logs/send-heron", "logs/send-marsh"]
    (left,) = told_apart([duty("marsh")])
    assert left.id not in both
    assert [each.id for each in told_apart([duty(), duty(), duty("heron")])] == [
        "logs/send-1",
        "logs/send-2",
        "logs/send-heron",
    ]
