"""What commits brought into folders, without what merges made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clausebook.repository.git.process import Git


def added(git: Git, head: str, folders: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each file that a commit, but for a merge, brought into folders of the project, newest first.

    That is its path, its blob and that commit. In a shallow clone the oldest commits bring in all that is there.
    """
    how = ("--full-history", "--topo-order", "--no-merges", "--no-renames", "--diff-filter=A")
    places = [f":(top,literal){git.prefix}{folder}" for folder in folders]
    listed = git.run("log", *how, "--raw", "--no-abbrev", "-z", "--format=%H", head, "--", *places)
    commit, fields = "", iter(listed.split("\0"))
    for told in fields:
        words = told.split()
        if len(words) == 1:
            commit = words[0]
        elif words:
            yield next(fields, "").removeprefix(git.prefix), words[3], commit
