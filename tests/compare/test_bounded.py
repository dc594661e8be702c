"""However bad two documents are, comparing them takes steps that grow with their size, and not with its square.

Steps are lines of Python that were run: the same on every machine, however busy it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest

from clausebook.compare.documents import compare
from clausebook.document.model import Block, Clause, Document, Paragraph, Runs, Section, Table
from tests.support.sample_documents import plain, sample

pytestmark = pytest.mark.slow("lines of Python are counted")

TWICE = 2.6
"""Steps that twice as much may take for each that once takes; quadratic work would take four."""


def steps(work: Callable[[], object]) -> int:
    """Return how many lines of Python some work runs."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def document(*clauses: Sequence[Block]) -> Document:
    """Return a document of one section with clauses that hold these blocks."""
    made = (Clause(f"clause-{at}", f"1.{at}", f"Clause {at}", tuple(each)) for at, each in enumerate(clauses, 1))
    return replace(sample(), sections=(Section("section", "1.", "Section", tuple(made)),))


def paragraphs(texts: Iterable[str]) -> list[Block]:
    """Return a paragraph for each text."""
    return [Paragraph(plain(text)) for text in texts]


def alike(size: int) -> tuple[Document, Document]:
    """Return paragraphs that are all alike, and a tenth more of them."""
    text = "The Supplier shall deliver the Goods."
    return document(paragraphs([text] * size)), document(paragraphs([text] * (size + size // 10)))


def nearly_alike(size: int) -> tuple[Document, Document]:
    """Return paragraphs that differ in a number alone, and others that do."""

    def made(first: int) -> Document:
        return document(paragraphs(f"The Supplier shall deliver {first + at} Goods." for at in range(size)))

    return made(0), made(size)


def wide(size: int) -> tuple[Document, Document]:
    """Return a table of many columns, and the same with each tenth column gone and each cell another."""

    def made(columns: Iterable[int], unit: str) -> Document:
        names = list(columns)
        rows: list[tuple[Runs, ...]] = [
            tuple(plain(f"{unit} {row} of {name}") for name in names) for row in ("first", "second", "third")
        ]
        return document([Table(("left",) * len(names), tuple(plain(f"Column {name}") for name in names), tuple(rows))])

    return made(range(size), "USD"), made((at for at in range(size) if at % 10), "EUR")


def strangers(size: int) -> tuple[Document, Document]:
    """Return two documents of many clauses that share no word."""

    def made(letter: str) -> Document:
        found = document(
            *(paragraphs([" ".join(f"{letter}{at}x{word}" for word in range(30))] * 2) for at in range(size // 10))
        )
        (section,) = found.sections
        return replace(
            found,
            sections=(replace(section, clauses=tuple(replace(c, id=f"{letter}-{c.id}") for c in section.clauses)),),
        )

    return made("a"), made("b")


def shuffled(size: int) -> tuple[Document, Document]:
    """Return clauses, and the same in the opposite order."""
    old = document(*(paragraphs([f"What clause {at} says."]) for at in range(size)))
    (section,) = old.sections
    return old, replace(old, sections=(replace(section, clauses=section.clauses[::-1]),))


@pytest.mark.parametrize(
    ("made", "size"),
    [(alike, 400), (nearly_alike, 200), (wide, 100), (strangers, 400), (shuffled, 200)],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_twice_as_much_takes_hardly_more_than_twice_the_steps(
    made: Callable[[int], tuple[Document, Document]], size: int
) -> None:
    once, twice = made(size), made(2 * size)
    assert steps(lambda: compare(*twice)) <= TWICE * steps(lambda: compare(*once))
