"""The redline: one document that turns into the new text or the old as its tracked changes are accepted or rejected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from clausebook.compare.blocks import whole_blocks
from clausebook.compare.model import (
    MarkedBlock,
    MarkedDefinition,
    MarkedLine,
    MarkedSchedule,
    MarkedSignature,
    Pieces,
    Redline,
)
from clausebook.compare.texts import whole
from clausebook.document.model import Clause, Definition, Run, Runs, SignatureBlock
from clausebook.document.walk import anchors_of
from clausebook.render.docx.anchors import bookmark_names
from clausebook.render.docx.automatic_numbers import HeadingPlan
from clausebook.render.docx.document import BODY_PLACE, CONTENTS_PLACE, finish_parts
from clausebook.render.docx.look import DOCUMENT, NUMBERING, Look, read_look
from clausebook.render.docx.markup import escape
from clausebook.render.docx.numbering_part import ListNumbering
from clausebook.render.docx.package import zip_parts
from clausebook.render.docx.redline_contents import marked_contents_xml
from clausebook.render.docx.redline_moves import with_moves
from clausebook.render.docx.redline_numbers import plan_both_headings
from clausebook.render.docx.redline_places import PlacedClause, PlacedPart, place, place_clause, place_parts
from clausebook.render.docx.redline_seams import with_parted_insertions, with_room
from clausebook.render.docx.redline_tables import marked_signature_xml
from clausebook.render.docx.redline_text import (
    marked_blocks_xml,
    marked_heading_xml,
    pieces_xml,
    same_numbers,
)
from clausebook.render.docx.runs import BlockSetting, blocks_xml, heading_xml, runs_xml
from clausebook.render.docx.tables import signature_xml
from clausebook.render.docx.tracked import STAYS, RedlineWriter, Tag, Tags, heading_tag

_FIELDS = ("{{base}}", "{{coverage}}")
_TITLE_RUN = r"<w:r>(?P<look><w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: [^>]*)?>\{{\{{{}\}}\}}</w:t></w:r>"


def render_redline_docx(redline: Redline, look: Mapping[str, bytes], *, author: str, base: str, coverage: str) -> bytes:
    """Return the redline as a DOCX file: the full text with tracked changes of Word's own.

    `author` is the name under which the changes stand, `base` and `coverage` are printed on
    every page: against what the redline was made, and what it covers. `look` is that of
    `render_docx`. Raise ValueError when the look lacks a part or has no place for base and coverage,
    or when a text holds a character that XML cannot hold.
    """
    return zip_parts(write_redline_parts(redline, read_look(look), author, base, coverage))


def write_redline_parts(redline: Redline, look: Look, author: str, base: str, coverage: str) -> dict[str, bytes]:
    """Return the package's parts by name."""
    furniture = "".join(text for name, text in look.texts.items() if name != DOCUMENT)
    for field in _FIELDS:
        if field not in furniture:
            raise ValueError(f"the DOCX reference package has no place for {field}, which every redline must print")
    new = redline.new
    anchors = tuple(anchors_of(new))
    writer = RedlineWriter(
        look,
        bookmark_names((*anchors, *anchors_of(redline.old))),
        ListNumbering(look.texts[NUMBERING]),
        author=escape(author),
        staying=frozenset(anchors),
    )
    sections = place_parts(redline.sections)
    schedules = place_parts(redline.schedules)
    section_plan, schedule_plan = _plan(sections), _plan(schedules)
    body = "".join(_body(redline, (sections, section_plan), (schedules, schedule_plan), writer))
    contents = marked_contents_xml((*sections, *schedules), writer)
    page = look.texts[DOCUMENT]
    places = {CONTENTS_PLACE: with_moves(contents, writer), BODY_PLACE: with_room(with_moves(body, writer), writer)}
    for name, pieces in (("kind", redline.kind), ("title", redline.title)):
        if not _is_same(pieces):
            mark = f"<!--{name}-->"
            page, run_look = _with_place(page, name, mark)
            places[mark] = pieces_xml(pieces, STAYS, writer).replace("<w:r>", "<w:r>" + run_look)
    numbering = writer.numbering.part(section_plan, schedule_plan)
    parts = finish_parts(new, page, places, numbering, writer, {"base": base, "coverage": coverage})
    return parts | {DOCUMENT: with_parted_insertions(parts[DOCUMENT], writer)}


_Planned = tuple[tuple[PlacedPart, ...], HeadingPlan]


def _plan(parts: tuple[PlacedPart, ...]) -> HeadingPlan:
    return plan_both_headings([(part.number, [clause.number for clause in part.clauses]) for part in parts])


def _body(redline: Redline, sections: _Planned, schedules: _Planned, writer: RedlineWriter) -> Iterator[str]:
    plain = BlockSetting("BodyText")
    for clause in redline.opening:
        if placed := place_clause(clause, STAYS):
            yield _clause(placed, "Heading2", False, plain, writer)
    yield from _parts(sections, "Heading1", "Heading2", writer)
    for clause in redline.closing:
        if placed := place_clause(clause, STAYS):
            yield _clause(placed, "Heading2", False, plain, writer, keep_last=bool(redline.signatures))
    for signature in redline.signatures:
        yield _signature(signature, writer)
    yield from _parts(schedules, "ScheduleHeading", "ScheduleClause", writer)


def _parts(planned: _Planned, style: str, clause_style: str, writer: RedlineWriter) -> Iterator[str]:
    parts, plan = planned
    setting = BlockSetting("ClauseText", indent=writer.look.clause_indent)
    for part, automatic, marks in zip(parts, plan.upper, plan.lower, strict=True):
        node = part.node
        found = [marked_heading_xml(style, part.number, node.title, automatic, node.id, part.tag, part.tags, writer)]
        for clause, mark in zip(part.clauses, marks, strict=True):
            found.append(_clause(clause, clause_style, mark, setting, writer))
        if isinstance(node, MarkedSchedule):
            found += [_definition(definition, part.tags, writer) for definition in node.definitions]
        yield "".join(found)


def _clause(
    clause: PlacedClause,
    style: str,
    automatic: bool,
    setting: BlockSetting,
    writer: RedlineWriter,
    keep_last: bool = False,
) -> str:
    node, number = clause.node, clause.number
    heading = ""
    if number == (None, None):
        _wait(node.id, clause.tag, writer)
    elif node.new and not clause.tag and (automatic or number[0] == number[1]) and _is_same(node.title):
        heading = heading_xml(style, node.new.number, node.new.title, automatic, node.id, writer)
    else:
        tag = heading_tag(clause.tag, number)
        heading = marked_heading_xml(style, number, node.title, automatic, node.id, tag, clause.tags, writer)
    sides = node.old, node.new
    return heading + _text(node.blocks, sides, setting, clause.tag, clause.tags, writer, keep_last)


def _definition(node: MarkedDefinition, outer: Tags, writer: RedlineWriter) -> str:
    tag, tags = place(node, outer)
    if tag is None:
        return ""
    _wait(node.id, tag, writer)
    setting = BlockSetting("BodyText", first="Definition", defines=True)
    return _text(node.blocks, (node.old, node.new), setting, tag, tags, writer)


def _text(
    blocks: tuple[MarkedBlock, ...] | None,
    sides: tuple[Clause | Definition | None, Clause | Definition | None],
    setting: BlockSetting,
    tag: Tag,
    tags: Tags,
    writer: RedlineWriter,
    keep_last: bool = False,
) -> str:
    old, new = [side.blocks if side else () for side in sides]
    if blocks is None:
        if not tag and same_numbers(old, new):
            return blocks_xml(new, setting, writer, keep_last)
        blocks = whole_blocks(new, "same", old)
    return marked_blocks_xml(blocks, setting, tags, writer, keep_last)


def _signature(node: MarkedSignature, writer: RedlineWriter) -> str:
    tag, tags = place(node, STAYS)
    if tag is None:
        return ""
    if node.new and node.lines is None and not tag and _is_same(node.heading):
        return signature_xml(node.new, lambda runs: writer.marked("", runs_xml(runs, writer)))

    def cell(pieces: Pieces) -> str:
        return writer.marked("", pieces_xml(pieces, tags, writer))

    lines = node.lines if node.lines is not None else _lines(node.new)
    return marked_signature_xml(node.heading, tag, lines, tags, writer, cell)


def _lines(block: SignatureBlock | None) -> tuple[MarkedLine, ...]:
    lines = block.lines if block else ()
    return tuple([MarkedLine("same", line.field, _label(line.label), whole(line.runs, "same")) for line in lines])


def _label(text: str) -> Pieces:
    runs: Runs = (Run(text),) if text else ()
    return whole(runs, "same")


def _wait(anchor: str, tag: Tag, writer: RedlineWriter) -> None:
    if found := writer.anchor(anchor, tag):
        writer.waiting.append(found)


def _with_place(page: str, name: str, mark: str) -> tuple[str, str]:
    found = re.search(_TITLE_RUN.format(name), page)
    if not found:
        raise ValueError(f"the DOCX reference package's {DOCUMENT} has no run of its own for {{{{{name}}}}}")
    return page[: found.start()] + mark + page[found.end() :], found["look"] or ""


def _is_same(pieces: Pieces) -> bool:
    return all(piece.mark == "same" for piece in pieces)
