r"""Write a redline as plain text for a terminal or an e-mail.

Deletions are `[-so-]`, insertions `{+so+}`, notes `{>>so<<}`, ends of paragraphs that came or went `¶`.
A backslash stands before any character of the contract's own that would read as a mark, and before a
backslash, so that the marks can be read back without doubt. What moved stands at its new place between two notes.
The contract stands between two lines of `=`, the summary above, the last line below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from clausebook.compare.laid_out import END_SIGN
from clausebook.compare.model import (
    Mark,
    MarkedBlock,
    MarkedClause,
    MarkedDefinition,
    MarkedItem,
    MarkedList,
    MarkedParagraph,
    MarkedPart,
    MarkedRow,
    MarkedSchedule,
    MarkedSection,
    MarkedSignature,
    MarkedTable,
    Pieces,
    Redline,
)
from clausebook.document.words import text_of
from clausebook.formats.locale_words import LocaleWords
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.marks import (
    Move,
    arrived,
    blocks_of,
    by_kind,
    item_number,
    joined,
    lines_of,
    move_note,
    moves,
    noted,
    number_pieces,
)
from clausebook.render.redline.summary import coverage, reading_key, summary

WIDTH = 92
RULE = "=" * WIDTH

_INDENT = "    "
# Marks are control characters until the end, when no character of the contract can be taken for one.
_OPEN: Mapping[Mark, str] = {"same": "", "deleted": "\x01", "inserted": "\x02"}
_CLOSE: Mapping[Mark, str] = {"same": "", "deleted": "\x03", "inserted": "\x04"}
_PLAIN = {1: "[-", 2: "{+", 3: "-]", 4: "+}", 5: "{>>", 6: "<<}", 7: ""}
_COLORED = {1: "\x1b[31m[-", 2: "\x1b[32m{+", 3: "-]\x1b[0m", 4: "+}\x1b[0m", 5: "\x1b[36m{>>", 6: "<<}\x1b[0m", 7: ""}
_CONTROLS = {code: 0x2400 + code for code in range(32)} | {127: 0x2421} | dict.fromkeys(range(128, 160), 0xFFFD)
_SPACES = dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"), " ")
_SPECIAL = re.compile(r"[\\|•¶]|[\[{](?=[-+>])|(?<=[-+<])[\]}]|(?<!=)={20,}")
_EDGE = re.compile(r"^[\]}]|[\[{]$")


def render_text(redline: Redline, heading: RedlineHeading, *, internal: bool = False, color: bool = False) -> str:
    """Return the redline as plain text, with a line break at its end.

    `internal` adds causes. `color` adds terminal colours to the marks.
    """
    writer = _Writer(moves(redline), heading.said)
    head = [
        *map(_literal, summary(heading, internal=internal)),
        "",
        reading_key(heading.said, "\x01so\x03", "\x02so\x04"),
    ]
    lines = [
        *(wrapped for line in head for wrapped in _wrap(line, "", "   ")),
        "",
        RULE,
        "",
        *writer.document(redline),
        RULE,
        "",
        *_wrap(_literal(coverage(heading, redline)), "", ""),
    ]
    text = "\n".join(line.rstrip(" ") for line in lines) + "\n"
    return text.translate(_COLORED if color else _PLAIN)


class _Writer:
    """Writes the parts of the tree as lines; whatever stands on its own ends with an empty line."""

    def __init__(self, moved: Mapping[str, Move], said: LocaleWords) -> None:
        self.moved = moved
        self.said = said

    def document(self, redline: Redline) -> Iterator[str]:
        yield from self.paragraph(redline.kind)
        yield from self.paragraph(redline.title)
        for parts in by_kind(redline):
            yield from self.parts(parts)

    def parts(self, parts: Sequence[MarkedPart]) -> Iterator[str]:
        for part in parts:
            yield from self.part(part)

    def part(self, part: MarkedPart) -> Iterator[str]:
        if note := move_note(part, self.moved, self.said):
            yield from _note(note)
        match part:
            case MarkedSection() | MarkedSchedule():
                yield from self.paragraph(joined(number_pieces(part), part.title))
                yield from self.parts(part.clauses)
                yield from self.parts(part.definitions)
            case MarkedClause():
                yield from self.paragraph(joined(number_pieces(part), part.title))
                yield from self.blocks(blocks_of(part), "")
            case MarkedDefinition():
                yield from self.blocks(blocks_of(part), "")
            case MarkedSignature():
                yield from self.paragraph(part.heading)
                for line in lines_of(part):
                    yield from _wrap(self.line(joined(line.label, line.pieces)), _INDENT, _INDENT)
                yield ""
        if arrived(part):
            yield from _note(self.said.redline["moved_end"])

    def blocks(self, blocks: Iterable[MarkedBlock], indent: str) -> Iterator[str]:
        for block in blocks:
            match block:
                case MarkedParagraph():
                    yield from self.paragraph(block.pieces, indent)
                case MarkedList():
                    close = all(
                        len(item.blocks) == 1 and isinstance(item.blocks[0], MarkedParagraph) for item in block.items
                    )
                    for item in block.items:
                        yield from self.item(item, indent, close=close)
                    if close:
                        yield ""
                case MarkedTable():
                    yield from self.table(block, indent)

    def item(self, item: MarkedItem, indent: str, *, close: bool) -> Iterator[str]:
        number = item_number(item)
        blocks = list(item.blocks)
        first: Pieces = ()
        if blocks and isinstance(blocks[0], MarkedParagraph):
            first = blocks.pop(0).pieces  # type: ignore[union-attr]
        deeper = indent + _INDENT
        lead = self.line(joined(number, first))
        yield from _wrap(lead if number else f"• {lead}", indent, deeper)
        if not close:
            yield ""
        yield from self.blocks(blocks, deeper)

    def table(self, table: MarkedTable, indent: str) -> Iterator[str]:
        lines = [self.row(row) for row in (table.header, *table.rows)]
        widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
        if sum(widths) + 3 * len(widths) + 1 > WIDTH - len(indent):
            widths = [0] * len(widths)
        for number, cells in enumerate(lines):
            padded = [cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
            yield f"{indent}| {' | '.join(padded)} |"
            if not number:
                yield f"{indent}|{'|'.join('-' * (max(width, 1) + 2) for width in widths)}|"
        yield ""

    def row(self, row: MarkedRow) -> list[str]:
        return [" ".join(self.marked(cell).split(" ")).strip(" ") for cell in row.cells]

    def paragraph(self, pieces: Pieces, indent: str = "") -> Iterator[str]:
        if line := self.line(pieces):
            yield from _wrap(line, indent, indent)
            yield ""

    def line(self, pieces: Pieces) -> str:
        return self.marked(pieces).strip(" ")

    def marked(self, pieces: Pieces) -> str:
        return "".join(
            _OPEN[each.mark]
            + (END_SIGN if each.sign else _literal(text_of(each.runs), marked=each.mark != "same"))
            + _CLOSE[each.mark]
            + (f"\x05{_literal(each.note)}\x06" if each.note else "")
            for each in noted(pieces, self.said)
        )


def _width(cell: str) -> int:
    """Return how wide a cell is when its marks, one character each so far, are written out."""
    return len(cell) + sum(map(cell.count, "\x01\x02\x03\x04"))


def _note(text: str) -> Iterator[str]:
    yield from _wrap(f"\x05{_literal(text)}\x06", "", "")
    yield ""


def _literal(text: str, *, marked: bool = False) -> str:
    """Return the contract's own text, its white space plain, its controls visible, its marks escaped."""
    text = text.translate(_SPACES).translate(_CONTROLS)
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return _EDGE.sub(r"\\\g<0>", text) if marked else text


def _wrap(text: str, first: str, rest: str) -> Iterator[str]:
    """Yield the text as lines; only spaces break."""
    line, room = first, WIDTH
    empty = True
    for word in text.split(" "):
        if not word:
            continue
        if not empty and len(line) + 1 + len(word) > room:
            yield line
            line, empty = rest, True
        line = f"{line}{word}" if empty else f"{line} {word}"
        empty = False
    yield line
