"""A repository's history as bytes that can be sent, and a repository of one's own from what was sent.

What decides on texts and pages is in it: the commits of HEAD, branches, tags and remote branches, what is staged, and
a few settings. Hooks, other settings, stashes and whatever else lies in `.git` stay at home.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clausebook.findings.model import RepositoryError
from clausebook.repository.git.base import SETTING, base_of
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import REFS, head_of
from clausebook.repository.temporary import temporary_folder
from clausebook.repository.tree import content_of

_WHO, _OTHERS = ("user.name", "user.email"), ("core.autocrlf", "core.eol", "core.filemode")
_HEAD = re.compile(r"(ref: refs/heads/[^\s\\]+|[0-9a-f]{40,64})\n")
_REF = re.compile(rf"[0-9a-f]{{40,64}} (?:{'|'.join(REFS)})/[^\s\\~^:?*\[]+")
_SHALLOW = re.compile(r"(?:[0-9a-f]{40,64}\n)*")


@dataclass(frozen=True, slots=True)
class SentHistory:
    """A history: a bundle of git's if anything is committed, the file HEAD, the branches and tags, and what is staged.

    `prefix` is where the project lies in it, "" or a path that ends with a slash. `base` is the commit of the base, or
    why there is none.
    """

    prefix: str
    head: str
    base: str
    bundle: bytes = b""
    refs: str = ""
    shallow: str = ""
    staged: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


def history_of(git: Git, folders: Collection[str], most: int) -> SentHistory:
    """Return the history of a repository, and what is staged of some folders of the project.

    Raises RepositoryError if it is not all there, or larger than `most` bytes.
    """
    commit = head_of(git)
    branch = (git.succeeds("symbolic-ref", "--quiet", "HEAD") or "").strip()
    base, named = _base(git)
    # Who works here counts, if only as nobody; the others have a meaning of their own when they are empty.
    settings = {name: (git.succeeds("config", "--get", name) or "").removesuffix("\n") for name in (*_WHO, *_OTHERS)}
    settings = {name: value for name, value in settings.items() if value or name in _WHO}
    return SentHistory(
        git.prefix,
        f"ref: {branch}\n" if branch else f"{commit}\n",
        base,
        _bundle(git, most) if commit else b"",
        git.run("for-each-ref", "--format=%(objectname) %(refname)", *REFS),
        git.boundary,
        git.run("ls-files", "--stage", "-z", "--full-name", "--", *folders),
        settings | ({SETTING: named} if named else {}),
    )


def restore(sent: SentHistory, root: Path) -> None:
    """Make an empty folder the work tree of a repository with the history that was sent; it has no files yet.

    Raises ValueError if that is not what `history_of` gives; RepositoryError, also where the base is another one than
    at home.
    """
    if (
        not _HEAD.fullmatch(sent.head)
        or not all(map(_REF.fullmatch, sent.refs.splitlines()))
        or not _SHALLOW.fullmatch(sent.shallow)
    ):
        raise ValueError("the history cannot be read")
    own = root / ".git"
    for folder in ("objects", "refs"):
        (own / folder).mkdir(parents=True)
    # A commit that is not there yet would be no HEAD.
    (own / "HEAD").write_text("ref: refs/heads/sent\n", encoding="utf-8", newline="")
    hashed = bool(re.search(r"\b[0-9a-f]{64}\b", sent.head + sent.staged[:200]))
    wanted = "[core]\nrepositoryformatversion = 1\n[extensions]\nobjectformat = sha256\n" if hashed else ""
    (own / "config").write_text(wanted, encoding="utf-8")
    if sent.shallow:
        (own / "shallow").write_text(sent.shallow, encoding="ascii", newline="")
    with Git(root) as git:
        for name, value in sent.settings.items():
            git.configure("--", name, value)
        if sent.bundle:
            (own / "bundle").write_bytes(sent.bundle)
            git.run("bundle", "unbundle", str(own / "bundle"))
            (own / "bundle").unlink()
            (own / "packed-refs").write_text(sent.refs, encoding="utf-8", newline="")
        (own / "HEAD").write_text(sent.head, encoding="utf-8", newline="")
        if sent.staged:
            git.run("update-index", "-z", "--index-info", given=sent.staged)
        base, _ = _base(git)
    if base != sent.base:
        raise RepositoryError(
            "it takes another branch for the protected one than this machine",
            "see whether CLAUSEBOOK_BASE, or a variable of a pipeline, is set where the worker runs",
        )


def _base(git: Git) -> tuple[str, str]:
    """Return the commit of the base and its branch; or why there is none, and ""."""
    try:
        found = base_of(git)
    except RepositoryError as error:
        return error.message, ""
    return found.commit, found.branch


def _bundle(git: Git, most: int) -> bytes:
    with temporary_folder() as folder:
        place = folder / "bundle"
        git.run("bundle", "create", "--quiet", str(place), "HEAD", "--branches", "--tags", "--remotes")
        content = content_of(place, most)
    if len(content) > most:
        raise RepositoryError(f"the repository's history is larger than {most >> 20} MiB", "build it without a cluster")
    return content
