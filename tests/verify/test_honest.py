"""Honest files are not insulted: none is called tampered with, and each has the verdict that it deserves.

What each bench holds stands in docs/returned-files.md, made from here with --update-golden.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clausebook.verify.verdict_report import text_report
from tests.support import hostile_returns
from tests.support.honest_returns import HONEST
from tests.support.repositories import ROOT
from tests.support.returned_files import Place, made
from tests.support.tiers import sampled

SAMPLE = [
    "clausebook sign, ed25519 keys",
    "default stamp, rsa keys, sha256",
    "certified by the first, approved by the second",
    "a document time stamp after the signatures",
    "BER of indefinite length",
    "a service's file: audit trail",
    "an owner's password alone",
    "a signature of a kind that nobody knows yet",
]

PAGE = ROOT / "docs" / "returned-files.md"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


@pytest.mark.slow("every honest file is laid out, signed and judged")
@pytest.mark.parametrize("name", sampled(HONEST, SAMPLE, "the other honest files"))
def test_an_honest_file_has_the_verdict_that_it_deserves(name: str, place: Place) -> None:
    found = place.verify(*HONEST[name].make(place.pdf))
    assert found.verdict == HONEST[name].verdict, text_report(found)


def test_the_page_tells_what_is_tried(update_golden: bool) -> None:
    assert len(HONEST) >= 30
    lines = [
        "# Files that come back, and what `verify` says of them",
        "",
        "Made by `pytest tests/verify/test_honest.py --update-golden` from what the tests try.",
        "",
        "## Honest",
        "",
        "| what came back | origin | verdict |",
        "|---|---|---|",
        *(f"| {name} | {each.origin} | {each.verdict} |" for name, each in HONEST.items()),
        "",
        "## Made to deceive",
        "",
        "Each is tried signed in the agreement's own fields and under a service's seal; none is ever `verified`.",
        "",
        "| what is done to the file |",
        "|---|",
        *(f"| {name.replace('_', ' ')} |" for name in hostile_returns.ATTACKS),
        "",
    ]
    text = "\n".join(lines)
    if update_golden:
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text
