"""Merge two orders of things that have ids: what stayed, came, went or moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from clausebook.compare.model import Mark
from clausebook.compare.sequences import heaviest_increasing
from clausebook.document.model import DocumentPart, Schedule, Section
from clausebook.document.words import part_text, unnumbered


class Identified(Protocol):
    """Something with an id that is unique in its document."""

    @property
    def id(self) -> str:
        """The id."""


T = TypeVar("T", bound=Identified)
W = TypeVar("W", bound=Identified)


@dataclass(frozen=True, slots=True)
class Both(Generic[T]):
    """What the old and the new document have of a kind, wherever it stands, by id."""

    old: Mapping[str, T]
    new: Mapping[str, T]


@dataclass(frozen=True, slots=True)
class Sides(Generic[T]):
    """A thing at one place of the redline: its mark, what it was and is, and its move if it moved.

    Both sides are there if it stayed or moved.
    """

    mark: Mark
    old: T | None
    new: T | None
    move: str = ""

    @property
    def id(self) -> str:
        """The thing's id."""
        return self.shown.id

    @property
    def shown(self) -> T:
        """The side that is shown: the old if it is deleted, else the new."""
        shown = self.old if self.mark == "deleted" else self.new
        if shown is None:
            raise ValueError("a thing must be on the side that is shown")
        return shown

    @property
    def pair(self) -> tuple[T, T] | None:
        """Both sides where they are to be compared: not at the place that a thing moved away from."""
        if self.mark == "deleted" or self.old is None or self.new is None:
            return None
        return self.old, self.new


def sides(kind: str, old: Sequence[T], new: Sequence[T], weigh: Callable[[T], int]) -> list[Sides[T]]:
    """Merge two sequences outside of which no thing of theirs can be; see `merged`."""
    return merged(kind, old, new, Both(by_id(old), by_id(new)), weigh)


def members(
    kind: str,
    whole: Sides[W],
    parts: Callable[[W], Sequence[T]],
    everywhere: Both[T],
    weigh: Callable[[T], int],
) -> Iterator[Sides[T]]:
    """Yield the parts of a section or schedule.

    Where the whole moved, its parts are given at both places: at the old as moved
    with it, at the new as though nothing had moved, without those that went.
    """
    old = parts(whole.old) if whole.old else ()
    new = parts(whole.new) if whole.new else ()
    for part in merged(kind, old, new, everywhere, weigh):
        if not whole.move or (whole.mark == part.mark and part.mark != "same"):
            yield part
        elif part.mark == "same":
            yield Sides("deleted", part.old, part.new, whole.move) if whole.mark == "deleted" else part


def merged(
    kind: str,
    old: Sequence[T],
    new: Sequence[T],
    everywhere: Both[T],
    weigh: Callable[[T], int],
) -> list[Sides[T]]:
    """Merge two sequences into one order; what went comes before what came.

    As little as can be is said to move, by the weight of the new things.
    """
    stayed = staying(old, new, weigh)
    found: list[Sides[T]] = []
    place = 0

    def leave() -> None:
        nonlocal place
        while place < len(old) and old[place].id not in stayed:
            thing = old[place]
            found.append(Sides("deleted", thing, everywhere.new.get(thing.id), _move(kind, thing, everywhere)))
            place += 1

    leave()
    for thing in new:
        if thing.id in stayed:
            found.append(Sides("same", old[place], thing))
            place += 1
            leave()
        else:
            found.append(Sides("inserted", everywhere.old.get(thing.id), thing, _move(kind, thing, everywhere)))
    return found


def staying(old: Sequence[T], new: Sequence[T], weigh: Callable[[T], int]) -> frozenset[str]:
    """Return the ids of the heaviest set of things that are in the same order on both sides; the others moved.

    Who tells of moves must ask this, with `weight`, so that all tell the same.
    """
    there = {thing.id for thing in new}
    places = {name: place for place, name in enumerate(thing.id for thing in old if thing.id in there)}
    common = [thing for thing in new if thing.id in places]
    values = [places[thing.id] for thing in common]
    if values == sorted(values):
        return frozenset(places)
    kept = heaviest_increasing(values, list(map(weigh, common)))
    return frozenset(common[index].id for index in kept)


def weight(part: DocumentPart) -> int:
    """Return about how many letters would be marked if a part were said to have moved."""
    found = 1 + len(part_text(part, unnumbered))
    if isinstance(part, Section | Schedule):
        found += sum(map(weight, part.clauses)) + sum(map(weight, part.definitions))
    return found


def by_id(things: Iterable[T]) -> dict[str, T]:
    """Return the things by their ids."""
    return {thing.id: thing for thing in things}


def _move(kind: str, thing: T, everywhere: Both[T]) -> str:
    """Return the id of a thing's move, "" if it only came or went; unique in a document because ids of a kind are."""
    return f"{kind}-{thing.id}" if thing.id in everywhere.old and thing.id in everywhere.new else ""
