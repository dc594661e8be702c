"""Write a redline as Markdown that GitHub shows well: `<del>` and `<ins>` around what came and went.

The tags are the only ones of this kind; whatever the contract itself says is escaped as in the clean
Markdown. What moved stands in a block quote at its new place. Notes stand in `<kbd>`, which no
contract has. The contract stands between two rules, the summary above, the last line below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clausebook.compare.blocks import whole_blocks
from clausebook.compare.laid_out import END_SIGN, laid_out
from clausebook.compare.model import (
    MarkedBlock,
    MarkedClause,
    MarkedDefinition,
    MarkedItem,
    MarkedList,
    MarkedParagraph,
    MarkedPart,
    MarkedSchedule,
    MarkedSection,
    MarkedSignature,
    MarkedTable,
    Piece,
    Pieces,
    Redline,
)
from clausebook.document.model import Run
from clausebook.document.notes import is_mark, notes_in
from clausebook.formats.locale_words import LocaleWords, locale_words
from clausebook.render.markdown import INDENT, blocks_markdown, escape, guarded, inline_markdown, table_markdown
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.marks import (
    Marked,
    Move,
    arrived,
    by_kind,
    item_number,
    joined,
    lines_of,
    move_note,
    moves,
    noted,
    number_pieces,
)
from clausebook.render.redline.summary import coverage, entries, excerpt_notes, facts, fingerprint_said, reading_key

TAGS = {"deleted": "del", "inserted": "ins"}
RULE = "---"


def render_markdown(redline: Redline, heading: RedlineHeading, *, internal: bool = False) -> str:
    """Return the redline as Markdown, with a line break at its end.

    `internal` adds causes.
    """
    parts = [
        *_summary(heading, internal=internal),
        reading_key(heading.said, "<del>so</del>", "<ins>so</ins>"),
        RULE,
        *_Writer(moves(redline), heading.said).document(redline),
        RULE,
        escape(coverage(heading, redline)),
    ]
    return "\n\n".join(parts) + "\n"


def clause_markdown(redline: Redline, part: MarkedPart) -> str:
    """Return one part of the redline as Markdown: its note if it moved, its heading, its text."""
    return "\n\n".join(_Writer(moves(redline), locale_words(redline.new.language)).part(part))


def _summary(heading: RedlineHeading, *, internal: bool) -> Iterator[str]:
    words = heading.said.redline
    yield "# " + _escaped(f"{words['title']}: {heading.title}")
    said = (f"{label}: {name} ({fingerprint_said(heading, mark)})" for label, name, mark in facts(heading))
    yield "\n".join(f"- {_escaped(line)}" for line in said)
    yield from (f"> {_escaped(note)}" for note in excerpt_notes(heading))
    yield f"**{words['changes']}**"
    lines = [
        f"{entry.number}. <b>{_escaped(entry.name)}</b>{_escaped(entry.rest())}"
        for entry in entries(heading, internal=internal)
    ]
    yield "\n".join(lines) or words["nothing"]


def _escaped(text: str) -> str:
    """Return text of any origin as one line of Markdown."""
    return escape(re.sub(r"\s+", " ", text))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the parts of the tree as blocks of Markdown, which empty lines are to part."""

    moved: Mapping[str, Move]
    said: LocaleWords

    def document(self, redline: Redline) -> Iterator[str]:
        yield self.heading("#", redline.kind)
        yield self.line(tuple(replace(piece, run=replace(piece.run, strong=True)) for piece in redline.title))
        for parts in by_kind(redline):
            yield from self.parts(parts)

    def parts(self, parts: Sequence[MarkedPart]) -> Iterator[str]:
        for part in parts:
            yield from self.part(part)

    def part(self, part: MarkedPart) -> Iterator[str]:
        blocks = [_note(note)] if (note := move_note(part, self.moved, self.said)) else []
        blocks += filter(None, self.body(part))
        if arrived(part):
            yield "> " + "\n\n".join(blocks).replace("\n", "\n> ").replace("\n> \n", "\n>\n")
        else:
            yield from blocks

    def body(self, part: MarkedPart) -> Iterator[str]:
        match part:
            case MarkedSection() | MarkedSchedule():
                yield self.heading("##", joined(number_pieces(part), part.title))
                yield from self.parts(part.clauses)
                yield from self.parts(part.definitions)
            case MarkedClause():
                if title := joined(number_pieces(part), part.title):
                    yield self.heading("###" + "#" * part.level, title) if part.title else self.line(title)
                yield from self.text(part)
            case MarkedDefinition():
                yield from self.text(part)
            case MarkedSignature():
                rows = [[self.cell(line.label), self.cell(line.pieces)] for line in lines_of(part)]
                yield table_markdown(("left", "left"), [self.cell(part.heading), ""], rows)

    def text(self, part: MarkedClause | MarkedDefinition) -> Iterable[str]:
        if part.blocks is not None:
            return self.blocks(laid_out(part.blocks))
        if part.new and notes_in(part.new.blocks):
            # Beside what came and went a note stands where it is marked.
            return self.blocks(whole_blocks(part.new.blocks, "same"))
        return blocks_markdown(part.new.blocks) if part.new else ()

    def blocks(self, blocks: Iterable[MarkedBlock]) -> Iterator[str]:
        marker = "*"
        for block in blocks:
            match block:
                case MarkedParagraph():
                    if text := self.line(block.pieces):
                        yield text
                case MarkedList():
                    # Two lists in a row would run together if they had the same marker.
                    marker = "-" if marker == "*" else "*"
                    yield self.list(block, marker)
                case MarkedTable():
                    header, *rows = ([self.cell(cell) for cell in row.cells] for row in (block.header, *block.rows))
                    yield table_markdown(block.alignments, header, rows)

    def list(self, block: MarkedList, marker: str) -> str:
        loose = any(len(item.blocks) > 1 for item in block.items)
        return ("\n\n" if loose else "\n").join(self.item(item, marker) for item in block.items)

    def item(self, item: MarkedItem, marker: str) -> str:
        blocks = list(item.blocks)
        first: Pieces = ()
        if blocks and isinstance(blocks[0], MarkedParagraph):
            first = blocks.pop(0).pieces  # type: ignore[union-attr]
        lead = self.line(joined(item_number(item), first))
        rest = "\n\n".join(self.blocks(blocks))
        text = f"{lead}\n\n{rest}" if rest else lead
        return f"{marker} " + text.replace("\n", f"\n{INDENT}").replace(f"\n{INDENT}\n", "\n\n")

    def heading(self, marks: str, pieces: Pieces) -> str:
        # A closing run of # would be taken for the heading's end mark.
        return f"{marks} " + re.sub(r"#(?=#*\s*$)", r"\\#", self.pieces(pieces).strip())

    def line(self, pieces: Pieces) -> str:
        return guarded(self.pieces(pieces).strip())

    def cell(self, pieces: Pieces) -> str:
        return self.pieces(pieces).strip()

    def pieces(self, pieces: tuple[Piece, ...]) -> str:
        return "".join(
            (f"<{TAGS[each.mark]}>{_shown(each)}</{TAGS[each.mark]}>" if each.mark != "same" else _shown(each))
            + (_note(each.note) if each.note else "")
            for each in noted(pieces, self.said)
        )


def _shown(each: Marked) -> str:
    return _note(END_SIGN) if each.sign else inline_markdown(tuple(map(_unmarked, each.runs)))


def _unmarked(run: Run) -> Run:
    return replace(run, target="") if is_mark(run) else run


def _note(text: str) -> str:
    return f"<kbd>{_escaped(text)}</kbd>"
