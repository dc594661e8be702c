"""Comparing documents: whatever the pair, the redline holds both exactly."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from clausebook.compare import accepted, compare, rejected
from clausebook.model import Block, Document, ItemList, Paragraph, Runs, Table
from clausebook.words import text_of, words
from tests.compare_strategies import pairs
from tests.sample_documents import sample


def outline(document: Document) -> Any:
    """Return all that is printed as nested tuples: structure, numbers and words, but neither looks nor white space."""
    return (
        document.kind.split(),
        document.title.split(),
        document.opening and (document.opening.id, blocks(document.opening.blocks)),
        [(part.id, part.number, part.title.split(), clauses(part)) for part in document.sections],
        document.closing and (document.closing.id, blocks(document.closing.blocks)),
        [
            (sign.id, plain(sign.heading), [(line.label.split(), line.field, plain(line.runs)) for line in sign.lines])
            for sign in document.signatures
        ],
        [
            (
                part.id,
                part.number,
                part.title.split(),
                clauses(part),
                [(entry.id, entry.term, blocks(entry.blocks)) for entry in part.definitions],
            )
            for part in document.schedules
        ],
    )


def clauses(part: Any) -> Any:
    return [(clause.id, clause.number, clause.title.split(), blocks(clause.blocks)) for clause in part.clauses]


def blocks(found: tuple[Block, ...]) -> Any:
    return [block(entry) for entry in found]


def block(entry: Block) -> Any:
    match entry:
        case Paragraph():
            return plain(entry.runs)
        case ItemList():
            return (entry.ordered, entry.level, [(item.number, blocks(item.blocks)) for item in entry.items])
        case Table():
            return [[plain(cell) for cell in row] for row in (entry.header, *entry.rows)]


def plain(runs: Runs) -> list[str]:
    return text_of(runs).split()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(pairs())
def test_accepting_gives_the_new_document_and_rejecting_the_old(pair: tuple[Document, Document]) -> None:
    old, new = pair
    redline = compare(old, new)
    assert outline(accepted(redline)) == outline(new)
    assert outline(rejected(redline)) == outline(old)
    assert words(accepted(redline)) == words(new)
    assert words(rejected(redline)) == words(old)


def test_a_document_and_itself_differ_in_nothing() -> None:
    redline = compare(sample(), sample())
    assert all(clause.blocks is None for section in redline.sections for clause in section.clauses)
