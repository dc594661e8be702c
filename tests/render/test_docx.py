"""The DOCX renderer: the same words, Word's own numbering, nothing internal, the same bytes."""

from __future__ import annotations

import dataclasses
import io
import re
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pypandoc
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    Item,
    ItemList,
    PageSetup,
    Paragraph,
    Run,
    Schedule,
    Section,
    Table,
)
from clausebook.document.words import words
from clausebook.render.docx.automatic_numbers import plan_headings, plan_list
from clausebook.render.docx.document import render_docx
from clausebook.render.docx.look import STYLES, load_look, read_look
from clausebook.render.docx.package import zip_parts
from clausebook.render.docx.tables import column_widths
from clausebook.render.proof.proving import proof
from clausebook.repository.tree import DiskTree
from tests.support.docx_office import LEAVE, OFFICE, Job, office_texts
from tests.support.docx_package import check_package, contents_words, parts_of
from tests.support.docx_reader import W, docx_paragraphs, docx_part, docx_words
from tests.support.docx_strategies import HOSTILE, documents
from tests.support.sample_documents import sample
from tests.support.tiers import examples

LOOK = load_look(DiskTree(Path(__file__).parents[2]))
END_OF_FIELD = b'<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def with_clauses(*numbers: tuple[str, tuple[str, ...]], schedules: bool = False) -> Document:
    """Return the sample with sections (or schedules) of these numbers and clauses."""

    def clauses(place: int, given: tuple[str, ...]) -> tuple[Clause, ...]:
        text = (Paragraph((Run("Text."),)),)
        return tuple(Clause(f"c{place}-{at}", number, "Clause", text) for at, number in enumerate(given))

    if schedules:
        made = tuple(Schedule(f"s{at}", n, "Part", clauses(at, inner)) for at, (n, inner) in enumerate(numbers))
        return dataclasses.replace(sample(), schedules=made)
    sections = tuple(Section(f"s{at}", n, "Part", clauses(at, inner)) for at, (n, inner) in enumerate(numbers))
    return dataclasses.replace(sample(), sections=sections)


def shape(part: bytes) -> list[str]:
    """Return the part's elements, without those that only keep short rows and paragraphs on one page."""
    names = [element.tag.removeprefix(W) for element in ElementTree.fromstring(part).iter()]
    return [name for name in names if name not in ("cantSplit", "tblHeader", "trPr", "keepNext")]


def literal_headings(data: bytes) -> list[str]:
    """Return the text of the headings whose numbering is taken off."""
    found = []
    for paragraph in docx_part(data, "word/document.xml").iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        off = paragraph.find(f"{W}pPr/{W}numPr/{W}numId[@{W}val='0']")
        if style is not None and re.match("Heading|Schedule", style.attrib[f"{W}val"]) and off is not None:
            found.append("".join(text.text or "" for text in paragraph.iter(f"{W}t")))
    return found


def test_words_of_the_sample_are_the_models() -> None:
    assert docx_words(render_docx(sample(), LOOK)) == words(sample())


@settings(max_examples=examples(120), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_any_document_keeps_its_words_and_stays_sound(document: Document) -> None:
    data = render_docx(document, LOOK)
    assert docx_words(data) == words(document)
    check_package(data)


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_change_no_structure(value: str) -> None:
    data = render_docx(sample(value), LOOK)
    benign = render_docx(sample("Harborview"), LOOK)
    assert docx_words(data) == words(sample(value))
    expected = parts_of(benign)
    for name, part in parts_of(data).items():
        assert shape(part) == shape(expected[name])


def test_hostile_title_and_kind_stay_text() -> None:
    for value in HOSTILE:
        document = dataclasses.replace(sample(), title=value, kind=value, version=value)
        data = render_docx(document, LOOK)
        check_package(data)
        assert docx_words(data) == words(document)
        header = "".join(docx_part(data, "word/header.xml").itertext())
        assert len(header) < 400, "a long title must not fill the page with its header"


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\ud800", "\ufffe"])
def test_characters_that_xml_cannot_hold_are_refused_plainly(character: str) -> None:
    value = f"Harbor{character}view"
    for document in (sample(value), dataclasses.replace(sample(), title=value)):
        with pytest.raises(ValueError, match=rf"agreement 'sample'.*U\+{ord(character):04X}"):
            render_docx(document, LOOK)
    odd = with_clauses((f"{character}1.", ()), (f"{character}2.", ()))
    with pytest.raises(ValueError, match="which no XML file can hold"):
        render_docx(odd, LOOK)


def test_bytes_are_the_same_each_time_and_hold_no_clock() -> None:
    data = render_docx(sample(), LOOK)
    assert data == render_docx(sample(), dict(reversed(LOOK.items())))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in package.infolist()} == {zipfile.ZIP_STORED}
        assert package.namelist()[0] == "[Content_Types].xml"


def test_sample_package_is_sound() -> None:
    check_package(render_docx(sample(), LOOK))


def test_nothing_internal_leaves() -> None:
    for part in parts_of(render_docx(sample(), LOOK)).values():
        text = part.decode()
        assert "INTERNAL" not in text
        assert "sample-clause" not in text
        assert "fallback" not in text
        assert "legal_name" not in text
    core = parts_of(render_docx(sample(), LOOK))["docProps/core.xml"].decode()
    assert "creator" not in core
    assert "lastModifiedBy" not in core
    assert "created" not in core


def test_headings_are_numbered_by_word() -> None:
    data = render_docx(sample(), LOOK)
    assert literal_headings(data) == []
    texts = docx_paragraphs(data)
    for expected in ("1. First Section", "1.1 Scope", "2.1 Law", "Schedule B General Terms", "1. Notices"):
        assert expected in texts


@pytest.mark.parametrize(
    ("numbers", "literal"),
    [
        ([("1.", ("1.1", "1.2")), ("2.", ("2.1",))], []),
        ([("Section 1", ("1.1", "1.2")), ("Section 2", ("2.1",))], []),
        ([("Article I", ("I.1", "I.2")), ("Article II", ("II.1",))], []),
        ([("Article I", ("1.1", "1.2")), ("Article II", ("2.1",))], ["2.1Clause"]),
        ([("A.", ("(a)", "(b)")), ("B.", ("(a)",))], []),
        ([("3.", ("3.1", "3.2", "3.3", "3.3A", "3.4")), ("4.", ("4.1",))], ["3.3AClause"]),
        ([("1.", ("1.1", "1.3", "1.4")), ("2.", ("2.1", "2.2"))], ["1.3Clause", "1.4Clause"]),
        ([("1.", ("1.1",)), ("1A.", ("1A.1",)), ("2.", ("2.1",))], ["1A.Part", "1A.1Clause"]),
        ([("1.", ("1.2", "1.3")), ("2.", ("2.2", "2.3"))], []),
        ([("", ("",)), ("1.", ("1.1", ""))], ["Part", "Clause", "Clause"]),
    ],
)
@pytest.mark.parametrize("schedules", [False, True])
def test_headings_that_word_would_number_otherwise_are_literal(
    numbers: list[tuple[str, tuple[str, ...]]], literal: list[str], schedules: bool
) -> None:
    document = with_clauses(*numbers, schedules=schedules)
    data = render_docx(document, LOOK)
    assert docx_words(data) == words(document)
    assert literal_headings(data) == literal


def test_clauses_restart_in_each_schedule() -> None:
    document = with_clauses(("Schedule A", ("1.", "2.")), ("Schedule B", ()), ("Schedule C", ("1.",)), schedules=True)
    data = render_docx(document, LOOK)
    assert docx_words(data) == words(document)
    assert literal_headings(data) == []


def test_every_list_has_a_numbering_that_restarts() -> None:
    root = docx_part(render_docx(sample(), LOOK), "word/document.xml")
    used = {number.attrib[f"{W}val"] for number in root.iter(f"{W}numId")}
    numbering = docx_part(render_docx(sample(), LOOK), "word/numbering.xml")
    for num in numbering.findall(f"{W}num"):
        if num.attrib[f"{W}numId"] in used:
            (override,) = num.findall(f"{W}lvlOverride/{W}startOverride")
            assert override.attrib[f"{W}val"] == "1"
    assert len(used) == 8  # two nests of three lists and two short lists


@pytest.mark.parametrize(
    ("numbers", "kind", "automatic"),
    [
        (("(a)", "(b)", "(c)"), "lowerLetter", (True, True, True)),
        (("(i)", "(ii)", "(iii)"), "lowerRoman", (True, True, True)),
        (("(h)", "(i)", "(j)"), "lowerLetter", (True, True, True)),
        (("(z)", "(aa)", "(bb)"), "lowerLetter", (True, True, True)),
        (("(z)", "(aa)", "(ab)"), "lowerLetter", (True, True, False)),
        (("(a)", "(aa)", "(b)"), "lowerLetter", (True, False, True)),
        (("I.", "II.", "IV."), "upperRoman", (True, True, False)),
        (("Step 9:", "Step 10:"), "decimal", (True, True)),
        (("Reserved", "(b)", "(c)"), "lowerLetter", (False, True, True)),
    ],
)
def test_list_formats_are_derived(numbers: tuple[str, ...], kind: str, automatic: tuple[bool, ...]) -> None:
    plan = plan_list(numbers)
    assert plan.format is not None
    assert plan.format.kind == kind
    assert plan.automatic == automatic


def test_a_number_that_reads_two_ways_takes_the_levels_kind() -> None:
    letters, roman = plan_list(["(i)"], "lowerLetter").format, plan_list(["(i)"], "lowerRoman").format
    assert letters
    assert letters.kind == "lowerLetter"
    assert letters.start == 9
    assert roman
    assert roman.kind == "lowerRoman"
    assert roman.start == 1


@pytest.mark.parametrize("numbers", [(), ("",), ("Reserved",), ("100% 1",), ("1" * 80,), ("(iiij)",), ("0.",), ("–",)])
def test_numbers_without_a_format(numbers: tuple[str, ...]) -> None:
    assert plan_list(numbers).format is None
    assert not any(plan_list(numbers).automatic)


def test_a_letter_below_a_letter_s_number_stays_a_letter() -> None:
    """“3A.” in “Schedule C”: no format prints the C as 3, for not every word processor could."""
    lower = plan_headings([("Schedule C", ["3A."])]).lower_format
    assert lower
    assert (lower.before, lower.kind) == ("3", "upperLetter")
    lower = plan_headings([("Schedule C", ["3.1", "3.2"])]).lower_format
    assert lower
    assert (lower.before, lower.kind) == ("3.", "decimal")


def test_no_headings_need_no_plan() -> None:
    plan = plan_headings([])
    assert plan.upper_format is None
    assert plan.lower_format is None
    assert plan.upper == ()
    assert plan.lower == ()


def test_lists_deeper_than_words_nine_levels_keep_their_numbers() -> None:
    block = ItemList((Item("(a)", (Paragraph((Run("innermost"),)),)),), True, 2)
    for _ in range(12):
        block = ItemList((Item("(a)", (Paragraph((Run("outer"),)), block)), Item("(b)", ())), True, 0)
    document = dataclasses.replace(sample(), opening=Clause("opening", "", "", (block,)))
    data = render_docx(document, LOOK)
    assert docx_words(data) == words(document)
    check_package(data)


def test_contents_are_written_in() -> None:
    root = docx_part(render_docx(sample(), LOOK), "word/document.xml")
    contents = root.find(f".//{W}sdt")
    assert contents is not None
    entries = [" ".join(text.text or "" for text in paragraph.iter(f"{W}t")) for paragraph in contents.iter(f"{W}p")]
    assert entries == [
        "Contents",
        "1. First Section",
        "1.1 Scope",
        "1.2 Money & Time",
        "2. Second Section",
        "2.1 Law",
        "Schedule A Definitions",
        "Schedule B General Terms",
        "1. Notices",
        "",
    ]
    kinds = [field.attrib[f"{W}fldCharType"] for field in contents.iter(f"{W}fldChar")]
    assert kinds == ["begin", "separate", "end"] * 8
    asked = [(field.text or "").split() for field in contents.iter(f"{W}instrText")]
    headings = [link.attrib[f"{W}anchor"] for link in contents.iter(f"{W}hyperlink")]
    assert asked == [["PAGEREF", name, "\\h"] for name in headings]
    assert set(headings) <= {mark.attrib[f"{W}name"] for mark in root.iter(f"{W}bookmarkStart")}
    assert b"updateFields" not in b"".join(parts_of(render_docx(sample(), LOOK)).values())


def test_stops_of_the_contents_are_where_the_widest_number_ends() -> None:
    named = with_clauses(("Schedule A –", ("10.19.1", "1.")), ("B", ()), ("W" * 300, ()), schedules=True)
    root = docx_part(render_docx(named, LOOK), "word/document.xml")
    stops: dict[str, tuple[int, int, int]] = {}
    for entry in root.findall(f".//{W}sdt//{W}p"):
        tabs = [int(tab.attrib[f"{W}pos"]) for tab in entry.findall(f"{W}pPr/{W}tabs/{W}tab")]
        if tabs:
            hanging = entry.find(f"{W}pPr/{W}ind")
            assert hanging is not None
            assert int(hanging.attrib[f"{W}left"]) == tabs[0]
            begins = tabs[0] - int(hanging.attrib[f"{W}hanging"])
            stops["".join(text.text or "" for text in entry.iter(f"{W}t"))] = (begins, *tabs)  # type: ignore[assignment]
    assert stops["Schedule A –Part"] == stops["BPart"]
    assert stops["10.19.1Clause"] == stops["1.Clause"]
    begins, title, page = stops["10.19.1Clause"]
    assert 800 < title - begins < 1400
    assert 1300 < stops["Schedule A –Part"][1] < 2340
    assert {each[2] for each in stops.values()} == {page} == {9360}
    assert stops["W" * 300 + "Part"][1] <= 9360 - 1440


def test_a_look_that_ends_the_former_field_of_the_contents_is_told_so() -> None:
    former = changed("word/document.xml", b'"ContentsEnd"/></w:pPr>', b'"ContentsEnd"/></w:pPr>' + END_OF_FIELD)
    with pytest.raises(ValueError, match="the contents are no field any more, so take <w:fldChar"):
        render_docx(sample(), former)


def test_a_document_without_headings_has_no_contents() -> None:
    document = dataclasses.replace(sample(), sections=(), schedules=())
    root = docx_part(render_docx(document, LOOK), "word/document.xml")
    assert root.find(f".//{W}sdt") is None
    assert docx_words(render_docx(document, LOOK)) == words(document)


def test_header_and_footer() -> None:
    parts = parts_of(render_docx(sample(), LOOK))
    footer = "".join(ElementTree.fromstring(parts["word/footer.xml"]).itertext())
    assert f"{sample().id} · version 1.2 · text {fingerprint(sample())[:12]}" in footer
    assert " PAGE " in footer
    assert " NUMPAGES " in footer
    header = "".join(ElementTree.fromstring(parts["word/header.xml"]).itertext())
    assert "Sample Agreement" in header
    assert "A Sample of “Everything”" in header


def test_only_drafts_are_marked() -> None:
    final = parts_of(render_docx(dataclasses.replace(sample(), draft=False), LOOK))
    draft = parts_of(render_docx(sample(), LOOK))
    for name in ("word/header.xml", "word/header-first.xml"):
        assert b'string="DRAFT"' in draft[name]
        assert b"DRAFT" not in final[name]


def test_signature_blocks_hold_together() -> None:
    root = docx_part(render_docx(sample(), LOOK), "word/document.xml")
    tables = [
        table
        for table in root.iter(f"{W}tbl")
        if table.find(f"{W}tblPr/{W}tblStyle[@{W}val='SignatureTable']") is not None
    ]
    assert len(tables) == 2
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        released = [row.find(f".//{W}keepNext") is not None for row in rows]
        assert released == [False, False, False, True]
        assert all(row.find(f".//{W}tcBorders/{W}bottom") is not None for row in rows)
    styles = parts_of(render_docx(sample(), LOOK))["word/styles.xml"].decode()
    assert re.search(r'w:styleId="Signature"><w:name[^>]*>.*?<w:keepNext/><w:keepLines/>', styles)
    assert "__" not in "".join(root.itertext())


def test_pages_of_signatures_alone_bear_a_footer_that_says_of_what() -> None:
    parts = parts_of(render_docx(sample(), LOOK))
    before, signing, after = (
        {each.tag.removeprefix(W): each for each in section}
        for section in ElementTree.fromstring(parts["word/document.xml"]).iter(f"{W}sectPr")
    )
    # Such a section has its own footer from the page on that it begins; the first page is that of the first.
    assert signing["type"].attrib[f"{W}val"] == "continuous"
    assert "titlePg" in before
    assert not {"titlePg", "type"} & after.keys()
    assert "titlePg" not in signing
    (relation,) = re.findall(r'Id="(\w+)"[^>]*footer-signatures', parts["word/_rels/document.xml.rels"].decode())
    assert relation in signing["footerReference"].attrib.values()
    assert relation not in {*before["footerReference"].attrib.values(), *after["footerReference"].attrib.values()}
    assert "[Signature page to A Sample of “Everything”]" in parts["word/footer-signatures.xml"].decode()
    german = parts_of(render_docx(dataclasses.replace(sample(), language="de", schedules=()), LOOK))
    assert "[Unterschriftenseite zu: A Sample of “Everything”]" in german["word/footer-signatures.xml"].decode()
    sections = list(ElementTree.fromstring(german["word/document.xml"]).iter(f"{W}sectPr"))
    assert [section.find(f"{W}type") is not None for section in sections] == [False, True]


def test_a_look_without_a_footer_for_signatures_has_one_section() -> None:
    (section,) = docx_part(
        render_docx(sample(), changed("word/_rels/document.xml.rels", b"footer-signatures", b"footer")),
        "word/document.xml",
    ).iter(f"{W}sectPr")
    assert section.find(f"{W}titlePg") is not None


@pytest.mark.parametrize(("label", "least"), [("By:", 400), ("Unterschrift:", 1400), ("W" * 200, 4960)])
def test_the_longest_label_of_all_signature_blocks_fits_into_its_column(label: str, least: int) -> None:
    blocks = sample().signatures
    last = dataclasses.replace(
        blocks[-1], lines=tuple(dataclasses.replace(line, label=label) for line in blocks[-1].lines)
    )
    root = docx_part(render_docx(dataclasses.replace(sample(), signatures=(*blocks, last)), LOOK), "word/document.xml")
    columns = [
        [int(column.attrib[f"{W}w"]) for column in table.iter(f"{W}gridCol")]
        for table in root.iter(f"{W}tbl")
        if table.find(f"{W}tblPr/{W}tblStyle[@{W}val='SignatureTable']") is not None
    ]
    assert all(each == columns[0] for each in columns)
    assert columns[0][0] >= least
    assert sum(columns[0]) <= 9360


def test_what_has_a_look_of_its_own_is_close_on_its_pages() -> None:
    def sizes(page: PageSetup | None) -> list[int]:
        styles = read_look(LOOK, page).texts[STYLES]
        return [int(size) for size in re.findall(r'<w:sz w:val="([0-9]+)"', styles)]

    usual = sizes(PageSetup(12240, 15840))
    assert sizes(PageSetup(12240, 15840, look="report")) == [round(size * 6 / 7) for size in usual]
    assert usual == sizes(None)


def test_tables_fit_the_page() -> None:
    root = docx_part(render_docx(sample("W" * 9000), LOOK), "word/document.xml")
    for table in root.iter(f"{W}tbl"):
        widths = [int(column.attrib[f"{W}w"]) for column in table.iter(f"{W}gridCol")]
        indent = table.find(f"{W}tblPr/{W}tblInd")
        assert indent is not None
        assert sum(widths) + int(indent.attrib[f"{W}w"]) <= 9360
        assert all(width >= 500 for width in widths)
        assert table.find(f"{W}tblPr/{W}tblLayout[@{W}type='fixed']") is not None


def test_tables_repeat_their_header_and_align_their_cells() -> None:
    root = docx_part(render_docx(sample(), LOOK), "word/document.xml")
    table = next(root.iter(f"{W}tbl"))
    rows = table.findall(f"{W}tr")
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False]
    for row in rows:
        aligned = [cell.find(f".//{W}jc") for cell in row.findall(f"{W}tc")]
        assert [None if mark is None else mark.attrib[f"{W}val"] for mark in aligned] == [None, "right", "center"]


def test_a_table_without_columns_is_nothing() -> None:
    opening = Clause("opening", "", "", (Table((), (), ()), Paragraph((Run("Text."),))))
    document = dataclasses.replace(sample(), opening=opening)
    assert docx_words(render_docx(document, LOOK)) == words(document)


@pytest.mark.parametrize("total", [9360, 3000])
def test_column_widths_share_out_everything(total: int) -> None:
    widths = column_widths([["A", "Amount", "x" * 500], ["b", "USD 1,000", ""]], total)
    assert sum(widths) == total
    assert widths[2] > widths[1] > 0


def test_links() -> None:
    data = render_docx(sample(), LOOK)
    root = docx_part(data, "word/document.xml")
    anchors = {link.attrib.get(f"{W}anchor") for link in root.iter(f"{W}hyperlink")}
    assert {"scope", "term_party"} <= anchors
    assert (
        b'Target="https://example.com/a?b=1&amp;c=2" TargetMode="External"'
        in parts_of(data)["word/_rels/document.xml.rels"]
    )


@pytest.mark.parametrize("target", ["javascript:alert(1)", "http://example.com", "file:///etc", "https://[x", "#gone"])
def test_links_elsewhere_are_plain_text(target: str) -> None:
    opening = Clause("opening", "", "", (Paragraph((Run("Words.", target=target),)),))
    data = render_docx(dataclasses.replace(sample(), opening=opening), LOOK)
    assert target.encode() not in b"".join(parts_of(data).values())
    check_package(data)


def test_look_without_a_part_or_with_unknown_fields_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no part word/styles\.xml"):
        render_docx(sample(), {name: part for name, part in LOOK.items() if name != "word/styles.xml"})
    for old, new, message in (
        (b"{{short_title}}", b"{{author}}", "unknown name 'author'"),
        (b"<!--if draft-->", b"<!--if late--><!--end late-->", "unknown name 'late'"),
    ):
        with pytest.raises(ValueError, match=message):
            render_docx(sample(), changed("word/header.xml", old, new))
    with pytest.raises(ValueError, match="no page size or margins"):
        render_docx(sample(), changed("word/document.xml", b"w:pgMar", b"w:other"))
    with pytest.raises(ValueError, match="no abstractNum with the name Items"):
        render_docx(sample(), changed("word/numbering.xml", b'"Items"', b'"Others"'))
    with pytest.raises(ValueError, match="nine levels"):
        render_docx(sample(), changed("word/numbering.xml", b'<w:lvl w:ilvl="8"', b'<w:lvl w:other="8"'))
    with pytest.raises(ValueError, match="lacks a format or a text"):
        render_docx(sample(), changed("word/numbering.xml", b'<w:lvlText w:val="(%3)"/>', b""))


def test_stray_files_beside_the_look_do_not_leave() -> None:
    data = render_docx(
        sample(), {**LOOK, "word/.notes.xml~": b"secret", "README.md": b"x", "word/media/logo.png": b"p"}
    )
    assert set(parts_of(data)) == {*LOOK, "word/media/logo.png"}


def changed(name: str, old: bytes, new: bytes) -> Mapping[str, bytes]:
    """Return the look with one part changed."""
    assert old in LOOK[name]
    return {**LOOK, name: LOOK[name].replace(old, new)}


def test_pandoc_reads_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "sample.docx"
    path.write_bytes(render_docx(sample(), LOOK))
    plain = pypandoc.convert_file(str(path), "html", extra_args=["--sandbox", "--wrap=none"])
    text = " ".join(etree.fromstring(f"<div>{plain}</div>").itertext())
    unnumbered = without_numbers(sample())
    title = [*unnumbered.kind.split(), *unnumbered.title.split()]
    contents = ["Contents", *contents_words(sample())]
    assert loose(text) == loose(" ".join([*title, *contents, *words(unnumbered)[len(title) :]]))


def without_numbers(document: Document) -> Document:
    """Return the document without the numbers that Word gives by itself."""

    def block(given: Block) -> Block:
        if not isinstance(given, ItemList):
            return given
        return dataclasses.replace(given, items=tuple(Item("", blocks(item.blocks)) for item in given.items))

    def blocks(given: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(map(block, given))

    def clauses(given: tuple[Clause, ...]) -> tuple[Clause, ...]:
        return tuple(dataclasses.replace(one, number="", blocks=blocks(one.blocks)) for one in given)

    def definitions(given: tuple[Definition, ...]) -> tuple[Definition, ...]:
        return tuple(dataclasses.replace(one, blocks=blocks(one.blocks)) for one in given)

    return dataclasses.replace(
        document,
        sections=tuple(dataclasses.replace(one, number="", clauses=clauses(one.clauses)) for one in document.sections),
        schedules=tuple(
            dataclasses.replace(one, number="", clauses=clauses(one.clauses), definitions=definitions(one.definitions))
            for one in document.schedules
        ),
    )


def loose(text: str) -> str:
    """Return the text without white space, which converters put between runs and cells as they like."""
    return "".join(text.split())


@pytest.mark.slow("a word processor that is not ours opens it")
@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice (soffice) is not installed, so no word processor opened the file"
)
@pytest.mark.parametrize("odd", [False, True])
def test_libreoffice_opens_it_and_prints_the_same_words(tmp_path: Path, odd: bool) -> None:
    document = sample()
    if odd:
        numbers = (("Part I", ("I.1", "I.2", "I.2A", "I.3")), ("Part II", ("II.1", "II.3")), ("IIA", ("x.1",)))
        odd_list = ItemList(
            tuple(Item(number, (Paragraph((Run("Text."),)),)) for number in ("3)", "4)", "4A)", "5)")), True, 0
        )
        opening = Clause("opening", "", "", (odd_list, odd_list))
        document = dataclasses.replace(document, sections=with_clauses(*numbers).sections, opening=opening)
    (tmp_path / "sample.docx").write_bytes(render_docx(document, LOOK))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), "sample.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    text = (tmp_path / "sample.txt").read_text(encoding="utf-8-sig").replace("•", "")
    start = [*document.kind.split(), *document.title.split()]
    contents = ["Contents", *contents_words(document)]
    assert text.split() == [*start, *contents, *words(document)[len(start) :]]


def referring(
    *runs: Run, numbers: tuple[str, ...] = ("1.1", "1.2"), inner: tuple[str, ...] = ("(a)", "(b)")
) -> Document:
    """Return a document whose first clause refers with these runs, and whose second has a list in a list."""
    deep = ItemList(tuple(Item(number, (Paragraph((Run("Deep."),)),), f"c0-1--{number}") for number in inner), True, 1)
    outer = ItemList((Item("(x)", (Paragraph((Run("Text."),)), deep), "c0-1--x"),), True, 0)
    document = with_clauses(("1.", numbers))
    (section,) = document.sections
    first, second = section.clauses
    clauses = (dataclasses.replace(first, blocks=(Paragraph(runs),)), dataclasses.replace(second, blocks=(outer,)))
    return dataclasses.replace(document, sections=(dataclasses.replace(section, clauses=clauses),))


def fields_of(data: bytes) -> list[tuple[str, str]]:
    """Return the fields of the text, each with what it shows."""
    found: list[tuple[str, str]] = []
    inside = ""
    for element in docx_part(data, "word/document.xml").iter():
        inside = element.attrib[f"{W}fldCharType"] if element.tag == f"{W}fldChar" else inside
        if element.tag == f"{W}instrText":
            found.append((element.text or "", ""))
        elif element.tag == f"{W}t" and inside == "separate":
            found[-1] = (found[-1][0], found[-1][1] + (element.text or ""))
    return [each for each in found if not each[0].startswith("PAGEREF")]


@pytest.mark.parametrize(
    ("text", "target", "fields"),
    [
        ("Section\u00a01.2", "c0-1", [("REF c0_1 \\n \\h", "1.2")]),
        ("1.2", "c0-1", [("REF c0_1 \\n \\h", "1.2")]),
        ("Section\u00a01", "s0", [("REF s0 \\n \\h", "1")]),
        ("Section\u00a01.2(x)(b)", "c0-1--(b)", [("c0_1", "1.2"), ("c0_1__x", "(x)"), ("c0_1___b_", "(b)")]),
        ("Section\u00a01.21", "c0-1", []),
        ("Section\u00a011.2", "c0-1", []),
        ("Section\u00a01.2.1", "c0-1", []),
        ("the next clause", "c0-1", []),
        ("Schedule\u00a0A", "definitions", []),
    ],
)
def test_references_are_fields_where_a_field_says_the_same(
    text: str, target: str, fields: list[tuple[str, str]]
) -> None:
    document = referring(Run("See "), Run(text, strong=True, target=f"#{target}"), Run("."))
    data = render_docx(document, LOOK)
    check_package(data)
    assert docx_words(data) == words(document)
    assert proof(document, "docx", data) == []
    assert fields_of(data) == [
        (name if name.startswith("REF") else f"REF {name} \\n \\h", said) for name, said in fields
    ]


@pytest.mark.parametrize(
    ("numbers", "inner", "fields"),
    [
        (("1.1", "1.2A"), ("(a)", "(b)"), ["(x)", "(b)"]),
        (("1.1", "1.2"), ("(a)", "(b*)"), ["1.2", "(x)"]),
        (("1.1", "1.2"), ("(x)", "(b)"), ["1.2", "(x)"]),
    ],
)
def test_a_number_that_is_text_has_no_field(
    numbers: tuple[str, str], inner: tuple[str, ...], fields: list[str]
) -> None:
    reference = Run(f"Section\u00a0{numbers[1]}(x){inner[1]}", target=f"#c0-1--{inner[1]}")
    document = referring(reference, numbers=numbers, inner=inner)
    data = render_docx(document, LOOK)
    assert docx_words(data) == words(document)
    assert proof(document, "docx", data) == []
    assert [said for _, said in fields_of(data)] == fields


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"REF c0_1 ", b"REF c0_0 "),
        (b"REF c0_1 \\n", b"REF c0_1 \\r"),
        (b"REF c0_1 ", b"REF nowhere "),
        (b"REF c0_1 \\n \\h", b"DATE"),
        (b'"separate"/></w:r><w:r><w:t xml:space="preserve">1.2<', b'"separate"/></w:r><w:r><w:t>9.9<'),
        (b'"separate"/></w:r><w:r><w:t xml:space="preserve">1.2', b'"other"/></w:r><w:r><w:t>1.2'),
        (b'1.2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/>', b"1.2</w:t></w:r><w:r>"),
        (b"REF c0_1 \\n \\h</w:instrText>", b"REF c0_1 \\n \\h</w:instrText><w:t>1.2</w:t>"),
    ],
)
def test_a_field_that_would_not_say_what_stands_there_is_told(old: bytes, new: bytes) -> None:
    document = referring(Run("Section\u00a01.2", target="#c0-1"))
    parts = parts_of(render_docx(document, LOOK))
    assert old in parts["word/document.xml"]
    parts["word/document.xml"] = parts["word/document.xml"].replace(old, new)
    assert proof(document, "docx", zip_parts(parts))


@pytest.mark.slow("a word processor that is not ours reckons the fields of references and of the contents")
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed, so nothing reckoned the fields")
def test_libreoffice_reckons_what_stands_there(tmp_path: Path) -> None:
    document = referring(Run("See "), Run("Section\u00a01.2(x)(b)", target="#c0-1--(b)"), Run("."))
    data = render_docx(document, LOOK)
    assert len(fields_of(data)) == 3
    blank = parts_of(data)
    blank["word/document.xml"] = re.sub(
        rb'(?<="separate"/></w:r><w:r><w:t xml:space="preserve">)[^<]+', b"?", blank["word/document.xml"], count=3
    )
    told, reckoned = office_texts([Job(LEAVE, data), Job(LEAVE, zip_parts(blank))], tmp_path)
    assert told == reckoned
    assert "See Section 1.2(x)(b)." in told


@pytest.mark.slow("a word processor that is not ours reckons the pages of the contents")
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed, so nothing reckoned the pages")
def test_libreoffice_reckons_the_pages_of_the_contents(tmp_path: Path) -> None:
    (tmp_path / "sample.docx").write_bytes(render_docx(sample(), LOOK))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "sample.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    with pypdfium2.PdfDocument(tmp_path / "sample.pdf") as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    entries = re.findall(r"(?m)^(.*?) ?\.{5,} ?(\d+)\r?$", texts[0])
    assert len(entries) == 8
    for entry, page in entries:
        assert entry.split()[-1] in texts[int(page) - 1]
    assert {int(page) for _, page in entries} >= {1, len(texts)}
