"""From a rendered clause to blocks: the one time that Markdown is parsed.

Values are not there yet: placeholders stand for them, and each becomes a run of
its own after the parse. A placeholder that the parse does not give back as text
(in a link's target, say) is an error, so no value can get lost or become markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from clausebook.assemble.note_markdown import parted, read_notes
from clausebook.assemble.numbering import item_cited, item_number
from clausebook.assemble.other_markup import UNSUPPORTED, plain
from clausebook.document.model import LINE_BREAK, Alignment, Block, Item, ItemList, Paragraph, Run, Runs, Table
from clausebook.document.notes import NOTE, NOTES
from clausebook.language.fillings import CLOSE, OPEN, PLACEHOLDER, Filling
from clausebook.library.model import LISTS

HIDDEN = re.compile("[\ue000-\uf8ff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")
LINK = re.compile(r"(https://|mailto:)[!-~]+", re.IGNORECASE)
CHECK_BOX = re.compile(r"\[([ xX])\] ")
MAX_LEVEL = 3
MAX_ITEMS = 80


@dataclass(frozen=True, slots=True)
class MarkdownFault:
    """Something that a contract cannot hold: its line in the rendered text, from 1, and a part of it, or ""."""

    message: str
    line: int = 1
    needle: str = ""


class MarkdownError(Exception):
    """The text uses something that a contract cannot hold; `faults` are all of them, in reading order."""

    def __init__(self, faults: Sequence[MarkdownFault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("; ".join(fault.message for fault in self.faults))


@dataclass(slots=True)
class Parsed:
    """A clause's blocks, its labels with the item numbers that lead there, and anchors: of labels, of defined terms."""

    blocks: tuple[Block, ...]
    labels: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    defined: dict[str, str] = field(default_factory=dict)


RunMaker = Callable[[str, Filling | None], Run]
"""Makes the run for library text (no piece) or for a piece that stands for a value."""


def parse_clause(
    text: str,
    pieces: Sequence[Filling],
    clause: str,
    quotes: str,
    make_run: RunMaker,
    lists: Sequence[str] = LISTS,
    first: int = 0,
) -> Parsed:
    """Parse rendered Markdown. Labels become anchors `<clause>--<label>`, straight quotation marks those of `quotes`.

    `lists` are the patterns of items' numbers; the first list counts from `first`, if that is given.

    Raises MarkdownError for markup that a contract cannot hold, for a label given
    twice, and for a placeholder that is not found again in the text.
    """
    faults: list[MarkdownFault] = []

    def refuse(what: str, line: int, needle: str) -> None:
        faults.append(MarkdownFault(f"the clause uses {what}, which a contract cannot hold", line, needle))

    tokens, notes = parted(_tokens(plain(text, refuse), quotes))
    reader = _Reader(tokens, pieces, clause, make_run, lists, quotes, notes, first, faults=faults)
    blocks = tuple(reader.blocks("", 0))
    for name, texts in notes.items():
        if name not in reader.marked:
            reader.refuse(f"the footnote `{name}` is marked nowhere: write [^{name}] where it belongs", _line(texts[0]))
        elif len(texts) > 1:
            reader.refuse(f"the footnote `{name}` stands twice", _line(texts[1]))
    lost = sorted(set(range(len(pieces))) - reader.found)
    # What stands in a construct that is refused is lost with it.
    for index in () if reader.faults else lost:
        piece, mark = pieces[index], f"{OPEN}{index}{CLOSE}"
        what = f"the value of `{piece.pointer}`" if piece.kind == "data" else f"“{piece.text or piece.target}”"
        message = f"{what} stands where text cannot be, such as in a link's address or an unused block"
        reader.refuse(message, text.count("\n", 0, text.find(mark)) + 1, mark)
    if reader.faults:
        raise MarkdownError(sorted(reader.faults, key=lambda fault: fault.line))
    return Parsed(blocks, reader.labels, reader.anchors, reader.defined)


@lru_cache(maxsize=2048)
def _tokens(text: str, quotes: str) -> Sequence[Token]:
    """Parse; agreements share most of their clauses' text, for values are not in it."""
    return tuple(_parser(quotes).parse(text))


@cache
def _parser(quotes: str) -> MarkdownIt:
    # Indented code is off: an indented line in a clause is a continuation. Straight quotation
    # marks of the library become typographic ones; values are not in the text yet.
    markdown = MarkdownIt("commonmark", {"html": True, "typographer": True, "quotes": quotes})
    return read_notes(markdown.enable(["table", "strikethrough", "smartquotes"]).disable(["code"]))


@dataclass(slots=True)
class _Reader:
    tokens: Sequence[Token]
    pieces: Sequence[Filling]
    clause: str
    make_run: RunMaker
    lists: Sequence[str]
    quotes: str
    notes: Mapping[str, Sequence[Token]]
    first: int = 0
    position: int = 0
    marked: set[str] = field(default_factory=set)
    found: set[int] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    faults: list[MarkdownFault] = field(default_factory=list)
    anchors: dict[str, str] = field(default_factory=dict)
    defined: dict[str, str] = field(default_factory=dict)
    _signs: list[str] = field(default_factory=list)
    _number: str = ""
    _label: str = ""
    _terms: list[str] = field(default_factory=list)
    _waiting: list[str] = field(default_factory=list)
    _line: int = 1

    def refuse(self, message: str, line: int = 0, needle: str = "") -> None:
        """Note something that a contract cannot hold, by default at the line that is being read."""
        self.faults.append(MarkdownFault(message, line or self._line, needle))

    def blocks(self, number: str, level: int) -> Iterator[Block]:
        """Yield the blocks up to the end of the container; `number` cites the items around them."""
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            if token.type in ("list_item_close", "bullet_list_close", "ordered_list_close"):
                return
            self.position += 1
            self._line = _line(token) or self._line
            match token.type:
                case "blockquote_close" | "heading_close":
                    pass
                case "paragraph_open":
                    yield self._paragraph(number)
                    if waiting := [*self._waiting]:
                        self._waiting.clear()
                        yield ItemList(tuple(map(self._note, waiting)), True, NOTES)
                case "ordered_list_open" | "bullet_list_open":
                    yield self._list(token, number, level)
                case "table_open":
                    yield self._table(token)
                case "inline":
                    self._inline(token)
                case other:
                    self._unsupported(other, token.markup)

    def _unsupported(self, kind: str, needle: str) -> None:
        self.refuse(f"the clause uses {UNSUPPORTED.get(kind, f'`{kind}`')}, which a contract cannot hold", 0, needle)

    def _note(self, name: str) -> Item:
        """Return what a footnote says; its number is given when all clauses are read."""
        token = self.notes[name][0]
        runs = self._inline(token)
        if self._waiting or self._label or self._signs:
            self.refuse("a footnote holds no label, and no footnote of its own", _line(token))
            self._waiting.clear()
            self._label = ""
        anchor = f"{self.clause}{NOTE}{name}"
        self._lead_to(anchor)
        return Item("", (Paragraph(runs),), anchor)

    def _mark_note(self, name: str) -> Iterator[Run]:
        if name in self.marked:
            self.refuse(f"the footnote `{name}` is marked twice: give each mark a note of its own", 0, f"[^{name}]")
        elif name not in self.notes:
            self.refuse(f"the footnote `{name}` says nothing: write [^{name}]: and its words on a line of their own")
        else:
            self._waiting.append(name)
            library = self.make_run("", None).origin
            yield Run(name, target=f"#{self.clause}{NOTE}{name}", origin=library and replace(library, kind="number"))
        self.marked.add(name)

    def _paragraph(self, number: str) -> Paragraph:
        self._number = number
        runs = self._inline(self.tokens[self.position])
        self.position += 2
        label, self._label = self._label, ""
        if label:
            self._mark(label, number)
        label = label or next(iter(self._signs), "") or next((f"term-{term}" for term in self._terms), "")
        anchor = f"{self.clause}--{label}" if label else ""
        self._lead_to(anchor)
        return Paragraph(runs, anchor)

    def _mark(self, label: str, number: str) -> None:
        if label in self.labels:
            self.refuse(f"the label `{label}` is given twice")
        self.labels[label] = number

    def _lead_to(self, anchor: str) -> None:
        """Let references to items of the sentence, and terms that it defines, lead to this anchor."""
        self.anchors |= dict.fromkeys(self._signs, anchor)
        self.defined |= dict.fromkeys(self._terms, anchor)
        self._signs.clear()
        self._terms.clear()

    def _list(self, opening: Token, number: str, level: int) -> ItemList:
        ordered = opening.type == "ordered_list_open"
        if ordered and level > MAX_LEVEL:
            self.refuse("lists are nested too deep to be numbered", _line(opening))
            level = MAX_LEVEL
        count, self.first = self.first or int(opening.attrs.get("start", 1)), 0
        if ordered and not 1 <= count <= MAX_ITEMS:
            self.refuse(f"a list begins with a number from 1 to {MAX_ITEMS}", _line(opening))
            count = 1
        items = []
        boxes = 0
        while self.tokens[self.position].type == "list_item_open":
            if ordered and count == MAX_ITEMS + 1:
                self.refuse(f"a list has more than {MAX_ITEMS} items", _line(opening))
            line = _line(self.tokens[self.position])
            self.position += 1
            own = item_number(level, min(count, MAX_ITEMS), self.lists) if ordered else ""
            blocks = tuple(self.blocks(number + item_cited(own), level + 1 if ordered else level))
            if not blocks:
                self.refuse("a list has an empty item", line)
                blocks = (Paragraph(()),)
            if not ordered and (box := _box(blocks[0])):
                own, first = box
                blocks = (first, *blocks[1:])
                boxes += 1
            # A label at the start of an item marks the item.
            anchor = ""
            if isinstance(blocks[0], Paragraph) and blocks[0].anchor and ordered:
                anchor = blocks[0].anchor
                blocks = (Paragraph(blocks[0].runs), *blocks[1:])
            items.append(Item(own, blocks, anchor))
            self.position += 1
            count += 1
        self.position += 1
        if 0 < boxes < len(items):
            self.refuse("some items of a list have a check box and others have none", _line(opening))
        return ItemList(tuple(items), ordered or bool(boxes), level)

    def _table(self, opening: Token) -> Table:
        alignments: list[Alignment] = []
        rows: list[tuple[Runs, ...]] = []
        cells: list[Runs] = []
        while (token := self.tokens[self.position]).type != "table_close":
            self.position += 1
            match token.type:
                case "tr_open":
                    cells = []
                case "th_open":
                    alignments.append(_alignment(token))
                case "inline":
                    cells.append(self._inline(token))
                    for what in ("a label",) * bool(self._label) + ("a footnote",) * bool(self._waiting):
                        self.refuse(f"{what} cannot stand in a table")
                    self._label = ""
                    self._waiting.clear()
                    self._lead_to(self.clause)
                case "tr_close":
                    rows.append(tuple(cells))
        self.position += 1
        if len(rows) < 2:
            self.refuse("a table has no rows", _line(opening))
        return Table(tuple(alignments), rows[0], tuple(rows[1:]))

    def _inline(self, token: Token) -> Runs:
        strong = emphasis = 0
        refused = False
        target = ""
        runs: list[Run] = []
        self._line = _line(token)
        for child in token.children or ():
            match child.type:
                case "text" | "text_special" | "softbreak" | "hardbreak":
                    self._line += child.type.endswith("break")
                    text = {"softbreak": " ", "hardbreak": LINE_BREAK}.get(child.type, child.content)
                    runs += self._runs(text, strong > 0, emphasis > 0, target)
                case "strong_open" | "strong_close":
                    strong += child.nesting
                case "em_open" | "em_close":
                    emphasis += child.nesting
                case "link_open":
                    target = str(child.attrs.get("href", ""))
                    if not LINK.fullmatch(target):
                        self.refuse(f"the link to {target!r} is neither https: nor mailto:", 0, target)
                        target = ""
                case "link_close":
                    target = ""
                case "s_close":
                    pass
                case "note_mark":
                    runs += self._mark_note(child.info)
                case "html_inline" if child.content.startswith("</") and refused:
                    pass  # its beginning is refused
                case other:
                    refused = refused or other == "html_inline"
                    self._unsupported(other, child.markup or child.content)
        return _merged(runs)

    def _runs(self, text: str, strong: bool, emphasis: bool, target: str) -> Iterator[Run]:
        end = 0
        for match in PLACEHOLDER.finditer(text):
            if match.start() > end:
                yield self._styled(text[end : match.start()], None, strong, emphasis, target)
            end = match.end()
            index = int(match[1])
            if index >= len(self.pieces):
                self.refuse("the text holds a private-use character", 0, match[0])
                continue
            self.found.add(index)
            piece = self.pieces[index]
            if piece.kind == "label" and piece.text:
                # An item of a sentence has no anchor of its own: what leads to it leads to the paragraph.
                self._mark(piece.target, self._number + piece.text)
                self._signs.append(piece.target)
                yield self._styled(piece.text, None, strong, emphasis, target)
            elif piece.kind == "label":
                if self._label:
                    self.refuse(f"the labels `{self._label}` and `{piece.target}` mark the same place")
                self._label = piece.target
            elif piece.kind == "definition":
                self._terms.append(piece.target)
                yield self._styled(self.quotes[0], None, strong, emphasis, target)
                yield self._styled(piece.text, None, True, emphasis, target)
                yield self._styled(self.quotes[1], None, strong, emphasis, target)
            else:
                yield self._styled(piece.text, piece, strong, emphasis, target)
        if end < len(text):
            yield self._styled(text[end:], None, strong, emphasis, target)

    def _styled(self, text: str, piece: Filling | None, strong: bool, emphasis: bool, target: str) -> Run:
        if piece is None and (hidden := HIDDEN.search(text)):
            self.refuse(f"the text holds the invisible character U+{ord(hidden[0]):04X}", 0, hidden[0])
        run = self.make_run(text if piece is None else text.replace(LINE_BREAK, " "), piece)
        return Run(run.text, strong, emphasis, run.target or target, run.origin)


def _box(block: Block) -> tuple[str, Paragraph] | None:
    """Return the check box with which an item begins, and the words after it."""
    if not (isinstance(block, Paragraph) and block.runs and (match := CHECK_BOX.match(block.runs[0].text))):
        return None
    first = replace(block.runs[0], text=block.runs[0].text[match.end() :])
    return ("☐" if match[1] == " " else "☒"), replace(block, runs=(first, *block.runs[1:]))


def _merged(runs: Sequence[Run]) -> Runs:
    """Join neighbours that differ in nothing but their text."""
    merged: list[Run] = []
    for run in runs:
        if merged and _alike(merged[-1], run):
            merged[-1] = Run(merged[-1].text + run.text, run.strong, run.emphasis, run.target, run.origin)
        else:
            merged.append(run)
    return tuple(merged)


def _alike(one: Run, other: Run) -> bool:
    return (
        (one.strong, one.emphasis, one.target, one.origin) == (other.strong, other.emphasis, other.target, other.origin)
        and one.origin is not None
        and one.origin.kind == "library"
    )


def _alignment(token: Token) -> Alignment:
    style = str(token.attrs.get("style", ""))
    if "right" in style:
        return "right"
    return "center" if "center" in style else "left"


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
