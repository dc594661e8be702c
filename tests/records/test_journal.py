"""The journal of an agreement: what stands in it, and what cannot stand in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.records.journal import (
    Answer,
    Conflict,
    Contact,
    Decision,
    Event,
    Feedback,
    Hold,
    Journal,
    Person,
    Release,
    Reminder,
    journal_of,
    stray_journals,
)
from clausebook.repository.tree import MAX_FILE_SIZE, DiskTree
from tests.support.repositories import nda_repository

NAME = "sparrow-finch"
WHOLE = """\
format: 1
owner: {name: Mara Quillon, email: mara@heron.example, left: 2028-01-31}
deputy: {name: <script>alert(1)</script>}
events:
  - {event: commencement, on: 2027-04-19, note: all conditions met}
  - {event: opening, on: 2027-05-02, key: north, by: the opening certificate}
conditions_met: {on: 2027-04-19, by: the closing letter}
renewals: [{on: 2028-01-15, until: 2030-02-28}]
superseded_by: heron
decisions: [{on: 2027-02-03, by: the committee, decision: Open in the north., why: It is ready.}]
conflicts: [{on: 2027-02-03, by: Odile Farrow, party: finch, interest: She owns a boat., handled: She left.}]
contacts: [{party: finch, name: Odile Farrow, role: liaison, email: odile@finch.example, phone: +1 614 555 0142}]
feedback: [{on: 2027-05-11, from: the manager, said: Too early., answer: Noted.}]
answers: [{window: dates/notice#1, answer: renew, on: 2028-09-01, by: Mara Quillon}]
reminders: [{occurrence: "reporting/report/quality-report#3", on: 2027-07-01, to: Mara Quillon}]
holds:
  - {matter: the inquiry, since: 2028-03-09, by: Ines, released: {on: 2028-05-02, by: Ines}}
  - {matter: the audit, since: 2028-03-09, by: Ines}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return nda_repository(tmp_path)


def journal(root: Path, text: str | bytes, name: str = f"{NAME}.yaml") -> tuple[Journal, list[tuple[str, str, int]]]:
    place = root / "agreements" / "journal" / name
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(text.encode() if isinstance(text, str) else text)
    found, findings = journal_of(DiskTree(root), NAME)
    return found, [(each.rule, each.pointer, each.line) for each in findings]


def test_a_journal_is_read_whole(root: Path) -> None:
    found, findings = journal(root, WHOLE)
    assert findings == []
    assert found.owner == Person("Mara Quillon", "mara@heron.example", "2028-01-31")
    assert found.deputy == Person("<script>alert(1)</script>")
    assert found.events == (
        Event("commencement", "2027-04-19", note="all conditions met"),
        Event("opening", "2027-05-02", "north", by="the opening certificate"),
    )
    assert found.decisions == (Decision("2027-02-03", "the committee", "Open in the north.", "It is ready."),)
    assert found.conflicts == (
        Conflict("2027-02-03", "Odile Farrow", "She owns a boat.", party="finch", handled="She left."),
    )
    assert found.contacts == (Contact("Odile Farrow", "finch", "liaison", "odile@finch.example", "+1 614 555 0142"),)
    assert found.feedback == (Feedback("2027-05-11", "the manager", "Too early.", "Noted."),)
    assert found.answers == (Answer("dates/notice#1", "renew", "2028-09-01", "Mara Quillon"),)
    assert found.reminders == (Reminder("reporting/report/quality-report#3", "2027-07-01", "Mara Quillon"),)
    assert found.holds == (
        Hold("the inquiry", "2028-03-09", "Ines", Release("2028-05-02", "Ines")),
        Hold("the audit", "2028-03-09", "Ines"),
    )
    assert list(found.life) == ["conditions_met", "renewals", "superseded_by"]
    assert found.path == f"agreements/journal/{NAME}.yaml"


def test_without_a_file_a_journal_is_empty(root: Path) -> None:
    assert journal_of(DiskTree(root), NAME) == (Journal(), ())


@pytest.mark.parametrize(
    ("text", "rule", "pointer"),
    [
        ("events: [{event: opening, on: 2027-02-30}]", "core/value-date", "/events/0/on"),
        ("events: [{event: opening, on: next week}]", "core/value-date", "/events/0/on"),
        ("owner: {name: Mara, email: mara at heron}", "core/value-email", "/owner/email"),
        (
            'owner: {name: Mara, email: "mara@heron.example\\nBcc: all@finch.example"}',
            "core/value-lines",
            "/owner/email",
        ),
        ('owner: {name: "Mara\\nBcc: all@finch.example"}', "core/value-lines", "/owner/name"),
        ('owner: {name: "Mara\\rBcc: all@finch.example"}', "core/text-hidden-character", "/owner/name"),
        ("owner: Mara", "core/value-type", "/owner"),
        ("owner: {email: mara@heron.example}", "core/property-missing", "/owner"),
        ("spark: {}", "core/list-length", "/spark"),
        (
            "answers: [{window: '../x', answer: renew, on: 2027-01-01, by: M}]",
            "core/value-pattern",
            "/answers/0/window",
        ),
        ("answers: [{window: x, answer: maybe, on: 2027-01-01, by: M}]", "core/value-unknown", "/answers/0/answer"),
        ("format: 2", "core/format-unknown", "/format"),
        ("# $schema: https://heron.example/journal.json\nowner: {name: M}", "core/schema-from-network", ""),
        ("- owner", "core/yaml-not-a-mapping", ""),
    ],
)
def test_what_cannot_be_is_found_at_its_place_and_nothing_else_is_read(
    root: Path, text: str, rule: str, pointer: str
) -> None:
    found, findings = journal(root, f"{text}\n")
    assert (rule, pointer) in [each[:2] for each in findings]
    assert found == Journal(f"agreements/journal/{NAME}.yaml")


def test_a_journal_is_bounded(root: Path) -> None:
    found, findings = journal(root, b"#" * (MAX_FILE_SIZE + 1))
    assert [each[0] for each in findings] == ["core/file-unreadable"]
    assert found.owner is None


def test_of_two_journals_the_first_is_read(root: Path) -> None:
    journal(root, "owner: {name: Mara}\n")
    found, findings = journal(root, "owner: {name: Ivo}\n", f"{NAME}.yml")
    assert [each[0] for each in findings] == ["core/journal-repeated"]
    assert found.owner == Person("Mara")


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ([f"{NAME}.yaml"], []),
        (["README.md", ".gitkeep"], []),
        (["heron.yaml"], ["core/journal-unknown"]),
        ([f"{NAME}.txt"], ["core/journal-unknown"]),
        ([f"{NAME.title()}.yaml"], ["core/journal-unknown"]),
        ([f"{NAME}.yaml", f"{NAME.title()}.YAML"], ["core/journal-repeated"]),
    ],
)
def test_each_file_is_the_journal_of_an_agreement(root: Path, names: list[str], wanted: list[str]) -> None:
    for name in names:
        journal(root, "owner: {name: Mara}\n", name)
    assert [each.rule for each in stray_journals(DiskTree(root), [NAME])] == wanted
