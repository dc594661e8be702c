"""The summary of a redline: grouped as the type says, the most important first, on one page."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest

from clausebook.compare.changes import changes
from clausebook.compare.documents import compare
from clausebook.document.model import Clause, Document, Paragraph, Section
from clausebook.document.words import words
from clausebook.history.causes import Cause, ValueChange
from clausebook.history.comparison import Comparison, Text
from clausebook.history.summarized import most_on_a_page, summary_document, summary_rows, summary_text
from clausebook.library.model import SummaryGroup
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.summary_file import summary_docx, summary_pdf
from tests.support.docx_reader import docx_words
from tests.support.looks import DOCX_LOOK
from tests.support.repositories import ROOT
from tests.support.sample_documents import plain, sample
from tests.support.tagged_words import pdf_words

GROUPS = (SummaryGroup("Money", ("fee",)), SummaryGroup("Dates", (), ("/term",), ("Term",)))


def text(days: int, count: int = 4) -> Document:
    """Return a document whose clauses all name a number of days."""
    names = ["term", "notice", "fee", *(f"more-{number}" for number in range(count - 3))]
    clauses = tuple(
        Clause(name, f"1.{number}", name.capitalize(), (Paragraph(plain(f"It is due {days} days after a notice.")),))
        for number, name in enumerate(names, 1)
    )
    return replace(sample(), sections=(Section("one", "1.", "One", clauses),), schedules=())


def found(groups: tuple[SummaryGroup, ...] = GROUPS, count: int = 4) -> Comparison:
    """Return the comparison of two such documents; the notice changed because of the term's data."""
    old, new = text(90, count), text(60, count)
    inputs: Any = SimpleNamespace(kind=SimpleNamespace(outline=SimpleNamespace(summary=groups)))
    redline = compare(old, new)
    value = ValueChange("/term/notice", "P90D", "P60D", 3, "Notice period")
    causes = {"notice": Cause("data", (value,))}
    before, after = Text("version", "", old, None), Text("version", "", new, inputs)
    return Comparison(before, after, redline, changes(redline), causes)


def test_what_is_in_a_group_of_the_type_comes_first_in_its_order() -> None:
    rows = summary_rows(found(), internal=True)
    assert [(row.group, row.new, row.name, row.cause) for row in rows] == [
        ("Money", "1.3", "Fee", "deal data and library"),
        ("Dates", "1.2", "Notice", "deal data (Notice period)"),
        ("Everything else", "1.1", "Term", "deal data and library"),
        ("Everything else", "1.4", "More-0", "deal data and library"),
    ]
    assert {row.happened for row in rows} == {"“90 days” → “60 days”"}


def test_a_type_without_groups_has_one_list() -> None:
    whole = found(groups=())
    rows = summary_rows(whole, internal=False)
    assert [row.new for row in rows] == ["1.1", "1.2", "1.3", "1.4"]
    document = summary_document(whole, rows, len(rows), internal=False)
    assert document.sections == ()
    assert "Notice period" not in summary_text(document)


def test_numbers_of_both_sides_stand_apart() -> None:
    old, new = text(90), text(60)
    _, *rest = new.sections[0].clauses
    moved = [replace(clause, number=f"1.{number}") for number, clause in enumerate(rest, 1)]
    new = replace(new, sections=(replace(new.sections[0], clauses=tuple(moved)),))
    redline = compare(old, new)
    whole = Comparison(Text("version", "", old, None), Text("version", "", new, None), redline, changes(redline), {})
    rows = summary_rows(whole, internal=False)
    assert [(row.old, row.new) for row in rows] == [("1.1", ""), ("1.2", "1.1"), ("1.3", "1.2"), ("1.4", "1.3")]
    assert rows[0].happened == "removed: “It is due 90 days after a notice.”"
    said = summary_text(summary_document(whole, rows, 4, internal=False))
    assert "1.2 → 1.1  Notice: “90 days” → “60 days”" in said


@pytest.mark.parametrize("count", [4, 90])
def test_a_summary_is_one_page_and_names_what_has_no_room(count: int) -> None:
    whole = found(count=count)
    rows = summary_rows(whole, internal=False)
    make = partial(summary_document, whole, rows, internal=False)
    heading = RedlineHeading.of(whole.redline, *whole.names(internal=False), whole.changes)
    most = most_on_a_page(rows)
    data = summary_pdf(make, most, heading, ROOT / "templates" / "pdf")
    with pikepdf.open(io.BytesIO(data)) as file:
        assert len(file.pages) == 1
    said = " ".join(pdf_words(data))
    assert ("further change" in said) == (count == 90)
    assert said.index("Money") < said.index("Dates")
    for row in rows:
        assert row.name in said
    docx = summary_docx(make(most), heading, DOCX_LOOK, "Redline against version 1.0")
    assert docx_words(docx) == words(make(most))


def test_the_outline_s_own_schema_knows_the_groups() -> None:
    schema = json.loads((ROOT / "schemas" / "outline.schema.json").read_text(encoding="utf-8"))
    group = schema["properties"]["summary"]["items"]["properties"]
    assert set(group) == {"title", "slots", "items", "terms"}
