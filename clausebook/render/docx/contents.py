"""The table of contents: a field of Word's own, with its entries written in."""

from __future__ import annotations

from collections.abc import Iterator

from clausebook.document.model import Document
from clausebook.render.docx.markup import TAB, escape, paragraph, text_run
from clausebook.render.docx.runs import Writer

_INSTRUCTION = ' TOC \\o "1-2" \\h \\z \\u '
BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    f'<w:r><w:instrText xml:space="preserve">{escape(_INSTRUCTION)}</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)


def contents_xml(document: Document, writer: Writer) -> str:
    """Return the contents' entries, "" when there is nothing to list.

    The first entry begins the field; the reference package ends it after the last.
    Entries bear no page numbers, which only a word processor can know; it adds them when the field is updated.
    """
    pieces = []
    for place, (level, number, title, anchor) in enumerate(_entries(document)):
        text = text_run(number) + TAB + text_run(title) if number else text_run(title)
        before = BEGIN if place == 0 else ""
        pieces.append(paragraph(f"TOC{level}", before + writer.linked("#" + anchor, text)))
    return "".join(pieces)


def _entries(document: Document) -> Iterator[tuple[int, str, str, str]]:
    for part in document.groups():
        yield 1, part.number, part.title, part.id
        for clause in part.clauses:
            if clause.number or clause.title:
                yield 2, clause.number, clause.title, clause.id
