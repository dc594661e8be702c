"""What a history leaves out, and why: what this clone does not have, and what is too long ago to be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clausebook.findings.model import Finding
from clausebook.history.commit_chain import CommitChain
from clausebook.repository.git.objects import SHORT
from clausebook.repository.git.process import Git


def gaps(git: Git, path: str, chain: CommitChain, absent: Sequence[bool] = ()) -> Iterator[Finding]:
    """Yield a note, one at most, on what is not in the history of the agreement at a path.

    `absent` tells for each step whether the clone does not have its files.
    """
    first = chain.steps[-1].commit[:SHORT] if chain.steps else ""
    if chain.more:
        many = f"the newest {len(chain.steps)} commits that may have changed it"
        said = f"{many} were looked at: what was before {first} was not"
        yield Finding(rule="core/history-long", message=said, path=path)
        return
    if chain.cut and first:
        left = f"what was before {first} is not in it"
    elif chain.cut:
        left = "its revisions are not in it"
    elif any(absent):
        left = f"the files of {sum(absent)} of {len(absent)} commits are not in it"
    else:
        return
    what, hint = git.why_lacking()
    yield Finding(rule="core/history-cut", message=f"this is {what}: {left}", path=path, hint=hint)
