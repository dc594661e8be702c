"""What holds the text of an amendment that is not executed yet, and the way back to it that loses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clausebook.amending.amendment_chain import AGAIN
from clausebook.amending.changes_file import Changes, data_mark
from clausebook.document.statuses import DRAFTS
from clausebook.findings.model import RepositoryError
from clausebook.load.yaml import load_yaml
from clausebook.records.record_files import turns
from clausebook.repository.agreement_files import APPROVALS, FOLDER, path_in, paths
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import commits_of, head_of
from clausebook.repository.tree import Tree, TreeError, names_in

MOST_COMMITS = 50
"""How many commits of an agreement's file are searched for a draft."""

REDRAFT = 'clausebook amend {agreement} --redraft "REASON"'


@dataclass(frozen=True, slots=True)
class DraftInGit:
    """Where git has a draft: the command that brings it back, and whether the work tree's own is not committed."""

    command: str
    uncommitted: bool


def holds(tree: Tree, amendment: str, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what holds the amendment's text, in words: its status, turns of its version, a signed file beside it.

    `data` are the amendment's own, which need not be valid.
    """
    status, version = data.get("status"), str(data.get("version", ""))
    if status not in DRAFTS:
        yield f"its status is {status}"
    mine = [turn for turn in turns(tree, amendment) if turn.version == version]
    if mine:
        yield f"version {version} was {mine[-1].direction} on {mine[-1].date}"
    yield from (f"{FOLDER}/{amendment}/{each} came in" for each in came_in(tree, amendment))


def came_in(tree: Tree, amendment: str) -> list[str]:
    """Return the names of the PDFs beside an amendment: nothing but what came back is kept there."""
    return [name for name in names_in(tree, f"{FOLDER}/{amendment}") if name.lower().endswith(".pdf")]


def has_approvals(tree: Tree, amendment: str) -> bool:
    """Tell whether anybody approved any text of the amendment, this one or an earlier one."""
    return any(name.endswith(".yaml") for name in names_in(tree, f"{FOLDER}/{amendment}/{APPROVALS}"))


def way_back(agreement: str, found: DraftInGit | None) -> str:
    """Return what to do where an amendment's text is held and the agreement's draft has moved on: the best first."""
    first = "commit the draft as it is now, so that it is kept; then " if found and found.uncommitted else ""
    how = f": {found.command}" if found else ", which is what it said when the amendment was drafted"
    return (
        f"to lose nothing, {first}bring the draft of `{agreement}` back to what this amendment makes of it{how}; "
        "execute what is signed, and let the next amendment say what is new. "
        f"Only if nobody is to sign it as it stands: {REDRAFT.format(agreement=agreement)}"
    )


def mend_of_stale(tree: Tree, amendment: str, data: Mapping[str, Any], agreement: str, found: DraftInGit | None) -> str:
    """Return what to do about an amendment that does not make the agreement's draft any more."""
    held = has_approvals(tree, amendment) or next(holds(tree, amendment, data), "")
    return way_back(agreement, found) if held else AGAIN.format(agreement=agreement)


def draft_in_git(root: Path, tree: Tree, changes: Changes) -> DraftInGit | None:
    """Return how the draft from which an amendment was made comes back; None if git does not have it.

    `tree` is the work tree. The newest commit that has it is taken.
    """
    path = path_in(tree, changes.agreement)
    try:
        with Git(root) as git:
            for commit in commits_of(git, [path], MOST_COMMITS):
                then = GitTree(git, commit)
                if _has_draft(then, path, changes):
                    changed = [path, *_other_wordings(then, tree, f"{FOLDER}/{changes.agreement}")]
                    now = GitTree(git, head_of(git) or commit)
                    uncommitted = any(_text(now, each) != _text(tree, each) for each in changed)
                    return DraftInGit(f"git checkout {commit[:12]} -- {' '.join(changed)}", uncommitted)
    except (RepositoryError, TreeError):
        pass  # without git, words must do
    return None


def held_in_git(root: Path, amendment: str, version: str = "") -> Iterator[str]:
    """Yield, in words, that git has the amendment in a status that holds its text, whatever its file says now.

    Without a version the newest commit counts alone, else each that has this version.
    """
    try:
        with Git(root) as git:
            newest = [] if git.bare else [head_of(git)]
            for commit in commits_of(git, paths(amendment), MOST_COMMITS) if version else filter(None, newest):
                values = (load_yaml(_text(GitTree(git, commit), path), path).value for path in paths(amendment))
                for value in (each for each in values if isinstance(each, dict)):
                    if value.get("status") not in DRAFTS and version in ("", str(value.get("version"))):
                        yield f"its status was {value.get('status')} in the commit {commit[:12]}"
                        return
    except (RepositoryError, TreeError):
        pass  # without git, the files must do


def _has_draft(then: Tree, path: str, changes: Changes) -> bool:
    value = load_yaml(_text(then, path), path).value
    return isinstance(value, dict) and data_mark(value) == changes.data


def _other_wordings(then: Tree, now: Tree, folder: str) -> list[str]:
    """Return the files of the deal's own wording that were other ones."""
    wordings = [f"{folder}/{name}" for name in names_in(then, folder) if name.endswith(".md")]
    return [path for path in wordings if _text(then, path) != _text(now, path)]


def _text(tree: Tree, path: str) -> bytes:
    try:
        return tree.read(path).replace(b"\r\n", b"\n")
    except TreeError:
        return b""
