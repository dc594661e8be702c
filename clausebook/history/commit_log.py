"""The commits that changed an agreement's text, or one place of it, and what each of them changed there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from clausebook.document.excerpt import place_named, places_in
from clausebook.findings.model import RepositoryError
from clausebook.history.caused_changes import CausedChange, caused_changes
from clausebook.history.past_texts import Room
from clausebook.history.text_chain import Stop, WayBack, way_back
from clausebook.language.sandbox import Sandbox
from clausebook.repository.git.objects import Commit
from clausebook.repository.git.process import Git


@dataclass(frozen=True, slots=True)
class Logged:
    """A commit that changed the text; None for what is not committed yet. `removed` is the one that had removed the
    agreement which this one brought back.

    `first` tells that it is the first known text, which has no changes; `older`, that there may be others before it,
    which are not in this clone or were not looked at. `unread` counts the commits right before that
    cannot be assembled: a change may be theirs.
    """

    commit: Commit | None
    version: str
    first: bool
    older: bool
    unread: int
    changes: tuple[CausedChange, ...]
    removed: Commit | None = None


class CommitLog:
    """The log of an agreement, or of one place of it, `named` by its number, id or title; "" for all.

    A context manager. Raises RepositoryError if there is no such agreement, place or revision.
    """

    def __init__(
        self,
        git: Git,
        root: Path,
        agreement: str,
        named: str,
        sandbox: Sandbox,
        head: str = "",
        progress: Callable[[str], None] = lambda name: None,
    ) -> None:
        self._room, self._sandbox = Room(root, sandbox, helped=True), sandbox
        self.way: WayBack = way_back(git, root, agreement, head, progress, self._room)
        self.place, self._inside = self._named(named) if named else ("", set())

    def __enter__(self) -> CommitLog:
        return self

    def __exit__(self, *error: object) -> None:
        self._room.__exit__(*error)

    def entries(self) -> Iterator[Logged]:
        """Yield the commits that changed the text or the place, newest first, each told only when it is asked for."""
        stops = self.way.stops
        for index, stop in enumerate(stops):
            version, unread = stop.text.version, self.way.skipped[index]
            if index + 1 == len(stops):
                if not self.place or self._has(stop):
                    older = self.way.goes_on
                    yield Logged(stop.commit, version, True, older, 0 if older else unread, ())
                return
            before = stops[index + 1]
            if self._same(stop, before) and not stop.removed:
                continue
            changes = caused_changes(before, stop, self._room, self._sandbox)
            there = tuple(each for each in changes if not self.place or self.place in (each.place, each.group))
            if there or not self.place or stop.removed:
                yield Logged(stop.commit, version, False, False, unread, there, stop.removed)

    def _same(self, new: Stop, old: Stop) -> bool:
        """Tell without assembling anything that two texts are the same, or the place in them."""
        if new.text.fingerprint == old.text.fingerprint:
            return True
        # What a section held before shows only when both texts are compared.
        alone = self.place and self._inside == {self.place}
        return bool(alone) and new.text.parts.get(self.place) == old.text.parts.get(self.place)

    def _has(self, stop: Stop) -> bool:
        return not self._inside.isdisjoint(stop.text.parts)

    def _named(self, named: str) -> tuple[str, set[str]]:
        """Return the id of a place and those of what stands in it; a place of an older text is known by its id."""
        document = self._room.agreement(self.way.stops[0].wanted, self._sandbox).document
        try:
            place = place_named(document, named) if document else named
        except RepositoryError:
            if not any(named in stop.text.parts for stop in self.way.stops):
                raise
            return named, {named}
        return place, places_in(document, place) if document else {place}
