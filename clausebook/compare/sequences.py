"""Compare two sequences: what differs, and what stays in order. Linear for all that a contract can hold."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

Hunk: TypeAlias = tuple[int, int, int, int]
"""What differs: `old[a:b]` became `new[c:d]`, of which one may be empty."""

MOST_EDITS = 96
"""Edits that are looked for at once where nothing is unique; past it the best start is kept."""


def differences(old: Sequence[str], new: Sequence[str], *, by_length: bool = False) -> list[Hunk]:
    """Return the stretches that differ, in order; two neighbours never touch.

    Elements that are unique on both sides are matched first (patience), the rest by fewest edits (Myers). Of those that
    changed places as many as can be stay, or with `by_length` the longest texts.
    """
    hunks: list[Hunk] = []
    ranges: list[Hunk] = [(0, len(old), 0, len(new))]
    while ranges:
        span = _trimmed(old, new, ranges.pop())
        start, end, begin, stop = span
        if start == end or begin == stop:
            if start != end or begin != stop:
                hunks.append(span)
            continue
        anchors = _anchors(old, new, span, by_length=by_length)
        if anchors:
            ranges += _between(anchors, span)
        else:
            found, rest = _fewest_edits(old, new, span)
            hunks += found
            if rest:
                ranges.append(rest)
    hunks.sort()
    return list(joined(hunks, _touch))


def matches(hunks: Sequence[Hunk], old_length: int, new_length: int) -> Iterator[Hunk]:
    """Yield the equal stretches between the hunks, in order."""
    start = begin = 0
    for a, b, c, d in hunks:
        if a > start:
            yield start, a, begin, c
        start, begin = b, d
    if old_length > start:
        yield start, old_length, begin, new_length


def increasing(values: Sequence[int]) -> list[int]:
    """Return the indices of a longest increasing subsequence of different values."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        place = bisect_left(tails, value)
        before.append(at[place - 1] if place else -1)
        if place == len(tails):
            tails.append(value)
            at.append(index)
        else:
            tails[place], at[place] = value, index
    return _path(before, at[-1] if at else -1)


def heaviest_increasing(values: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Return the indices of an increasing subsequence of the greatest weight; `values` are a permutation of 0…n-1."""
    size = len(values)
    best: list[tuple[int, int]] = [(0, -1)] * (size + 1)
    """A Fenwick tree of the heaviest end so far, by value: its weight and its index."""
    before: list[int] = []
    top = (0, -1)
    for index, value in enumerate(values):
        weight, previous = 0, -1
        place = value
        while place:
            if best[place][0] > weight:
                weight, previous = best[place]
            place &= place - 1
        before.append(previous)
        entry = (weight + weights[index], index)
        if entry[0] > top[0]:
            top = entry
        place = value + 1
        while place <= size:
            if entry[0] > best[place][0]:
                best[place] = entry
            place += place & -place
    return _path(before, top[1])


def _path(before: Sequence[int], last: int) -> list[int]:
    path = []
    while last >= 0:
        path.append(last)
        last = before[last]
    path.reverse()
    return path


def _trimmed(old: Sequence[str], new: Sequence[str], span: Hunk) -> Hunk:
    start, end, begin, stop = span
    while start < end and begin < stop and old[start] == new[begin]:
        start += 1
        begin += 1
    while start < end and begin < stop and old[end - 1] == new[stop - 1]:
        end -= 1
        stop -= 1
    return start, end, begin, stop


def _anchors(old: Sequence[str], new: Sequence[str], span: Hunk, *, by_length: bool) -> list[tuple[int, int]]:
    """Pair what is unique on both sides, in order: the longest chain of such pairs."""
    start, end, begin, stop = span
    ours, theirs = _unique(old, start, end), _unique(new, begin, stop)
    pairs = [(ours[key], place) for key, place in theirs.items() if place >= 0 and ours.get(key, -1) >= 0]
    values = [pair[0] for pair in pairs]
    if not by_length:
        return [pairs[index] for index in increasing(values)]
    ranks = {value: rank for rank, value in enumerate(sorted(values))}
    weights = [len(old[value]) for value in values]
    return [pairs[index] for index in heaviest_increasing([ranks[value] for value in values], weights)]


def _unique(elements: Sequence[str], start: int, end: int) -> dict[str, int]:
    """Return each element's place, or -1 if it occurs twice; a dict in order of first place."""
    places: dict[str, int] = {}
    for place in range(start, end):
        element = elements[place]
        places[element] = -1 if element in places else place
    return places


def _between(anchors: Sequence[tuple[int, int]], span: Hunk) -> Iterator[Hunk]:
    start, end, begin, stop = span
    for place, other in anchors:
        if place > start or other > begin:
            yield start, place, begin, other
        start, begin = place + 1, other + 1
    if end > start or stop > begin:
        yield start, end, begin, stop


def _fewest_edits(old: Sequence[str], new: Sequence[str], span: Hunk) -> tuple[list[Hunk], Hunk | None]:
    """Return the hunks of a shortest edit script, and what is left where it would take too many edits."""
    start, end, begin, stop = span
    height, width = end - start, stop - begin
    reach = {1: 0}
    trace: list[dict[int, int]] = []
    edits = 0
    while True:
        trace.append(reach.copy())
        for diagonal in range(-edits, edits + 1, 2):
            if diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1]):
                x = reach[diagonal + 1]
            else:
                x = reach[diagonal - 1] + 1
            y = x - diagonal
            while x < height and y < width and old[start + x] == new[begin + y]:
                x += 1
                y += 1
            reach[diagonal] = x
            if x >= height and y >= width:
                return _hunks(trace, height, width, start, begin), None
        if edits == MOST_EDITS:
            ends = ((x, x - k) for k, x in reach.items() if (edits - k) % 2 == 0 and x <= height and x - k <= width)
            x, y = max(ends, key=lambda end: (end[0] + end[1], end[0]))
            return _hunks(trace, x, y, start, begin), (start + x, end, begin + y, stop)
        edits += 1


def _hunks(trace: Sequence[dict[int, int]], x: int, y: int, start: int, begin: int) -> list[Hunk]:
    """Walk the script back from its end; every step is a hunk of one element."""
    found: list[Hunk] = []
    for edits in range(len(trace) - 1, 0, -1):
        reach, diagonal = trace[edits], x - y
        down = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
        previous = diagonal + 1 if down else diagonal - 1
        x = reach[previous]
        y = x - previous
        if down:
            found.append((start + x, start + x, begin + y, begin + y + 1))
        else:
            found.append((start + x, start + x + 1, begin + y, begin + y))
    return found


def joined(hunks: Iterable[Hunk], belong: Callable[[Hunk, Hunk], bool]) -> Iterator[Hunk]:
    """Join neighbours that belong together, with what stayed between them."""
    current: Hunk | None = None
    for hunk in hunks:
        if current and belong(current, hunk):
            current = (current[0], hunk[1], current[2], hunk[3])
            continue
        if current:
            yield current
        current = hunk
    if current:
        yield current


def _touch(left: Hunk, right: Hunk) -> bool:
    return left[1] == right[0] and left[3] == right[2]
