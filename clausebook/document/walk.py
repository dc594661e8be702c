"""Walk through the parts of a Document: its runs and anchors, each run changed, and what was made of blocks kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar, TypeVarTuple

from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    DocumentPart,
    ItemList,
    Paragraph,
    Run,
    Runs,
    SignatureBlock,
    SignatureLine,
    Table,
)

Change = Callable[[Run], Run]
Blocks: TypeAlias = tuple[Block, ...]
T = TypeVar("T")
More = TypeVarTuple("More")

MOST_KEPT = 1024
"""Clauses and definitions of which something is kept: those of some ten agreements, for they take megabytes."""


def kept(make: Callable[[Blocks, *More], T]) -> Callable[[Blocks, *More], T]:
    """Decorate a function of all the blocks of a clause or definition, whose result cannot be changed.

    What it gives is kept, for the texts of an agreement share most of their blocks. They are known as objects: to
    compare all that is in them would take as long as the work. What else it is given, by position, is compared.
    """
    known: dict[tuple[object, ...], tuple[Blocks, T]] = {}

    def found(blocks: Blocks, *more: *More) -> T:
        pair = known.get((id(blocks), *more))
        if pair is None:
            if len(known) >= MOST_KEPT:
                known.clear()
            pair = known[id(blocks), *more] = blocks, make(blocks, *more)
        return pair[1]

    return found


def map_document(document: Document, change: Change) -> Document:
    """Return the document with each run replaced by `change(run)`; the rest stays."""

    def line(each: SignatureLine) -> SignatureLine:
        return replace(each, runs=tuple(map(change, each.runs)))

    return replace(
        map_texts(document, lambda blocks: map_blocks(blocks, change)),
        signatures=tuple(
            replace(block, heading=tuple(map(change, block.heading)), lines=tuple(map(line, block.lines)))
            for block in document.signatures
        ),
    )


def map_texts(document: Document, change: Callable[[Blocks], Blocks]) -> Document:
    """Return the document with the blocks of each clause and definition replaced, one after another in one order."""

    def mapped(part: Any) -> Any:
        return replace(part, blocks=change(part.blocks))

    def group(each: Any) -> Any:
        return replace(each, clauses=tuple(map(mapped, each.clauses)), definitions=tuple(map(mapped, each.definitions)))

    return replace(
        map_groups(document, group),
        opening=document.opening and mapped(document.opening),
        closing=document.closing and mapped(document.closing),
    )


def map_groups(document: Document, change: Callable[[Any], Any]) -> Document:
    """Return the document with each section and schedule replaced by what `change` makes of it, of the same kind."""
    sections, schedules = map(change, document.sections), map(change, document.schedules)
    return replace(document, sections=tuple(sections), schedules=tuple(schedules))


def map_blocks(blocks: Iterable[Block], change: Change) -> tuple[Block, ...]:
    """Return the blocks with each run replaced."""
    return tuple(_block(block, change) for block in blocks)


def runs_in(part: DocumentPart) -> Iterator[Run]:
    """Yield every run of a part itself, in reading order; those of the parts inside it are not its own."""
    match part:
        case Clause() | Definition():
            yield from runs_of(part.blocks)
        case SignatureBlock():
            yield from part.heading
            for line in part.lines:
                yield from line.runs


def numbered_blocks(clause: Clause, gap: str = " ") -> tuple[Block, ...]:
    """Return the blocks of a clause without a title, its number before the first words."""
    if not clause.number:
        return clause.blocks
    first, rest = (clause.blocks[0], clause.blocks[1:]) if clause.blocks else (None, ())
    if isinstance(first, Paragraph):
        return (replace(first, runs=(Run(clause.number + gap), *first.runs)), *rest)
    return (Paragraph((Run(clause.number),)), *clause.blocks)


def data_pointers(part: DocumentPart) -> Iterator[str]:
    """Yield the pointer of each value that stands in a part itself."""
    return (run.origin.pointer for run in runs_in(part) if run.origin and run.origin.kind == "data")


def runs_of(blocks: Iterable[Block]) -> Iterator[Run]:
    """Yield every run in reading order."""
    for runs in texts_of(blocks):
        yield from runs


def texts_of(blocks: Iterable[Block]) -> Iterator[Runs]:
    """Yield the runs of each paragraph and each cell in reading order."""
    for block in blocks:
        match block:
            case Paragraph():
                yield block.runs
            case ItemList():
                for item in block.items:
                    yield from texts_of(item.blocks)
            case Table():
                for row in (block.header, *block.rows):
                    yield from row


def anchors_of(document: Document) -> Iterator[str]:
    """Yield every anchor of the document, in reading order."""
    for part in document.parts():
        if not isinstance(part, SignatureBlock):
            yield part.id
        if isinstance(part, Clause | Definition):
            yield from block_anchors(part.blocks)


@kept
def block_anchors(blocks: Blocks) -> tuple[str, ...]:
    """Return every anchor inside all the blocks of a clause or definition, in reading order."""
    return tuple(_anchors(blocks))


def _anchors(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph) and block.anchor:
            yield block.anchor
        elif isinstance(block, ItemList):
            for item in block.items:
                if item.anchor:
                    yield item.anchor
                yield from _anchors(item.blocks)


def _block(block: Block, change: Change) -> Block:
    def row(cells: tuple[Runs, ...]) -> tuple[Runs, ...]:
        return tuple(tuple(map(change, cell)) for cell in cells)

    match block:
        case Paragraph(runs, anchor):
            return Paragraph(tuple(map(change, runs)), anchor)
        case ItemList(items):
            mapped = (replace(item, blocks=map_blocks(item.blocks, change)) for item in items)
            return replace(block, items=tuple(mapped))
        case Table(alignments, header, rows):
            return Table(alignments, row(header), tuple(map(row, rows)))
