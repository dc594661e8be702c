"""Dates that a number stands for, and what is said of lengths of time and of numbers with too many digits."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.findings.model import RepositoryError
from clausebook.validate.value_formats import (
    FORMAT_PATTERNS,
    check_date,
    date_meant,
    digits_problem,
    format_problem,
    is_anchored,
    is_duration,
    matches,
)

AMOUNT = r"-?[0-9]{1,3}(\.[0-9]{1,2})?"


@pytest.mark.parametrize(
    ("number", "date"),
    [
        (20260301, "2026-03-01"),
        (20260230, ""),
        (18991231, ""),
        (20_000, ""),
        (20_001, "1954-10-04"),
        (46388, "2027-01-01"),
        (109_574, "2199-12-31"),
        (109_575, ""),
        (10**12, ""),
        (-46388, ""),
    ],
)
def test_a_number_may_stand_for_a_date(number: int, date: str) -> None:
    assert date_meant(number) == date


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("123.45", ""),
        ("-123.45", ""),
        ("1234", "has 4 digits before the point; it can have at most 3"),
        ("12345.678", "has 5 digits before the point; it can have at most 3"),
        ("1.234", "has 3 digits behind the point; it can have at most 2"),
        ("1.", ""),
        ("1,234", ""),
    ],
)
def test_too_many_digits_are_counted(text: str, said: str) -> None:
    assert digits_problem(AMOUNT, text) == said
    assert digits_problem("[0-9]+", text) == ""


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("date", "0026-11-15", "is not of the years 1900 to 2199, in which agreements have their dates"),
        ("date", "2026-02-30", "is not a date of the calendar"),
        ("duration", "P0D", "is no time at all"),
        ("duration", "P0DT", "is not a length of time"),
        ("duration", "P", "is not a length of time"),
        ("duration", "90D", "is not a length of time"),
        ("email", "P0D", "is not an e-mail address"),
        ("email", "0026-11-15", "is not an e-mail address"),
    ],
)
def test_what_is_said_of_a_text_that_is_not_of_its_format(name: str, text: str, said: str) -> None:
    assert format_problem(name, text)[0] == said


def test_a_date_that_a_command_is_given_is_one() -> None:
    check_date("2026-03-04")
    with pytest.raises(RepositoryError, match="`2026-02-30` is no date"):
        check_date("2026-02-30")


def test_the_pattern_of_dates_takes_each_day_that_there_is_and_no_other() -> None:
    days = (f"{year:04}-{month:02}-{day:02}" for year in range(1896, 2204) for month in range(14) for day in range(33))
    wrong = [text for text in days if matches(FORMAT_PATTERNS["date"], text) != is_real_day(text)]
    assert wrong == []


def is_real_day(text: str) -> bool:
    try:
        return 1900 <= datetime.date.fromisoformat(text).year <= 2199
    except ValueError:
        return False


NUMBERS = st.sampled_from(["", "0", "1", "20", "00", "007", "123456"])


@given(st.tuples(*[NUMBERS] * 7), st.booleans())
def test_the_pattern_of_durations_is_their_format(numbers: tuple[str, ...], time: bool) -> None:
    named = [f"{number}{unit}" if number else "" for number, unit in zip(numbers, "YMWDHMS", strict=True)]
    text = f"P{''.join(named[:4])}{'T' * time}{''.join(named[4:])}"
    assert matches(FORMAT_PATTERNS["duration"], text) == is_duration(text)


@pytest.mark.parametrize(
    ("pattern", "anchored"),
    [
        ("^a$", True),
        ("^(?:a|b)$", True),
        (r"^[|)]\|\)(a(b|c)|d)$", True),
        ("^[]|]$", True),
        ("a", False),
        ("^a", False),
        ("a$", False),
        ("^a|b$", False),
        (r"^a\$", False),
        ("^[$]", False),
        ("^(a|b)|c$", False),
        ("", False),
    ],
)
def test_anchored_patterns(pattern: str, anchored: bool) -> None:
    assert is_anchored(pattern) is anchored
