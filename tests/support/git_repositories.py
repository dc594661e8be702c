"""Real git repositories in temporary folders: each edit a commit, with fixed dates and fictional authors."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clausebook.document.model import Document
from clausebook.findings.model import FindingsError
from clausebook.history.revisions import agreement_at
from clausebook.language.sandbox import Sandbox
from clausebook.repository.git.process import Git, environment

AUTHORS = ("Ada Example", "Bao Sample", "Cleo Fictional", "Zoë Ångström")
START = 1_767_225_600
"""The time of the first commit, in seconds since 1970: 1 January 2026, UTC."""

DAY = 86_400


@dataclass
class Repository:
    """A git repository for tests; `root` is its work tree, `project` where the agreements are in it."""

    root: Path
    project: Path
    commits: list[str] = field(default_factory=list)

    def git(self, *arguments: str) -> str:
        """Run git and return what it prints, without the last line end."""
        return run(self.root, *arguments)

    def commit(self, subject: str, edits: Mapping[str, str | bytes | None] | None = None, author: str = "") -> str:
        """Write, or remove, files of the project, commit everything and return the commit's id."""
        for path, content in (edits or {}).items():
            place = self.project / path
            if content is None:
                place.unlink()
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.git("add", "--all")
        number = len(self.commits)
        name = author or AUTHORS[number % len(AUTHORS)]
        day = f"{START + number * DAY} +0200"
        run(self.root, "commit", "--quiet", "--allow-empty", "--message", subject, name=name, day=day)
        self.commits.append(self.git("rev-parse", "HEAD"))
        return self.commits[-1]

    def replace(self, subject: str, path: str, old: str, new: str, author: str = "") -> str:
        """Commit the replacement of some text, which must be there, in a file of the project."""
        content = (self.project / path).read_text(encoding="utf-8")
        assert old in content, f"{path} does not hold {old!r}"
        return self.commit(subject, {path: content.replace(old, new)}, author)

    def merge(self, subject: str, branch: str, *options: str) -> str:
        """Merge a branch with a commit of its own and return the commit's id."""
        day = f"{START + len(self.commits) * DAY} +0200"
        run(self.root, "merge", "--quiet", "--no-ff", "--message", subject, *options, branch, day=day)
        self.commits.append(self.git("rev-parse", "HEAD"))
        return self.commits[-1]

    def state(self) -> tuple[str, ...]:
        """Return all that must not change: every file of .git and of the work tree, the status, and git's own check."""
        return state_of(self.root)


def new_repository(root: Path, project: str = "") -> Repository:
    """Make a folder a git repository without commits; `project` is where in it the agreements are, or will be."""
    root.mkdir(parents=True, exist_ok=True)
    run(root, "init", "--quiet", "--initial-branch=main")
    return Repository(root, root / project)


def state_of(root: Path) -> tuple[str, ...]:
    """Return a hash of every file of a repository, bare or not, and what git says of it."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    hashes = [f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.relative_to(root)}" for path in files]
    status = "" if (root / "HEAD").is_file() else run(root, "--no-optional-locks", "status", "--porcelain")
    return (*hashes, status, run(root, "fsck", "--full", "--strict", "--no-progress", "--no-dangling"))


def document_at(root: Path, agreement: str, commit: str) -> Document:
    """Return the agreement's text at a commit; see `agreement_at`. Raises FindingsError if it is not valid there."""
    with Git(root) as git, Sandbox() as sandbox:
        found = agreement_at(git, root, agreement, commit, sandbox)
    if found.document is None:
        raise FindingsError(found.findings)
    return found.document


def run(folder: Path, *arguments: str, name: str = AUTHORS[0], day: str = f"{START} +0000") -> str:
    """Run git in a folder, as somebody and at some time, whatever this machine's user has configured."""
    done = subprocess.run(
        [
            "git",
            "-c",
            "core.autocrlf=false",
            "-c",
            "commit.gpgSign=false",
            "-c",
            "protocol.file.allow=always",
            *arguments,
        ],
        cwd=folder,
        env={
            **{key: value for key, value in environment().items() if not key.startswith("GIT_")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": name,
            "GIT_AUTHOR_EMAIL": "author@example.com",
            "GIT_AUTHOR_DATE": day,
            "GIT_COMMITTER_NAME": name,
            "GIT_COMMITTER_EMAIL": "author@example.com",
            "GIT_COMMITTER_DATE": day,
        },
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode(errors="replace").removesuffix("\n")
