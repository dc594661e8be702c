"""From the names that people give to revisions to commits."""

from __future__ import annotations

from collections.abc import Iterable

from clausebook.findings.characters import without_hidden
from clausebook.findings.model import RepositoryError
from clausebook.findings.near_names import near
from clausebook.repository.git.process import MISSING, Git

REFS = ("refs/heads", "refs/tags", "refs/remotes")
MOST_NAMES = 8
MOST_LISTED = 5000


def head_of(git: Git) -> str | None:
    """Return the commit that is checked out, or None if there is none yet."""
    return _commit(git, "HEAD")


def commits_of(git: Git, paths: Iterable[str], most: int) -> list[str]:
    """Return the newest commits, up to `most`, that changed files of a project; [] if nothing is committed."""
    head = None if git.bare else head_of(git)
    literal = (f":(top,literal){git.prefix}{path}" for path in paths)
    return git.run("rev-list", f"--max-count={most}", head, "--", *literal).split() if head else []


def resolve(git: Git, name: str, others: tuple[str, ...] = ()) -> str:
    """Return the commit of this name: an id or its beginning, a branch, a tag, HEAD~2 and the like.

    Raises RepositoryError if there is none or more than one; `others` are names that were tried elsewhere,
    such as versions, and may be meant.
    """
    found = find_commit(git, name)
    if found is None:
        raise unknown(git, name, others)
    return found


def find_commit(git: Git, name: str) -> str | None:
    """Return the commit of this name, or None. Raises RepositoryError if the name has two meanings."""
    # Paths, searches, ranges and dates are names to git, too, but not of revisions.
    if any(sign in name for sign in (":", "..", "@{", "\\")):
        return None
    meanings = {ref: commit for ref in (f"{place}/{name}" for place in REFS) if (commit := _commit(git, ref))}
    if len(set(meanings.values())) > 1:
        raise RepositoryError(f"`{name}` names more than one revision", f"write {' or '.join(meanings)}")
    return _commit(git, name)


def is_reference(git: Git, name: str) -> bool:
    """Tell whether there is a branch or a tag of this name."""
    return any(_commit(git, f"{place}/{name}") for place in REFS)


def unknown(git: Git, name: str, others: tuple[str, ...] = ()) -> RepositoryError:
    """Return what to say of a name that names no revision."""
    listed = git.succeeds("for-each-ref", f"--count={MOST_LISTED}", "--format=%(refname:short)", *REFS) or ""
    names = list(dict.fromkeys((*others, *map(without_hidden, listed.splitlines()))))
    if name in names:
        return RepositoryError(f"the commit of `{name}` {MISSING}", git.whole_clone())
    like = near(name, names, 3, cutoff=0.5) or [known for known in names if known.endswith(f"/{name}")]
    if like:
        hint = f"did you mean {' or '.join(f'`{known}`' for known in like)}?"
    elif git.shallow:
        hint = git.whole_clone()
    else:
        hint = f"there are: {', '.join(names[:MOST_NAMES]) or 'none'}{' …' if len(names) > MOST_NAMES else ''}"
    return RepositoryError(f"there is no revision `{name}`", hint)


def merge_base(git: Git, one: str, other: str) -> str:
    """Return the best common ancestor of two commits, given by their full ids. Raises RepositoryError if none.

    Of several, which branches have that were merged into each other, it is one on the first one's own line.
    """
    found = (git.succeeds("merge-base", "--all", one, other) or "").split()
    if len(found) > 1:
        line = set(git.run("rev-list", "--first-parent", one).split())
        found.sort(key=lambda commit: commit not in line)
    if found:
        return found[0]
    hint = git.whole_clone() if git.shallow else "compare two revisions of the same history"
    raise RepositoryError(f"{one[:7]} and {other[:7]} have no common ancestor", hint)


def _commit(git: Git, name: str) -> str | None:
    found = git.find(name + "^{commit}")
    return found.oid if found else None
