"""The text of a document or of a redline, in which a document is one where nothing changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from clausebook.compare.blocks import whole_blocks
from clausebook.compare.model import (
    MarkedClause,
    MarkedDefinition,
    MarkedLine,
    MarkedSchedule,
    MarkedSection,
    MarkedSignature,
    MarkedText,
    Pieces,
    Redline,
)
from clausebook.compare.texts import whole
from clausebook.document.model import Clause, Definition, Run, Runs
from clausebook.document.notes import notes_of
from clausebook.document.words import text_of
from clausebook.render.docx.automatic_numbers import HeadingPlan
from clausebook.render.docx.contents import contents_xml
from clausebook.render.docx.markup import paragraph
from clausebook.render.docx.redline_numbers import plan_both_headings
from clausebook.render.docx.redline_places import (
    PlacedClause,
    PlacedPart,
    place,
    place_clause,
    place_parts,
)
from clausebook.render.docx.redline_tables import signature_xml
from clausebook.render.docx.redline_text import (
    marked_heading_xml,
    marked_text_xml,
    number_xml,
    pieces_xml,
    same_numbers,
    write_notes,
)
from clausebook.render.docx.references import numbered_places
from clausebook.render.docx.runs import KEEP_NEXT, BlockSetting, HeadingSetting, Lead, blocks_xml, heading_xml
from clausebook.render.docx.tables import signing_widths
from clausebook.render.docx.tracked import STAYS, RedlineWriter, Tag, Tags, heading_tag


def text_xml(redline: Redline, writer: RedlineWriter) -> tuple[str, str, str]:
    """Return the table of contents, the text and the numbering part."""
    groups = [part for part in redline.sequence() if isinstance(part, MarkedSection | MarkedSchedule)]
    parts = place_parts(groups)
    kinds = {kind: [part for part in parts if isinstance(part.node, kind)] for kind in _STYLES}
    plans = {kind: _plan(found, kind) for kind, found in kinds.items()}
    writer.numbers = numbered_places([(found, plans[kind]) for kind, found in kinds.items()], writer.numbering)
    write_notes(notes_of(redline.old), notes_of(redline.new), writer)
    body = "".join(_body(redline, parts, plans, writer))
    return contents_xml(parts, writer), body, writer.numbering.part(plans[MarkedSection], plans[MarkedSchedule])


def is_same(pieces: Pieces) -> bool:
    """Tell whether nothing in a text changed."""
    return all(piece.mark == "same" for piece in pieces)


_STYLES: dict[type, tuple[str, ...]] = {
    MarkedSection: ("Heading1", "Heading2", "Heading3", "Heading4"),
    MarkedSchedule: ("ScheduleHeading", "ScheduleClause", "Heading3", "Heading4"),
}
"""The styles of the headings of a section or schedule and of its clauses, by their level."""

_ROOM = {"Heading1": 6, "Heading2": 6, "ScheduleHeading": 14, "ScheduleClause": 6}
"""Letters of a number for which there is room in the column where it hangs."""


def _plan(parts: Sequence[PlacedPart], kind: type) -> HeadingPlan:
    # What lies deeper has its numbers written out.
    groups = [(part.number, [clause.number for clause in part.clauses if not clause.node.level]) for part in parts]
    upper, lower = ([pair for pair, _ in groups], [pair for _, pairs in groups for pair in pairs])
    wide = [
        any(len(number or "") > _ROOM[style] for pair in pairs for number in pair)
        for style, pairs in zip(_STYLES[kind], (upper, lower), strict=False)
    ]
    return replace(plan_both_headings(groups), wide=(wide[0], wide[1]))


def _body(
    redline: Redline, parts: Sequence[PlacedPart], plans: Mapping[type, HeadingPlan], writer: RedlineWriter
) -> Iterator[str]:
    placed = {id(part.node): part for part in parts}
    marks = {kind: zip(plan.upper, plan.lower, strict=True) for kind, plan in plans.items()}
    stretches = [(kind, tuple(found)) for kind, found in groupby(redline.sequence(), type)]
    for place_, (kind, found) in enumerate(stretches):
        following = stretches[place_ + 1][0] if place_ + 1 < len(stretches) else None
        if kind is MarkedSignature:
            nodes = tuple(node for node in found if isinstance(node, MarkedSignature))
            yield from _signatures(nodes, following is not None, writer)
        for node in found:
            if isinstance(node, MarkedClause):
                if clause := place_clause(node, STAYS):
                    heading = HeadingSetting("Heading2", automatic=False)
                    keep = following is MarkedSignature and node is found[-1]
                    with writer.of("clause", node):
                        text = _clause(clause, heading, BlockSetting("BodyText"), writer, keep)
                    yield text
            elif part := placed.get(id(node)):
                yield _part(part, plans[kind], *next(marks[kind]), writer)


def _part(part: PlacedPart, plan: HeadingPlan, automatic: bool, lower: Iterable[bool], writer: RedlineWriter) -> str:
    node, styles, marks = part.node, _STYLES[type(part.node)], iter(lower)
    heading = HeadingSetting(styles[0], automatic, plan.wide[0])
    kind = "section" if isinstance(node, MarkedSection) else "schedule"
    with writer.of(kind, node):
        found = [marked_heading_xml(heading, part.number, node.title, node.id, part.tag, part.tags, writer)]
    # Where nothing is numbered, no room is left for numbers.
    hangs = any((*part.number, *(number for clause in part.clauses for number in clause.number)))
    setting = BlockSetting("ClauseText", indent=writer.look.clause_indent) if hangs else BlockSetting("BodyText")
    for clause in part.clauses:
        level = clause.node.level
        heading = HeadingSetting(styles[1 + level], not level and next(marks), plan.wide[1] and not level)
        with writer.of("clause", clause.node):
            found.append(_clause(clause, heading, setting, writer))
    own = "ClauseText" if hangs and isinstance(node, MarkedSection) else "Definition"
    for definition in node.definitions:
        with writer.of("definition", definition):
            found.append(_definition(definition, own, part.tags, writer))
    return "".join(found)


def _clause(
    clause: PlacedClause,
    setting: HeadingSetting,
    blocks: BlockSetting,
    writer: RedlineWriter,
    keep_last: bool = False,
) -> str:
    node, number = clause.node, clause.number
    heading = ""
    if not node.title:
        _wait(node.id, clause.tag, writer)
        if number != (None, None):
            lead = Lead("", writer.look.number_of(setting.style), clause.tag)
            if not setting.automatic:
                lead = Lead(number_xml(number, clause.tag, writer), "", clause.tag)
            blocks = replace(blocks, first="NumberedClause", lead=lead)
    elif node.new and not clause.tag and (setting.automatic or number[0] == number[1]) and is_same(node.title):
        heading = heading_xml(setting, node.new.number, node.new.title, node.id, writer)
    else:
        tag = heading_tag(clause.tag, number)
        heading = marked_heading_xml(setting, number, node.title, node.id, tag, clause.tags, writer)
    sides = node.old, node.new
    return heading + _text(node.blocks, sides, blocks, clause.tag, clause.tags, writer, keep_last)


def _definition(node: MarkedDefinition, first: str, outer: Tags, writer: RedlineWriter) -> str:
    tag, tags = place(node, outer)
    if tag is None:
        return ""
    _wait(node.id, tag, writer)
    setting = BlockSetting("ClauseText" if first == "ClauseText" else "BodyText", first=first, defines=True)
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


def _signatures(nodes: Sequence[MarkedSignature], followed: bool, writer: RedlineWriter) -> Iterator[str]:
    """Yield signature blocks, in a section of their own: pages with nothing else on them bear its footer."""
    look, blocks = writer.look, [(node, _lines(node)) for node in nodes]
    # A paragraph that ends a section cannot come or go with what is before it.
    apart = bool(look.signing_section) and any(place(node, STAYS)[0] == "" for node, _ in blocks)
    if apart:
        yield paragraph("TableSpacer", "", KEEP_NEXT + look.section)
        writer.last_section = look.later_section if followed else look.signing_section
    labels = (text_of(tuple([piece.run for piece in line.label])) for _, lines in blocks for line in lines)
    widths = signing_widths(labels, look.text_width)
    for node, lines in blocks:
        with writer.of("signature", node):
            text = _signature(node, lines, widths, writer)
        yield text
    if apart and followed:
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
