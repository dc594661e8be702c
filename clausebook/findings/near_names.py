"""Which known name was most likely meant."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the one of the known names that is most like the given one, or "" if none is."""
    return next(iter(near(word, known, 5)), "")


def near(word: str, known: Iterable[str], most: int, cutoff: float = 0.6) -> list[str]:
    """Return the known names that are like the given one, but for case, the most like first."""
    # Most runs know every name that they are given.
    from difflib import SequenceMatcher, get_close_matches

    given = word[:200].casefold()
    names: dict[str, str] = {}
    for name in known:
        names.setdefault(name.casefold(), name)

    def likeness(name: str) -> tuple[float, int]:
        # Of two that are as much alike, the one that begins in the same way: `US$` is USD, not UZS.
        same = takewhile(lambda pair: pair[0] == pair[1], zip(given, name, strict=False))
        return SequenceMatcher(None, name, given).ratio(), sum(1 for _ in same)

    found = get_close_matches(given, names, most, cutoff)
    return [names[name] for name in sorted(found, key=likeness, reverse=True)]


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the hint that names the nearest known name; what to say otherwise if none is near."""
    like = nearest(word, known)
    return f"did you mean `{like}`?" if like else otherwise
