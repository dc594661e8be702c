"""Rebuild parts of a Document with every run changed by one function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from clausebook.document.model import Block, Clause, Definition, Document, ItemList, Paragraph, Run, Runs, Table

Change = Callable[[Run], Run]


def map_document(document: Document, change: Change) -> Document:
    """Return the document with each run replaced by `change(run)`; the rest stays."""
    return replace(
        document,
        opening=document.opening and map_clause(document.opening, change),
        sections=tuple(
            replace(section, clauses=tuple(map_clause(clause, change) for clause in section.clauses))
            for section in document.sections
        ),
        closing=document.closing and map_clause(document.closing, change),
        signatures=tuple(
            replace(
                block,
                heading=_runs(block.heading, change),
                lines=tuple(replace(line, runs=_runs(line.runs, change)) for line in block.lines),
            )
            for block in document.signatures
        ),
        schedules=tuple(
            replace(
                schedule,
                clauses=tuple(map_clause(clause, change) for clause in schedule.clauses),
                definitions=tuple(map_definition(definition, change) for definition in schedule.definitions),
            )
            for schedule in document.schedules
        ),
    )


def map_clause(clause: Clause, change: Change) -> Clause:
    """Return the clause with each run replaced."""
    return replace(clause, blocks=map_blocks(clause.blocks, change))


def map_definition(definition: Definition, change: Change) -> Definition:
    """Return the definition with each run replaced."""
    return replace(definition, blocks=map_blocks(definition.blocks, change))


def map_blocks(blocks: Iterable[Block], change: Change) -> tuple[Block, ...]:
    """Return the blocks with each run replaced."""
    return tuple(_block(block, change) for block in blocks)


def runs_of(blocks: Iterable[Block]) -> Iterator[Run]:
    """Yield every run in reading order."""
    for block in blocks:
        match block:
            case Paragraph():
                yield from block.runs
            case ItemList():
                for item in block.items:
                    yield from runs_of(item.blocks)
            case Table():
                for row in (block.header, *block.rows):
                    for cell in row:
                        yield from cell


def anchors_of(document: Document) -> Iterator[str]:
    """Yield every anchor of the document, in reading order."""
    if document.opening:
        yield from _clause_anchors(document.opening)
    for section in document.sections:
        yield section.id
        for clause in section.clauses:
            yield from _clause_anchors(clause)
    if document.closing:
        yield from _clause_anchors(document.closing)
    for schedule in document.schedules:
        yield schedule.id
        for clause in schedule.clauses:
            yield from _clause_anchors(clause)
        for definition in schedule.definitions:
            yield definition.id
            yield from block_anchors(definition.blocks)


def block_anchors(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield every anchor inside the blocks, in reading order."""
    for block in blocks:
        if isinstance(block, Paragraph) and block.anchor:
            yield block.anchor
        elif isinstance(block, ItemList):
            for item in block.items:
                if item.anchor:
                    yield item.anchor
                yield from block_anchors(item.blocks)


def _clause_anchors(clause: Clause) -> Iterator[str]:
    yield clause.id
    yield from block_anchors(clause.blocks)


def _block(block: Block, change: Change) -> Block:
    match block:
        case Paragraph():
            return Paragraph(_runs(block.runs, change), block.anchor)
        case ItemList():
            return replace(
                block, items=tuple(replace(item, blocks=map_blocks(item.blocks, change)) for item in block.items)
            )
        case Table():
            return Table(block.alignments, _row(block.header, change), tuple(_row(row, change) for row in block.rows))


def _row(cells: tuple[Runs, ...], change: Change) -> tuple[Runs, ...]:
    return tuple(_runs(cell, change) for cell in cells)


def _runs(runs: Runs, change: Change) -> Runs:
    return tuple(map(change, runs))
