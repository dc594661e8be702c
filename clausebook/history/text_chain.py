"""The texts of a chain of commits, from the newest on: the way back, with who wrote each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from clausebook.findings.model import RepositoryError
from clausebook.history.commit_chain import CommitChain, chain
from clausebook.history.past_texts import ABSENT, PastText, Room, Wanted, same_text, texts
from clausebook.history.sentences import read_marks
from clausebook.history.sources import sources
from clausebook.repository.agreement_files import find_agreements, is_id, no_agreement
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.objects import Commit, read_commit
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import head_of, resolve
from clausebook.repository.hashed import HashedDisk


@dataclass(frozen=True)
class Stop:
    """A text on the way; `commit` is None for what is not committed yet.

    `removed` is the commit that had removed the agreement which this one brought back.
    """

    commit: Commit | None
    wanted: Wanted
    text: PastText
    removed: Commit | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.commit.short if self.commit else "the work tree"

    @cached_property
    def marks(self) -> Mapping[str, tuple[str, ...]]:
        """The marks of the text's sentences, by place."""
        found: dict[str, list[str]] = {}
        for place, mark in read_marks(self.text.marks):
            found.setdefault(place, []).append(mark)
        return {place: tuple(each) for place, each in found.items()}

    @cached_property
    def known(self) -> frozenset[str]:
        """All marks of its sentences."""
        return frozenset(mark for _, mark in read_marks(self.text.marks))


@dataclass(frozen=True, slots=True)
class WayBack:
    """The stops that can be assembled, newest first, and the whole line, of which `chain` says where it ends.

    `skipped` says for each stop how many right after it, older ones, cannot be assembled; `absent` for each text of the
    line whether this clone does not have its files.
    """

    stops: Sequence[Stop]
    skipped: Sequence[int]
    chain: CommitChain
    absent: Sequence[bool]

    @property
    def goes_on(self) -> bool:
        """Tell whether there may be more behind the last stop, which is not here or was not looked at."""
        return self.chain.cut or self.chain.more or (bool(self.absent) and self.absent[-1])


Line = list[tuple[str, Wanted]]
"""Texts newest first, each with its commit, "" for the work tree."""


def line_of_texts(git: Git, root: Path, agreement: str, head: str) -> tuple[CommitChain, Line]:
    """Return the commits up to `head`, a revision's name, and their texts, none of them read.

    Without `head` the work tree is the first of the texts where it is made from other files. Both are empty where there
    is no such agreement. Raises RepositoryError if there is no such revision.
    """
    top = resolve(git, head) if head else head_of(git)
    if not is_id(agreement):
        return CommitChain(), []
    found = chain(git, top, agreement) if top else CommitChain()
    line = _line(git, found)
    if not head and not git.bare:
        disk = HashedDisk(root)
        disk.width = len(line[0][0]) if line else disk.width
        here = sources(disk, agreement)
        if here and (found.gone or not line or line[0][1].sources.key != here.key):
            line.insert(0, ("", Wanted(here, disk)))
    return found, line


def way_back(git: Git, root: Path, agreement: str, head: str, progress: Callable[[str], None], room: Room) -> WayBack:
    """Return the way back from `head`, a revision's name; without it, from the work tree.

    Raises RepositoryError if there is no such agreement or revision, or no text of it can be assembled.
    """
    found, wanted = line_of_texts(git, root, agreement, head)
    if not wanted:
        raise no_agreement(agreement, [file.id for file in find_agreements(HashedDisk(root))[0]])
    way = _way(git, root, wanted, found, progress, room)
    if not way.stops:
        first = texts(root, [wanted[0][1]], progress, room)[wanted[0][1].sources.key]
        raise RepositoryError(f"no text of `{agreement}` can be assembled: {first.problem}", first.hint)
    return way


def branch_back(git: Git, root: Path, commit: str, agreement: str, room: Room, most: int) -> WayBack:
    """Return `most` steps of the way back from a commit, a full id; none where the agreement is not there."""
    found = chain(git, commit, agreement, most)
    return _way(git, root, _line(git, found) if not found.gone else [], found, lambda key: None, room)


def _line(git: Git, found: CommitChain) -> Line:
    return [(step.commit, Wanted(step.sources, GitTree(git, step.commit))) for step in found.steps]


def _way(
    git: Git,
    root: Path,
    wanted: Line,
    found: CommitChain,
    progress: Callable[[str], None],
    room: Room,
) -> WayBack:
    by_key = texts(root, (each for _, each in wanted), progress, room)
    gaps = {step.commit: read_commit(git, step.removed) for step in found.steps if step.removed}
    stops: list[Stop] = []
    skipped: list[int] = []
    for commit, each in wanted:
        text = by_key[each.sources.key]
        if text.fingerprint:
            if stops and not stops[-1].commit and same_text(stops[-1].text, text):
                # What is not committed yet is one only if its text is not that of the last commit.
                stops.pop()
                skipped.pop()
            stops.append(Stop(read_commit(git, commit) if commit else None, each, text, gaps.get(commit)))
            skipped.append(0)
        elif skipped:
            skipped[-1] += 1
            stops[-1] = replace(stops[-1], removed=stops[-1].removed or gaps.get(commit))
    return WayBack(stops, skipped, found, [by_key[each.sources.key].problem == ABSENT for _, each in wanted])
