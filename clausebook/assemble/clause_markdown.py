"""From a rendered clause to blocks: the one time that Markdown is parsed.

Values are not there yet: placeholders stand for them, and each becomes a run of
its own after the parse. A placeholder that the parse does not give back as text
(in a link's target, say) is an error, so no value can get lost or become markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from clausebook.assemble.numbering import item_number
from clausebook.document.model import Alignment, Block, Item, ItemList, Paragraph, Run, Runs, Table
from clausebook.language.sheets import Filling
from clausebook.language.values import CLOSE, OPEN

PLACEHOLDER = re.compile(f"{OPEN}([0-9]{{1,9}}){CLOSE}")
HIDDEN = re.compile("[\ue000-\uf8ff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")
LINK = re.compile(r"(https://|mailto:)[!-~]+", re.IGNORECASE)
MAX_LEVEL = 3

UNSUPPORTED = {
    "blockquote_open": "a block quote",
    "code_block": "a code block",
    "code_inline": "code",
    "fence": "a code block",
    "heading_open": "a heading",
    "hr": "a rule",
    "html_block": "HTML",
    "html_inline": "HTML",
    "image": "an image",
    "s_open": "struck-out text",
}


class MarkdownError(Exception):
    """The text uses something that a contract cannot hold. `line` counts from 1 in the rendered text."""

    def __init__(self, message: str, line: int = 0) -> None:
        self.message, self.line = message, line
        super().__init__(message)


@dataclass(slots=True)
class Parsed:
    """A clause's blocks, and the anchors of its labels with the item numbers that lead there."""

    blocks: tuple[Block, ...]
    labels: dict[str, str] = field(default_factory=dict)


RunMaker = Callable[[str, Filling | None], Run]
"""Makes the run for library text (no piece) or for a piece that stands for a value."""


def parse_clause(text: str, pieces: Sequence[Filling], clause: str, make_run: RunMaker) -> Parsed:
    """Parse rendered Markdown. Labels become anchors `<clause>--<label>`.

    Raises MarkdownError for markup that a contract cannot hold, for a label given
    twice, and for a placeholder that is not found again in the text.
    """
    reader = _Reader(_tokens(text), pieces, clause, make_run)
    blocks = tuple(reader.blocks("", 0))
    lost = set(range(len(pieces))) - reader.found
    if lost:
        piece = pieces[min(lost)]
        what = f"the value of `{piece.pointer}`" if piece.kind == "data" else f"“{piece.text or piece.target}”"
        raise MarkdownError(f"{what} stands where text cannot be, such as in a link's address or an unused block")
    return Parsed(blocks, reader.labels)


@lru_cache(maxsize=2048)
def _tokens(text: str) -> Sequence[Token]:
    """Parse; agreements share most of their clauses' text, for values are not in it."""
    return tuple(_parser().parse(text))


@cache
def _parser() -> MarkdownIt:
    # Indented code is off: an indented line in a clause is a continuation. Straight quotation
    # marks of the library become typographic ones; values are not in the text yet.
    markdown = MarkdownIt("commonmark", {"html": True, "typographer": True})
    return markdown.enable(["table", "strikethrough", "smartquotes"]).disable(["code"])


@dataclass(slots=True)
class _Reader:
    tokens: Sequence[Token]
    pieces: Sequence[Filling]
    clause: str
    make_run: RunMaker
    position: int = 0
    found: set[int] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    _label: str = ""

    def blocks(self, number: str, level: int) -> Iterator[Block]:
        """Yield the blocks up to the end of the container; `number` cites the items around them."""
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            if token.type in ("list_item_close", "bullet_list_close", "ordered_list_close"):
                return
            self.position += 1
            match token.type:
                case "paragraph_open":
                    yield self._paragraph(number)
                case "ordered_list_open" | "bullet_list_open":
                    yield self._list(token, number, level)
                case "table_open":
                    yield self._table(token)
                case other:
                    what = UNSUPPORTED.get(other, f"`{other}`")
                    raise MarkdownError(f"the clause uses {what}, which a contract cannot hold", _line(token))

    def _paragraph(self, number: str) -> Paragraph:
        runs = self._inline(self.tokens[self.position])
        self.position += 2
        label, self._label = self._label, ""
        if label:
            self._keep_label(label, number)
        return Paragraph(runs, f"{self.clause}--{label}" if label else "")

    def _list(self, opening: Token, number: str, level: int) -> ItemList:
        ordered = opening.type == "ordered_list_open"
        if ordered and level > MAX_LEVEL:
            raise MarkdownError("lists are nested too deep to be numbered", _line(opening))
        count = int(opening.attrs.get("start", 1)) if ordered else 0
        if ordered and not 1 <= count <= 80:
            raise MarkdownError("a list begins with a number from 1 to 80", _line(opening))
        items = []
        while self.tokens[self.position].type == "list_item_open":
            self.position += 1
            own = item_number(level, count) if ordered else ""
            blocks = tuple(self.blocks(number + own, level + 1 if ordered else level))
            if not blocks:
                raise MarkdownError("a list has an empty item", _line(opening))
            # A label at the start of an item marks the item.
            anchor = ""
            if isinstance(blocks[0], Paragraph) and blocks[0].anchor and ordered:
                anchor = blocks[0].anchor
                blocks = (Paragraph(blocks[0].runs), *blocks[1:])
            items.append(Item(own, blocks, anchor))
            self.position += 1
            count += 1
            if ordered and count > 80:
                raise MarkdownError("a list has more than 80 items", _line(opening))
        self.position += 1
        return ItemList(tuple(items), ordered, level)

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
                    if self._label:
                        raise MarkdownError("a label cannot stand in a table", _line(opening))
                case "tr_close":
                    rows.append(tuple(cells))
        self.position += 1
        if len(rows) < 2:
            raise MarkdownError("a table has no rows", _line(opening))
        return Table(tuple(alignments), rows[0], tuple(rows[1:]))

    def _inline(self, token: Token) -> Runs:
        strong = emphasis = 0
        target = ""
        runs: list[Run] = []
        for child in token.children or ():
            match child.type:
                case "text" | "text_special":
                    runs += self._runs(child.content, strong > 0, emphasis > 0, target)
                case "softbreak" | "hardbreak":
                    runs += self._runs(" ", strong > 0, emphasis > 0, target)
                case "strong_open":
                    strong += 1
                case "strong_close":
                    strong -= 1
                case "em_open":
                    emphasis += 1
                case "em_close":
                    emphasis -= 1
                case "link_open":
                    target = str(child.attrs.get("href", ""))
                    if not LINK.fullmatch(target):
                        raise MarkdownError(f"the link to {target!r} is neither https: nor mailto:", _line(token))
                case "link_close":
                    target = ""
                case other:
                    what = UNSUPPORTED.get(other, f"`{other}`")
                    raise MarkdownError(f"the clause uses {what}, which a contract cannot hold", _line(token))
        return _merged(runs)

    def _runs(self, text: str, strong: bool, emphasis: bool, target: str) -> Iterator[Run]:
        end = 0
        for match in PLACEHOLDER.finditer(text):
            if match.start() > end:
                yield self._styled(text[end : match.start()], None, strong, emphasis, target)
            end = match.end()
            index = int(match[1])
            if index >= len(self.pieces):
                raise MarkdownError("the text holds a private-use character")
            self.found.add(index)
            piece = self.pieces[index]
            if piece.kind == "label":
                self._take_label(piece.target)
            else:
                yield self._styled(piece.text, piece, strong, emphasis, target)
        if end < len(text):
            yield self._styled(text[end:], None, strong, emphasis, target)

    def _styled(self, text: str, piece: Filling | None, strong: bool, emphasis: bool, target: str) -> Run:
        if piece is None and (hidden := HIDDEN.search(text)):
            raise MarkdownError(f"the text holds the invisible character U+{ord(hidden[0]):04X}")
        run = self.make_run(text, piece)
        return Run(run.text, strong, emphasis, run.target or target, run.origin)

    def _take_label(self, label: str) -> None:
        if self._label:
            raise MarkdownError(f"the labels `{self._label}` and `{label}` mark the same place")
        self._label = label

    def _keep_label(self, label: str, number: str) -> None:
        if label in self.labels:
            raise MarkdownError(f"the label `{label}` is given twice")
        self.labels[label] = number


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
