"""Real Dask clusters of processes on this machine, started from the command line as a user starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTING = 60
"""Seconds that a process may take to start, on a machine that does much else."""


@dataclass
class DaskCluster:
    """A scheduler and its workers; `folder` holds a folder for each worker's temporary files, by its number."""

    address: str
    folder: Path
    stack: ExitStack
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_worker(self, settings: Mapping[str, str] = {}) -> subprocess.Popen[bytes]:
        """Start a worker of one process and one thread, which nobody starts again when it is killed."""
        number = len(self.workers)
        own = self.folder / f"worker-{number}"
        own.mkdir()
        given = {"TMPDIR": str(own), "CLAUSEBOOK_CACHE": str(self.folder / f"cache-{number}"), **settings}
        command = (
            "dask_worker",
            self.address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--name",
            str(number),
        )
        self.workers.append(self.stack.enter_context(_process(*command, settings=given)))
        return self.workers[-1]

    def leftovers(self) -> list[Path]:
        """Return what builds left in the workers' folders for temporary files."""
        return [path for number in range(len(self.workers)) for path in _rooms(self.folder / f"worker-{number}")]


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[DaskCluster]:
    """Start a cluster; it ends with the block."""
    told = folder / "scheduler.json"
    with ExitStack() as stack:
        scheduler = stack.enter_context(
            _process("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show",
                     "--scheduler-file", str(told))
        )  # fmt: skip
        until = time.monotonic() + STARTING
        while not told.is_file() or not told.read_text("utf-8").endswith("}"):
            assert time.monotonic() < until, "the scheduler does not start"
            time.sleep(0.1)
        cluster = DaskCluster(json.loads(told.read_text("utf-8"))["address"], folder, stack, scheduler)
        for _ in range(workers):
            cluster.add_worker()
        yield cluster


@contextmanager
def _process(program: str, *arguments: str, settings: Mapping[str, str] = {}) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _rooms(folder: Path) -> Iterator[Path]:
    yield from folder.glob("clausebook-run-*")
