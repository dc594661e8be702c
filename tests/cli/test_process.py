"""How the commands speak and end, whatever they are run in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clausebook.repository.temporary import PREFIX
from tests.support.bad_input import good_agreement, run, tame_repository, tree_state
from tests.support.repositories import ROOT

pytestmark = pytest.mark.slow("the command in processes of its own: locales, pipes, signals, kills")

ENCODINGS = ("cp1252", "cp932", "ascii")
FOREIGN = "Łódź – 漢字 “Ωmega”"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with a good agreement whose title is foreign to most code pages."""
    folder = tame_repository(tmp_path)
    good_agreement(folder, "wren-robin", ("Talks about a bird atlas", FOREIGN))
    return folder


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Return a repository that can be built."""
    return tame_repository(tmp_path)


@pytest.mark.slow("three code pages, in real processes")
@pytest.mark.parametrize("locale", [{"PYTHONIOENCODING": name} for name in ENCODINGS], ids=ENCODINGS)
def test_output_is_utf8_whatever_the_locale(root: Path, locale: dict[str, str]) -> None:
    listed = run(root, "list", **locale)
    assert (listed.code, listed.err) == (0, "")
    assert FOREIGN in listed.out
    good_agreement(root, "wren-robin", ("kept_for: P3Y", f"kept_for: {FOREIGN}"))
    checked = run(root, "check", **locale)
    assert (checked.code, checked.err) == (1, "")
    assert f"“{FOREIGN}” is not a length of time" in checked.out
    refused = run(root, "check", FOREIGN, **locale)
    assert (refused.code, refused.out) == (2, "")
    assert f"there is no agreement `{FOREIGN}`" in refused.err


def test_output_is_utf8_in_a_locale_that_knows_ascii_only(root: Path) -> None:
    done = run(root, "list", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert (done.code, done.err) == (0, "")
    assert FOREIGN in done.out


def test_half_a_character_is_shown_and_stops_nothing(root: Path) -> None:
    code = "from clausebook.cli.main import main; import sys; sys.argv[1:] = ['check', 'wr\\ud800n']; main()"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, env=environment(root), capture_output=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr.decode()
    assert "there is no agreement `wr" in done.stderr.decode()


@pytest.mark.parametrize("command", ["list", "--help", "--version"])
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is always full")
def test_what_reads_the_output_may_be_full(root: Path, command: str) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "clausebook", command],
            cwd=root,
            env=environment(root),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        ["clausebook: cannot write: No space left on device", "    mend:  make room where it writes to"],
    )


@pytest.mark.slow("every command that has --out, as real processes")
@pytest.mark.parametrize(
    ("command", "mend"),
    [
        (("build", "--out"), "name a folder"),
        (("build", "wren-robin", "--out"), "name a folder"),
        (("redline", "wren-robin", "--out"), "leave --out away"),
        (("sign", "mkdocs.yml", "--overwrite", "--signatory", "wren", "--out"), "name a file"),
    ],
    ids=" ".join,
)
def test_no_command_replaces_what_is_no_plain_file(root: Path, command: tuple[str, ...], mend: str) -> None:
    os.mkfifo(root / "pipe")
    for place, kind in (("pipe", "a pipe"), (os.devnull, "a device"), ("/dev/stdout", "a device")):
        done = run(root, *command, place)
        assert (done.code, done.out) == (2, "")
        assert f"'{place}' is {kind}, and is never replaced: " in done.err
        assert mend in done.err
    assert (root / "pipe").is_fifo()


@pytest.mark.slow("signals to a real build")
@pytest.mark.skipif(sys.platform == "win32", reason="nothing can be caught there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_run_that_is_told_to_end_leaves_nothing(plain: Path, number: signal.Signals, code: int) -> None:
    with building(plain) as process:
        children = children_of(process.pid)
        process.send_signal(number)
        _, said = process.communicate(timeout=120)
    assert process.returncode == code
    assert said == f"clausebook: ended by {number.name}\n"
    assert os.listdir(plain.parent / "temporary") == []
    assert not (plain / "site").exists()
    assert not any(map(is_alive, children))


@pytest.mark.slow("a real build is killed")
def test_a_run_that_was_killed_leaves_nothing_that_the_next_does_not_remove(plain: Path) -> None:
    assert run(plain, "build").code == 0
    before = tree_state(plain / "site")
    good_agreement(plain, "robin-wren")
    with building(plain) as process:
        children = children_of(process.pid)
        process.kill()
    await_end(children)
    left = os.listdir(plain.parent / "temporary")
    assert [each for each in left if not (each.startswith(PREFIX) or is_probe(plain.parent / "temporary" / each))] == []
    assert left
    assert tree_state(plain / "site") == before
    assert run(plain, "list").left == ()


def environment(root: Path) -> dict[str, str]:
    temporary = root.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    cache = tempfile.mkdtemp(dir=root.parent)
    return {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary), "CLAUSEBOOK_CACHE": cache}


@contextmanager
def building(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Build the site in a process of its own; give it in the midst of laying a PDF out."""
    with subprocess.Popen(
        [sys.executable, "-m", "clausebook", "build"],
        cwd=root,
        env=environment(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        end = time.monotonic() + 60
        while not list((root.parent / "temporary").glob(f"{PREFIX}*/files/*")):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end
            time.sleep(0.002)
        try:
            yield process
        finally:
            process.kill()


def children_of(pid: int) -> list[int]:
    """Return a process's children, where the system tells."""
    place = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in place.read_text().split()] if place.exists() else []


def is_probe(path: Path) -> bool:
    """Tell whether Python itself left it: it tries a file in the folder before it takes it."""
    return path.read_bytes() in {b"", b"blat"}


def await_end(processes: list[int]) -> None:
    """Wait until processes are gone that see by themselves that nobody needs them any more."""
    end = time.monotonic() + 60
    while any(map(is_alive, processes)):
        assert time.monotonic() < end
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Tell whether a process is there, and no mere entry that waits to be read."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
