"""Reckoning with what a value says: decimals, calendar days and durations.

A duration is (months, days), as the days of a month vary: one is longer than another only if it is wherever it begins.
"""

from __future__ import annotations

import calendar
import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal, DecimalException
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

Plain = bool | Decimal | date | tuple[int, int] | str
"""A value as it is reckoned with; text stays text."""

DURATION = re.compile(
    r"P(?:(?P<year>\d+)Y)?(?:(?P<month>\d+)M)?(?:(?P<week>\d+)W)?(?:(?P<day>\d+)D)?"
    r"(?:T(?:(?P<hour>\d+)H)?(?:(?P<minute>\d+)M)?(?:(?P<second>\d+)S)?)?"
)

FREQUENCIES: Mapping[str, str] = {
    "daily": "P1D",
    "weekly": "P7D",
    "monthly": "P1M",
    "quarterly": "P3M",
    "semiannually": "P6M",
    "annually": "P1Y",
}
"""Words for how often something is, each with its duration."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")

_MOST = Decimal(10) ** 40
"""No amount of a contract is larger; what is computed from amounts has a bound, too."""

_LONGEST = 12 * 400
"""Months of the longest duration that is reckoned with."""

_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
)


class Unreckonable(Exception):
    """Values with which nothing can be reckoned; the message says why."""


def plain(raw: object) -> Any:
    """Return what a raw value is reckoned with as, see Plain; anything else as it is."""
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        return Decimal(raw)
    if not isinstance(raw, str):
        return raw
    if _DECIMAL.fullmatch(raw):
        return Decimal(raw)
    if _DATE.fullmatch(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            return raw
    if (found := DURATION.fullmatch(raw)) and found.lastgroup:
        return _months_and_days({unit: int(each) for unit, each in found.groupdict().items() if each})
    return raw


def less(left: object, right: object) -> bool:
    """Tell whether one raw value is certainly less than another: a duration, wherever it begins."""
    first, second = plain(left), plain(right)
    if isinstance(first, tuple) and isinstance(second, tuple):
        return span(first)[1] < span(second)[0]
    if type(first) is not type(second):
        raise Unreckonable(f"{_said(left, first)} cannot be compared with {_said(right, second)}")
    return bool(first < second)


def compute(sign: str, left: object, right: object) -> Decimal | int | str:
    """Return what an operator gives of raw values: a number, the days between two dates, or the day of a date.

    Raise Unreckonable for anything else.
    """
    first, second = plain(left), plain(right)
    if isinstance(first, date) and sign == "-" and isinstance(second, date):
        return (first - second).days
    if isinstance(first, date) and sign in "+-" and isinstance(second, tuple):
        return moved(first, second, 1 if sign == "+" else -1).isoformat()
    if sign not in _ARITHMETIC or not isinstance(first, Decimal) or not isinstance(second, Decimal):
        takes = {"+": ", or a date and a duration", "-": ", two dates, or a date and a duration"}.get(sign, "")
        raise Unreckonable(
            f"`{sign}` takes two numbers{takes}, and not {_said(left, first)} and {_said(right, second)}"
        )
    try:
        result: Decimal = _ARITHMETIC[sign](first, second)
    except (DecimalException, ZeroDivisionError):
        raise Unreckonable("what is computed here divides by zero, or is too large") from None
    if abs(result) > _MOST:
        raise Unreckonable("what is computed here is too large")
    return result


def moved(day: date, duration: tuple[int, int], sign: int) -> date:
    """Return the day a duration later or earlier; of a shorter month its last day."""
    months, days = duration
    year, month = divmod(day.year * 12 + day.month - 1 + sign * months, 12)
    try:
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=sign * days)
    except (ValueError, OverflowError):
        raise Unreckonable("a date is reckoned beyond the years 1 to 9999") from None


def business_day(day: date, count: int, country: str, region: str = "") -> date:
    """Return the day so many business days later, or earlier if `count` is negative.

    Raises Unreckonable if no holidays are known of the place, or for a day beyond the calendar.
    """
    step, left = timedelta(days=1 if count >= 0 else -1), abs(count)
    try:
        while left:
            day += step
            left -= is_business_day(day, country, region)
    except OverflowError:
        raise Unreckonable("a date is reckoned beyond the years 1 to 9999") from None
    return day


def is_business_day(day: date, country: str, region: str = "") -> bool:
    """Tell whether a day is no Saturday, Sunday or public holiday of a country, or of a region of it.

    Raises Unreckonable if no holidays are known of the place.
    """
    return day.weekday() < 5 and day not in public_holidays(country, region)


@cache
def public_holidays(country: str, region: str) -> Any:
    """Return the public holidays of a country, and of a region of it; what tells whether a day is among them.

    Raises Unreckonable if none are known.
    """
    from holidays import country_holidays

    try:
        return country_holidays(country, subdiv=region or None)
    except NotImplementedError:
        raise Unreckonable(f"no public holidays are known of {country} {region}".rstrip()) from None


def span(duration: tuple[int, int]) -> tuple[int, int]:
    """Return the fewest and the most days that a duration lasts, wherever in a cycle of leap years it begins."""
    fewest, most = _month_days(duration[0])
    return fewest + duration[1], most + duration[1]


@lru_cache
def _month_days(months: int) -> tuple[int, int]:
    starts = [date(2001 + month // 12, month % 12 + 1, 1) for month in range(48)]
    spans = [(moved(start, (months, 0), 1) - start).days for start in starts]
    return min(spans), max(spans)


def _months_and_days(parts: Mapping[str, int]) -> tuple[int, int]:
    months = 12 * parts.get("year", 0) + parts.get("month", 0)
    seconds = 3600 * parts.get("hour", 0) + 60 * parts.get("minute", 0) + parts.get("second", 0)
    days = 7 * parts.get("week", 0) + parts.get("day", 0) + -(-seconds // 86400)
    if months > _LONGEST or days > 31 * _LONGEST:
        raise Unreckonable("a duration of more than 400 years is not reckoned with")
    return months, days


def _said(raw: object, value: object) -> str:
    """Return a value with what it is, for somebody who wrote it."""
    for kinds, name in (((bool,), "true or false"), ((Decimal,), "number"), ((date,), "date"), ((tuple,), "duration")):
        if isinstance(value, kinds):
            return f"the {name} `{raw}`" if name != "true or false" else name
    return f"the text “{raw}”" if isinstance(value, str) else "a list or a group"
