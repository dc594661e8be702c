"""Time two workers of a Dask cluster against one: `python -m benchmarks.cluster ROOT [RUNS]`.

All agreements of the repository ROOT are made and rendered on a cluster of processes on this machine, with caches that
are empty each time: on one worker, then on two, and so on by turns. The clock counts from the call to the last
agreement, with the sending of the repository and the loading of the program. Each ratio is that of two runs that
follow each other. Some ten agreements a worker are needed, else the loading counts most.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

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
    ratios = []
    for number in range(runs):
        one, two = (timed(workers, work, tuple(sources.files), ordered) for workers in (1, 2))
        ratios.append(one / two)
        print(f"run {number + 1}: {len(orders)} agreements, one {one:.1f} s, two {two:.1f} s, ratio {ratios[-1]:.2f}")
    print(f"median ratio: {statistics.median(ratios):.2f}")


def timed(workers: int, work: WorkOptions, paths: Sequence[str], ordered: Sequence[Batch]) -> float:
    """Return the seconds that so many workers take."""
    with tempfile.TemporaryDirectory() as folder, dask_cluster(Path(folder), workers) as cluster:
        cluster.wait()
        start = time.perf_counter()
        for _ in all_done_on(cluster.address, paths, work, ordered):
            pass
        return time.perf_counter() - start


if __name__ == "__main__":
    main()
