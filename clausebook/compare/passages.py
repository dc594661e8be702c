"""Find where ends of paragraphs came or went while the words stayed, and compare there word by word.

A paragraph was split, several were merged, a paragraph became a list or the other way: one block became several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby, islice
from typing import TypeAlias

from clausebook.compare.alignment import Candidate, aligned
from clausebook.compare.columns import compared_table, whole_table
from clausebook.compare.model import ItemStep, Mark, MarkedPassage, Piece, Pieces, Stand, Stretch
from clausebook.compare.sequences import Hunk, differences, matches
from clausebook.compare.texts import END, compared, marked, normal, whole
from clausebook.compare.tokens import plain_words
from clausebook.document.model import Block, ItemList, Paragraph, Run, Runs, Table
from clausebook.document.walk import Blocks

KEPT = 0.6
"""The share of its words that a paragraph must have kept to be a part of another."""

FEWEST = 3
"""Words that it must have kept, so many of them in a row; fewer are enough for one beside such a part."""

MOST_WORDS = 20_000
"""Words of neighbours that differ, in which parts of paragraphs are looked for."""

_END = Run(END)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A paragraph or table, where it stands, and the place of the clause's block that it is in."""

    runs: Runs
    stand: Stand
    top: int
    table: Table | None = None

    @property
    def shape(self) -> object:
        """What must be the same on both sides for no more than words to differ."""
        steps = self.stand.steps
        return steps and (self.stand.leads, *[(step.ordered, step.level) for step in steps])


_Shared: TypeAlias = Counter[tuple[int, int]]
"""Words by the leaf of the old side and the leaf of the new that share them."""

_Segment: TypeAlias = tuple[range, range]
"""Leaves of the old side and of the new that belong together; one each, if they are one that stayed."""


def passages(old: Blocks, new: Blocks) -> Iterator[tuple[Hunk, MarkedPassage]]:
    """Yield the blocks of both sides that one passage covers, and the passage, in order."""
    if len(old) == len(new) == 1 and all(isinstance(block, Paragraph | Table) for block in (*old, *new)):
        return
    before, after = _leaves(old), _leaves(new)
    if not before or not after:
        return
    ours, theirs = list(map(_candidate, range(len(before)), before)), list(map(_candidate, range(len(after)), after))
    hunks = differences([each.key for each in ours], [each.key for each in theirs], by_length=True)
    if all(b - a == d - c == 1 for a, b, c, d in hunks) and all(
        one is two or one.shape == two.shape for one, two in zip(before, after, strict=True)
    ):
        return
    segments = list(_segments(before, after, ours, theirs, hunks))
    found = [place for place, segment in enumerate(segments) if _is_passage(segment, before, after)]
    for start, end in _widened(found, segments, before, after):
        stretches = [each for segment in segments[start:end] for each in _stretches(segment, before, after)]
        tops = [
            [side[leaf].top for segment in segments[start:end] for leaf in segment[number]]
            for number, side in enumerate((before, after))
        ]
        (a, b), (c, d) = ((side[0], side[-1] + 1) for side in tops)
        yield (a, b, c, d), MarkedPassage(tuple(_with_common_lists(stretches)))


def _leaves(blocks: Blocks) -> list[_Leaf]:
    """Return the paragraphs and tables of a clause; none if an item begins with neither words nor a paragraph."""
    numbers = count()

    def inside(block: Block, top: int, steps: tuple[ItemStep, ...], leads: bool) -> Iterator[_Leaf]:
        match block:
            case Paragraph():
                yield _Leaf(block.runs, Stand(steps, leads, block.anchor), top)
            case Table():
                yield _Leaf((), Stand(steps, False, ""), top, block)
            case ItemList():
                own = next(numbers)
                for item in block.items:
                    step = ItemStep(own, next(numbers), block.ordered, block.level, item.number, item.anchor)
                    for place, each in enumerate(item.blocks):
                        yield from inside(each, top, (*steps, step), place == 0)

    def sound(blocks: Iterable[Block]) -> bool:
        return all(
            item.blocks and isinstance(item.blocks[0], Paragraph) and sound(item.blocks)
            for block in blocks
            if isinstance(block, ItemList)
            for item in block.items
        )

    found = [leaf for top, block in enumerate(blocks) for leaf in inside(block, top, (), False)]
    return found if sound(blocks) and not any(END in run.text for leaf in found for run in leaf.runs) else []


def _segments(
    old: Sequence[_Leaf],
    new: Sequence[_Leaf],
    ours: Sequence[Candidate[int]],
    theirs: Sequence[Candidate[int]],
    hunks: Sequence[Hunk],
) -> Iterator[_Segment]:
    """Yield which leaves belong together, in order."""
    i = j = 0
    for a, b, c, d in [*hunks, (len(old), len(old), len(new), len(new))]:
        yield from ((range(x, x + 1), range(j + x - i, j + x - i + 1)) for x in range(i, a))
        i, j = a, c
        for x, y, z, w in [*_groups(old, new, (a, b, c, d)), (b, b, d, d)]:
            for mark, one, other in aligned(ours[i:x], theirs[j:z]):
                yield (
                    range(one, one + 1) if mark != "inserted" else range(0),
                    range(other, other + 1) if mark != "deleted" else range(0),
                )
            if x < y:
                yield range(x, y), range(z, w)
            i, j = y, w


def _candidate(place: int, leaf: _Leaf) -> Candidate[int]:
    if leaf.table:
        text = "\n".join(normal(cell) for row in (leaf.table.header, *leaf.table.rows) for cell in row)
        return Candidate(place, "table", text)
    return Candidate(place, "", normal(leaf.runs))


def _groups(old: Sequence[_Leaf], new: Sequence[_Leaf], span: Hunk) -> list[Hunk]:
    """Return the stretches of leaves in which one became several or several one."""
    start, end, begin, stop = span
    if (end - start) * (stop - begin) < 2 or any(leaf.table for leaf in (*old[start:end], *new[begin:stop])):
        return []
    ours, theirs = ([plain_words(normal(leaf.runs)) for leaf in side] for side in (old[start:end], new[begin:stop]))
    sizes = [[sum(map(_is_word, words)) for words in side] for side in (ours, theirs)]
    if sum(sizes[0]) + sum(sizes[1]) > MOST_WORDS:
        return []
    kept, longest = _kept(ours, theirs)

    def is_part(pair: tuple[int, int], fewest: int) -> bool:
        smaller = min(sizes[0][pair[0]], sizes[1][pair[1]])
        enough = kept[pair] >= max(fewest, KEPT * smaller)
        return enough and longest[pair] >= min(fewest, smaller)

    parts = {pair for pair in kept if is_part(pair, FEWEST)}
    more = {(x, y) for x, y in kept if is_part((x, y), 1)} - parts
    parts |= {(x, y) for x, y in more if any(abs(x - z) + abs(y - w) == 1 for z, w in parts)}
    found: list[Hunk] = []
    for x, y in sorted(parts):
        if found and (x < found[-1][1] or y < found[-1][3]):
            a, b, c, d = found[-1]
            found[-1] = a, max(b, x + 1), c, max(d, y + 1)
        else:
            found.append((x, x + 1, y, y + 1))
    return [(a + start, b + start, c + begin, d + begin) for a, b, c, d in found if (b - a) * (d - c) > 1]


def _kept(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> tuple[_Shared, _Shared]:
    """Return how many words each leaf of one side shares with each of the other, and how many in a row, in order."""
    owners = [[place for place, words in enumerate(side) for _ in words] for side in (old, new)]
    ours, theirs = ([word for words in side for word in words] for side in (old, new))
    kept: _Shared = Counter()
    longest: _Shared = Counter()
    for a, b, c, d in matches(differences(ours, theirs), len(ours), len(theirs)):
        pairs = zip(owners[0][a:b], owners[1][c:d], ours[a:b], strict=True)
        for pair, group in groupby(pairs, lambda each: each[:2]):
            row = sum(_is_word(each[2]) for each in group)
            if row:
                kept[pair] += row
                longest[pair] = max(longest[pair], row)
    return kept, longest


def _is_word(token: str) -> bool:
    return token[0].isalnum() or len(token) > 1


def _is_passage(segment: _Segment, old: Sequence[_Leaf], new: Sequence[_Leaf]) -> bool:
    ours, theirs = segment
    if len(ours) == len(theirs) == 1:
        return old[ours[0]].shape != new[theirs[0]].shape
    return bool(ours and theirs)


def _widened(
    found: Iterable[int], segments: Sequence[_Segment], old: Sequence[_Leaf], new: Sequence[_Leaf]
) -> Iterator[tuple[int, int]]:
    """Yield from where to where segments are to be taken so that each is a passage of whole blocks on both sides."""
    blocks = [
        [{side[leaf].top for leaf in each[number]} for each in segments] for number, side in enumerate((old, new))
    ]
    spans: list[dict[int, tuple[int, int]]] = [{}, {}]
    for number, side in enumerate(blocks):
        for place, tops in enumerate(side):
            for top in tops:
                spans[number][top] = spans[number].get(top, (place, 0))[0], place + 1
    done = 0
    for place in found:
        if place < done:
            continue
        left, right = place, place + 1
        while True:
            reached = [spans[number][top] for number in (0, 1) for tops in blocks[number][left:right] for top in tops]
            wider = min(first for first, _ in reached), max(last for _, last in reached)
            if wider == (left, right):
                break
            left, right = wider
        yield left, right
        done = right


def _stretches(segment: _Segment, old: Sequence[_Leaf], new: Sequence[_Leaf]) -> Iterator[Stretch]:
    ours, theirs = [old[place] for place in segment[0]], [new[place] for place in segment[1]]
    if not ours or not theirs:
        mark: Mark = "deleted" if ours else "inserted"
        for leaf in ours or theirs:
            stands = (leaf.stand, None) if ours else (None, leaf.stand)
            table = whole_table(leaf.table, mark) if leaf.table else None
            yield Stretch(whole(leaf.runs, mark), stands[0], stands[1], table)
    elif len(ours) == len(theirs) == 1:
        was, now = ours[0], theirs[0]
        table = compared_table(was.table, now.table) if was.table and now.table else None
        if was.table and not table:
            yield from _stretches((segment[0], range(0)), old, new)
            yield from _stretches((range(0), segment[1]), old, new)
        else:
            yield Stretch(compared(was.runs, now.runs), was.stand, now.stand, table)
    else:
        pieces: list[Piece] = []
        for piece in _with_own_ends(marked(_joined(ours), _joined(theirs))):
            if piece.run.text != END:
                pieces.append(piece)
                continue
            was_stand = ours.pop(0).stand if piece.mark != "inserted" else None
            now_stand = theirs.pop(0).stand if piece.mark != "deleted" else None
            yield Stretch(tuple(pieces), was_stand, now_stand)
            pieces = []
        yield Stretch(tuple(pieces), ours[0].stand, theirs[0].stand)


def _joined(leaves: Iterable[_Leaf]) -> Runs:
    runs = [run for leaf in leaves for run in (*leaf.runs, _END)]
    return tuple(runs[:-1])


def _with_own_ends(pieces: Pieces) -> Pieces:
    """Return the pieces so that a whole paragraph that came or went does so with the end after it, not that before."""
    found = list(pieces)
    for place, piece in enumerate(found):
        if piece.run.text != END or piece.mark != "same":
            continue
        before = place - 1
        while before >= 0 and found[before].mark != "same" and found[before].mark == found[place - 1].mark:
            if found[before].run.text == END:
                mark = found[before].mark
                found[before], found[place] = replace(found[before], mark="same"), replace(piece, mark=mark)
                break
            before -= 1
    return tuple(found)


def _with_common_lists(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield the stretches so that a list, or an item, that stayed is the same on both sides."""
    lists: dict[int, int] = {}
    items: dict[int, int] = {}
    taken: set[int] = set()

    def pair(known: dict[int, int], own: int, other: int) -> bool:
        if own not in known and other not in taken:
            known[own] = other
            taken.add(other)
        return known.get(own) == other

    for old, new in (*starts(stretches), *((each.old, each.new) for each in stretches)):
        for ours, theirs in zip(old.steps, new.steps, strict=False) if old and new else ():
            if (ours.ordered, ours.level) != (theirs.ordered, theirs.level) or not pair(lists, ours.list, theirs.list):
                break
            if not pair(items, ours.item, theirs.item):
                break

    def known(stand: Stand | None) -> Stand | None:
        # What has no twin keeps clear of the other side's numbers.
        return stand and replace(
            stand,
            steps=tuple(
                replace(step, list=lists.get(step.list, -1 - step.list), item=items.get(step.item, -1 - step.item))
                for step in stand.steps
            ),
        )

    return (replace(each, old=known(each.old)) for each in stretches)


def starts(stretches: Sequence[Stretch]) -> Iterator[tuple[Stand | None, Stand | None]]:
    """Yield, for each stretch, where the paragraph stands on each side that begins with it; None where none does."""
    open_old = open_new = False
    for place, each in enumerate(stretches):
        old_here, new_here = each.whole != "inserted", each.whole != "deleted"
        yield (
            _ending(stretches, place, "old") if old_here and not open_old else None,
            _ending(stretches, place, "new") if new_here and not open_new else None,
        )
        open_old = each.old is None and (open_old or old_here)
        open_new = each.new is None and (open_new or new_here)


def _ending(stretches: Sequence[Stretch], place: int, side: str) -> Stand | None:
    return next((stand for each in islice(stretches, place, None) if (stand := getattr(each, side))), None)
