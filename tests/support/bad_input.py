"""A repository full of bad input, and the command line run on it as a user runs it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.repositories import ROOT, nda_repository

CASES = ROOT / "tests" / "cases" / "bad-input"
LONGEST = 10.0
"""Seconds of processor time that no bad input may take."""

WAIT = 120.0
"""Seconds after which a run is given up, however busy the machine is."""

EXTRA = {
    "shares": {
        "type": "array",
        "x-sum": {"of": "share", "total": "100"},
        "items": {"type": "object", "properties": {"party": {"type": "string"}, "share": {"type": "string"}}},
    },
    "since": {"type": "string", "format": "date"},
}
CLAUSES = {"clauses": {}, "glossary": {}}


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    code: int
    out: str
    err: str
    seconds: float
    left: tuple[str, ...]
    """Names of temporary files that it left behind."""

    def findings(self) -> list[dict[str, Any]]:
        """Return the findings of a run with `--report json`, but for approvals, which a build tells in its own way."""
        told: list[dict[str, Any]] = json.loads(self.out)["findings"]
        return [each for each in told if not each["rule"].startswith(("core/approval-", "core/built-unapproved"))]


def run(root: Path, *arguments: str, **variables: str) -> Run:
    """Run `python -m clausebook` in the folder."""
    temporary = root.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(temporary),
        "CLAUSEBOOK_CACHE": str(root.parent / "cache"),
        **variables,
    }
    start = _processor_time()
    done = subprocess.run(
        [sys.executable, "-m", "clausebook", *arguments],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=WAIT,
        check=False,
    )
    seconds = _processor_time() - start
    return Run(done.returncode, done.stdout, done.stderr, seconds, tuple(sorted(os.listdir(temporary))))


def _processor_time() -> float:
    """Return the processor time of all children that have ended, in seconds."""
    spent = os.times()
    return spent.children_user + spent.children_system


def tame_repository(folder: Path) -> Path:
    """Make a repository of the small type, its schema widened so that it can go wrong in more ways."""
    root = nda_repository(folder)
    place = root / "schemas" / "nda" / "agreement.schema.json"
    schema = json.loads(place.read_text(encoding="utf-8"))
    schema["properties"] |= CLAUSES
    schema["properties"]["secrets"]["properties"] |= EXTRA
    place.write_text(json.dumps(schema), encoding="utf-8")
    return root


def good_agreement(root: Path, name: str, *changes: tuple[str, str]) -> Path:
    """Add a copy of the small type's agreement under another id, with some of its text replaced."""
    text = (root / "agreements" / "sparrow-finch.yaml").read_text(encoding="utf-8")
    for old, new in (("id: sparrow-finch", f"id: {name}"), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    place = root / "agreements" / f"{name}.yaml"
    place.write_text(text, encoding="utf-8")
    return place


def tree_state(folder: Path) -> dict[str, tuple[str, int]]:
    """Return the content hash and time of change of every file below the folder."""
    return {
        path.relative_to(folder).as_posix(): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def place_of(finding: dict[str, Any]) -> str:
    """Return "file:line:column rule pointer" for a finding."""
    return "{path}:{line}:{column} {rule} {pointer}".format(**finding).strip()


def most_memory() -> int:
    """Return the most bytes that any program needed that a test has run so far; 0 where nothing tells."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
