"""Folders for what does not last: made here alone, and removed by the next run if the one that made them was killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from clausebook.findings.model import RepositoryError
from clausebook.repository.writing import FULL

PREFIX = "clausebook-run-"
LOCK = "lock"
"""The file in such a folder that is held open and locked for as long as somebody uses the folder."""

_FILES = "files"
_TRIES = 5

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give an empty folder, which is gone when the block ends.

    Raises RepositoryError where there can be none, or where the disk is full while the block writes into it.
    """
    with _room():
        folder, lock = _made()
        try:
            files = folder / _FILES
            files.mkdir()
            yield files
        finally:
            _remove(folder, lock)


def remove_leftovers() -> None:
    """Remove the folders of runs that were killed: only this user's, and only what no run uses."""
    with contextlib.suppress(OSError):
        for name in os.listdir(tempfile.gettempdir()):
            folder = Path(tempfile.gettempdir(), name)
            if name.startswith(PREFIX) and _is_ours(folder):
                _remove_if_dead(folder)


def _is_ours(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and (not hasattr(os, "getuid") or status.st_uid == os.getuid())


def _remove_if_dead(folder: Path) -> None:
    try:
        lock = (folder / LOCK).open("r+b")
    except FileNotFoundError:
        # Killed before it had one; a run that is about to make it takes another folder.
        with contextlib.suppress(OSError):
            folder.rmdir()
        return
    except OSError:
        return
    try:
        _lock(lock)
    except OSError:
        lock.close()
        return
    _remove(folder, lock)


def _made() -> tuple[Path, BinaryIO]:
    """Return a new folder, and the file in it that is locked."""
    for _ in range(_TRIES):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        with contextlib.suppress(FileNotFoundError):
            lock = (folder / LOCK).open("xb")
            try:
                _lock(lock)
            except (BlockingIOError, PermissionError):
                # Another run takes the folder for a dead one's.
                lock.close()
                continue
            except OSError:
                # A disk that knows no locks: then nobody can take the folder for a dead one's either.
                return folder, lock
            if (folder / LOCK).exists():
                return folder, lock
            lock.close()
    raise RepositoryError(f"no folder can be made in `{tempfile.gettempdir()}`", "name another folder in TMPDIR")


def _remove(folder: Path, lock: BinaryIO) -> None:
    """Remove a folder whose lock is held; what cannot be removed is left to a later run."""
    shutil.rmtree(folder / _FILES, ignore_errors=True)
    with lock:
        if sys.platform != "win32":
            _remove_lock(folder)
    # Windows removes no file that is open.
    _remove_lock(folder)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _remove_lock(folder: Path) -> None:
    with contextlib.suppress(OSError):
        (folder / LOCK).unlink(missing_ok=True)


@contextlib.contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        place = tempfile.gettempdir()
        raise RepositoryError(
            f"cannot write into the folder for temporary files, `{place}`: {error.strerror}",
            "make room there, or name another folder in TMPDIR",
        ) from error
