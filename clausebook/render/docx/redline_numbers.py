"""Which printed numbers Word's automatic numbering gives by itself on both sides of a redline.

A number is automatic where the format gives the old number once all changes are rejected
and the new one once they are accepted. Any other is text, and tracked where it changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias, TypeVar

from clausebook.render.docx.automatic_numbers import (
    HeadingPlan,
    ListPlan,
    NumberFormat,
    lower_text,
    plan_headings,
    plan_list,
    spell,
)

Pair: TypeAlias = tuple[str | None, str | None]
"""A number as the old and as the new document print it; None where the thing does not stand."""

PairGroup: TypeAlias = tuple[Pair, Sequence[Pair]]

_SIDES = (0, 1)
_Plan = TypeVar("_Plan")
_Formats: TypeAlias = tuple[NumberFormat | None, NumberFormat | None]


def plan_both_headings(groups: Sequence[PairGroup]) -> HeadingPlan:
    """Plan two levels of headings of a redline; see `plan_headings`."""

    def formats(side: int) -> _Formats:
        plan = plan_headings(
            [
                (pair[side] or "", [number for lower in lowers if (number := lower[side]) is not None])
                for pair, lowers in groups
                if pair[side] is not None
            ]
        )
        return plan.upper_format, plan.lower_format

    def score(plan: HeadingPlan) -> int:
        return sum(plan.upper) + sum(map(sum, plan.lower))

    total = len(groups) + sum(len(lowers) for _, lowers in groups)
    return _best(formats, lambda chosen: _headings(groups, *chosen), score, total)


def plan_both_list(pairs: Sequence[Pair], preferred: str = "") -> ListPlan:
    """Plan one list of a redline; see `plan_list`."""
    return _plan_both_list(tuple(pairs), preferred)


@lru_cache(maxsize=1024)
def _plan_both_list(pairs: tuple[Pair, ...], preferred: str) -> ListPlan:
    def formats(side: int) -> NumberFormat | None:
        return plan_list([number for pair in pairs if (number := pair[side]) is not None], preferred).format

    return _best(formats, lambda chosen: _items(pairs, chosen), lambda plan: sum(plan.automatic), len(pairs))


_Chosen = TypeVar("_Chosen")


def _best(
    formats: Callable[[int], _Chosen], plan: Callable[[_Chosen], _Plan], score: Callable[[_Plan], int], total: int
) -> _Plan:
    # The new document's formats first: they nearly always serve both, and then the old need not be read.
    new = formats(1)
    best = plan(new)
    if score(best) < total:
        old = formats(0)
        if old != new:
            other = plan(old)
            if score(other) > score(best):
                return other
    return best


def _items(pairs: Sequence[Pair], chosen: NumberFormat | None) -> ListPlan:
    if chosen is None:
        return ListPlan(None, (False,) * len(pairs))
    values = [chosen.start, chosen.start]
    marks = tuple(_advance(pair, [_text(chosen, value) for value in values], values) for pair in pairs)
    return ListPlan(chosen if any(marks) else None, marks)


def _headings(groups: Sequence[PairGroup], upper: NumberFormat | None, lower: NumberFormat | None) -> HeadingPlan:
    values = [upper.start, upper.start] if upper else [0, 0]
    above: list[int | None] = [None, None]
    counts = [lower.start, lower.start] if lower else [0, 0]
    upper_marks: list[bool] = []
    lower_marks: list[tuple[bool, ...]] = []
    for pair, lowers in groups:
        automatic = upper is not None and _advance(pair, [_text(upper, value) for value in values], values)
        upper_marks.append(automatic)
        for side in _SIDES:
            if automatic and lower and pair[side] is not None:
                above[side], counts[side] = values[side] - 1, lower.start
        if lower:
            marks = []
            for one in lowers:
                expected = [lower_text(above[side], upper, lower, counts[side]) for side in _SIDES]
                marks.append(_advance(one, expected, counts))
            lower_marks.append(tuple(marks))
        else:
            lower_marks.append((False,) * len(lowers))
    return HeadingPlan(upper, lower, tuple(upper_marks), tuple(lower_marks))


def _advance(pair: Pair, expected: Sequence[str | None], values: list[int]) -> bool:
    """Tell whether the expected numbers are those of the pair, and count on where they are."""
    if any(number is not None and number != text for number, text in zip(pair, expected, strict=True)):
        return False
    for side in _SIDES:
        values[side] += pair[side] is not None
    return True


def _text(style: NumberFormat, value: int) -> str:
    return style.before + spell(value, style.kind) + style.after
