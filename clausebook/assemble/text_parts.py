"""The parts of a rendered text that mean the same wherever they stand: paragraphs, rows of tables, items of lists.

Agreements share most of them, even where one has an item more than another: so each is parsed by itself, and once.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from clausebook.document.model import Block, ItemList, Table

Kind = Literal["blocks", "row", "item"]


class TextPart(NamedTuple):
    """Some blocks, a row below the head of its table, or an item that is the `nth` of its list; `more` goes on."""

    text: str
    kind: Kind = "blocks"
    nth: int = 0
    more: bool = False


# What may reach beyond an empty line, or say what words elsewhere mean.
_TOGETHER = re.compile(r"```|~~~|\]:|\[\^|[\t\r]|^ {0,3}<", re.MULTILINE)
_EMPTY = re.compile(r"\n(?: *\n)+")
_ITEM = re.compile(r"(?:[-+*]|([0-9]{1,9})[.)]) +(?=\S)")
_NEXT_ITEM = re.compile(r"\n(?=(?:[-+*]|[0-9]{1,9}[.)]) )")
_RULE = re.compile(r"(?m)^ {0,3}(?:[-*_] *){3,}$")
_DELIMITERS = re.compile(r"[|:\- ]*-[|:\- ]*")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def parts_of(text: str) -> Sequence[TextPart]:
    """Return the parts of a text, in order; a single one if they are not surely independent of each other."""
    if _TOGETHER.search(text) or _RULE.search(text):
        return (TextPart(text),)
    chunks: list[str] = []
    for group in _EMPTY.split(text.strip("\n")):
        goes_on = group.startswith(" ") or (_kind(group) and chunks and _kind(chunks[-1]) == _kind(group))
        if goes_on and chunks:
            chunks[-1] += f"\n\n{group}"
        elif group:
            chunks.append(group)
    return tuple(part for chunk in chunks for part in (_items(chunk) or _rows(chunk) or (TextPart(chunk),)))


def _kind(chunk: str) -> str:
    """Return the sign that an item of a list begins with, "" if there is none."""
    found = _ITEM.match(chunk)
    return found[0].rstrip()[-1] if found else ""


def _items(chunk: str) -> Sequence[TextPart]:
    found = _ITEM.match(chunk)
    if not found:
        return ()
    items = _NEXT_ITEM.split(chunk)
    if len({_kind(item) for item in items}) > 1:
        return ()
    counts = itertools.count(int(found[1])) if found[1] else itertools.repeat(0)
    return [TextPart(item, "item", next(counts), index > 0) for index, item in enumerate(items)]


def _rows(chunk: str) -> Sequence[TextPart]:
    head, _, rest = chunk.partition("\n")
    delimiters, _, rows = rest.partition("\n")
    if "|" not in head or not rows or not _DELIMITERS.fullmatch(delimiters) or _PRIVATE.search(head):
        return ()
    return [TextPart(f"{head}\n{delimiters}\n{row}", "row", 0, index > 0) for index, row in enumerate(rows.split("\n"))]


def fit(parts: Iterable[tuple[TextPart, Sequence[Block]]]) -> bool:
    """Tell whether the blocks of each part are what it should have given, alike in all items of a list."""
    ordered = None
    for part, blocks in parts:
        match blocks, part.kind:
            case [Table(rows=[_])], "row":
                pass
            case [ItemList(items=[_]) as found], "item" if not part.more or found.ordered == ordered:
                ordered = found.ordered
            case _, "row" | "item":
                return False
    return True


def joined(parts: Sequence[TextPart], blocks: Sequence[tuple[Block, ...]]) -> Iterator[Block]:
    """Yield the blocks of a text from those that its parts gave."""
    start = 0
    while start < len(parts):
        end = start + 1
        while end < len(parts) and parts[end].more:
            end += 1
        if end == start + 1:
            yield from blocks[start]
        else:
            yield _joined([block for each in blocks[start:end] for block in each])
        start = end


def _joined(blocks: Sequence[Block]) -> Block:
    match first := blocks[0]:
        case Table():
            rows = tuple(row for each in blocks if isinstance(each, Table) for row in each.rows)
            return Table(first.alignments, first.header, rows)
        case ItemList():
            items = tuple(item for each in blocks if isinstance(each, ItemList) for item in each.items)
            return ItemList(items, first.ordered, first.level)
        case _:
            raise ValueError("only rows and items go on")
