"""Folders for what does not last: gone at the end, or with the next run if theirs was killed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clausebook.findings.model import RepositoryError
from clausebook.repository.temporary import LOCK, PREFIX, remove_leftovers, temporary_folder
from tests.support.repositories import ROOT

USER = """
import sys
from clausebook.repository.temporary import temporary_folder
with temporary_folder() as folder:
    (folder / "agreement.pdf").write_bytes(b"%PDF")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def another_run(place: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Have another process use a temporary folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(place)}
    process = subprocess.Popen(
        [sys.executable, "-c", USER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout
        assert process.stdout.readline()
        yield process
        process.kill()


def test_a_folder_is_there_and_then_gone(place: Path) -> None:
    with temporary_folder() as one, temporary_folder() as other:
        assert one != other
        assert list(one.iterdir()) == []
        (one / "deep").mkdir()
        (one / "deep" / "file").write_bytes(b"x")
        assert len(list(place.iterdir())) == 2
    assert list(place.iterdir()) == []


def test_is_gone_when_what_used_it_fails(place: Path) -> None:
    with pytest.raises(KeyError), temporary_folder():
        raise KeyError
    assert list(place.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_what_is_in_use_stays(place: Path) -> None:
    with another_run(place) as killed:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    (left,) = place.iterdir()
    with another_run(place), temporary_folder() as ours:
        remove_leftovers()
        assert not left.exists()
        assert ours.is_dir()
        assert len(list(place.glob("*/files"))) == 2
        assert len(list(place.glob("*/files/agreement.pdf"))) == 1


def test_what_is_not_ours_stays(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / LOCK).write_bytes(b"")
    (place / f"{PREFIX}link").symlink_to(outside)
    (place / f"{PREFIX}file").write_bytes(b"")
    for name in (f"{PREFIX}unlocked", "clausebook-notes"):
        (place / name).mkdir()
        (place / name / "notes.txt").write_bytes(b"mine")
    (place / f"{PREFIX}empty").mkdir()
    before = {path.name for path in place.iterdir()}
    remove_leftovers()
    assert {path.name for path in place.iterdir()} == before - {f"{PREFIX}empty"}
    assert (outside / LOCK).exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there are no owners to tell apart")
def test_what_belongs_to_another_user_stays(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = place / f"{PREFIX}theirs"
    theirs.mkdir()
    (theirs / LOCK).write_bytes(b"")
    owner = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    remove_leftovers()
    assert theirs.exists()
    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    remove_leftovers()
    assert not theirs.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_with_its_mend(place: Path, number: int) -> None:
    message = "cannot write into the folder for temporary files"
    with pytest.raises(RepositoryError, match=message) as caught, temporary_folder():
        raise OSError(number, os.strerror(number))
    assert "TMPDIR" in caught.value.hint
    with pytest.raises(FileNotFoundError), temporary_folder():
        raise FileNotFoundError


def test_a_run_whose_folder_is_taken_for_a_dead_ones_makes_another(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tempfile.mkdtemp
    names = []

    def spoilt(**options: str) -> str:
        names.append(made(**options))
        if len(names) == 1:
            remove_leftovers()  # another run, at the worst moment
        return names[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", spoilt)
    with temporary_folder() as folder:
        assert len(names) == 2
        assert folder.parent == Path(names[1])
    assert list(place.iterdir()) == []
