"""Which known word was most likely meant."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from itertools import takewhile


def nearest(word: str, words: Sequence[str]) -> str:
    """Return the one of the words that is most like the given one, or "" if none is."""
    given = word[:200].casefold()
    found = difflib.get_close_matches(given, [known.casefold() for known in words], 5, 0.6)
    # Of two that are as much alike, the one that begins in the same way: `US$` is USD, not UZS.
    like = max(found, key=lambda known: (_likeness(given, known), _same_beginning(given, known)), default="")
    return next((known for known in words if known.casefold() == like), "") if like else ""


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, other, one).ratio()


def _same_beginning(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
