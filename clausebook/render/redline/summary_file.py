"""Write the summary of a redline: a document of one page, in the looks of the agreement."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf

from clausebook.compare.documents import compare
from clausebook.document.model import Document
from clausebook.document.words import words
from clausebook.findings.model import FindingsError
from clausebook.render.docx.body import text_xml
from clausebook.render.docx.document import BODY_PLACE, CONTENTS_PLACE, finish_parts, writer_for
from clausebook.render.docx.look import DOCUMENT, read_look
from clausebook.render.docx.package import zip_parts
from clausebook.render.pdf.content import content
from clausebook.render.pdf.writer import lay_out
from clausebook.render.proof.docx import parts_of, read_parts
from clausebook.render.proof.proving import WORDS, changed_hint
from clausebook.render.proof.tagged import read_without
from clausebook.render.proof.wrong_words import subject, told, wrong_words
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.summary import MARK_LENGTH

MAIN = "summary.typ"
"""The look's entry point."""


def summary_pdf(make: Callable[[int], Document], most: int, heading: RedlineHeading, look: Path) -> bytes:
    """Return the summary on one page, with as many changes in full as fit, `most` at the most.

    `make` returns the summary with so many of them. Raise as a redline's `render_pdf` does.
    """
    for shown in range(most, -1, -1):
        document = make(shown)
        data = json.loads(content(document))
        data["words"]["text-mark"] = _text_mark(heading)
        pdf = lay_out(MAIN, look, {"agreement": json.dumps(data, ensure_ascii=False)})
        with pikepdf.open(io.BytesIO(pdf)) as file:
            if len(file.pages) == 1 or not shown:
                break
    (read,) = read_without(pdf, b"")
    _prove(document, "pdf", [word for each in read.passages for word in each.words.split()])
    return pdf


def summary_docx(document: Document, heading: RedlineHeading, look: Mapping[str, bytes], base: str) -> bytes:
    """Return the summary as a DOCX file; `base`, what it is against, is printed on its page."""
    read = read_look(look, document.page)
    writer = writer_for(document, read)
    _, body, numbering = text_xml(compare(document, document), writer)
    fields = {"base": base, "coverage": "", "text_mark": _text_mark(heading)}
    places = {CONTENTS_PLACE: "", BODY_PLACE: body}
    file = zip_parts(finish_parts(document, read.texts[DOCUMENT], places, numbering, writer, fields))
    _prove(document, "docx", read_parts(parts_of(file)).words)
    return file


def _text_mark(heading: RedlineHeading) -> str:
    """Return by what the new text is known, whose summary it is."""
    return heading.said.text_mark.format(fingerprint=heading.target_fingerprint[:MARK_LENGTH])


def _prove(document: Document, name: str, found: list[str]) -> None:
    if wrong := wrong_words(words(document), found):
        called = f"the summary of the redline of `{document.id}` as {name}"
        raise FindingsError(told(subject(document, name, called), WORDS, wrong, changed_hint(name)))
