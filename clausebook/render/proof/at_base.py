"""What the base of the repository says of its looks: which show their words, and where one was changed since."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from clausebook.findings.model import RepositoryError
from clausebook.load.yaml import load_yaml
from clausebook.repository.git.base import TRUST, tree_at_base
from clausebook.repository.hashed import MOST_HASHED, HashedDisk, HashedTree
from clausebook.repository.tree import TreeError

_READ_ONLY_BY_PEOPLE = "README.md"


def is_trusted(root: Path, look: str, digest: str) -> bool:
    """Tell whether the base names the look of a format, by its hash. What the work tree says counts for nothing."""
    try:
        with tree_at_base(root) as (tree, _):
            loaded: Any = load_yaml(tree.read(TRUST), TRUST).value
    except (RepositoryError, TreeError):
        return False
    looks = loaded.get("looks") if isinstance(loaded, dict) else None
    named = [each for each in looks or () if isinstance(each, dict)] if isinstance(looks, list) else []
    return any((each.get("look"), each.get("sha256")) == (look, digest) for each in named)


def changed_at(root: Path, look: str) -> tuple[str, int] | None:
    """Return the first file, and line in it, where the look of a format is not what it is at the base; None if it is.

    Where no base is known, nobody can tell: it is the look's folder.
    """
    folder = f"templates/{look}"
    try:
        with tree_at_base(root) as (base, _):
            return next(_changes(base, HashedDisk(root), folder), None)
    except (RepositoryError, TreeError):
        return folder, 1


def _changes(old: HashedTree, new: HashedTree, folder: str) -> Iterator[tuple[str, int]]:
    before, after = old.files(folder), new.files(folder)
    for name in sorted({*before, *after} - {_READ_ONLY_BY_PEOPLE}):
        if name not in after:
            yield folder, 1
        elif before.get(name) != after[name]:
            path = f"{folder}/{name}"
            texts = [tree.raw(path, MOST_HASHED).splitlines() if name in before else [] for tree in (old, new)]
            yield path, 1 + sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    for name in sorted({*old.names(folder), *new.names(folder)}):
        if name.endswith("/"):
            yield from _changes(old, new, f"{folder}/{name[:-1]}")
