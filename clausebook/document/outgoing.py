"""What may leave the house: the Document that counterparties see.

An allow-list: the outgoing document is built anew from the fields named here, so
a field added to the model later does not leave until somebody decides that it may.
"""

from __future__ import annotations

from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    Item,
    ItemList,
    Paragraph,
    Party,
    Run,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    SignatureLine,
    Table,
)

HIDDEN_STATUS = ""


def outgoing(document: Document) -> Document:
    """Return the document without anything internal: sources, origins, status."""
    return Document(
        id=document.id,
        type=document.type,
        kind=document.kind,
        title=document.title,
        version=document.version,
        status=HIDDEN_STATUS,
        draft=document.draft,
        language=document.language,
        parties=tuple(Party(party.key, party.legal_name, party.short_name) for party in document.parties),
        opening=_clause(document.opening) if document.opening else None,
        sections=tuple(
            Section(section.id, section.number, section.title, tuple(map(_clause, section.clauses)))
            for section in document.sections
        ),
        closing=_clause(document.closing) if document.closing else None,
        signatures=tuple(
            SignatureBlock(
                block.id,
                block.party,
                _runs(block.heading),
                tuple(SignatureLine(line.label, line.field, _runs(line.runs)) for line in block.lines),
            )
            for block in document.signatures
        ),
        schedules=tuple(
            Schedule(
                schedule.id,
                schedule.number,
                schedule.title,
                tuple(map(_clause, schedule.clauses)),
                tuple(Definition(entry.id, entry.term, _blocks(entry.blocks)) for entry in schedule.definitions),
            )
            for schedule in document.schedules
        ),
    )


def _clause(clause: Clause) -> Clause:
    return Clause(clause.id, clause.number, clause.title, _blocks(clause.blocks))


def _blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(map(_block, blocks))


def _block(block: Block) -> Block:
    match block:
        case Paragraph():
            return Paragraph(_runs(block.runs), block.anchor)
        case ItemList():
            items = tuple(Item(item.number, _blocks(item.blocks), item.anchor) for item in block.items)
            return ItemList(items, block.ordered, block.level)
        case Table():
            return Table(
                block.alignments,
                tuple(map(_runs, block.header)),
                tuple(tuple(map(_runs, row)) for row in block.rows),
            )


def _runs(runs: Runs) -> Runs:
    """Drop the origins; neighbours that differ in nothing else become one run."""
    leaving: list[Run] = []
    for run in runs:
        last = leaving[-1] if leaving else None
        if last and not run.target and (last.strong, last.emphasis, last.target) == (run.strong, run.emphasis, ""):
            leaving[-1] = Run(last.text + run.text, run.strong, run.emphasis)
        else:
            leaving.append(Run(run.text, run.strong, run.emphasis, run.target))
    return tuple(leaving)
