"""The files that a repository is made from, by the stamps that the disk gives them: what has the same is the same."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from clausebook.repository.confined import SHARED
from clausebook.repository.hashed import hash_of

Stamp = tuple[int, int, int, int]
"""Size, times of change in nanoseconds, and number of a file."""

RECENT = 2_000_000_000
"""Nanoseconds within which a file can change twice without a sign: such a one is read again the next time."""


def entries(root: Path, *, folders: bool = False) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield path and entry of each file of the root and of the shared folders; a link is a file, too.

    With `folders`, those within the shared ones are among them, an empty one too.
    """
    waiting = [*SHARED]
    yield from ((each.name, each) for each in os.scandir(root) if not each.is_dir(follow_symlinks=False))
    while waiting:
        folder = waiting.pop()
        try:
            found = list(os.scandir(root / folder))
        except OSError:
            continue
        for each in found:
            path = f"{folder}/{each.name}"
            if is_folder := each.is_dir(follow_symlinks=False):
                waiting.append(path)
            if folders or not is_folder:
                yield path, each


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp of a file."""
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def settled() -> Callable[[Stamp], bool]:
    """Return what tells whether a file that is stamped so can be known again by its stamp, as of now."""
    since = time.time_ns() - RECENT
    return lambda stamp: max(stamp[1:3]) < since


def marks(root: Path, named: Callable[[str], str | None]) -> Mapping[str, str]:
    """Return a hash of the stamps of the files of each name; `named` gives a file's name, None if it is of none.

    It is "" where a file may change without a sign: one that changed just now, or a link.
    """
    known, found = settled(), dict[str, list[str]]()
    unsure: set[str] = set()
    for path, entry in entries(root, folders=True):
        name = named(path)
        if name is None:
            continue
        if entry.is_dir(follow_symlinks=False):
            found.setdefault(name, []).append(path)
            continue
        try:
            stamp = stamp_of(entry.stat(follow_symlinks=False))
        except OSError:
            stamp = (0, 0, 0, 0)
        if entry.is_symlink() or not known(stamp):
            unsure.add(name)
        found.setdefault(name, []).append(f"{path} {stamp}")
    return {name: "" if name in unsure else hash_of(sorted(told)) for name, told in found.items()}
