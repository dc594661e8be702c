"""git as a person or a program runs it, in a repository that is set up to show words."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.support.git_repositories import Repository


def read_by_a_person(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """Return what a pager gets from git, which must end well and complain of nothing."""
    done = run_git(folder, *arguments, environment={"GIT_PAGER_IN_USE": "true", **(environment or {})})
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode(errors="surrogateescape")


def run_git(
    folder: Path, *arguments: str, environment: dict[str, str] | None = None, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run git without any configuration but the repository's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "color.ui=false", *arguments]
    return subprocess.run(
        command, cwd=folder, env={**kept, **own, **(environment or {})}, input=given, capture_output=True, check=False
    )


def hunks(shown: str) -> list[str]:
    """Return the lines that a diff removes or adds."""
    return [line for line in shown.splitlines() if line[:1] in ("-", "+") and line[:3] not in ("---", "+++")]


def edit(repository: Repository, path: str, old: str, new: str) -> None:
    """Replace a text, which must be there, in a file of the work tree."""
    place = repository.project / path
    content = place.read_text(encoding="utf-8")
    assert old in content
    place.write_text(content.replace(old, new), encoding="utf-8")
