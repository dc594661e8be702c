"""The table of contents: entries with the pages of their headings; it changes with them, under an author of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from clausebook.compare.model import Pieces
from clausebook.render.docx.markup import TAB, field_xml
from clausebook.render.docx.redline_numbers import Pair
from clausebook.render.docx.redline_places import PlacedPart
from clausebook.render.docx.redline_text import number_xml, pieces_xml
from clausebook.render.docx.tables import EM
from clausebook.render.docx.tracked import (
    CONTENTS,
    NEW_ONLY,
    OLD_ONLY,
    STAYS,
    RedlineWriter,
    Tag,
    heading_tag,
    on_new,
    on_old,
)
from clausebook.render.pdf.breaks import text_width as width_in_em

_GAP = 140
_WRAPPER = field_xml('TOC \\o "1-2" \\h \\z \\u', "|")
_LEAST_ROOM = 1440


class _Entry(NamedTuple):
    level: int
    tag: Tag
    number: Pair
    title: Pieces
    anchor: str

    def width(self) -> int:
        """Return the room of its number, of both where one is struck out, in twentieths of a point."""
        told = " ".join(dict.fromkeys(filter(None, self.number)))
        return int(width_in_em(told) * EM) + _GAP if told else 0


def contents_xml(parts: Iterable[PlacedPart], writer: RedlineWriter) -> str:
    """Return the contents' entries, "" when a side has nothing to list.

    Each is a link with a field of its own for the page, which only a word processor can know: the field is empty until
    one reckons it.
    """
    groups = [list(_entries(found)) for _, found in groupby(parts, lambda part: type(part.node))]
    tags = [entry.tag for group in groups for entry in group]
    if not (any(map(on_old, tags)) and any(map(on_new, tags))):
        return ""
    found: list[str] = []
    inner = 0
    for group in groups:
        most = writer.look.text_width // 4
        outer, lower = (_widest(group, level, most) for level in (1, 2))
        inner = inner or outer
        for entry in group:
            start, room = (0, outer) if entry.level == 1 else (inner, lower)
            found.append(_entry_xml(entry, start, max(room, entry.width()), writer))
    entries = [entry for group in groups for entry in group]
    whole = "".join(found)
    return in_field(whole) if any(entry.tag == "del" and entry.anchor in writer.staying for entry in entries) else whole


def in_field(contents: str) -> str:
    """Return contents within a field, in which LibreOffice reckons no pages.

    Where things moved it must not: the bookmark of one is at its new place alone. And without such a field it leaves
    numbers of items behind, as it takes moves.
    """
    begin, end = _WRAPPER.split("|")
    if not contents or begin in contents:
        return contents
    head, properties, rest = contents.partition("</w:pPr>")
    entries, last, tail = rest.rpartition("</w:p>")
    return head + properties + begin + entries + end + last + tail


def _entry_xml(entry: _Entry, start: int, room: int, writer: RedlineWriter) -> str:
    tag, tags = entry.tag, STAYS
    if tag:
        tag, tags = ("ins", NEW_ONLY) if on_new(tag) else ("del", OLD_ONLY)
    text = number_xml(entry.number, tag, writer, CONTENTS) + pieces_xml(entry.title, tags, writer, author=CONTENTS)
    page = TAB + field_xml(f"PAGEREF {writer.names[entry.anchor]} \\h")
    content = writer.linked("#" + entry.anchor, text + writer.changed(tag, page, CONTENTS))
    return writer.paragraph(f"TOC{entry.level}", content, _stops(start, room, writer.look.text_width), tag, CONTENTS)


def _stops(start: int, room: int, text_width: int) -> str:
    left = min(start + room, text_width - _LEAST_ROOM)
    stop = f'<w:tab w:val="left" w:pos="{left}"/>' if room else ""
    # No indent on the right: LibreOffice prints no page number beyond one.
    return (
        f'<w:tabs>{stop}<w:tab w:val="right" w:leader="dot" w:pos="{text_width}"/></w:tabs>'
        f'<w:ind w:left="{left}" w:hanging="{left - start}"/>'
    )


def _widest(entries: Sequence[_Entry], level: int, most: int) -> int:
    widths = [entry.width() for entry in entries if entry.level == level]
    return max([width for width in widths if width <= most], default=0)


def _entries(parts: Iterable[PlacedPart]) -> Iterator[_Entry]:
    for part in parts:
        yield _Entry(1, part.tag, part.number, part.node.title, part.node.id)
        for clause in part.clauses:
            if clause.node.title and not clause.node.level:
                tag = heading_tag(clause.tag, clause.number)
                yield _Entry(2, tag, clause.number, clause.node.title, clause.node.id)
