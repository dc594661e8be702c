"""Where the parts of a redline stand: on which side, how their changes are tracked, under which numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from clausebook.compare.model import (
    MarkedClause,
    MarkedDefinition,
    MarkedSchedule,
    MarkedSection,
    MarkedSignature,
    Redline,
)
from clausebook.model import Block, Clause, ItemList, Schedule, Section, Table
from clausebook.render.docx.redline_numbers import Pair
from clausebook.render.docx.tracked import (
    MOVED_FROM,
    MOVED_TO,
    NEW_ONLY,
    OLD_ONLY,
    STAYS,
    Tag,
    Tags,
    on_new,
    on_old,
)

Node: TypeAlias = MarkedSection | MarkedSchedule | MarkedClause | MarkedDefinition | MarkedSignature


@dataclass(frozen=True, slots=True)
class PlacedClause:
    """A clause, the tag of the thing itself and the tags inside it, and the number of its heading on each side.

    A side of `number` is None where no heading stands.
    """

    node: MarkedClause
    tag: Tag
    tags: Tags
    number: Pair


@dataclass(frozen=True, slots=True)
class PlacedPart:
    """A section or a schedule, like a clause, and the clauses in it that are written."""

    node: MarkedSection | MarkedSchedule
    tag: Tag
    tags: Tags
    number: Pair
    clauses: tuple[PlacedClause, ...]


def place(node: Node, outer: Tags, moves: Iterable[str]) -> tuple[Tag | None, Tags]:
    """Return the tag of a thing and the tags inside it; `outer` are those of what it stands in."""
    if not node.move:
        return outer[node.mark], outer
    if outer[node.mark] is None:
        return None, outer
    tracked = outer is STAYS and node.move in moves
    if node.mark == "deleted":
        tags = MOVED_FROM if tracked else OLD_ONLY
    else:
        tags = MOVED_TO if tracked else NEW_ONLY
    return tags["same"], tags


def place_parts(parts: Iterable[MarkedSection | MarkedSchedule], moves: Iterable[str]) -> tuple[PlacedPart, ...]:
    """Return sections or schedules in reading order, those that no side needs left out."""
    found = []
    for part in parts:
        tag, tags = place(part, STAYS, moves)
        if tag is not None:
            clauses = tuple([one for clause in part.clauses if (one := place_clause(clause, tags, moves))])
            found.append(PlacedPart(part, tag, tags, _numbers(part.old, part.new, tag), clauses))
    return tuple(found)


def place_clause(clause: MarkedClause, outer: Tags, moves: Iterable[str]) -> PlacedClause | None:
    """Return a clause with its place, None if no side needs it."""
    tag, tags = place(clause, outer, moves)
    return None if tag is None else PlacedClause(clause, tag, tags, _numbers(clause.old, clause.new, tag))


def tracked_moves(redline: Redline) -> dict[str, str]:
    """Return the moves that are tracked as such, with the name of each.

    Not so those of rows and tables, which Word tracks only as deleted and inserted, and those inside another move.
    """
    places: Counter[str] = Counter()
    unfit: set[str] = set()
    for node, nested in _nodes(redline):
        if node.move:
            places[node.move] += 1
            if nested or isinstance(node, MarkedSignature) or any(map(_has_table, _blocks(node))):
                unfit.add(node.move)
    fit = [move for move, count in places.items() if count == 2 and move not in unfit]
    return {move: f"move{place}" for place, move in enumerate(fit, 1)}


def _nodes(redline: Redline) -> Iterator[tuple[Node, bool]]:
    for clause in (*redline.opening, *redline.closing):
        yield clause, False
    for signature in redline.signatures:
        yield signature, False
    parts: tuple[MarkedSection | MarkedSchedule, ...] = (*redline.sections, *redline.schedules)
    for part in parts:
        yield part, False
        for clause in part.clauses:
            yield clause, bool(part.move)
        if isinstance(part, MarkedSchedule):
            for definition in part.definitions:
                yield definition, bool(part.move)


def _blocks(node: Node) -> Iterator[tuple[Block, ...]]:
    for side in (node.old, node.new):
        if isinstance(side, Section | Schedule):
            for clause in side.clauses:
                yield clause.blocks
            if isinstance(side, Schedule):
                for definition in side.definitions:
                    yield definition.blocks
        elif side and not isinstance(node, MarkedSignature):
            yield side.blocks  # type: ignore[union-attr]


def _has_table(blocks: tuple[Block, ...]) -> bool:
    return any(
        isinstance(block, Table)
        or (isinstance(block, ItemList) and any(_has_table(item.blocks) for item in block.items))
        for block in blocks
    )


def _numbers(old: Section | Schedule | Clause | None, new: Section | Schedule | Clause | None, tag: Tag) -> Pair:
    return (
        old.number if old and on_old(tag) and _is_headed(old) else None,
        new.number if new and on_new(tag) and _is_headed(new) else None,
    )


def _is_headed(part: Section | Schedule | Clause) -> bool:
    return not isinstance(part, Clause) or bool(part.number or part.title)
