"""Comparing documents, case by case: `tests/cases/compare/*/` hold a left, a right and what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.compare.changes import changes
from clausebook.compare.documents import compare
from clausebook.document.words import words
from tests.support.compare_cases import document, report
from tests.support.redline_resolver import accepted, rejected

CASES = sorted((Path(__file__).parents[1] / "cases" / "compare").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, update_golden: bool) -> None:
    left, right = (document((case / f"{side}.txt").read_text(encoding="utf-8")) for side in ("left", "right"))
    got = report(compare(left, right))
    golden = case / "expected.txt"
    if update_golden:
        golden.write_text(got, encoding="utf-8")
    assert got == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("sides", [("left", "right"), ("right", "left")], ids=["there", "back"])
def test_accepting_and_rejecting(case: Path, sides: tuple[str, str]) -> None:
    old, new = (document((case / f"{side}.txt").read_text(encoding="utf-8")) for side in sides)
    redline = compare(old, new)
    assert words(accepted(redline)) == words(new)
    assert words(rejected(redline)) == words(old)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_differs_from_itself(case: Path) -> None:
    text = (case / "right.txt").read_text(encoding="utf-8")
    assert changes(compare(document(text), document(text))) == ()
