"""The table of contents, a field of Word's own: it changes with the headings, under an author of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clausebook.compare.model import Pieces
from clausebook.render.docx.markup import escape
from clausebook.render.docx.redline_numbers import Pair
from clausebook.render.docx.redline_places import PlacedPart
from clausebook.render.docx.redline_text import number_xml, pieces_xml
from clausebook.render.docx.tracked import (
    CONTENTS,
    NEW_ONLY,
    OLD_ONLY,
    STAYS,
    RedlineWriter,
    Tag,
    Tags,
    heading_tag,
    on_new,
    on_old,
)

_INSTRUCTION = ' TOC \\o "1-2" \\h \\z \\u '
_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    f'<w:r><w:instrText xml:space="preserve">{escape(_INSTRUCTION)}</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
# Two numbers, one struck out, reach past the stop of one; the next would be that of the page numbers.
_ROOM = '<w:tabs><w:tab w:val="left" w:pos="2640"/></w:tabs>'


def contents_xml(parts: Iterable[PlacedPart], writer: RedlineWriter) -> str:
    """Return the contents' entries, "" when a side has nothing to list.

    The first entry begins the field; the reference package ends it after the last.
    Entries bear no page numbers, which only a word processor can know; it adds them when the field is updated.
    """
    entries = list(_entries(parts))
    if not (any(on_old(tag) for _, tag, *_ in entries) and any(on_new(tag) for _, tag, *_ in entries)):
        return ""
    found: list[str] = []
    for level, tag, number, title, anchor in entries:
        tags: Tags = STAYS
        if tag:
            tag, tags = ("ins", NEW_ONLY) if on_new(tag) else ("del", OLD_ONLY)
        text = number_xml(number, tag, writer, CONTENTS) + pieces_xml(title, tags, writer, author=CONTENTS)
        before = "" if found else _BEGIN
        entry = before + writer.linked("#" + anchor, text)
        room = "" if tag or number[0] == number[1] else _ROOM
        found.append(writer.paragraph(f"TOC{level}", entry, room, tag, CONTENTS))
    return "".join(found)


def _entries(parts: Iterable[PlacedPart]) -> Iterator[tuple[int, Tag, Pair, Pieces, str]]:
    for part in parts:
        yield 1, part.tag, part.number, part.node.title, part.node.id
        for clause in part.clauses:
            if clause.node.title and not clause.node.level:
                yield 2, heading_tag(clause.tag, clause.number), clause.number, clause.node.title, clause.node.id
