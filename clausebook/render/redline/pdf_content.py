"""What the look of a redline's PDF is given: the clean PDF's data, with marks, and the words around it.

An allow-list, as for the clean PDF. `templates/pdf/README.md` describes it for the look's designer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Any

from clausebook.compare.model import (
    MarkedBlock,
    MarkedClause,
    MarkedDefinition,
    MarkedItem,
    MarkedList,
    MarkedParagraph,
    MarkedPart,
    MarkedSignature,
    MarkedTable,
    MarkedTop,
    Pieces,
    Redline,
)
from clausebook.formats.locale_words import LocaleWords
from clausebook.render.pdf.breaks import BREAK_HELPER, with_helpers
from clausebook.render.pdf.content import _BREAKING, _short, _targets, _text, _Writer, furniture, page_data, table_data
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.marks import (
    Headed,
    Move,
    arrived,
    block_changed,
    blocks_of,
    changed,
    departed,
    item_number,
    kind_of,
    lines_of,
    move_note,
    moves,
    number_pieces,
    parts,
    title_changed,
)
from clausebook.render.redline.summary import MARK_LENGTH, coverage, entries, excerpt_notes, facts, fingerprint_said

Data = dict[str, Any]


def content(redline: Redline, heading: RedlineHeading, *, internal: bool) -> Data:
    """Return the redline as the data that the look reads."""
    document = redline.new
    words = heading.said.redline
    language, _, region = document.language.partition("-")
    anchors = {(kind_of(part), part.id): _anchor(part) for part in parts(redline) if not departed(part)}
    writer = _Marker(_Writer(frozenset(_targets(document))), moves(redline), heading.said)
    return {
        "language": language.lower(),
        "region": region.upper() or None,
        "title": _text(f"{words['title']}: {document.title}"),
        "title-short": _short(document.title),
        "id-short": _short(document.id),
        "base-fingerprint": heading.base_fingerprint[:MARK_LENGTH],
        "fingerprint": heading.target_fingerprint[:MARK_LENGTH],
        "draft": document.draft,
        "version-short": _short(document.version),
        "words": furniture(redline.given[1]),
        "contents": False,
        "excerpt": heading.excerpt is not None,
        "page": page_data(document.page),
        "redline": {
            "title": words["title"],
            "against": words["against"].format(base=_short(heading.base)),
            "of": _text(heading.title),
            "facts": [[label, _text(name), fingerprint_said(heading, mark)] for label, name, mark in facts(heading)],
            "notes": [_text(note) for note in excerpt_notes(heading)],
            "changes-title": words["changes"],
            "page": words["page"].partition("{page}")[::2],
            "legend": _legend(words),
            "changes": [
                {
                    "name": _text(entry.name),
                    "rest": _text(entry.rest()),
                    "anchor": anchors.get((entry.change.part, entry.change.place), ""),
                }
                for entry in entries(heading, internal=internal)
            ],
            "coverage": coverage(heading, redline),
        },
        "kind": writer.runs(redline.kind),
        "title-runs": writer.runs(redline.title),
        "parts": [writer.part(part) for part in redline.sequence()],
    }


def _legend(words: Mapping[str, Any]) -> list[Data]:
    """Return how to read the marks, each example in its own."""
    marks: Mapping[str, Data] = {
        "deleted": {"mark": "deleted"},
        "inserted": {"mark": "inserted"},
        "moved": {"mark": "same", "moved": True},
    }
    examples = dict(zip(marks, words["legend_marks"], strict=True))
    found: list[Data] = []
    for text, name, _, _ in Formatter().parse(words["legend"]):
        found += [{"text": text}, *([marks[name] | {"text": examples[name]}] if name else [])]
    return found


@dataclass(frozen=True, slots=True)
class _Marker:
    """Turns marked parts into plain data; `arrived` while inside something at its new place."""

    clean: _Writer
    moved: Mapping[str, Move]
    said: LocaleWords
    arrived: bool = False
    given: set[str] = field(default_factory=set)

    def part(self, part: MarkedTop) -> Data:
        match part:
            case MarkedClause():
                data = self.clause(part)
            case MarkedSignature():
                data = self.signature(part)
            case _:
                inner = self.inside(part)
                data = inner.titled(part) | {
                    "clauses": [inner.clause(clause) for clause in part.clauses],
                    "definitions": [inner.definition(entry) for entry in part.definitions],
                }
        return {"is": kind_of(part)} | data

    def clause(self, part: MarkedClause) -> Data:
        inner = self.inside(part)
        return inner.titled(part) | {"level": part.level, "blocks": inner.text(part)}

    def definition(self, part: MarkedDefinition) -> Data:
        inner = self.inside(part)
        return self.note(part) | {"anchor": _anchor(part), "blocks": inner.text(part)}

    def text(self, part: MarkedClause | MarkedDefinition) -> list[Data]:
        if part.blocks is None and part.new and not self.arrived:
            return self.clean.blocks(part.new.blocks)
        return self.blocks(blocks_of(part))

    def signature(self, part: MarkedSignature) -> Data:
        inner = self.inside(part)
        return self.note(part) | {
            "id": part.id,
            "anchor": _anchor(part),
            "changed": changed(part),
            "heading": inner.runs(part.heading),
            "lines": [
                {"label": inner.runs(line.label), "field": line.field, "runs": inner.runs(line.pieces)}
                for line in lines_of(part)
            ],
        }

    def titled(self, part: Headed) -> Data:
        number, title = self.runs(number_pieces(part)), self.runs(part.title)
        return self.note(part) | {
            "anchor": _anchor(part),
            "number": _flat(number),
            "title": _flat(title),
            "changed": title_changed(part),
        }

    def note(self, part: MarkedPart) -> Data:
        note = move_note(part, self.moved, self.said)
        return {"note": _text(note)} if note else {}

    def inside(self, part: MarkedPart) -> _Marker:
        return replace(self, arrived=True) if arrived(part) and not self.arrived else self

    def blocks(self, blocks: Iterable[MarkedBlock]) -> list[Data]:
        return [self.block(block) for block in blocks]

    def block(self, block: MarkedBlock) -> Data:
        altered = {"changed": True} if self.arrived or block_changed(block) else {}
        match block:
            case MarkedParagraph():
                data = {"is": "paragraph", "runs": self.runs(block.pieces)} | altered
                return data | self.anchor(block)
            case MarkedList():
                return {"is": "list", "ordered": block.ordered, "items": [self.item(item) for item in block.items]}
            case MarkedTable():
                return self.table(block) | altered

    def item(self, item: MarkedItem) -> Data:
        data: Data = {"number": _flat(self.runs(item_number(item))), "blocks": self.blocks(item.blocks)}
        return data | self.anchor(item)

    def anchor(self, node: MarkedParagraph | MarkedItem) -> Data:
        """Return the anchor of what is there in the new document; none twice, for Typst would not have it."""
        if node.mark == "deleted" or node.anchor in ("", *self.given):
            return {}
        self.given.add(node.anchor)
        return {"anchor": node.anchor}

    def table(self, table: MarkedTable) -> Data:
        rows = [row.cells for row in (table.header, *table.rows)]
        return table_data(table.alignments, rows, lambda cell: " ".join(piece.run.text for piece in cell), self.runs)

    def runs(self, pieces: Pieces, widest: float | None = None) -> list[str | Data]:
        """Return the text, a run for each change of look or mark: one that has neither as a string."""
        texts = [f" {piece.run.text}" if piece.sign else _BREAKING.sub(" ", piece.run.text) for piece in pieces]
        texts = with_helpers(texts, widest)
        found: list[str | Data] = []
        for index, (piece, text) in enumerate(zip(pieces, texts, strict=True)):
            before = pieces[index - 1].mark if index else piece.mark
            if {before, piece.mark} == {"deleted", "inserted"}:
                # What came may begin a new line: it is not the same word as what went.
                if piece.numbering and index == len(pieces) - 1:
                    found.append(" ")
                else:
                    # What stands behind it belongs to both: the space is of what came alone.
                    text = (" " if piece.numbering else BREAK_HELPER) + text
            marks: Data = {} if piece.mark == "same" else {"mark": piece.mark}
            if marks and piece.numbering:
                marks["numbering"] = True
            if piece.moved:
                marks["moved"] = True
            if self.arrived:
                marks = {"mark": piece.mark, "moved": True} | marks
            run = self.clean.run(piece.run, text)
            if not marks and isinstance(run, str) and found and isinstance(found[-1], str):
                found[-1] += run
            elif text:
                found.append(run if not marks else marks | (run if isinstance(run, dict) else {"text": run}))
        return found


def _flat(runs: Sequence[str | Data]) -> str | Sequence[str | Data]:
    """Return runs without marks or looks as one string, which is what the clean PDF's data has there."""
    if all(isinstance(run, str) for run in runs):
        return "".join(str(run) for run in runs)
    return runs


def _anchor(part: MarkedPart) -> str:
    """Return the part's anchor on the page: no anchor of a Document has an underscore."""
    prefix = "old_" if part.mark == "deleted" else "sign_" if isinstance(part, MarkedSignature) else ""
    return prefix + part.id
