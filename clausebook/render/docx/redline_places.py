"""Where the parts of a redline stand: on which side, how their changes are tracked, under which numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clausebook.compare.model import (
    MarkedClause,
    MarkedPart,
    MarkedSchedule,
    MarkedSection,
)
from clausebook.document.model import Clause, Schedule, Section
from clausebook.render.docx.redline_numbers import Pair
from clausebook.render.docx.tracked import NEW_ONLY, OLD_ONLY, STAYS, Tag, Tags, on_new, on_old


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


def place(node: MarkedPart, outer: Tags) -> tuple[Tag | None, Tags]:
    """Return the tag of a thing and the tags inside it; `outer` are those of what it stands in."""
    if not node.move:
        return outer[node.mark], outer
    if outer[node.mark] is None:
        return None, outer
    tags = OLD_ONLY if node.mark == "deleted" else NEW_ONLY
    return tags["same"], tags


def place_parts(parts: Iterable[MarkedSection | MarkedSchedule]) -> tuple[PlacedPart, ...]:
    """Return sections or schedules in reading order, those that no side needs left out."""
    found = []
    for part in parts:
        tag, tags = place(part, STAYS)
        if tag is not None:
            clauses = tuple([one for clause in part.clauses if (one := place_clause(clause, tags))])
            found.append(PlacedPart(part, tag, tags, _numbers(part.old, part.new, tag), clauses))
    return tuple(found)


def place_clause(clause: MarkedClause, outer: Tags) -> PlacedClause | None:
    """Return a clause with its place, None if no side needs it."""
    tag, tags = place(clause, outer)
    return None if tag is None else PlacedClause(clause, tag, tags, _numbers(clause.old, clause.new, tag))


def _numbers(old: Section | Schedule | Clause | None, new: Section | Schedule | Clause | None, tag: Tag) -> Pair:
    return (
        old.number if old and on_old(tag) and _is_headed(old) else None,
        new.number if new and on_new(tag) and _is_headed(new) else None,
    )


def _is_headed(part: Section | Schedule | Clause) -> bool:
    return not isinstance(part, Clause) or bool(part.number or part.title)
