"""What the places inside a clause are called: each by a name that no other place of it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from clausebook.amending.narrow_steps import Path, PlaceName, kind_of, part_at, parts_of, reads
from clausebook.assemble.numbering import item_cited
from clausebook.document.model import Item, ItemList, Paragraph, Runs, Table
from clausebook.document.walk import Blocks, texts_of
from clausebook.document.words import text_of

FEWEST, MOST_WORDS = 6, 16
"""Words by which a paragraph is named that begins with them: enough to be found by eye, few enough to be read."""

LONGEST_NAME, LONGEST_LINE = 30, 240
"""Words and letters of a cell, a column's heading or a paragraph's beginning that are quoted inside a sentence."""

_UNQUOTABLE = frozenset('“”„«»"\n\r\u2028')
"""Quotation marks that would end a quotation, and breaks of a line."""


class UnnamedError(Exception):
    """A place has no name of its own, or what changes there cannot be said by naming it."""


class PlaceNames:
    """The names of the places in the blocks of one clause. Each method raises UnnamedError where there is none."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.texts = list(map(reads, texts_of(blocks)))
        walked = list(_walk(blocks))
        self.tables = [path for path, _, part in walked if isinstance(part, Table)]
        self.items = {path: label for path, label, part in walked if isinstance(part, Item) and label}
        self.labels = Counter(self.items.values())

    def of(self, path: Path, new: Any) -> tuple[str, Mapping[str, str | PlaceName]]:
        """Return the item that a part is or stands in, and what else names it; `new` is what shall stand there."""
        kind = kind_of(part_at(self.blocks, path))
        match kind:
            case "item":
                return self.item(path), {}
            case "paragraph":
                return self.item(path[:-1]), {kind: self.block(path)}
            case "table":
                return "", {kind: self.block(path)}
            case "row":
                return "", self.row(path)
            case "cell":
                return "", self._cell(path, new)
        raise UnnamedError

    def item(self, path: Path) -> str:
        """Return how an item is cited inside its clause, "" for the clause itself."""
        label = self.items.get(path, "")
        if path and self.labels[label] != 1:
            raise UnnamedError
        return label

    def block(self, path: Path) -> PlaceName:
        """Return the name of a block: that of a list is its last item's."""
        match part_at(self.blocks, path):
            case Paragraph(runs=runs):
                return self._paragraph(path, reads(runs))
            case Table() if len(self.tables) == 1:
                return PlaceName("table_alone")
            case Table():
                return PlaceName("table_counted", count=self.tables.index(path) + 1)
            case ItemList(items):
                return PlaceName(item=self.item((*path, len(items) - 1)))
        raise UnnamedError

    def _paragraph(self, path: Path, text: str) -> PlaceName:
        held = parts_of(part_at(self.blocks, path[:-1]))
        place = path[-1]
        direct = [index for index, block in enumerate(held) if isinstance(block, Paragraph)]
        if len(direct) > 1 and not any(isinstance(block, ItemList) for block in held):
            return PlaceName("paragraph_counted", count=direct.index(place) + 1)
        leads = self.items.get((*path[:-1], 1, 0), "") if place == 0 else ""
        if leads and self.labels[leads] == 1:
            return PlaceName("paragraph_leading", item=leads)
        given = text.split(" ")
        for count in range(min(FEWEST, len(given)), min(MOST_WORDS, len(given)) + 1):
            words = " ".join(given[:count])
            if quotable(words) and sum(f"{each} ".startswith(f"{words} ") for each in self.texts) == 1:
                return PlaceName("paragraph_beginning", words=words)
        raise UnnamedError

    def row(self, path: Path) -> Mapping[str, str | PlaceName]:
        """Return the names of a row, by what its first cell reads, and of its table."""
        table, place = part_at(self.blocks, path[:-1]), path[-1]
        first = [reads(row[0]) for row in table.rows]
        if place >= len(first) or first.count(first[place]) != 1 or not quotable(first[place]):
            raise UnnamedError
        return {"table": self.block(path[:-1]), "row": first[place]}

    def _cell(self, path: Path, new: Runs) -> Mapping[str, str | PlaceName]:
        table, old = part_at(self.blocks, path[:-2]), part_at(self.blocks, path)
        headings = [reads(cell) for cell in table.header]
        told = {"column": headings[path[-1]], "former": reads(old), "new": reads(new)}
        plain = _plain(old) and _plain(new) and told["former"] != told["new"]
        if not plain or not all(map(quotable, told.values())) or headings.count(told["column"]) > 1:
            raise UnnamedError
        return {**self.row(path[:-1]), **told}


def quotable(text: str) -> bool:
    """Tell whether a text can be quoted inside a sentence."""
    short = len(text) <= LONGEST_LINE and len(text.split()) <= LONGEST_NAME
    return bool(text) and short and not set(text) & _UNQUOTABLE


def _plain(runs: Runs) -> bool:
    """Tell whether runs are one line in one look, without quotation marks or a link."""
    marks = any(run.strong or run.emphasis or (run.target and not run.target.startswith("#")) for run in runs)
    return not marks and not set(text_of(runs)) & _UNQUOTABLE


def _walk(blocks: Blocks, around: str | None = "", at: Path = ()) -> Iterator[tuple[Path, str | None, Item | Table]]:
    """Yield every item and every table with the way to it; an item with how it is cited, None if it cannot be."""
    for index, block in enumerate(blocks):
        if isinstance(block, Table):
            yield (*at, index), None, block
        for place, item in enumerate(block.items if isinstance(block, ItemList) else ()):
            path, number = (*at, index, place), item_cited(item.number)
            # A check box is no number.
            counted = isinstance(block, ItemList) and block.ordered and any(map(str.isalnum, number))
            label = None if around is None or not counted else around + number
            yield path, label, item
            yield from _walk(item.blocks, label, path)
