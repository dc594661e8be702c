"""The table of contents: a field of Word's own, with its entries written in."""

from __future__ import annotations

from collections.abc import Iterator

from clausebook.model import Document, Schedule, Section
from clausebook.render.docx.markup import TAB, escape, paragraph, text_run
from clausebook.render.docx.text import Writer

_INSTRUCTION = ' TOC \\o "1-2" \\h \\z \\u '
_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    f'<w:r><w:instrText xml:space="preserve">{escape(_INSTRUCTION)}</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def contents_xml(document: Document, writer: Writer) -> str:
    """Return the contents field's paragraphs, "" when there is nothing to list.

    Entries bear no page numbers, which only a word processor can know; it adds them when the field is updated.
    """
    entries = list(_entries(document))
    pieces = []
    for place, (level, number, title, anchor) in enumerate(entries):
        text = text_run(number) + TAB + text_run(title) if number else text_run(title)
        before = _BEGIN if place == 0 else ""
        after = _END if place == len(entries) - 1 else ""
        pieces.append(paragraph(f"TOC{level}", before + writer.linked("#" + anchor, text) + after))
    return "".join(pieces)


def _entries(document: Document) -> Iterator[tuple[int, str, str, str]]:
    parts: tuple[Section | Schedule, ...] = (*document.sections, *document.schedules)
    for part in parts:
        yield 1, part.number, part.title, part.id
        for clause in part.clauses:
            if clause.number or clause.title:
                yield 2, clause.number, clause.title, clause.id
