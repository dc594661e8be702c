"""No file that came back to deceive is called verified, and each is told for what it is.

What is tried stands in docs/returned-files.md, made from here with --update-golden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from clausebook.verify.verdict_report import json_report, text_report
from tests.support.deceptive_returns import BENCH, deceptive
from tests.support.honest_returns import HONEST
from tests.support.repositories import ROOT
from tests.support.returned_files import Place, made
from tests.support.tiers import sampled

PAGE = ROOT / "docs" / "returned-files.md"
KINDS = ("page", "stamp", "margin", "role", "certificate", "unpainted content", "look")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


@pytest.mark.slow("every way to deceive that is known, as a whole file that is signed and judged")
@pytest.mark.parametrize("name", sampled(BENCH, list(BENCH)[::3], "two thirds of the ways to deceive"))
def test_no_file_that_was_made_to_deceive_is_verified(name: str, place: Place) -> None:
    found, told = BENCH[name](place), deceptive()[name]
    assert found.verdict != "verified"
    assert found.verdict == told.verdict, text_report(found)
    assert any(told.reason in each.words for each in found.reasons), text_report(found)
    assert text_report(found).encode()
    assert json_report(found).encode()


def test_every_kind_is_tried_and_nothing_is_told_that_is_not() -> None:
    told = deceptive()
    assert list(told) == list(BENCH)
    counts = Counter(each.kind for each in told.values())
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 5, "no kind stands on one case alone"
    assert {each.verdict for each in told.values()} <= {"differs", "incomplete", "unknown"}


def test_the_page_tells_what_is_tried(update_golden: bool) -> None:
    honest = Counter(each.verdict for each in HONEST.values())
    told = deceptive()
    lines = [
        "# Files that come back, and what `verify` says of them",
        "",
        "Made by `pytest tests/verify/test_deceptive.py --update-golden` from what the tests try.",
        "",
        "## Honest",
        "",
        f"{len(HONEST)} files: {_counted(honest)}. None is called tampered with.",
        "",
        "| what came back | origin | verdict |",
        "|---|---|---|",
        *(f"| {name} | {each.origin} | {each.verdict} |" for name, each in HONEST.items()),
        "",
        "## Made to deceive",
        "",
        f"{len(told)} files: {_counted(Counter(each.verdict for each in told.values()))}. None is verified.",
        "",
    ]
    for kind in KINDS:
        lines += [f"### {kind.capitalize()}", "", "| what was done | origin | who signed | verdict | reason |"]
        lines += ["|---|---|---|---|---|"]
        lines += [
            f"| {name} | {each.origin} | {each.signed} | {each.verdict} | {each.reason} |"
            for name, each in told.items()
            if each.kind == kind
        ]
        lines.append("")
    text = "\n".join(lines)
    if update_golden:
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text


def _counted(verdicts: Counter[str]) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
