"""Tracked changes of Word's own: insertions, deletions and moves of runs, paragraphs and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from clausebook.compare.model import Mark, MarkedPart, Pieces
from clausebook.document.model import Run
from clausebook.render.docx.markup import paragraph
from clausebook.render.docx.runs import Writer, look_xml

Tag = Literal["", "ins", "del"]
"""The element of a tracked change; "" for what stands on both sides."""

Place: TypeAlias = tuple[str, str]
"""What changes call a thing, and its id there."""

MoveTag = Literal["moveFrom", "moveTo"]
"""The same of words that moved."""

Tags: TypeAlias = Mapping[Mark, Tag | None]
"""How each mark is written at a place; None leaves the thing out."""

STAYS: Tags = {"same": "", "inserted": "ins", "deleted": "del"}
OLD_ONLY: Tags = {"same": "del", "inserted": None, "deleted": "del"}
NEW_ONLY: Tags = {"same": "ins", "inserted": "ins", "deleted": None}

NUMBERING = "Numbering"
"""The author of numbers that moved along with what they count."""
CONTENTS = "Contents"
"""The author of changes in the table of contents."""

# The schema wants a date on a move's range; no word processor shows that one.
_RANGE_DATE = "2000-01-01T00:00:00Z"


@dataclass(slots=True, kw_only=True)
class RedlineWriter(Writer):
    """A writer of tracked changes. `author` is escaped for XML; `staying` are the new document's anchors."""

    author: str
    staying: frozenset[str] = frozenset()
    moves: frozenset[tuple[str, Mark]] = frozenset()
    """The ends of moves of words that are tracked as such, by the move's name and the mark of the end."""
    last_move: int = 0
    spans: dict[Place, tuple[int, int]] = field(default_factory=dict)
    """For each thing, the ids between which those of its tracked changes lie: above the first, up to the last."""

    @contextmanager
    def of(self, part: str, node: MarkedPart) -> Iterator[None]:
        """Know the ids given out meanwhile as those of a thing; not at the place that it moved away from."""
        first = self.last_id
        yield
        if not (node.mark == "deleted" and node.move):
            self.spans[part, node.id] = first, self.last_id

    def attributes(self, author: str = "") -> str:
        """Return the attributes of a new tracked change; `author` takes the place of the writer's own."""
        return f'w:id="{self.next_id()}" w:author="{author or self.author}"'

    def changed(self, tag: Tag | MoveTag, content: str, author: str = "") -> str:
        """Return finished runs inside a tracked change; the runs themselves where there is none."""
        if not tag or not content:
            return content
        if tag == "del":
            content = content.replace("<w:t xml", "<w:delText xml").replace("</w:t>", "</w:delText>")
            content = content.replace("w:instrText", "w:delInstrText")
        return f"<w:{tag} {self.attributes(author)}>{content}</w:{tag}>"

    def paragraph(
        self, style: str, content: str, properties: str = "", tag: Tag = "", author: str = "", former: str = ""
    ) -> str:
        """Return a paragraph whose end came or went as `tag` says; `former` is what it was before, if it was other."""
        if tag:
            properties += f"<w:rPr><w:{tag} {self.attributes(author)}/></w:rPr>"
        return paragraph(style, content, properties + former)

    def whole_paragraph(self, finished: str, pieces: Pieces, tag: Tag) -> str:
        """Return a finished paragraph, as moved if it came or went and all its words moved."""
        moved = pieces[0].moved if pieces and tag else None
        if moved is None or (moved.id, pieces[0].mark) not in self.moves:
            return finished
        kind = MOVES[tag]
        text = retagged(finished, kind)
        if "<w:hyperlink " in text and "<w:numPr>" in text:
            # LibreOffice would leave an empty item where a single one with a link moved away, end and all.
            text = text.replace(f"<w:rPr><w:{kind} ", f"<w:rPr><w:{tag} ", 1)
        return self.moved(kind, moved.id, text)

    def former_look(self, run: Run) -> str:
        """Return the tracked change of the look that a run had before."""
        return f"<w:rPrChange {self.attributes()}><w:rPr>{look_xml(run)}</w:rPr></w:rPrChange>"

    def former(self, style: str, properties: str) -> str:
        """Return the tracked change of a paragraph's properties: its style and its numbering before."""
        before = f'<w:pStyle w:val="{style}"/>{properties}'
        return f"<w:pPrChange {self.attributes()}><w:pPr>{before}</w:pPr></w:pPrChange>"

    def row_mark(self, tag: Tag) -> str:
        """Return what says in a row's properties that the row came or went."""
        return f"<w:{tag} {self.attributes()}/>" if tag else ""

    def cell_mark(self, tag: Tag) -> str:
        """Return what says in a cell's properties that its column came or went."""
        return f"<w:cell{tag.capitalize()} {self.attributes()}/>" if tag else ""

    def next_move(self) -> str:
        """Return the name of a move that no other has."""
        self.last_move += 1
        return f"move{self.last_move}"

    def moved(self, tag: str, name: str, content: str) -> str:
        """Return finished blocks inside the range of a move; its two ends share the name."""
        start, end = self.move_range(tag, name)
        return f"{start}{content}{end}"

    def move_range(self, tag: str, name: str) -> tuple[str, str]:
        """Return the two ends of a move's range."""
        number = self.next_id()
        start = f'<w:{tag}RangeStart w:id="{number}" w:name="{name}" w:author="{self.author}" w:date="{_RANGE_DATE}"/>'
        return start, f'<w:{tag}RangeEnd w:id="{number}"/>'

    def anchor(self, anchor: str, tag: Tag) -> str:
        """Return the anchor to bookmark at a place: none where the thing goes and its anchor stands elsewhere."""
        return "" if tag == "del" and anchor in self.staying else anchor


MOVES: Mapping[Tag, MoveTag] = MappingProxyType({"del": "moveFrom", "ins": "moveTo"})


def retagged(finished: str, tag: str) -> str:
    """Return finished XML, what came or went in it as moved."""
    old = "ins" if tag == "moveTo" else "del"
    moved = finished.replace(f"<w:{old} ", f"<w:{tag} ").replace(f"</w:{old}>", f"</w:{tag}>")
    return moved.replace("<w:delText ", "<w:t ").replace("</w:delText>", "</w:t>")


def on_old(tag: Tag | None) -> bool:
    """Tell whether what is written so stands in the old document."""
    return tag in ("", "del")


def on_new(tag: Tag | None) -> bool:
    """Tell whether what is written so stands in the new document."""
    return tag in ("", "ins")


def heading_tag(tag: Tag, number: tuple[str | None, str | None]) -> Tag:
    """Return the tag of a heading; a clause that stays can get or lose its heading."""
    if tag or None not in number:
        return tag
    return "ins" if number[0] is None else "del"
