"""Pair paragraphs, items and rows that are the same or alike, in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Generic, TypeAlias, TypeVar

from clausebook.compare.model import Mark
from clausebook.compare.sequences import Hunk, differences, increasing

T = TypeVar("T")

ALIKE = 0.5
"""The share of words that two paragraphs, items or rows must have in common to be one that changed."""

ALIKE_ALONE = 0.25
"""The same where there is only one on either side."""

SHORT = 6
"""Words up to which two that stand alone on their sides are always one that changed."""

MOST_COMPARED = 2500
"""Pairs of unlike neighbours that are compared each with each; beyond, words that occur once show the way."""

_BARELY = 0.01
"""More than nothing: what two things have in common that may be paired whatever their words."""

_WORD = re.compile(r"\w+")


class Candidate(Generic[T]):
    """Something to be paired: only with its own `kind`; first of all with what has the same `text`.

    `lead` is what two alike things most likely share, as the first cell of a row
    or the header of a table.
    `least` is the share of words asked for; at 0 any two of a kind may be paired.
    """

    __slots__ = ("_words", "key", "kind", "lead", "least", "text", "thing")

    def __init__(self, thing: T, kind: str, text: str, *, lead: str = "", least: float = ALIKE) -> None:
        self.thing, self.kind, self.text, self.lead, self.least = thing, kind, text, lead, least
        self.key = f"{kind}\n{text}"
        self._words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        """The different words of the text, in lower case."""
        if self._words is None:
            self._words = frozenset(_WORD.findall(self.text.lower()))
        return self._words


Pair: TypeAlias = tuple[Mark, T, T]
"""One thing on both sides; where it is on one side only, it is given twice."""


def aligned(old: Sequence[Candidate[T]], new: Sequence[Candidate[T]]) -> Iterator[Pair[T]]:
    """Yield what is on both sides, only on the old and only on the new, in order; deleted before inserted."""
    hunks = differences([entry.key for entry in old], [entry.key for entry in new], by_length=True)
    i = j = 0
    for a, b, c, d in [*hunks, (len(old), len(old), len(new), len(new))]:
        yield from (("same", ours.thing, theirs.thing) for ours, theirs in zip(old[i:a], new[j:c], strict=True))
        done, begun = a, c
        for x, y in [*_alike(old, new, (a, b, c, d)), (b, d)]:
            yield from (("deleted", ours.thing, ours.thing) for ours in old[done:x])
            yield from (("inserted", theirs.thing, theirs.thing) for theirs in new[begun:y])
            if x < b:
                yield "same", old[x].thing, new[y].thing
            done, begun = x + 1, y + 1
        i, j = b, d


def _alike(old: Sequence[Candidate[T]], new: Sequence[Candidate[T]], span: Hunk) -> list[tuple[int, int]]:
    """Return pairs of alike things within a stretch, in order."""
    start, end, begin, stop = span
    if start == end or begin == stop:
        return []
    if end - start == 1 and stop - begin == 1:
        return [(start, begin)] if _likeness(old[start], new[begin], alone=True) else []
    if (end - start) * (stop - begin) <= MOST_COMPARED:
        found = _best(old, new, span)
    else:
        found = _by_rare_words(old, new, span)
    return sorted([*found, *_left_alone(old, new, span, found)])


def _likeness(old: Candidate[T], new: Candidate[T], *, alone: bool = False) -> float:
    """Return how alike two things are, from 0 (not to be paired) to 1."""
    if old.kind != new.kind:
        return 0.0
    ours, theirs = old.words, new.words
    size = len(ours) + len(theirs)
    share = 2 * len(ours & theirs) / size if size else 1.0
    if old.lead and old.lead == new.lead:
        share = (1 + share) / 2
    if alone and old.least >= ALIKE and _led_apart(old.lead, new.lead):
        alone = False
    if alone and max(len(ours), len(theirs)) <= SHORT:
        return max(share, ALIKE)
    least = min(old.least, ALIKE_ALONE) if alone else old.least
    return max(share, _BARELY) if share >= least else 0.0


def _led_apart(old: str, new: str) -> bool:
    """Tell whether two rows begin with quite different words: that their numbers agree does not make them one."""
    ours, theirs = set(_WORD.findall(old.lower())), set(_WORD.findall(new.lower()))
    return bool(ours and theirs) and not ours & theirs


def _best(old: Sequence[Candidate[T]], new: Sequence[Candidate[T]], span: Hunk) -> list[tuple[int, int]]:
    """Return the pairs in order that are most alike in total."""
    start, end, begin, stop = span
    width = stop - begin
    scores = [[_likeness(old[x], new[y]) for y in range(begin, stop)] for x in range(start, end)]
    totals = [[0.0] * (width + 1) for _ in range(end - start + 1)]
    for x in range(end - start - 1, -1, -1):
        row, below, score = totals[x], totals[x + 1], scores[x]
        for y in range(width - 1, -1, -1):
            total = max(below[y], row[y + 1])
            if score[y]:
                total = max(total, score[y] + below[y + 1])
            row[y] = total
    found = []
    x = y = 0
    while x < end - start and y < width:
        if scores[x][y] and totals[x][y] == scores[x][y] + totals[x + 1][y + 1]:
            found.append((start + x, begin + y))
            x, y = x + 1, y + 1
        elif totals[x][y] == totals[x + 1][y]:
            x += 1
        else:
            y += 1
    return found


def _by_rare_words(old: Sequence[Candidate[T]], new: Sequence[Candidate[T]], span: Hunk) -> list[tuple[int, int]]:
    """Pair what shares words that nothing else has; then what lies between, each with each or place by place."""
    start, end, begin, stop = span
    ours, theirs = _owners(old, start, end), _owners(new, begin, stop)
    votes = Counter((ours[word], owner) for word, owner in theirs.items() if owner >= 0 and ours.get(word, -1) >= 0)
    chosen: dict[int, int] = {}
    for (x, y), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if y not in chosen and _likeness(old[x], new[y]):
            chosen[y] = x
    pairs = [(chosen[y], y) for y in sorted(chosen)]
    pairs = [pairs[index] for index in increasing([x for x, _ in pairs])]
    found = list(pairs)
    for x, y in [*pairs, (end, stop)]:
        if (x - start) * (y - begin) <= MOST_COMPARED:
            found += _best(old, new, (start, x, begin, y))
        else:
            places = zip(range(start, x), range(begin, y), strict=False)
            found += [place for place in places if _likeness(old[place[0]], new[place[1]])]
        start, begin = x + 1, y + 1
    return sorted(found)


def _owners(entries: Sequence[Candidate[T]], start: int, end: int) -> dict[str, int]:
    """Return the place of the only entry that has a word, or -1 if several have it."""
    owners: dict[str, int] = {}
    for place in range(start, end):
        for word in entries[place].words:
            owners[word] = -1 if word in owners else place
    return owners


def _left_alone(
    old: Sequence[Candidate[T]], new: Sequence[Candidate[T]], span: Hunk, found: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Pair what is left between two pairs where it is one thing on either side."""
    start, end, begin, stop = span
    more = []
    for x, y in [*found, (end, stop)]:
        if x - start == 1 and y - begin == 1 and _likeness(old[start], new[begin], alone=True):
            more.append((start, begin))
        start, begin = x + 1, y + 1
    return more
