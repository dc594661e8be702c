"""The edits of a changed thing: each stretch of words that came, went or was replaced, with its context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from clausebook.compare.laid_out import END_SIGN
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
)
from clausebook.compare.tokens import address, points
from clausebook.document.model import Run
from clausebook.findings.characters import first_words

EditKind = Literal["title", "split", "merged", "listed", "unlisted", "nested", "reworded", "reference", "table"]
EditPart = Literal[
    "title", "heading", "line", "party", "text", "paragraph", "item", "list", "cell", "row", "column", "table"
]

CONTEXT = 6
"""Words that an excerpt shows on either side of an edit."""

FEW = 2
"""Words up to which a change is quoted with a neighbour, so that it says something: “90 days” and not “90”."""

MOST_QUOTED = 24
"""Words that a quotation shows; the rest is left to the redline."""

FEW_QUOTED = 8
"""Words by which a paragraph is told from its neighbours."""

PARTED = f" {END_SIGN} "
"""Between paragraphs that were arranged anew."""

ARRANGED = frozenset(("split", "merged", "listed", "unlisted", "nested"))
"""The kinds of edits that leave the words and change the paragraphs and items that they are in."""

_LEADING = re.compile(r"\s*\S+")
_TRAILING = re.compile(r"\S+\s*$")


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of words that differs, within one paragraph, cell or title; or a whole paragraph, item, row … .

    `at` says where: the numbers of the items that it is in ("(b)(ii)"), the first
    cell of its row, the label of its line. `before` and `after` are exactly the words
    that went and came; in `excerpt` they stand in a few words of context.
    A `reference` has the same words, or only other numbers, but points elsewhere. Of paragraphs that were split or
    merged, became a list or were one, `before` and `after` are the paragraphs, with ` ¶ ` between them.
    """

    kind: EditKind
    part: EditPart
    at: str
    before: str
    after: str
    excerpt: Pieces

    @classmethod
    def of_texts(cls, kind: EditKind, part: EditPart, before: str, after: str, at: str = "") -> Edit:
        """Return an edit of all of a text."""
        pairs: tuple[tuple[str, Mark], ...] = ((before, "deleted"), (after, "inserted"))
        return cls(kind, part, at, before, after, tuple(Piece(Run(text), mark) for text, mark in pairs if text))

    @property
    def addresses(self) -> tuple[str, str]:
        """Where links in the changed words led and lead, outside the document; "" and "" where that is the same."""
        return addresses(self.excerpt)

    def quoted(self) -> str:
        """Return the edit in one line: '“90 days” → “60 days”', 'added “…”', 'removed “…”'."""
        place = f"{self.at} " if self.at else ""
        if self.kind in ARRANGED:
            return place + self._arranged()
        if self.part in ("paragraph", "item", "list", "row", "column", "table", "line") and not (
            self.before and self.after
        ):
            happened, text = ("removed", self.before) if self.before else ("added", self.after)
            return f"{place}{self.part} {happened} “{_short(text)}”"
        before, after = self._with_neighbours()
        led, leads = self.addresses
        if before == after and leads:
            return f"{place}“{_short(after)}” now leads to {leads}" + (f", not to {led}" if led else "")
        if before == after and led:
            return f"{place}“{_short(after)}” does not lead to {led} any more"
        if before and after and (led or leads):
            return f"{place}“{_short(before)}” → “{_short(after)}” (link: {led or 'none'} → {leads or 'none'})"
        if not before or not after:
            return f"{place}{'removed' if before else 'added'} “{_short(before or after)}”"
        if before == after:
            return f"{place}“{_short(after)}” now points elsewhere"
        return f"{place}“{_short(before)}” → “{_short(after)}”"

    def _arranged(self) -> str:
        """Return how paragraphs were arranged anew: where one begins now, or does no more."""
        old, new = (side.split(PARTED) for side in (self.before, self.after))
        if self.kind == "merged":
            return " and ".join(f"“{_short(text, FEW_QUOTED)}”" for text in old[1:]) + " joined to what stands before"
        if self.kind == "split":
            return " and ".join(f"“{_short(text, FEW_QUOTED)}”" for text in new[1:]) + " parted from what stands before"
        many, what = (old, "of") if self.kind == "unlisted" else (new, "from")
        return f"{what} “{_short(many[0], FEW_QUOTED)}”" + (f" to “{_short(many[-1], FEW_QUOTED)}”" if many[1:] else "")

    def _with_neighbours(self) -> tuple[str, str]:
        """Return both texts with the next word, or the last where there is none, if they are very short."""
        if max(len(self.before.split()), len(self.after.split())) > FEW or self.kind == "reference":
            return self.before, self.after
        places = [index for index, piece in enumerate(self.excerpt) if not _stays(piece)]
        first, last = places[0], places[-1] + 1
        left = "".join(piece.run.text for piece in self.excerpt[:first])
        right = "".join(piece.run.text for piece in self.excerpt[last:])
        alone = not self.before or not self.after
        spaced = right[:1].isspace()
        head = _TRAILING.search(left) if alone or (not spaced and left[-1:].isspace()) else None
        tail = _LEADING.match(right) if spaced else None
        before, after = (
            "".join(piece.run.text for piece in self.excerpt[first:last] if piece.mark != dropped)
            for dropped in ("inserted", "deleted")
        )
        ending = tail[0].rstrip(",;.") if tail else ""
        texts = (f"{head[0] if head else ''}{text}{ending}" for text in (before, after))
        before, after = (" ".join(text.split()) for text in texts)
        return before, after


def addresses(pieces: Pieces) -> tuple[str, str]:
    """Return where links in words that went and in those that came lead outside; "" and "" where that is the same."""
    led, leads = (
        ", ".join(dict.fromkeys(filter(None, (address(each.run) for each in pieces if each.mark == mark))))
        for mark in ("deleted", "inserted")
    )
    return ("", "") if led == leads else (led, leads)


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
    for each in stretches:
        stand = each.new or each.old
        at = "".join(step.number for step in stand.steps) if stand else ""
        if each.table:
            yield from block_edits((each.table,), at)
        elif each.whole == "same":
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
                if block.mark == "same":
                    yield from _text_edits(block.pieces, "text", at)
                else:
                    yield from _whole("reworded", "paragraph", block.mark, block.pieces, at)
            case MarkedList():
                if block.mark == "same":
                    for item in block.items:
                        yield from _item_edits(item, at)
                else:
                    yield from _whole("reworded", "list", block.mark, _joined((block,)), at)
            case MarkedTable():
                if block.mark == "same":
                    yield from _table_edits(block, at)
                else:
                    yield from _whole("table", "table", block.mark, _joined((block,)), at)


def _item_edits(item: MarkedItem, at: str) -> Iterator[Edit]:
    inside = at + (item.new_number or item.old_number)
    if item.mark == "same":
        yield from block_edits(item.blocks, inside)
    else:
        yield from _whole("reworded", "item", item.mark, _joined(item.blocks), inside)


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
    """Yield each group of changed pieces with no unchanged words between them; white space alone is no change."""
    start = 0
    while start < len(pieces):
        if _stays(pieces[start]):
            start += 1
            continue
        end = start
        while end < len(pieces) and not _stays(pieces[end]):
            end += 1
        changed = pieces[start:end]
        before, after = _words(changed, "inserted"), _words(changed, "deleted")
        if before or after:
            excerpt = (*_context_before(pieces[:start]), *changed, *_context_after(pieces[end:]))
            yield Edit(_kind(changed, before, after), part, at, before, after, excerpt)
        start = end


def _stays(piece: Piece) -> bool:
    return piece.mark == "same" or piece.numbering


def _kind(changed: Sequence[Piece], before: str, after: str) -> EditKind:
    """Tell a reference that now points elsewhere from other words."""
    if before and after and (before == after or all(points(piece.run) for piece in changed if piece.run.text.strip())):
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
        if not _stays(piece) or not left:
            break
        text, left = _last(piece.run.text, left)
        found.append(replace(piece, run=replace(piece.run, text=text)))
    return tuple(reversed(found))


def _context_after(pieces: Sequence[Piece]) -> Pieces:
    found: list[Piece] = []
    left = CONTEXT
    for piece in pieces:
        if not _stays(piece) or not left:
            break
        text, left = _first(piece.run.text, left)
        found.append(replace(piece, run=replace(piece.run, text=text)))
    return tuple(found)


def _first(text: str, most: int) -> tuple[str, int]:
    """Return as many words from the start, and how many more there may be."""
    end = 0
    while most and (match := _LEADING.match(text, end)):
        end, most = match.end(), most - 1
    return (text if most else text[:end]), most


def _last(text: str, most: int) -> tuple[str, int]:
    """Return as many words from the end, and how many more there may be."""
    start = len(text)
    while most and (match := _TRAILING.search(text[:start])):
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


def _short(text: str, most: int = MOST_QUOTED) -> str:
    """Return the text, or its first words and a sign that there is more."""
    words = text.split()
    return text if len(words) <= most else first_words(words, most)
