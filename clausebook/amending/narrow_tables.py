"""Find the rows and cells by which one table became another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from clausebook.amending.narrow_cost import cost
from clausebook.amending.narrow_steps import CellStep, NamedTable, NarrowStep, RowStep, plain, plain_text, reads
from clausebook.compare.alignment import Candidate, Pair, aligned
from clausebook.document.model import Runs, Table

LONGEST_NAME, LONGEST_LINE = 30, 240
"""Words and letters of a cell, a column's heading or a paragraph's beginning that are quoted inside a sentence."""


def row_steps(table: NamedTable, old: Table, new: Table) -> Sequence[NarrowStep] | None:
    """Return the steps that make a table of another, None where its rows cannot be named."""
    if (old.alignments, old.header) != (new.alignments, new.header):
        return None
    steps: list[NarrowStep] = []
    above = ""  # the row below which what comes next is added, or else above `top`
    added: list[tuple[Runs, ...]] = []
    names = _row_names(old)
    top = names[0] if names else ""

    def held(*rows: tuple[Runs, ...]) -> Table:
        return Table(new.alignments, new.header, rows)

    def flush() -> bool:
        if added:
            if not above and not top:
                return False
            rows = held(*added)
            steps.append(RowStep("added", table, above, rows) if above else RowStep("added_first", table, top, rows))
            added.clear()
        return True

    ours, theirs = ([_row_candidate(n, row) for n, row in enumerate(each.rows)] for each in (old, new))
    for mark, before, after in replaced_in_place(ours, theirs):
        if mark == "inserted":
            added.append(new.rows[after])
            continue
        if not flush():
            return None
        name = names[before]
        if mark == "same":
            if old.rows[before] != new.rows[after]:
                if not name:
                    return None
                whole: list[NarrowStep] = [RowStep("replaced", table, name, held(new.rows[after]))]
                cells = _cells(table, old, name, old.rows[before], new.rows[after])
                steps += whole if cells is None or cost(whole) <= cost(cells) else cells
            above = name
            if not name:
                top = ""
        elif name:
            steps.append(RowStep("deleted", table, name))
        else:
            return None
    return steps if flush() else None


def _cells(
    table: NamedTable, old: Table, row: str, was: tuple[Runs, ...], now: tuple[Runs, ...]
) -> Sequence[NarrowStep] | None:
    steps: list[NarrowStep] = []
    headings = [reads(cell) for cell in old.header]
    for place, (before, after) in enumerate(zip(was, now, strict=True)):
        if before == after:
            continue
        column = headings[place]
        told = plain(before) and plain(after) and reads(before) != reads(after)
        if not told or not all(map(quotable, (column, reads(before), reads(after)))) or headings.count(column) > 1:
            return None
        steps.append(CellStep(table, row, column, reads(before), after))
    return steps


def _row_names(table: Table) -> list[str]:
    """Return what the first cell of each row reads, "" where that does not name the row alone."""
    first = [reads(row[0]) if row else "" for row in table.rows]
    counts = Counter(first)
    return [name if counts[name] == 1 and quotable(name) else "" for name in first]


def replaced_in_place(old: Sequence[Candidate[int]], new: Sequence[Candidate[int]]) -> Iterator[Pair[int]]:
    """Yield what belongs together by its place; what came where something of its kind went takes its place."""
    gone: list[int] = []
    for mark, before, after in aligned(old, new):
        if mark == "inserted" and gone and old[gone[0]].kind == new[after].kind:
            yield "same", gone.pop(0), after
            continue
        if mark != "deleted":
            yield from (("deleted", each, each) for each in gone)
            gone.clear()
            yield mark, before, after
        else:
            gone.append(before)
    yield from (("deleted", each, each) for each in gone)


def quotable(text: str) -> bool:
    """Tell whether a text can be quoted inside a sentence."""
    short = len(text) <= LONGEST_LINE and len(text.split()) <= LONGEST_NAME
    return bool(text) and short and plain_text(text)


def _row_candidate(index: int, row: Sequence[Any]) -> Candidate[int]:
    said = [reads(cell) for cell in row]
    return Candidate(index, "row", "\n".join(said), lead=said[0] if said else "")
