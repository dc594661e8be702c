"""What was built is read back: its words are the Document's, and they can be seen, whatever the look does."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing
from clausebook.findings.model import Finding
from clausebook.render.docx.document import render_docx
from clausebook.render.pdf.typesetting import LookFault
from clausebook.render.pdf.writer import render_pdf
from clausebook.render.proof.proving import proof
from clausebook.render.trial import failed
from tests.support.look_edits import DOCX_BAD, DOCX_GOOD, PDF_BAD, PDF_GOOD, PDF_MORE, VALUE
from tests.support.looks import DOCX_LOOK, LOOK
from tests.support.sample_documents import sample
from tests.support.tiers import sampled

DOCUMENT = outgoing(sample(VALUE))


def pdf_look(folder: Path, before: str = "", *changes: tuple[str, str]) -> Path:
    """Return a copy of the look of PDFs with lines put before the contract, and some of its text replaced."""
    look = folder / "pdf"
    shutil.copytree(LOOK, look)
    main, common = look / "agreement.typ", look / "common.typ"
    main.write_text(main.read_text().replace("#contract(", before + "#contract("))
    for old, new in changes:
        assert old in common.read_text()
        common.write_text(common.read_text().replace(old, new))
    return look


def pdf_findings(look: Path, document: Document = DOCUMENT) -> list[Finding]:
    return proof(document, "pdf", render_pdf(document, look))


def refused_or_found(look: Path) -> list[Finding]:
    """Return what is found; what the standards for archives and for screen readers refuse never becomes a file."""
    try:
        return pdf_findings(look)
    except LookFault as error:
        if any(each in str(error) for each in ("PDF/", "Typst fails")):
            return [failed("pdf", error, "no pdf can be made")]
        raise


def docx_findings(part: str, old: str, new: str) -> list[Finding]:
    text = DOCX_LOOK[part].decode()
    assert old in text
    look: Mapping[str, bytes] = {**DOCX_LOOK, part: text.replace(old, new).encode()}
    return proof(DOCUMENT, "docx", render_docx(DOCUMENT, look))


VALUES = (
    "Žižkův Łąka Ćwierć Ωμέγα Журавль Đặng ẞ ₿ № ½ → ✓ ≤ x\u0302 e\u0301 Ltd",
    "Ade\u0323\u0301mo\u0323\u0301la\u0300 q\u0307 Q\u0307 0\u0301",
    "\u0307\u0301\u0300 x",
    "a " + "x" * 400 + " atlas",
    "(((eee))) " * 20,
    "Sparrow " * 400,
    "\\u{41} ]]> &amp; `a` <w:vanish/> #hide[x]",
)
"""Letters with accents that stand alone, a word over many lines, rows that go on over pages, markup."""


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value[:20]))
def test_whatever_the_data_say_the_looks_of_this_repository_are_proven(value: str) -> None:
    document = outgoing(sample(value))
    assert pdf_findings(LOOK, document) == []
    assert proof(document, "docx", render_docx(document, DOCX_LOOK)) == []


@pytest.mark.parametrize("name", sampled(PDF_BAD, list(PDF_BAD)[::9], "every way in every place"))
def test_a_look_that_changes_or_hides_words_of_the_pdf_is_refused(tmp_path: Path, name: str) -> None:
    look = pdf_look(tmp_path, PDF_BAD[name])
    found = refused_or_found(look)
    assert found, name
    assert {each.rule for each in found} <= {"core/output-words", "core/output-hidden", "core/render-failed"}


@pytest.mark.parametrize("name", sampled(PDF_GOOD, list(PDF_GOOD)[::3], "every harmless change"))
def test_a_look_that_only_looks_otherwise_is_not_refused(tmp_path: Path, name: str) -> None:
    more = [PDF_MORE[name]] if name in PDF_MORE else []
    assert pdf_findings(pdf_look(tmp_path, "", PDF_GOOD[name], *more)) == []


@pytest.mark.parametrize("name", DOCX_BAD)
def test_a_reference_package_that_changes_or_hides_words_is_refused(name: str) -> None:
    part, place, more = DOCX_BAD[name]
    assert docx_findings(part, place, place + more), name


@pytest.mark.parametrize("name", DOCX_GOOD)
def test_a_reference_package_that_only_looks_otherwise_is_not_refused(name: str) -> None:
    assert docx_findings(*DOCX_GOOD[name]) == []


def test_a_dark_paragraph_is_seen_behind_one_of_the_same_style_that_is_not() -> None:
    style = '<w:pStyle w:val="{}"/>'
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="000000"/>'
    (found,) = docx_findings("word/document.xml", style.format("Title"), style.format("AgreementKind") + shade)
    assert "its colour does not show on what is beneath" in found.message
