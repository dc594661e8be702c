"""The base: the revision whose rules judge a change, so that no change is judged by rules of its own.

And the revision that a change is compared with, which is another one as soon as the protected branch moves on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clausebook.findings.characters import shown_line
from clausebook.findings.model import RepositoryError
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.forge_run import ForgeRun, forge_run
from clausebook.repository.git.objects import read_commit
from clausebook.repository.git.process import Git, MissingObject
from clausebook.repository.git.revision_names import find_commit, head_of, merge_base, resolve

TRUST = "trust.yaml"
"""Whom and what the repository trusts: what it says counts as it stands at the base."""

SETTING = "clausebook.base"
"""The setting of git that names the protected branch. None that a change could bring along does."""

_VARIABLE = "CLAUSEBOOK_BASE"
_PIPELINES = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "BITBUCKET_PR_DESTINATION_BRANCH")
"""Where GitHub, GitLab and Bitbucket say into which branch a change wants to go."""

_REMOTES = ("refs/remotes/origin", "refs/remotes/upstream", "refs/heads")
"""Where a branch of the forge's may be in a clone, the surest first."""

_USUAL = ("refs/remotes/origin/HEAD", "origin/main", "origin/master", "main", "master")


@dataclass(frozen=True, slots=True)
class Base:
    """A base: `commit` is where the protected branch `branch` stands."""

    commit: str
    branch: str


@dataclass(frozen=True, slots=True)
class ComparedBase:
    """What a change is compared with: `commit`, on the line of the branch `branch`.

    `tip` is where that branch stands: where it moved on since, it is another commit.
    """

    commit: str
    branch: str
    tip: str


@contextmanager
def tree_at_base(root: Path, named: str = "") -> Iterator[tuple[GitTree, Base]]:
    """Open the tree of the base of what is checked out in a folder; see `base_of`. Raises RepositoryError."""
    with Git(root) as git:
        found = base_of(git, named)
        yield GitTree(git, found.commit), found


def base_of(git: Git, named: str = "") -> Base:
    """Return the base of what is checked out: the protected branch as it stands.

    That branch is the one `named`, else the one that CLAUSEBOOK_BASE, a pipeline or git's setting `clausebook.base`
    names, else the remote's main branch, else `main` or `master`. What it took back counts no more, however old the
    branch is on which a change was made. Raises RepositoryError, with what to do, if it is not there: a shallow clone
    may lack it, and then nothing stands in for it.
    """
    if head_of(git) is None:
        raise RepositoryError("nothing is committed yet, so nothing was agreed to judge by", "git commit")
    told = named or _told(git)
    if told:
        return Base(resolve(git, told), told)
    for usual in _USUAL:
        commit = find_commit(git, usual)
        if commit:
            return Base(commit, usual.removeprefix("refs/remotes/"))
    raise RepositoryError(
        "it is not known which branch is the protected one, so there is nothing to judge by",
        f"name it: git config {SETTING} BRANCH, or in a pipeline {_VARIABLE}=origin/BRANCH",
    )


def compared_base(git: Git, head: str, named: str = "") -> ComparedBase:
    """Return what the change at the commit `head` is compared with, so that it is told what the change alone does.

    Where the forge merged the change to test it (GitHub's refs/pull/N/merge and merge queue, GitLab's merged results
    and trains) that is the merge's first parent, for the forge's own name of the base may be outdated. Else it is the
    last revision that the head shares with the branch that it goes into: the one `named`, else the pipeline's, else
    that of `base_of`. A merge that a developer made is no merge of the forge's, for the pipeline says which commit
    it made. Raises RepositoryError, with what to fetch, if a commit is not in this clone, or nothing is shared.
    """
    run = forge_run()
    known = _branch(git, run) if run.branch else ""
    told = bool(run.branch) and not os.environ.get(_VARIABLE)
    tip = resolve(git, named) if named else known if told else base_of(git).commit
    if head == run.made and tip in (known, run.base, ""):
        first = run.group or next(iter(read_commit(git, head).parents[:-1]), "")
        if first:
            if find_commit(git, first) is None:
                what = f"what the change was merged with, {first[:7]}, is not in this clone"
                raise MissingObject(what, run.mend(git))
            return ComparedBase(first, run.branch, first)
    branch = named or (run.branch if told else base_of(git).branch)
    if not tip:
        what = f"the branch `{shown_line(branch)}`, into which the change goes, is not in this clone"
        raise RepositoryError(what, run.mend(git))
    try:
        return ComparedBase(merge_base(git, tip, head), branch, tip)
    except RepositoryError as error:
        raise RepositoryError(error.message, run.mend(git) if git.shallow else error.hint) from error


def _branch(git: Git, run: ForgeRun) -> str:
    """Return where the branch stands into which a change goes, "" if that is not in this clone."""
    places = (f"{remote}/{run.branch}" for remote in _REMOTES)
    return next(filter(None, (find_commit(git, place) for place in (*places, run.base))), "")


def _told(git: Git) -> str:
    told = [os.environ.get(_VARIABLE, "")]
    told += [f"origin/{branch}" for name in _PIPELINES if (branch := os.environ.get(name))]
    told.append((git.succeeds("config", "--get", SETTING) or "").strip())
    return next(filter(None, told), "")
