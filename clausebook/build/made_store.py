"""Where a build finds what was made, by this build or by another one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

from clausebook.build.made import Parcel
from clausebook.repository import user_cache
from clausebook.repository.archive import Archive, archive_of
from clausebook.repository.store import Store
from clausebook.repository.temporary import temporary_folder
from clausebook.site.feeding import SiteFiles

_HEADS, _ENTRIES, _SEARCH, _ARCHIVES = "made-heads", "made-entries", "made-search", "made"
PARCEL = (_ARCHIVES, _SEARCH, _ENTRIES, _HEADS)
"""The kinds of what is kept of an agreement, what tells that it is there last."""

_OPENED = 3
"""Archives that stay open: files of an agreement, of the frame and of an index are asked for in turn."""


@contextmanager
def opened_store() -> Iterator[MadeStore]:
    """Open the store of one build. While it lasts nothing of it goes; then the user's store has its bound again."""
    mine = user_cache.own()
    with temporary_folder() as folder:
        yield MadeStore(Store(mine.folder) if mine else None, Store(folder))
    user_cache.keep("built", (), b"")


class MadeStore:
    """Where this build finds what was made, now or before: the user's store, or one that lasts as long as the build."""

    def __init__(self, mine: Store | None, own: Store) -> None:
        self._mine, self._own = mine, own
        self._opened = lru_cache(_OPENED)(lambda kind, key: Archive(self.there(kind, key)))
        self.new: set[tuple[str, str]] = set()
        """Kind and key of what this build kept under hashes of what went into it."""

    def find(self, kind: str, key: str) -> bytes | None:
        """Return what was kept, None if it is not there any more."""
        found = self._mine.find(kind, (key,)) if self._mine else None
        return self._own.find(kind, (key,)) if found is None else found

    def keep(self, kind: str, key: str, content: bytes) -> None:
        """Keep something under the hash of what went into it; for as long as this build lasts in any case."""
        self.new.add((kind, key))
        self.note(kind, key, content)

    def note(self, kind: str, place: str, content: bytes) -> None:
        """Keep what was seen at a place; for as long as this build lasts in any case."""
        if self._mine is None or not self._mine.keep(kind, (place,), content):
            self._own.keep(kind, (place,), content)

    def forget(self, doubtful: Callable[[str, str], bool]) -> None:
        """Remove what this build kept, by kind and key, if it is `doubtful`."""
        for kind, key in self.new:
            for store in filter(None, (self._mine, self._own) if doubtful(kind, key) else ()):
                store.forget(kind, (key,))

    def plain(self, kind: str, key: str, make: Callable[[], Any]) -> Any:
        """Return JSON data that was kept; else make them, and keep them."""
        found = self.find(kind, key)
        if found is None:
            found = json.dumps(make()).encode()
            self.keep(kind, key, found)
        return json.loads(found)

    def head(self, key: str) -> bytes | None:
        """Return the head of what was made, None if it is not there."""
        return self.find(_HEADS, key)

    def entry(self, key: str) -> bytes:
        """Return what lists show of what was made. Raises KeyError if it is not there any more."""
        return self.there(_ENTRIES, key)

    def search(self, key: str) -> bytes:
        """Return what the search knows of what was made. Raises KeyError if it is not there any more."""
        return self.there(_SEARCH, key)

    def file(self, key: str, path: str, kind: str = _ARCHIVES) -> bytes:
        """Return a file of what was made, or the body of a page. Raises KeyError if it is not there any more."""
        return self._opened(kind, key).file(path)

    def files(self, kind: str, key: str, make: Callable[[], Mapping[str, bytes]]) -> SiteFiles:
        """Return files that are made together, by path; they are made and kept if they are not there."""

        def kept() -> Mapping[str, str]:
            made = make()
            self.keep(kind, key, archive_of(made))
            return {path: hashlib.sha256(content).hexdigest() for path, content in made.items()}

        marks = self.plain(f"{kind}-heads", key, kept)
        return {path: (mark, partial(self.file, key, path, kind)) for path, mark in marks.items()}

    def there(self, kind: str, key: str) -> bytes:
        """Return what was kept. Raises KeyError if it is not there any more."""
        found = self.find(kind, key)
        if found is None:
            raise KeyError(f"{kind} {key}")
        return found

    def keep_parcel(self, key: str, parcel: Parcel) -> None:
        """Keep what was made of an agreement, what tells that it is there last."""
        for kind, content in zip(PARCEL, (parcel.archive, parcel.search, parcel.entry, parcel.head), strict=True):
            self.keep(kind, key, content)

    def parcel(self, key: str) -> Parcel | None:
        """Return what was made of an agreement, None if it is not there as a whole."""
        found = [self.find(kind, key) for kind in (_HEADS, _ENTRIES, _SEARCH, _ARCHIVES)]
        return None if None in found else Parcel(*(each for each in found if each is not None))
