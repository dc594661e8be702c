"""Runs, headings, paragraphs and lists of the document, as WordprocessingML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import quote, urlsplit

from clausebook.document.model import BOXES, Block, Item, ItemList, Paragraph, Run, Runs
from clausebook.document.notes import without_notes
from clausebook.render.docx.automatic_numbers import ListPlan, plan_list
from clausebook.render.docx.look import Look
from clausebook.render.docx.markup import TAB, bookmark, check_box, field_xml, numbered, paragraph, text_run
from clausebook.render.docx.numbering_part import LIST_LEVELS, ListNumbering
from clausebook.render.docx.tables import table_xml

KEEP_NEXT = "<w:keepNext/>"
NO_NUMBER = numbered(0, 0)
FLUSH = '<w:ind w:left="0" w:hanging="0"/>'
"""The indent of a heading that leaves no room for its number: it has none, or a wide one."""
SPACE = text_run(" ")

_LIST_STYLES = 5
LEAD_LENGTH = 240
_FIRST_BOX = 1000  # below it are the ids of the look's own content controls
_STRONG = "<w:b/><w:bCs/>"
_EMPHASIS = "<w:i/><w:iCs/>"
EXTERNAL = '<w:rStyle w:val="Hyperlink"/>'
DEFINED = '<w:rStyle w:val="DefinedTerm"/>'
_URL_SAFE = "!#$%&'()*+,/:;=?@[]~-._"


class Numbered(NamedTuple):
    """A number that Word gives and a field can tell, as it is on each side; nothing to refer to if it has no anchor."""

    anchor: str
    old: str | None
    new: str | None


Chain: TypeAlias = tuple[Numbered, ...]
"""The numbers that lead to a place: of a clause, of an item in it, of one in that."""


@dataclass(slots=True)
class Writer:
    """What a document gathers while its text is written: bookmarks, links and numberings."""

    look: Look
    names: Mapping[str, str]
    numbering: ListNumbering
    links: dict[str, str] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)
    starts: dict[str, str] = field(default_factory=dict)
    last_id: int = 0
    last_section: str = ""
    numbers: Mapping[str, Chain] = field(default_factory=dict)
    tickable: bool = False
    """Whether check boxes can be ticked."""
    notes: frozenset[str] = frozenset()
    """The anchors of footnotes."""
    footnotes: list[str] = field(default_factory=list)
    note: Callable[[str, str], str] = lambda anchor, tag: ""
    """Gives the mark of a footnote that stays, comes or goes as a tag says, and keeps what the note says."""

    def item_number(self, number: str) -> str:
        """Return the number of an item, as text, or the check box that it is."""
        return check_box(number, _FIRST_BOX + self.next_id()) if self.tickable and number in BOXES else text_run(number)

    def next_id(self) -> int:
        """Return an id that no other bookmark or tracked change of the document has."""
        self.last_id += 1
        return self.last_id

    def marked(self, anchor: str, content: str) -> str:
        """Return a paragraph's content inside its bookmark and those that wait for a paragraph."""
        if anchor:
            self.waiting.append(anchor)
        elif not self.waiting:
            return content
        for name in map(self.names.__getitem__, self.waiting):
            if name not in self.placed:
                self.placed.add(name)
                content = bookmark(self.next_id(), name, content)
        self.waiting.clear()
        return content

    def linked(self, target: str, content: str) -> str:
        """Return content inside a hyperlink; the content itself when the target leads nowhere."""
        start = self.starts.get(target)
        if start is None:
            start = self.starts[target] = self._start(target)
        return f"{start}{content}</w:hyperlink>" if start else content

    def _start(self, target: str) -> str:
        if target[1:] in self.notes:
            return ""
        if target.startswith("#"):
            name = self.names.get(target[1:])
            return f'<w:hyperlink w:anchor="{name}" w:history="1">' if name else ""
        number = self.links.setdefault(_address(target), f"rIdLink{len(self.links) + 1}")
        return f'<w:hyperlink r:id="{number}" w:history="1">'


@dataclass(frozen=True, slots=True)
class Lead:
    """The number of a clause without a title, as text or by properties; `tag` is that of its change."""

    text: str
    properties: str
    tag: Literal["", "ins", "del"] = ""


@dataclass(frozen=True, slots=True)
class BlockSetting:
    """How blocks are set: the paragraph style, the style of the first paragraph, tables' indent, nesting of lists.

    `lead` is what stands before the first words.
    """

    style: str
    first: str = ""
    indent: int = 0
    depth: int = 0
    defines: bool = False
    lead: Lead | None = None


def runs_xml(runs: Runs, writer: Writer, properties: str = "") -> str:
    """Return runs as WordprocessingML; `properties` go into every strong run instead of bold."""
    pieces: list[str] = []
    linked: list[str] = []
    link = style = ""
    for run in runs:
        target = target_of(run) if run.target else ""
        if target != link:
            if content := "".join(linked):
                pieces.append(writer.linked(link, content))
            linked.clear()
            link, style = target, EXTERNAL if target and target[0] != "#" else ""
        if link[:1] == "#":
            linked.append(reference_xml(run, properties, writer))
        else:
            (linked if link else pieces).append(run_xml(run, properties, style))
    if content := "".join(linked):
        pieces.append(writer.linked(link, content))
    return "".join(pieces)


def run_xml(run: Run, strong: str = "", style: str = "", former: str = "") -> str:
    """Return one run; `strong` replaces the bold of strong runs, `style` is its character style.

    `former` is the tracked change of its look.
    """
    return text_run(run.text, (look_xml(run, strong, style) if run.strong or run.emphasis else style) + former)


def look_xml(run: Run, strong: str = "", style: str = "") -> str:
    """Return the properties of a run."""
    if run.strong:
        style = style + _STRONG if style or not strong else strong
    return style + _EMPHASIS if run.emphasis else style


def reference_xml(run: Run, strong: str, writer: Writer, comes: bool = False) -> str:
    """Return a run that leads to a place of the document; where it tells numbers as fields would, with these.

    What only `comes` is there with the new text alone.
    """
    if run.target[1:] in writer.notes:
        return writer.note(run.target[1:], "ins" if comes else "")
    found, rest = [], run.text
    for anchor, old, new in writer.numbers.get(run.target[1:], ()):
        said = new if comes or old == new else None
        match = _told(said).search(rest) if said else None
        if match and anchor:
            result = run_xml(replace(run, text=match[0]), strong)
            found.append(run_xml(replace(run, text=rest[: match.start()]), strong))
            found.append(field_xml(f"REF {writer.names[anchor]} \\n \\h", result))
            rest = rest[match.end() :]
        elif match:
            found.append(run_xml(replace(run, text=rest[: match.end()]), strong))
            rest = rest[match.end() :]
    return "".join([*found, run_xml(replace(run, text=rest), strong)]) if found else run_xml(run, strong)


@lru_cache(maxsize=1024)
def _told(number: str) -> re.Pattern[str]:
    """Return what finds a number in a text, and no part of a longer one."""
    before = r"(?<![\w.])" if number[0].isalnum() else ""
    return re.compile(before + re.escape(number) + (r"(?!\w|\.\w)" if number[-1].isalnum() else ""))


@dataclass(frozen=True, slots=True)
class HeadingSetting:
    """How a heading is set: its style, whether its number is Word's own, else text, and whether that is wide."""

    style: str
    automatic: bool
    wide: bool = False

    @property
    def gap(self) -> str:
        """What parts a number that is text from the title."""
        return SPACE if self.wide else TAB

    def properties(self, numbered: bool) -> str:
        """Return the paragraph's properties beside its style."""
        flush = FLUSH if self.wide or not numbered else ""
        return flush if self.automatic else NO_NUMBER + flush


def heading_xml(setting: HeadingSetting, number: str, title: str, anchor: str, writer: Writer) -> str:
    """Return a heading."""
    lead = "" if setting.automatic or not number else text_run(number) + setting.gap
    content = writer.marked(anchor, lead + text_run(title))
    return paragraph(setting.style, content, setting.properties(bool(number)))


def blocks_xml(blocks: tuple[Block, ...], setting: BlockSetting, writer: Writer, keep_last: bool = False) -> str:
    """Return blocks; a paragraph stays with the list or table after it, the last with what follows if `keep_last`."""
    pieces = []
    blocks = without_notes(blocks)
    style, lead = setting.first or setting.style, setting.lead
    last = len(blocks) - 1
    if lead and not (blocks and isinstance(blocks[0], Paragraph)):
        pieces.append(paragraph(style, writer.marked("", lead.text), KEEP_NEXT + lead.properties))
        lead = None
    for place, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            keeps = keep_last if place == last else leads(block, blocks[place + 1])
            content = runs_xml(block.runs, writer, DEFINED if setting.defines and place == 0 else "")
            properties = KEEP_NEXT if keeps else ""
            if lead:
                content, properties, lead = lead.text + content, properties + lead.properties, None
            pieces.append(paragraph(style, writer.marked(block.anchor, content), properties))
        elif isinstance(block, ItemList):
            pieces.append(list_xml(block, setting.depth, writer))
        else:
            pieces.append(
                table_xml(
                    block,
                    setting.indent,
                    writer.look.text_width,
                    lambda runs: writer.marked("", runs_xml(runs, writer)),
                )
            )
        style = setting.style
    return "".join(pieces)


def list_xml(block: ItemList, depth: int, writer: Writer) -> str:
    """Return a list with a numbering of its own."""
    numbers = [item.number for item in block.items]
    if depth < LIST_LEVELS and any(numbers):
        plan = plan_list(numbers, writer.numbering.kind(block.level))
    else:
        plan = ListPlan(None, (False,) * len(numbers))
    num = writer.numbering.add_list(depth, plan.format) if plan.format else 0
    bullet = level_style("ListBullet", depth)
    return "".join(
        [
            _item(item, depth, numbered(depth, num) if automatic else "", "" if block.ordered else bullet, writer)
            for item, automatic in zip(block.items, plan.automatic, strict=True)
        ]
    )


def _item(item: Item, depth: int, automatic: str, bullet: str, writer: Writer) -> str:
    blocks = without_notes(item.blocks)
    first = blocks[0] if blocks else None
    lead, rest = (first, blocks[1:]) if isinstance(first, Paragraph) else (Paragraph(()), blocks)
    if item.anchor:
        writer.waiting.append(item.anchor)
    content = runs_xml(lead.runs, writer)
    properties = KEEP_NEXT if rest and leads(lead, rest[0]) else ""
    if automatic:
        style, properties = level_style("ListNumber", depth), properties + automatic
    elif item.number:
        style = level_style("ListNumber", depth)
        content = writer.item_number(item.number) + TAB + content
    else:
        style = bullet or level_style("ListContinue", depth)
    opening = paragraph(style, writer.marked(lead.anchor, content), properties)
    return opening + blocks_xml(rest, inside_item(depth, writer.look), writer) if rest else opening


def inside_item(depth: int, look: Look) -> BlockSetting:
    """Return how the blocks of an item are set that follow its first paragraph."""
    return BlockSetting(
        level_style("ListContinue", depth), indent=look.indents[min(depth, len(look.indents) - 1)], depth=depth + 1
    )


def leads(block: Paragraph, following: Block) -> bool:
    """Tell whether a paragraph stays on one page with what follows it."""
    # Long paragraphs are left free: keeping them whole would leave large gaps at the foot of pages.
    return not isinstance(following, Paragraph) and sum(len(run.text) for run in block.runs) <= LEAD_LENGTH


def level_style(name: str, depth: int) -> str:
    """Return the id of a list style at a depth."""
    return name if depth == 0 else f"{name}{min(depth + 1, _LIST_STYLES)}"


def target_of(run: Run) -> str:
    """Return the run's link, "" where it leads nowhere that is allowed."""
    target = run.target
    if target.startswith("#") or (target.startswith(("https:", "mailto:")) and _address(target)):
        return target
    return ""


def _address(target: str) -> str:
    try:
        urlsplit(target)
    except ValueError:
        return ""
    return quote(target, safe=_URL_SAFE, errors="replace")
