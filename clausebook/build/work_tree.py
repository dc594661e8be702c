"""The files of the work tree by their content: what did not change since it was last looked at is not read again."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from clausebook.build.families import names_in
from clausebook.repository.agreement_files import FOLDER, SUFFIXES
from clausebook.repository.confined import SHARED
from clausebook.repository.tree import MAX_FILE_SIZE

Stamp = tuple[int, int, int, int]
"""Size, times of change in nanoseconds, and number of a file."""

RECENT = 2_000_000_000
"""Nanoseconds within which a file can change twice without a sign: such a one is read again the next time."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file: a hash of its content, the values in it that may be ids, and whether it is a link."""

    stamp: Stamp
    digest: str
    names: frozenset[str] = frozenset()
    link: bool = False


def seen_files(root: Path, known: Mapping[str, SeenFile]) -> Mapping[str, SeenFile]:
    """Return the files that are built from, by path; `known` are those that were seen before.

    A link counts by what it leads to, and by itself where it leads to no file.
    """
    return {path: _seen(root / path, path, known.get(path)) for path in sorted(_paths(root))}


def to_keep(files: Mapping[str, SeenFile]) -> bytes:
    """Return the files that a later look may take for unchanged by their stamps, as JSON."""
    since = time.time_ns() - RECENT
    kept = ((path, each) for path, each in files.items() if max(each.stamp[1:3]) < since)
    return json.dumps({path: [each.stamp, each.digest, sorted(each.names), each.link] for path, each in kept}).encode()


def kept_from(content: bytes) -> Mapping[str, SeenFile]:
    """Return the files that were kept as JSON."""
    told = json.loads(content)
    return {
        path: SeenFile(tuple(stamp), digest, frozenset(names), link)
        for path, (stamp, digest, names, link) in told.items()
    }


def _paths(root: Path) -> Iterator[str]:
    waiting = [*SHARED]
    yield from (entry.name for entry in os.scandir(root) if not entry.is_dir(follow_symlinks=False))
    while waiting:
        folder = waiting.pop()
        try:
            entries = list(os.scandir(root / folder))
        except OSError:
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                yield path


def _seen(place: Path, path: str, before: SeenFile | None) -> SeenFile:
    linked = place.is_symlink()
    try:
        status = place.stat()
        stamp = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        if before and before.stamp == stamp:
            return before
        if not stat.S_ISREG(status.st_mode):
            return SeenFile(stamp, f"mode {stat.S_IFMT(status.st_mode)}", link=linked)
        content = place.read_bytes()
    except OSError as error:
        return SeenFile((0, 0, 0, 0), f"unreadable: {error.errno}", link=linked)
    link = os.readlink(place) if linked else ""
    digest = hashlib.sha256(link.encode(errors="surrogateescape") + b"\0" + content).hexdigest()
    names = path.startswith(f"{FOLDER}/") and path.endswith((*SUFFIXES, ".json")) and len(content) <= MAX_FILE_SIZE
    return SeenFile(stamp, digest, names_in(content, path) if names else frozenset(), linked)
