"""Do orders on the workers of a Dask cluster, which share no disk with this machine: what they need is sent to them.

Whoever reaches a Dask cluster may run code on it, and its workers on whoever uses it: its own TLS, not this module,
keeps others out. Dask reads how to be known to it from its own configuration.
"""

from __future__ import annotations

import importlib.metadata
import logging
import os
import platform
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any

from clausebook import __version__
from clausebook.build.keys import MAKERS, PACKAGES, program
from clausebook.build.shipment import Shipment, shipment_of
from clausebook.build.workers import AHEAD, Batch, all_done
from clausebook.build.working import Done, WorkOptions, Workshop, faults
from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.repository.engine import DECIDING
from clausebook.repository.temporary import temporary_folder
from clausebook.site.page_look import LOOK_PACKAGES

try:
    from distributed import CancelledError, Client, KilledWorker, Worker, WorkerPlugin, get_worker, wait
except ImportError as error:
    raise RepositoryError("Dask is not installed", 'pip install "clausebook[dask]"') from error

CONNECTING = 5
"""Seconds in which a scheduler answers."""

PATIENCE = 15
"""Seconds in which a cluster has a worker, be it a new one for one that is gone."""

_LOGGERS = ("distributed", "distributed.client", "tornado", "tornado.application")


def all_done_on(address: str, paths: Iterable[str], options: WorkOptions, batches: Sequence[Batch]) -> Iterator[Done]:
    """Yield what comes of orders, as it comes, of the workers of the cluster whose scheduler is at an address.

    `paths` are those of the files that the repository is built from. Raises as `workers.all_done` does, and
    RepositoryError if there is no such cluster, if it is lost, or if a worker is of another version than this program.
    """
    if not any(order.family for batch in batches for order in batch):
        # The few lists of a site are rendered sooner than sent.
        yield from all_done(options, batches, 1)
        return
    outpost = Outpost(shipment_of(options.root, paths), options)
    with _connected(address) as client:
        told = client.run(versions, on_error="return")
        for worker, found in told.items():
            _compare(worker, found)
        client.register_plugin(outpost)
        try:
            yield from _all_done(client, outpost.name, batches)
        finally:
            with suppress(Exception):
                client.unregister_worker_plugin(outpost.name)


@cache
def versions() -> Mapping[str, str]:
    """Return the versions of all that decides on what is made, by what a person calls them."""
    packages = sorted({*DECIDING, *PACKAGES, *LOOK_PACKAGES})
    return {
        "Clausebook": __version__,
        "Python": ".".join(platform.python_version_tuple()[:2]),
        **{name: importlib.metadata.version(name) for name in packages},
        "program": program(*MAKERS, __name__)[:12],
    }


class Outpost(WorkerPlugin):
    """What a worker keeps for one build: what was sent, then a workshop in a folder of its own. All go at its end.

    A worker that joins later, or was restarted, gets it, too. Of several threads of a worker one works at a time.
    """

    def __init__(self, shipment: Shipment, options: WorkOptions) -> None:
        # Two builds of the same repository do not share it: the first to end would take it from the other.
        self.name = f"clausebook-{shipment.digest[:16]}-{os.urandom(4).hex()}"
        self._shipment: Shipment | None = shipment
        self._options = options

    def setup(self, worker: Worker) -> None:
        """Begin on a worker; nothing is unpacked until there is something to do."""
        self._turn, self._stack = threading.Lock(), ExitStack()
        self._workshop: Workshop | None = None

    def teardown(self, worker: Worker) -> None:
        """End on a worker, and remove the folder."""
        with self._turn:
            self._stack.close()

    def done(self, batch: Batch) -> list[Done]:
        """Return what comes of the orders of a batch. Raises as `Workshop.done` does."""
        with self._turn:
            if self._workshop is None:
                self._workshop = self._begun()
            return list(self._workshop.done(batch))

    def _begun(self) -> Workshop:
        if self._shipment is None:
            raise RepositoryError("it could not unpack what was sent", "see whether it has room on its disk")
        shipment, self._shipment = self._shipment, None
        root = shipment.unpack(self._stack.enter_context(temporary_folder()))
        return self._stack.enter_context(Workshop(replace(self._options, root=root)))


def _batch_done(name: str, batch: Batch) -> tuple[str, Mapping[str, str], list[Done]]:
    """Return which worker this is, its versions, and what comes of a batch."""
    worker = get_worker()
    try:
        return worker.address, versions(), _outpost(worker, name).done(batch)
    except FindingsError:
        raise
    except Exception as error:
        told = faults(error)
        raise RepositoryError(f"the worker {worker.address}: {told}", getattr(told, "hint", "")) from None


def _outpost(worker: Worker, name: str) -> Outpost:
    found = worker.plugins.get(name)
    if not isinstance(found, Outpost):
        raise RepositoryError("it has not got what was sent")
    return found


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    for name in _LOGGERS:
        # What it says is said in our words.
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        client = Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        hint = "see whether it runs there and this machine may reach it; without --scheduler it is built here"
        raise RepositoryError(f"no Dask scheduler answers at {address}", hint) from error
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        yield client
    except TimeoutError:
        hint = f"start one on each machine: dask worker {address} --nthreads 1 --nworkers N"
        raise RepositoryError(f"the Dask cluster at {address} has no workers", hint) from None
    except (CancelledError, OSError) as error:
        hint = "see whether it still runs there; what is done already is kept"
        raise RepositoryError(f"the Dask scheduler at {address} was lost", hint) from error
    except KilledWorker as error:
        hint = "see whether the workers have memory to spare; what is done already is kept"
        raise RepositoryError(f"several workers have died of the same agreement, {_named(error)}", hint) from error
    finally:
        with suppress(Exception):
            client.close(timeout=CONNECTING)


def _all_done(client: Client, name: str, batches: Sequence[Batch]) -> Iterator[Done]:
    waiting: set[Any] = set()
    left = iter(enumerate(batches))
    while True:
        ahead = AHEAD * max(1, sum(client.nthreads().values())) - len(waiting)
        for number, batch in islice(left, max(0, ahead)):
            waiting.add(client.submit(_batch_done, name, batch, key=f"{name}-{number}-{batch[0].id}", pure=False))
        if not waiting:
            return
        try:
            with client.as_current():
                finished = wait(waiting, timeout=PATIENCE, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            if not client.nthreads():
                raise
            continue
        waiting -= finished
        for each in finished:
            worker, found, done = each.result()
            each.release()
            _compare(worker, found)
            yield from done


def _compare(worker: str, found: object) -> None:
    """Raise RepositoryError unless a worker has our versions."""
    ours = versions()
    if found == ours:
        return
    hint = f"install the same there: clausebook {__version__} with the packages of its requirements.lock"
    if not isinstance(found, Mapping):
        raise RepositoryError(f"the worker {worker} has no Clausebook, or another version of it: {found}", hint)
    differing = [name for name in ours if found.get(name) != ours[name]]
    said = ", ".join(f"{name} {found.get(name, 'missing')}, here {ours[name]}" for name in differing)
    raise RepositoryError(f"the worker {worker} is of another version and is not used: {said}", hint)


def _named(error: KilledWorker) -> str:
    return str(error.args[0]).split("-", 4)[-1]
