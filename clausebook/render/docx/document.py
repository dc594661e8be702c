"""The whole document: its parts put together over the reference package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from clausebook.compare.documents import compare
from clausebook.document.model import Document
from clausebook.document.presented import named_fingerprint, presented
from clausebook.document.walk import anchors_of
from clausebook.formats.locale_words import locale_words
from clausebook.render.docx.anchors import bookmark_names
from clausebook.render.docx.body import text_xml
from clausebook.render.docx.footnotes import with_footnotes
from clausebook.render.docx.look import DOCUMENT, DOCUMENT_RELATIONSHIPS, NUMBERING, Look, fill, read_look
from clausebook.render.docx.markup import encode_xml, escape
from clausebook.render.docx.numbering_part import ListNumbering
from clausebook.render.docx.package import with_links, zip_parts
from clausebook.render.docx.runs import BlockSetting, Writer, blocks_xml
from clausebook.render.docx.tracked import RedlineWriter
from clausebook.render.draft_mark import draft_mark, text_mark

_FINGERPRINT_LENGTH = 12
_SHORT_LENGTH = 60
FRONT_PLACE = "<!--front-->"
CONTENTS_PLACE = "<!--contents-->"
BODY_PLACE = "<!--body-->"
_COMMENT = re.compile("(<!--.*?-->)")


def render_docx(document: Document, look: Mapping[str, bytes]) -> bytes:
    """Return the document as a DOCX file.

    `look` is the reference package: the bytes of each part by its name, as `load_look` gives them.
    Raise ValueError when the look lacks a part or a text holds a character that XML cannot hold.
    """
    return zip_parts(write_parts(document, read_look(look, document.page)))


def write_parts(document: Document, look: Look) -> dict[str, bytes]:
    """Return the package's parts by name."""
    document = presented(document)
    writer = writer_for(document, look)
    contents, body, numbering = text_xml(compare(document, document), writer)
    front = blocks_xml(document.front, BlockSetting("BodyText"), writer)
    if FRONT_PLACE not in look.texts[DOCUMENT]:
        front, body = "", front + body
    places = {FRONT_PLACE: front, CONTENTS_PLACE: contents, BODY_PLACE: body}
    return finish_parts(document, look.texts[DOCUMENT], places, numbering, writer)


def writer_for(document: Document, look: Look, old_anchors: Iterable[str] = (), author: str = "") -> RedlineWriter:
    """Return what a document, or what became of another with these anchors, is written with."""
    anchors, tickable = tuple(anchors_of(document)), bool(document.page and document.page.tickable)
    names, numbering = bookmark_names((*anchors, *old_anchors)), ListNumbering(look.texts[NUMBERING])
    return RedlineWriter(look, names, numbering, author=escape(author), staying=frozenset(anchors), tickable=tickable)


def finish_parts(
    document: Document,
    page: str,
    places: Mapping[str, str],
    numbering: str,
    writer: Writer,
    redline: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """Return the package's parts.

    `page` is the look's document part and `places` the finished texts that go into it, by the mark of each.
    `redline` are the fields that only a redline prints; without it, it is a clean text.
    """
    fields = _fields(document) | {name: escape(value) for name, value in (redline or {}).items()}
    contents = bool(places[CONTENTS_PLACE]) and (not document.page or document.page.contents)
    regions = {"draft": document.draft, "contents": contents, "redline": redline is not None}
    if writer.last_section:
        page = page.replace(writer.look.section, writer.last_section)
    given = {**writer.look.texts, DOCUMENT: page}
    texts = {name: fill(text, fields, regions) for name, text in given.items()}
    texts[DOCUMENT] = _placed(texts[DOCUMENT], {FRONT_PLACE: "", **places})
    texts[DOCUMENT_RELATIONSHIPS] = with_links(texts[DOCUMENT_RELATIONSHIPS], writer.links)
    texts[NUMBERING] = numbering
    texts = with_footnotes(texts, writer.footnotes, writer.links)
    whose = f"agreement {document.id!r}"
    return {name: encode_xml(text, whose) for name, text in texts.items()} | dict(writer.look.others)


def _fields(document: Document) -> dict[str, str]:
    said = locale_words(document.language)
    page, of_pages, _ = said.around_pages
    mark = _fingerprint(document)
    values = {
        "draft": draft_mark(document),
        "contents": said.contents,
        "page": page,
        "of_pages": of_pages,
        "kind": document.kind,
        "title": document.title,
        "language": document.language,
        "id": _short(document.id),
        "version": _short(document.version),
        "version_said": said.version.format(version=_short(document.version)),
        "fingerprint": mark,
        "text_mark": text_mark(document, mark),
        "signature_page": said.signature_page.format(title=_short(document.title)),
        "short_kind": _short(document.kind),
        "short_title": _short(document.title),
        "base": "",
        "coverage": "",
    }
    return {name: escape(value) for name, value in values.items()}


def _fingerprint(document: Document) -> str:
    try:
        return named_fingerprint(document)[:_FINGERPRINT_LENGTH]
    except UnicodeEncodeError:
        # The part that holds the character is refused with a message that names it.
        return ""


def _short(text: str) -> str:
    # A header that grows with a long title would push the text off the page.
    return text if len(text) <= _SHORT_LENGTH else text[: _SHORT_LENGTH - 1].rstrip() + "…"


def _placed(page: str, places: Mapping[str, str]) -> str:
    """Return the page with a text in each of its places; their marks are comments, which no text can hold."""
    return "".join([places.get(piece, piece) for piece in _COMMENT.split(page)])
