"""Write CSV, the one way of the whole project: nothing in a cell is ever run by the spreadsheet that opens it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
"""What a file of CSV begins with: without it, Excel takes UTF-8 for the letters of its own system."""

_FORMULA = re.compile("'*(?:\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return CSV (RFC 4180, commas): a line of headings, then a line a row, each ended by a line feed.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it, which `plain_cell` takes away; a
    mere number does not. A file of it is written with `csv_file`.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(inert_cell, headings))
    writer.writerows([inert_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the bytes of a file of CSV that every spreadsheet reads: UTF-8 with a mark of that."""
    return (BOM + csv_text(headings, rows)).encode("utf-8", "replace")


def inert_cell(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, its lines ended by line feeds."""
    # Python's writer puts no quotation marks around a lone carriage return, where readers end the row.
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def plain_cell(cell: str) -> str:
    """Return what a cell says, without the apostrophe that `inert_cell` put before it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
