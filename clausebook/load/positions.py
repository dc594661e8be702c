"""Where the values of a YAML file stand in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from clausebook.findings.pointers import parts

Path: TypeAlias = Sequence[str | int]


class ValuePlace(NamedTuple):
    """Where a value and its key begin: lines and columns from 0. An item of a list has no key of its own."""

    line: int
    column: int
    key_line: int
    key_column: int
    children: dict[str, ValuePlace] | list[ValuePlace] | None


ROOT = ValuePlace(0, 0, 0, 0, None)


@dataclass(frozen=True, slots=True)
class Positions:
    """Line and column, counted from 1, of each value and key, by JSON pointer or path."""

    root: ValuePlace = field(default=ROOT, repr=False)

    def value(self, where: str | Path) -> tuple[int, int]:
        """Return line and column of the value, or of the nearest value around it that the file holds."""
        place = self._find(where)
        return place.line + 1, place.column + 1

    def key(self, where: str | Path) -> tuple[int, int]:
        """Return line and column of the value's key; an item of a list stands for itself."""
        place = self._find(where)
        return place.key_line + 1, place.key_column + 1

    def _steps(self, where: str | Path) -> Path:
        return parts(where) if isinstance(where, str) else where

    def _find(self, where: str | Path) -> ValuePlace:
        place = self.root
        for step in self._steps(where):
            children = place.children
            if isinstance(children, dict):
                child = children.get(str(step))
            elif isinstance(children, list) and str(step).isdecimal() and int(step) < len(children):
                child = children[int(step)]
            else:
                child = None
            if child is None:
                break
            place = child
        return place


def index_at(content: bytes, line: int, column: int) -> int:
    """Return where in a UTF-8 file a line and a column, counted from 1, are."""
    starts = [0, *(match.end() for match in re.finditer(rb"\r\n|\n|\r", content))]
    start = starts[line - 1]
    before = content[start:].decode("utf-8").removeprefix("\ufeff")[: column - 1]
    mark = 3 if line == 1 and content.startswith(b"\xef\xbb\xbf") else 0
    return start + mark + len(before.encode())


class Lines:
    """Turns an index of a text into a line and a column, counted from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]

    def at(self, index: int) -> tuple[int, int]:
        """Return line and column of the character at the index."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1
