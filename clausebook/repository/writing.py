"""Write what was built: the only writer. Whole or not at all, and only what changed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from clausebook.findings.model import RepositoryError

TEMPORARY = ".clausebook-tmp"

MARKS = ("agreements/index.html", "clauses/index.html")
"""The pages by which a site of Clausebook's is known; written first, so that a killed run leaves no unknown folder."""

_TRIES = 3
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def publish(files: Mapping[str, bytes], out: Path) -> list[str]:
    """Write the files (by path below `out`) whose content changed; return their paths, sorted.

    Each file is put in place in one step, so a killed run leaves old or new files
    but never half of one. Leftovers of a killed run are cleaned up first.
    Raises RepositoryError if a file cannot be written.
    """
    with _explained(out):
        _clean({out.joinpath(*name.split("/")).parent for name in files})
    return [path for path in sorted(files) if _write(out, path, files[path])]


def publish_together(files: Mapping[str, bytes], root: Path, removed: Iterable[str] = ()) -> None:
    """Write files below `root`, in their order, and remove others: all, or none.

    If one cannot be written, those before it are put back as they were. Raises RepositoryError.
    """
    gone = [name for name in removed if name not in files]
    with _explained(root):
        _clean({root.joinpath(*name.split("/")).parent for name in files})
        before = {name: _content(root.joinpath(*name.split("/"))) for name in (*files, *gone)}
    try:
        for name, content in files.items():
            _write(root, name, content)
        for name in gone:
            _remove(root, name)
    except BaseException:
        for name, known in reversed(before.items()):
            with contextlib.suppress(RepositoryError):
                if known is None:
                    _remove(root, name)
                else:
                    _write(root, name, known)
        raise


def publish_tree(staged: Path, out: Path) -> list[str]:
    """Make `out` the same as the tree `staged`: write what changed, remove what is not there any more.

    Raises RepositoryError if `out` holds anything but a site of Clausebook's, or cannot be written.
    """
    check_place(out)
    with _explained(out):
        _clean(_folders(out))
    wanted = {path.relative_to(staged).as_posix(): path for path in _files(staged)}
    order = sorted(wanted, key=lambda name: (name not in MARKS, name))
    written = [name for name in order if _write(out, name, wanted[name].read_bytes())]
    with _explained(out):
        for path in list(_files(out)):
            if path.relative_to(out).as_posix() not in wanted:
                path.unlink(missing_ok=True)
        for folder in sorted(_folders(out) - {out}, reverse=True):
            with contextlib.suppress(OSError):  # not empty, or gone already
                folder.rmdir()
    return sorted(written)


def check_place(out: Path) -> None:
    """Raise RepositoryError if a site cannot be put there, because the folder holds something else."""
    with _explained(out):
        if not _is_ours(out):
            raise RepositoryError(
                f"`{out}` is not empty, and holds no site of Clausebook's", "choose another --out, or empty the folder"
            )


def _is_ours(out: Path) -> bool:
    """Tell whether a folder is missing, empty, a site of Clausebook's, or holds nothing but files of agreements."""
    if not out.is_dir():
        return not out.exists()
    return all((out / mark).is_file() for mark in MARKS) or all(_could_be_ours(out, path) for path in _files(out))


def _could_be_ours(out: Path, path: Path) -> bool:
    """Tell whether a file may be one of an agreement's, or left by a run that was killed at its beginning."""
    name = path.relative_to(out).as_posix()
    folder, _, file = name.rpartition("/")
    return (
        name in MARKS
        or name.endswith(TEMPORARY)
        or (folder.startswith("agreements/") and file.partition(".")[0] == folder.removeprefix("agreements/"))
    )


def _clean(folders: Iterable[Path]) -> None:
    """Remove the temporary files that a killed run left behind."""
    for folder in folders:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for name in os.listdir(folder):
                if name.startswith(".") and name.endswith(TEMPORARY):
                    (folder / name).unlink(missing_ok=True)


def _write(out: Path, name: str, content: bytes) -> bool:
    target = out.joinpath(*name.split("/"))
    with _explained(target):
        if not target.resolve().is_relative_to(out.resolve()):
            raise RepositoryError(f"`{target}` is a link that leads out of `{out}`", "remove the link")
        if target.is_file() and target.stat().st_size == len(content) and target.read_bytes() == content:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(_TRIES):
            try:
                _put(target, content)
                break
            except (FileNotFoundError, FileExistsError):
                # Another build may have taken our temporary file for a leftover, and cleaned up.
                if attempt == _TRIES - 1:
                    raise
                target.parent.mkdir(parents=True, exist_ok=True)
    return True


def _content(place: Path) -> bytes | None:
    return place.read_bytes() if place.is_file() else None


def _remove(root: Path, name: str) -> None:
    """Remove a file, and the folders below `root` that are empty without it."""
    place = root.joinpath(*name.split("/"))
    with _explained(place):
        place.unlink(missing_ok=True)
    for folder in place.parents:
        if folder == root:
            break
        with contextlib.suppress(OSError):  # not empty, or gone already
            folder.rmdir()


def _put(target: Path, content: bytes) -> None:
    temporary = target.with_name(f".{target.name}.{os.getpid()}{TEMPORARY}")
    try:
        with open(os.open(temporary, _WRITE, 0o666), "wb") as file:
            file.write(content)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "a link leads in a circle"
        raise RepositoryError(
            f"cannot write `{place}`: {reason}", "check the folder's permissions and space"
        ) from error


def _folders(folder: Path) -> set[Path]:
    return {Path(parent) for parent, _, _ in os.walk(folder)}


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files and links below a folder; no link is followed."""
    for parent, folders, names in os.walk(folder):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        for name in sorted((*names, *links)):
            yield Path(parent, name)
