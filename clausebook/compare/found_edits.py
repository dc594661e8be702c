"""Find the edits of a changed thing in its marked words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from clausebook.compare.edits import LEADING, PARTED, TRAILING, Edit, EditKind, EditPart
from clausebook.compare.model import (
    Mark,
    MarkedBlock,
    MarkedItem,
    MarkedLine,
    MarkedList,
    MarkedParagraph,
    MarkedPassage,
    MarkedRow,
    MarkedTable,
    MarkedText,
    Piece,
    Pieces,
    Stand,
    Stretch,
    other_box,
)
from clausebook.compare.passages import starts
from clausebook.compare.tokens import points
from clausebook.document.model import Run
from clausebook.document.notes import is_notes

CONTEXT = 6
"""Words that an excerpt shows on either side of an edit."""


def title_edits(pieces: Pieces, part: EditPart = "title") -> Iterator[Edit]:
    """Yield the edits of a title or heading."""
    for edit in _text_edits(pieces, part, ""):
        yield replace(edit, kind="title") if part == "title" else edit


def line_edits(lines: Iterable[MarkedLine]) -> Iterator[Edit]:
    """Yield the edits of a signature block's lines."""
    for line in lines:
        label = _words(line.label, "deleted") or _words(line.label, "inserted")
        if line.mark == "same":
            yield from _text_edits(line.label, "line", "")
            yield from _text_edits(line.pieces, "line", label)
        else:
            yield from _whole("reworded", "line", line.mark, (*line.label, _SPACE, *line.pieces), "")


_SPACE = Piece(Run(" "), "same")


def text_edits(text: MarkedText) -> Iterator[Edit]:
    """Yield the edits of a clause's or definition's text in reading order."""
    for block in text:
        if isinstance(block, MarkedPassage):
            yield from _passage_edits(block.stretches)
        else:
            yield from block_edits((block,))


def _passage_edits(stretches: Sequence[Stretch]) -> Iterator[Edit]:
    """Yield how paragraphs were arranged anew, and what else differs in them."""
    group: list[Stretch] = []
    for each in stretches:
        group += [each] if each.whole == "same" else []
        if each.old and each.new:
            yield from _arrangement(group)
            group = []
    for each, (was, now) in zip(stretches, starts(stretches), strict=True):
        stand = each.new or each.old
        at = "".join(step.number for step in stand.steps) if stand else ""
        if was and now and was.number and now.number and other_box(was.number, now.number):
            yield _tick(was.number, now.number, each.pieces)
        if each.table:
            yield from block_edits((each.table,), at)
        elif each.whole == "same" or any(piece.moved for piece in each.pieces):
            yield from _text_edits(each.pieces, "text", at)
        else:
            part: EditPart = "item" if stand and stand.leads else "paragraph"
            yield from _whole("reworded", part, each.whole, each.pieces, at)


def _arrangement(group: Sequence[Stretch]) -> Iterator[Edit]:
    old, new = [each.old for each in group if each.old], [each.new for each in group if each.new]
    if group and (len(old) != len(new) or [_lists(stand) for stand in old] != [_lists(stand) for stand in new]):
        listed = any(stand.steps for stand in new) - any(stand.steps for stand in old)
        kind: EditKind = "listed" if listed > 0 else "unlisted" if listed < 0 else "nested"
        if not listed and len(new) != len(old):
            kind = "split" if len(new) > len(old) else "merged"
        before, after = (_paragraphs(group, side) for side in ("old", "new"))
        excerpt = tuple(piece for each in group for piece in each.pieces)
        yield Edit(kind, "paragraph", "", PARTED.join(before), PARTED.join(after), excerpt)


def _lists(stand: Stand) -> object:
    return [(step.ordered, step.level) for step in stand.steps], stand.leads


def _paragraphs(group: Sequence[Stretch], side: Literal["old", "new"]) -> Iterator[str]:
    pieces: list[Piece] = []
    for each in group:
        pieces += each.pieces
        if each.old if side == "old" else each.new:
            yield _words(pieces, "inserted" if side == "old" else "deleted")
            pieces = []


def block_edits(blocks: Iterable[MarkedBlock], at: str = "") -> Iterator[Edit]:
    """Yield the edits of blocks in reading order; `at` is where they are."""
    for block in blocks:
        match block:
            case MarkedParagraph():
                if block.mark == "same" or _moves(block):
                    yield from _text_edits(block.pieces, "text", at)
                else:
                    yield from _whole("reworded", "paragraph", block.mark, block.pieces, at)
            case MarkedList():
                if block.mark == "same" or is_notes(block) or _moves(block):
                    part: EditPart = "footnote" if is_notes(block) else "item"
                    for item in block.items:
                        yield from _item_edits(item, at, part)
                else:
                    yield from _whole("reworded", "list", block.mark, _joined((block,)), at)
            case MarkedTable():
                if block.mark == "same":
                    yield from _table_edits(block, at)
                else:
                    yield from _whole("table", "table", block.mark, _joined((block,)), at)


def _item_edits(item: MarkedItem, at: str, part: EditPart) -> Iterator[Edit]:
    inside = at + (item.new_number or item.old_number)
    if item.ticked:
        yield _tick(item.old_number, item.new_number, _joined(item.blocks), at)
    if item.mark == "same" or any(map(_moves, item.blocks)):
        yield from block_edits(item.blocks, inside)
    else:
        yield from _whole("reworded", part, item.mark, _joined(item.blocks), inside)


def _tick(old: str, new: str, text: Pieces, at: str = "") -> Edit:
    """Return the edit of a check box before a text: the box on either side, "" for none."""
    edit = Edit.of_texts("reworded", "text", old, new, at)
    return replace(edit, excerpt=(*edit.excerpt, _SPACE, *_context_after(text)))


def _moves(block: MarkedBlock) -> bool:
    return any(piece.moved for piece in _joined((block,)))


def _table_edits(table: MarkedTable, at: str) -> Iterator[Edit]:
    rows = (table.header, *table.rows)
    for place, mark in enumerate(table.columns):
        if mark != "same":
            cells = [row.cells[place] for row in rows if row.mark == "same"]
            yield from _whole("table", "column", mark, tuple(piece for cell in cells for piece in (*cell, _SPACE)), at)
    for row in rows:
        yield from _row_edits(row, table.columns, at)


def _row_edits(row: MarkedRow, columns: Sequence[Mark], at: str) -> Iterator[Edit]:
    if row.mark != "same":
        yield from _whole("table", "row", row.mark, _cells(row), at)
        return
    shared = [cell for cell, mark in zip(row.cells, columns, strict=True) if mark == "same"]
    lead = _words(shared[0], "deleted") if shared else ""
    for index, cell in enumerate(shared):
        for edit in _text_edits(cell, "cell", " ".join(filter(None, (at, lead if index else "")))):
            yield replace(edit, kind="table") if edit.kind == "reworded" else edit


def _text_edits(pieces: Pieces, part: EditPart, at: str) -> Iterator[Edit]:
    """Yield each group of changed pieces with no unchanged words between them, and of words that look otherwise."""
    start = 0
    while start < len(pieces):
        if pieces[start].stays:
            start += 1
            continue
        looks, moved = bool(pieces[start].was), pieces[start].moved
        end = start
        while end < len(pieces) and not pieces[end].stays and bool(pieces[end].was) == looks:
            if pieces[end].moved != moved:
                break
            end += 1
        yield from _text_edit(pieces, start, end, part, at)
        start = end


def _text_edit(pieces: Pieces, start: int, end: int, part: EditPart, at: str) -> Iterator[Edit]:
    changed = pieces[start:end]
    before, after = _words(changed, "inserted"), _words(changed, "deleted")
    if not before and not after:
        # Only a space came or went: that is a change where it parts or joins two words of this text.
        left, right = (_words(side, "inserted") for side in (pieces[:start], pieces[end:]))
        if not left or not right or len({piece.mark for piece in changed}) > 1:
            return
        pair = left.split()[-1], right.split()[0]
        before, after = " ".join(pair), "".join(pair)
        if changed[0].mark == "inserted":
            before, after = after, before
    excerpt = (*_context_before(pieces[:start]), *changed, *_context_after(pieces[end:]))
    yield Edit(_kind(changed, before, after), part, at, before, after, excerpt)


def _kind(changed: Sequence[Piece], before: str, after: str) -> EditKind:
    """Tell other looks, and a reference that now points elsewhere, from other words."""
    if changed[0].moved:
        return "relocated"
    if was := changed[0].was:
        run = changed[0].run
        return "emphasis" if (was.strong, was.emphasis) != (run.strong, run.emphasis) else "link"
    worded = [piece for piece in changed if piece.run.text.strip()]
    if before and after and worded and (before == after or all(points(piece.run) for piece in worded)):
        return "reference"
    return "reworded"


def _whole(kind: EditKind, part: EditPart, mark: Mark, pieces: Pieces, at: str) -> Iterator[Edit]:
    """Yield the edit of something that came or went whole, unless it has no words."""
    text = " ".join("".join(piece.run.text for piece in pieces).split())
    if text:
        before, after = (text, "") if mark == "deleted" else ("", text)
        yield Edit(kind, part, at, before, after, tuple(piece for piece in pieces if piece is not _SPACE))


def _words(pieces: Iterable[Piece], dropped: Mark) -> str:
    """Return the words of one side, which has all but the dropped ones."""
    return " ".join("".join(piece.run.text for piece in pieces if piece.mark != dropped).split())


def _context_before(pieces: Sequence[Piece]) -> Pieces:
    found: list[Piece] = []
    left = CONTEXT
    for piece in reversed(pieces):
        if not piece.stays or not left:
            break
        text, left = _last(piece.run.text, left)
        found.append(replace(piece, run=replace(piece.run, text=text)))
    return tuple(reversed(found))


def _context_after(pieces: Sequence[Piece]) -> Pieces:
    found: list[Piece] = []
    left = CONTEXT
    for piece in pieces:
        if not piece.stays or not left:
            break
        text, left = _first(piece.run.text, left)
        found.append(replace(piece, run=replace(piece.run, text=text)))
    return tuple(found)


def _first(text: str, most: int) -> tuple[str, int]:
    """Return as many words from the start, and how many more there may be."""
    end = 0
    while most and (match := LEADING.match(text, end)):
        end, most = match.end(), most - 1
    return (text if most else text[:end]), most


def _last(text: str, most: int) -> tuple[str, int]:
    """Return as many words from the end, and how many more there may be."""
    start = len(text)
    while most and (match := TRAILING.search(text[:start])):
        start, most = match.start(), most - 1
    return (text if most else text[start:]), most


def _joined(blocks: Iterable[MarkedBlock]) -> Pieces:
    """Return all pieces of blocks that came or went whole, parted by spaces."""
    found: list[Piece] = []
    for block in blocks:
        match block:
            case MarkedParagraph():
                found += [*block.pieces, _SPACE]
            case MarkedList():
                for item in block.items:
                    found += _joined(item.blocks)
            case MarkedTable():
                for row in (block.header, *block.rows):
                    found += _cells(row)
    return tuple(found)


def _cells(row: MarkedRow) -> Pieces:
    return tuple(piece for cell in row.cells for piece in (*cell, _SPACE))
