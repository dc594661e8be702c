"""What a journal cannot say, though each of its values is well formed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clausebook.findings.model import SourceFile
from clausebook.records.journal import Event, Journal, Person
from clausebook.records.journal_findings import disagreements, journal_findings, owner_findings
from clausebook.repository.tree import DiskTree
from tests.support.written_records import AGREEMENT, VERSION, put_version

DAY = VERSION.date
BEFORE = "2026-03-09"
AT = SourceFile("journal.yaml", lambda _: (2, 1))
MARA, IVO = Person("Mara", left="2028-01-31"), Person("Ivo")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("executed")
    put_version(folder)
    return folder


def found(root: Path, *events: Event, agreement: str = AGREEMENT) -> list[tuple[str, str]]:
    findings = journal_findings(DiskTree(root), agreement, Journal("journal.yaml", events=events, at=AT))
    return [(each.rule.removeprefix("core/journal-event-"), each.pointer) for each in findings]


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (("",), []),
        (("a", "b"), []),
        (("", "b"), [0]),
        (("a", ""), [1]),
        (("", ""), [0, 1]),
        (("a", "a"), [1]),
        (("a", "b", "a"), [2]),
    ],
)
def test_events_of_one_name_have_keys_of_their_own(root: Path, keys: tuple[str, ...], wanted: list[int]) -> None:
    events = [Event("opening", DAY, key) for key in keys]
    assert found(root, Event("inspection", DAY, "a"), *events) == [("repeated", f"/events/{at + 1}") for at in wanted]


def test_an_event_from_before_the_execution_says_how_that_can_be(root: Path) -> None:
    assert DAY > BEFORE
    assert found(root, Event("opening", DAY)) == []
    assert found(root, Event("opening", BEFORE)) == [("early", "/events/0/on")]
    assert found(root, Event("opening", BEFORE, note="It was inspected before.")) == []
    assert found(root, Event("opening", DAY), agreement="draft") == [("early", "/events/0/on")]
    assert found(root, Event("opening", DAY, note="Before."), agreement="draft") == []


@pytest.mark.parametrize(
    ("owner", "deputy", "wanted"),
    [
        (None, None, "missing"),
        (None, IVO, "missing"),
        (IVO, None, ""),
        (MARA, IVO, ""),
        (MARA, None, "left"),
        (MARA, MARA, "left"),
    ],
)
def test_somebody_looks_after_what_is_executed_and_not_over(
    root: Path, owner: Person | None, deputy: Person | None, wanted: str
) -> None:
    def told(data: dict[str, Any], agreement: str = AGREEMENT, path: str = "journal.yaml") -> list[tuple[str, str]]:
        journal = Journal(path, owner, deputy, at=AT)
        findings = owner_findings(DiskTree(root), agreement, "wren.yaml", journal, data)
        return [(each.rule.removeprefix("core/journal-owner-"), each.path) for each in findings]

    assert told({"status": "active"}) == ([(wanted, "journal.yaml")] if wanted else [])
    # A draft after the executed text changes nothing of that.
    assert told({"status": "draft"}) == told({"status": "active"})
    assert told({"status": "expired"}) == []
    assert told({"status": "active", "amends": {}}) == []
    assert told({"status": "draft"}, "draft") == []
    if wanted == "missing":
        assert told({"status": "active"}, path="") == [(wanted, "wren.yaml")]


def test_file_and_journal_tell_the_same() -> None:
    life = {"renewals": [{"on": "2028-01-15", "until": "2030-02-28"}], "ended": {"on": "2030-02-28"}}
    journal = Journal("journal.yaml", life=life)

    def told(lifecycle: dict[str, Any]) -> list[str]:
        data = {"lifecycle": lifecycle} if lifecycle else {}
        return [each.pointer for each in disagreements(journal, data, AT)]

    assert told({}) == told(life) == told({"superseded_by": "heron"}) == []
    assert told({**life, "ended": {"on": "2030-03-01"}}) == ["/lifecycle/ended"]
    assert journal.after({"lifecycle": {"ended": {}, "superseded_by": "heron"}}) == {
        "lifecycle": {**life, "superseded_by": "heron"}
    }
    assert Journal().after({"title": "A"}) == {"title": "A"}
