"""A change as it would be on another base: what its branch says, with what the base's branch did meanwhile.

So an earlier state of a change can be compared with a later one after a rebase, a squash or a merge of the base, and
nothing that the base's branch did is told as the change's.
"""

from __future__ import annotations

from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.repository.hashed import MOST_HASHED
from clausebook.repository.overlaid import HashedOverlay
from clausebook.repository.temporary import temporary_folder
from clausebook.repository.tree import TreeError


def carried(git: Git, change: str, base: str, onto: str) -> tuple[HashedOverlay, tuple[str, ...]]:
    """Return the tree of the commit `change`, made on `base`, as it would be on `onto`; and the paths in conflict.

    All are full ids. In a file of which both changed the same lines, what the change says stands. Raises
    RepositoryError if this clone lacks one of the commits.
    """
    before, now, mine = (GitTree(git, commit) for commit in (base, onto, change))
    files: dict[str, bytes | None] = {}
    conflicts = []
    listed = git.run("diff-tree", "-r", "-z", "--relative", "--no-renames", "--name-only", base, onto)
    for path in filter(None, listed.split("\0")):
        try:
            marks = [tree.digest(path) for tree in (before, now, mine)]
            if marks[2] == marks[0]:
                files[path] = now.raw(path, MOST_HASHED) if marks[1] else None
            elif marks[2] != marks[1]:
                files[path] = _merged(git, *(tree.raw(path, MOST_HASHED) for tree in (mine, before, now)))
        except TreeError:
            conflicts.append(path)
    return HashedOverlay(mine, files, len(change)), tuple(conflicts)


def _merged(git: Git, *contents: bytes) -> bytes:
    """Return the first of three texts with what the third did to the second; raise TreeError where both did."""
    with temporary_folder() as folder:
        places = [folder / name for name in ("ours", "base", "theirs")]
        for place, content in zip(places, contents, strict=True):
            place.write_bytes(content)
        merged = git.merged(*places)
    if merged is None:
        raise TreeError("was changed at the same lines on both sides", "see git log")
    return merged
