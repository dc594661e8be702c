"""The files of the work tree by their content: what did not change since it was last looked at is not read again."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clausebook.build.families import names_in
from clausebook.repository.agreement_files import FOLDER, SUFFIXES
from clausebook.repository.confined import PAGES, is_shared
from clausebook.repository.stamps import Stamp, entries, settled, stamp_of
from clausebook.repository.tree import MAX_FILE_SIZE


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
    return {
        path: _seen(entry, path, known.get(path)) for path, entry in sorted(entries(root), key=lambda each: each[0])
    }


def shared_digests(files: Mapping[str, SeenFile]) -> Mapping[str, str]:
    """Return the hash of each file that may decide on the text of every agreement, by path."""
    return {path: each.digest for path, each in files.items() if is_shared(path)}


def own_template_digests(files: Mapping[str, SeenFile]) -> list[str]:
    """Return path and hash of each of the repository's own templates of pages."""
    return [f"{path} {each.digest}" for path, each in files.items() if path.startswith(f"{PAGES}/")]


def to_keep(files: Mapping[str, SeenFile]) -> bytes:
    """Return the files that a later look may take for unchanged by their stamps, as JSON."""
    known = settled()
    kept = ((path, each) for path, each in files.items() if known(each.stamp))
    return json.dumps({path: [each.stamp, each.digest, sorted(each.names), each.link] for path, each in kept}).encode()


def kept_from(content: bytes) -> Mapping[str, SeenFile]:
    """Return the files that were kept as JSON."""
    told = json.loads(content)
    return {
        path: SeenFile(tuple(stamp), digest, frozenset(names), link)
        for path, (stamp, digest, names, link) in told.items()
    }


def _seen(entry: os.DirEntry[str], path: str, before: SeenFile | None) -> SeenFile:
    linked = entry.is_symlink()
    try:
        status = entry.stat()
        stamp = stamp_of(status)
        if before and before.stamp == stamp:
            return before
        if not stat.S_ISREG(status.st_mode):
            return SeenFile(stamp, f"mode {stat.S_IFMT(status.st_mode)}", link=linked)
        content = Path(entry).read_bytes()
    except OSError as error:
        return SeenFile((0, 0, 0, 0), f"unreadable: {error.errno}", link=linked)
    link = os.readlink(entry) if linked else ""
    digest = hashlib.sha256(link.encode(errors="surrogateescape") + b"\0" + content).hexdigest()
    names = path.startswith(f"{FOLDER}/") and path.endswith((*SUFFIXES, ".json")) and len(content) <= MAX_FILE_SIZE
    return SeenFile(stamp, digest, names_in(content, path) if names else frozenset(), linked)
