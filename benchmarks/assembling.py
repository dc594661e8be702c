"""Time assembling by itself: `python -m benchmarks.assembling FOLDER` (see make_agreements).

Of each agreement that is made from the library, in one process: loading and validating, and assembling, its valid
data to its Document. Processor time of this process and of the child that renders clauses. The first of all is in a
row of its own, for it loads the library; no two agreements are the same. For Linux, since the child is looked at in
`/proc`. Compiled clauses are those of the cache, so run it twice.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clausebook.assemble.assembler import assemble
from clausebook.document.words import words
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project


@dataclass(frozen=True, slots=True)
class Assembling:
    """What one agreement took, in seconds of processor time."""

    words: int
    load: float
    parent: float
    child: float


def child_time(sandbox: Sandbox) -> float:
    """Return the seconds that the child of a sandbox, with its threads, has run; 0 if there is none."""
    if sandbox._child is None:
        return 0.0
    tasks = Path(f"/proc/{sandbox._child.running.process.pid}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9


def measure(root: Path) -> list[Assembling]:
    """Return what each agreement took that is no executed text and amends none, in the order of the files."""
    found = []
    with Sandbox() as sandbox:
        project = Project(root, sandbox)
        for file in project.files():
            start = time.process_time()
            data, _ = project.load(file)
            loaded = time.process_time() - start
            inputs = project.inputs(file, data) if data and "amends" not in data else None
            if inputs is None or (data or {}).get("status") == "executed":
                continue
            start, child = time.process_time(), child_time(sandbox)
            document = assemble(inputs, sandbox).document
            parent, child = time.process_time() - start, child_time(sandbox) - child
            if document is None:
                raise SystemExit(f"{file.id} has errors: run clausebook check")
            found.append(Assembling(len(words(document)), loaded, parent, child))
    return found


def main(arguments: list[str]) -> int:
    """Print the table for the repository that the command line names."""
    if len(arguments) != 1:
        print("usage: python -m benchmarks.assembling FOLDER", file=sys.stderr)
        return 2
    # As the command line does it.
    gc.set_threshold(50_000, 20, 100)
    first, *rest = measure(Path(arguments[0]).resolve())
    count, length = len(rest), sum(each.words for each in rest)
    print(f"{count} agreements after the first, {length / count:,.0f} words each; {os.cpu_count()} processors\n")
    print("| processor time | the first | each of the others | 1,000 words | median of 1,000 words |")
    print("|---|--:|--:|--:|--:|")
    rows: dict[str, Callable[[Assembling], float]] = {
        "load and validate": lambda each: each.load,
        "assemble, this process": lambda each: each.parent,
        "assemble, the child": lambda each: each.child,
        "assemble": lambda each: each.parent + each.child,
    }
    for name, seconds in rows.items():
        total, every = sum(map(seconds, rest)), [seconds(each) / each.words for each in rest]
        cells = (seconds(first), total / count, total / length * 1000, statistics.median(every) * 1000)
        print(f"| {name} | {' | '.join(f'{each * 1000:.2f} ms' for each in cells)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
