"""The excerpt of a redline: what changed, under its headings and numbers, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, get_args

from clausebook.compare.changes import Change
from clausebook.compare.model import (
    MarkedClause,
    MarkedSchedule,
    MarkedSection,
    MarkedSignature,
    MarkedTop,
    Redline,
)
from clausebook.compare.uses import Use
from clausebook.document.model import Clause, Definition, Document, Schedule, Section, SignatureBlock

LeftOut = Literal["clauses", "definitions", "signatures"]
"""What an excerpt leaves out, by what it is counted as."""

_FIELDS: Mapping[type, str] = {MarkedSection: "sections", MarkedSignature: "signatures", MarkedSchedule: "schedules"}
_Group = TypeVar("_Group", MarkedSection, MarkedSchedule)
_Thing = Section | Schedule | Clause | Definition | SignatureBlock


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What changed of a redline: a redline of the two texts without what stayed.

    `redline` is that of the excerpts of both texts, so that accepting gives the new one's and rejecting the old one's;
    `given` is that of the `whole`. `left_out` counts what is in the new text and not in the excerpt. `relied` has each
    changed definition with the places that did not change themselves and use its term.
    """

    redline: Redline
    whole: Redline
    left_out: Mapping[LeftOut, int]
    relied: tuple[tuple[Change, tuple[Use, ...]], ...]


def excerpt(redline: Redline, changes: Sequence[Change]) -> Excerpt:
    """Return what changed of a redline; `changes` are all that it has."""
    changed = {(change.part, change.place) for change in changes}
    inside = {place for part, place in changed if part in ("clause", "definition")}
    relied = (
        (change, tuple(use for use in change.uses if use.place not in inside))
        for change in changes
        if change.part == "definition"
    )
    cut = _cut(redline, changed)
    there, kept = Counter(_counted(redline)), Counter(_counted(cut))
    return Excerpt(
        cut,
        redline,
        {kind: count for kind in get_args(LeftOut) if (count := there[kind] - kept[kind])},
        tuple((change, uses) for change, uses in relied if uses),
    )


def _cut(redline: Redline, changed: set[tuple[Any, str]]) -> Redline:
    fields: dict[str, list[MarkedTop]] = {"opening": [], "sections": [], "closing": [], "signatures": []}
    fields["schedules"] = []
    order: list[tuple[str, int]] = []
    for part in redline.sequence():
        kept: MarkedTop | None
        match part:
            case MarkedClause():
                kept = part if ("clause", part.id) in changed else None
            case MarkedSignature():
                kept = part if ("signature", part.id) in changed else None
            case MarkedSection():
                kept = _group(part, "section", changed)
            case MarkedSchedule():
                kept = _group(part, "schedule", changed)
        if kept:
            name = _FIELDS.get(type(part)) or ("closing" if part in redline.closing else "opening")
            order.append((name, len(fields[name])))
            fields[name].append(kept)
    cut: Any = {name: tuple(parts) for name, parts in fields.items()}
    return replace(
        redline,
        **cut,
        order=tuple(order) if redline.order else (),
        old=_side(redline.old, cut, "old"),
        new=_side(redline.new, cut, "new"),
    )


def _group(part: _Group, kind: str, changed: set[tuple[Any, str]]) -> _Group | None:
    clauses = tuple(_clauses(part.clauses, changed))
    definitions = tuple(each for each in part.definitions if ("definition", each.id) in changed)
    if not (clauses or definitions or (kind, part.id) in changed):
        return None
    return replace(part, clauses=clauses, definitions=definitions)


def _clauses(clauses: Iterable[MarkedClause], changed: set[tuple[Any, str]]) -> Iterator[MarkedClause]:
    """Yield the clauses that changed, each below the headings that it stands under."""
    above: list[MarkedClause] = []
    for clause in clauses:
        above = [each for each in above if each.level < clause.level]
        if ("clause", clause.id) in changed:
            yield from map(_heading, above)
            yield clause
            above = []
        elif clause.title and clause.mark != "deleted":
            above.append(clause)


def _heading(clause: MarkedClause) -> MarkedClause:
    old, new = (side and replace(side, blocks=()) for side in (clause.old, clause.new))
    return replace(clause, old=old, new=new, blocks=() if clause.blocks is not None else None)


def _side(document: Document, cut: Mapping[str, Sequence[Any]], side: Literal["old", "new"]) -> Document:
    """Return one of the two texts, with what the excerpt holds of it."""

    def there(parts: Iterable[Any]) -> Iterator[Any]:
        dropped = "inserted" if side == "old" else "deleted"
        return (part for part in parts if part.mark != dropped and getattr(part, side))

    def group(part: Any) -> Any:
        clauses, definitions = (
            tuple(getattr(each, side) for each in there(inner)) for inner in (part.clauses, part.definitions)
        )
        return replace(getattr(part, side), clauses=clauses, definitions=definitions)

    opening, closing = (
        next((getattr(each, side) for each in there(cut[name])), None) for name in ("opening", "closing")
    )
    return replace(
        document,
        opening=opening,
        sections=tuple(map(group, there(cut["sections"]))),
        closing=closing,
        signatures=tuple(getattr(each, side) for each in there(cut["signatures"])),
        schedules=tuple(map(group, there(cut["schedules"]))),
    )


def _counted(redline: Redline) -> Iterator[LeftOut]:
    """Yield what each text of the new document is counted as; a heading alone is none."""
    for part in redline.new.parts():
        match part:
            case Clause() if part.blocks:
                yield "clauses"
            case Definition():
                yield "definitions"
            case SignatureBlock():
                yield "signatures"
