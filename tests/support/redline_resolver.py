"""Accept or reject all of a redline: the definition of what its marks mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from clausebook.compare.laid_out import laid_out
from clausebook.compare.model import (
    Mark,
    MarkedBlock,
    MarkedClause,
    MarkedDefinition,
    MarkedItem,
    MarkedLine,
    MarkedList,
    MarkedParagraph,
    MarkedRow,
    MarkedSchedule,
    MarkedSection,
    MarkedSignature,
    MarkedTable,
    MarkedText,
    Pieces,
    Redline,
)
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    Item,
    ItemList,
    Paragraph,
    Run,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    SignatureLine,
    Table,
)
from clausebook.document.words import text_of

T = TypeVar("T")
P = TypeVar("P", Section, Schedule)


def accepted(redline: Redline) -> Document:
    """Return the new document, built from the redline's nodes alone."""
    return _Side("deleted").document(redline, redline.new)


def rejected(redline: Redline) -> Document:
    """Return the old document, built from the redline's nodes alone; what did not change has the new one's looks."""
    return _Side("inserted").document(redline, redline.old)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of a redline's documents: everything but what has the mark `dropped`."""

    dropped: Mark

    def document(self, redline: Redline, facts: Document) -> Document:
        """Return the document; `facts` gives what is not printed."""
        opening, closing = self._clauses(redline.opening), self._clauses(redline.closing)
        return replace(
            facts,
            kind=self._text(redline.kind),
            title=self._text(redline.title),
            opening=opening[0] if opening else None,
            sections=tuple(self._part(Section, part) for part in redline.sections if part.mark != self.dropped),
            closing=closing[0] if closing else None,
            signatures=tuple(self._signature(block) for block in redline.signatures if block.mark != self.dropped),
            schedules=tuple(self._part(Schedule, part) for part in redline.schedules if part.mark != self.dropped),
            order=tuple(part.id for part in redline.sequence() if part.mark != self.dropped) if facts.order else (),
        )

    def _part(self, make: type[P], part: MarkedSection | MarkedSchedule) -> P:
        facts = self._facts(part.old, part.new)
        definitions = tuple(self._definition(entry) for entry in part.definitions if entry.mark != self.dropped)
        return make(part.id, facts.number, self._text(part.title), self._clauses(part.clauses), definitions)

    def _clauses(self, clauses: Iterable[MarkedClause]) -> tuple[Clause, ...]:
        return tuple(self._clause(clause) for clause in clauses if clause.mark != self.dropped)

    def _clause(self, clause: MarkedClause) -> Clause:
        facts = self._facts(clause.old, clause.new)
        blocks = facts.blocks if clause.blocks is None else self._text_of(clause.blocks)
        return Clause(clause.id, facts.number, self._text(clause.title), blocks, facts.source, facts.level)

    def _definition(self, entry: MarkedDefinition) -> Definition:
        facts = self._facts(entry.old, entry.new)
        return Definition(entry.id, facts.term, facts.blocks if entry.blocks is None else self._text_of(entry.blocks))

    def _signature(self, block: MarkedSignature) -> SignatureBlock:
        facts = self._facts(block.old, block.new)
        lines = facts.lines
        if block.lines is not None:
            lines = tuple(self._line(line) for line in block.lines if line.mark != self.dropped)
        return SignatureBlock(block.id, facts.party, self._runs(block.heading), lines)

    def _line(self, line: MarkedLine) -> SignatureLine:
        return SignatureLine(self._text(line.label), line.field, self._runs(line.pieces))

    def _text_of(self, text: MarkedText) -> tuple[Block, ...]:
        return self._blocks(laid_out(text, "new" if self.dropped == "deleted" else "old"))

    def _blocks(self, blocks: Iterable[MarkedBlock]) -> tuple[Block, ...]:
        return tuple(self._block(block) for block in blocks if block.mark != self.dropped)

    def _block(self, block: MarkedBlock) -> Block:
        match block:
            case MarkedParagraph():
                return Paragraph(self._runs(block.pieces), block.anchor)
            case MarkedList():
                items = tuple(self._item(item) for item in block.items if item.mark != self.dropped)
                return ItemList(items, block.ordered, block.level)
            case MarkedTable():
                block = block.on_side(self.dropped)
                rows = tuple(self._row(row) for row in block.rows if row.mark != self.dropped)
                return Table(block.alignments, self._row(block.header), rows)

    def _item(self, item: MarkedItem) -> Item:
        number = item.new_number if self.dropped == "deleted" else item.old_number
        return Item(number, self._blocks(item.blocks), item.anchor)

    def _row(self, row: MarkedRow) -> tuple[Runs, ...]:
        return tuple(map(self._runs, row.cells))

    def _text(self, pieces: Pieces) -> str:
        return text_of(self._runs(pieces))

    def _runs(self, pieces: Pieces) -> Runs:
        """Return the runs that stay, those of one look and origin joined again."""
        runs: list[Run] = []
        for piece in pieces:
            if piece.mark == self.dropped:
                continue
            run = piece.run
            if runs and _alike(runs[-1], run):
                run = replace(run, text=runs.pop().text + run.text)
            runs.append(run)
        return tuple(runs)

    def _facts(self, old: T | None, new: T | None) -> T:
        facts = new if self.dropped == "deleted" else old
        if facts is None:
            raise ValueError("a redline's node stands on a side where it is not")
        return facts


def _alike(left: Run, right: Run) -> bool:
    return replace(left, text="") == replace(right, text="")
