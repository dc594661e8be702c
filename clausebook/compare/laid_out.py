"""Lay a marked text out as ordinary blocks: for those who show it, ends of paragraphs that came or went as signs.

Shown for both sides it has the paragraphs of the new text; where the old one had an end of its own, a sign stands,
and the number that began there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from clausebook.compare.model import (
    ItemStep,
    Mark,
    MarkedBlock,
    MarkedItem,
    MarkedList,
    MarkedParagraph,
    MarkedPassage,
    MarkedTable,
    MarkedText,
    Piece,
    Pieces,
    Stand,
    Stretch,
)
from clausebook.compare.passages import starts
from clausebook.document.model import Run

Side = Literal["both", "old", "new"]
"""Which words are shown: all of them, or those of one document."""

END_SIGN = "¶"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A paragraph or table to be put into the lists that it stands in; `numbers` are the old and the new one."""

    steps: tuple[ItemStep, ...]
    block: MarkedParagraph | MarkedTable
    numbers: tuple[str, str] = ("", "")


def laid_out(text: MarkedText, side: Side = "both") -> tuple[MarkedBlock, ...]:
    """Return a text as blocks; of one side, a passage holds what is there on that side alone."""
    if not any(isinstance(block, MarkedPassage) for block in text):
        return text  # type: ignore[return-value]
    found: list[MarkedBlock] = []
    for block in text:
        found += _nested(list(_entries(block.stretches, side)), 0) if isinstance(block, MarkedPassage) else [block]
    return tuple(found)


def _entries(stretches: Sequence[Stretch], side: Side) -> Iterator[_Entry]:
    pieces: list[Piece] = []
    numbers: tuple[str, str] = ("", "")
    begun = False
    for each, (old_start, new_start) in zip(stretches, starts(stretches), strict=True):
        own = each.old if side == "old" else each.new
        if each.table:
            if stand := own or (each.old if side == "both" else None):
                yield _Entry(stand.steps, each.table)
            continue
        shown = tuple(piece for piece in each.pieces if side == "both" or piece.mark != _LEFT_OUT[side])
        if side == "both" and each.whole == "deleted" and not begun and each.old and old_start:
            paragraph = MarkedParagraph("deleted", shown, each.old.anchor)
            yield _Entry(each.old.steps, paragraph, (old_start.number, ""))
            continue
        joint = old_start if begun and side == "both" else None
        if not begun:
            numbers = (old_start.number if old_start else "", new_start.number if new_start else "")
            if side == "both" and old_start and _item_of(old_start) != _item_of(new_start):
                pieces += _number(old_start)
                numbers = ("", numbers[1])
        elif joint:
            pieces += [_sign("deleted"), *(_number(joint) or (Piece(Run(" "), "deleted"),))]
        begun = begun or side == "both" or bool(shown) or bool(own)
        pieces += shown if not joint else _spaced(shown)
        if own is None:
            continue
        mark: Mark = "same"
        if side == "both" and each.old is None:
            if all(piece.mark == "inserted" for piece in pieces):
                mark = "inserted"
            else:
                while pieces and pieces[-1].mark == "deleted" and pieces[-1].run.text.isspace():
                    pieces.pop()
                pieces.append(_sign("inserted"))
        yield _Entry(own.steps, MarkedParagraph(mark, tuple(pieces), own.anchor), numbers)
        pieces, begun = [], False


_LEFT_OUT: dict[Side, Mark] = {"old": "inserted", "new": "deleted"}


def _sign(mark: Mark) -> Piece:
    return Piece(Run(END_SIGN), mark, sign=True)


def _spaced(pieces: Pieces) -> Pieces:
    """Return what follows an end that went: the space in its place is no change to be shown."""
    if pieces and pieces[0].mark == "inserted" and pieces[0].run.text.isspace():
        return (replace(pieces[0], mark="same"), *pieces[1:])
    return pieces


def _item_of(stand: Stand | None) -> int | None:
    """Return the item that begins with a paragraph."""
    return stand.steps[-1].item if stand and stand.leads else None


def _number(stand: Stand) -> Pieces:
    return (Piece(Run(f" {stand.number} "), "deleted", numbering=True),) if stand.number else ()


def _nested(entries: Sequence[_Entry], depth: int) -> Iterator[MarkedBlock]:
    for own, group in groupby(entries, lambda entry: entry.steps[depth].list if len(entry.steps) > depth else None):
        inside = list(group)
        if own is None:
            yield from (entry.block for entry in inside)
            continue
        items = tuple(_item(list(each), depth) for _, each in groupby(inside, lambda entry: entry.steps[depth].item))
        step = inside[0].steps[depth]
        yield MarkedList(_common(item.mark for item in items), step.ordered, step.level, items)


def _item(entries: Sequence[_Entry], depth: int) -> MarkedItem:
    step = entries[0].steps[depth]
    mark = _common(entry.block.mark for entry in entries)
    own = [entry.numbers for entry in entries if len(entry.steps) == depth + 1]
    old, new = (next((pair[side] for pair in own if pair[side]), "") for side in (0, 1))
    return MarkedItem(mark, old, new, tuple(_nested(entries, depth + 1)), step.anchor)


def _common(marks: Iterable[Mark]) -> Mark:
    found = {*marks}
    return found.pop() if len(found) == 1 else "same"
