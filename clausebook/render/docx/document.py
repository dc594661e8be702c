"""The whole document: its parts put together over the reference package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from clausebook.document.model import Clause, Document, Runs, Schedule
from clausebook.document.walk import anchors_of
from clausebook.document.words import fingerprint
from clausebook.render.docx.anchors import bookmark_names
from clausebook.render.docx.automatic_numbers import HeadingPlan, plan_headings
from clausebook.render.docx.contents import contents_xml
from clausebook.render.docx.look import DOCUMENT, DOCUMENT_RELATIONSHIPS, NUMBERING, Look, fill, read_look
from clausebook.render.docx.markup import encode_xml, escape
from clausebook.render.docx.numbering_part import ListNumbering
from clausebook.render.docx.package import zip_parts
from clausebook.render.docx.runs import BlockSetting, Writer, blocks_xml, heading_xml, runs_xml
from clausebook.render.docx.tables import signature_xml

_FINGERPRINT_LENGTH = 12
_SHORT_LENGTH = 60
CONTENTS_PLACE = "<!--contents-->"
BODY_PLACE = "<!--body-->"
_COMMENT = re.compile("(<!--.*?-->)")
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def render_docx(document: Document, look: Mapping[str, bytes]) -> bytes:
    """Return the document as a DOCX file.

    `look` is the reference package: the bytes of each part by its name, as `load_look` gives them.
    Raise ValueError when the look lacks a part or a text holds a character that XML cannot hold.
    """
    return zip_parts(write_parts(document, read_look(look)))


def write_parts(document: Document, look: Look) -> dict[str, bytes]:
    """Return the package's parts by name."""
    sections = plan_headings([(part.number, _numbers(part.clauses)) for part in document.sections])
    schedules = plan_headings([(part.number, _numbers(part.clauses)) for part in document.schedules])
    writer = Writer(look, bookmark_names(anchors_of(document)), ListNumbering(look.texts[NUMBERING]))
    body = "".join(_body(document, sections, schedules, writer))
    contents = contents_xml(document, writer)
    numbering = writer.numbering.part(sections, schedules)
    return finish_parts(document, look.texts[DOCUMENT], {CONTENTS_PLACE: contents, BODY_PLACE: body}, numbering, writer)


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
    regions = {"draft": document.draft, "contents": bool(places[CONTENTS_PLACE]), "redline": redline is not None}
    given = {**writer.look.texts, DOCUMENT: page}
    texts = {name: fill(text, fields, regions) for name, text in given.items()}
    texts[DOCUMENT] = _placed(texts[DOCUMENT], places)
    texts[DOCUMENT_RELATIONSHIPS] = _with_links(texts[DOCUMENT_RELATIONSHIPS], writer.links)
    texts[NUMBERING] = numbering
    whose = f"agreement {document.id!r}"
    return {name: encode_xml(text, whose) for name, text in texts.items()} | dict(writer.look.others)


def _body(document: Document, sections: HeadingPlan, schedules: HeadingPlan, writer: Writer) -> Iterator[str]:
    plain = BlockSetting("BodyText")
    clause_text = BlockSetting("ClauseText", indent=writer.look.clause_indent)
    if document.opening:
        yield _clause(document.opening, "Heading2", False, plain, writer)
    for section, automatic, marks in zip(document.sections, sections.upper, sections.lower, strict=True):
        yield heading_xml("Heading1", section.number, section.title, automatic, section.id, writer)
        for clause, mark in zip(section.clauses, marks, strict=True):
            yield _clause(clause, "Heading2", mark, clause_text, writer)
    if document.closing:
        yield _clause(document.closing, "Heading2", False, plain, writer, keep_last=bool(document.signatures))
    for signature in document.signatures:

        def signed(runs: Runs) -> str:
            return writer.marked("", runs_xml(runs, writer))

        yield signature_xml(signature, signed)
    for schedule, automatic, marks in zip(document.schedules, schedules.upper, schedules.lower, strict=True):
        yield _schedule(schedule, automatic, marks, clause_text, writer)


def _schedule(
    schedule: Schedule, automatic: bool, marks: tuple[bool, ...], clause_text: BlockSetting, writer: Writer
) -> str:
    pieces = [heading_xml("ScheduleHeading", schedule.number, schedule.title, automatic, schedule.id, writer)]
    for clause, mark in zip(schedule.clauses, marks, strict=True):
        pieces.append(_clause(clause, "ScheduleClause", mark, clause_text, writer))
    for definition in schedule.definitions:
        writer.waiting.append(definition.id)
        setting = BlockSetting("BodyText", first="Definition", defines=True)
        pieces.append(blocks_xml(definition.blocks, setting, writer))
    return "".join(pieces)


def _clause(
    clause: Clause, style: str, automatic: bool, setting: BlockSetting, writer: Writer, keep_last: bool = False
) -> str:
    heading = ""
    if clause.number or clause.title:
        heading = heading_xml(style, clause.number, clause.title, automatic, clause.id, writer)
    else:
        writer.waiting.append(clause.id)
    return heading + blocks_xml(clause.blocks, setting, writer, keep_last)


def _numbers(clauses: tuple[Clause, ...]) -> list[str]:
    return [clause.number for clause in clauses]


def _fields(document: Document) -> dict[str, str]:
    values = {
        "kind": document.kind,
        "title": document.title,
        "language": document.language,
        "id": _short(document.id),
        "version": _short(document.version),
        "fingerprint": _fingerprint(document),
        "short_kind": _short(document.kind),
        "short_title": _short(document.title),
        "base": "",
        "coverage": "",
    }
    return {name: escape(value) for name, value in values.items()}


def _fingerprint(document: Document) -> str:
    try:
        return fingerprint(document)[:_FINGERPRINT_LENGTH]
    except UnicodeEncodeError:
        # The part that holds the character is refused with a message that names it.
        return ""


def _short(text: str) -> str:
    # A header that grows with a long title would push the text off the page.
    return text if len(text) <= _SHORT_LENGTH else text[: _SHORT_LENGTH - 1].rstrip() + "…"


def _placed(page: str, places: Mapping[str, str]) -> str:
    """Return the page with a text in each of its places; their marks are comments, which no text can hold."""
    return "".join([places.get(piece, piece) for piece in _COMMENT.split(page)])


def _with_links(part: str, links: Mapping[str, str]) -> str:
    new = "".join(
        f'<Relationship Id="{number}" Type="{_HYPERLINK}" Target="{escape(address)}" TargetMode="External"/>'
        for address, number in links.items()
    )
    return part.replace("</Relationships>", new + "</Relationships>")
