"""A read-only tree of files: the only way the engine reads a repository.

The same interface serves the work tree on disk and a revision in git, so that
both sides of a redline are loaded the same way.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from clausebook.findings.model import Finding, RepositoryError

MAX_FILE_SIZE = 1 << 20
"""The largest file that is read, in bytes (1 MiB)."""


NO_LINK = "replace the link by what it leads to"

# A pipe would keep the reader waiting for ever; on Windows, text mode would change the bytes.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class TreeError(Exception):
    """A path of the tree cannot be read; the message says why, in the user's words, and `hint` what to do."""

    def __init__(self, message: str, hint: str = "check that it is there and may be read") -> None:
        self.hint = hint
        super().__init__(message)


class Tree(Protocol):
    """Files by their path from the repository's root, with forward slashes."""

    def read(self, path: str) -> bytes:
        """Return the file's bytes. Raise TreeError if it is missing, too large or not a plain file."""

    def raw(self, path: str, limit: int) -> bytes:
        """Return the file's bytes, not one of them changed, if there are not more than `limit`. Raise TreeError."""

    def names(self, folder: str) -> list[str]:
        """Return the sorted names in a folder, folders with a trailing slash; [] if there is none.

        Raise TreeError if the folder cannot be read.
        """


def names_in(tree: Tree, folder: str) -> list[str]:
    """Return the names in a folder, [] if it cannot be read: for where that has a finding of its own."""
    try:
        return tree.names(folder)
    except TreeError:
        return []


def files_below(tree: Tree, folder: str) -> Iterator[str]:
    """Yield the paths of the files in a folder and in those in it; what cannot be read has a finding of its own."""
    for name in names_in(tree, folder):
        if name.endswith("/"):
            yield from files_below(tree, f"{folder}/{name[:-1]}")
        else:
            yield f"{folder}/{name}"


def content_of(path: Path, most: int, hint: str = "check that it is there") -> bytes:
    """Return a file's bytes, one more than `most` at the most: what reads a larger one says that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise RepositoryError(f"`{path}` cannot be read: {error.strerror}", hint) from error


class DiskTree:
    """The work tree. Nothing outside `root` is ever read, whatever links say."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def read(self, path: str) -> bytes:
        """Return the file's bytes; see `Tree.read`."""
        return self.raw(path, MAX_FILE_SIZE)

    def raw(self, path: str, limit: int) -> bytes:
        """Return the file's bytes; see `Tree.raw`."""
        location = self._inside(path)
        try:
            with open(os.open(location, _READ), "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise TreeError("is not a plain file", "replace it by a file")
                if status.st_size > limit:
                    raise too_large(status.st_size, limit)
                return file.read(limit + 1)
        except FileNotFoundError:
            raise TreeError("does not exist", "add it, or correct its name") from None
        except IsADirectoryError:
            raise TreeError("is a folder, not a file", "replace it by a file") from None
        except OSError as error:
            raise TreeError(f"cannot be read: {error.strerror}") from error

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder; see `Tree.names`."""
        try:
            entries = list(os.scandir(self._inside(folder)))
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise TreeError(f"cannot be read: {error.strerror}") from error
        return sorted(entry.name + ("/" if entry.is_dir(follow_symlinks=False) else "") for entry in entries)

    def linked(self, path: str) -> bool:
        """Tell whether a path is a symbolic link, or lies in a folder that is one."""
        place = self.root / path
        return any(each.is_symlink() for each in (place, *place.parents) if each.is_relative_to(self.root))

    def bad_links(self, names: Iterable[str]) -> Iterator[tuple[str, TreeError]]:
        """Yield every symbolic link, in the files and folders named, that leads out of the tree, with what to say."""
        for name in names:
            place = self.root / name
            for path in (place, *_below(place)):
                if path.is_symlink():
                    link = path.relative_to(self.root).as_posix()
                    try:
                        self._inside(link)
                    except TreeError as error:
                        yield link, error

    def _inside(self, path: str) -> Path:
        parts = path.split("/")
        if path.startswith("/") or ".." in parts or "\\" in path or "\0" in path:
            raise TreeError("is not a path inside the repository", "name a file of the repository")
        location = self.root.joinpath(*parts)
        try:
            resolved = location.resolve()
        except RuntimeError:
            raise TreeError("is a symbolic link that leads in a circle", NO_LINK) from None
        except OSError as error:
            raise TreeError(f"cannot be read: {error.strerror}") from error
        if not resolved.is_relative_to(self.root):
            raise TreeError("is a symbolic link that leads out of the repository", NO_LINK)
        return location


def too_large(size: int, limit: int) -> TreeError:
    """Return what to say of a file that is larger than what is read."""
    return TreeError(
        f"is {size / (1 << 20):.1f} MiB; at most {limit >> 20} MiB are read",
        "check that this is the right file: an agreement or a clause is a few pages of text",
    )


def unreadable(path: str, error: TreeError) -> Finding:
    """Return the finding of a path that cannot be read."""
    return Finding(
        rule="core/file-unreadable", message=f"`{path}` {error}", path=path, line=1, column=1, hint=error.hint
    )


def _below(folder: Path) -> Iterator[Path]:
    if not folder.is_symlink():
        for parent, folders, files in os.walk(folder):
            yield from (Path(parent, name) for name in sorted((*folders, *files)))


def copy_folder(tree: Tree, folder: str, target: Path, limit: int) -> None:
    """Write a folder's plain files, and those of the folders in it, to another place; `limit` as for `Tree.raw`."""
    waiting = [(folder, target)]
    while waiting:
        source, place = waiting.pop()
        place.mkdir(parents=True, exist_ok=True)
        for name in tree.names(source):
            if name.endswith("/"):
                waiting.append((f"{source}/{name[:-1]}", place / name[:-1]))
            else:
                (place / name).write_bytes(tree.raw(f"{source}/{name}", limit))
