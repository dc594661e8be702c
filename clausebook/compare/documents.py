"""Compare two documents part by part, each with the part that has its id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clausebook.compare.alignment import Candidate, aligned
from clausebook.compare.blocks import compared_blocks, same_blocks, whole_blocks
from clausebook.compare.model import (
    Mark,
    MarkedClause,
    MarkedDefinition,
    MarkedLine,
    MarkedSchedule,
    MarkedSection,
    MarkedSignature,
    MarkedText,
    MarkedTop,
    Piece,
    Pieces,
    Redline,
)
from clausebook.compare.moved_words import with_moved_words
from clausebook.compare.order import Both, Sides, by_id, members, sides, weight
from clausebook.compare.renaming import renaming
from clausebook.compare.texts import compared, normal, same_runs, whole
from clausebook.document.model import (
    Clause,
    Definition,
    Document,
    Run,
    Schedule,
    Section,
    SignatureBlock,
    SignatureLine,
    TopPart,
)
from clausebook.document.walk import map_document, runs_in

_FIELDS: dict[type, str] = {MarkedSection: "sections", MarkedSignature: "signatures", MarkedSchedule: "schedules"}


def compare(old: Document, new: Document) -> Redline:
    """Merge two documents into one redline that shows what to do to the old to get the new.

    What only got another id is the same thing: the redline's `old` has the ids of the new; see `renaming`.
    """
    return with_moved_words(_Comparison((old, new), renaming(old, new).applied(old), new).run())


class _Comparison:
    """The comparison of two documents: knows what each has, wherever it is."""

    def __init__(self, given: tuple[Document, Document], old: Document, new: Document) -> None:
        self.given, self.shown = given, (old, new)
        # A text that comes from elsewhere marks no references at all: that is no change of each.
        bare = [
            not any(run.target.startswith("#") for run in (run for part in side.parts() for run in runs_in(part)))
            for side in given
        ]
        if bare[0] != bare[1]:
            old, new = (map_document(side, _unlinked) for side in (old, new))
        self.old, self.new = old, new
        self.clauses = Both(by_id(old.movable_clauses()), by_id(new.movable_clauses()))
        self.definitions = Both(by_id(old.definitions()), by_id(new.definitions()))

    def run(self) -> Redline:
        """Compare everything in reading order."""
        old, new = self.old, self.new
        closing = {id(it.closing) for it in (old, new) if it.closing}
        fields: dict[str, list[Any]] = {name: [] for name in _FIELDS.values()} | {"opening": [], "closing": []}
        order: list[tuple[str, int]] = []
        for part in map(self._part, _top_sides(old, new)):
            closes = id(part.new) in closing or id(part.old) in closing
            name = _FIELDS.get(type(part)) or ("closing" if closes else "opening")
            order.append((name, len(fields[name])))
            fields[name].append(part)
        return Redline(
            old=self.shown[0],
            new=self.shown[1],
            kind=_text(old.kind, new.kind),
            title=_text(old.title, new.title),
            **{name: tuple(parts) for name, parts in fields.items()},
            given=self.given,
            order=tuple(order) if old.order or new.order else (),
        )

    def _part(self, it: Sides[Any]) -> MarkedTop:
        match it.shown:
            case Clause():
                return _clause(it)
            case SignatureBlock():
                return _signature(it)
            case Section():
                return MarkedSection(it.id, it.mark, it.old, it.new, _title(it), *self._inside(it), it.move)
            case _:
                return MarkedSchedule(it.id, it.mark, it.old, it.new, _title(it), *self._inside(it), it.move)

    def _inside(self, it: Sides[Any]) -> tuple[tuple[MarkedClause, ...], tuple[MarkedDefinition, ...]]:
        clauses = members("clause", it, lambda part: part.clauses, self.clauses, weight)
        definitions = members("definition", it, lambda part: part.definitions, self.definitions, weight)
        return tuple(map(_clause, clauses)), tuple(map(_definition, definitions))


def _unlinked(run: Run) -> Run:
    return replace(run, target="") if run.target.startswith("#") else run


@dataclass(frozen=True, slots=True)
class _Top:
    """What stands on the top level; only what is of one kind can be the same."""

    part: TopPart

    @property
    def id(self) -> str:
        return f"{type(self.part).__name__.removesuffix('Block').lower()}-{self.part.id}"


def _top_sides(old: Document, new: Document) -> Iterator[Sides[Any]]:
    """Yield both sides of everything on the top level, in one order.

    Without an order of its own each kind has its place, so that what went of it stands before what came after it.
    """
    if old.order or new.order:
        before, after = (tuple(map(_Top, document.sequence())) for document in (old, new))
        for it in sides("", before, after, lambda top: weight(top.part)):
            yield Sides(it.mark, it.old and it.old.part, it.new and it.new.part, it.move.removeprefix("-"))
        return
    alone = [tuple((part,) if part else () for part in (it.opening, it.closing)) for it in (old, new)]
    yield from sides("clause", alone[0][0], alone[1][0], weight)
    yield from sides("section", old.sections, new.sections, weight)
    yield from sides("clause", alone[0][1], alone[1][1], weight)
    yield from sides("signature", old.signatures, new.signatures, weight)
    yield from sides("schedule", old.schedules, new.schedules, weight)


def _clause(it: Sides[Clause]) -> MarkedClause:
    return MarkedClause(it.id, it.mark, it.old, it.new, _title(it), _blocks(it), it.move)


def _definition(it: Sides[Definition]) -> MarkedDefinition:
    return MarkedDefinition(it.id, it.mark, it.old, it.new, _blocks(it), it.move)


def _blocks(it: Sides[Clause] | Sides[Definition]) -> MarkedText | None:
    if pair := it.pair:
        old, new = pair
        return None if same_blocks(old.blocks, new.blocks) else compared_blocks(old.blocks, new.blocks)
    return whole_blocks(it.shown.blocks, it.mark)


def _signature(it: Sides[SignatureBlock]) -> MarkedSignature:
    if pair := it.pair:
        old, new = pair
        heading = compared(old.heading, new.heading)
        lines = None if _same_lines(old.lines, new.lines) else _lines(old.lines, new.lines)
    else:
        heading = whole(it.shown.heading, it.mark)
        lines = tuple(_whole_line(line, it.mark) for line in it.shown.lines)
    return MarkedSignature(it.id, it.mark, it.old, it.new, heading, lines, it.move)


def _same_lines(old: Sequence[SignatureLine], new: Sequence[SignatureLine]) -> bool:
    return len(old) == len(new) and all(
        (ours.field, ours.label) == (theirs.field, theirs.label) and same_runs(ours.runs, theirs.runs)
        for ours, theirs in zip(old, new, strict=True)
    )


def _lines(old: Sequence[SignatureLine], new: Sequence[SignatureLine]) -> tuple[MarkedLine, ...]:
    return tuple(
        MarkedLine(mark, theirs.field, _text(ours.label, theirs.label), compared(ours.runs, theirs.runs))
        if mark == "same"
        else _whole_line(theirs, mark)
        for mark, ours, theirs in aligned(list(map(_line_candidate, old)), list(map(_line_candidate, new)))
    )


def _line_candidate(line: SignatureLine) -> Candidate[SignatureLine]:
    return Candidate(line, line.field, f"{line.label} {normal(line.runs)}", lead=line.label, least=0)


def _whole_line(line: SignatureLine, mark: Mark) -> MarkedLine:
    return MarkedLine(mark, line.field, whole((Run(line.label),), mark), whole(line.runs, mark))


def _title(it: Sides[Section] | Sides[Schedule] | Sides[Clause]) -> Pieces:
    if pair := it.pair:
        return _text(pair[0].title, pair[1].title)
    return whole((Run(it.shown.title),), it.mark)


def _text(old: str, new: str) -> Pieces:
    if old == new:
        return (Piece(Run(new), "same"),) if new else ()
    return compared((Run(old),), (Run(new),))
