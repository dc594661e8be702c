"""Amendments case by case: `tests/cases/amendments/*/` hold an edit of a deal, and what its amendment says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clausebook.document.words import words
from clausebook.language.sandbox import Sandbox
from tests.support.amendment_cases import NAMES_OF_CASES, amended, golden, put_golden, refusal

pytestmark = pytest.mark.slow("whole deals are executed and amended, each text proven")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.mark.parametrize("name", NAMES_OF_CASES)
def test_case(name: str, tmp_path: Path, sandbox: Sandbox, update_golden: bool) -> None:
    found = amended(name, tmp_path, sandbox)
    if isinstance(found, str):
        wanted = refusal(name)
        assert [each for each in wanted if each not in found] == [], found
        assert wanted
        return
    assert [each.message for each in found.amendment.findings if each.severity == "error"] == []
    # What was executed and the changes make the draft, word for word.
    restated = found.past.amendments[-1].restated
    assert restated is not None
    assert found.agreement.document is not None
    assert words(restated) == words(found.agreement.document)
    if update_golden:
        put_golden(name, found.said)
    said = golden(name)
    assert said, "a case says what its amendment must say"
    assert {each: found.said[each] for each in said} == said
