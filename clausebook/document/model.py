"""The assembled agreement: the one text that every output is written from.

A `Document` is complete: every number, reference and defined term in it is
resolved, and every word is in a `Run` that knows where it came from. Writers
only arrange runs and escape them, once, for their own format.

Reading order, which every output keeps: kind, title, then the document's `sequence`: opening,
sections, closing, signatures, schedules, unless its `order` says otherwise. `words.py` spells it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from clausebook.formats.table import FINGERPRINT_FORMS

LINE_BREAK = "\u2028"
"""Where a line ends though the paragraph goes on; like all white space it is no word."""

OriginKind = Literal["library", "data", "reference", "term", "number"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run's words came from. Internal: never leaves the house.

    `library`: text of the clause or glossary entry named by `source` and `version`.
    `data`: the agreement's value at `pointer`. `reference` and `term`: made by
    `ref` or `term` in the clause `source`; `pointer` holds the target's id.
    `number`: a number given by the assembler.
    """

    kind: OriginKind
    source: str = ""
    version: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look and one origin.

    `text` is plain text, never markup. `target` is "" or a link: "#" and an
    anchor of this document, or an `https:` or `mailto:` address.
    """

    text: str
    strong: bool = False
    emphasis: bool = False
    target: str = ""
    origin: Origin | None = None


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `anchor` is "" unless something refers to it."""

    runs: Runs
    anchor: str = ""


TICKED = "☒"
BOXES = ("☐", TICKED)
"""The check boxes that begin an item, instead of a number."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list. `number` is printed as it stands, "(a)" or "(ii)", or one of `BOXES`; "" for a bullet."""

    number: str
    blocks: tuple[Block, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list. `level` is 0 for (a), 1 for (i), 2 for (A); `ordered` False means bullets."""

    items: tuple[Item, ...]
    ordered: bool
    level: int


Alignment = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row. Every row has as many cells as `alignments`."""

    alignments: tuple[Alignment, ...]
    header: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]


Block: TypeAlias = Paragraph | ItemList | Table


@dataclass(frozen=True, slots=True)
class ClauseSource:
    """Which clause fills a slot, and what the house says of it. Internal.

    `position` is "standard", "fallback 1", …, or "by counsel"; for negotiated
    wording it is "negotiated" and `departs_from` names the library clause and
    version ("termination@1.0") that it departs from; the text of a schedule of
    the deal's own is an "own schedule", which departs from nothing.
    """

    clause: str
    version: str
    position: str
    path: str
    approver: str = ""
    guidance: str = ""
    reason: str = ""
    departs_from: str = ""

    @property
    def deviates(self) -> bool:
        """Tell whether the clause is not the standard one of its slot."""
        return self.position not in ("standard", "own schedule")

    @property
    def library_clause(self) -> str:
        """Return the id of the library clause that this is, or that it departs from."""
        return self.departs_from.partition("@")[0] or self.clause


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause: the text that fills one slot.

    `id` is the slot's id and unique in the document; it is also the anchor.
    `number` is printed as it stands ("6.2"); "" for an unnumbered clause
    (the opening, the closing), whose `title` is "" too. A number without a title
    stands before the first words. `level` is 0 right below the section or schedule,
    1 below such a clause, and so on; a heading alone has no blocks.
    """

    id: str
    number: str
    title: str
    blocks: tuple[Block, ...]
    source: ClauseSource | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Definition:
    """A defined term and its meaning; `id` is the anchor. `blocks` begin with the term itself."""

    id: str
    term: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the body: `number` is printed as it stands ("6."), "" is not.

    Its clauses stand in reading order, those of a lower level after the one above them; then come definitions.
    """

    id: str
    number: str
    title: str
    clauses: tuple[Clause, ...]
    definitions: tuple[Definition, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule, like a section: `number` is printed as it stands ("Schedule A")."""

    id: str
    number: str
    title: str
    clauses: tuple[Clause, ...] = ()
    definitions: tuple[Definition, ...] = ()


@dataclass(frozen=True, slots=True)
class PageSetup:
    """The pages of PDF and Word, in twentieths of a point; a margin of -1 is that of the look.

    `contents` tells whether a table of contents may stand before the text, `tickable` whether check boxes can be
    ticked in Word. `look` names the file of the PDF's look that lays it out, "" for that of agreements.
    """

    width: int
    height: int
    top: int = -1
    right: int = -1
    bottom: int = -1
    left: int = -1
    contents: bool = True
    tickable: bool = False
    look: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A party, for facts and file metadata; the opening clause holds its words in the contract."""

    key: str
    legal_name: str
    short_name: str


FieldKind = Literal["signature", "name", "title", "date", "text"]


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A line of a signature block: a printed label, and the value if it is known.

    A line without runs is a blank to be filled in by hand or by a form field.
    """

    label: str
    field: FieldKind
    runs: Runs = ()


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Where one signatory signs for one party. `id` is unique and stable ("harborview-1")."""

    id: str
    party: str
    heading: Runs
    lines: tuple[SignatureLine, ...]


DocumentPart: TypeAlias = Section | Clause | SignatureBlock | Schedule | Definition
TopPart: TypeAlias = Section | Clause | SignatureBlock | Schedule


@dataclass(frozen=True, slots=True)
class Restated:
    """What a copy says of itself whose text amendments made, and which nobody signed.

    `mark` stands on every page, `notice` under the title, `unsigned` where signature blocks would. `text` is the
    fingerprint of the agreement's own words, which its pages name; "" until it is presented.
    """

    mark: str
    notice: str
    unsigned: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """An assembled agreement.

    `kind` is the printed kind of agreement ("Partnership Agreement"), `type` its
    folder's name. `draft` says whether outputs carry the DRAFT mark, which is NOT
    APPROVED if it is `unapproved`: no draft, but waiting for approvals. `status`
    and the clauses' `source` and runs' `origin` are internal. `form` is that of
    its fingerprint: what was sent or signed keeps the one that it was named by.
    `order` holds the ids of the `sequence` where it is not the usual one. `page` is
    None where the look decides on it. `restated` is set where amendments made the
    text; `front`, which stands under the title, is empty until such a text is presented.
    """

    id: str
    type: str
    kind: str
    title: str
    version: str
    status: str
    draft: bool
    language: str
    parties: tuple[Party, ...]
    opening: Clause | None
    sections: tuple[Section, ...]
    closing: Clause | None
    signatures: tuple[SignatureBlock, ...]
    schedules: tuple[Schedule, ...]
    form: int = FINGERPRINT_FORMS[-1]
    order: tuple[str, ...] = ()
    page: PageSetup | None = None
    unapproved: bool = False
    restated: Restated | None = None
    front: tuple[Block, ...] = ()

    def sequence(self) -> Sequence[TopPart]:
        """Return what stands on the top level, in reading order."""
        opening, closing = ((part,) if part else () for part in (self.opening, self.closing))
        usual = (*opening, *self.sections, *closing, *self.signatures, *self.schedules)
        return in_order(usual, self.order, lambda part: part.id) if self.order else usual

    def parts(self) -> Iterator[DocumentPart]:
        """Yield everything with an id in reading order: what holds clauses or definitions comes before them."""
        for part in self.sequence():
            yield part
            if isinstance(part, Section | Schedule):
                yield from part.clauses
                yield from part.definitions

    def clauses(self) -> Iterator[Clause]:
        """Yield every clause in reading order, the opening, closing and schedules included."""
        return (part for part in self.parts() if isinstance(part, Clause))

    def groups(self) -> tuple[Section | Schedule, ...]:
        """Return what holds clauses: the sections, then the schedules."""
        return (*self.sections, *self.schedules)

    def movable_clauses(self) -> Iterator[Clause]:
        """Yield the clauses that can move: those of sections and schedules."""
        for group in self.groups():
            yield from group.clauses

    def definitions(self) -> Iterator[Definition]:
        """Yield every definition in reading order."""
        return (part for part in self.parts() if isinstance(part, Definition))


T = TypeVar("T")


def in_order(parts: Iterable[T], order: Sequence[str], name: Callable[[T], str]) -> tuple[T, ...]:
    """Return parts in the order of their names; one whose name is not there stays behind the one before it."""
    places = {each: place for place, each in enumerate(order)}
    ranked, last = [], -1
    for part in parts:
        last = places.get(name(part), last)
        ranked.append((last, part))
    return tuple(part for _, part in sorted(ranked, key=lambda pair: pair[0]))
