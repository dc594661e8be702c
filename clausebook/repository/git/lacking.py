"""What a partial clone leaves out, known before anything is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.objects import FILE, FOLDER, read_tree
from clausebook.repository.git.process import Git, MissingObject
from clausebook.repository.tree import TreeError

_TEXTS = (".yaml", ".yml", ".md", ".json")
"""How files end of which a text is made; what was signed, or is only shown, may be left out."""


def lacking(tree: GitTree, places: Iterable[str]) -> Iterator[str]:
    """Yield the files and folders, at some places of a tree, that this clone does not have."""
    if tree.git.is_whole:
        return
    for place in places:
        try:
            entry = tree.entry(place)
        except TreeError:
            yield place
            continue
        if entry and entry.kind == FOLDER:
            yield from (f"{place}/{path}" for path in _in_folder(tree.git, entry.oid))
        elif entry and entry.kind == FILE and not tree.git.has(entry.oid):
            yield place


@lru_cache(maxsize=4096)
def _in_folder(git: Git, oid: str) -> tuple[str, ...]:
    try:
        held = read_tree(git, oid)
    except MissingObject:
        return ("",)
    found: list[str] = []
    for name, entry in held.items():
        if entry.kind == FOLDER:
            found += (f"{name}/{path}" for path in _in_folder(git, entry.oid))
        elif name.endswith(_TEXTS) and name != "README.md" and not git.has(entry.oid):
            found.append(name)
    return tuple(found)
