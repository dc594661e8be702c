"""What a named person lets stand, where, and until when."""

from __future__ import annotations

from pathlib import Path

from clausebook.language.sandbox import Sandbox
from clausebook.project.making import Judging
from clausebook.project.project import Project
from tests.support.rule_cases import CASES, lay


def found(root: Path, as_of: str) -> list[str]:
    with Project(root, Sandbox(), judging=Judging(as_of)) as project:
        return [each.rule for agreement in project.assemble_all() for each in agreement.findings]


def repository(root: Path, case: str) -> Path:
    for folder in (CASES / "_base", CASES / case / "good"):
        lay(folder, root)
    return root


def test_a_waiver_ends(tmp_path: Path) -> None:
    root = repository(tmp_path, "waiver-rule")
    assert found(root, "") == []
    assert found(root, "2027-01-01") == []
    assert found(root, "2027-01-02") == ["core/waiver-lapsed", "loan/notice-short"]


def test_a_waiver_covers_one_place_alone(tmp_path: Path) -> None:
    root = repository(tmp_path, "waiver-rule")
    path = root / "agreements" / "heron-marsh.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("at: /loan/notice", "at: /loan/not"), encoding="utf-8")
    assert found(root, "") == ["loan/notice-short", "core/waiver-useless"]
