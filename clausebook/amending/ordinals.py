"""The number of a place that is inserted between two numbered ones.

The convention is that of inserted sections in statutes, which lawyers know: after 3.3 come 3.3A, 3.3B …; between 3.3A
and 3.3B comes 3.3AA; between 3.3 and 3.3A comes 3.3ZA; and before 3.1, which has nothing to follow, comes 3.A1. A
number once given is never given again, for whoever cites it must find the same text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from clausebook.assemble.numbering import letters

_NUMBER = re.compile(r"(?P<head>.*?)(?P<lead>[A-Z]*)(?P<count>[0-9]+)(?P<tail>[A-Z]*)(?P<end>[^0-9A-Za-z]*)", re.DOTALL)
_LETTERED = re.compile(r"(?P<head>.*?)(?P<count>\b[A-Z]+)(?P<end>[^0-9A-Za-z]*)", re.DOTALL)
_LAST = "Y"
"""The last letter of a row: Z opens the row before A."""


def number_between(before: str, after: str, used: Collection[str], otherwise: str) -> str:
    """Return a number for a place between two others; "" for `before` or `after` says that there is none.

    `used` are the numbers that are taken; `otherwise` is the number to begin with where nothing has one.
    """
    if not before and not after:
        return otherwise
    start = _NUMBER.fullmatch(before or after)
    if start is None:
        return _lettered(before or after, used)
    follower = _NUMBER.fullmatch(after)
    stem = (start["head"], start["count"])
    near = follower if follower and (follower["head"], follower["count"]) == stem else None
    if not before or (start["lead"] and not start["tail"] and near):
        # Before the first place letters stand in front of the count: 3.A1, 3.B1, 3.1.
        suffix = start["lead"] if before else ""
        limit = near["lead"] if near else ""
        return _free(suffix, limit, lambda word: f"{start['head']}{word}{start['count']}{start['end']}", used)
    limit = near["tail"] if near and near["lead"] == start["lead"] else ""
    head = f"{start['head']}{start['lead']}{start['count']}"
    return _free(start["tail"], limit, lambda word: f"{head}{word}{start['end']}", used)


def next_in_row(numbers: Collection[str], otherwise: str) -> str:
    """Return the number after the greatest of some schedules' numbers: Schedule D after A, B and C.

    `otherwise` is what the new one is called if the numbers have no pattern.
    """
    pattern = _NUMBER.fullmatch(otherwise) or _LETTERED.fullmatch(otherwise)
    if pattern is None:
        return otherwise
    counts = [_count(found["count"]) for each in numbers if (found := pattern.re.fullmatch(each))]
    greatest = max(counts, default=0) + 1
    count = str(greatest) if pattern["count"].isdigit() else letters(greatest).upper()
    return f"{pattern['head']}{count}{pattern['end']}"


def _count(text: str) -> int:
    """Return the place of a count in its row: 3 for "3", for "C"; 28 for "BB"."""
    return int(text) if text.isdigit() else (len(text) - 1) * 26 + ord(text[0]) - ord("A") + 1


def _free(word: str, limit: str, printed: Callable[[str], str], used: Collection[str]) -> str:
    """Return the next number after the one with `word`, before the one with `limit`."""
    if word and word[-1] < _LAST and not (limit and limit.startswith(word)):
        following = word[:-1] + chr(ord(word[-1]) + 1)
        if following != limit and printed(following) not in used:
            return printed(following)
    below = word
    while True:
        if (found := printed(f"{below}A")) not in used:
            return found
        below += "Z"


def _lettered(number: str, used: Collection[str]) -> str:
    """Number what comes after a place that is counted in letters only: B1 after B."""
    core = number.rstrip(".:–—) \u00a0")
    end, count = number[len(core) :], 1
    while f"{core}{count}{end}" in used:
        count += 1
    return f"{core}{count}{end}"
