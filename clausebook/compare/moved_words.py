"""Find words that went at one place and came at another: an item that changed its place, a sentence, a whole clause.

Only what is the same word for word has moved; what was reworded on the way is deleted and inserted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby, pairwise
from typing import TypeVar

from clausebook.compare.model import (
    Mark,
    MarkedBlock,
    MarkedClause,
    MarkedDefinition,
    MarkedItem,
    MarkedList,
    MarkedParagraph,
    MarkedPassage,
    MarkedRow,
    MarkedSchedule,
    MarkedSection,
    MarkedTable,
    MarkedText,
    Moved,
    Piece,
    Pieces,
    Redline,
)
from clausebook.compare.tokens import tokens
from clausebook.document.model import Clause, Definition
from clausebook.document.words import called

FEWEST = 8
"""Words in a row that make a move of a part of what went or came; they must be half of it on one side at least."""

FEWEST_OF_WHOLE = 3
"""The same for a whole paragraph, item or cell that stands word for word elsewhere."""

MOST_WORDS = 200_000
"""Words that went or came among which moves are looked for."""

_Gram = tuple[str, ...]
_Change = Callable[[Pieces], Pieces]


@dataclass(frozen=True, slots=True)
class _Fragment:
    """Words that went or came in a row: where they are, what each is; `whole`: nothing else stands in their text."""

    text: int
    first: int
    last: int
    place: str
    whole: bool
    keys: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Match:
    """The same words in a fragment that went and in one that came, by the places of the first and after the last."""

    old: int
    new: int
    start: int
    begin: int
    size: int


def with_moved_words(redline: Redline) -> Redline:
    """Return the redline in which pieces that moved say so."""
    gone: list[_Fragment] = []
    come: list[_Fragment] = []
    numbers = count()
    for part in _parts(redline):
        place = _called(part)

        def gather(pieces: Pieces, part: _Part = part, place: tuple[str, str] = place) -> Pieces:
            text = next(numbers)
            # Of a thing that moved, all that differs is told at its new place.
            if not part.move and any(piece.mark != "same" for piece in pieces):
                gone.extend(_fragments(pieces, "deleted", text, place[0]))
                come.extend(_fragments(pieces, "inserted", text, place[1]))
            return pieces

        _mapped(part.blocks or (), gather)
    if not gone or not come or sum(len(each.keys) for each in (*gone, *come)) > MOST_WORDS:
        return redline
    found: dict[int, list[tuple[int, int, int, int, Moved]]] = {}
    for number, match in enumerate(_matches(gone, come), 1):
        old, new = gone[match.old], come[match.new]
        moved = Moved(f"words-{number}", old.place, new.place)
        for each, start in ((old, match.start), (new, match.begin)):
            span = each.starts[start], each.ends[start + match.size - 1]
            found.setdefault(each.text, []).append((each.first, each.last, *span, moved))
    return _applied(redline, found) if found else redline


_Part = MarkedClause | MarkedDefinition
_Group = TypeVar("_Group", MarkedSection, MarkedSchedule)


def _parts(redline: Redline) -> Iterator[_Part]:
    yield from redline.opening
    for section in redline.sections:
        yield from section.clauses
        yield from section.definitions
    yield from redline.closing
    for schedule in redline.schedules:
        yield from schedule.clauses
        yield from schedule.definitions


def _called(part: _Part) -> tuple[str, str]:
    """Return what the part is called on both sides."""

    def name(side: Clause | Definition | None) -> str:
        return f"“{side.term}”" if isinstance(side, Definition) else called(side) if side else ""

    return name(part.old), name(part.new)


def _fragments(pieces: Pieces, mark: Mark, text: int, place: str) -> Iterator[_Fragment]:
    at = 0
    for own, group in groupby(pieces, lambda piece: piece.mark == mark and not piece.numbering):
        inside = list(group)
        first, at = at, at + len(inside)
        if own:
            words = tokens(tuple(piece.run for piece in inside), linked=False)
            if len(words.keys) >= FEWEST_OF_WHOLE:
                yield _Fragment(
                    text, first, at, place, len(inside) == len(pieces), words.keys, words.starts, words.ends
                )


def _matches(gone: Sequence[_Fragment], come: Sequence[_Fragment]) -> Iterator[_Match]:
    """Yield what is the same on both sides, each word once: whole texts first, then longest parts that are unique."""
    taken: tuple[set[int], set[int]] = (set(), set())
    wholes: dict[_Gram, list[int]] = {}
    for place, each in enumerate(come):
        if each.whole:
            wholes.setdefault(tuple(each.keys), []).append(place)
    for place, each in enumerate(gone):
        others = wholes.get(tuple(each.keys)) if each.whole else None
        if others:
            other = others.pop(0)
            taken[0].add(place)
            taken[1].add(other)
            yield _Match(place, other, 0, 0, len(each.keys))
    left = [
        [(n, each) for n, each in enumerate(side) if n not in done]
        for side, done in zip((gone, come), taken, strict=True)
    ]
    seen = Counter(gram for _, each in left[0] for gram in _grams(each))
    places: dict[_Gram, tuple[int, int]] = {}
    for n, each in left[1]:
        for at, gram in enumerate(_grams(each)):
            if gram in seen:
                places[gram] = (n, at) if gram not in places else (-1, 0)
    used: set[tuple[int, int]] = set()
    for n, each in left[0]:
        at = 0
        for start, gram in enumerate(_grams(each)):
            other, begin = places.get(gram, (-1, 0))
            if start < at or other < 0 or seen[gram] > 1:
                continue
            match = _widened(n, each, other, come[other], start, begin)
            at = start + match.size
            inside = {(other, match.begin + step) for step in range(match.size)}
            if not inside & used and 2 * match.size >= min(len(each.keys), len(come[other].keys)):
                used |= inside
                yield match


def _grams(fragment: _Fragment) -> Iterator[_Gram]:
    keys = fragment.keys
    return (tuple(keys[at : at + FEWEST]) for at in range(len(keys) - FEWEST + 1))


def _widened(old: int, ours: _Fragment, new: int, theirs: _Fragment, start: int, begin: int) -> _Match:
    size = FEWEST
    while start + size < len(ours.keys) and begin + size < len(theirs.keys):
        if ours.keys[start + size] != theirs.keys[begin + size]:
            break
        size += 1
    return _Match(old, new, start, begin, size)


def _applied(redline: Redline, found: dict[int, list[tuple[int, int, int, int, Moved]]]) -> Redline:
    numbers = count()

    def change(pieces: Pieces) -> Pieces:
        spans = found.get(next(numbers))
        return _cut(pieces, spans) if spans else pieces

    def part(node: _Part) -> _Part:
        return node if node.blocks is None else replace(node, blocks=_mapped(node.blocks, change))

    def clauses(nodes: Iterable[MarkedClause]) -> tuple[MarkedClause, ...]:
        return tuple(map(part, nodes))  # type: ignore[arg-type]

    def inside(each: _Group) -> _Group:
        return replace(each, clauses=clauses(each.clauses), definitions=tuple(map(part, each.definitions)))  # type: ignore[arg-type]

    return replace(
        redline,
        opening=clauses(redline.opening),
        sections=tuple(map(inside, redline.sections)),
        closing=clauses(redline.closing),
        schedules=tuple(map(inside, redline.schedules)),
    )


def _cut(pieces: Pieces, spans: Sequence[tuple[int, int, int, int, Moved]]) -> Pieces:
    """Return the pieces, those in the spans (pieces from and to, and characters from and to among them) as moved."""
    result: list[Piece] = []
    groups = sorted({(first, last) for first, last, _, _, _ in spans})
    done = 0
    for first, last in groups:
        result += pieces[done:first]
        done = last
        offset = 0
        own = sorted((start, end, moved) for a, b, start, end, moved in spans if (a, b) == (first, last))
        for piece in pieces[first:last]:
            text = piece.run.text
            edges = {0, len(text)} | {
                at - offset for start, end, _ in own for at in (start, end) if 0 < at - offset < len(text)
            }
            cuts = sorted(edges)
            for start, end in pairwise(cuts):
                moved = next((m for a, b, m in own if a <= offset + start and offset + end <= b), None)
                result.append(replace(piece, run=replace(piece.run, text=text[start:end]), moved=moved))
            offset += len(text)
        _settle_spaces(result)
    return (*result, *pieces[done:])


def _settle_spaces(pieces: list[Piece]) -> None:
    """Let the space beside words that moved go with them."""
    for place, piece in enumerate(pieces):
        if piece.mark != "same" and not piece.moved and piece.run.text.isspace():
            beside = [*pieces[place + 1 : place + 2], *pieces[max(place - 1, 0) : place]]
            moved = next((each.moved for each in beside if each.moved and each.mark == piece.mark), None)
            pieces[place] = replace(piece, moved=moved)


def _mapped(text: MarkedText, change: _Change) -> MarkedText:
    """Return the text with each of its stretches of pieces changed, in reading order."""
    return tuple(
        MarkedPassage(
            tuple(
                replace(each, pieces=change(each.pieces), table=each.table and _block(each.table, change))  # type: ignore[arg-type]
                for each in block.stretches
            )
        )
        if isinstance(block, MarkedPassage)
        else _block(block, change)
        for block in text
    )


def _block(block: MarkedBlock, change: _Change) -> MarkedBlock:
    match block:
        case MarkedParagraph():
            return replace(block, pieces=change(block.pieces))
        case MarkedList():
            return replace(block, items=tuple(_item(item, change) for item in block.items))
        case MarkedTable():
            rows = (MarkedRow(row.mark, tuple(map(change, row.cells))) for row in (block.header, *block.rows))
            header, *others = rows
            return replace(block, header=header, rows=tuple(others))


def _item(item: MarkedItem, change: _Change) -> MarkedItem:
    return replace(item, blocks=tuple(_block(block, change) for block in item.blocks))
