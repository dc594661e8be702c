"""Moves: a paragraph that goes at one place and comes word for word at another is tracked as moved.

What was reworded on the way is deleted and inserted; so are tables, whose rows Word cannot move.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from clausebook.compare.model import (
    Mark,
    MarkedBlock,
    MarkedClause,
    MarkedDefinition,
    MarkedList,
    MarkedParagraph,
    MarkedPassage,
    MarkedTable,
    Pieces,
    Redline,
)
from clausebook.render.docx.tracked import RedlineWriter, retagged
from clausebook.render.redline.marks import parts

_TEXT_START = ' xml:space="preserve">'
_IN_CELL = "</w:tcPr>"
_CHANGE = re.compile(r"<w:(ins|del) .*?</w:\1>")


class _Paragraph(NamedTuple):
    """A paragraph that comes or goes, by its place in the body."""

    start: int
    end: int


_Paragraphs: TypeAlias = Mapping[str, Sequence[_Paragraph]]
_Pair: TypeAlias = tuple[_Paragraph, _Paragraph]


def tracked_moves(redline: Redline) -> frozenset[tuple[str, Mark]]:
    """Return the ends of moves of words that Word can track: inside a paragraph that stays, or a paragraph whole.

    A move with an end of another kind is left out: there words are deleted and inserted.
    """
    ends: dict[tuple[str, Mark], bool] = {}

    def look(pieces: Pieces, tracked: bool, cell: bool = False) -> None:
        moves = {(piece.moved.id, piece.mark) for piece in pieces if piece.moved}
        sound = not tracked or (not cell and len(moves) == 1 and all(piece.moved for piece in pieces))
        ends.update({end: sound and ends.get(end, True) for end in moves})

    def blocks(found: Iterable[MarkedBlock]) -> None:
        for block in found:
            match block:
                case MarkedParagraph():
                    look(block.pieces, block.mark != "same")
                case MarkedList():
                    for item in block.items:
                        blocks(item.blocks)
                case MarkedTable():
                    for row in (block.header, *block.rows):
                        for column, cell in zip(block.columns, row.cells, strict=True):
                            look(cell, (row.mark, column) != ("same", "same"), cell=True)

    for part in parts(redline):
        for block in part.blocks or () if isinstance(part, MarkedClause | MarkedDefinition) else ():
            if isinstance(block, MarkedPassage):
                for each in block.stretches:
                    look(each.pieces, not (each.old and each.new))
                    blocks((each.table,) if each.table else ())
            else:
                blocks((block,))
    whole = {name for name, _ in ends} - {name for (name, _), sound in ends.items() if not sound}
    return frozenset(end for end in ends if end[0] in whole)


def with_moves(body: str, writer: RedlineWriter) -> str:
    """Return the body with its moves: each has a range where it was, one where it is, and one name."""
    come, gone = _tracked(body, "ins"), _tracked(body, "del")
    edits: list[tuple[int, int, str]] = []
    for move in _runs(_pairs(gone, come)):
        name = writer.next_move()
        for side, tag in ((0, "moveFrom"), (1, "moveTo")):
            moved = [pair[side] for pair in move]
            text = "".join([retagged(body[one.start : one.end], tag) for one in moved])
            edits.append((moved[0].start, moved[-1].end, writer.moved(tag, name, text)))
    found = []
    done = 0
    for start, end, text in sorted(edits):
        found += [body[done:start], text]
        done = end
    return "".join([*found, body[done:]]) if found else body


def _tracked(body: str, tag: str) -> dict[str, list[_Paragraph]]:
    """Return the paragraphs outside tables that come or go, by their text."""
    found: dict[str, list[_Paragraph]] = {}
    mark = f"<w:rPr><w:{tag} "
    place = body.find(mark)
    while place >= 0:
        start, end = body.rindex("<w:p>", 0, place), body.index("</w:p>", place) + len("</w:p>")
        whole = "<w:r>" not in _CHANGE.sub("", body[place:end])
        if whole and not body.startswith(_IN_CELL, start - len(_IN_CELL)) and (text := _text(body[place:end])):
            found.setdefault(text, []).append(_Paragraph(start, end))
        place = body.find(mark, end)
    return found


def _pairs(gone: _Paragraphs, come: _Paragraphs) -> list[_Pair]:
    """Return what went with what came, in the order of what came."""
    pairs = [pair for text in gone.keys() & come.keys() for pair in zip(gone[text], come[text], strict=False)]
    return sorted(pairs, key=lambda pair: pair[1].start)


def _runs(pairs: Iterable[_Pair]) -> Iterator[list[_Pair]]:
    """Group pairs that follow one another at both places."""
    run: list[_Pair] = []
    for pair in pairs:
        if run and not all(one.end == two.start for one, two in zip(run[-1], pair, strict=True)):
            yield run
            run = []
        run.append(pair)
    if run:
        yield run


def _text(content: str) -> str:
    if "<w:tab/>" in content:
        content = content.replace("<w:tab/>", f"{_TEXT_START} <")
    return "".join([text.partition("<")[0] for text in content.split(_TEXT_START)[1:]]).strip()
