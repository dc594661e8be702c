"""The versions that the library's clauses had, and the days on which they came."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from clausebook.findings.model import RepositoryError
from clausebook.repository import user_cache
from clausebook.repository.engine import engine
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import head_of

Versions = Mapping[str, tuple[tuple[str, str], ...]]
"""By path, the versions of a clause, each with the day (ISO 8601, in UTC) of its commit; the oldest first."""

_COMMIT = re.compile(r"\x01(\d{1,12})")
_VERSION = re.compile(r"""\+version:[ \t]+["']?([0-9A-Za-z][0-9A-Za-z._-]{0,40})["']?[ \t]*(?:#.*)?$""")


def clause_versions(root: Path) -> Versions:
    """Return the versions of each file in `templates/` that states one, up to the commit at hand.

    Nothing is known without git, and of a shallow clone: its first commit is not the first.
    """
    try:
        with Git(root) as git:
            head = None if git.bare or git.shallow else head_of(git)
            if head is None:
                return {}
            key = (engine(__name__), str(root), head)
            told = user_cache.kept_or_made("clause-versions", key, lambda: json.dumps(_versions(git, head)).encode())
    except RepositoryError:
        return {}
    return {path: tuple((version, day) for version, day in found) for path, found in json.loads(told).items()}


def _versions(git: Git, head: str) -> dict[str, list[tuple[str, str]]]:
    listed = git.run(
        *("log", "--reverse", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "-U0", "-p"),
        *("--src-prefix=a/", "--dst-prefix=b/", "--format=%x01%at", "-G^version:", head),
        *("--", f":(top,literal){git.prefix}templates"),
    )
    found: dict[str, list[tuple[str, str]]] = {}
    day = path = ""
    in_head = False
    for line in listed.split("\n"):
        if commit := _COMMIT.fullmatch(line):
            day = datetime.fromtimestamp(int(commit[1]), UTC).date().isoformat()
        elif line.startswith("diff --git "):
            in_head, path = True, ""
        elif line.startswith("@@"):
            in_head = False
        elif in_head and line.startswith(f"+++ b/{git.prefix}"):
            path = line.removeprefix(f"+++ b/{git.prefix}").rstrip("\t")
        elif not in_head and path and (version := _VERSION.match(line)):
            known = found.setdefault(path, [])
            if version[1] not in (each for each, _ in known):
                known.append((version[1], day))
    return found
