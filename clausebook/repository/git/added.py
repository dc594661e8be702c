"""What commits brought into folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clausebook.repository.git.process import Git


def added(git: Git, head: str, folders: Iterable[str], *, merges: bool) -> Iterator[tuple[str, str, str]]:
    """Yield each file that a commit brought into folders of the project, newest first; of `merges`, too, if wanted.

    That is its path, its blob and that commit. In a shallow clone the oldest commits bring in all that is there.
    """
    places = [f":(top,literal){git.prefix}{folder}" for folder in folders]
    which = ("--full-history", "--topo-order", *(() if merges else ("--no-merges",)))
    commits = git.run("rev-list", *which, head, "--", *places)
    # Not by git log, which the user's configuration changes.
    how = ("-r", "-z", "--root", "-m", "--raw", "--no-renames", "--no-abbrev", "--diff-filter=A")
    commit, fields = "", iter(git.run("diff-tree", "--stdin", *how, "--", *places, given=commits).split("\0"))
    for told in fields:
        words = told.split()
        if len(words) == 1:
            commit = words[0]
        elif words:
            yield next(fields, "").removeprefix(git.prefix), words[3], commit
