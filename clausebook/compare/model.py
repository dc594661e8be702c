"""The redline: two documents merged into one tree, in reading order, each part of it marked.

What the marks mean, everywhere:

- `mark` speaks of the thing itself, not of what is in it. A paragraph, item, row,
  clause … marked "same" stands in both documents, though words inside it may be
  inserted or deleted; one marked "inserted" stands only in the new document and
  everything in it is inserted; "deleted" likewise for the old.
- A thing that moved is there twice and both nodes share a `move` id: at its old
  place a node marked "deleted" that holds the old words, all deleted; at its new
  place one marked "inserted", inside which the marks say how the new words differ
  from the old ("same", "inserted", "deleted"). What is deleted in there is for the
  reader alone: it stands in the node at the old place too. So a writer of tracked
  changes leaves it out, and so do `accepted` and `rejected`.
  So move sections, schedules, clauses, definitions and signature blocks; words that move alone are pieces. At the
  old place of a section or schedule that moved, what moved with it is "deleted" and
  has the `move` of the whole; at the new place it is marked as though nothing had
  moved, and what is no longer in it is not there.
- Things pair by id, never by number or place; what has its id on one side only pairs with
  what has nearly the same words, and `old` is read with the new ids (`renaming.py`).
  Paragraphs, items and rows pair by words.
- Where one paragraph became several, several became one, or a paragraph became an item or the other way, the words
  stay and ends of paragraphs come and go: a `MarkedPassage`. `laid_out` makes ordinary blocks of it, for writers.
- `None` for blocks, clauses, definitions or lines means "as in `new`": nothing in
  there differs but white space that parts the same words, and the numbers of items that are no check boxes: a writer
  that prints them takes the old ones from `old`. Else it takes the new thing as it
  is. This is what makes an unchanged clause cost nothing.
- Pieces marked "same" hold the new document's runs; `was` is there where the look was another.

Numbers are not pieces: those of sections, schedules and clauses are in `old` and
`new`, those of items in `old_number` and `new_number`. They differ when something
before them came or went, and that is no change, unless one is a check
box (`MarkedItem.ticked`). Numbers inside references are pieces with `numbering` set, and no change either.

Taking every node and piece that is not deleted gives the new document; taking every
one that is not inserted gives the old.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from clausebook.document.model import (
    BOXES,
    Alignment,
    Clause,
    Definition,
    Document,
    FieldKind,
    Run,
    Schedule,
    Section,
    SignatureBlock,
)

Mark = Literal["same", "inserted", "deleted"]


@dataclass(frozen=True, slots=True, order=True)
class Moved:
    """A move of words: a name that both its ends share, and what the places are called that they left and came to."""

    id: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one look, origin and mark; the mark never changes inside a word.

    `numbering` is set where a reference to the same target was renumbered: the old
    number is a deleted piece, the new one an inserted piece. Only they have it set.
    `sign` is set where the run is no word but the sign of a paragraph's end that came or went.
    `was` is the old run, in its look, where words stayed whose emphasis differs, or that were or are a link.
    `moved` is set on a deleted piece whose words were inserted elsewhere, and on that inserted piece.
    `run.text` is never "".
    """

    run: Run
    mark: Mark
    numbering: bool = False
    sign: bool = False
    was: Run | None = None
    moved: Moved | None = None

    @property
    def stays(self) -> bool:
        """Tell whether nothing changed but a number that follows from something else."""
        return (self.mark == "same" and self.was is None) or self.numbering


Pieces: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class MarkedParagraph:
    """A paragraph. Marked "inserted" or "deleted", its end (the paragraph mark) came or went with it."""

    mark: Mark
    pieces: Pieces
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """An item of a list. The number of the side where it does not stand is ""; so is that of a bullet."""

    mark: Mark
    old_number: str
    new_number: str
    blocks: tuple[MarkedBlock, ...]
    anchor: str = ""

    @property
    def ticked(self) -> bool:
        """Tell whether the check box that it begins with changed."""
        return self.mark == "same" and other_box(self.old_number, self.new_number)


def other_box(old: str, new: str) -> bool:
    """Tell whether one of two numbers of an item is a check box that is not the other one: a change, as words are."""
    return old != new and (old in BOXES or new in BOXES)


@dataclass(frozen=True, slots=True)
class MarkedList:
    """A list. `ordered` and `level` are the same on both sides: a list that changes them is deleted and inserted."""

    mark: Mark
    ordered: bool
    level: int
    items: tuple[MarkedItem, ...]


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row of a table: the pieces of each cell, which may be (); they are where the row is not in the column."""

    mark: Mark
    cells: tuple[Pieces, ...]


@dataclass(frozen=True, slots=True)
class MarkedTable:
    """A table. Every row has as many cells as `alignments`, those of columns that came or went among them.

    `header` has the table's own mark; `columns` are the marks of the columns, all "same" in a table that came or went.
    """

    mark: Mark
    alignments: tuple[Alignment, ...]
    header: MarkedRow
    rows: tuple[MarkedRow, ...]
    columns: tuple[Mark, ...]

    def on_side(self, dropped: Mark | None) -> MarkedTable:
        """Return the table without the columns that have a mark."""
        kept = [place for place, mark in enumerate(self.columns) if mark != dropped]
        if len(kept) == len(self.columns):
            return self

        def row(each: MarkedRow) -> MarkedRow:
            return MarkedRow(each.mark, tuple(each.cells[place] for place in kept))

        alignments, columns = (tuple(group[place] for place in kept) for group in (self.alignments, self.columns))
        return MarkedTable(self.mark, alignments, row(self.header), tuple(map(row, self.rows)), columns)  # type: ignore[arg-type]


MarkedBlock: TypeAlias = MarkedParagraph | MarkedList | MarkedTable


@dataclass(frozen=True, slots=True)
class ItemStep:
    """An item around a paragraph. `list` and `item` tell lists and items of a passage apart, those of both sides."""

    list: int
    item: int
    ordered: bool
    level: int
    number: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a paragraph stands on one side: the items around it, outermost first; `leads`: it begins the innermost."""

    steps: tuple[ItemStep, ...]
    leads: bool
    anchor: str

    @property
    def number(self) -> str:
        """The number that the paragraph begins with."""
        return self.steps[-1].number if self.leads else ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words up to where a paragraph ends on at least one side, or a table alone.

    `old` and `new` say where the paragraph stands that ends here; None where that side has no end here, but runs on
    into the next stretch. So what is on one side only has all its pieces, and its end, on that side.
    """

    pieces: Pieces
    old: Stand | None
    new: Stand | None
    table: MarkedTable | None = None

    @property
    def whole(self) -> Mark:
        """The mark of the whole stretch; "same" where anything of it stands on both sides."""
        if self.old and self.new:
            return "same"
        mark: Mark = "deleted" if self.old else "inserted"
        return mark if all(piece.mark == mark for piece in self.pieces) else "same"


@dataclass(frozen=True, slots=True)
class MarkedPassage:
    """Paragraphs and lists among which ends of paragraphs came or went while the words stayed."""

    stretches: tuple[Stretch, ...]


MarkedText: TypeAlias = tuple[MarkedBlock | MarkedPassage, ...]
"""The text of a clause or definition."""


@dataclass(frozen=True, slots=True)
class MarkedClause:
    """A clause. At least one of `old` and `new` is there: both if it is "same" or moved, else the one side.

    `title` holds all of the title's words, () for none. `blocks` None: as in `new`;
    it is None only where the mark is "same", or "inserted" at the new place of a move.
    """

    id: str
    mark: Mark
    old: Clause | None
    new: Clause | None
    title: Pieces
    blocks: MarkedText | None
    move: str = ""

    @property
    def level(self) -> int:
        """The level on which it stands, or stood."""
        shown = self.new or self.old
        return shown.level if shown else 0


@dataclass(frozen=True, slots=True)
class MarkedDefinition:
    """A definition; its fields follow the rules of a clause's."""

    id: str
    mark: Mark
    old: Definition | None
    new: Definition | None
    blocks: MarkedText | None
    move: str = ""


@dataclass(frozen=True, slots=True)
class MarkedSection:
    """A section of the body. From a deleted section a clause may move away, and into an inserted one.

    Definitions come after clauses.
    """

    id: str
    mark: Mark
    old: Section | None
    new: Section | None
    title: Pieces
    clauses: tuple[MarkedClause, ...]
    definitions: tuple[MarkedDefinition, ...] = ()
    move: str = ""


@dataclass(frozen=True, slots=True)
class MarkedSchedule:
    """A schedule; its fields follow the rules of a section's."""

    id: str
    mark: Mark
    old: Schedule | None
    new: Schedule | None
    title: Pieces
    clauses: tuple[MarkedClause, ...]
    definitions: tuple[MarkedDefinition, ...] = ()
    move: str = ""


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of a signature block: its label and its value, both () if there are no words."""

    mark: Mark
    field: FieldKind
    label: Pieces
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class MarkedSignature:
    """A signature block; `lines` None: heading and lines are as in `new`, and `heading` is given all the same."""

    id: str
    mark: Mark
    old: SignatureBlock | None
    new: SignatureBlock | None
    heading: Pieces
    lines: tuple[MarkedLine, ...] | None
    move: str = ""


MarkedTop: TypeAlias = MarkedSection | MarkedSchedule | MarkedClause | MarkedSignature
MarkedPart: TypeAlias = MarkedTop | MarkedDefinition


@dataclass(frozen=True, slots=True)
class Redline:
    """The two documents and their merged, marked tree in reading order.

    `given` are the documents as they were given: `old` has the ids of the new.
    `kind` and `title` are the document's own. `opening` and `closing` hold no clause,
    one, or two where one clause took another's place. `order` tells what stands on the top level,
    each by its field and place there, where that is not in the usual order.
    """

    old: Document
    new: Document
    kind: Pieces
    title: Pieces
    opening: tuple[MarkedClause, ...]
    sections: tuple[MarkedSection, ...]
    closing: tuple[MarkedClause, ...]
    signatures: tuple[MarkedSignature, ...]
    schedules: tuple[MarkedSchedule, ...]
    given: tuple[Document, Document]
    order: tuple[tuple[str, int], ...] = ()

    def sequence(self) -> Sequence[MarkedTop]:
        """Return what stands on the top level, in reading order."""
        if self.order:
            return tuple(getattr(self, name)[place] for name, place in self.order)
        return (*self.opening, *self.sections, *self.closing, *self.signatures, *self.schedules)
