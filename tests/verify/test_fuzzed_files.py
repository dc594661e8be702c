"""Files and signatures that chance has damaged: no traceback, bounded time and memory, none verified."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator

import pytest

from clausebook.verify.integrity.examine import examine
from clausebook.verify.verdict_report import json_report, text_report
from tests.support import signing_keys
from tests.support.returned_files import Place, made, signed, trusting
from tests.support.signing_pdfs import signed as small
from tests.support.tiers import examples, sampled

resource = pytest.importorskip("resource", reason="memory is measured where the system tells it")

pytestmark = pytest.mark.slow("files that chance has damaged, by seeds that stay the same")

SECONDS = 10.0
MOST_KIB = 2 << 20
TOKENS = (b"<<", b">>", b"[", b"]", b" 0 R", b"endobj", b"stream\n", b"/Contents", b"/ByteRange", b"99999999999", b"-1")
BLOCKS = sampled(range(20), [0], "fifty more each, of other seeds")


def _flip(pdf: bytes, dice: random.Random) -> bytes:
    changed = bytearray(pdf)
    for _ in range(dice.choice((1, 1, 3, 20))):
        changed[dice.randrange(len(pdf))] = dice.randrange(256)
    return bytes(changed)


def _cut(pdf: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(pdf))
    return pdf[:start] + pdf[start + dice.choice((1, 7, 400, 20_000)) :]


def _double(pdf: bytes, dice: random.Random) -> bytes:
    start, at = dice.randrange(len(pdf)), dice.randrange(len(pdf))
    return pdf[:at] + pdf[start : start + dice.choice((1, 30, 3_000))] + pdf[at:]


def _put(pdf: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(pdf))
    return pdf[:at] + dice.choice(TOKENS) + pdf[at:]


def _number(pdf: bytes, dice: random.Random) -> bytes:
    found = list(re.finditer(rb"\b\d{1,6}\b", pdf))
    hit = dice.choice(found)
    return pdf[: hit.start()] + str(dice.choice((0, 1, 7, 65_535, 2**31, 10**12))).encode() + pdf[hit.end() :]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _cut, _double, _put, _number)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


def _within_bounds(begin: float) -> None:
    assert time.process_time() - begin < SECONDS
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        assert resource.getrusage(who).ru_maxrss < MOST_KIB


@pytest.mark.parametrize("block", BLOCKS)
def test_no_damaged_file_is_verified(block: int, place: Place) -> None:
    whole = signed(place.pdf)
    dice = random.Random(block)
    for _ in range(examples(50)):
        damaged = dice.choice(MUTATIONS)(whole, dice)
        begin = time.process_time()
        found = place.verify(damaged)
        assert found.verdict != "verified" or damaged == whole
        assert text_report(found)
        assert json_report(found)
        _within_bounds(begin)


@pytest.mark.parametrize("block", BLOCKS)
def test_no_damaged_signature_is_intact(block: int) -> None:
    whole = small(2)
    gap = whole.rindex(b"/Contents <") + len(b"/Contents <")
    after = whole.index(b">", gap)
    value = bytes.fromhex(whole[gap:after].decode())
    length = len(value.rstrip(b"\0"))
    store = trusting(signing_keys.root().asn1)
    dice = random.Random(1000 + block)
    for _ in range(examples(50)):
        damaged = dice.choice(MUTATIONS[:3])(value[:length], dice)[: len(value)]
        pdf = whole[:gap] + damaged.hex().encode().ljust(after - gap, b"0") + whole[after:]
        begin = time.process_time()
        fact = examine(pdf, store)
        _within_bounds(begin)
        if fact.sound and damaged != value[:length]:
            # Nothing that is not signed tells who signed: certificates that nobody asked, or unsigned attributes.
            assert [each.signer for each in fact.signatures] == ["Signer 1", "Signer 2"]
