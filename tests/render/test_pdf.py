from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import (
    Clause,
    Document,
    Item,
    ItemList,
    Paragraph,
    Run,
    Schedule,
    Section,
    SignatureBlock,
    SignatureLine,
    Table,
)
from clausebook.document.outgoing import outgoing
from clausebook.document.words import words
from clausebook.render.pdf.breaks import TABLE_LINE, column_widths, with_helpers
from clausebook.render.pdf.glyphs import MissingGlyph, MissingGlyphs, missing_glyphs
from clausebook.render.pdf.typesetting import LookFault
from clausebook.render.pdf.writer import render_pdf
from clausebook.render.proof.proving import proof
from tests.support.pdf_reader import BOTTOM, RIGHT, glyphs, lines, outside
from tests.support.sample_documents import plain, sample
from tests.support.tagged_words import pdf_words
from tests.support.tiers import examples

ROOT = Path(__file__).resolve().parents[2]
LOOK = ROOT / "templates" / "pdf"

SENTENCE = (
    "Each Party shall keep complete and accurate records of what it does under this Agreement, "
    "and shall let the other see them on ten business days’ notice. "
)
HOSTILE = [
    pytest.param("x" * 10_000, marks=pytest.mark.slow("a word of pages is laid out whole")),
    "W" * 300,
    "—" * 200,
    "a/b@c.d_e-" * 50,
    "a-b " * 300,
    "#set page(width: 1pt)",
    "*bold* _x_ `c` $x$ \\u{41} [a](javascript:x) <script> {{7*7}} // /* @ref =",
    "''quote'' \"dq\" ‘’“”‚„ -- --- ... ~ x",
    "e\u0301 n\u0303 « » — … § ™ é e\u0301 Å A\u030a",
    "Ade\u0323\u0301mo\u0323\u0301la\u0300 q\u0307 Q\u0307q\u0307q\u0307 A\u0301\u0323\u0307 ė\u0301",
    "office fly affluent fj Th ffi ﬁ ﬃ ﬁfi ﬀff ſt",
    "Ωμέγα Привет ἀρχή ñ Ž ő ş ț ẞ ı İ ǅ",
    "a\u00a0b\u00a0" * 60,
    "x\u202fy\u2007z" * 30,
    "a b",
    "a  b   c",
    " lead and trail ",
    "\u0307\u0301\u0300 x",
    "1/2 1st 2nd H2O ½ ² № ℠ ‰ † ‡",
    "- item",
    "1. x",
    "= h",
    "/ t: d",
    "\\\\ \\n \\",
    "•",
    "(a)",
    "x\u00adyz" * 30,
    "a\tb\nc\rd\u2028e",
]


@cache
def rendered(value: str = "Harborview Health System") -> bytes:
    return render_pdf(sample(value), LOOK)


def with_blocks(*blocks: Any, **more: Any) -> Document:
    """Return a small document with those blocks in its one clause."""
    clause = Clause("only", "1.1", "Only", blocks)
    return replace(
        sample(), opening=None, closing=None, signatures=(), schedules=(),
        sections=(Section("one", "1.", "One", (clause,)),), **more,
    )  # fmt: skip


def test_prints_the_document_s_words() -> None:
    assert pdf_words(rendered()) == words(sample())


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:30]))
def test_any_value_comes_out_as_it_stands_and_on_the_page(value: str) -> None:
    data = rendered(value)
    assert pdf_words(data) == words(sample(value))
    assert outside(data)[:1] == []


SHOWABLE = st.one_of(
    st.text(st.sampled_from("ab#*_`$\\{}[]()<>@=-+/~\"'.:;,!?&%|^0 1ﬁfiél—…§«»“\u00a0\u0301"), min_size=1, max_size=60),
    st.text(st.characters(codec="latin-1", categories=["L", "N", "P", "S"]), min_size=1, max_size=80),
    st.text(st.characters(min_codepoint=0x100, max_codepoint=0x17F), min_size=1, max_size=40),
    st.text(st.characters(min_codepoint=0x410, max_codepoint=0x44F), min_size=1, max_size=40),
    st.text(st.sampled_from("αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΩάέήίόύώ -"), min_size=1, max_size=60),
)


@pytest.mark.slow("no value changes the layout's structure, for any text")
@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.too_slow])
@given(SHOWABLE)
def test_hostile_values_change_nothing_else(value: str) -> None:
    document = sample(value)
    assert pdf_words(render_pdf(document, LOOK)) == words(document)


def test_a_long_word_may_span_runs() -> None:
    runs = (*plain("a" * 20), *plain("b" * 20, strong=True), *plain("c" * 20, emphasis=True)) * 5
    document = with_blocks(Paragraph(runs))
    data = render_pdf(document, LOOK)
    assert pdf_words(data) == words(document)
    assert outside(data)[:1] == []


def test_break_helpers_stand_only_in_words_that_are_too_long() -> None:
    ordinary = ["An ordinary sentence about responsibilities.", "Internationalization-ready"]
    assert with_helpers(ordinary[:1]) == ordinary[:1]
    assert with_helpers(["a b " * 30]) == ["a b " * 30]
    assert with_helpers(["https://example.com/agreements"]) == ["https://\u200bexample.\u200bcom/\u200bagreements"]
    helped = "".join(with_helpers(["x" * 30, "y" * 30]))
    assert helped.replace("\u200b", "") == "x" * 30 + "y" * 30
    assert max(map(len, helped.split("\u200b"))) <= 12
    assert with_helpers(["responsibility"], 4.0) == ["resp\u200bonsi\u200bbili\u200bty"]
    accented = "".join(with_helpers(["e\u0301" * 30]))
    assert "\u200b\u0301" not in accented


def test_columns_hold_their_longest_word_and_fill_the_line() -> None:
    widths = column_widths([["Milestone", "Amount"], ["First patient enrolled in the pilot " * 3, "USD 1,000"]])
    assert sum(widths) == pytest.approx(TABLE_LINE)
    assert widths[0] > widths[1] > 4
    assert sum(column_widths([["x" * 500] * 12])) == pytest.approx(TABLE_LINE)
    assert column_widths([["", ""]]) == pytest.approx([TABLE_LINE / 2] * 2)


def long_table(rows: int, columns: int = 4, cell: str = "Reviewed by both Parties") -> Table:
    alignments = ("left", "right", "center")
    return Table(
        tuple(alignments[index % 3] for index in range(columns)),  # type: ignore[misc]
        tuple(plain(f"Heading{index}") for index in range(columns)),
        tuple(tuple(plain(f"{cell} {row}.{index}") for index in range(columns)) for row in range(rows)),
    )


def test_a_long_table_repeats_its_header_on_each_page_but_says_it_once() -> None:
    document = with_blocks(long_table(120))
    data = render_pdf(document, LOOK)
    assert pdf_words(data) == words(document)
    assert outside(data)[:1] == []
    pages = {glyph.page for glyph in glyphs(data)}
    texts = {page: "".join(glyph.text for glyph in glyphs(data) if glyph.page == page) for page in pages}
    assert len(pages) > 3
    assert all("Heading0" in text for text in texts.values())


@pytest.mark.parametrize("columns", [1, 2, 6, 8])
def test_long_words_stay_in_their_cells(columns: int) -> None:
    document = with_blocks(long_table(3, columns, "W" * 60 + " responsibilities and internationalization"))
    data = render_pdf(document, LOOK)
    assert pdf_words(data) == words(document)
    assert outside(data)[:1] == []


def test_any_shape_of_list_keeps_its_order() -> None:
    inner = ItemList((Item("(i)", (Paragraph(plain("inner")),)),), True, 1)
    bullets = ItemList((Item("", (Paragraph(plain("•")), inner, Paragraph(plain("after")))), Item("", ())), False, 1)
    outer = ItemList(
        (
            Item("(a)", (Paragraph(plain("before")), inner, Paragraph(plain("between")), bullets, long_table(2))),
            Item("(b)", (inner,)),
            Item("(c)", ()),
            Item("(z)", (Paragraph(plain("skipped ahead")),)),
        ),
        True,
        0,
    )
    document = with_blocks(outer, Paragraph(()), Paragraph(plain("end")))
    assert pdf_words(render_pdf(document, LOOK)) == words(document)


def lengthy(paragraphs: int) -> Document:
    """Return a document in which many different places fall on the page's end."""
    sections = []
    for number in range(1, 6):
        clauses = tuple(
            Clause(
                f"c{number}{index}",
                f"{number}.{index}",
                f"Heading{number}x{index}",
                tuple(Paragraph(plain(SENTENCE * 2)) for _ in range(paragraphs + (number + index) % 3)),
            )
            for index in range(1, 5)
        )
        sections.append(Section(f"s{number}", f"{number}.", f"Title{number}", clauses))
    blocks = tuple(
        SignatureBlock(
            f"b{number}",
            "p",
            plain(f"Signatory{number}"),
            (SignatureLine("By:", "signature"), SignatureLine(f"Day{number}:", "date")),
        )
        for number in range(8)
    )
    return replace(sample(), sections=tuple(sections), signatures=blocks)


@pytest.mark.parametrize("paragraphs", [1, 2, 3, 4])
def test_headings_keep_with_their_text_and_signature_blocks_whole(paragraphs: int) -> None:
    document = lengthy(paragraphs)
    data = render_pdf(document, LOOK)
    assert pdf_words(data) == words(document)
    printed = lines(data)
    last = {page: index for index, (page, _) in enumerate(printed)}
    for index, (page, text) in enumerate(printed):
        if re.match(r"[1-5]\.\d? *(Title|Heading)", text) and page == printed[-1][0]:
            assert index != last[page], text
        if "Signatory" in text:
            day = next(row for row in printed if f"Day{text.strip()[-1]}:" in row[1])
            assert day[0] == page
    closing = next(page for page, text in printed if "representatives" in text)
    assert closing == next(page for page, text in printed if "Signatory0" in text)
    for page, index in last.items():
        assert not re.match(r"[1-5]\.\d? *(Title|Heading)", printed[index][1]), page


@pytest.mark.parametrize("length", [0, 30, 300, 3000])
def test_signature_lines_hold_any_value(length: int) -> None:
    long = plain("Senior Vice President " * (length // 20) + "x" * length)
    lines_ = (SignatureLine("Title:", "title", long), SignatureLine("A label of some length:", "text"))
    block = SignatureBlock("b", "p", long, lines_)
    document = replace(with_blocks(), signatures=(block, block))
    data = render_pdf(document, LOOK)
    assert pdf_words(data) == words(document)
    assert outside(data) == []


def test_long_item_numbers_stand_clear_of_their_text() -> None:
    numbers = ("(viii)", "(xxxviii)", "(AA)", "12.12.12")
    document = with_blocks(*(ItemList((Item(each, (Paragraph(plain("zz")),)),), True, 0) for each in numbers))
    printed = [glyph for glyph in glyphs(render_pdf(document, LOOK)) if glyph.word]
    rows = {glyph.y: [other for other in printed if other.y == glyph.y] for glyph in printed if glyph.text == "z"}
    assert len(rows) == len(numbers)
    for row in rows.values():
        number, text = row[:-2], row[-2:]
        assert max(glyph.end for glyph in number) + 2 < min(glyph.x for glyph in text)


def test_each_schedule_starts_a_page() -> None:
    printed = lines(rendered())
    firsts = dict(reversed(printed))
    starts = [text.split()[:2] for text in firsts.values() if text.startswith("Schedule")]
    assert sorted(starts) == [["Schedule", "A"], ["Schedule", "B"]]


def furniture(data: bytes, page: int) -> str:
    return "".join(glyph.text for glyph in glyphs(data) if glyph.page == page and not glyph.word)


def test_running_lines_name_the_agreement_and_the_page() -> None:
    data = rendered()
    text = furniture(data, 2)
    for part in ("Sample Agreement", "A Sample of “Everything”", "Page 2 of 4"):
        assert part in text
    assert f"{sample().id} · version 1.2 · text {fingerprint(sample())[:12]}" in text
    assert "Sample Agreement" not in furniture(data, 1)


def test_only_drafts_carry_the_mark() -> None:
    final = render_pdf(replace(sample(), draft=False), LOOK)
    assert "DRAFT" in furniture(rendered(), 1)
    assert "DRAFT" in furniture(rendered(), 4)
    assert "DRAFT" not in furniture(final, 1)
    assert pdf_words(final) == words(sample())


def test_contents_bookmarks_and_links() -> None:
    document = lengthy(1)
    data = render_pdf(document, LOOK)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        with pdf.open_outline() as outline:
            titles = [(item.title, [child.title for child in item.children]) for item in outline.root]
        assert titles[0] == ("1. Title1", [f"1.{index} Heading1x{index}" for index in range(1, 5)])
        assert titles[-1] == ("Schedule B General Terms", ["1. Notices"])
        assert b"/TOC" in pdf.Root.StructTreeRoot.unparse(resolved=True) or "/TOC" in str(_roles(pdf))
    with pikepdf.open(io.BytesIO(rendered())) as pdf:
        assert "/TOC" not in _roles(pdf)
        notes = [note for page in pdf.pages for note in page.obj.get("/Annots", [])]
        links = [note for note in notes if note.Subtype == "/Link"]
        addresses = {str(note.A.URI) for note in links if "/URI" in note.get("/A", {})}
        assert addresses == {"https://example.com/a?b=1&c=2"}
        # References to clauses and an address; defined terms are not linked.
        assert len(links) == 3


def _roles(pdf: pikepdf.Pdf) -> set[str]:
    roles, stack = set(), [pdf.Root.StructTreeRoot.K]
    while stack:
        node = stack.pop()
        if isinstance(node, pikepdf.Array):
            stack.extend(node)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            roles.add(str(node.S))
            stack.append(node.get("/K"))
    return roles


def test_links_that_lead_nowhere_or_are_unsafe_are_plain_text() -> None:
    targets = ("#nowhere", "javascript:alert(1)", "file:///etc/passwd", "https://example.com/" + "x" * 9000, "")
    document = with_blocks(Paragraph(tuple(Run("word ", target=target) for target in targets)))
    with pikepdf.open(io.BytesIO(render_pdf(document, LOOK))) as pdf:
        assert all("/Annots" not in page.obj for page in pdf.pages)


def test_tells_readers_what_it_is_and_nothing_internal() -> None:
    data = rendered()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
        assert info.pop("/Creator").startswith("Typst")
        # A date of the file's making would be 1970, for the same bytes every day: it says nothing rather than that.
        assert info == {"/Title": "A Sample of “Everything”"}
        assert b"<xmp:CreateDate>" not in data
        assert str(pdf.Root.Lang) == "en-US"
        assert bool(pdf.Root.MarkInfo.Marked)
        metadata = pdf.Root.Metadata.read_bytes()
        for claim in (b"<pdfaid:part>3<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<"):
            assert claim in metadata
        streams = [stream.read_bytes() for stream in pdf.objects if isinstance(stream, pikepdf.Stream)]
        buffer = io.BytesIO()
        pdf.save(buffer, compress_streams=False)
    for secret in (b"INTERNAL", b"fallback", b"sample-clause", b"/parties/0", str(ROOT).encode(), b"clausebook"):
        assert all(secret not in content for content in (buffer.getvalue(), *streams))


SCRIPT = """
import hashlib, pathlib, sys
from clausebook.render.pdf.typesetting import LookFault
from clausebook.render.pdf.writer import render_pdf
from tests.support.sample_documents import sample
look = pathlib.Path(sys.argv[1])
render_pdf(sample("warm"), look)
print(hashlib.sha256(render_pdf(sample("Zoë & Co."), look)).hexdigest())
"""


@pytest.mark.slow("the same bytes from processes in other surroundings")
def test_the_same_bytes_in_any_time_zone_locale_and_hash_seed(tmp_path: Path) -> None:
    shutil.copytree(LOOK, tmp_path / "look")
    seen = set()
    for look, zone, seed, language in (
        (LOOK, "Pacific/Kiritimati", "1", "C"),
        (tmp_path / "look", "America/Anchorage", "2", "tr_TR.UTF-8"),
    ):
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": language, "SOURCE_DATE_EPOCH": seed}
        result = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(look)], cwd=ROOT, env=environment, capture_output=True, check=True
        )
        seen.add(result.stdout)
    assert len(seen) == 1


def test_a_missing_glyph_is_an_error_that_names_every_place() -> None:
    document = replace(sample("丂 x 漢"), title="Smile 😀")
    with pytest.raises(MissingGlyphs, match=r"U\+4E02") as caught:
        render_pdf(document, LOOK)
    assert caught.value.characters == ("丂", "漢", "😀")
    places = missing_glyphs(document, caught.value)
    assert places[0] == MissingGlyph("😀", "", None)
    assert {place.place for place in places} == {
        "", "opening", "scope", "money", "law", "harborview-1", "harborview-2", "term-party", "term-x", "notices"
    }  # fmt: skip
    origins = {place.run.origin.pointer for place in places if place.run and place.run.origin}
    assert origins == {"/parties/0/legal_name"}


@pytest.mark.parametrize("character", ["\0", "\ue000", "\u0378", "\U0001f600", "ב", "ب", "\u1680"])
def test_every_kind_of_character_without_a_glyph_is_refused(character: str) -> None:
    document = sample(f"a {character} b")
    with pytest.raises(MissingGlyphs) as caught:
        render_pdf(document, LOOK)
    assert caught.value.characters == (character,)
    assert missing_glyphs(document, caught.value)


def test_titles_numbers_and_labels_without_a_glyph_are_found_too() -> None:
    line = SignatureLine("丂:", "text")
    document = replace(
        with_blocks(ItemList((Item("丂", ()),), True, 0)),
        kind="丂",
        signatures=(SignatureBlock("b", "p", (), (line,)),),
        schedules=(Schedule("s", "丂", "t"),),
        closing=Clause("closing", "", "", (Paragraph(plain("丂")),)),
    )
    with pytest.raises(MissingGlyphs) as caught:
        render_pdf(document, LOOK)
    assert [place.place for place in missing_glyphs(document, caught.value)] == ["", "only", "closing", "b", "s"]


def test_a_fault_of_the_look_is_its_own_error(tmp_path: Path) -> None:
    (tmp_path / "agreement.typ").write_text("#nonsense\n")
    with pytest.raises(LookFault, match="nonsense"):
        render_pdf(sample(), tmp_path)


def test_the_look_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    look = tmp_path / "look"
    look.mkdir()
    (look / "link.txt").symlink_to(secret)
    for path in ("link.txt", "/../secret.txt", "../secret.txt", str(secret)):
        (look / "agreement.typ").write_text(f"#read({path!r})\n".replace("'", '"'))
        with pytest.raises(LookFault):
            render_pdf(sample(), look)


def test_languages_reach_the_reader() -> None:
    for language, expected in (("en-GB", "en-GB"), ("de", "de")):
        with pikepdf.open(io.BytesIO(render_pdf(replace(sample(), language=language), LOOK))) as pdf:
            assert str(pdf.Root.Lang) == expected


def test_very_long_titles_and_ids_stay_on_the_page() -> None:
    document = replace(sample(), title="Long " * 300, kind="K" * 400, id="i" * 300, version="9" * 300)
    data = render_pdf(document, LOOK)
    assert pdf_words(data) == words(document)
    assert outside(data)[:1] == []
    assert all(glyph.end <= RIGHT + 1 for glyph in glyphs(data) if not glyph.word and glyph.y < BOTTOM)


def test_pages_of_signatures_alone_say_of_what_and_contents_and_bookmarks_name_them() -> None:
    blocks = tuple(replace(block, id=f"{block.id}-{turn}") for turn in range(4) for block in sample().signatures)
    more = tuple(replace(sample().sections[1], id=f"more-{turn}", clauses=()) for turn in range(3))
    document = replace(sample(), signatures=blocks, sections=(*sample().sections, *more))
    data = render_pdf(document, LOOK)
    assert proof(outgoing(document), "pdf", data) == []
    assert pdf_words(data) == words(document)
    with pypdfium2.PdfDocument(data) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
        bookmarks = [entry.get_title() for entry in pdf.get_toc()]
    assert "Signatures" in bookmarks
    assert "Signatures" in texts[0]
    signed = [number for number, text in enumerate(texts) if "By:" in text]
    said = [number for number, text in enumerate(texts) if "[Signature page to A Sample of “Everything”]" in text]
    assert len(signed) > 1
    # On the first of them the contract's text ends.
    assert said == signed[1:]


def test_numbers_amounts_and_citations_break_over_no_line() -> None:
    wholes = (
        *("+1 / 612 555 0109", "1 000 000", "USD 5", "45 C.F.R. § 164.504(e)", "42 U.S.C. § 1320a-7b(b)", "Art. 28"),
        "5 %",
    )
    # So many words before each that it would begin at many places of a line.
    texts = {
        whole: ["of the " * 10 + "i " * shift + f"{whole} and on with it." for shift in range(1, 60, 3)]
        for whole in wholes
    }
    document = with_blocks(*(Paragraph((Run(text),)) for each in texts.values() for text in each))
    data = render_pdf(document, LOOK)
    assert pdf_words(data) == words(document)
    with pypdfium2.PdfDocument(data) as pdf:
        found = [line for page in pdf for line in page.get_textpage().get_text_range().splitlines()]
    found = [" ".join(line.split()) for line in found]
    for whole, written in texts.items():
        assert sum(whole in line for line in found) == len(written), whole
    assert any(line.startswith(wholes) for line in found)


def test_a_table_of_few_rows_stays_on_a_page() -> None:
    filler = Paragraph((Run("Text."),))
    table = Table(("left",), ((Run("Only head"),),), (((Run("First row"),),), ((Run("Second row"),),)))
    pages = set()
    for count in range(26, 34, 2):
        with pypdfium2.PdfDocument(render_pdf(with_blocks(*(filler,) * count, table), LOOK)) as pdf:
            texts = [page.get_textpage().get_text_range() for page in pdf]
        (place,) = [number for number, text in enumerate(texts) if "First row" in text]
        assert "Only head" in texts[place]
        assert "Second row" in texts[place]
        pages.add(place)
    assert pages == {0, 1}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler (pdftotext) is not installed")
def test_what_only_looks_at_the_page_reads_items_after_their_numbers(tmp_path: Path) -> None:
    inner = ItemList(tuple(Item(f"({each})", (Paragraph((Run("two lines " * 12),)),)) for each in ("i", "ii")), True, 1)
    items = tuple(Item(f"({each})", (Paragraph((Run("on more lines " * 20),)), inner)) for each in "abc")
    document = with_blocks(Paragraph((Run("These:"),)), ItemList(items, True, 0), title="T", kind="K", draft=False)
    (tmp_path / "order.pdf").write_bytes(render_pdf(document, LOOK))
    command = ["pdftotext", "-l", "1", "order.pdf", "-"]
    text = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, encoding="utf-8").stdout
    found = [word for word in text.split() if word in words(document)]
    assert found[: len(words(document))] == words(document)
