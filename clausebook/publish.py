"""Write what was built: the only writer. Whole or not at all, and only what changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from clausebook.errors import RepositoryError

TEMPORARY = ".clausebook-tmp"


def publish(files: Mapping[str, bytes], out: Path) -> list[str]:
    """Write the files (by path below `out`) whose content changed; return their paths, sorted.

    Each file is put in place in one step, so a killed run leaves old or new files
    but never half of one. Leftovers of a killed run are cleaned up first.
    Raises RepositoryError if a file cannot be written.
    """
    clean(out)
    return [path for path in sorted(files) if _write(out, path, files[path])]


def publish_tree(staged: Path, out: Path) -> list[str]:
    """Make `out` the same as the tree `staged`: write what changed, remove what is not there any more."""
    clean(out)
    wanted = {path.relative_to(staged).as_posix(): path for path in _files(staged)}
    written = [name for name, path in sorted(wanted.items()) if _write(out, name, path.read_bytes())]
    for path in list(_files(out)):
        if path.relative_to(out).as_posix() not in wanted:
            path.unlink()
    for folder in sorted((path for path in out.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    return written


def clean(out: Path) -> None:
    """Remove the temporary files that a killed run left behind."""
    for path in list(_files(out)):
        if path.name.startswith(".") and path.name.endswith(TEMPORARY):
            path.unlink(missing_ok=True)


def _write(out: Path, name: str, content: bytes) -> bool:
    target = out.joinpath(*name.split("/"))
    temporary = target.with_name(f".{target.name}{TEMPORARY}")
    try:
        if not target.resolve().is_relative_to(out.resolve()):
            raise RepositoryError(f"`{target}` is a link that leads out of `{out}`", "remove the link")
        if target.is_file() and target.stat().st_size == len(content) and target.read_bytes() == content:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_bytes(content)
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise RepositoryError(
            f"cannot write `{target}`: {error.strerror}", "check the folder's permissions and space"
        ) from error
    return True


def _files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            yield Path(parent, name)
