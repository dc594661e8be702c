"""The results of measuring: rows, kept as JSON by part, and the one table that is made of all of them.

A file of results is an object with `part`, the part's name; `machine`, where it was measured; and `rows`, of which each
has the fields of `Row` that it needs. Whatever else measures something may put such a file into the same folder.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HEADS = ("what", "agreements", "cores", "processors", "clock", "peak memory", "processors, 1,000 words", "growth", "")


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, on how many agreements of how many words together; 0 where that says nothing.

    `paper` is "long" or "short", `cores` how many processors could be used, 0 for all. Times are in seconds, memory in
    bytes. `figure` is whatever else is to be told.
    """

    what: str
    agreements: int = 0
    words: int = 0
    paper: str = "long"
    cores: int = 0
    processor: float | None = None
    clock: float | None = None
    memory: int | None = None
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The results of one part, as its file has them."""

    name: str
    machine: str
    rows: tuple[Row, ...]


def write(folder: Path, part: Part) -> None:
    """Keep the results of a part, in place of earlier ones."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"part": part.name, "machine": part.machine, "rows": [asdict(row) for row in part.rows]}
    _path(folder, part.name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read(folder: Path, order: Sequence[str]) -> list[Part]:
    """Return what is there: first the parts that are named, in their order, then all others."""
    paths = list(dict.fromkeys((*(_path(folder, name) for name in order), *sorted(folder.glob("*.json")))))
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.is_file()]
    return [Part(each["part"], each.get("machine", ""), tuple(Row(**row) for row in each["rows"])) for each in contents]


def table(parts: Iterable[Part]) -> str:
    """Return the table, in Markdown; what was measured at several sizes stands together, the smallest first."""
    found = list(parts)
    rows = [row for part in found for row in part.rows]
    groups: dict[tuple[str, str, int], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.what, row.paper, row.cores), []).append(row)
    lines = [f"| {' | '.join(HEADS)} |", f"|---|{'--:|' * (len(HEADS) - 2)}---|"]
    for group in groups.values():
        group.sort(key=lambda row: row.agreements)
        lines += [_line(row, before) for before, row in zip((None, *group), group, strict=False)]
    machines = dict.fromkeys(part.machine for part in found if part.machine)
    return "\n".join((*lines, "", *machines))


def growth(before: Row, row: Row) -> float | None:
    """Return the exponent by which processor time grows with the number of agreements; None if that is not known."""
    if not before.processor or not row.processor or not 0 < before.agreements < row.agreements:
        return None
    return math.log(row.processor / before.processor) / math.log(row.agreements / before.agreements)


def _line(row: Row, before: Row | None) -> str:
    grown = growth(before, row) if before else None
    cells = (
        row.what,
        f"{row.agreements:,}{' short' if row.paper == 'short' else ''}" if row.agreements else "",
        f"{row.cores}" if row.cores else "",
        "" if row.processor is None else _seconds(row.processor),
        "" if row.clock is None else _seconds(row.clock),
        "" if row.memory is None else f"{row.memory / 2**20:,.0f} MiB",
        "" if row.processor is None or not row.words else f"{row.processor / row.words * 1e6:,.2f} ms",
        "" if grown is None else f"{grown:.2f}",
        row.figure,
    )
    return f"| {' | '.join(cells)} |"


def _seconds(seconds: float) -> str:
    return f"{seconds:,.2f} s" if seconds < 10 else f"{seconds:,.0f} s"


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name.replace(' ', '-').replace(',', '')}.json"
