"""A tree as it would be with some files replaced, added or taken away: to see what would come of it."""

from __future__ import annotations

from collections.abc import Mapping

from clausebook.repository.tree import Tree, TreeError, too_large


class Overlaid:
    """A tree with other `files`, by path; of the folder `hidden`, if one is named, only these are there."""

    def __init__(self, tree: Tree, files: Mapping[str, bytes], hidden: str = "") -> None:
        self._tree, self._files, self._hidden = tree, files, hidden

    def read(self, path: str) -> bytes:
        """Return the file's bytes; see `Tree.read`."""
        if path in self._files:
            return self._files[path]
        if self.is_hidden(path):
            raise TreeError("does not exist", "add it, or correct its name")
        return self._tree.read(path)

    def raw(self, path: str, limit: int) -> bytes:
        """Return the file's bytes; see `Tree.raw`."""
        if path not in self._files and not self.is_hidden(path):
            return self._tree.raw(path, limit)
        content = self.read(path)
        if len(content) > limit:
            raise too_large(len(content), limit)
        return content

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder; see `Tree.names`."""
        names = set() if self.is_hidden(folder) else set(self._tree.names(folder))
        if self._hidden and folder == self._hidden.rpartition("/")[0]:
            names.discard(f"{self._hidden.rpartition('/')[2]}/")
        start = f"{folder}/" if folder else ""
        for path in self._files:
            if path.startswith(start):
                name, deeper, _ = path[len(start) :].partition("/")
                names.add(name + deeper)
        return sorted(names)

    def is_hidden(self, path: str) -> bool:
        """Tell whether a path is that of the hidden folder, or lies in it."""
        return bool(self._hidden) and (path == self._hidden or path.startswith(f"{self._hidden}/"))
