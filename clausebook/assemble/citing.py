"""How the places of a finished text are cited: by their printed numbers, those of executed texts too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from clausebook.assemble.numbering import cited, item_cited
from clausebook.document.model import Block, Clause, Document, ItemList, Paragraph, Schedule


def citations(document: Document) -> Mapping[str, str]:
    """Return how each clause is cited, and by `<clause>--<label>` each labelled item in it: 6.2(a); Schedule B, 3."""
    found: dict[str, str] = {}
    if document.opening:
        found[document.opening.id] = ""
    for group in document.groups():
        around = f"{cited(group.number)}, " if isinstance(group, Schedule) and group.number else ""
        for clause in group.clauses:
            found |= _of_clause(clause, f"{around}{cited(clause.number)}".removesuffix(", "))
    return found


def _of_clause(clause: Clause, number: str) -> Mapping[str, str]:
    return {clause.id: number, **dict(_items(clause.blocks, number))}


def _items(blocks: Iterable[Block], number: str) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if isinstance(block, Paragraph) and block.anchor:
            yield block.anchor, number
        elif isinstance(block, ItemList):
            for item in block.items:
                inner = f"{number}{item_cited(item.number)}" if block.ordered else number
                if item.anchor:
                    yield item.anchor, inner
                yield from _items(item.blocks, inner)
