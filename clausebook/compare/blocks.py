"""Compare the blocks of a clause: paragraphs, items and rows pair where they are alike, the rest came or went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from clausebook.compare.alignment import Candidate, aligned
from clausebook.compare.columns import Cells, compared_table, whole_table
from clausebook.compare.model import (
    Mark,
    MarkedBlock,
    MarkedItem,
    MarkedList,
    MarkedParagraph,
    MarkedPassage,
    MarkedText,
    other_box,
)
from clausebook.compare.passages import passages
from clausebook.compare.texts import compared, normal, same_runs, whole
from clausebook.document.model import Block, Item, ItemList, Paragraph, Table
from clausebook.document.notes import is_notes, notes_in
from clausebook.document.walk import Blocks, block_anchors, texts_of

Anchors: TypeAlias = frozenset[str]

CONTAINERS_ALIKE = 0.2
"""The share of words that two lists or tables must have in common: their items and rows are compared next."""


def same_blocks(old: Sequence[Block], new: Sequence[Block]) -> bool:
    """Tell whether nothing differs but white space, looks and the numbers of items."""
    if old is new:
        return True
    return len(old) == len(new) and all(map(_same_block, old, new))


def compared_blocks(old: Blocks, new: Blocks) -> MarkedText:
    """Merge the blocks of both sides, all those of a clause or definition.

    What stayed has the new side's anchor, or the old one's unless that is now the anchor of something else.
    """
    taken = frozenset(block_anchors(new))
    found: list[MarkedBlock | MarkedPassage] = []
    i = j = 0
    # A note is no paragraph of the text, so no words run on from one into the other.
    for (a, b, c, d), passage in passages(old, new) if not (notes_in(old) or notes_in(new)) else ():
        found += [*_compared_blocks(old[i:a], new[j:c], taken), passage]
        i, j = b, d
    return (*found, *_compared_blocks(old[i:], new[j:], taken))


def whole_blocks(blocks: Sequence[Block], mark: Mark, old: Sequence[Block] = ()) -> tuple[MarkedBlock, ...]:
    """Return the blocks, everything in them with one mark; `old`, if any, differ in their items' numbers alone."""
    return tuple(_whole(block, mark, was) for block, was in zip(blocks, old or blocks, strict=True))


def block_text(blocks: Iterable[Block]) -> str:
    """Return the words of blocks, without the numbers of items."""
    return "\n".join(normal(runs) for runs in texts_of(blocks))


def _same_block(old: Block, new: Block) -> bool:
    if old is new:
        return True
    match old, new:
        case Paragraph(), Paragraph():
            return same_runs(old.runs, new.runs)
        case ItemList(), ItemList():
            return (
                old.ordered == new.ordered
                and old.level == new.level
                and len(old.items) == len(new.items)
                and all(map(_same_item, old.items, new.items))
            )
        case Table(), Table():
            return (
                len(old.alignments) == len(new.alignments)
                and len(old.rows) == len(new.rows)
                and _same_row(old.header, new.header)
                and all(map(_same_row, old.rows, new.rows))
            )
    return False


def _same_item(old: Item, new: Item) -> bool:
    return not other_box(old.number, new.number) and same_blocks(old.blocks, new.blocks)


def _same_row(old: Cells, new: Cells) -> bool:
    return old is new or all(map(same_runs, old, new))


def _compared_blocks(old: Iterable[Block], new: Iterable[Block], taken: Anchors) -> tuple[MarkedBlock, ...]:
    found: list[MarkedBlock] = []
    for mark, ours, theirs in aligned(list(_groups(old)), list(_groups(new))):
        if mark != "same":
            found += whole_blocks(theirs, mark)
        elif merged := _compared(ours[0], theirs[0], taken):
            found += [merged, *(_compared_blocks(ours[1:], theirs[1:], taken) if ours[1:] or theirs[1:] else ())]
        else:
            found += [*whole_blocks(ours, "deleted"), *whole_blocks(theirs, "inserted")]
    return tuple(found)


def _groups(blocks: Iterable[Block]) -> Iterator[Candidate[Blocks]]:
    """Yield each block with the footnotes right after it, which go where it goes."""
    group: list[Block] = []
    for block in blocks:
        if group and not is_notes(block):
            yield _candidate(tuple(group))
            group = []
        group.append(block)
    if group:
        yield _candidate(tuple(group))


def _anchor(old: str, new: str, taken: Anchors) -> str:
    return new or ("" if old in taken else old)


def _compared(old: Block, new: Block, taken: Anchors) -> MarkedBlock | None:
    """Merge two blocks of a kind; None for tables that have no column in common."""
    match old, new:
        case Paragraph(), Paragraph():
            return MarkedParagraph("same", compared(old.runs, new.runs), _anchor(old.anchor, new.anchor, taken))
        case ItemList(), ItemList():
            return MarkedList("same", new.ordered, new.level, _items(old.items, new.items, taken))
        case Table(), Table():
            return compared_table(old, new)
    raise TypeError(f"only blocks of a kind can be compared, not {type(old).__name__} with {type(new).__name__}")


def _items(old: Iterable[Item], new: Iterable[Item], taken: Anchors) -> tuple[MarkedItem, ...]:
    return tuple(
        MarkedItem(
            "same",
            ours.number,
            theirs.number,
            _compared_blocks(ours.blocks, theirs.blocks, taken),
            _anchor(ours.anchor, theirs.anchor, taken),
        )
        if mark == "same"
        else _whole_item(theirs, mark, theirs)
        for mark, ours, theirs in aligned(list(map(_item_candidate, old)), list(map(_item_candidate, new)))
    )


def _whole(block: Block, mark: Mark, old: Block) -> MarkedBlock:
    match block:
        case Paragraph():
            return MarkedParagraph(mark, whole(block.runs, mark), block.anchor)
        case ItemList():
            before = old.items if isinstance(old, ItemList) else block.items
            items = tuple(_whole_item(item, mark, was) for item, was in zip(block.items, before, strict=True))
            return MarkedList(mark, block.ordered, block.level, items)
        case Table():
            return whole_table(block, mark)


def _whole_item(item: Item, mark: Mark, old: Item) -> MarkedItem:
    old_number, new_number = "" if mark == "inserted" else old.number, "" if mark == "deleted" else item.number
    return MarkedItem(mark, old_number, new_number, whole_blocks(item.blocks, mark, old.blocks), item.anchor)


def _candidate(group: Blocks) -> Candidate[Blocks]:
    block = group[0]
    match block:
        case Paragraph():
            return Candidate(group, "paragraph", normal(block.runs))
        case ItemList():
            kind = f"list {block.ordered} {block.level}"
            return Candidate(group, kind, block_text((block,)), least=CONTAINERS_ALIKE)
        case Table():
            lead = "\n".join(map(normal, block.header)).strip()
            return Candidate(group, "table", block_text((block,)), lead=lead, least=CONTAINERS_ALIKE)


def _item_candidate(item: Item) -> Candidate[Item]:
    return Candidate(item, "", block_text(item.blocks))
