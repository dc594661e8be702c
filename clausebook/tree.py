"""A read-only tree of files: the only way the engine reads a repository.

The same interface serves the work tree on disk and a revision in git, so that
both sides of a redline are loaded the same way.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Protocol

MAX_FILE_SIZE = 1 << 20
"""The largest file that is read, in bytes (1 MiB)."""


class TreeError(Exception):
    """A path of the tree cannot be read; the message says why, in the user's words."""


class Tree(Protocol):
    """Files by their path from the repository's root, with forward slashes."""

    def read(self, path: str) -> bytes:
        """Return the file's bytes. Raise TreeError if it is missing, too large or not a plain file."""

    def names(self, folder: str) -> list[str]:
        """Return the sorted names in a folder, folders with a trailing slash; [] if there is none."""


class DiskTree:
    """The work tree. Nothing outside `root` is ever read, whatever links say."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def read(self, path: str) -> bytes:
        """Return the file's bytes; see `Tree.read`."""
        location = self._inside(path)
        try:
            with open(location, "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise TreeError("is not a plain file")
                if status.st_size > MAX_FILE_SIZE:
                    raise TreeError(
                        f"is {status.st_size / (1 << 20):.1f} MiB; at most {MAX_FILE_SIZE >> 20} MiB are read"
                    )
                return file.read(MAX_FILE_SIZE + 1)
        except FileNotFoundError:
            raise TreeError("does not exist") from None
        except IsADirectoryError:
            raise TreeError("is a folder, not a file") from None
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

    def _inside(self, path: str) -> Path:
        parts = path.split("/")
        if path.startswith("/") or ".." in parts or "\\" in path or "\0" in path:
            raise TreeError("is not a path inside the repository")
        location = self.root.joinpath(*parts)
        try:
            resolved = location.resolve()
        except (OSError, RuntimeError) as error:
            raise TreeError(f"cannot be resolved: {error}") from error
        if not resolved.is_relative_to(self.root):
            raise TreeError("is a symbolic link that leads out of the repository")
        return location
