"""Which of the things told of an agreement's life after execution do not fit, by the days and names themselves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from clausebook.findings.model import Finding, SourceFile
from clausebook.records.frozen import fixed_data
from clausebook.records.since_execution import contract_data, lifecycle_findings
from clausebook.repository.tree import DiskTree
from tests.support.written_records import AGREEMENT, VERSION, put, put_version

DAY = VERSION.date
SUCCESSORS = {"heron": "", "kite": "heron", "robin": AGREEMENT, "tern": "robin", "a": "b", "b": "a"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("executed")
    put_version(folder)
    return folder


def found(root: Path, status: str, told: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    data = {"status": status} if told is None else {"status": status, "lifecycle": told}
    tree = DiskTree(root)
    findings = lifecycle_findings(tree, AGREEMENT, SourceFile("wren.yaml", lambda _: (1, 1)), data, SUCCESSORS.get)
    assert all(each.hint for each in findings)
    return [(each.rule.removeprefix("core/lifecycle-"), _after(each)) for each in findings]


def _after(finding: Finding) -> str:
    return finding.pointer.removeprefix("/lifecycle")


def renewed(*days: tuple[str, str]) -> list[dict[str, str]]:
    return [{"on": on, "until": until} for on, until in days]


@pytest.mark.parametrize(
    ("status", "told", "wanted"),
    [
        ("executed", None, []),
        ("active", {}, []),
        ("expired", None, [("untold", "/status")]),
        ("terminated", {}, [("untold", "/status")]),
        ("terminated", {"superseded_by": "heron"}, [("untold", "/status")]),
        ("terminated", {"ended": {"on": "2027-01-01"}}, []),
        ("superseded", None, [("untold", "/status")]),
        ("superseded", {"ended": {"on": "2027-01-01"}}, [("untold", "/status")]),
        ("superseded", {"superseded_by": "heron"}, []),
        ("active", {"ended": {"on": "2027-01-01"}}, [("status", "/ended")]),
        ("active", {"superseded_by": "heron"}, [("status", "/superseded_by")]),
    ],
)
def test_the_status_and_what_is_told_go_together(
    root: Path, status: str, told: Mapping[str, Any] | None, wanted: list[tuple[str, str]]
) -> None:
    assert found(root, status, told) == wanted


@pytest.mark.parametrize(
    ("renewals", "ended", "status", "wanted"),
    [
        (renewed((DAY, "2027-01-01")), "", "active", []),
        (renewed(("2026-03-09", "2027-01-01")), "", "active", [("dates", "/renewals/0/on")]),
        (renewed(("2026-05-01", "2027-01-01"), ("2026-05-01", "2027-01-02")), "", "active", []),
        (
            renewed(("2026-05-01", "2027-01-01"), ("2026-04-30", "2027-01-02")),
            "",
            "active",
            [("dates", "/renewals/1/on")],
        ),
        (
            renewed(("2026-05-01", "2027-01-01"), ("2026-05-02", "2027-01-01")),
            "",
            "active",
            [("dates", "/renewals/1/until")],
        ),
        ([], DAY, "terminated", []),
        ([], "2026-03-09", "terminated", [("dates", "/ended/on")]),
        (renewed(("2026-05-01", "2027-01-01")), "2026-05-01", "terminated", []),
        (renewed(("2026-05-01", "2027-01-01")), "2026-04-30", "terminated", [("dates", "/ended/on")]),
        (renewed(("2026-05-01", "2027-01-01")), "2026-04-30", "expired", [("dates", "/ended/on")]),
        (renewed(("2026-05-01", "2027-01-01")), "2026-05-01", "expired", [("expired-early", "/ended/on")]),
        (renewed(("2026-05-01", "2027-01-01")), "2026-12-31", "expired", [("expired-early", "/ended/on")]),
        (renewed(("2026-05-01", "2027-01-01")), "2027-01-01", "expired", []),
    ],
)
def test_days_are_in_order_and_may_be_the_same(
    root: Path, renewals: list[dict[str, str]], ended: str, status: str, wanted: list[tuple[str, str]]
) -> None:
    told: dict[str, Any] = {"renewals": renewals}
    if ended:
        told["ended"] = {"on": ended}
    assert found(root, status, told) == wanted


@pytest.mark.parametrize(
    ("name", "fits"),
    [("heron", True), ("kite", True), ("a", True), ("nobody", False), (AGREEMENT, False), ("tern", False)],
)
def test_a_successor_is_another_agreement_that_does_not_lead_back(root: Path, name: str, fits: bool) -> None:
    wanted = [] if fits else [("successor", "/superseded_by")]
    assert found(root, "superseded", {"superseded_by": name}) == wanted


def test_only_a_record_allows_to_tell_anything_and_one_that_cannot_be_read_says_so_itself(tmp_path: Path) -> None:
    told = {"ended": {"on": "2026-03-09"}}
    assert found(tmp_path, "terminated", told) == [("early", "")]
    assert found(tmp_path, "terminated", None) == []
    put(tmp_path, f"{VERSION.folder}/record.yaml", b"[")
    assert found(tmp_path, "terminated", told) == []


def test_what_became_of_an_agreement_is_no_part_of_the_contract() -> None:
    data = {"title": "A", "status": "active", "lifecycle": {"superseded_by": "heron"}}
    assert contract_data(data) == {"title": "A", "status": "active"}
    assert fixed_data(data) == {"title": "A"}
