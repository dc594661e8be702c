"""Contracts of other shapes than the partnership's: cover pages, articles, exhibits, clauses without titles."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from clausebook.compare.documents import compare
from clausebook.document.model import Clause, Document, Item, ItemList, Paragraph, Run, Schedule, Section
from clausebook.document.notes import NOTES, note_number
from clausebook.document.outgoing import outgoing
from clausebook.document.words import words
from clausebook.project.project import Project, all_findings
from clausebook.render.docx.look import load_look
from clausebook.render.docx.redline import render_redline_docx
from clausebook.render.proof.proving import proof
from clausebook.render.redline.formats import REDLINES, RedlineOptions
from clausebook.render.redline.heading import RedlineHeading
from clausebook.repository.tree import DiskTree
from tests.support.docx_reader import W, docx_part
from tests.support.docx_tracking import check_sides, check_tracked
from tests.support.reading import WORDS, pdf_structure, render_all
from tests.support.redline_reader import html_words, markdown_words, pdf_side_words, text_words
from tests.support.repositories import ROOT, shapes_repository

pytestmark = pytest.mark.slow("whole agreements of every shape, in four formats, alone and compared")

SHAPES = ("confidentiality", "services")


@pytest.fixture(scope="module", params=SHAPES)
def document(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Document]:
    root = shapes_repository(tmp_path_factory.mktemp("shapes"), request.param)
    with Project(root) as project:
        (agreement,) = project.assemble_all()
        assert not all_findings(project, [agreement])
        assert agreement.document is not None
        yield agreement.document


def edited(document: Document) -> Document:
    """Return the document with a clause reworded, one gone, one new at each level, and numbers that moved."""

    def group(part: Section | Schedule) -> Section | Schedule:
        first, *rest = part.clauses or (None,)
        if first is None:
            return part
        new = Clause(f"{part.id}-new", first.number, first.title and "New", (Paragraph((Run("New words."),)),))
        below = replace(new, id=f"{part.id}-below", number=first.number and f"{first.number}.9", level=1)
        kept = [replace(clause, number=clause.number and f"{clause.number}a") for clause in rest[1:]]
        reworded = replace(first, blocks=(*first.blocks, Paragraph((Run("They say more."),))))
        return replace(part, clauses=(reworded, new, below, *kept))

    return replace(
        document,
        sections=tuple(map(group, document.sections)),  # type: ignore[arg-type]
        schedules=tuple(map(group, document.schedules)),  # type: ignore[arg-type]
    )


def test_the_words_are_the_same_in_every_format_and_seen_in_it(document: Document) -> None:
    files = render_all(document, ROOT)
    for name, data in files.items():
        assert WORDS[name](data) == words(document), name
    for name in ("pdf", "docx"):
        assert proof(outgoing(document), name, files[name]) == []


def test_footnotes_are_those_of_each_format(tmp_path: Path) -> None:
    with Project(shapes_repository(tmp_path, "services")) as project:
        (agreement,) = project.assemble_all()
    assert agreement.document is not None
    files = render_all(agreement.document, ROOT)
    text = " ".join(words(agreement.document))
    assert "is its own work.² If one is rejected" in text
    assert "without charge.³ ² What others made before" in text
    assert "own work.[^2] If one" in files["md"].decode()
    assert "\n\n[^2]: What others made before" in files["md"].decode()
    marks = docx_part(files["docx"], "word/document.xml").iter(f"{W}footnoteReference")
    assert [mark.attrib[f"{W}id"] for mark in marks] == ["1", "2", "3"]
    notes = docx_part(files["docx"], "word/footnotes.xml").findall(f"{W}footnote")
    assert [note.attrib[f"{W}id"] for note in notes] == ["-1", "0", "1", "2", "3"]
    (link,) = docx_part(files["docx"], "word/_rels/footnotes.xml.rels")
    assert link.attrib["Target"] == "https://port.example/rules"
    assert pdf_structure(files["pdf"]).count("/Note") == 3
    assert '<ol class="notes" role="list">' in files["html"].decode()


def test_a_footnote_that_comes_goes_or_says_other_words_is_one_in_word(document: Document) -> None:
    def said_of(name: str) -> str:
        return " ".join(name * count for count in range(1, 9))

    def note(count: int, name: str, said: str) -> tuple[Paragraph, ItemList]:
        anchor, number = f"new--note.{name}", note_number(count)
        marked = Paragraph((Run("Words"), Run(number, target=f"#{anchor}"), Run(f" go on {said_of(name)}.")))
        return marked, ItemList((Item(number, (Paragraph((Run(said),)),), anchor),), True, NOTES)

    def text(*notes: tuple[Paragraph, ItemList]) -> Document:
        clause = Clause("new", "1.", "New", tuple(block for pair in notes for block in pair))
        return replace(document, opening=None, sections=(Section("s", "1", "S", (clause,)),), schedules=(), order=())

    old = text(note(1, "a", "The first."), note(2, "b", "The second."), note(3, "d", "The last."))
    new = text(
        note(1, "x", "One more."),
        note(2, "y", "And more."),
        note(3, "b", "The second or another."),
        note(4, "d", "The last."),
    )
    redline = compare(old, new)
    data = render_redline_docx(redline, load_look(DiskTree(ROOT)), author="Counsel", base="1.0", coverage="all")
    check_tracked(data, "Counsel")
    check_sides(data, old, new)
    said = ["".join(each.itertext()).strip() for each in docx_part(data, "word/footnotes.xml")][2:]
    assert sorted(said) == ["And more.", "One more.", "The first.", "The last.", "The second or another."]


def test_no_number_is_given_twice_in_one_part(tmp_path: Path) -> None:
    root = shapes_repository(tmp_path, "services")
    outline = root / "templates" / "consulting" / "outline.yaml"
    text = outline.read_text(encoding="utf-8")
    outline.write_text(text.replace('"{section_n}.{clause_n}.{n}"', '"Section {section_n}.{n}"'), encoding="utf-8")
    with Project(root) as project:
        found = all_findings(project, project.assemble_all())
    assert [(each.rule, each.line, each.message) for each in found] == [
        ("core/number-twice", 41, "`engagement` and `staff` both have the number “Section 2.1”"),
        ("core/number-twice", 42, "`performance` and `changes` both have the number “Section 2.2”"),
    ]


def test_check_boxes_can_be_ticked_in_word_where_the_type_says_so(tmp_path: Path) -> None:
    w14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
    root = shapes_repository(tmp_path, "confidentiality")
    outline = root / "templates" / "mutual-nda" / "outline.yaml"
    for edit, boxes in (("fields", ["1", "0"]), ("signs", [])):
        outline.write_text(outline.read_text(encoding="utf-8").replace("fields", edit), encoding="utf-8")
        with Project(root) as project:
            (agreement,) = project.assemble_all()
        assert agreement.document is not None
        body = docx_part(render_all(agreement.document, ROOT)["docx"], "word/document.xml")
        assert [each.attrib[f"{w14}val"] for each in body.iter(f"{w14}checked")] == boxes
        controls = [each.attrib[f"{W}val"] for each in body.iter(f"{W}id")]
        assert len(set(controls)) == len(controls)


def test_titles_run_in_and_references_say_them(tmp_path: Path) -> None:
    with Project(shapes_repository(tmp_path, "services")) as project:
        (agreement,) = project.assemble_all()
    assert agreement.document is not None
    text = " ".join(words(agreement.document))
    for said in (
        "Section 4.1 Warranty. The Consultant warrants that",
        "Section 4.2 Limit of liability. NEITHER PARTY",
        "in breach of Section 2.2 or of Section 2.2.1 (Staff).",
        "What is rejected under item (i) is mended first.",
    ):
        assert said in text


def test_a_redline_turns_into_both_texts_in_every_format(document: Document) -> None:
    old, new = document, edited(document)
    redline = compare(old, new)
    data = render_redline_docx(redline, load_look(DiskTree(ROOT)), author="Counsel", base="1.0", coverage="all")
    check_tracked(data, "Counsel")
    check_sides(data, old, new)
    heading = RedlineHeading.of(redline, "Version 1.0", "Version 1.1")
    options = RedlineOptions(look=ROOT / "templates" / "pdf")
    written = {name: REDLINES[name](redline, heading, options) for name in ("html", "markdown", "text", "pdf")}
    for side, text in (("old", old), ("new", new)):
        assert html_words(written["html"].decode(), side) == words(text)
        assert markdown_words(written["markdown"].decode(), side) == words(text)
        assert text_words(written["text"].decode(), side) == words(text)
        found = iter(pdf_side_words(written["pdf"], side))
        assert [word for word in words(text) if word not in found] == []


def test_the_pages_are_those_of_the_type_unless_the_agreement_says_otherwise(tmp_path: Path) -> None:
    root = shapes_repository(tmp_path, "services")
    deal = root / "agreements" / "harbour-survey.yaml"
    for paper, width, height in (("", 11906, 16838), ("page: {paper: legal}\n", 12240, 20160)):
        deal.write_text(deal.read_text(encoding="utf-8") + paper, encoding="utf-8")
        with Project(root) as project:
            (agreement,) = project.assemble_all()
        assert agreement.document is not None
        files = render_all(agreement.document, ROOT)
        body = docx_part(files["docx"], "word/document.xml")
        sizes = {(size.attrib[f"{W}w"], size.attrib[f"{W}h"]) for size in body.iter(f"{W}pgSz")}
        margins = {(each.attrib[f"{W}left"], each.attrib[f"{W}bottom"]) for each in body.iter(f"{W}pgMar")}
        assert (sizes, margins) == ({(str(width), str(height))}, {("1247", "1440")})
        with pikepdf.open(io.BytesIO(files["pdf"])) as pdf:
            assert [round(float(side) * 20) for side in pdf.pages[0].mediabox[2:]] == [width, height]
