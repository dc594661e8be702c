"""Do orders in this process, or in several, each of which loads once; the long ones first."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize

from clausebook.build.working import Done, Order, WorkOptions, Workshop, faults
from clausebook.children.memory import collect_rarely
from clausebook.findings.model import RepositoryError

Batch = Sequence[Order]
"""Orders of one family, which are done one after the other."""

Workers = Callable[[WorkOptions, Sequence[Batch]], Iterator[Done]]
"""What does orders. Raises RepositoryError, and FindingsError for a theme that is faulty."""

AHEAD = 2
"""Batches that each worker has waiting: what is done is not to pile up."""

MOST_BATCHES = 24
"""Batches that a process does; then another takes its place, for what is kept for the next one's sake grows."""

_workshop: Workshop | None = None


def all_done(options: WorkOptions, batches: Sequence[Batch], jobs: int = 0) -> Iterator[Done]:
    """Yield what comes of orders, as it comes, of `jobs` processes; 0 means as many as there are processors.

    Raises RepositoryError, and FindingsError for a theme that is faulty.
    """
    jobs = min(jobs or processors(), len(batches))
    if jobs <= 1:
        with Workshop(options) as workshop:
            for batch in batches:
                yield from workshop.done(batch)
        return
    pool = ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), _begin, (options,), max_tasks_per_child=MOST_BATCHES
    )
    waiting: set[Future[list[Done]]] = set()
    left = iter(batches)
    try:
        while True:
            waiting |= {pool.submit(_batch_done, batch) for batch in islice(left, AHEAD * jobs - len(waiting))}
            if not waiting:
                return
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for each in finished:
                yield from each.result()
    except BrokenProcessPool as error:
        hint = "see whether the machine has memory to spare, or use fewer with --jobs; what is done already is kept"
        raise RepositoryError("a process that makes agreements has died", hint) from error
    finally:
        pool.shutdown(cancel_futures=True)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(options: WorkOptions) -> None:
    global _workshop
    collect_rarely()
    _workshop = Workshop(options)
    # What it holds open goes with it: no other end of such a process is told to anybody.
    Finalize(None, _workshop.__exit__, args=(None, None, None), exitpriority=10)
    # A process whose parent was killed would wait for its next order for ever.
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(0)


def _batch_done(batch: Batch) -> list[Done]:
    if _workshop is None:
        raise RuntimeError("the process was not begun")
    try:
        return list(_workshop.done(batch))
    except Exception as error:
        raise faults(error) from None
