"""The files of one revision, as the engine reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from clausebook.findings.model import RepositoryError
from clausebook.repository.git.objects import FILE, FOLDER, LINK, SUBMODULE, TreeEntry, read_commit, read_tree
from clausebook.repository.git.process import Git
from clausebook.repository.git.project_folder import folder_at, project_folder
from clausebook.repository.tree import MAX_FILE_SIZE, NO_LINK, TreeError, too_large


class GitTree:
    """The tree of a commit, from the project's folder on. Links are not followed, submodules are not there.

    `folder` is where the project lay in it, which may have had another name: "", or a path that ends with a slash.
    Raises MissingObject if the clone does not have the commit or its folder.
    """

    def __init__(self, git: Git, commit: str) -> None:
        self.git, self.commit = git, commit
        root = read_commit(git, commit).tree
        self.folder = project_folder(git, root)
        top = folder_at(git, root, self.folder)
        if top:
            read_tree(git, top)
        self._folders: dict[str, str | None] = {"": top}

    def read(self, path: str) -> bytes:
        """Return the file's bytes, with line feeds alone at line ends; see `Tree.read`."""
        return self.raw(path, MAX_FILE_SIZE).replace(b"\r\n", b"\n")

    def raw(self, path: str, limit: int) -> bytes:
        """Return the file's bytes as they are in the revision; see `Tree.raw`."""
        entry = self.entry(path)
        if entry is None or entry.kind == SUBMODULE:
            raise TreeError("does not exist", "add it, or correct its name")
        if entry.kind == FOLDER:
            raise TreeError("is a folder, not a file", "replace it by a file")
        if entry.kind == LINK:
            raise TreeError("is a symbolic link, which is not followed in a revision", NO_LINK)
        try:
            found = self.git.read(entry.oid, limit)
        except RepositoryError as error:
            raise TreeError(f"cannot be read: {error.message}", error.hint) from error
        if found.size > limit:
            raise too_large(found.size, limit)
        return found.data

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder; see `Tree.names`."""
        entries = self._entries(folder)
        return sorted(
            name + ("/" if entry.kind == FOLDER else "") for name, entry in entries.items() if entry.kind != SUBMODULE
        )

    def entry(self, path: str) -> TreeEntry | None:
        """Return what is at a path, or None if there is nothing."""
        folder, _, name = path.rpartition("/")
        return self._entries(folder).get(name)

    def digest(self, path: str) -> str:
        """Return a hash of the file's or the folder's content; "" if there is nothing."""
        entry = self.entry(path)
        if entry is None:
            return ""
        return folder_digest(self.git, entry.oid) if entry.kind == FOLDER else entry.oid

    def files(self, folder: str) -> Mapping[str, str]:
        """Return a hash of each file of a folder, by name, without those of the folders in it."""
        return {name: entry.oid for name, entry in self._entries(folder).items() if entry.kind == FILE}

    def _entries(self, folder: str) -> Mapping[str, TreeEntry]:
        oid = self._folder(folder)
        if oid is None:
            return {}
        try:
            return read_tree(self.git, oid)
        except RepositoryError as error:
            raise TreeError(f"cannot be read: {error.message}", error.hint) from error

    def _folder(self, path: str) -> str | None:
        if path in self._folders:
            return self._folders[path]
        above = ""
        # From the top on, without recursion: data can name a path of thousands of folders.
        for place in accumulate(path.split("/"), "{}/{}".format):
            if place not in self._folders:
                if self._folders[above] is None:
                    return None
                entry = self._entries(above).get(place.rpartition("/")[2])
                if entry and entry.kind == LINK:
                    raise TreeError("is a symbolic link, which is not followed in a revision", NO_LINK)
                self._folders[place] = entry.oid if entry and entry.kind == FOLDER else None
            above = place
        return self._folders[path]


def folder_digest(git: Git, oid: str) -> str:
    """Return a hash of all that a tree holds; modes apart, the same as that of the same files on disk."""

    def held(each: str) -> Mapping[str, TreeEntry]:
        return {name: entry for name, entry in read_tree(git, each).items() if entry.kind != SUBMODULE}

    return from_below(
        oid,
        lambda each: [entry.oid for entry in held(each).values() if entry.kind == FOLDER],
        lambda each, found: digest_of({name: found.get(entry.oid, entry.oid) for name, entry in held(each).items()}),
    )


def from_below(top: str, inner: Callable[[str], Sequence[str]], make: Callable[[str, Mapping[str, str]], str]) -> str:
    """Return what is made of a folder, given what is made of each that is `inner` to it.

    Without recursion, and each folder once: a branch can bring folders in folders by the thousand.
    """
    found: dict[str, str] = {}
    waiting = [top]
    while waiting:
        if left := [each for each in inner(waiting[-1]) if each not in found]:
            waiting += left
        else:
            each = waiting.pop()
            found[each] = make(each, found)
    return found[top]


def digest_of(held: Mapping[str, str]) -> str:
    """Return a hash of a folder's names, each with the hash of what it names."""
    digest = hashlib.sha256()
    for name in sorted(held):
        digest.update(f"{name}\0{held[name]}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
