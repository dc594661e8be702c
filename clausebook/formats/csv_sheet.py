"""Read CSV from outside, whatever spreadsheet wrote it: its encoding, separator and line ends are found, or refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebook.findings.characters import one_line, shortened
from clausebook.findings.near_names import did_you_mean
from clausebook.formats.csv_text import BOM, plain_cell

MOST_BYTES = 64 << 20
"""The largest file of CSV that is read, in bytes: a hundred thousand rows of facts have room in it."""

MOST_ROWS = 100_000
MOST_CELL = 4_000
"""Characters of a cell: a fact is a line, not a document."""

_SEPARATORS = ",;\t"
_SAVE = "save it in the spreadsheet as “CSV UTF-8”"


class CsvProblem(Exception):
    """A file of CSV cannot be read: what is wrong, at which line (0: the file as a whole), and what to do."""

    def __init__(self, message: str, hint: str = "", line: int = 0) -> None:
        self.message, self.hint, self.line = message, hint, line
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row: the line of the file that it begins at, and its cells that are not blank, by heading."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CsvSheet:
    """What a file of CSV says: its headings as they are known, its rows that are not blank, and its encoding."""

    headings: tuple[str, ...]
    rows: tuple[CsvRow, ...]
    encoding: str


def read_csv(content: bytes, known: Sequence[str]) -> CsvSheet:
    """Return a file of CSV whose headings are among those known; capitals and spaces around them are of no account.

    UTF-8, UTF-16 and, where it is none of these, Windows' Western letters (cp1252) are read; commas, semicolons and
    tabs separate, whichever makes known headings. Raises CsvProblem.
    """
    if len(content) > MOST_BYTES:
        raise CsvProblem(f"it is larger than {MOST_BYTES >> 20} MiB", "split it into several")
    text, encoding = _decoded(content)
    separator, text, skipped = _separator(text, known)
    records = _records(text, separator, skipped)
    first, headings = next(records, (1, []))
    named = _headings(headings, known, first)
    rows: list[CsvRow] = []
    for line, cells in records:
        if extra := [cell for cell in cells[len(named) :] if cell.strip()]:
            raise CsvProblem(
                f"the row has a cell more than there are headings: {one_line(extra[0], 60)}",
                "put cells that hold a comma or a semicolon in quotation marks, or save the sheet as CSV anew",
                line,
            )
        told = {name: plain_cell(cell.strip()) for name, cell in zip(named, cells, strict=False) if cell.strip()}
        for name, cell in told.items():
            if len(cell) > MOST_CELL:
                raise CsvProblem(
                    f"the cell under {name} has {len(cell):,} characters; at most {MOST_CELL:,} are read",
                    "a quotation mark that is never closed swallows what follows it; else write less",
                    line,
                )
        if told:
            if len(rows) == MOST_ROWS:
                raise CsvProblem(f"it has more than {MOST_ROWS:,} rows", "split it into several", line)
            rows.append(CsvRow(line, told))
    return CsvSheet(tuple(name for name in named if name), tuple(rows), encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content[:2].count(b"\0") == 1 and len(content) > 1:
        encoding = "utf-16-le" if content[1] == 0 else "utf-16-be"
    else:
        encoding = "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise CsvProblem("its letters cannot be read: it is damaged", _SAVE) from error
        encoding = "cp1252"
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            raise CsvProblem("its letters are in no encoding that is known", _SAVE) from error
    if "\0" in text:
        raise CsvProblem("it is no text", f"export the sheet as CSV: {_SAVE}")
    if content.startswith(b"PK\x03\x04"):
        raise CsvProblem("it is a workbook or another ZIP, and no CSV", _SAVE)
    return text.removeprefix(BOM), encoding


def _separator(text: str, known: Sequence[str]) -> tuple[str, str, int]:
    """Return what separates the cells, the text that is left, and how many lines came before it.

    Excel can be told by a first line such as `sep=;`.
    """
    first = text[:8].splitlines()[0].strip().strip('"') if text.strip() else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], text[text.index("\n") + 1 if "\n" in text else len(text) :], 1

    def knows(separator: str) -> int:
        cells = next(csv.reader(io.StringIO(text.lstrip("\r\n")[:20_000], newline=""), delimiter=separator), [])
        return len({_name(cell) for cell in cells} & set(map(_name, known)))

    try:
        return max(_SEPARATORS, key=knows), text, 0
    except csv.Error as error:
        raise CsvProblem(f"its first line cannot be read: {error}", _SAVE, 1) from error


def _records(text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the line at which each record begins, and its cells; blank lines before the headings are none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = skipped + reader.line_num + 1
    except csv.Error as error:
        said = "a cell is longer than what is read" if "field larger" in str(error) else str(error)
        raise CsvProblem(
            f"the row that begins here cannot be read: {said}",
            "write two quotation marks where a cell holds one, and close each cell that begins with one",
            begins,
        ) from error


def _headings(cells: Sequence[str], known: Sequence[str], line: int) -> list[str]:
    """Return the known headings of the columns, "" for a column without one. Raise CsvProblem."""
    names = {_name(each): each for each in known}
    there = "the headings are: " + ", ".join(known)
    if not any(_name(cell) in names for cell in cells):
        raise CsvProblem("its first line has none of the headings", there, line)
    for cell in cells:
        if cell.strip() and _name(cell) not in names:
            hint = did_you_mean(_name(cell), names, there)
            raise CsvProblem(f"the heading “{shortened(one_line(cell, 60))}” is not known", hint, line)
    named = [names.get(_name(cell), "") for cell in cells]
    if twice := next((name for name in named if name and named.count(name) > 1), ""):
        raise CsvProblem(f"the heading {twice} stands twice", "leave one of the two columns out", line)
    return named


def _name(cell: str) -> str:
    return " ".join(plain_cell(cell.strip()).casefold().split())
