"""Who brought each sentence of an agreement's text in: with which commit, when, and by what.

A sentence is followed back through the texts of its time, wherever it stands in them. Of several that are alike, as
many are new as there are more of them. In a merge that made a text of its own, a sentence comes from whichever of the
merged branches had it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from clausebook.document.excerpt import place_named, places_in
from clausebook.document.model import Clause, Definition, Document
from clausebook.findings.model import RepositoryError
from clausebook.history.caused_changes import CausedChange, Why, caused_changes
from clausebook.history.past_texts import Room
from clausebook.history.sentences import Sentence, sentences
from clausebook.history.sources import sources
from clausebook.history.text_chain import Stop, WayBack, branch_back, way_back
from clausebook.language.sandbox import Sandbox
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.objects import Commit
from clausebook.repository.git.process import Git, MissingObject

MOST_BRANCHES = 200
"""Merged branches that are gone back into; what came with others is told of the merge."""

BRANCH_STEPS = 50
"""Steps of each of them; what is older is said to be."""

_At = tuple[str, int]
"""Where a sentence stands in a text: its place, and how many stand before it there."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """That a sentence had stood in the text before: brought in by one commit, taken out by a later one."""

    brought: Commit
    removed: Commit


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """Where a sentence came from. `commit` is None for what is not committed yet, `version` that of its text.

    `first` tells that the agreement's first known text has it, `older` that it may be older than that: what was before
    is not in this clone, or was not looked at. `unread` counts the commits right before that cannot be assembled: one
    of them may have brought it. `why` and `cause` say what did.
    """

    commit: Commit | None
    version: str
    first: bool
    older: bool
    unread: int
    why: Why
    cause: str
    earlier: Earlier | None


@dataclass(frozen=True, slots=True)
class Blamed:
    """A sentence of the newest text, and where it came from."""

    sentence: Sentence
    origin: BroughtIn


@dataclass(frozen=True, slots=True)
class Blame:
    """The sentences in reading order, and the way back. `closed` counts the branches that were not gone into."""

    sentences: tuple[Blamed, ...]
    way: WayBack
    closed: int


def blame(
    git: Git,
    root: Path,
    agreement: str,
    named: str,
    sandbox: Sandbox,
    head: str = "",
    progress: Callable[[str], None] = lambda name: None,
) -> Blame:
    """Say of each sentence of an agreement's text, or of one place of it, who brought it in.

    `named` is "" or a place by its number, id or title; the text is that of `head`, a revision's name, or of the work
    tree. Raises RepositoryError if there is no such agreement, place or revision.
    """
    with Room(root, sandbox, helped=True) as room:
        way = way_back(git, root, agreement, head, progress, room)
        document = room.agreement(way.stops[0].wanted, sandbox).document
        if document is None:
            raise RepositoryError(f"the text of `{agreement}` cannot be assembled", f"clausebook check {agreement}")
        every = list(sentences(document))
        place = place_named(document, named) if named else ""
        asked = places_in(document, place) if named else {each.place for each in every}
        tracing = _Tracing(git, root, room, sandbox)
        found = tracing.origins(way, every, asked, progress)
    return Blame(found, way, len(tracing.closed))


class _Tracing:
    """One walk back; what it found of branches is kept."""

    def __init__(self, git: Git, root: Path, room: Room, sandbox: Sandbox) -> None:
        self._git, self._root, self._room, self._sandbox = git, root, room, sandbox
        self._branches: dict[tuple[str, str], WayBack] = {}
        self.closed: set[tuple[str, str]] = set()

    def origins(
        self, way: WayBack, every: Sequence[Sentence], asked: set[str], progress: Callable[[str], None]
    ) -> tuple[Blamed, ...]:
        counts: dict[str, int] = {}
        alive: dict[int, _At] = {}
        for number, each in enumerate(every):
            if each.place in asked:
                alive[number] = each.place, counts.get(each.place, 0)
            counts[each.place] = counts.get(each.place, 0) + 1
        found = {number: (branch, index) for branch, index, number in self._walk(way, alive)}
        made: dict[tuple[int, int], Mapping[str, CausedChange]] = {}
        told = []
        for number in sorted(found):
            branch, index = found[number]
            if (id(branch), index) not in made:
                progress(f"what {branch.stops[index].name} changed")
                made[id(branch), index] = self._changes(branch, index)
            told.append(Blamed(every[number], self._origin(branch, index, every[number], made[id(branch), index])))
        return tuple(told)

    def _walk(self, way: WayBack, alive: Mapping[int, _At]) -> Iterator[tuple[WayBack, int, int]]:
        """Yield, for each of some sentences of the newest text, the way and the number of the stop that brought it."""
        alive = dict(alive)
        for index in range(len(way.stops)):
            if not alive:
                return
            before = _before(way, index, alive.values())
            lost = {number: at for number, at in alive.items() if at not in before}
            alive = {number: before[at] for number, at in alive.items() if at in before}
            for branch in self._other_parents(way, index) if lost else ():
                if not branch.stops:
                    continue
                there = _paired(way.stops[index], branch.stops[0], set(lost.values()))
                yield from self._walk(branch, {number: there[at] for number, at in lost.items() if at in there})
                lost = {number: at for number, at in lost.items() if at not in there}
            yield from ((way, index, number) for number in lost)

    def _other_parents(self, way: WayBack, index: int) -> Iterator[WayBack]:
        """Yield the ways back from the parents of a merge whose text is not the next one on its own way."""
        stop = way.stops[index]
        if stop.commit is None or len(stop.commit.parents) < 2:
            return
        older = way.stops[index + 1].wanted.sources.key if index + 1 < len(way.stops) else ""
        for parent in stop.commit.parents:
            key = parent, stop.wanted.sources.id
            with suppress(MissingObject):
                there = sources(GitTree(self._git, parent), stop.wanted.sources.id)
                if there is None or there.key == older:
                    continue
                if key not in self._branches and len(self._branches) < MOST_BRANCHES:
                    self._branches[key] = branch_back(self._git, self._root, *key, self._room, BRANCH_STEPS)
            if key in self._branches:
                yield self._branches[key]
            else:
                self.closed.add(key)

    def _changes(self, way: WayBack, index: int) -> Mapping[str, CausedChange]:
        stops = way.stops
        if index + 1 == len(stops):
            return {}
        return {each.place: each for each in caused_changes(stops[index + 1], stops[index], self._room, self._sandbox)}

    def _origin(self, way: WayBack, index: int, sentence: Sentence, changes: Mapping[str, CausedChange]) -> BroughtIn:
        stop, last = way.stops[index], index + 1 == len(way.stops)
        older = last and way.goes_on
        why: Why = ""
        cause = ""
        if not last:
            change = changes.get(sentence.place) or changes.get(f"document: {sentence.place}")
            why, cause = (change.why, change.cause) if change else ("", "")
        elif not older:
            why, cause = _made_of(self._room.agreement(stop.wanted, self._sandbox).document, sentence)
        unread = 0 if older else way.skipped[index]
        earlier = _earlier(way.stops, index, sentence.mark)
        return BroughtIn(stop.commit, stop.text.version, last, older, unread, why, cause, earlier)


def _before(way: WayBack, index: int, alive: Iterable[_At]) -> Mapping[_At, _At]:
    """Return where sentences of a stop stand in the next one, those alone that it has."""
    if index + 1 == len(way.stops) or way.stops[index].removed:
        return {}
    return _paired(way.stops[index], way.stops[index + 1], set(alive))


def _earlier(stops: Sequence[Stop], index: int, mark: str) -> Earlier | None:
    """Return an earlier time at which the text had a sentence, before a stop that brought it back."""
    if index + 1 < len(stops) and mark in stops[index + 1].known and not stops[index].removed:
        # It is one more of those that were there.
        return None
    for last in range(index + 1, len(stops)):
        if mark in stops[last].known:
            first = last
            while first + 1 < len(stops) and mark in stops[first + 1].known and not stops[first].removed:
                first += 1
            brought, removed = stops[first].commit, stops[last - 1].removed or stops[last - 1].commit
            return Earlier(brought, removed) if brought and removed else None
    return None


def _paired(new: Stop, old: Stop, wanted: set[_At]) -> Mapping[_At, _At]:
    """Return where sentences of one text stand in an older one: in the same place if they can, else in another."""
    ours, theirs = new.marks, old.marks
    if all(ours[place] == theirs.get(place) for place in {place for place, _ in wanted}):
        return {at: at for at in wanted}
    found: dict[_At, _At] = {}
    left: dict[str, list[_At]] = {}
    for place, marks in theirs.items():
        if marks != ours.get(place):
            for number, mark in enumerate(marks):
                left.setdefault(mark, []).append((place, number))
    rest = []
    for place, marks in ours.items():
        for number, mark in enumerate(marks):
            if marks == theirs.get(place):
                found[place, number] = place, number
                continue
            same = next((at for at in left.get(mark, ()) if at[0] == place), None)
            if same:
                left[mark].remove(same)
                found[place, number] = same
            else:
                rest.append(((place, number), mark))
    for at, mark in rest:
        if left.get(mark):
            found[at] = left[mark].pop(0)
    return {at: found[at] for at in wanted if at in found}


def _made_of(document: Document | None, sentence: Sentence) -> tuple[Why, str]:
    """Return what a sentence of the first text is made of, by where it stands there."""
    parts = document.parts() if document else ()
    part = next((part for part in parts if part.id == sentence.place), None)
    match part:
        case Clause(source=source) if source:
            own = source.position in ("negotiated", "own schedule")
            return ("wording", "") if own else ("library", f"library ({source.clause}@{source.version})")
        case Definition():
            return "library", "library (glossary)"
        case None:
            return "", ""
        case _:
            return "outline", ""
