"""Compare two tables: columns, rows and cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from clausebook.compare.alignment import Candidate, aligned
from clausebook.compare.model import Mark, MarkedRow, MarkedTable, Pieces
from clausebook.compare.texts import compared, normal, whole
from clausebook.document.model import Runs, Table

Cells: TypeAlias = tuple[Runs, ...]

_Column: TypeAlias = tuple[Mark, int, int]
"""A column: its mark, and its place in the old table and in the new; that of the side where it is not means nothing."""


def compared_table(old: Table, new: Table) -> MarkedTable | None:
    """Merge two tables; None if they have no column in common."""
    columns = list(_columns(old, new))
    if not any(mark == "same" for mark, _, _ in columns):
        return None
    shared = [(ours, theirs) for mark, ours, theirs in columns if mark == "same"]
    before, after = (
        [_candidate(row, [pair[side] for pair in shared]) for row in table.rows]
        for side, table in enumerate((old, new))
    )
    rows = [_row(mark, ours, theirs, columns) for mark, ours, theirs in aligned(before, after)]
    marks: tuple[Mark, ...] = tuple(mark for mark, _, _ in columns)
    return MarkedTable(
        "same",
        tuple((old.alignments[x] if mark == "deleted" else new.alignments[y]) for mark, x, y in columns),
        _row("same", old.header, new.header, columns),
        tuple(rows),
        marks,
    )


def whole_table(table: Table, mark: Mark) -> MarkedTable:
    """Return a table, everything in it with one mark."""
    header, *rows = (MarkedRow(mark, tuple(whole(cell, mark) for cell in row)) for row in (table.header, *table.rows))
    columns: tuple[Mark, ...] = tuple("same" for _ in table.alignments)
    return MarkedTable(mark, table.alignments, header, tuple(rows), columns)


def _columns(old: Table, new: Table) -> Iterator[_Column]:
    """Yield the columns of both tables in order; as many on both sides are the same, whatever is in them."""
    if len(old.alignments) == len(new.alignments):
        yield from (("same", place, place) for place in range(len(new.alignments)))
        return
    before, after = ([_column(table, place) for place in range(len(table.alignments))] for table in (old, new))
    yield from aligned(before, after)


def _column(table: Table, place: int) -> Candidate[int]:
    cells = [normal(row[place]) for row in (table.header, *table.rows)]
    return Candidate(place, "", "\n".join(cells), lead=cells[0])


def _row(mark: Mark, old: Cells, new: Cells, columns: Sequence[_Column]) -> MarkedRow:
    def cell(column: Mark, ours: int, theirs: int) -> Pieces:
        if mark == "same" and column == "same":
            return compared(old[ours], new[theirs])
        there = mark if column == "same" else column
        if mark not in ("same", there):
            return ()
        return whole(old[ours] if there == "deleted" else new[theirs], there)

    return MarkedRow(mark, tuple(cell(*column) for column in columns))


def _candidate(row: Cells, columns: Sequence[int]) -> Candidate[Cells]:
    cells = [normal(row[place]) for place in columns]
    return Candidate(row, "", "\n".join(cells), lead=cells[0] if cells else "")
