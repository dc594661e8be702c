"""Write what was built: the only writer. Whole or not at all, and only what changed."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from clausebook.findings.model import RepositoryError

TEMPORARY = ".clausebook-tmp"

FULL = frozenset({errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else [])})
"""Errors of a disk that takes no more: it is full, or the user's share of it is, or no file may be so large."""

_SPECIAL = {stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
_STREAM = re.compile(r"/dev/(std(in|out|err)|fd/.*)|/proc/.*")
"""What another program is at the end of, even where that is a file now."""

Content = bytes | Callable[[], bytes]
"""What is to be written, or what gives it when it is written: not all of it may find room at once."""

_TRIES = 3
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def publish(files: Mapping[str, Content], out: Path) -> list[str]:
    """Write the files (by path below `out`) whose content changed; return their paths, sorted.

    Each file is put in place in one step, so a killed run leaves old or new files
    but never half of one. Leftovers of a killed run are cleaned up first.
    Raises RepositoryError if a file cannot be written; if the disk is full, nothing has changed.
    """
    with _explained(out):
        _clean({out.joinpath(*name.split("/")).parent for name in files})
    return _write_all(out, {name: files[name] for name in sorted(files)})


def publish_together(files: Mapping[str, bytes], root: Path, removed: Iterable[str] = ()) -> None:
    """Write files below `root`, in their order, and remove others: all, or none.

    If one cannot be written, those before it are put back as they were. Raises RepositoryError.
    """
    gone = [name for name in removed if name not in files]
    with _explained(root):
        _clean({root.joinpath(*name.split("/")).parent for name in files})
        before = {name: _content(root.joinpath(*name.split("/"))) for name in (*files, *gone)}
    try:
        _write_all(root, files)
        for name in gone:
            _remove(root, name)
    except BaseException:
        for name, known in reversed(before.items()):
            with contextlib.suppress(RepositoryError):
                if known is None:
                    _remove(root, name)
                else:
                    _write_all(root, {name: known})
        raise


def publish_tree(
    files: Mapping[str, Content], out: Path, marks: Collection[str], kept: Collection[str] = ()
) -> list[str]:
    """Make `out` a tree of these files and of those `kept` there: write what changed, remove what else is there.

    By its `marks` a site of Clausebook's is known; they are written first, so that a killed run leaves no unknown
    folder. Raises RepositoryError if `out` holds anything but a site of Clausebook's, or cannot be written.
    """
    check_place(out, marks)
    with _explained(out):
        _clean(_folders(out))
    order = sorted(files, key=lambda name: name not in marks)
    wanted = {*files, *kept}
    written = _write_all(out, {name: files[name] for name in order})
    with _explained(out):
        for path in list(_files(out)):
            if path.relative_to(out).as_posix() not in wanted and (path.is_symlink() or path.is_file()):
                path.unlink(missing_ok=True)
        for folder in sorted(_folders(out) - {out}, reverse=True):
            with contextlib.suppress(OSError):  # not empty, or gone already
                folder.rmdir()
    return sorted(written)


def check_place(out: Path, marks: Collection[str]) -> None:
    """Raise RepositoryError if a site cannot be put there, because the folder holds something else."""
    refuse_special(out)
    with _explained(out):
        if not _is_ours(out, marks):
            raise RepositoryError(
                f"`{out}` is not empty, and holds no site of Clausebook's", "choose another --out, or empty the folder"
            )


def refuse_special(place: Path, mend: str = "name another place") -> None:
    """Raise RepositoryError if a place is neither file nor folder but a device, a pipe or a socket, or is git's own."""
    if ".git" in place.absolute().parts:
        raise RepositoryError(f"`{place}` lies in `.git`, which is git's own", mend)
    if what := special(place):
        raise RepositoryError(f"`{place}` is {what}, and is never replaced", mend)


def special(place: Path) -> str:
    """Return what a place is if it is neither file nor folder nor missing: "a device", "a pipe" …; else ""."""
    if _STREAM.fullmatch(place.as_posix()):
        return "a device"
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        mode = place.stat().st_mode
        return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else _SPECIAL.get(stat.S_IFMT(mode), "no plain file")
    return ""


def _is_ours(out: Path, marks: Collection[str]) -> bool:
    """Tell whether a folder is missing, empty, a site of Clausebook's, or holds nothing but files of agreements."""
    if not out.exists():
        return True
    if not out.is_dir():  # asked second: another build may make the folder in between
        return False
    if all((out / mark).is_file() for mark in marks):
        return True
    return all(_could_be_ours(path.relative_to(out).as_posix(), marks) for path in _files(out))


def _could_be_ours(name: str, marks: Collection[str]) -> bool:
    """Tell whether a file may be one of an agreement's, or left by a run that was killed at its beginning."""
    folder, _, file = name.rpartition("/")
    return (
        name in marks
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


def _write_all(out: Path, files: Mapping[str, Content]) -> list[str]:
    """Write the files whose content changed, in their order; return their names, sorted.

    All are written beside their places before the first takes its own, so that a disk that is full changes nothing.
    """
    changed: dict[str, Path] = {}
    made: list[Path] = []
    try:
        for name, source in files.items():
            target = out.joinpath(*name.split("/"))
            with _explained(target):
                if _differs(out, target, source):
                    changed[name] = target
                    made += _missing(target.parent)
                    _put_beside(target, source)
        for name, target in changed.items():
            with _explained(target):
                _put(target, files[name])
    except BaseException:
        for target in changed.values():
            with contextlib.suppress(OSError):
                _temporary(target).unlink(missing_ok=True)
        for folder in reversed(made):
            with contextlib.suppress(OSError):  # something stands in it by now
                folder.rmdir()
        raise
    return sorted(changed)


def _differs(out: Path, target: Path, source: Content) -> bool:
    refuse_special(target)
    if not target.resolve().is_relative_to(out.resolve()):
        raise RepositoryError(f"`{target}` is a link that leads out of `{out}`", "remove the link")
    if not target.is_file():
        return True
    content = _bytes(source)
    return target.stat().st_size != len(content) or target.read_bytes() != content


def _bytes(source: Content) -> bytes:
    return source if isinstance(source, bytes) else source()


def _missing(folder: Path) -> list[Path]:
    """Return the folders that must be made for this one to be there, the outermost first."""
    return [each for each in (*reversed(folder.parents), folder) if not each.exists()]


def _put_beside(target: Path, source: Content) -> None:
    for attempt in range(_TRIES):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(os.open(_temporary(target), _WRITE, 0o666), "wb") as file:
                file.write(_bytes(source))
            return
        except (FileNotFoundError, FileExistsError):
            # Another build may have removed the folder, for nothing stood in it yet.
            if attempt == _TRIES - 1:
                raise


def _put(target: Path, source: Content) -> None:
    """Let what was written beside its place take it."""
    for attempt in range(_TRIES):
        try:
            os.replace(_temporary(target), target)
            return
        except FileNotFoundError:
            # Another build may have taken our temporary file for a leftover, and cleaned up.
            if attempt == _TRIES - 1:
                raise
            _put_beside(target, source)


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}{TEMPORARY}")


def _content(place: Path) -> bytes | None:
    refuse_special(place)
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


@contextlib.contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "a link leads in a circle"
        full = isinstance(error, OSError) and error.errno in FULL
        hint = "make room there, or choose another place" if full else "check the folder's permissions and space"
        raise RepositoryError(f"cannot write `{place}`: {reason}", hint) from error


def _folders(folder: Path) -> set[Path]:
    return {Path(parent) for parent, _, _ in os.walk(folder)}


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files and links below a folder; no link is followed."""
    for parent, folders, names in os.walk(folder):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        for name in sorted((*names, *links)):
            yield Path(parent, name)
