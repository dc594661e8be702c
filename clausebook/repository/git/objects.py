"""What git's objects say: commits and trees, parsed from their bytes."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from clausebook.findings.characters import shown_line
from clausebook.findings.model import RepositoryError
from clausebook.repository.git.process import Git

FILE, FOLDER, LINK, SUBMODULE = "file", "folder", "link", "submodule"

SHORT = 8
"""Digits by which a commit is called."""

MOST_BYTES = 64 << 20
"""The largest tree or commit that is read."""

_KINDS: Mapping[bytes, str] = {b"40000": FOLDER, b"120000": LINK, b"160000": SUBMODULE}
_PERSON = re.compile(rb"(.*?) ?<[^>]*> ?(-?\d+)?.*")


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """What a tree holds under one name."""

    kind: str
    oid: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit. `date` is when the author wrote it: UTC, ISO 8601. `committed` is in seconds since 1970.

    `parents` are full ids, also of those that a shallow clone does not have.
    """

    oid: str
    tree: str
    parents: tuple[str, ...]
    author: str
    date: str
    committed: int
    subject: str

    @property
    def short(self) -> str:
        """The digits by which people call it."""
        return self.oid[:SHORT]


def read_commit(git: Git, oid: str) -> Commit:
    """Return a commit. Raises RepositoryError if there is none of this id."""
    found = git.read(oid, MOST_BYTES)
    if found.kind != "commit":
        raise RepositoryError(f"{oid[:12]} is a {found.kind}, not a commit", "name a commit, a branch or a tag")
    head, _, message = found.data.partition(b"\n\n")
    fields: dict[bytes, list[bytes]] = {}
    for line in head.split(b"\n"):
        name, _, value = line.partition(b" ")
        fields.setdefault(name, []).append(value)
    encoding = fields.get(b"encoding", [b"utf-8"])[0].decode("ascii", "replace")
    author, date = _person(fields.get(b"author", [b""])[0], encoding)
    _, committed = _person(fields.get(b"committer", [b""])[0], encoding)
    return Commit(
        found.oid,
        fields[b"tree"][0].decode(),
        tuple(parent.decode() for parent in fields.get(b"parent", ())),
        author,
        _iso(date),
        committed,
        shown_line(_decode(message.lstrip(b"\n").partition(b"\n\n")[0], encoding)),
    )


def read_tree(git: Git, oid: str) -> Mapping[str, TreeEntry]:
    """Return what a tree holds, by name."""
    found = git.read(oid, MOST_BYTES)
    if found.kind != "tree":
        raise RepositoryError(f"{oid[:12]} is a {found.kind}, not a folder", "see git fsck")
    return _entries(found.data, len(oid) // 2)


@lru_cache(maxsize=512)
def _entries(data: bytes, width: int) -> Mapping[str, TreeEntry]:
    entries = {}
    start = 0
    while start < len(data):
        space = data.index(b" ", start)
        end = data.index(b"\0", space)
        mode, name = data[start:space], data[space + 1 : end]
        start = end + 1 + width
        entries[os.fsdecode(name)] = TreeEntry(_KINDS.get(mode, FILE), data[end + 1 : start].hex())
    return entries


def _person(value: bytes, encoding: str) -> tuple[str, int]:
    match = _PERSON.fullmatch(value)
    if match is None:
        return shown_line(_decode(value, encoding)), 0
    return shown_line(_decode(match[1], encoding)), int(match[2] or 0)


def _iso(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return ""


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")
