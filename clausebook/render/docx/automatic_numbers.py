"""Which printed numbers Word's automatic numbering would give by itself.

The model's numbers are what must be printed. Here a numbering format is derived
from them, and each number is marked automatic or not: a number that the format
would not give at its place is written as text by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_MAX_VALUE = 3000
_MAX_LENGTH = 60
_GROUPS_READ = 3
_LAST_TOKEN = re.compile(r"(.*?)([a-z]+|[A-Z]+|[0-9]+)([^A-Za-z0-9]*)", re.DOTALL)
_UNFIT = re.compile(r"[%\t\n\r]")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A level's format: a counter between two texts.

    `kind` is a `w:numFmt` value. `before` holds "%1" where the number of the level above
    stands; `legal` says that it stands there in decimal, whatever its own format.
    """

    kind: str
    before: str
    after: str
    start: int
    legal: bool = False


@dataclass(frozen=True, slots=True)
class HeadingPlan:
    """Formats of two levels of headings, and which of their numbers are automatic.

    A level's format is None when none of its numbers is automatic. `upper` has one entry
    a group and `lower` one tuple a group.
    """

    upper_format: NumberFormat | None
    lower_format: NumberFormat | None
    upper: tuple[bool, ...]
    lower: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class ListPlan:
    """The format of one list, or None, and which of its numbers are automatic."""

    format: NumberFormat | None
    automatic: tuple[bool, ...]


Group = tuple[str, Sequence[str]]


def plan_headings(groups: Sequence[Group]) -> HeadingPlan:
    """Plan two levels of headings: each group is an upper number and the lower numbers under it."""
    uppers = [upper for upper, _ in groups]
    upper_format, values = _best_run(uppers, _candidates(uppers), "")
    best: NumberFormat | None = None
    best_marks = tuple((False,) * len(lowers) for _, lowers in groups)
    best_score = 0
    for candidate in dict.fromkeys(_lower_candidates(groups, upper_format, values)):
        marks = tuple(_lower_marks(groups, upper_format, values, candidate))
        score = sum(map(sum, marks))
        if score > best_score:
            best, best_marks, best_score = candidate, marks, score
    return HeadingPlan(upper_format, best, tuple(value is not None for value in values), best_marks)


def plan_list(numbers: Sequence[str], preferred: str = "") -> ListPlan:
    """Plan one list; `preferred` is the kind to take where a number can be read in two ways."""
    return _plan_list(tuple(numbers), preferred)


def spell(value: int, kind: str) -> str:
    """Return a counter's value as Word prints it in the given `w:numFmt`."""
    if kind == "decimal":
        return str(value)
    if kind in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if kind == "upperLetter" else letter.lower()
    numeral = ""
    for size, sign in _ROMAN:
        while value >= size:
            numeral, value = numeral + sign, value - size
    return numeral if kind == "upperRoman" else numeral.lower()


@lru_cache(maxsize=1024)
def _plan_list(numbers: tuple[str, ...], preferred: str) -> ListPlan:
    chosen, values = _best_run(numbers, _candidates(numbers), preferred)
    return ListPlan(chosen, tuple(value is not None for value in values))


def _best_run(
    numbers: Sequence[str], candidates: Iterable[NumberFormat], preferred: str
) -> tuple[NumberFormat | None, list[int | None]]:
    best: NumberFormat | None = None
    best_values: list[int | None] = [None] * len(numbers)
    best_score = 0
    for candidate in candidates:
        values = _run(numbers, candidate)
        score = 2 * sum(value is not None for value in values) + (candidate.kind == preferred)
        if score > max(best_score, 1):
            best, best_values, best_score = candidate, values, score
    return best, best_values


def _run(numbers: Sequence[str], candidate: NumberFormat) -> list[int | None]:
    value = candidate.start
    values: list[int | None] = []
    for number in numbers:
        if number == candidate.before + spell(value, candidate.kind) + candidate.after:
            values.append(value)
            value += 1
        else:
            values.append(None)
    return values


def _candidates(numbers: Sequence[str]) -> Iterator[NumberFormat]:
    for number in numbers:
        found = list(_readings(number))
        if found:
            yield from found
            return


def _readings(number: str) -> Iterator[NumberFormat]:
    match = _LAST_TOKEN.fullmatch(number) if len(number) <= _MAX_LENGTH else None
    if not match or _UNFIT.search(number):
        return
    before, token, after = match.groups()
    for kind in ("decimal", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman"):
        value = _value(token, kind)
        if value:
            yield NumberFormat(kind, before, after, value)


def _value(token: str, kind: str) -> int:
    if kind == "decimal":
        value = int(token) if token.isdecimal() and len(token) <= 4 else 0
    elif kind.endswith("Letter"):
        value = ord(token[0].upper()) - ord("A") + 1 + 26 * (len(token) - 1) if token.isalpha() else 0
    else:
        value = _roman_value(token.upper())
    return value if 0 < value <= _MAX_VALUE and spell(value, kind) == token else 0


def _roman_value(numeral: str) -> int:
    signs = {sign: size for size, sign in _ROMAN}
    sizes = [signs.get(sign, 0) for sign in numeral]
    if not all(sizes):
        return 0
    return sum(-size if size < following else size for size, following in zip(sizes, [*sizes[1:], 0], strict=True))


def _lower_candidates(
    groups: Sequence[Group], upper: NumberFormat | None, values: Sequence[int | None]
) -> Iterator[NumberFormat]:
    pairs = [(lowers, value) for (_, lowers), value in zip(groups, values, strict=True) if lowers]
    for lowers, value in pairs[:_GROUPS_READ]:
        for reading in _candidates(lowers):
            for start in sorted({1, reading.start}):
                if upper and value:
                    for kind, legal in ((upper.kind, False), ("decimal", True)):
                        before, count = _token(spell(value, kind)).subn("%1", reading.before, count=1)
                        # Word would print the level's own counter in decimal, too.
                        unfit = legal and (upper.kind == "decimal" or reading.kind != "decimal")
                        if count and not unfit:
                            yield NumberFormat(reading.kind, before, reading.after, start, legal)
                yield NumberFormat(reading.kind, reading.before, reading.after, start)


def _token(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(text)}(?![A-Za-z0-9])")


def _lower_marks(
    groups: Sequence[Group], upper: NumberFormat | None, values: Sequence[int | None], lower: NumberFormat
) -> Iterator[tuple[bool, ...]]:
    above: int | None = None
    count = lower.start
    for (_, lowers), value in zip(groups, values, strict=True):
        if value is not None:
            above, count = value, lower.start
        marks = []
        for number in lowers:
            expected = lower_text(above, upper, lower, count)
            marks.append(number == expected)
            count += number == expected
        yield tuple(marks)


def lower_text(above: int | None, upper: NumberFormat | None, lower: NumberFormat, count: int) -> str | None:
    """Return the number that Word gives under the upper number `above`; None where there is none above."""
    before = lower.before
    if upper:
        if above is None:
            return None
        before = before.replace("%1", spell(above, "decimal" if lower.legal else upper.kind))
    return before + spell(count, lower.kind) + lower.after
