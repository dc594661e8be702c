"""The small steps that lead from one text of a clause to another: an item, a paragraph, a table, a row or a cell.

All steps of a clause act at once, on the text as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from clausebook.document.model import Item, ItemList, Paragraph, Runs, Table
from clausebook.document.walk import Blocks, texts_of
from clausebook.document.words import text_of

Path: TypeAlias = tuple[int, ...]
"""The way to a block, an item, a row or a cell: indices from the outermost blocks inwards."""

Parts: TypeAlias = tuple[Any, ...]
"""Blocks, the items of a list, the rows of a table, or the cells of a row."""

_HELD: Mapping[type, str] = {ItemList: "items", Item: "blocks", Table: "rows"}
"""Where a part of a text holds its parts; blocks and rows are tuples of them."""


@dataclass(frozen=True, slots=True)
class PlaceName:
    """What a place inside a text is called: an item by how it is cited, other places by a phrase of the wording.

    The phrase is filled with the item, with words that stand there, or with the ordinal of a count.
    """

    phrase: str = ""
    item: str = ""
    words: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class NarrowStep:
    """What stood at a place, `old`, and what stands there now, `new`; what is added comes before what stands there.

    `formula` is that of its sentence, and `names` fill it beside the place: `item`, by how it is cited inside its
    clause ("(a)(ii)"), "" for the clause itself. `text` is set in below the sentence.
    """

    formula: str
    item: str = ""
    names: Mapping[str, str | PlaceName] = field(default_factory=dict)
    path: Path = ()
    old: Parts = ()
    new: Parts = ()
    text: Blocks = ()

    def must_say(self, number: str) -> list[str]:
        """Return what the words of the step must hold beside its text, whatever formula is filled with it.

        `number` is that of its clause as it is cited, "" if it has none.
        """
        told = [number + self.item]
        for each in self.names.values():
            told += (number + each.item, each.words) if isinstance(each, PlaceName) else (each,)
        return told


def carried_out(part: Any, steps: Sequence[NarrowStep], depth: int = 0) -> Any:
    """Return blocks, or what stands `depth` inside them, after the steps that lead into it."""
    parts: list[Any] = []
    for index, old in enumerate((*parts_of(part), None)):
        here = [step for step in steps if step.path[depth : depth + 1] == (index,)]
        own = [step for step in here if len(step.path) == depth + 1]
        parts += (new for step in own for new in step.new)
        if old is not None and not any(step.old for step in own):
            parts.append(carried_out(old, here, depth + 1) if here and own != here else old)
    return with_parts(part, tuple(parts))


def parts_of(part: Any) -> Parts:
    """Return what stands in a list, an item, a table or a row; blocks are given as they are."""
    name = _HELD.get(type(part))
    return getattr(part, name) if name else tuple(part)


def with_parts(part: Any, parts: Parts) -> Any:
    """Return a list, an item, a table or a row in which other parts stand."""
    name = _HELD.get(type(part))
    return replace(part, **{name: parts}) if name else parts


def part_at(blocks: Blocks, path: Path) -> Any:
    """Return the part to which a way leads."""
    found: Any = blocks
    for index in path:
        found = parts_of(found)[index]
    return found


def kind_of(part: Any) -> str:
    """Return what a part is, as the formulas call it."""
    match part:
        case Paragraph() | Table() | Item() | ItemList():
            return type(part).__name__.lower()
        case (tuple(), *_):
            return "row"
        case _:
            return "cell"


def texts_in(part: Any) -> list[str]:
    """Return what every paragraph and every cell of a part reads."""
    match part:
        case Item():
            return list(map(reads, texts_of(part.blocks)))
        case (tuple(), *_):
            return list(map(reads, part))
        case _:
            return list(map(reads, texts_of((part,))))


def reads(runs: Runs) -> str:
    """Return what runs read, their white space as single spaces."""
    return " ".join(text_of(runs).split())
