"""The base: the revision whose rules judge a change, so that no change is judged by rules of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clausebook.findings.model import RepositoryError
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import find_commit, head_of, resolve

TRUST = "trust.yaml"
"""Whom and what the repository trusts: what it says counts as it stands at the base."""

SETTING = "clausebook.base"
"""The setting of git that names the protected branch. None that a change could bring along does."""

_VARIABLE = "CLAUSEBOOK_BASE"
_PIPELINES = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "BITBUCKET_PR_DESTINATION_BRANCH")
"""Where GitHub, GitLab and Bitbucket say into which branch a change wants to go."""

_USUAL = ("refs/remotes/origin/HEAD", "origin/main", "origin/master", "main", "master")


@dataclass(frozen=True, slots=True)
class Base:
    """A base: `commit` is where the protected branch `branch` stands."""

    commit: str
    branch: str


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


def _told(git: Git) -> str:
    told = [os.environ.get(_VARIABLE, "")]
    told += [f"origin/{branch}" for name in _PIPELINES if (branch := os.environ.get(name))]
    told.append((git.succeeds("config", "--get", SETTING) or "").strip())
    return next(filter(None, told), "")
