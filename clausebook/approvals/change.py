"""The change that approvals are given for: who made it, and whose reviews at the forge are reviews of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from clausebook.approvals.reviews import ForgeReview
from clausebook.findings.characters import folded
from clausebook.repository.agreement_files import APPROVALS, FOLDER, AgreementFile
from clausebook.repository.git.process import Git

_TEXTS = (FOLDER, "schemas", "templates")
"""What a text is made of: while any of it is not committed, no review is one of it."""

_TOGETHER = re.compile(r"\s+co-authored-by:\s*([^<]*)(?:<([^>]*)>)?.*", re.IGNORECASE)


def authors(git: Git, file: AgreementFile, base: str, commit: str) -> frozenset[str]:
    """Return who changed an agreement, other than its approvals, since a base: names and e-mail addresses, folded.

    `commit` is where it stands, "" for the work tree: then whoever works there counts, if anything is not committed.
    Of an agreement that the base does not have, whoever changed any agreement counts: it may have had another name.
    """
    own = (file.path, f"{FOLDER}/{file.id}")
    known = git.succeeds("cat-file", "-e", f"{base}:{git.prefix}{file.path}") is not None
    without = f":(exclude,glob){FOLDER}/*/{APPROVALS}/**"
    paths = (*(own if known else (FOLDER,)), without)
    told = git.run("log", "--format=%ae%n%an%n%w(0,4,4)%B", f"{base}..{commit or 'HEAD'}", "--", *paths).splitlines()
    found = [line for line in told if line.strip() and not line.startswith("    ")]
    for line in told:
        if together := _TOGETHER.fullmatch(line):
            found += filter(None, together.groups())
    if not commit and not _committed(git, (*own, without)):
        found += [git.succeeds("config", f"user.{name}") or "" for name in ("email", "name")]
    return frozenset(folded(each) for each in found if each.strip())


def reviewed(git: Git, reviews: Sequence[ForgeReview], base: str, commit: str) -> Iterator[ForgeReview]:
    """Yield the reviews of exactly what is judged: of its commit, or of the one that a forge merged to test it.

    A merge is taken for that only if it comes from the base and brings nothing that neither side has.
    """
    if not commit and not _committed(git, _TEXTS):
        return
    here, *parents = git.run("rev-list", "--parents", "--max-count=1", commit or "HEAD").split()
    accepted = {here}
    if len(parents) == 2 and git.succeeds("merge-base", "--is-ancestor", parents[0], base) is not None:
        # What differs from both parents is in no commit that somebody reviewed.
        of_its_own = git.run("diff-tree", "-c", "--name-only", "--no-commit-id", here).strip()
        accepted |= set() if of_its_own else {parents[1]}
    yield from (each for each in reviews if each.commit in accepted)


def unchanged(git: Git, paths: Sequence[str], base: str, commit: str) -> bool:
    """Tell whether files are those of a base in a commit or, with "", in the work tree, whatever git ignores."""
    # A diff with the work tree would write the index anew.
    if git.succeeds("diff", "--quiet", base, commit or "HEAD", "--", *paths) is None:
        return False
    asked = (("status", "--porcelain", "--untracked-files=no"), ("ls-files", "--others"))
    return bool(commit) or not any(git.run(*each, "--", *paths).strip() for each in asked)


def _committed(git: Git, paths: Sequence[str]) -> bool:
    return unchanged(git, paths, "HEAD", "")
