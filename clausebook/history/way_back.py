"""The way back: an agreement's texts from the newest on, one line of descent, with who wrote each."""

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


def way_back(git: Git, root: Path, agreement: str, head: str, progress: Callable[[str], None], room: Room) -> WayBack:
    """Return the way back from `head`, a revision's name; without it, from the work tree.

    Raises RepositoryError if there is no such agreement or revision, or no text of it can be assembled.
    """
    top = resolve(git, head) if head else head_of(git)
    found = chain(git, top, agreement) if top and is_id(agreement) else CommitChain((), False, False)
    wanted = [(step.commit, Wanted(step.sources, GitTree(git, step.commit))) for step in found.steps]
    if not head and not git.bare and is_id(agreement):
        disk = HashedDisk(root)
        disk.width = len(wanted[0][0]) if wanted else disk.width
        here = sources(disk, agreement)
        if here and (found.gone or not wanted or wanted[0][1].sources.key != here.key):
            wanted.insert(0, ("", Wanted(here, disk)))
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
    wanted = [(step.commit, Wanted(step.sources, GitTree(git, step.commit))) for step in found.steps]
    return _way(git, root, wanted if not found.gone else [], found, lambda key: None, room)


def _way(
    git: Git,
    root: Path,
    wanted: Sequence[tuple[str, Wanted]],
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
