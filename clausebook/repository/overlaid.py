"""A tree as it would be with some files replaced, added or taken away: to see what would come of it."""

from __future__ import annotations

from collections.abc import Mapping

from clausebook.repository.git.commit_tree import digest_of, from_below
from clausebook.repository.hashed import HashedTree, blob_hash
from clausebook.repository.tree import Tree, TreeError, too_large


class Overlaid:
    """A tree with other `files`, by path, None for one that is not there.

    Of the folder `hidden`, if one is named, only these are there.
    """

    def __init__(self, tree: Tree, files: Mapping[str, bytes | None], hidden: str = "") -> None:
        self._tree, self._files, self._hidden = tree, files, hidden

    def read(self, path: str) -> bytes:
        """Return the file's bytes; see `Tree.read`."""
        content = self._files.get(path)
        if content is not None:
            return content
        if path in self._files or self._is_hidden(path):
            raise TreeError("does not exist", "add it, or correct its name")
        return self._tree.read(path)

    def raw(self, path: str, limit: int) -> bytes:
        """Return the file's bytes; see `Tree.raw`."""
        if path not in self._files and not self._is_hidden(path):
            return self._tree.raw(path, limit)
        content = self.read(path)
        if len(content) > limit:
            raise too_large(len(content), limit)
        return content

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder; see `Tree.names`."""
        names = set() if self._is_hidden(folder) else set(self._tree.names(folder))
        if self._hidden and folder == self._hidden.rpartition("/")[0]:
            names.discard(f"{self._hidden.rpartition('/')[2]}/")
        start = f"{folder}/" if folder else ""
        taken: set[str] = set()
        for path, content in self._files.items():
            if path.startswith(start):
                name, deeper, _ = path[len(start) :].partition("/")
                (names if content is not None else taken).add(name + deeper)
        gone = (name for name in taken if not name.endswith("/") or not self.names(f"{start}{name[:-1]}"))
        return sorted(names.difference(gone))

    def _is_hidden(self, path: str) -> bool:
        return bool(self._hidden) and (path == self._hidden or path.startswith(f"{self._hidden}/"))


class HashedOverlay(Overlaid):
    """The same of a tree that knows the hashes of its files; those that are replaced are `width` characters long."""

    def __init__(self, tree: HashedTree, files: Mapping[str, bytes | None], width: int, hidden: str = "") -> None:
        super().__init__(tree, files, hidden)
        self._hashed, self._width = tree, width

    def digest(self, path: str) -> str:
        """Return a hash of what is at a path; see `HashedTree.digest`."""

        def inner(place: str) -> list[str]:
            names = self.names(place) if self._is_changed(place) and place not in self._files else ()
            return [f"{place}/{name[:-1]}" for name in names if name.endswith("/")]

        def made(place: str, found: Mapping[str, str]) -> str:
            if not self._is_changed(place):
                return "" if self._is_hidden(place) else self._hashed.digest(place)
            if place in self._files:
                content = self._files[place]
                return "" if content is None else blob_hash(content.replace(b"\r\n", b"\n"), self._width)
            held = {**self.files(place), **{each.rpartition("/")[2]: found[each] for each in inner(place)}}
            return digest_of(held) if held else ""

        return from_below(path, inner, made)

    def files(self, folder: str) -> Mapping[str, str]:
        """Return a hash of each file of a folder; see `HashedTree.files`."""
        start = f"{folder}/" if folder else ""
        own = {path[len(start) :] for path in self._files if path.startswith(start)}
        known = {} if self._is_hidden(folder) else self._hashed.files(folder)
        kept = {name: mark for name, mark in known.items() if name not in own}
        replaced = {name: mark for name in own if "/" not in name and (mark := self.digest(start + name))}
        return {**kept, **replaced}

    def _is_changed(self, path: str) -> bool:
        changed = filter(None, (*self._files, self._hidden))
        return any(each == path or each.startswith(f"{path}/") for each in changed)
