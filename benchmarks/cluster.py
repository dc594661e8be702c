"""Time two workers of a Dask cluster against one: `python -m benchmarks.cluster ROOT [RUNS]`.

All agreements of the repository ROOT are made and rendered on a cluster of processes on this machine, with caches that
are empty each time: on one worker, then on two, and so on by turns. The clock counts from the call to the last
agreement, with the sending of the repository and the loading of the program. Beside it stands what the clock would say
if nothing else ran: the processor time of the asking process, and of the workers, shared evenly. Each ratio is that
of two runs that follow each other. Some ten agreements a worker are needed, else the loading counts most.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from psutil import Process

from clausebook.build.cluster import all_done_on
from clausebook.build.made_store import opened_store
from clausebook.build.options import SiteOptions
from clausebook.build.site_build import batches, sources_of
from clausebook.build.workers import Batch
from clausebook.build.working import Order, WorkOptions
from tests.support.dask_clusters import dask_cluster

RUNS = 3


def main() -> None:
    """Print the times and their ratios."""
    root, runs = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else RUNS
    options = SiteOptions()
    with opened_store() as store:
        sources = sources_of(root, options, store)
    orders = {task.id: Order(task.id, task.family, sources.git.edition(task.id)) for task in sources.tasks}
    work, ordered = WorkOptions(root, options.making), batches(sources, orders)
    ratios: dict[str, list[float]] = {"by the clock": [], "by processor time": []}
    for number in range(runs):
        one, two = (timed(workers, work, tuple(sources.files), ordered) for workers in (1, 2))
        for name, first, second in zip(ratios, one, two, strict=True):
            ratios[name].append(first / second)
            told = f"one worker {first:.1f} s, two {second:.1f} s, ratio {first / second:.2f}"
            print(f"run {number + 1}, {len(orders)} agreements, {name}: {told}", flush=True)
    for name, each in ratios.items():
        print(f"median ratio {name}: {statistics.median(each):.2f}")


def timed(workers: int, work: WorkOptions, paths: Sequence[str], ordered: Sequence[Batch]) -> tuple[float, float]:
    """Return the seconds that so many workers take by the clock, and would take if nothing else ran."""
    with tempfile.TemporaryDirectory() as folder, dask_cluster(Path(folder), workers) as cluster:
        cluster.wait()
        processes = [Process(each.pid) for each in cluster.workers]
        start, own, theirs = time.perf_counter(), used(Process()), [used(each) for each in processes]
        for _ in all_done_on(cluster.address, paths, work, ordered):
            pass
        clock = time.perf_counter() - start
        worked = sum(used(each) - before for each, before in zip(processes, theirs, strict=True))
        return clock, used(Process()) - own + worked / workers


def used(process: Process) -> float:
    """Return the processor time of a process, and of its children that have ended; those are all, after a build."""
    times = process.cpu_times()
    return float(sum(times[:4]))


if __name__ == "__main__":
    main()
