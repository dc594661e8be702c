"""Where things that are dear to make are kept: a private folder of this user, never the repository.

It holds compiled templates and rendered files, each under the hash of all that went
into it. What is in it can always be thrown away; `CLAUSEBOOK_CACHE` names another folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

VARIABLE = "CLAUSEBOOK_CACHE"
MOST = 2000
"""Files that a cache keeps; the oldest go first."""

SEAL = hashlib.sha256().digest_size


def cache_folder(kind: str) -> Path | None:
    """Return the folder of one kind of cache, made if need be; None if there can be none.

    A folder that others may write to is none: what they put there would be run, or signed.
    """
    folder = Path(os.environ.get(VARIABLE) or _usual(), kind)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError:
        return None
    shared = hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022)
    return None if shared else folder


def find(kind: str, key: Iterable[str]) -> bytes | None:
    """Return what was kept in one kind of cache under a key; None if there is nothing, or it is damaged."""
    place = _place(kind, key)
    return read(place) if place else None


def keep(kind: str, key: Iterable[str], content: bytes) -> None:
    """Keep something in one kind of cache under a key, if there can be a cache."""
    place = _place(kind, key)
    if place:
        write(place, content)


def kept_or_made(kind: str, key: Sequence[str], make: Callable[[], bytes]) -> bytes:
    """Return what was kept in one kind of cache under a key; else make it, and keep it."""
    known = find(kind, key)
    if known is None:
        known = make()
        keep(kind, key, known)
    return known


def read(place: Path) -> bytes | None:
    """Return what was kept, or None if there is nothing or it is damaged."""
    try:
        stored = place.read_bytes()
    except OSError:
        return None
    seal, content = stored[:SEAL], stored[SEAL:]
    return content if hashlib.sha256(content).digest() == seal else None


def write(place: Path, content: bytes) -> None:
    """Keep something, in one step; a cache that cannot be written is done without."""
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        temporary.write_bytes(hashlib.sha256(content).digest() + content)
        os.replace(temporary, place)
        _prune(place.parent)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _place(kind: str, key: Iterable[str]) -> Path | None:
    folder = cache_folder(kind)
    return folder / hashlib.sha256("\0".join(key).encode()).hexdigest() if folder else None


def _usual() -> str:
    # A sixth of the time of a program that only looks up a thing, and does so for each file of a diff.
    import platformdirs

    return platformdirs.user_cache_dir("clausebook", appauthor=False)


def _prune(folder: Path) -> None:
    names = os.listdir(folder)
    if len(names) > MOST:
        kept = sorted((folder / name for name in names), key=lambda path: path.stat().st_mtime)
        for path in kept[: len(names) - MOST // 2]:
            path.unlink(missing_ok=True)


def own():  # type: ignore[no-untyped-def]
    from clausebook.repository.store import Store

    return Store(Path(os.environ.get(VARIABLE) or _usual()))
