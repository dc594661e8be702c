"""The words that git's diff shows for agreements' files, kept, and found again by the file's hash alone.

git starts a program for each file of a diff. What is here loads nothing of the engine, so that it answers at once.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from clausebook.repository import user_cache

PLACES = ("agreements", "schemas", "templates")
"""The folders of a repository that decide on words."""

_WORDS, _FILES = "git-words", "git-files"
_PROGRAM = Path(__file__).parents[2]


class ShownFile(NamedTuple):
    """A file as git shows it: its words, or why it is not shown in words, in one line."""

    words: bytes = b""
    why_not: str = ""


def state_of(root: Path) -> str:
    """Return a key of all that decides on words beside the file itself; "" where that cannot be told so quickly.

    It goes by what the disk says of files (size, place and times to the nanosecond), as git does for its index:
    reading them would take as long as all the rest. The same files with other times are only found the longer way.
    """
    digest = hashlib.sha256()
    try:
        for folder in (_PROGRAM, *(root / place for place in PLACES)):
            for entry in _below(os.fspath(folder)):
                digest.update(entry)
        for place in sys.path:
            if os.path.isdir(place):
                digest.update(f"{place} {os.stat(place).st_mtime_ns}\0".encode(errors="surrogateescape"))
    except OSError:
        return ""
    return digest.hexdigest()


def find(state: str, blob: str) -> ShownFile | None:
    """Return what is known of the file with this hash, None if nothing is."""
    said = user_cache.find(_FILES, (state, blob)) if state else None
    if said is None:
        return None
    if said.startswith(b"!"):
        return ShownFile(why_not=said[1:].decode())
    words = words_under(said.decode())
    return None if words is None else ShownFile(words)


def remember(state: str, blob: str, said: str) -> None:
    """Keep for the file with this hash the key of its words, or `!` and why it has none."""
    if state:
        user_cache.keep(_FILES, (state, blob), said.encode())


def words_under(key: str) -> bytes | None:
    """Return the words that are kept under a key, which tells all that they are made from; None if none are."""
    return user_cache.find(_WORDS, (key,))


def keep(key: str, words: bytes) -> None:
    """Keep words under a key; see `words_under`."""
    user_cache.keep(_WORDS, (key,), words)


def _below(folder: str) -> Iterator[bytes]:
    """Yield what the disk says of each file in a folder. Raises OSError also for a link, which may lead anywhere."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_symlink():
            raise OSError(f"{entry.path} is a link")
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _below(entry.path)
            continue
        status = entry.stat()
        told = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_mode)
        yield os.fsencode(entry.path) + f"\0{told}\0".encode()
