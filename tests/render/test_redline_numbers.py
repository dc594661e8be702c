"""Old and new numbers in the PDF of a redline: apart from one another, from the words, and where they belong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import pypdfium2
import pytest

from clausebook.compare.documents import compare
from clausebook.document.model import Clause, Document, Paragraph, Schedule, Section
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.pdf import render_pdf
from tests.support.repositories import ROOT
from tests.support.sample_documents import plain, sample

TEXT = (Paragraph(plain("Records shall be kept.")),)
NUMBERS: Mapping[str, tuple[str, str]] = {
    "Once": ("1.2", "1.3"),
    "Fives": ("10.19", "10.20"),
    "Sevens": ("10.19.1", "10.20.1"),
    "Roman": ("Article XVIII", "Article XIX"),
    "Lettered": ("Schedule A", "Schedule B"),
}
"""The old and the new number of what has these titles."""


class Box(NamedTuple):
    """Where words stand on a page, in points from its left and lower edge."""

    left: float
    right: float
    lower: float


def document(side: int) -> Document:
    """Return one of the two documents."""
    number = {title: pair[side] for title, pair in NUMBERS.items()}
    clauses = tuple(
        Clause(title.lower(), number[title], title, TEXT, level=level)
        for title, level in (("Once", 0), ("Fives", 0), ("Sevens", 1))
    )
    return replace(
        sample(),
        opening=None,
        closing=None,
        signatures=(),
        sections=(
            Section("first", "1.", "First", clauses),
            Section("roman", number["Roman"], "Roman", (Clause("kept", "1.9", "Kept", TEXT),)),
        ),
        schedules=(Schedule("sites", number["Lettered"], "Lettered", (Clause("one", "1.", "One", TEXT),)),),
    )


def boxes(data: bytes, words: str) -> Iterator[Box]:
    """Yield where words stand, behind the first page, which lists the changes."""
    pdf = pypdfium2.PdfDocument(data)
    for page in list(pdf)[1:]:
        text = page.get_textpage()
        search = text.search(words, match_case=True)
        while found := search.get_next():
            first, count = found
            all_boxes = [text.get_charbox(index) for index in range(first, first + count)]
            yield Box(
                min(box[0] for box in all_boxes), max(box[2] for box in all_boxes), min(box[1] for box in all_boxes)
            )


@pytest.fixture(scope="module")
def pdf() -> bytes:
    redline = compare(document(0), document(1))
    return render_pdf(redline, RedlineHeading.of(redline, "Version 1.0", "Version 1.1"), ROOT / "templates" / "pdf")


@pytest.mark.parametrize("title", NUMBERS)
def test_both_numbers_and_the_title_stand_apart(pdf: bytes, title: str) -> None:
    old, new = (next(boxes(pdf, number)) for number in NUMBERS[title])
    heading = next(box for box in boxes(pdf, title) if abs(box.lower - new.lower) < 4)
    assert old.right + 1 < new.left
    assert new.right + 1.5 < heading.left


def test_numbers_begin_where_the_clean_text_has_them(pdf: bytes) -> None:
    hung = [next(boxes(pdf, NUMBERS[title][0])).left for title in ("Once", "Fives", "Sevens")]
    kept = next(boxes(pdf, "1.9")).left
    assert max(abs(left - kept) for left in hung) < 1.5
    text = next(boxes(pdf, "Records shall")).left
    assert abs(next(boxes(pdf, "Article XVIII")).left - text) < 1.5
