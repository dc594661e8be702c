"""The contract's own words, in reading order: what all outputs must agree on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping

from clausebook.document.model import Block, Clause, Document, Item, ItemList, Paragraph, Runs, Table
from clausebook.formats.table import FINGERPRINT


def words(document: Document) -> list[str]:
    """Return the document's words: white-space separated, numbers and labels included.

    Tables of contents, headers, footers, the DRAFT mark and list bullets are not words.
    """
    return [word for text in passages(document) for word in text.split()]


def fingerprint(document: Document, form: int = FINGERPRINT) -> str:
    """Return the fingerprint of the document's text, in hexadecimal, in one of the forms that fingerprints have had."""
    return _FORMS[form](document)


def passages(document: Document) -> Iterator[str]:
    """Yield the text of every heading, paragraph, table cell and signature line in reading order."""
    yield document.kind
    yield document.title
    if document.opening:
        yield from _clause(document.opening)
    for section in document.sections:
        yield f"{section.number} {section.title}"
        for clause in section.clauses:
            yield from _clause(clause)
    if document.closing:
        yield from _clause(document.closing)
    for signature in document.signatures:
        yield text_of(signature.heading)
        for line in signature.lines:
            yield f"{line.label} {text_of(line.runs)}"
    for schedule in document.schedules:
        yield f"{schedule.number} {schedule.title}"
        for clause in schedule.clauses:
            yield from _clause(clause)
        for definition in schedule.definitions:
            yield from _blocks(definition.blocks)


def text_of(runs: Runs) -> str:
    """Return the runs' text, joined."""
    return "".join(run.text for run in runs)


def _clause(clause: Clause) -> Iterator[str]:
    if clause.number or clause.title:
        yield f"{clause.number} {clause.title}"
    yield from _blocks(clause.blocks)


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield text_of(block.runs)
        elif isinstance(block, ItemList):
            for item in block.items:
                yield from _item(item)
        elif isinstance(block, Table):
            for row in (block.header, *block.rows):
                yield from map(text_of, row)


def _item(item: Item) -> Iterator[str]:
    yield item.number
    yield from _blocks(item.blocks)


def _of_words(document: Document) -> str:
    """Return the SHA-256 of the document's words joined by single spaces."""
    return hashlib.sha256(" ".join(words(document)).encode()).hexdigest()


_FORMS: Mapping[int, Callable[[Document], str]] = {1: _of_words}
