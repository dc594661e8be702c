"""The periods that reports are about: a month, a quarter, a half, a year, or from one day to another."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

from clausebook.findings.model import RepositoryError
from clausebook.validate.value_formats import is_date

_PERIOD = re.compile(r"(?P<year>[12][0-9]{3})(?:-(?:(?P<kind>[QH])(?P<number>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
_LONG = {"Q": ("quarter", 3), "H": ("half", 6)}


@dataclass(frozen=True, slots=True)
class Period:
    """A period, both of its days within it, ISO 8601; `kind` is month, quarter, half, year or days."""

    name: str
    kind: str
    first: str
    last: str

    def holds(self, day: str) -> bool:
        """Tell whether a day is in it."""
        return self.first <= day <= self.last


def period_of(text: str) -> Period:
    """Return the period that a name such as 2027-Q2 stands for. Raises RepositoryError."""
    first, dots, last = text.partition("..")
    if dots and is_date(first) and is_date(last) and first <= last:
        return Period(f"{first}_{last}", "days", first, last)
    found = _PERIOD.fullmatch(text)
    if not found or (found["kind"] == "H" and found["number"] not in "12"):
        hint = "name one as 2027-04, 2027-Q2, 2027-H1 or 2027, or by its first and last day: 2027-04-19..2027-07-18"
        raise RepositoryError(f"“{text[:40]}” is no period", hint)
    year = int(found["year"])
    if found["month"]:
        kind, start, months = "month", int(found["month"]), 1
    elif found["kind"]:
        kind, months = _LONG[found["kind"]]
        start = (int(found["number"]) - 1) * months + 1
    else:
        kind, start, months = "year", 1, 12
    end = start + months - 1
    return Period(text, kind, f"{year}-{start:02}-01", f"{year}-{end:02}-{monthrange(year, end)[1]}")
