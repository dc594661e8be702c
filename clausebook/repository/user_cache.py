"""Where things that are dear to make are kept: a store in a folder of this user, never the repository.

What is in it can always be thrown away. `CLAUSEBOOK_CACHE` names another folder, `CLAUSEBOOK_CACHE_SIZE` how much it
holds, and `CLAUSEBOOK_NO_CACHE=1` does without; children inherit all three.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from clausebook.repository.store import DAMAGED, FOREIGN, Store, noticed

VARIABLE, SIZE, OFF = "CLAUSEBOOK_CACHE", "CLAUSEBOOK_CACHE_SIZE", "CLAUSEBOOK_NO_CACHE"
USUAL_SIZE, COMPILED_SIZE = 4 << 30, 256 << 20

_SIZES = re.compile(r"([0-9]{1,6})([KMGT]?)", re.IGNORECASE)
_TOLD = {
    DAMAGED: "the cache in `{folder}` holds damaged entries ({number} met): they are not used, and made anew",
    FOREIGN: "the cache in `{folder}` holds what is no file of yours alone ({number} met): it is not used; "
    "see clausebook cache info",
}
_UNKEPT = (
    "the cache in `{folder}` cannot be written ({why}): what is made is not kept; "
    f"{VARIABLE} names another folder, and --no-cache does without"
)
_OTHER = {
    DAMAGED: "`{folder}` holds damaged parts ({number} met): they are not used, and made anew",
    FOREIGN: "`{folder}` holds what is no file of yours alone ({number} met): it is not used; if all of it is from "
    "your own jobs, chmod -R go-w on the folder mends that",
}
_FULL = "nothing more can be kept in `{folder}` ({why})"


def find(kind: str, key: Iterable[str]) -> bytes | None:
    """Return what was kept of one kind under a key; None if there is nothing, or it cannot be used."""
    store = own()
    return store.find(kind, key) if store else None


def keep(kind: str, key: Iterable[str], content: bytes) -> None:
    """Keep something of one kind under a key, if there can be a store."""
    if store := own():
        store.keep(kind, key, content)


def kept_or_made(kind: str, key: Sequence[str], make: Callable[[], bytes]) -> bytes:
    """Return what was kept of one kind under a key; else make it, and keep it."""
    known = find(kind, key)
    if known is None:
        known = make()
        keep(kind, key, known)
    return known


def can_keep() -> bool:
    """Tell whether what is kept now is likely to be found by the next process."""
    store = own()
    return store is not None and store.can_keep()


def own() -> Store | None:
    """Return the user's own store; None if it is done without."""
    return None if is_off() else stores()[0]


def compiled() -> Store | None:
    """Return where compiled code is kept, beside the user's own store: it is run, and so it never travels with it."""
    return None if is_off() else stores()[1]


def stores() -> tuple[Store, Store]:
    """Return the user's own store and that of compiled code, whether they are done without or not."""
    return _stores(os.environ.get(VARIABLE, ""), os.environ.get(SIZE, ""))


def is_off() -> bool:
    """Tell whether the user does without what was kept: nothing is read, and nothing written."""
    return os.environ.get(OFF, "") not in ("", "0")


def told() -> list[str]:
    """Return what users should know of their caches and of parts that shards made, in sentences, and forget it."""
    found = sorted(noticed.items())
    noticed.clear()
    caches = {os.fspath(each.folder) for each in stores()}
    return [
        (_TOLD.get(why, _UNKEPT) if folder in caches else _OTHER.get(why, _FULL)).format(
            folder=folder, why=why, number=number
        )
        for (folder, why), number in found
    ]


def bytes_of(size: str) -> int | None:
    """Return the bytes that a size such as 500M or 2G means; None if it is none."""
    found = _SIZES.fullmatch(size.strip())
    return int(found[1]) << 10 * " KMGT".index(found[2].upper() or " ") if found else None


@lru_cache(8)
def _stores(named: str, size: str) -> tuple[Store, Store]:
    folder, most = _folder(named), bytes_of(size)
    own = Store(folder, USUAL_SIZE if most is None else most)
    return own, Store(Path(f"{folder}-compiled"), COMPILED_SIZE, bound=True)


def _folder(named: str) -> Path:
    if named:
        return Path(os.path.abspath(named))
    # A sixth of the time of a program that only looks up a thing, and does so for each file of a diff.
    import platformdirs

    return Path(platformdirs.user_cache_dir("clausebook", appauthor=False))
