"""Reckoning with dates, durations and numbers, as rules do."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.language.reckoning import Unreckonable, compute, less, moved, plain, span

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
SPANS = st.tuples(st.integers(0, 240), st.integers(0, 800))


@pytest.mark.parametrize(
    ("sign", "left", "right", "wanted"),
    [
        ("+", "2026-01-31", "P1M", "2026-02-28"),
        ("+", "2024-01-31", "P1M", "2024-02-29"),
        ("+", "2024-02-29", "P1Y", "2025-02-28"),
        ("-", "2026-03-31", "P1M", "2026-02-28"),
        ("-", "2029-12-31", "P120D", "2029-09-02"),
        ("+", "2026-12-15", "P2W", "2026-12-29"),
        ("-", "2028-03-01", "2028-02-01", 29),
        ("+", "50.50", 49, Decimal("99.50")),
        ("*", "33.3", 3, Decimal("99.9")),
        ("/", 10, "4", Decimal("2.5")),
    ],
)
def test_what_an_operator_gives(sign: str, left: object, right: object, wanted: object) -> None:
    assert compute(sign, left, right) == wanted


@pytest.mark.parametrize(
    ("sign", "left", "right"),
    [
        ("/", 1, 0),
        ("+", "a text", 1),
        ("*", "2026-01-01", 2),
        ("+", True, 1),
        ("**", 10, 9),
        ("+", "9999-12-01", "P1M"),
        ("-", "0001-01-01", "P1D"),
        ("+", "2026-01-01", "P999999Y"),
        ("*", "9" * 40, "9" * 40),
    ],
)
def test_what_cannot_be_reckoned(sign: str, left: object, right: object) -> None:
    with pytest.raises(Unreckonable):
        compute(sign, left, right)


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("9", "100", True),
        ("99.5", 100, True),
        ("P60D", "P90D", True),
        ("P1M", "P32D", True),
        ("P1M", "P30D", False),
        ("P30D", "P1M", False),
        ("P12M", "P1Y", False),
        ("2026-02-28", "2026-03-01", True),
        ("alder", "birch", True),
    ],
)
def test_what_is_less(left: object, right: object, wanted: bool) -> None:
    assert less(left, right) is wanted


def test_values_of_two_kinds_are_not_compared() -> None:
    with pytest.raises(Unreckonable):
        less("P60D", 60)


@given(DAYS, SPANS)
def test_a_duration_from_any_day_lasts_as_long_as_its_span_says(day: date, duration: tuple[int, int]) -> None:
    fewest, most = span(duration)
    lasted = (moved(day, duration, 1) - day).days
    # A century may lack a leap day, and the last day of a month stands for those that a shorter one lacks.
    assert fewest - 4 <= lasted <= most


@given(DAYS, st.integers(0, 5000))
def test_days_are_counted_as_the_calendar_does(day: date, days: int) -> None:
    assert moved(day, (0, days), 1) == day + timedelta(days=days)
    assert compute("-", compute("+", day.isoformat(), f"P{days}D"), day.isoformat()) == days


@given(st.text())
def test_any_text_is_reckoned_with_as_something(text: str) -> None:
    plain(text)
