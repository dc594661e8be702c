"""Where a build's time goes, by rooms of the package: what py-spy sees of all its processes, a hundred times a second.

A look counts for the room whose code is the innermost on the stack, so what a library does counts for who asked it.
Threads that wait are not looked at; nor are those of Typst, which are not Python's, so the build has one processor.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.results import Row

RATE = 100
"""How often a second py-spy looks."""

LEAST = 0.01
"""The least share of a room that is told by itself."""

NO_ROOM = "starting Python, and what no module of the package asked for"
_FRAME = re.compile(r"\((?:[^()]*/)?clausebook/(?P<path>[\w/]+)\.py:\d+\)$")


def profiled(
    spy: Path, command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], out: Path
) -> Counter[str]:
    """Run a command on one processor and return how often each room was at work. Raises SystemExit if it fails."""
    looking = [spy, "record", "--subprocesses", "--rate", str(RATE), "--format", "raw", "--output", out, "--", *command]
    done = subprocess.run(
        looking,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1]),
    )
    if done.returncode or not out.is_file():
        raise SystemExit(f"the build could not be looked at: {done.stderr.strip()[-2000:]}")
    return by_room(out.read_text(encoding="utf-8").splitlines())


def by_room(stacks: Sequence[str]) -> Counter[str]:
    """Return how often each room was at work, from stacks as py-spy writes them: frames, the outermost first."""
    counts: Counter[str] = Counter()
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        counts[_room(stack)] += int(count)
    return counts


def rows(counts: Counter[str], agreements: int) -> list[Row]:
    """Return a row for each room, the busiest first; the smallest ones are taken together."""
    told = {room: count for room, count in counts.most_common() if count >= LEAST * counts.total()}
    told["all others"] = counts.total() - sum(told.values())
    said = "of a cold build’s time: "
    return [Row(said + room, agreements, figure=f"{count / counts.total():.0%}") for room, count in told.items()]


def _room(stack: str) -> str:
    """Return the innermost room of a stack: a package, and the one inside it if there is one."""
    for frame in reversed(stack.split(";")):
        if match := _FRAME.search(frame):
            return "/".join(match["path"].split("/")[:-1][:2]) or match["path"]
    return NO_ROOM
