"""Time the listing of 50 revisions of one agreement, or of others: `python -m benchmarks.history [REVISIONS]`.

Each listing is a process of its own, timed by the clock from its start to its end: cold with an empty
cache of the user's, warm with the one that the cold listing left. Beside it stands what the processors
spent on it, in its child processes too: on a machine that does other work, the clock says little.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from clausebook.repository import user_cache
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import ROOT, nda_repository, partnership_repository

REVISIONS = int(sys.argv[1]) if len(sys.argv) == 2 and sys.argv[1].isdigit() else 50
WARM = 3
"""How often the warm listing is timed; the best counts."""

LISTING = (
    "import sys; from pathlib import Path; from clausebook.history.revisions import history; "
    "print(len(history(Path(sys.argv[1]), sys.argv[2]).revisions))"
)

Edit = Callable[[Repository, int], None]


def edit_deal(path: str) -> Edit:
    """Return the edit that gives the agreement another title."""

    def edit(repository: Repository, number: int) -> None:
        content = (repository.project / path).read_text(encoding="utf-8")
        changed = re.sub(r"(?m)^title: (.*?)( \(draft \d+\))?$", rf"title: \1 (draft {number})", content, count=1)
        repository.commit(f"Draft {number}", {path: changed})

    return edit


def edit_library(path: str) -> Edit:
    """Return the edit that adds a sentence to a clause."""

    def edit(repository: Repository, number: int) -> None:
        content = (repository.project / path).read_text(encoding="utf-8")
        sentence = f"\nThis is sentence {number} of those added.\n"
        repository.commit(f"Library edit {number}", {path: content.rstrip("\n") + "\n" + sentence})

    return edit


def grow(root: Path, first: Edit, every_tenth: Edit) -> None:
    """Commit what is there, then edits, until there are enough revisions."""
    repository = new_repository(root)
    repository.commit("First draft")
    for number in range(1, REVISIONS):
        (every_tenth if number % 10 == 0 else first)(repository, number)


def listed(root: Path, agreement: str, cache: Path) -> tuple[float, float]:
    """Return the seconds that one listing takes, by the clock and of the processors."""
    start, before = time.perf_counter(), os.times()
    environment = {**os.environ, user_cache.VARIABLE: str(cache)}
    command = [sys.executable, "-c", LISTING, str(root), agreement]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    seconds, after = time.perf_counter() - start, os.times()
    if int(done.stdout) != REVISIONS:
        raise SystemExit(f"{done.stdout.strip()} revisions were listed, not {REVISIONS}")
    spent = after.children_user - before.children_user + after.children_system - before.children_system
    return seconds, spent


def services(folder: Path) -> Path:
    """Make a repository with one contract of 4,000 words, of a type of its own."""
    root = folder / "repository"
    shutil.copytree(ROOT / "tests" / "pairs" / "services" / "old", root)
    for schema in (ROOT / "schemas").glob("*.schema.json"):
        shutil.copy(schema, root / "schemas")
    return root


def main() -> int:
    """Make the repositories, list, print a table."""
    small = (edit_deal("agreements/sparrow-finch.yaml"), edit_library("templates/nda/clauses/keeping.md"))
    services_deal = edit_deal("agreements/help-desk.yaml")
    large_deal = edit_deal("agreements/retail-telehealth.yaml")
    large = (large_deal, edit_library("templates/partnership/clauses/shared-vision.md"))
    cases: tuple[tuple[str, str, Callable[[Path], Path], tuple[Edit, Edit]], ...] = (
        ("one page, every tenth a library edit", "sparrow-finch", nda_repository, small),
        ("4,000 words, edits of the deal", "help-desk", services, (services_deal, services_deal)),
        ("22,000 words, edits of the deal", "retail-telehealth", partnership_repository, (large_deal, large_deal)),
        ("22,000 words, every tenth a library edit", "retail-telehealth", partnership_repository, large),
    )
    print(f"| {REVISIONS} revisions of one agreement | cold | processors | warm | processors |\n|---|--:|--:|--:|--:|")
    for name, agreement, make, edits in cases:
        with tempfile.TemporaryDirectory() as folder:
            root = make(Path(folder))
            grow(root, *edits)
            cache = Path(folder, "cache")
            cold = listed(root, agreement, cache)
            warm = min(listed(root, agreement, cache) for _ in range(WARM))
            print(f"| {name} | {' | '.join(f'{seconds:.2f} s' for seconds in (*cold, *warm))} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
