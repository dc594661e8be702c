"""Rewrite an agreement's file from one number of its format to a later one: only the words that must change.

Comments, order and style stay. The outcome is read back: it must hold the data that it should, or it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clausebook.findings.model import FindingsError, RepositoryError, has_errors
from clausebook.formats.renames import Rename, carried, renames
from clausebook.formats.table import FIELD
from clausebook.load.editing import quotes_at
from clausebook.load.numbered import AGREEMENT
from clausebook.load.positions import Positions, index_at
from clausebook.load.yaml import load_yaml


def rewritten(content: bytes, path: str, number: int, to: int) -> bytes:
    """Return an agreement's file in a later number of its format.

    Raise FindingsError if it cannot be read, RepositoryError if it is not written in a way that can be rewritten.
    """
    for each in range(number, to):
        content = _raised(content, path, each)
    return content


_Edit = tuple[int, int, str]
"""Where text is replaced, how much of it, and by what."""


def _raised(content: bytes, path: str, number: int) -> bytes:
    loaded = load_yaml(content, path)
    data: Any = loaded.value
    if has_errors(loaded.findings):
        raise FindingsError(loaded.findings)
    edits = [_numbered(content, data, loaded.positions, number + 1)]
    for change in renames(AGREEMENT, number, number + 1):
        for holder in _holders(data, change.within.split("/")[1:]):
            edits += _renamed(content, (*holder, change.old), loaded.positions, change)
    for start, length, text in sorted(edits, reverse=True):
        content = content[:start] + text.encode() + content[start + length :]
    after = load_yaml(content, path)
    if has_errors(after.findings) or after.value != carried(data, AGREEMENT, number, number + 1):
        names = ", ".join(f"`{change.old}`" for change in renames(AGREEMENT, number, number + 1))
        raise RepositoryError(
            f"`{path}` is not written in a way that can be rewritten",
            f"write each property on a line of its own, its name plainly ({names}), then migrate again",
        )
    return content


def _numbered(content: bytes, data: dict[str, Any], positions: Positions, number: int) -> _Edit:
    """Return what makes the file say its number: at the place of the old one, or before its first property."""
    if FIELD in data:
        return index_at(content, *positions.value((FIELD,))), len(str(data[FIELD])), str(number)
    line, column = positions.key((next(iter(data)),))
    start = index_at(content, line, column)
    end = "\r\n" if b"\r\n" in content else "\n"
    return start, 0, f"{FIELD}: {number}{end}{' ' * (column - 1)}"


def _renamed(content: bytes, path: tuple[str | int, ...], positions: Positions, change: Rename) -> Iterator[_Edit]:
    """Yield what gives a property its new name, if it is there."""
    start = index_at(content, *positions.key(path))
    for sign in quotes_at(content, start, change.old):
        yield start, len(f"{sign}{change.old}{sign}"), f"{sign}{change.new}{sign}"


def _holders(value: Any, within: list[str], at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each object at a pattern."""
    if not within:
        yield at
    elif within[0] == "*" and isinstance(value, list):
        for index, each in enumerate(value):
            yield from _holders(each, within[1:], (*at, index))
    elif isinstance(value, dict) and within[0] in value:
        yield from _holders(value[within[0]], within[1:], (*at, within[0]))
