"""Trees that know the hashes of their files, as git would give them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cache
from pathlib import Path
from typing import Protocol

from clausebook.repository.git.commit_tree import digest_of, from_below
from clausebook.repository.tree import DiskTree, Tree, TreeError

MOST_HASHED = 16 << 20
"""The largest file that is hashed, in bytes: a record's text may be that long."""


class HashedTree(Tree, Protocol):
    """A tree that knows the hashes of its files."""

    def digest(self, path: str) -> str:
        """Return a hash of the file's or the folder's content; "" if there is nothing."""

    def files(self, folder: str) -> Mapping[str, str]:
        """Return a hash of each file of a folder, by name, without those of the folders in it."""


class HashedDisk(DiskTree):
    """The work tree; its files have the hashes that git would give them, which are `width` characters long."""

    width = 40

    def digest(self, path: str) -> str:
        """Return a hash of what is at a path; see `HashedTree.digest`."""
        folder, _, name = path.rpartition("/")
        names = self.names(folder)
        if name in names:
            return self._file(path)
        return self._folder(path) if f"{name}/" in names else ""

    def files(self, folder: str) -> Mapping[str, str]:
        """Return a hash of each file of a folder; see `HashedTree.files`."""
        return {name: self._file(f"{folder}/{name}") for name in self.names(folder) if not name.endswith("/")}

    def _folder(self, path: str) -> str:
        names = cache(self.names)

        def inner(place: str) -> list[str]:
            return [f"{place}/{name[:-1]}" for name in names(place) if name.endswith("/")]

        def made(place: str, found: Mapping[str, str]) -> str:
            # A folder without a file is nothing to git.
            folders = {each.rpartition("/")[2]: found[each] for each in inner(place) if names(each)}
            return digest_of({**self.files(place), **folders})

        return from_below(path, inner, made)

    def _file(self, path: str) -> str:
        return blob_hash(self.raw(path, MOST_HASHED).replace(b"\r\n", b"\n"), self.width)


def hashed_once(tree: HashedTree) -> HashedTree:
    """Return a tree each of whose hashes is reckoned once; those of the library are asked for every agreement."""
    made = copy(tree)
    made.digest, made.files = cache(tree.digest), cache(tree.files)  # type: ignore[method-assign]
    return made


def hash_or_why(of: Callable[[str], str], path: str) -> str:
    """Return the hash of what is at a path, or why it cannot be read, which is as good a name for it."""
    try:
        return of(path)
    except TreeError as error:
        return str(error)


def files_in(tree: HashedTree, folder: str) -> Mapping[str, str]:
    """Return a hash of each file of a folder, {} if it cannot be read: see `names_in`."""
    try:
        return tree.files(folder)
    except TreeError:
        return {}


def blob_hash(content: bytes, width: int) -> str:
    """Return the hash that git gives to a file's content, `width` characters long."""
    digest = hashlib.sha1(usedforsecurity=False) if width == 40 else hashlib.sha256()
    digest.update(b"blob %d\0" % len(content) + content)
    return digest.hexdigest()


def is_blob(oid: str, tree: Tree, path: str, most: int) -> bool:
    """Tell whether a file has a hash of git's, line ends aside; also where it cannot be read, which is told elsewhere.

    Git LFS and its like commit something else than what lies in the folder: then only git can tell.
    """
    try:
        content = tree.raw(path, most)
    except TreeError:
        return True
    return any(blob_hash(each, len(oid)) == oid for each in (content, content.replace(b"\r\n", b"\n")))


def hash_of(said: Iterable[str]) -> str:
    """Return the hash of some words."""
    digest = hashlib.sha256()
    for each in said:
        digest.update(each.encode(errors="surrogateescape") + b"\0")
    return digest.hexdigest()


def folder_hash(folder: Path) -> str:
    """Return a hash of the files of a folder on disk, links to files too: their places in it and their content."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file():
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
