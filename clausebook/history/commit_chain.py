"""The commits that may have changed an agreement's text, newest first: one line of descent.

A commit is compared with its parent. A merge that has the same text as one of its parents is passed over
and that parent followed, the first before others, so that the commits of a branch that was merged as it was
are listed themselves. A merge that made a text of its own is a revision, compared with its first parent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clausebook.history.sources import Sources, sources
from clausebook.repository.agreement_files import FOLDER, paths
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.objects import read_commit
from clausebook.repository.git.process import Git, MissingObject

LIBRARY = ("templates", "schemas")

MOST_STEPS = 1000
"""Steps that are looked at, the newest: to assemble them takes some 25 seconds."""

EVERY_STEP = 1_000_000
"""For where a step must be found however old it is."""


@dataclass(frozen=True, slots=True)
class Step:
    """A commit in which what the text is made from is not what it was in the commit before.

    `removed` is the commit that had removed the agreement which this one brought back; else "".
    """

    commit: str
    sources: Sources
    merge: bool
    removed: str = ""


@dataclass(frozen=True, slots=True)
class CommitChain:
    """The steps, newest first. `gone` says that the newest commit does not have the agreement; `cut`, that a
    shallow or partial clone ends where the last step is, so that it may not be the first; `more`, that there are more
    of them than are looked at."""

    steps: tuple[Step, ...] = ()
    gone: bool = False
    cut: bool = False
    more: bool = False


def chain(git: Git, head: str, agreement: str, most: int = MOST_STEPS) -> CommitChain:
    """Return the commits up to `head`, a full id, that may have changed the text of the agreement, `most` of them."""
    walk = _Walk(git, agreement, most)
    try:
        gone = walk.at(head) is None
    except MissingObject:
        return CommitChain(cut=True)
    start: str | None = head
    while start:
        start = walk.line(start)
    return CommitChain(tuple(walk.steps[:most]), gone, walk.cut, len(walk.steps) > most)


class _Walk:
    """A walk down the line of descent, along which the agreement may have had other names."""

    def __init__(self, git: Git, agreement: str, most: int) -> None:
        self._git, self._name, self._most = git, agreement, most
        self._folder = git.prefix
        self._known: dict[tuple[str, str], Sources | None] = {}
        self.steps: list[Step] = []
        self.cut = False

    def at(self, commit: str) -> Sources | None:
        """Return what the text is made from at a commit."""
        known = (commit, self._name)
        if known not in self._known:
            self._known[known] = sources(GitTree(self._git, commit), self._name)
        return self._known[known]

    def line(self, start: str) -> str | None:
        """Walk until the agreement begins; return the commit from which to go on under another name, if any."""
        here = self._known.get((start, self._name))
        self._folder = GitTree(self._git, start).folder
        last = (start, here) if here else None
        try:
            commit, parents_of = self._touching(start)
            while commit:
                here, parents = self.at(commit), parents_of.get(commit, ())
                last = (commit, here) if here else last
                parent = self._next(here, parents)
                if here is None:
                    commit = parent
                    continue
                before = self.at(parent) if parent else None
                if before is None or before.key != here.key:
                    self._step(commit, here)
                if len(self.steps) > self._most:
                    return None
                if before is None:
                    return self._earlier(commit, here)
                commit = parent
        except MissingObject:
            self.cut = True
            if last and last[0] not in (step.commit for step in self.steps):
                self._step(*last)
        return None

    def _step(self, commit: str, here: Sources) -> None:
        self.steps.append(Step(commit, here, len(read_commit(self._git, commit).parents) > 1))

    def _next(self, here: Sources | None, parents: Sequence[str]) -> str | None:
        texts = {parent: self.at(parent) for parent in parents}
        same = (parent for parent, text in texts.items() if text and here and text.key == here.key)
        there = (parent for parent, text in texts.items() if text)
        return next(same, None) or next(there, None) or next(iter(parents), None)

    def _touching(self, start: str) -> tuple[str | None, Mapping[str, Sequence[str]]]:
        """Return the commits that touch what the text may be made from, each with the nearest such before it."""
        wanted = (*paths(self._name), f"{FOLDER}/{self._name}", *LIBRARY)
        listed = self._git.run("rev-list", "--topo-order", "--parents", start, "--", *map(self._from_top, wanted))
        lines = [line.split() for line in listed.splitlines()]
        return lines[0][0] if lines else None, {commit: parents for commit, *parents in lines}

    def _earlier(self, commit: str, here: Sources) -> str | None:
        """Return where the agreement is found before the commit that brought it: renamed, or once removed."""
        parents = read_commit(self._git, commit).parents
        for parent in parents:
            if self._git.find(parent) is None:
                self.cut = self.cut or self._git.shallow
                continue
            self._folder = GitTree(self._git, parent).folder
            if self.at(parent):
                # The project itself had another folder then.
                return parent
            old = self._renamed(parent, commit, here.path)
            if old:
                self._name = old
                return parent
            removed = self._git.run("rev-list", "--max-count=1", parent, "--", *map(self._from_top, paths(self._name)))
            if removed:
                self.steps[-1] = replace(self.steps[-1], removed=removed.strip())
                return parent
        return None

    def _renamed(self, parent: str, commit: str, path: str) -> str | None:
        """Return the id that the agreement had in the parent."""
        before, after = GitTree(self._git, parent).folder, GitTree(self._git, commit).folder
        places = dict.fromkeys(f":(top,literal){folder}{FOLDER}" for folder in (before, after))
        names = self._git.run(
            *("diff-tree", "-r", "-z", "--no-commit-id", "--name-status", "--find-renames", "--diff-filter=R"),
            *(parent, commit, "--", *places),
        ).split("\0")
        for old, new in zip(names[1::3], names[2::3], strict=False):
            if new == after + path and old.startswith(before):
                return _agreement(old.removeprefix(before))
        return None

    def _from_top(self, path: str) -> str:
        return f":(top,literal){self._folder}{path}"


def _agreement(path: str) -> str | None:
    name = path.removeprefix(f"{FOLDER}/").rpartition(".")[0]
    return name if path in paths(name) and "/" not in name else None
