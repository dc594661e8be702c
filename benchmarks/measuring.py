"""Measure a command with all its descendants: processor time, time by the clock, and memory at its peak. For Linux."""

from __future__ import annotations

import ctypes
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
ORPHANS = 20.0
"""Seconds in which what a command leaves behind must have ended."""

LEAST_PAUSE = 0.02
SHARE = 20
"""Between two looks at the memory lie at least so many seconds, and so many times as long as a look takes."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds of all processors and by the clock, and bytes of memory of all its processes.

    The memory is the largest sum that was seen of the proportional set sizes, where a page that processes share counts
    once among them.
    """

    processor: float
    clock: float
    memory: int


class Failed(Exception):
    """The command failed, or left processes running."""


def adopt() -> None:
    """Make orphans of measured commands children of this process, so that their time is counted. Raises OSError."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this system does not hand orphans over")


def measured(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], cores: int | None = None
) -> Cost:
    """Run a command, on so many of the processors or on all; `adopt` comes before. Raises Failed.

    Nothing else may be started by this process meanwhile.
    """
    allowed = sorted(os.sched_getaffinity(0))
    before, start = _of_children(), time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed[: cores or len(allowed)]),
    )
    with _Memory() as memory:
        said, _ = process.communicate()
        clock = time.perf_counter() - start
        _reap()
    if process.returncode:
        raise Failed(f"{' '.join(map(str, command))}: exit code {process.returncode}\n{said.decode()[-2000:]}")
    return Cost(_of_children() - before, clock, memory.peak)


def repeated(run: Callable[[], Cost], most: int, seconds: float) -> Cost:
    """Return the medians of at most so many runs, and their largest memory; none begins after so many seconds."""
    start, costs = time.perf_counter(), [run()]
    while len(costs) < most and time.perf_counter() - start < seconds:
        costs.append(run())
    return Cost(
        statistics.median(each.processor for each in costs),
        statistics.median(each.clock for each in costs),
        max(each.memory for each in costs),
    )


class _Memory(threading.Thread):
    """Looks at the memory of all descendants until the block that it is entered for ends."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._ended = threading.Event()

    def __enter__(self) -> _Memory:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        pause = 0.0
        while not self._ended.wait(pause):
            start = time.perf_counter()
            self.peak = max(self.peak, sum(map(_proportional, _descendants(os.getpid()))))
            pause = max(LEAST_PAUSE, SHARE * (time.perf_counter() - start))


def _descendants(process: int) -> Iterator[int]:
    for path in Path("/proc", str(process), "task").glob("*/children"):
        try:
            children = path.read_text().split()
        except OSError:  # it has ended
            continue
        for child in map(int, children):
            yield child
            yield from _descendants(child)


def _proportional(process: int) -> int:
    """Return the proportional set size of a process in bytes, 0 if it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _of_children() -> float:
    used = os.times()
    return used.children_user + used.children_system


def _reap() -> None:
    """Wait for orphans, whose time counts only then."""
    until = time.perf_counter() + ORPHANS
    while time.perf_counter() < until:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
        except ChildProcessError:
            return
    raise Failed(f"the command left processes running for more than {ORPHANS:g} seconds")
