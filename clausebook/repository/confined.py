"""The work tree as if it had only some of its agreements: whoever reads it can depend on nothing else."""

from __future__ import annotations

from pathlib import Path

from clausebook.repository.agreement_files import FOLDER, RESERVED, SUFFIXES, owner
from clausebook.repository.hashed import HashedDisk
from clausebook.repository.tree import TreeError

SHARED = (FOLDER, "schemas", "templates")
"""The folders that texts are made of; of the others nothing is there."""

HIDDEN, CONFIG = "templates/site", "mkdocs.yml"
"""The look of the site and its configuration, which decide on no text."""

PAGES = f"{HIDDEN}/pages"
"""The repository's own templates of pages, each under the name of the engine's that it stands before."""


class Confined(HashedDisk):
    """The files of some agreements, by their `ids`, and those that agreements share; not the look of the site."""

    def __init__(self, root: Path, ids: frozenset[str]) -> None:
        super().__init__(root)
        self._ids = ids

    def raw(self, path: str, limit: int) -> bytes:
        """Return the file's bytes; see `Tree.raw`."""
        if not self._shown(path, path.rpartition("/")[2]):
            raise TreeError("does not exist", "add it, or correct its name")
        return super().raw(path, limit)

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder; see `Tree.names`."""
        if not self._shown(folder):
            return []
        start = f"{folder}/" if folder else ""
        return [name for name in super().names(folder) if self._shown(start + name.removesuffix("/"), name)]

    def _shown(self, path: str, name: str = "") -> bool:
        if "/" not in path and (name.endswith("/") or not name):
            return path in ("", *SHARED)
        mine = belongs_to(path)
        return mine in self._ids if mine else is_shared(path)


def belongs_to(path: str) -> str:
    """Return the id of the agreement to which a file or a folder belongs, what was measured too; "" if to none."""
    folder, _, name = path.removesuffix(".csv").rpartition("/")
    return "" if folder == FOLDER and name in RESERVED else owner(f"{folder}/{name}")


def is_shared(path: str) -> bool:
    """Tell whether a file may decide on the text of every agreement."""
    top, _, rest = path.partition("/")
    if not rest:
        return path != CONFIG and path.endswith((*SUFFIXES, ".mailmap", ".gitattributes"))
    return top in SHARED and path != HIDDEN and not path.startswith(f"{HIDDEN}/") and not belongs_to(path)
