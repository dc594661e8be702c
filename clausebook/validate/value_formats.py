"""Formats and patterns of text: dates, lengths of time, e-mail addresses, regular expressions."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import re2

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DURATION = r"P([0-9]{1,6}Y)?([0-9]{1,6}M)?([0-9]{1,6}W)?([0-9]{1,6}D)?(T([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}S)?)?"
_EMAIL = r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}"


def is_date(text: str) -> bool:
    """Tell whether the text is a real calendar date, written YYYY-MM-DD."""
    if not matches(_DATE, text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_duration(text: str) -> bool:
    """Tell whether the text is an ISO 8601 length of time that is longer than nothing."""
    # "P1YT" names no part of a day; "P0D" is no time at all.
    return matches(_DURATION, text) and not text.endswith("T") and any(char in "123456789" for char in text)


def is_email(text: str) -> bool:
    """Tell whether the text looks like an e-mail address."""
    return matches(_EMAIL, text)


FORMATS: Mapping[str, tuple[Callable[[str], bool], str, str]] = {
    "date": (is_date, "is not a date of the calendar", "write the date as year-month-day, such as 2026-03-01"),
    "duration": (
        is_duration,
        "is not a length of time",
        "write P and a number with Y, M, W or D (P90D is 90 days, P6M six months, P2Y two years); hours as PT24H",
    ),
    "email": (is_email, "is not an e-mail address", "write it as name@example.com"),
}
"""By name: the test, what to say of a value that fails it, and how to write it."""


def matches(pattern: str, text: str) -> bool:
    """Tell whether the whole text matches the pattern, in time linear in its length."""
    return compiled(pattern).fullmatch(text) is not None


def found(pattern: str, text: str) -> bool:
    """Tell whether the pattern occurs in the text, in time linear in its length."""
    return compiled(pattern).search(text) is not None


def pattern_problem(pattern: str) -> str:
    """Return why the engine cannot run the pattern, or ""."""
    try:
        compiled(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return ""


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """Return the compiled pattern. Raise `re2.error` if the engine cannot run it."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options=options)
