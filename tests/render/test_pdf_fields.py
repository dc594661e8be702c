"""The form fields of a PDF: where they stand, what they hold, that the file stays what it was."""

from __future__ import annotations

import io
import re
import shutil
import time
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausebook.compare.changes import changes
from clausebook.compare.documents import compare
from clausebook.document.interchange import from_json
from clausebook.document.model import Document, SignatureBlock, SignatureLine
from clausebook.document.outgoing import outgoing
from clausebook.document.words import words
from clausebook.findings.model import FindingsError
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import MAKERS, Project
from clausebook.records.record_files import data_of
from clausebook.render.files import render_files
from clausebook.render.fonts import measures
from clausebook.render.manifest import AGREEMENT, MANIFEST, Manifest, manifest_of
from clausebook.render.pdf.blanks import blanks
from clausebook.render.pdf.fields import add_fields
from clausebook.render.pdf.splice import UnknownForm, read, splice
from clausebook.render.pdf.typesetting import LookFault
from clausebook.render.pdf.writer import FONTS, MAIN, lay_out, render_pdf
from clausebook.render.redline.formats import REDLINES, RedlineOptions
from clausebook.render.redline.heading import RedlineHeading
from clausebook.repository.engine import engine
from tests.support.executed_repositories import record
from tests.support.looks import LOOK, changed_look
from tests.support.pdf_reader import lines, outside
from tests.support.repositories import DEALS, ROOT, partnership_repository
from tests.support.sample_documents import plain
from tests.support.signature_blocks import signatory, with_signatures
from tests.support.tagged_words import pdf_words
from tests.support.tiers import examples, sampled

DIGEST = "0" * 64
TOLD = Manifest("sample", "1.2", *(DIGEST,) * 6)


@lru_cache(maxsize=4)
def opened(data: bytes) -> pikepdf.Pdf:
    """Return the file, open: its objects live no longer than it does."""
    return pikepdf.open(io.BytesIO(data))


def widgets(data: bytes) -> dict[str, Any]:
    """Return the fields by name, in the order of the form."""
    return {str(field.T): field for field in opened(data).Root.AcroForm.Fields}


def looks(field: Any) -> bytes:
    content: bytes = field.AP.N.read_bytes()
    return content


def painted(data: bytes) -> list[str]:
    """Return the words of each page as another program sees them, fields included."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    found = []
    for page in document:
        pypdfium2.raw.FPDFPage_Flatten(page, pypdfium2.raw.FLAT_NORMALDISPLAY)
    for index in range(len(document)):
        found.append(document[index].get_textpage().get_text_bounded())
    document.close()
    return found


def structure(data: bytes, kind: str) -> Iterator[Any]:
    waiting = [opened(data).Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Dictionary):
            if node.get("/S") == kind:
                yield node
            kids = node.get("/K", ())
            waiting += reversed(list(kids) if isinstance(kids, pikepdf.Array) else [kids])


@pytest.mark.parametrize("count", range(1, 13))
def test_every_signatory_has_their_fields(count: int) -> None:
    document = with_signatures(*(signatory(number, f"Person {number}") for number in range(1, count + 1)))
    data = render_pdf(document, LOOK)
    fields = widgets(data)
    expected = [
        f"p-{number}-{kind}" for number in range(1, count + 1) for kind in ("signature", "name", "title", "date")
    ]
    assert list(fields) == expected
    assert pdf_words(data) == words(document)
    for number in range(1, count + 1):
        assert fields[f"p-{number}-signature"].FT == "/Sig"
        own = [str(name) for name in fields[f"p-{number}-signature"].Lock.Fields]
        assert own == [f"p-{number}-{kind}" for kind in ("name", "title", "date")]
        assert str(fields[f"p-{number}-name"].V) == f"Person {number}"
        assert "/V" not in fields[f"p-{number}-title"]
        assert "/V" not in fields[f"p-{number}-date"]


def test_the_form_says_that_there_are_signatures_and_brings_its_font() -> None:
    with pikepdf.open(io.BytesIO(render_pdf(with_signatures(signatory(1)), LOOK))) as pdf:
        form = pdf.Root.AcroForm
        assert form.SigFlags == 1
        assert "/NeedAppearances" not in form
        font = form.DR.Font.F0
        assert font.FontDescriptor.FontFile2.read_bytes() == measures.FIELDS.read_bytes()
        assert list(font.Widths) == list(measures.FIELDS_WIDTHS)
        assert font.LastChar - font.FirstChar + 1 == len(measures.FIELDS_WIDTHS)


def test_the_font_s_figures_are_those_of_its_file() -> None:
    with TTFont(measures.FIELDS) as font:
        characters, metrics = font.getBestCmap(), font["hmtx"]
        for code, width in enumerate(measures.FIELDS_WIDTHS, measures.FIELDS_FIRST):
            name = characters.get(ord(bytes([code]).decode("cp1252", "replace")), ".notdef")
            assert metrics[name][0] == width, code
        assert (font["hhea"].ascent, font["hhea"].descent) == (measures.FIELDS_ASCENT, measures.FIELDS_DESCENT)
    with TTFont(measures.STAMP) as font:
        known = set(font.getBestCmap())
    for first, last in ((0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x17F), (0x391, 0x3A1), (0x3A3, 0x3CE), (0x400, 0x45F)):
        assert set(range(first, last + 1)) <= known


def test_each_field_stands_in_a_form_tag_that_names_it() -> None:
    data = render_pdf(with_signatures(signatory(1, "Ada Łukaszewicz-Ωmega", "Директор"), signatory(2)), LOOK)
    forms = list(structure(data, "/Form"))
    assert [str(form.K.Obj.T) for form in forms] == list(widgets(data))
    for form in forms:
        assert form.K.Type == "/OBJR"
        assert str(form.Alt) == str(form.K.Obj.TU) != ""
        assert "field:" not in str(form.Alt)
        assert form.K.Obj.P.objgen == form.K.Pg.objgen
    assert str(forms[0].Alt) == "Signature of Ada Łukaszewicz-Ωmega, Party 1, Inc."
    assert len({form.K.Obj.StructParent for form in forms}) == len(forms)
    assert not list(structure(data, "/Figure"))


def test_the_parent_tree_leads_from_each_field_to_its_tag() -> None:
    data = render_pdf(with_signatures(signatory(1, "A"), signatory(2)), LOOK)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        keys = [int(key) for key in numbers[::2]]
        assert keys == sorted(set(keys))
        assert pdf.Root.StructTreeRoot.ParentTreeNextKey == keys[-1] + 1
        parents = dict(zip(keys, numbers[1::2], strict=True))
        for page in pdf.pages:
            for note in page.obj.get("/Annots", ()):
                if note.Subtype == "/Widget":
                    assert parents[int(note.StructParent)].K.Obj.objgen == note.objgen
            # A sequence that left the page has no tag.
            content = page.Contents.read_bytes()
            used = {int(number) for number in re.findall(rb"/MCID\s+(\d+)", content)}
            tagged = {index for index, tag in enumerate(parents[int(page.obj.StructParents)]) if tag is not None}
            assert used == tagged


def test_known_values_are_seen_once() -> None:
    document = with_signatures(signatory(1, "Ada Example", "Chief Officer"), signatory(2, "Bob Beispiel"))
    data = render_pdf(document, LOOK)
    text = " ".join(painted(data))
    for value in ("Ada Example", "Chief Officer", "Bob Beispiel"):
        assert text.count(value) == 1
        assert not any(value in line for _, line in lines(data))
    fields = widgets(data)
    assert fields["p-1-name"].Ff == 1
    assert "/Ff" not in fields["p-2-title"]
    assert b"TJ" in looks(fields["p-1-name"])
    assert looks(fields["p-2-title"]) == b""
    assert looks(fields["p-1-signature"]) == b""


@pytest.mark.parametrize(
    "value",
    ["Dr. Maria Ángela O’Neill-Østergård, Jr.", "Ελένη Παπαδοπούλου", "Анна Ивановна", "(a) \\ b", "5 0 R", "e\u0301"],
)
def test_any_known_character_is_shown(value: str) -> None:
    document = with_signatures(signatory(1, value, value))
    data = render_pdf(document, LOOK)
    assert pdf_words(data) == words(document)
    assert str(widgets(data)["p-1-name"].V) == value


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec="latin-1", categories=["L", "N", "P", "S", "Zs"]), max_size=120))
def test_hostile_names_change_nothing_else(value: str) -> None:
    document = with_signatures(signatory(1, value, "Chief"), signatory(2, "Bob"))
    data = render_pdf(document, LOOK)
    assert pdf_words(data) == words(document)
    assert list(widgets(data)) == [blank.name for blank in blanks(document)]


@pytest.mark.parametrize("length", [90, 300, 600])
def test_long_values_wrap_within_their_field(length: int) -> None:
    value = ("Senior Vice President " * 40)[:length].strip()
    document = with_signatures(signatory(1, "Ada", value), signatory(2))
    data = render_pdf(document, LOOK)
    field = widgets(data)["p-1-title"]
    assert field.Ff == 1 | 1 << 12
    assert pdf_words(data) == words(document)
    left, bottom, right, top = map(float, field.Rect)
    places = [
        (float(operands[4]), float(operands[5]))
        for operands, operator in pikepdf.parse_content_stream(field.AP.N, "cm")
        if str(operator) == "cm" and float(operands[3]) == -1
    ]
    assert len({y for _, y in places}) > 1
    for x, y in places:
        assert left <= x <= right
        assert bottom < y < top
    assert top - bottom < 13.8 * len({y for _, y in places}) + 8


def test_a_value_that_no_field_can_hold_stays_on_the_page() -> None:
    document = with_signatures(signatory(1, "Ada", "long title " * 400))
    data = render_pdf(document, LOOK)
    assert pdf_words(data) == words(document)
    assert list(widgets(data)) == ["p-1-signature", "p-1-name", "p-1-date"]
    assert [str(name) for name in widgets(data)["p-1-signature"].Lock.Fields] == ["p-1-name", "p-1-date"]


def test_a_signature_or_date_that_is_known_is_no_field() -> None:
    lines_ = (SignatureLine("By:", "signature", plain("/s/ Ada")), SignatureLine("Date:", "date", plain("2026-01-02")))
    document = with_signatures(SignatureBlock("b", "p", plain("P"), (*lines_, SignatureLine("Name:", "name"))))
    data = render_pdf(document, LOOK)
    assert list(widgets(data)) == ["b-name"]
    assert "/SigFlags" not in opened(data).Root.AcroForm
    assert pdf_words(data) == words(document)


def test_fields_stand_at_their_signature_block() -> None:
    """Each field lies on its own rule, beside its own label, within a point; no two overlap."""
    document = with_signatures(*(signatory(number, f"Person {number}") for number in range(1, 7)))
    data = render_pdf(document, LOOK)
    printed = pypdfium2.PdfDocument(data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for index, page in enumerate(pdf.pages):
            fields = [note for note in page.obj.get("/Annots", ()) if note.Subtype == "/Widget"]
            rules = _rules(page)
            boxes = sorted((tuple(map(float, note.Rect)) for note in fields), key=lambda box: -box[3])
            for note, box in zip(fields, boxes, strict=True):
                assert tuple(map(float, note.Rect)) == box
                rule = min(rules, key=lambda each: abs(each[1] - box[1]))
                assert abs(rule[1] - box[1]) <= 2.0
                assert abs(rule[0] - box[0]) <= 2.0
                assert abs(rule[2] - box[2]) <= 2.0
                label = {"/Sig": "By:"}.get(str(note.FT)) or str(note.T).rsplit("-", 1)[1].title() + ":"
                beside = printed[index].get_textpage().get_text_bounded(72, box[1], box[0], box[3])
                assert label in beside
            for upper, lower in pairwise(boxes):
                assert upper[1] >= lower[3]
    printed.close()


def _rules(page: pikepdf.Page) -> list[tuple[float, float, float]]:
    """Return left end, height and right end of each line across the page that is drawn."""
    found, at = [], (0.0, 0.0)
    for operands, operator in pikepdf.parse_content_stream(page, "cm l"):
        if str(operator) == "cm":
            at = float(operands[4]), float(operands[5])
        elif float(operands[1]) == 0 and float(operands[0]) > 100:
            found.append((at[0], at[1], at[0] + float(operands[0])))
    return found


def test_anchors_are_invisible_unique_and_no_words() -> None:
    document = with_signatures(signatory(1, "Ada"), signatory(2))
    data = render_pdf(document, LOOK)
    text = " ".join(painted(data))
    anchors = [blank.anchor for blank in blanks(document)]
    assert anchors == ["/sig1/", "/name1/", "/title1/", "/date1/", "/sig2/", "/name2/", "/title2/", "/date2/"]
    for anchor in anchors:
        assert text.count(anchor) == 1
    assert not set(anchors) & set(pdf_words(data))


def test_anchors_can_be_turned_off(tmp_path: Path) -> None:
    look = changed_look(tmp_path, "#let anchors = true", "#let anchors = false")
    document = with_signatures(signatory(1, "Ada"))
    data = render_pdf(document, look)
    assert "/sig1/" not in " ".join(painted(data))
    assert len(widgets(data)) == 4


def test_lines_of_one_kind_have_names_and_anchors_of_their_own() -> None:
    lines_ = (SignatureLine("By:", "signature"), SignatureLine("Place:", "text"), SignatureLine("Witness:", "text"))
    block = SignatureBlock("b", "p", plain("P"), lines_)
    document = with_signatures(block, block)
    found = blanks(document)
    assert [blank.name for blank in found] == [
        "b-signature", "b-text", "b-text-2", "b-signature-2", "b-text-3", "b-text-4",
    ]  # fmt: skip
    assert [blank.anchor for blank in found] == ["/sig1/", "/text1/", "/text1-2/", "/sig2/", "/text2/", "/text2-2/"]
    assert list(widgets(render_pdf(document, LOOK))) == [blank.name for blank in found]


def test_without_signatories_there_is_no_form() -> None:
    data = render_pdf(with_signatures(), LOOK)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/AcroForm" not in pdf.Root


def test_the_same_document_is_the_same_bytes() -> None:
    document = with_signatures(signatory(1, "Ada", "Chief"), signatory(2))
    assert render_pdf(document, LOOK, TOLD) == render_pdf(document, LOOK, TOLD)


def test_the_file_is_whole_and_written_in_one_piece() -> None:
    data = render_pdf(with_signatures(signatory(1, "Ada"), signatory(2)), LOOK, TOLD)
    assert data.count(b"%%EOF") == data.count(b"startxref") == 1
    assert b"/Prev" not in data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert [str(each) for each in pdf.get_warnings()] == []
    places = read(data).places
    for number, place in enumerate(places[1:], 1):
        assert data[place:].startswith(b"%d 0 obj" % number)


def test_splicing_changes_only_what_it_is_told() -> None:
    document = with_signatures(signatory(1))
    bare = lay_out(MAIN, LOOK, {"agreement": _content(document)})
    written = read(bare)
    size = len(written.places)
    spliced = splice(written, {5: b"[(changed)]", size: b"(new)", size + 1: b"(newer)"})
    with pikepdf.open(io.BytesIO(spliced)) as after, pikepdf.open(io.BytesIO(bare)) as before:
        assert str(after.get_object(size, 0)) == "new"
        assert str(after.get_object(size + 1, 0)) == "newer"
        assert str(after.get_object(5, 0)[0]) == "changed"
        for number in (1, 4, 6, size - 1):
            assert after.get_object(number, 0).unparse(resolved=True) == before.get_object(number, 0).unparse(
                resolved=True
            )
        assert after.trailer.ID[0] != before.trailer.ID[0]
    with pytest.raises(UnknownForm, match="gap"):
        splice(written, {size + 1: b"(new)"})


@pytest.mark.parametrize("damage", [b"", b"%PDF-1.7\n", b"xref\n0 1\nstartxref\n0\n%%EOF", b"startxref\n99\n%%EOF"])
def test_what_typst_did_not_write_is_refused(damage: bytes) -> None:
    with pytest.raises(UnknownForm):
        read(damage)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('alt: "field:" + line.name', 'alt: "field:x" + line.name', "does not have"),
        ('alt: "field:" + line.name', 'alt: "plain:" + line.name', "no place for the field `p-1-signature`"),
        ('alt: "field:" + line.name', 'alt: "field:p-1-date" + " " + line.name', "two places"),
        ("mark + par(words(line.runs))", "mark", "no value after the mark of `p-1-name`"),
    ],
)
def test_a_look_that_marks_fields_wrongly_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    look = changed_look(tmp_path, old, new)
    with pytest.raises(LookFault, match=re.escape(said)):
        render_pdf(with_signatures(signatory(1, "Ada")), look)


def test_a_character_that_no_font_has_is_told_with_its_place() -> None:
    document = with_signatures(signatory(1, "Ada 丂"))
    with pytest.raises(FindingsError) as caught:
        render_files(document, ROOT, ("pdf",))
    (finding,) = caught.value.findings
    assert finding.rule == "core/pdf-glyph"
    assert "丂" in finding.message
    assert "`p-1`" in finding.message


def test_a_font_of_the_look_s_own_shows_more(tmp_path: Path) -> None:
    """Fonts in `fonts/` are used for what the others lack, in fields too; other files there are not."""
    look = tmp_path / "pdf"
    shutil.copytree(LOOK, look)
    (look / FONTS).mkdir(exist_ok=True)
    (look / FONTS / "README.md").write_text("no font")
    _font_with("\uabcd", look / FONTS / "More.ttf")
    document = with_signatures(signatory(1, "Ada \uabcd"))
    data = render_pdf(document, look)
    assert pdf_words(data) == words(document)
    assert str(widgets(data)["p-1-name"].V) == "Ada \uabcd"


def test_the_document_and_the_manifest_are_attached() -> None:
    document = with_signatures(signatory(1, "Ada"))
    with pikepdf.open(io.BytesIO(render_pdf(document, LOOK, TOLD))) as pdf:
        assert sorted(pdf.attachments) == [AGREEMENT, MANIFEST]
        assert from_json(pdf.attachments[AGREEMENT].get_file().read_bytes()) == document
        assert Manifest.from_json(pdf.attachments[MANIFEST].get_file().read_bytes()) == TOLD
        relations = {str(each.UF): str(each.AFRelationship) for each in pdf.Root.AF}
        assert relations == {AGREEMENT: "/Source", MANIFEST: "/Data"}
        kinds = {str(each.EF.F.Subtype) for each in pdf.Root.AF}
        assert kinds == {"/application/json"}
        assert {str(each.EF.F.Params.ModDate) for each in pdf.Root.AF} == {"D:19700101000000Z"}
    with pikepdf.open(io.BytesIO(render_pdf(document, LOOK))) as pdf:
        assert not pdf.attachments


def test_a_redline_has_neither_fields_nor_attachments() -> None:
    redline = compare(with_signatures(signatory(1, "Ada")), with_signatures(signatory(1, "Bob"), signatory(2)))
    heading = RedlineHeading.of(redline, "Version 1.0", "Version 1.1", changes(redline))
    data = REDLINES["pdf"](redline, heading, RedlineOptions(look=LOOK))
    assert "/AcroForm" not in opened(data).Root
    assert not opened(data).attachments
    assert "/sig1/" not in " ".join(painted(data))


def test_an_attachment_adds_no_page_and_no_word() -> None:
    document = with_signatures(signatory(1, "Ada"))
    with_it, without = render_pdf(document, LOOK, TOLD), render_pdf(document, LOOK)
    assert pdf_words(with_it) == pdf_words(without)
    with pikepdf.open(io.BytesIO(with_it)) as one, pikepdf.open(io.BytesIO(without)) as other:
        assert len(one.pages) == len(other.pages)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Open a repository of deals, one of them executed."""
    root = partnership_repository(tmp_path_factory.mktemp("fields"))
    with Sandbox() as sandbox:
        record(root, "retail-telehealth", "2026-11-12", sandbox)
        yield Project(root, sandbox)


@pytest.mark.slow("whole agreements, a draft and an executed one, have their fields and say what they were made from")
@pytest.mark.parametrize(
    "deal",
    sampled(DEALS, ["health-ecosystem-hub", "retail-telehealth"], "the other deals: more blocks and signatories"),
)
def test_each_agreement_has_fields_and_attachments(project: Project, deal: str) -> None:
    for agreement in project.assemble_all([deal]):
        assert agreement.document is not None
        pdf_data = project.render(agreement, ("pdf",))[f"{agreement.file.id}.pdf"]
        leaving = outgoing(agreement.document)
        found = blanks(leaving)
        fields = widgets(pdf_data)
        assert list(fields) == [blank.name for blank in found]
        for blank in found:
            assert str(fields[blank.name].get("/V", "")) == blank.value
            assert blank.kind != "date" or not blank.value
        assert outside(pdf_data) == []
        with pikepdf.open(io.BytesIO(pdf_data)) as pdf:
            assert from_json(pdf.attachments[AGREEMENT].get_file().read_bytes()) == leaving
            told = Manifest.from_json(pdf.attachments[MANIFEST].get_file().read_bytes())
        data = data_of(project.tree, agreement.record) if agreement.record else agreement.data
        assert told == manifest_of(agreement.document, data, agreement.inputs, LOOK, engine(*MAKERS))


@pytest.mark.slow("a whole agreement is timed")
def test_fields_cost_little_beside_the_page(project: Project) -> None:
    """The bound is loose, for slow machines; the figures are in the benchmarks."""
    (agreement,) = project.assemble_all(["health-ecosystem-hub"])
    assert agreement.document is not None
    document = outgoing(agreement.document)
    begun = time.process_time()
    bare = lay_out(MAIN, LOOK, {"agreement": _content(document)})
    laid = time.process_time()
    add_fields(bare, blanks(document))
    assert time.process_time() - laid < 0.5 * (laid - begun)


def _written(pdf: pikepdf.Pdf, number: int) -> bytes:
    return pdf.get_object(number, 0).unparse(resolved=True)


def _content(document: Document) -> str:
    from clausebook.render.pdf.content import content

    return content(document)


def _font_with(character: str, place: Path) -> None:
    """Write a font that shows the letter A for a character, and has no other."""
    with TTFont(measures.FIELDS) as font:
        shape = font.getBestCmap()[ord("A")]
        for table in font["cmap"].tables:
            table.cmap.clear()
            table.cmap[ord(character)] = shape
        for record in font["name"].names:
            record.string = str(record).replace("Libertinus", "More")
        font.save(place)
