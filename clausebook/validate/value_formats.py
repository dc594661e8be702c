"""Formats and patterns of text: dates, lengths of time, e-mail addresses, regular expressions."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

import re2

from clausebook.findings.model import RepositoryError

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years that a date of an agreement can have: another one is a slip of the pen."""

_CALENDAR_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MONTHS = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP_YEAR = r"(?:(?:19|2[01])(?:0[48]|[2468][048]|[13579][26])|2000)"
_DATE = rf"^(?:(?:19|2[01])[0-9]{{2}}-{_MONTHS}|{_LEAP_YEAR}-02-29)$"
_DURATION = r"P([0-9]{1,6}Y)?([0-9]{1,6}M)?([0-9]{1,6}W)?([0-9]{1,6}D)?(T([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}S)?)?"
_DECIMAL = r"-?[0-9]+(\.[0-9]+)?"
_MOST_DIGITS = re.compile(r"\[0-9\]\{1,([0-9]+)\}")
_EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}$"


def is_date(text: str) -> bool:
    """Tell whether the text is a calendar date of a year in which agreements have dates, written YYYY-MM-DD."""
    return matches(_DATE, text)


def check_date(text: str) -> None:
    """Raise RepositoryError if a date that was given to a command is none."""
    if not is_date(text):
        raise RepositoryError(f"`{text}` is no date", "write year, month and day: 2026-03-04")


def is_calendar_date(text: str) -> bool:
    """Tell whether the text is a real calendar date of any year, written YYYY-MM-DD."""
    if not matches(_CALENDAR_DATE, text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def currency_digits(code: str) -> int:
    """Return how many decimals an amount in a currency can have: its minor units by ISO 4217."""
    return _MINOR_UNITS.get(code, 2)


def date_meant(number: int) -> str:
    """Return the date that a number most likely stands for, "" if none: 20260301, or a spreadsheet's count of days."""
    text = f"{number:08}"
    written = f"{text[:-4]}-{text[-4:-2]}-{text[-2:]}"
    if is_date(written):
        return written
    if 20_000 < number <= _SPREADSHEET_LAST:
        return (_SPREADSHEET_START + datetime.timedelta(days=number)).isoformat()
    return ""


def is_duration(text: str) -> bool:
    """Tell whether the text is an ISO 8601 length of time that is longer than nothing."""
    # "P1YT" names no part of a day; "P0D" is no time at all.
    return matches(_DURATION, text) and not text.endswith("T") and any(char in "123456789" for char in text)


def format_problem(name: str, text: str) -> tuple[str, str]:
    """Return what is wrong with a text that is not of a format, and how to write it."""
    _, message, hint = VALUE_FORMATS[name]
    if name == "date" and is_calendar_date(text):
        message = f"is not of the years {FIRST_YEAR} to {LAST_YEAR}, in which agreements have their dates"
    if name == "duration" and matches(_DURATION, text) and "0" in text and not text.endswith("T"):
        message, hint = "is no time at all", "write a length of time that is longer than zero, such as P30D"
    return message, hint


def digits_problem(pattern: str, text: str) -> str:
    """Return what is wrong with a decimal number of which a pattern allows fewer digits, "" if that is not it."""
    most = [int(count) for count in _MOST_DIGITS.findall(pattern)]
    if not most or not matches(_DECIMAL, text):
        return ""
    whole, _, decimals = text.lstrip("-").partition(".")
    for digits, where, allowed in zip((whole, decimals), ("before", "behind"), most, strict=False):
        if len(digits) > allowed:
            return f"has {len(digits)} digits {where} the point; it can have at most {allowed}"
    return ""


_SPREADSHEET_START = datetime.date(1899, 12, 30)
"""Day 0 of the count by which spreadsheets keep dates."""

_SPREADSHEET_LAST = (datetime.date(LAST_YEAR, 12, 31) - _SPREADSHEET_START).days

_MINOR_UNITS: Mapping[str, int] = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"), 0),
    **dict.fromkeys(("PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""Those that are not two. Babel's are what shops use: they would refuse the cents of twenty currencies."""


def matches(pattern: str, text: str) -> bool:
    """Tell whether the whole text matches the pattern, in time linear in its length."""
    return compiled(pattern).fullmatch(text) is not None


VALUE_FORMATS: Mapping[str, tuple[Callable[[str], bool], str, str]] = {
    "date": (is_date, "is not a date of the calendar", "write the date as year-month-day, such as 2026-03-01"),
    "duration": (
        is_duration,
        "is not a length of time",
        "write P and a number with Y, M, W or D (P90D is 90 days, P6M six months, P2Y two years); hours as PT24H",
    ),
    "email": (partial(matches, _EMAIL), "is not an e-mail address", "write it as name@example.com"),
}
"""By name: the test, what to say of a value that fails it, and how to write it."""


def _durations() -> str:
    """Return the pattern of a length of time: its first number that is more than nothing can be any of the seven."""
    any_number, nothing, something = "[0-9]{1,6}", "0{1,6}", "0{0,5}[1-9][0-9]{0,5}"

    def some(units: str) -> str:
        later = "".join(f"(?:{any_number}{unit})?" for unit in units[1:])
        return f"{something}{units[0]}{later}" + (f"|(?:{nothing}{units[0]})?(?:{some(units[1:])})" if later else "")

    days = "".join(f"(?:{nothing}{unit})?" for unit in "YMWD")
    time = f"(?:T(?:{any_number}H(?:{any_number}M)?(?:{any_number}S)?|{any_number}M(?:{any_number}S)?|{any_number}S))?"
    return f"^P(?:(?:{some('YMWD')}){time}|{days}T(?:{some('HMS')}))$"


FORMAT_PATTERNS: Mapping[str, str] = {"date": _DATE, "duration": _durations(), "email": _EMAIL}
"""What stands as `pattern` beside each format, for tools that read a format as a mere remark; see schemas/README.md.

Only numbers with so many zeros before them that a duration is none pass the pattern and not the format.
"""


def is_anchored(pattern: str) -> bool:
    """Tell whether a pattern that the engine can run matches nothing but a whole text, wherever it is searched for."""
    bare = re.sub(r"\[\^?\]?[^\]]*\]", "", re.sub(r"\\.", "", pattern, flags=re.DOTALL))
    inner = ""
    while bare != inner:
        inner, bare = bare, re.sub(r"\([^()]*\)", "", bare)
    return bare.startswith("^") and bare.endswith("$") and "|" not in bare


def found(pattern: str, text: str) -> bool:
    """Tell whether the pattern occurs in the text, in time linear in its length."""
    return compiled(pattern).search(text) is not None


def pattern_problem(pattern: str) -> str:
    """Return why the engine cannot run the pattern, or ""."""
    try:
        compiled(pattern)
    except re2.error as error:
        reason = error.args[0]
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return ""


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """Return the compiled pattern. Raise `re2.error` if the engine cannot run it."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options=options)
