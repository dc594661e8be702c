"""Time whole builds of a repository, as the shell runs them: `python -m benchmarks.whole FOLDER` (see make_agreements).

A copy of the repository is built with nothing in any cache, then with nothing changed, then with another title of one
agreement, each time into the same site; then it is checked. Every command is a process of its own, and must pass.
Processor time is that of the process and its ended children. Peak memory is that of the largest process among them:
the templates run in a child, which is smaller.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from clausebook.amending.amendment_files import amended_by
from clausebook.document.words import words
from clausebook.project.project import Project
from clausebook.records.model import EXECUTED
from clausebook.repository import user_cache
from clausebook.repository.agreement_files import FOLDER

MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system tells the memory of a process."""

_TITLE = re.compile(r"^title: .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took: seconds by the clock and of the processors, and bytes of memory at its peak."""

    name: str
    clock: float
    processors: float
    memory: int


def measure(root: Path, folder: Path) -> list[Run]:
    """Return what each build takes, and a check; the repository is changed, and all is written into `folder`."""
    out, cache = folder / "site", folder / "cache"
    build = ("build", "--out", str(out))
    runs = [
        run("cold", root, cache, *build),
        run("nothing changed", root, cache, *build),
    ]
    retitle(root)
    return [*runs, run("one agreement changed", root, cache, *build), run("`check`, after that", root, cache, "check")]


def run(name: str, root: Path, cache: Path, *arguments: str) -> Run:
    """Run a command in the repository, with a cache of its own; leave if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "clausebook", *arguments],
        cwd=root,
        env={**os.environ, user_cache.VARIABLE: str(cache)},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    clock = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"clausebook {arguments[0]} failed with exit code {process.returncode}: run it by itself")
    return Run(name, clock, used.ru_utime + used.ru_stime, used.ru_maxrss * MEMORY_UNIT)


def retitle(root: Path) -> None:
    """Give the first agreement that has neither a record nor an amendment another title."""
    for path in sorted((root / FOLDER).glob("*.yaml")):
        if not (root / EXECUTED / path.stem).exists() and amended_by(path.stem) is None:
            text = path.read_text(encoding="utf-8")
            path.write_text(_TITLE.sub("title: Another Title", text, count=1), encoding="utf-8", newline="\n")
            return
    raise SystemExit("every agreement is executed: none can be changed")


def size(root: Path) -> tuple[int, int]:
    """Return how many agreements the repository has, and how many words they have together."""
    with Project(root) as project:
        counts = [len(words(each.document)) for each in project.assemble_all() if each.document]
    return len(counts), sum(counts)


def main(arguments: list[str]) -> int:
    """Print the table for the repository that the command line names."""
    if len(arguments) != 1:
        print("usage: python -m benchmarks.whole FOLDER", file=sys.stderr)
        return 2
    root = Path(arguments[0]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        runs = measure(shutil.copytree(root, Path(folder, "repository")), Path(folder))
    # Not before: a process that is started counts the memory of the one that starts it.
    count, length = size(root)
    print(
        f"{count} agreements, {length:,} words; Python {platform.python_version()}, {platform.machine()}, "
        f"{os.cpu_count()} processors\n"
    )
    print("| build | clock | processors | peak memory | processors, an agreement | processors, 1,000 words |")
    print("|---|--:|--:|--:|--:|--:|")
    for each in runs:
        print(
            f"| {each.name} | {each.clock:.1f} s | {each.processors:.1f} s | {each.memory / 2**20:,.0f} MiB "
            f"| {each.processors / count * 1000:,.0f} ms | {each.processors / length * 1e6:.1f} ms |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
