"""Pieces, headings, paragraphs and lists of a redline, as WordprocessingML with tracked changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from clausebook.compare.model import (
    Mark,
    MarkedBlock,
    MarkedItem,
    MarkedList,
    MarkedParagraph,
    MarkedPassage,
    MarkedTable,
    MarkedText,
    Moved,
    Piece,
    Pieces,
    other_box,
)
from clausebook.document.model import Block, ItemList, Runs
from clausebook.document.notes import without_notes
from clausebook.render.docx.automatic_numbers import ListPlan
from clausebook.render.docx.footnotes import footnote, note_pieces, reference, unnumbered_marks
from clausebook.render.docx.markup import TAB, numbered, text_run
from clausebook.render.docx.numbering_part import LIST_LEVELS
from clausebook.render.docx.redline_numbers import Pair, plan_both_list
from clausebook.render.docx.redline_passages import PassageWriter
from clausebook.render.docx.redline_tables import marked_table_xml
from clausebook.render.docx.runs import (
    DEFINED,
    EXTERNAL,
    KEEP_NEXT,
    LEAD_LENGTH,
    BlockSetting,
    HeadingSetting,
    inside_item,
    level_style,
    reference_xml,
    run_xml,
    runs_xml,
    target_of,
)
from clausebook.render.docx.tracked import MOVES, NUMBERING, STAYS, RedlineWriter, Tag, Tags, on_new, on_old


def pieces_xml(
    pieces: Pieces, tags: Tags, writer: RedlineWriter, properties: str = "", author: str = "", tag: Tag = ""
) -> str:
    """Return pieces as runs and tracked changes; `properties` go into strong runs instead of bold.

    `tag` is that of the paragraph, which moves as a whole if it has one.
    """
    pieces = unnumbered_marks(pieces)
    inline = writer.moves if tags is STAYS and not tag else frozenset()
    if tags is STAYS and not any(True for piece in pieces if piece.mark != "same" or piece.was):
        return runs_xml(tuple([piece.run for piece in pieces]), writer, properties)
    found: list[str] = []
    linked: list[str] = []
    runs: list[str] = []
    link, style, numbering = "", "", False
    mark: Mark = "same"
    moved: Moved | None = None
    range_end = ""

    def end_change() -> None:
        kind = tags[mark]
        if kind is not None and runs:
            # What comes or goes as a whole does so under one name, its end included.
            name = NUMBERING if numbering and tags is STAYS else author
            linked.append(writer.changed(MOVES[kind] if moved and kind else kind, "".join(runs), name))
        runs.clear()

    def end_link() -> None:
        end_change()
        text = "".join(linked)
        linked.clear()
        found.append(writer.linked(link, text) if link and text else text)

    for piece in pieces:
        run = piece.run
        target = target_of(run) if run.target else ""
        if piece.moved != moved and inline:
            end_link()
            found.append(range_end)
            moved = piece.moved if piece.moved and (piece.moved.id, piece.mark) in inline else None
            range_end = ""
            if moved:
                start, range_end = writer.move_range("moveFrom" if piece.mark == "deleted" else "moveTo", moved.id)
                found.append(start)
        if target != link:
            end_link()
            link, mark, numbering = target, piece.mark, piece.numbering
            style = EXTERNAL if target and not target.startswith("#") else ""
        elif piece.mark != mark or piece.numbering != numbering:
            end_change()
            mark, numbering = piece.mark, piece.numbering
        former = writer.former_look(piece.was) if piece.was and not tags["same"] else ""
        if target[1:] in writer.notes:
            kind = tags[piece.mark]
            runs.append("" if kind is None else writer.note(target[1:], kind))
        elif target[:1] == "#" and tags is STAYS and mark != "deleted" and not former:
            runs.append(reference_xml(run, properties, writer, comes=mark == "inserted"))
        else:
            runs.append(run_xml(run, properties, style, former))
    end_link()
    return "".join([*found, range_end])


def write_notes(old: Mapping[str, Runs], new: Mapping[str, Runs], writer: RedlineWriter) -> None:
    """Let a writer write footnotes, which are known by their anchors on either side."""

    def note(anchor: str, tag: str) -> str:
        number = len(writer.footnotes) + 1
        writer.footnotes.append("")
        # What waits for a paragraph waits for one of the text.
        waiting = [*writer.waiting]
        writer.waiting.clear()
        content = pieces_xml(note_pieces(old.get(anchor), new.get(anchor), tag), STAYS, writer)
        content = writer.marked("" if tag == "del" else anchor, content)
        writer.footnotes[number - 1] = footnote(number, content)
        writer.waiting += waiting
        return reference(number)

    writer.notes, writer.note = frozenset({*old, *new}), note


def number_xml(number: Pair, tag: Tag, writer: RedlineWriter, author: str = NUMBERING, gap: str = TAB) -> str:
    """Return a number that is text, the `gap` after it included; `number` is what each side prints."""
    old, new = (text or "" for text in number)
    if tag:
        own = new if on_new(tag) else old
        return writer.changed(tag, text_run(own) + gap if own else "", "" if author == NUMBERING else author)
    if old == new:
        return text_run(new) + gap if new else ""
    if old and new:
        return writer.changed("del", text_run(old), author) + writer.changed("ins", text_run(new), author) + gap
    return writer.changed("ins" if new else "del", text_run(new or old) + gap, author)


def marked_heading_xml(
    setting: HeadingSetting, number: Pair, title: Pieces, anchor: str, tag: Tag, tags: Tags, writer: RedlineWriter
) -> str:
    """Return a heading."""
    lead = "" if setting.automatic else number_xml(number, tag, writer, gap=setting.gap)
    content = writer.marked(writer.anchor(anchor, tag), lead + pieces_xml(title, tags, writer))
    return writer.paragraph(setting.style, content, setting.properties(any(number)), tag)


def marked_text_xml(
    text: MarkedText, setting: BlockSetting, tags: Tags, writer: RedlineWriter, keep_last: bool = False
) -> str:
    """Return the text of a clause or definition."""
    if not any(isinstance(block, MarkedPassage) for block in text):
        return marked_blocks_xml(text, setting, tags, writer, keep_last)  # type: ignore[arg-type]

    def pieces(found: Pieces, properties: str, tag: Tag) -> str:
        return pieces_xml(found, tags, writer, properties, tag=tag)

    def number(pair: Pair, tag: Tag) -> str:
        return number_xml(pair, tag, writer)

    def table(block: MarkedTable, depth: int) -> str:
        indent = inside_item(depth - 1, writer.look).indent if depth else setting.indent
        return _table(block, indent, tags, writer)

    found = []
    if lead := setting.lead:
        # What is split or joined has no first paragraph that both sides share.
        content = writer.marked("", lead.text)
        found.append(writer.paragraph(setting.first, content, KEEP_NEXT + lead.properties, lead.tag))
        setting = replace(setting, first="", lead=None)
    begun = False
    for block in text:
        if isinstance(block, MarkedPassage):
            passage = PassageWriter(setting, tags, writer, pieces, number, table)
            found.append(passage.xml(block, first=not begun))
        else:
            own = replace(setting, first="", defines=False) if begun else setting
            found.append(marked_blocks_xml((block,), own, tags, writer))
        begun = begun or isinstance(block, MarkedPassage) or tags[block.mark] not in (None, "del")
    return "".join(found)


def marked_blocks_xml(
    blocks: tuple[MarkedBlock, ...], setting: BlockSetting, tags: Tags, writer: RedlineWriter, keep_last: bool = False
) -> str:
    """Return blocks; see `blocks_xml` of the clean text."""
    there = [(block, tag) for block in without_notes(blocks) if (tag := tags[block.mark]) is not None]
    found = []
    first = True
    lead = setting.lead
    last = len(there) - 1
    if lead and not (there and isinstance(there[0][0], MarkedParagraph) and there[0][1] == lead.tag):
        # The number stays while the paragraph beside it comes or goes.
        content = writer.marked("", lead.text)
        found.append(writer.paragraph(setting.first, content, KEEP_NEXT + lead.properties, lead.tag))
        lead, first = None, False
    for place, (block, tag) in enumerate(there):
        if isinstance(block, MarkedParagraph):
            style = (setting.first if first else "") or setting.style
            keeps = keep_last if place == last else _leads(block, there[place + 1][0])
            content = pieces_xml(block.pieces, tags, writer, DEFINED if setting.defines and first else "", tag=tag)
            properties = KEEP_NEXT if keeps else ""
            if lead:
                content, properties = lead.text + content, properties + lead.properties
                lead, first = None, False
            content = writer.marked(writer.anchor(block.anchor, tag), content)
            found.append(writer.whole_paragraph(writer.paragraph(style, content, properties, tag), block.pieces, tag))
        elif isinstance(block, MarkedList):
            found.append(marked_list_xml(block, setting.depth, tags, writer))
        else:
            found.append(_table(block, setting.indent, tags, writer))
        # What goes leaves its place as the first to what comes instead.
        first = first and tag == "del"
    return "".join(found)


def marked_list_xml(block: MarkedList, depth: int, tags: Tags, writer: RedlineWriter) -> str:
    """Return a list with a numbering of its own, which counts right on both sides."""
    items = [(item, tag) for item in block.items if (tag := tags[item.mark]) is not None]
    pairs = [
        (item.old_number if on_old(tag) else None, item.new_number if on_new(tag) else None) for item, tag in items
    ]
    if depth < LIST_LEVELS and any(old or new for old, new in pairs):
        plan = plan_both_list(pairs, writer.numbering.kind(block.level))
    else:
        plan = ListPlan(None, (False,) * len(pairs))
    num = writer.numbering.add_list(depth, plan.format, _begins_tracked(items, plan.automatic)) if plan.format else 0
    bullet = "" if block.ordered else level_style("ListBullet", depth)
    found = []
    for (item, tag), pair, automatic in zip(items, pairs, plan.automatic, strict=True):
        number = _Number(pair, numbered(depth, num) if automatic else "", bullet, depth)
        found.append(_item(item, tag, number, tags, writer))
    return "".join(found)


def _begins_tracked(items: list[tuple[MarkedItem, Tag]], automatic: tuple[bool, ...]) -> bool:
    """Tell whether the paragraph that begins the numbering may come or go."""
    item, tag = next(entry for entry, numbered in zip(items, automatic, strict=True) if numbered)
    return bool(tag) or any(block.mark != "same" for block in item.blocks[:1])


def same_numbers(old: tuple[Block, ...], new: tuple[Block, ...]) -> bool:
    """Tell whether the items of blocks that are otherwise the same are numbered alike."""
    if old is new:
        return True
    for was, block in zip(old, new, strict=True):
        if isinstance(was, ItemList) and isinstance(block, ItemList):
            for before, item in zip(was.items, block.items, strict=True):
                if before.number != item.number or not same_numbers(before.blocks, item.blocks):
                    return False
    return True


@dataclass(frozen=True, slots=True)
class _Number:
    """How an item is numbered: what each side prints, the `w:numPr` if that is automatic, a bullet's style."""

    pair: Pair
    automatic: str
    bullet: str
    depth: int


def _item(item: MarkedItem, tag: Tag, number: _Number, tags: Tags, writer: RedlineWriter) -> str:
    anchor = writer.anchor(item.anchor, tag)
    if anchor:
        writer.waiting.append(anchor)
    there = tuple([block for block in without_notes(item.blocks) if tags[block.mark] is not None])
    openings: tuple[MarkedParagraph, ...]
    if tag:
        lead = there[0] if there and isinstance(there[0], MarkedParagraph) else MarkedParagraph(item.mark, ())
        openings, rest = (lead,), there[1:] if there and there[0] is lead else there
    else:
        openings, rest = _openings(there)
    found = []
    for lead in openings:
        keeps = KEEP_NEXT if rest and _leads(lead, rest[0]) else ""
        found.append(_opening(lead, number, keeps, tags, writer))
    if rest:
        found.append(marked_blocks_xml(rest, inside_item(number.depth, writer.look), tags, writer))
    return "".join(found)


def _openings(blocks: tuple[MarkedBlock, ...]) -> tuple[tuple[MarkedParagraph, ...], tuple[MarkedBlock, ...]]:
    """Return the paragraphs that bear the number of an item that stays, and the blocks after them.

    Each side has one such paragraph, its first block or, where that is no paragraph, an empty one.
    They can be two: then each is there on its own side only.
    """
    old = next((block for block in blocks if block.mark != "inserted"), None)
    new = next((block for block in blocks if block.mark != "deleted"), None)
    old_lead = old if isinstance(old, MarkedParagraph) else None
    new_lead = new if isinstance(new, MarkedParagraph) else None
    if old_lead is new_lead:
        return (old_lead or MarkedParagraph("same", ()),), blocks[1:] if old_lead else blocks
    rest: list[MarkedBlock] = []
    for block in blocks:
        if block is old_lead or block is new_lead:
            if block.mark == "same":
                rest.append(_only(block, "inserted" if block is old_lead else "deleted"))
        else:
            rest.append(block)
    for lead, other in ((old_lead, new_lead), (new_lead, old_lead)):
        if lead and not other and lead.mark != "same":
            return (MarkedParagraph("same", lead.pieces, lead.anchor),), tuple(rest)
    empty = MarkedParagraph("same", ())
    return (_only(old_lead or empty, "deleted"), _only(new_lead or empty, "inserted")), tuple(rest)


def _only(block: MarkedParagraph, mark: Mark) -> MarkedParagraph:
    left_out = "inserted" if mark == "deleted" else "deleted"
    pieces = [Piece(piece.run, mark) for piece in block.pieces if piece.mark != left_out]
    return MarkedParagraph(mark, tuple(pieces), block.anchor)


def _opening(lead: MarkedParagraph, number: _Number, keeps: str, tags: Tags, writer: RedlineWriter) -> str:
    tag = tags[lead.mark] or ""
    content = pieces_xml(lead.pieces, tags, writer, tag=tag)
    if number.automatic:
        style, keeps = level_style("ListNumber", number.depth), keeps + number.automatic
    elif any(number.pair):
        style = level_style("ListNumber", number.depth)
        same = number.pair[0] == number.pair[1] and not tag
        author = "" if other_box(*(each or "" for each in number.pair)) else NUMBERING
        own = writer.item_number(number.pair[0] or "") + TAB if same else number_xml(number.pair, tag, writer, author)
        content = own + content
    else:
        style = number.bullet or level_style("ListContinue", number.depth)
    paragraph = writer.paragraph(style, writer.marked(writer.anchor(lead.anchor, tag), content), keeps, tag)
    return writer.whole_paragraph(paragraph, lead.pieces, tag)


def _table(block: MarkedTable, indent: int, tags: Tags, writer: RedlineWriter) -> str:
    def cell(pieces: Pieces) -> str:
        return writer.marked("", pieces_xml(pieces, tags, writer))

    return marked_table_xml(block, indent, writer.look.text_width, tags, writer, cell)


def _leads(block: MarkedParagraph, following: MarkedBlock) -> bool:
    return (
        not isinstance(following, MarkedParagraph) and sum(len(piece.run.text) for piece in block.pieces) <= LEAD_LENGTH
    )
