from __future__ import annotations

import io
import random
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from clausebook.document.words import words
from clausebook.reading.bounds import PdfTextError
from clausebook.render.pdf.writer import render_pdf
from tests.support.sample_documents import sample
from tests.support.tagged_words import pdf_words

LOOK = Path(__file__).resolve().parents[2] / "templates" / "pdf"
CMAP = b"""1 begincodespacerange <00> <FF> endcodespacerange
2 beginbfchar <41> <0041> <20> <0020> endbfchar
2 beginbfrange <61> <7A> <0061> <30> <31> [<00660069> <D835DC00>] endbfrange"""


@cache
def rendered() -> bytes:
    return render_pdf(sample(), LOOK)


def saved(pdf: Pdf, **options: object) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def made(content: bytes, tree: Callable[[Dictionary], object], *, cmap: bytes | None = CMAP) -> bytes:
    """Return a one-page PDF with that content; `tree` makes the structure's kids from the page."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page().obj
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    if cmap is not None:
        font.ToUnicode = pdf.make_stream(cmap)
    page.Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    page.Contents = pdf.make_stream(content)
    pdf.Root.StructTreeRoot = pdf.make_indirect(
        Dictionary(Type=Name.StructTreeRoot, K=tree(page), RoleMap=Dictionary(Heading=Name.H1, Soft=Name.Span))
    )
    return saved(pdf)


def element(role: str, page: object, kids: object, **more: object) -> Dictionary:
    return Dictionary(Type=Name.StructElem, S=Name("/" + role), Pg=page, K=kids, **more)


def shown(number: int, text: str) -> bytes:
    return b"/Span <</MCID %d>> BDC BT /F 12 Tf (%s) Tj ET EMC\n" % (number, text.encode())


def test_follows_the_structure_tree_and_not_the_page() -> None:
    content = (
        shown(0, "third") + shown(1, "first") + b"/Artifact BMC BT /F 9 Tf (page) Tj ET EMC\n" + shown(2, "second")
    )
    data = made(
        content,
        lambda page: Array([element("P", page, 1), element("Heading", page, 2), element("P", page, 0)]),
    )
    assert pdf_words(data) == ["first", "second", "third"]


def test_inline_elements_join_and_blocks_part() -> None:
    content = shown(0, "one") + shown(1, "two") + shown(2, "three") + shown(3, "four")
    inline = made(
        content,
        lambda page: element("P", page, Array([0, element("Em", page, 1), element("Soft", page, Array([2, 3]))])),
    )
    blocks = made(content, lambda page: element("TR", page, Array([element("TD", page, each) for each in range(4)])))
    placed = made(
        content,
        lambda page: element(
            "Div",
            page,
            Array(
                [element("Span", page, each, A=Dictionary(O=Name.Layout, Placement=Name.Block)) for each in range(4)]
            ),
        ),
    )
    assert pdf_words(inline) == ["onetwothreefour"]
    assert pdf_words(blocks) == pdf_words(placed) == ["one", "two", "three", "four"]


def test_leaves_out_contents_artifacts_and_bullets() -> None:
    content = b"".join(shown(number, word) for number, word in enumerate(["toc", "bullet", "item", "a", "lettered"]))

    def tree(page: Dictionary) -> object:
        def items(numbering: str, first: int) -> Dictionary:
            labelled = [element("Lbl", page, first), element("LBody", page, first + 1)]
            look = Array([Dictionary(O=Name.List, ListNumbering=Name("/" + numbering))])
            return element("L", page, element("LI", page, Array(labelled)), A=look)

        return Array([element("TOC", page, element("TOCI", page, 0)), items("Disc", 1), items("Decimal", 3)])

    assert pdf_words(made(content, tree)) == ["item", "a", "lettered"]


def test_actual_text_stands_for_glyphs_and_expansions_do_not() -> None:
    content = (
        b"/P <</MCID 0>> BDC BT /F 12 Tf (a) Tj /Span <</ActualText (b c)>> BDC (xyz) Tj EMC (d ) Tj ET EMC "
        b"/P <</MCID 1 /E (expanded)>> BDC BT /F 12 Tf (short ) Tj ET EMC " + shown(2, "hidden")
    )
    data = made(
        content,
        lambda page: element(
            "P", page, Array([0, element("Span", page, 1, E="expanded"), element("Span", page, 2, ActualText="seen")])
        ),
    )
    assert pdf_words(data) == ["ab", "cd", "short", "seen"]


def test_codes_become_text_by_the_font_s_map() -> None:
    content = b"/P <</MCID 0>> BDC BT /F 12 Tf [(A) -500 (b01)] TJ <0D> Tj ET EMC"
    assert pdf_words(made(content, lambda page: element("P", page, 0))) == ["Abfi\U0001d400\ufffd"]
    plain = made(shown(0, "caf\xe9".encode("latin-1").decode("latin-1")), lambda page: element("P", page, 0), cmap=None)
    assert pdf_words(plain)[0].startswith("caf")


def test_reads_forms_and_marks_inside_them() -> None:
    pdf = pikepdf.open(io.BytesIO(made(b"/P <</MCID 0>> BDC /X Do EMC", lambda page: element("P", page, 0))))
    page = pdf.pages[0].obj
    form = pdf.make_stream(b"BT /F 9 Tf (inside ) Tj ET /Span <</MCID 7>> BDC BT /F 9 Tf (own) Tj ET EMC")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    page.Resources.XObject = Dictionary(X=form)
    kids = Array([0, Dictionary(Type=Name.MCR, Pg=page, Stm=form, MCID=7)])
    pdf.Root.StructTreeRoot.K = element("P", page, kids)
    assert pdf_words(saved(pdf)) == ["inside", "own"]

    form.Resources = Dictionary(XObject=Dictionary(X=form))
    form.write(b"/X Do")
    with pytest.raises(PdfTextError, match="nested too deeply"):
        pdf_words(saved(pdf))


def test_a_soft_hyphen_at_a_broken_line_counts_once() -> None:
    cmap = b"beginbfchar <2D> <00AD> endbfchar beginbfrange <61> <7A> <0061> endbfrange"
    data = made(shown(0, "co-") + shown(1, "-op"), lambda page: element("P", page, Array([0, 1])), cmap=cmap)
    assert pdf_words(data) == ["co\u00adop"]


def test_words_survive_being_saved_another_way() -> None:
    with pikepdf.open(io.BytesIO(rendered())) as pdf:
        for options in (
            {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
            {"linearize": True},
            {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.generalized},
        ):
            assert pdf_words(saved(pdf, **options)) == words(sample())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "damaged"),
        (b"%PDF-1.7\n%%EOF", "damaged"),
        (b"\0" * 1000, "damaged"),
        (b"not a PDF", "damaged"),
    ],
)
def test_refuses_what_is_no_pdf(data: bytes, message: str) -> None:
    with pytest.raises(PdfTextError, match=message):
        pdf_words(data)


def test_refuses_a_pdf_without_structure_or_with_a_password() -> None:
    plain = pikepdf.new()
    plain.add_blank_page()
    with pytest.raises(PdfTextError, match="no structure tree"):
        pdf_words(saved(plain))
    with pytest.raises(PdfTextError, match="encrypted"):
        pdf_words(saved(plain, encryption=pikepdf.Encryption(owner="o", user="u")))


def test_refuses_structure_that_is_a_trap() -> None:
    def deep(page: Dictionary) -> Dictionary:
        tree = element("P", page, 0)
        for _ in range(200):
            tree = element("Div", page, tree)
        return tree

    with pytest.raises(PdfTextError, match="nested too deeply"):
        pdf_words(made(shown(0, "x"), deep))

    pdf = pikepdf.open(io.BytesIO(made(shown(0, "x"), lambda page: element("P", page, 0))))
    loop = pdf.make_indirect(element("Div", pdf.pages[0].obj, 0))
    loop.K = Array([loop, loop])
    pdf.Root.StructTreeRoot.K = loop
    with pytest.raises(PdfTextError, match="refers to itself"):
        pdf_words(saved(pdf))

    with pytest.raises(PdfTextError, match="without its page"):
        pdf_words(made(shown(0, "x"), lambda page: Dictionary(S=Name.P, K=0)))


def test_refuses_pages_that_swell() -> None:
    pdf = pikepdf.open(io.BytesIO(made(b"", lambda page: element("P", page, 0))))
    page = pdf.pages[0].obj
    page.Contents = Stream(pdf, zlib.compress(b"(x) Tj " * 4_000_000), Filter=Name.FlateDecode)
    with pytest.raises(PdfTextError, match=r"too large|damaged"):
        pdf_words(saved(pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none))

    page.Contents = Stream(pdf, b"00>", Filter=Name.ASCIIHexDecode)
    with pytest.raises(PdfTextError, match="unusual"):
        pdf_words(saved(pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none))


def test_refuses_maps_without_end() -> None:
    ranges = b"beginbfrange " + b"<00000000> <FFFFFFFF> <0041> " * 3 + b"endbfrange"
    with pytest.raises(PdfTextError, match="too complex"):
        pdf_words(made(shown(0, "x"), lambda page: element("P", page, 0), cmap=ranges))


@pytest.mark.slow("files cut and damaged everywhere")
def test_damaged_files_end_in_one_kind_of_error() -> None:
    dice = random.Random(7)
    whole = saved(pikepdf.open(io.BytesIO(rendered())), compress_streams=False)
    for data in (rendered(), whole):
        for _ in range(60):
            broken = bytearray(data)
            for _ in range(dice.choice((1, 5, 50))):
                broken[dice.randrange(len(broken))] = dice.randrange(256)
            cut = dice.choice((len(broken), dice.randrange(len(broken))))
            try:
                assert isinstance(pdf_words(bytes(broken[:cut])), list)
            except PdfTextError:
                continue


def test_odd_objects_in_the_tree_are_passed_over() -> None:
    data = made(
        shown(0, "seen"),
        lambda page: Array(
            [Name.Odd, String("odd"), 0.5, element("P", page, Array([0, 99])), Dictionary(Type=Name.OBJR)]
        ),
    )
    assert pdf_words(data) == ["seen"]
