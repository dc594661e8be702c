"""Honest files are not insulted: none is called tampered with, and each has the verdict that it deserves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clausebook.verify.verdict_report import text_report
from tests.support.honest_returns import HONEST
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


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


@pytest.mark.slow("every honest file is laid out, signed and judged")
@pytest.mark.parametrize("name", sampled(HONEST, SAMPLE, "the other honest files"))
def test_an_honest_file_has_the_verdict_that_it_deserves(name: str, place: Place) -> None:
    found = place.verify(*HONEST[name].make(place.pdf))
    assert found.verdict == HONEST[name].verdict, text_report(found)
