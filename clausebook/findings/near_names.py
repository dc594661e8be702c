"""Which known name was most likely meant."""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import takewhile

_LIKE_ALL_THE_SAME = 0.7
"""How like a name must be that begins in another way."""


def nearest(word: str, known: Iterable[str], used: Container[str] = ()) -> str:
    """Return the one of the known names that is most like the given one, or "" if none is clearly so.

    Letters that changed places with their neighbours are near; of what is near, one of the `used` comes first.
    """
    from difflib import SequenceMatcher

    given, names = word[:200].casefold(), list(known)
    swaps = [
        given[:index] + given[index + 1] + given[index] + given[index + 2 :]
        for index in range(min(len(given), 200) - 1)
    ]
    ranks = {}
    for name in dict.fromkeys([*(name for name in names if name.casefold() in swaps), *near(word, names, 5)]):
        folded = name.casefold()
        ratio = SequenceMatcher(None, folded, given).ratio()
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(given, folded, strict=False)))
        # `Dollars` is not ARS.
        if folded in swaps or same or ratio > _LIKE_ALL_THE_SAME:
            ranks[name] = (name in used, folded in swaps, ratio, same)
    best = max(ranks.values(), default=None)
    likest = [name for name, rank in ranks.items() if rank == best]
    return likest[0] if len(likest) == 1 else ""


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


def did_you_mean(word: str, known: Iterable[str], otherwise: str, used: Container[str] = ()) -> str:
    """Return the hint that names the nearest known name; what to say otherwise if none is near."""
    like = nearest(word, known, used)
    return f"did you mean `{like}`?" if like else otherwise
