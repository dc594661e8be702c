"""The state of all that a command can read: while it is the same, what a command found is still so."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from clausebook.findings.model import RepositoryError
from clausebook.repository import user_cache
from clausebook.repository.engine import engine, packages
from clausebook.repository.git.process import Git
from clausebook.repository.stamps import marks, settled, stamp_of

_GIT_FILES = ("index", "shallow", "info/attributes", "info/exclude", "info/grafts")
_SURROUNDINGS = {"_", "OLDPWD", "PWD", "SHLVL", "COLUMNS", "LINES", user_cache.VARIABLE, user_cache.SIZE}
"""Variables of the environment that say nothing of a repository; of any other somebody might."""


def whole_state(root: Path) -> str:
    """Return a hash of a repository's files, by their stamps, of what git tells, and of the program around them.

    It is "" if anything may change without a sign: then nothing is to be remembered.
    """
    files = marks(root, lambda path: "")
    around = sorted(f"{name}={value}" for name, value in os.environ.items() if name not in _SURROUNDINGS)
    git = list(_of_git(root))
    if not files.get("") or None in git:
        return ""
    told = json.dumps([str(root), engine(), packages(), files, git, around])
    return hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()


def _of_git(root: Path) -> Iterator[str | None]:
    """Yield what git knows by itself, and the stamps of its files; None for one that may change without a sign."""
    known = settled()
    try:
        with Git(root) as git:
            yield json.dumps([git.bare, git.shallow, git.prefix, git.is_whole])
            yield git.succeeds("rev-parse", "--symbolic-full-name", "HEAD") or ""
            yield git.succeeds("rev-parse", "HEAD") or ""
            yield git.run("for-each-ref", "--format=%(objectname) %(symref) %(refname)")
            yield git.run("config", "--list", "-z")
            asked = (part for name in _GIT_FILES for part in ("--git-path", name))
            places = [root / name for name in git.run("rev-parse", *asked).splitlines()]
    except RepositoryError as error:
        yield error.message
        return
    for folder in root.parents if git.prefix else ():
        places += [folder / ".gitattributes", folder / ".gitignore", folder / ".mailmap"]
    for place in places:
        try:
            stamp = stamp_of(place.stat())
        except OSError:
            yield ""
            continue
        yield f"{place} {stamp}" if known(stamp) else None
