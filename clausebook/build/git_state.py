"""What git tells that decides on pages: the base, and which commits touched each agreement."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from clausebook.findings.model import RepositoryError
from clausebook.repository import user_cache
from clausebook.repository.agreement_files import FOLDER
from clausebook.repository.confined import SHARED, belongs_to, is_shared
from clausebook.repository.engine import engine
from clausebook.repository.git.base import base_of
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import head_of
from clausebook.repository.hashed import hash_of

if TYPE_CHECKING:
    from clausebook.facts.duties.editions import Edition

Told = TypeVar("Told")

LIBRARY = ""
"""Stands for what agreements share where an id would stand."""

_LOOKS = ("templates/pdf/", "templates/docx/")
_COMMIT = "\x01"


@dataclass(frozen=True, slots=True)
class GitState:
    """What git tells. `general` is a hash of all that concerns every agreement, `head` the commit at hand.

    By id, or by LIBRARY, `commits` is a hash of the commits that touched the files, and `at_base` one of the files as
    the base has them; `editions` are as `editions_of` tells them, but with a number and seconds.
    """

    general: str = ""
    commits: Mapping[str, str] = field(default_factory=dict)
    at_base: Mapping[str, str] = field(default_factory=dict)
    editions: Mapping[str, Sequence[int]] = field(default_factory=dict)
    head: str = ""

    def edition(self, name: str) -> Edition:
        """Return which state of an agreement is at hand."""
        from clausebook.facts.duties.editions import EPOCH, Edition

        number, seconds = self.editions.get(name, (0, 0))
        return Edition(number, datetime.fromtimestamp(seconds, UTC)) if number else EPOCH


def git_state(root: Path, known: Collection[str]) -> GitState:
    """Return what git tells of the repository and its agreements, by their ids; nothing where it tells nothing."""
    try:
        with Git(root) as git:
            head = None if git.bare else head_of(git)
            if head is None:
                return GitState("no commits")
            tags = git.run("for-each-ref", "--format=%(objectname) %(*objectname) %(refname)", "refs/tags")
            who = git.succeeds("config", "--get-regexp", r"^user\.(name|email)$") or ""
            try:
                base = base_of(git).commit
            except RepositoryError as error:
                base = error.message
            general = json.dumps([git.shallow, git.is_whole, git.prefix, tags, who, base == head])
            reach = (str(root), head, git.boundary)
            commits = _kept("commits", reach, lambda: _commits(git, head))
            since = {} if base == head or not _is_commit(base) else _commits(git, f"{base}..{head}")
            named = {each: hash_of([commits.get(each, ""), since.get(each, "")]) for each in (*commits, *since)}
            at_base = _files_of(git, base) if _is_commit(base) else {LIBRARY: base}
    except RepositoryError as error:
        return GitState(error.message)
    ids = sorted(known)
    editions = _kept("editions", (*reach, *ids), lambda: _editions(root, ids))
    return GitState(hash_of([general]), named, at_base, editions, head)


def _is_commit(name: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{40,64}", name) is not None


def _editions(root: Path, ids: Collection[str]) -> dict[str, list[int]]:
    from clausebook.facts.duties.editions import editions_of

    return {name: [told.number, int(told.stamp.timestamp())] for name, told in editions_of(root, ids).items()}


def _commits(git: Git, span: str) -> dict[str, str]:
    """Return a hash of the commits of a span that touched the files of each agreement, and the shared ones."""
    listed = git.run(
        *("log", "-z", "--full-history", "-m", "--no-renames", "--name-only", f"--format={_COMMIT}%H", span, "--"),
        *(f":(top,literal){git.prefix}{folder}" for folder in SHARED),
    )
    found: dict[str, dict[str, None]] = {}
    for told in listed.split(_COMMIT)[1:]:
        commit, *paths = filter(None, re.split(r"[\0\n]", told))
        for path in paths:
            for name in _names(path.removeprefix(git.prefix)):
                found.setdefault(name, {})[commit] = None
    return {name: hash_of(sorted(each)) for name, each in found.items()}


def _files_of(git: Git, commit: str) -> dict[str, str]:
    """Return a hash of the files of each agreement, and of the shared ones, in a commit."""
    held: dict[str, list[str]] = {}
    for told in git.run("ls-tree", "-r", "-z", "--full-name", commit).split("\0"):
        path = told.partition("\t")[2]
        if path.startswith(git.prefix):
            for name in _names(path.removeprefix(git.prefix)):
                held.setdefault(name, []).append(told)
    return {name: hash_of(each) for name, each in held.items()}


def _names(path: str) -> Iterator[str]:
    if name := belongs_to(path):
        yield name
    elif is_shared(path) and not path.startswith((*_LOOKS, f"{FOLDER}/")):
        yield LIBRARY


def _kept(kind: str, key: tuple[str, ...], make: Callable[[], Told]) -> Told:
    """Return what git told, which a commit decides; from the user's store if it was asked before."""
    own = engine(__name__, "clausebook.facts.duties.editions")
    told = user_cache.kept_or_made("git", (kind, own, *key), lambda: json.dumps(make()).encode())
    found: Told = json.loads(told)
    return found
