"""A sheet of facts that somebody asserts of papers, a row a paper: its headings, and what its cells say.

A cell says one thing or it is refused, with the way to say it: 03/04/2027 is a day of March or of April, 1.250 is a
thousand or one, and nobody but the writer knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from clausebook.findings.characters import hidden_characters, one_line
from clausebook.findings.model import Finding
from clausebook.formats.csv_sheet import CsvRow
from clausebook.language.reckoning import FREQUENCIES
from clausebook.reading.asserted import MONTHS
from clausebook.reading.papers import MOST_PAGES
from clausebook.records.registered import KINDS, Asserted, AssertedDuty
from clausebook.validate.value_formats import FORMAT_PATTERNS, is_date, matches

WHO = ("asserted by", "asserted on")
HEADINGS = (
    "file", "id", "title", "title page", "parties", "parties page", "effective", "effective page", "end", "end page",
    "notice", "notice page", "value", "currency", "value page", "law", "law page", "renewal", "renewal page", "owner",
    "owner email", *WHO,
)  # fmt: skip
"""The headings of a sheet of facts, a row a file."""

DUTY_HEADINGS = ("file", "what", "party", "due", "every", "page", *WHO)
"""The headings of a sheet of duties, a row a duty."""

DateOrder = Literal["", "day-first", "month-first"]
DecimalMark = Literal["", "comma", "point"]

_PARTS = re.compile(r"\s*[;|\n]\s*")
_PAGE = re.compile(r"(?:page|p\.?)?\s*([1-9][0-9]{0,3})", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_NUMBERS = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_DAY_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?(?: of)?[ -]([a-z]{3,9})\.?,?[ -]([0-9]{4})")
_MONTH_NAMED = re.compile(r"([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_LENGTH = re.compile(r"([0-9]{1,6}) ?(?:calendar )?(day|week|month|year)s?(?:['’]?)(?: notice)?")
_SPAN = re.compile(r"P(?:[0-9]{1,6}[DWMY])+")
_MONEY = re.compile(r"([A-Z]{3})?\s*[$€£]?\s*([0-9][0-9.,'’ \u00a0\u202f]*?)\s*([A-Z]{3})?")
_MOST_PARTIES = 100


class Unclear(Exception):
    """A cell does not say one thing; `hint` is how to say it."""

    def __init__(self, message: str, hint: str) -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of a sheet are to be read where they may be read in two ways; and who asserts it if it is silent.

    `by` and `on` are for rows that do not say who asserts and when; `today` is the last day on which anybody can have
    asserted anything, both ISO 8601.
    """

    today: str
    by: str = ""
    on: str = ""
    dates: DateOrder = ""
    decimal: DecimalMark = ""


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What a row asserts of a file; `id` is "" if the row names none."""

    line: int
    file: str
    id: str
    facts: tuple[Asserted, ...]
    owner: str
    owner_email: str


def facts_of(row: CsvRow, reading: Reading, path: str) -> tuple[RowFacts, tuple[Finding, ...]]:
    """Return what a row of a sheet of facts asserts, and what is wrong with its cells; `path` is the sheet's."""
    cells, problems = _Cells(row, path), list[Finding]()
    by, on = cells.who(reading, problems)
    facts = []
    currency = row.cells.get("currency", "").upper()
    for fact, kind in KINDS.items():
        heading = "parties" if fact == "party" else fact
        values = cells.read(heading, _READERS[kind], reading, problems, many=fact == "party")
        page = cells.page(f"{heading} page", bool(values), problems)
        for value in values:
            number, _, own = value.partition(" ") if kind == "amount" else (value, "", "")
            if kind == "amount":
                cells.currency(own, currency, problems)
            facts.append(Asserted(fact, number, by, on, page, currency=own or currency if kind == "amount" else ""))
    if currency and not row.cells.get("value"):
        problems.append(cells.problem("currency", "a currency stands without a value", "write the amount"))
    owner, email = row.cells.get("owner", ""), row.cells.get("owner email", "")
    if email and not (owner and matches(FORMAT_PATTERNS["email"], email)):
        problems.append(cells.problem("owner email", "it is no address of an owner", "write it as name@house.example"))
    return RowFacts(row.line, row.cells.get("file", ""), row.cells.get("id", ""), tuple(facts), owner, email), tuple(
        problems
    )


def duty_of(row: CsvRow, reading: Reading, path: str) -> tuple[AssertedDuty, tuple[Finding, ...]]:
    """Return the duty that a row of a sheet of duties asserts, and what is wrong with its cells."""
    cells, problems = _Cells(row, path), list[Finding]()
    by, on = cells.who(reading, problems)
    what, party, due, every = (
        next(iter(cells.read(name, reader, reading, problems)), "")
        for name, reader in (("what", _words), ("party", _words), ("due", _date), ("every", _every))
    )
    if not what and not problems:
        problems.append(cells.problem("what", "the row does not say what is to be done", "write it under “what”"))
    return AssertedDuty(what, by, on, party, due, every, cells.page("page", True, problems)), tuple(problems)


@dataclass(frozen=True, slots=True)
class _Cells:
    row: CsvRow
    path: str

    def problem(self, heading: str, said: str, hint: str) -> Finding:
        told = f"{heading}: {said}" if heading else said
        return Finding("core/register-sheet", told, self.path, self.row.line, 1, hint=hint)

    def who(self, reading: Reading, problems: list[Finding]) -> tuple[str, str]:
        by = next(iter(self.read(WHO[0], _words, reading, problems)), reading.by)
        on = next(iter(self.read(WHO[1], _date, reading, problems)), reading.on)
        if not by:
            hint = "fill in “asserted by”, or say --by for all rows without it"
            problems.append(self.problem("", "the row does not say who asserts it", hint))
        if on > reading.today:
            problems.append(self.problem(WHO[1], f"{on} is still to come", "write the day of the assertion"))
        return by, on

    def read(
        self,
        heading: str,
        reader: Callable[[str, Reading], str],
        reading: Reading,
        problems: list[Finding],
        *,
        many: bool = False,
    ) -> list[str]:
        """Return what a cell says, [] if it is blank or unclear."""
        cell = self.row.cells.get(heading, "")
        try:
            if next(hidden_characters(cell), None):
                raise Unclear("it holds a character that nobody can see", "type the cell again instead of pasting it")
            parts = [part for part in _PARTS.split(cell) if part] if many else [cell] if cell else []
            if len(parts) > _MOST_PARTIES:
                raise Unclear(f"it names {len(parts)} of them", f"name at most {_MOST_PARTIES}")
            return list(dict.fromkeys(reader(" ".join(part.split()), reading) for part in parts))
        except Unclear as unclear:
            problems.append(self.problem(heading, unclear.message, unclear.hint))
            return []

    def page(self, heading: str, asserted: bool, problems: list[Finding]) -> int:
        cell = self.row.cells.get(heading, "")
        found = _PAGE.fullmatch(cell)
        if cell and not (found and int(found[1]) <= MOST_PAGES):
            problems.append(self.problem(heading, f"“{one_line(cell, 40)}” is no page", "write its number, such as 3"))
        elif cell and not asserted and heading.removesuffix(" page") not in self.row.cells:
            problems.append(self.problem(heading, "a page is named, and nothing asserted from it", "write the fact"))
        return int(found[1]) if found else 0

    def currency(self, own: str, told: str, problems: list[Finding]) -> None:
        if not (own or told):
            problems.append(self.problem("currency", "the value has none", "write its code, such as USD"))
        elif told and not re.fullmatch("[A-Z]{3}", told):
            problems.append(self.problem("currency", f"“{one_line(told, 20)}” is no code", "write one such as USD"))
        elif own and told and own != told:
            problems.append(self.problem("currency", f"the value is in {own}, and the currency {told}", "write one"))


def _words(cell: str, reading: Reading) -> str:
    return cell


def _date(cell: str, reading: Reading) -> str:
    """Return a date as ISO 8601. Raise Unclear."""
    low = cell.casefold()
    if found := _YEAR_FIRST.fullmatch(cell):
        year, month, day = map(int, found.groups())
    elif found := _NUMBERS.fullmatch(cell):
        one, other, year = int(found[1]), int(found[3]), int(found[4])
        if one <= 12 and other <= 12 and one != other and not reading.dates:
            hint = "write it as 2027-03-04, or say --dates day-first or --dates month-first for the whole sheet"
            raise Unclear(f"“{cell}” is a day of either of two months", hint)
        day_first = reading.dates == "day-first" if reading.dates else one > 12
        day, month = (one, other) if day_first else (other, one)
    elif (found := _DAY_NAMED.fullmatch(low)) and _month(found[2]):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
    elif (found := _MONTH_NAMED.fullmatch(low)) and _month(found[1]):
        month, day, year = _month(found[1]), int(found[2]), int(found[3])
    else:
        raise Unclear(f"“{one_line(cell, 40)}” is no date that is known", "write year, month and day: 2027-03-04")
    try:
        told = date(year, month, day).isoformat()
    except ValueError:
        told = ""
    if not is_date(told):
        raise Unclear(f"“{one_line(cell, 40)}” is no day of the calendar", "write year, month and day: 2027-03-04")
    return told


def _month(name: str) -> int:
    return next((n for n, full in enumerate(MONTHS, 1) if name in (full, full[:3], "sept" if n == 9 else full)), 0)


def _amount(cell: str, reading: Reading) -> str:
    """Return an amount in figures with a decimal point, and its currency after a space if the cell names it."""
    found = _MONEY.fullmatch(cell)
    if not found or (found[1] and found[3]):
        hint = "write it in figures, such as 1250000.00, and the currency in its own column"
        raise Unclear(f"“{one_line(cell, 40)}” is no amount that is known", hint)
    number = re.sub("['’ \u00a0\u202f]", "", found[2])
    plain = str(Decimal(_pointed(number, reading.decimal)))
    if len(plain.partition(".")[0]) > 15:
        raise Unclear(f"“{one_line(cell, 40)}” is no amount that anybody pays", "see whether two cells ran together")
    return f"{plain} {found[1] or found[3] or ''}".strip()


def _pointed(number: str, decimal: DecimalMark) -> str:
    """Return a number with a decimal point and without groups. Raise Unclear if it can be two."""
    marks = [mark for mark in number if mark in ".,"]
    if not marks:
        return number
    last = marks[-1]
    whole, _, rest = number.rpartition(last)
    if decimal:
        last = "," if decimal == "comma" else "."
        whole, _, rest = number.partition(last) if last in number else (number, "", "")
    elif len(marks) > 1 and len(set(marks)) == 1:
        whole, rest = number, ""
    elif len(marks) == 1 and len(rest) == 3 and 0 < len(whole) <= 3 and whole != "0":
        hint = f"write {whole}{rest}, or {whole}.{rest}0; or say --decimal comma or --decimal point for the whole sheet"
        raise Unclear(f"“{number}” is {whole}{rest}, or {whole} and a fraction", hint)
    grouped = re.fullmatch(r"[0-9]+|[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*", whole)
    if not grouped or (grouped[1] == last and rest) or not re.fullmatch("[0-9]{0,4}", rest):
        raise Unclear(f"“{number}” is no amount that is known", "write it in figures, such as 1250000.00")
    return re.sub("[.,]", "", whole) + (f".{rest}" if rest else "")


def _duration(cell: str, reading: Reading) -> str:
    """Return a length of time as ISO 8601. Raise Unclear."""
    if _SPAN.fullmatch(cell.upper()):
        return cell.upper()
    if found := _LENGTH.fullmatch(cell.casefold()):
        return f"P{int(found[1])}{found[2][0].upper()}"
    raise Unclear(f"“{one_line(cell, 40)}” is no length of time that is known", "write it as 90 days, 3 months or P90D")


def _every(cell: str, reading: Reading) -> str:
    if cell.casefold() in FREQUENCIES:
        return cell.casefold()
    try:
        return _duration(cell, reading)
    except Unclear as unclear:
        raise Unclear(
            unclear.message, f"write one of {', '.join(FREQUENCIES)}, or a length of time as 2 months"
        ) from unclear


_READERS: Mapping[str, Callable[[str, Reading], str]] = MappingProxyType(
    {"words": _words, "date": _date, "amount": _amount, "duration": _duration}
)


def sheet_rows(files: Iterable[str], ids: Callable[[str], str]) -> Iterator[Sequence[str]]:
    """Yield the rows of a sheet in which nothing is asserted yet."""
    for name in files:
        yield [name, ids(name), *[""] * (len(HEADINGS) - 2)]
