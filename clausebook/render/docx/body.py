"""The text of a document or of a redline, in which a document is one where nothing changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clausebook.compare.blocks import whole_blocks
from clausebook.compare.model import (
    MarkedDefinition,
    MarkedLine,
    MarkedSchedule,
    MarkedSignature,
    MarkedText,
    Pieces,
    Redline,
)
from clausebook.compare.texts import whole
from clausebook.document.model import Clause, Definition, Run, Runs
from clausebook.document.words import text_of
from clausebook.render.docx.automatic_numbers import HeadingPlan
from clausebook.render.docx.contents import contents_xml
from clausebook.render.docx.markup import paragraph
from clausebook.render.docx.redline_numbers import plan_both_headings
from clausebook.render.docx.redline_places import PlacedClause, PlacedPart, place, place_clause, place_parts
from clausebook.render.docx.redline_tables import signature_xml
from clausebook.render.docx.redline_text import marked_heading_xml, marked_text_xml, pieces_xml, same_numbers
from clausebook.render.docx.references import numbered_places
from clausebook.render.docx.runs import KEEP_NEXT, BlockSetting, blocks_xml, heading_xml
from clausebook.render.docx.tables import signing_widths
from clausebook.render.docx.tracked import STAYS, RedlineWriter, Tag, Tags, heading_tag


def text_xml(redline: Redline, writer: RedlineWriter) -> tuple[str, str, str]:
    """Return the table of contents, the text and the numbering part."""
    sections = place_parts(redline.sections)
    schedules = place_parts(redline.schedules)
    section_plan, schedule_plan = _plan(sections), _plan(schedules)
    planned = (sections, section_plan), (schedules, schedule_plan)
    writer.numbers = numbered_places(planned, writer.numbering)
    body = "".join(_body(redline, *planned, writer))
    contents = contents_xml(sections, schedules, writer)
    return contents, body, writer.numbering.part(section_plan, schedule_plan)


def is_same(pieces: Pieces) -> bool:
    """Tell whether nothing in a text changed."""
    return all(piece.mark == "same" for piece in pieces)


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
    yield from _signatures(redline, writer)
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
    elif node.new and not clause.tag and (automatic or number[0] == number[1]) and is_same(node.title):
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
    blocks: MarkedText | None,
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
    return marked_text_xml(blocks, setting, tags, writer, keep_last)


def _signatures(redline: Redline, writer: RedlineWriter) -> Iterator[str]:
    """Yield the signature blocks, in a section of their own: pages with nothing else on them bear its footer."""
    look, blocks = writer.look, [(node, _lines(node)) for node in redline.signatures]
    # A paragraph that ends a section cannot come or go with what is before it.
    apart = bool(look.signing_section) and any(place(node, STAYS)[0] == "" for node, _ in blocks)
    if apart:
        yield paragraph("TableSpacer", "", KEEP_NEXT + look.section)
        writer.last_section = look.later_section if redline.schedules else look.signing_section
    labels = (text_of(tuple([piece.run for piece in line.label])) for _, lines in blocks for line in lines)
    widths = signing_widths(labels, look.text_width)
    for node, lines in blocks:
        yield _signature(node, lines, widths, writer)
    if apart and redline.schedules:
        yield paragraph("TableSpacer", "", look.signing_section)


def _signature(
    node: MarkedSignature, lines: tuple[MarkedLine, ...], widths: Sequence[int], writer: RedlineWriter
) -> str:
    tag, tags = place(node, STAYS)
    if tag is None:
        return ""

    def cell(pieces: Pieces) -> str:
        return writer.marked("", pieces_xml(pieces, tags, writer))

    return signature_xml(node.heading, tag, lines, widths, tags, writer, cell)


def _lines(node: MarkedSignature) -> tuple[MarkedLine, ...]:
    if node.lines is not None:
        return node.lines
    lines = node.new.lines if node.new else ()
    return tuple([MarkedLine("same", line.field, _label(line.label), whole(line.runs, "same")) for line in lines])


def _label(text: str) -> Pieces:
    runs: Runs = (Run(text),) if text else ()
    return whole(runs, "same")


def _wait(anchor: str, tag: Tag, writer: RedlineWriter) -> None:
    if found := writer.anchor(anchor, tag):
        writer.waiting.append(found)
