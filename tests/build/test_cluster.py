"""A Dask cluster: the same bytes as here, whatever becomes of its workers, and plain words where it is of no use."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.findings.model import RepositoryError
from clausebook.repository import user_cache
from tests.support.file_trees import files_in
from tests.support.git_repositories import Repository
from tests.support.small_sites import NAMES

pytest.importorskip("distributed", reason="the extra clausebook[dask] is not installed")

from distributed import KilledWorker

from clausebook.build import cluster as module
from clausebook.build.cluster import Outpost, all_done_on
from clausebook.build.made_store import opened_store
from clausebook.build.options import SiteOptions
from clausebook.build.site_build import sources_of
from clausebook.build.workers import Batch, all_done
from clausebook.build.working import Order, WorkOptions
from tests.support.dask_clusters import DaskCluster, dask_cluster

pytestmark = pytest.mark.slow("starts a scheduler and workers, as a user does")


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test find what another one has made."""
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "kept"))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with dask_cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def wanted(repository: Repository) -> tuple[WorkOptions, tuple[str, ...], list[Batch]]:
    """Return what a build would ask for, an agreement a batch."""
    options = SiteOptions()
    with opened_store() as store:
        sources = sources_of(repository.project, options, store)
    orders = [[Order(task.id, task.family, sources.git.edition(task.id))] for task in sources.tasks]
    return WorkOptions(repository.project, options.making, rendering=False), tuple(sources.files), orders


def build(repository: Repository, out: Path, *options: str) -> str:
    done = CliRunner().invoke(cli, ["build", "--root", str(repository.project), "--out", str(out), *options])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_site_has_the_same_bytes_as_one_built_here(
    cluster: DaskCluster, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository.project / ".env").write_text("TOKEN=secret\n", "utf-8")
    build(repository, tmp_path / "here")
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    assert f"{len(NAMES)} agreements built" in build(repository, tmp_path / "there", "--scheduler", cluster.address)
    assert files_in(tmp_path / "there") == files_in(tmp_path / "here")
    assert cluster.leftovers() == []


def test_a_worker_killed_half_way_loses_nothing(repository: Repository, tmp_path: Path) -> None:
    options, paths, batches = wanted(repository)
    here = {done.id: done for done in all_done(options, batches, 1)}
    with dask_cluster(tmp_path, workers=1) as cluster:
        work = all_done_on(cluster.address, paths, options, batches)
        there = {(first := next(work)).id: first}
        # Of what it made it has more in its memory, or in hand: all of that is gone.
        cluster.workers[0].send_signal(signal.SIGKILL)
        cluster.workers[0].wait()
        cluster.add_worker()
        there |= {done.id: done for done in work}
    assert sorted(there) == sorted(NAMES)
    assert there == here


def test_a_scheduler_that_is_not_there_is_told(repository: Repository, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
    out = tmp_path / "site"
    asked = ["build", "--root", str(repository.project), "--out", str(out), "--scheduler", address]
    done = CliRunner().invoke(cli, asked)
    assert done.exit_code == 2
    assert f"no Dask scheduler answers at {address}" in done.output
    assert not out.exists()


def test_a_cluster_without_workers_is_told(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    options, paths, batches = wanted(repository)
    with dask_cluster(tmp_path, workers=0) as cluster, pytest.raises(RepositoryError, match="has no workers"):
        list(all_done_on(cluster.address, paths, options, batches))


def test_a_scheduler_that_is_lost_half_way_is_told(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options, paths, batches = wanted(repository)
    with dask_cluster(tmp_path, workers=1) as cluster:
        work = all_done_on(cluster.address, paths, options, batches)
        next(work)
        monkeypatch.setattr(module, "PATIENCE", 0.5)
        cluster.scheduler.kill()
        cluster.scheduler.wait()
        with pytest.raises(RepositoryError, match="was lost"):
            list(work)


def test_a_worker_of_another_version_is_refused_by_name(
    cluster: DaskCluster, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    options, paths, batches = wanted(repository)
    ours = {**module.versions(), "typst": "0.0.1"}
    monkeypatch.setattr(module, "versions", lambda: ours)
    sent = list[object]()
    monkeypatch.setattr(Outpost, "setup", lambda self, worker: sent.append(self))
    with pytest.raises(RepositoryError, match=r"the worker tcp://127\.0\.0\.1:\d+ is .*typst .*, here 0\.0\.1") as told:
        list(all_done_on(cluster.address, paths, options, batches))
    assert "Babel" not in str(told.value)
    assert sent == []


def test_a_worker_that_takes_another_base_is_refused(repository: Repository, tmp_path: Path) -> None:
    repository.git("branch", "other", "HEAD~1")
    options, paths, batches = wanted(repository)
    with dask_cluster(tmp_path, workers=0) as cluster:
        cluster.add_worker({"CLAUSEBOOK_BASE": "other"})
        with pytest.raises(RepositoryError, match="takes another branch for the protected one"):
            list(all_done_on(cluster.address, paths, options, batches))


def test_a_faulty_agreement_is_told_as_it_is_here(cluster: DaskCluster, repository: Repository, tmp_path: Path) -> None:
    place = repository.project / "agreements/heron.yaml"
    place.write_text(place.read_text("utf-8").replace("kept_for: P3Y", "kept_for: never"), "utf-8")
    told = [
        CliRunner().invoke(cli, ["build", "--root", str(repository.project), "--out", str(tmp_path / "site"), *more])
        for more in ((), ("--scheduler", cluster.address))
    ]
    assert [done.exit_code for done in told] == [1, 1]
    assert told[0].output == told[1].output


def test_an_agreement_of_which_workers_die_is_named() -> None:
    error = KilledWorker("clausebook-0123456789abcdef-01234567-3-heron-amendment-1", None, 3)
    assert module._named(error) == "heron-amendment-1"


def test_without_dask_its_extra_is_named(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "clausebook.build.cluster")
    asked = ["build", "--root", str(repository.project), "--scheduler", "tcp://127.0.0.1:1"]
    done = CliRunner().invoke(cli, asked)
    assert done.exit_code == 2
    assert 'pip install "clausebook[dask]"' in done.output


@pytest.mark.parametrize("address", ["tcp://user:secret@host:1", "host:1", "inproc://x", "tcp://host"])
def test_what_is_no_address_is_refused_and_not_repeated(repository: Repository, address: str) -> None:
    done = CliRunner().invoke(cli, ["build", "--root", str(repository.project), "--scheduler", address])
    assert done.exit_code == 2
    assert "tcp://HOST:PORT" in done.output
    assert "secret" not in done.output
