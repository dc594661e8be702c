"""Children of any trade: bounds that hold, and an end when their parent is gone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.children.child import Child, Keeper, OutOfBounds, Trade
from clausebook.cli.main import cli
from clausebook.document.model import Clause, Paragraph, Run
from clausebook.render import pandoc
from clausebook.render.pdf.typesetting import TYPST, LookFault
from clausebook.render.pdf.writer import render_pdf
from tests.support.bad_input import tame_repository
from tests.support.looks import LOOK
from tests.support.repositories import ROOT
from tests.support.sample_documents import sample

pytestmark = pytest.mark.slow("real children that hit their bounds, and parents that are killed")

MODULE = "tests.support.misbehaving"
TRADE = Trade(MODULE, 20.0, 512)
PARENT = """
import sys, time
sys.path.insert(0, sys.argv[1])
from clausebook.children.child import Child, Trade
child = Child(Trade("tests.support.misbehaving", 1.0, 512))
child.ask({"do": "nothing"})
child.answer(60)
child.ask({"do": sys.argv[2]})
print(child.process.pid, flush=True)
time.sleep(600)
"""
WITHOUT_NETWORK = (
    "import ctypes, os; raise SystemExit(ctypes.CDLL(None).unshare(0x50000000 if os.getuid() else 0x40000000) != 0)"
)


def test_files_go_in_and_come_back() -> None:
    keeper = Keeper(TRADE)
    assert keeper.ask({"do": "nothing"}, b"ab\n", b"", b"\0" * 300_000 + b"x") == (
        0,
        [b"\nba", b"", b"x" + b"\0" * 300_000],
    )
    keeper.close()


@pytest.mark.parametrize("deed", ["nothing", "spin", "sleep"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no kill -9")
def test_a_child_ends_when_its_parent_is_killed(deed: str) -> None:
    command = [sys.executable, "-c", PARENT, str(ROOT), deed]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert _runs(child)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    end = time.monotonic() + 60
    while _runs(child):
        assert time.monotonic() < end
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")


def test_a_question_that_takes_too_long_leaves_less_time_to_the_next_until_one_is_answered() -> None:
    keeper = Keeper(Trade(MODULE, 20.0, 512))
    keeper._seconds = 0.3
    with pytest.raises(OutOfBounds, match=r"longer than 0\.3 seconds"):
        keeper.ask({"do": "sleep"})
    assert keeper._seconds == 5.0
    assert keeper.ask({"do": "nothing"}) == (0, [])
    assert keeper._seconds == 20.0
    keeper.close()


def test_what_earlier_questions_left_in_memory_decides_on_nothing() -> None:
    keeper = Keeper(TRADE)
    assert [keeper.ask({"do": "grow", "octets": 200 << 20})[0] for _ in range(3)] == [1, 2, 1]
    with pytest.raises(OutOfBounds, match="more than 512 MiB of memory"):
        keeper.ask({"do": "grow", "octets": 600 << 20})
    with pytest.raises(OutOfBounds):
        keeper.ask({"do": "die"})
    assert keeper.ask({"do": "nothing"}) == (0, [])
    keeper.close()


def test_a_child_reaches_no_network() -> None:
    child = Child(TRADE)
    child.ask({"do": "who"})
    assert child.answer()[0] == [os.getuid(), "http://127.0.0.1:9"]
    if subprocess.run([sys.executable, "-c", WITHOUT_NETWORK], stderr=subprocess.DEVNULL).returncode == 0:
        with socket.create_server(("127.0.0.1", 0)) as server:
            child.ask({"do": "connect", "port": server.getsockname()[1]})
            assert child.answer()[0] != 0
    child.close()


@pytest.mark.slow("a look of Typst that grows to the bound on memory")
def test_a_look_that_takes_all_memory_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TYPST, "_trade", replace(TYPST._trade, megabytes=512))
    TYPST.close()
    root = tame_repository(tmp_path)
    look = root / "templates" / "pdf" / "agreement.typ"
    grows = "#let x = range(20000).map(i => range(20000).map(j => i * j))\n"
    look.write_text(grows + look.read_text(encoding="utf-8"), encoding="utf-8")
    for command in (["check"], ["build", "--format", "pdf", "--out", str(tmp_path / "out")]):
        done = CliRunner().invoke(cli, [*command, "--report", "json", "--root", str(root)])
        found = [each for each in json.loads(done.stdout)["findings"] if each["rule"] == "core/render-bounds"]
        assert done.exit_code == 1
        assert "more than 512 MiB of memory" in found[0]["message"]
        assert "templates/pdf" in found[0]["hint"]
    TYPST.close()


@pytest.mark.parametrize("package", ["@preview/cetz:0.3.0", "@local/house:1.0.0"])
def test_a_package_from_outside_is_refused_plainly(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(LOOK, tmp_path / "look")
    (tmp_path / "look" / "agreement.typ").write_text(f'#import "{package}"\n', encoding="utf-8")
    place = tmp_path / "home" / ".local" / "share" / "typst" / "packages" / "local" / "house" / "1.0.0"
    place.mkdir(parents=True)
    (place / "typst.toml").write_text('[package]\nname = "house"\nversion = "1.0.0"\nentrypoint = "a.typ"\n')
    (place / "a.typ").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    TYPST.close()
    with pytest.raises(LookFault, match="none is fetched from outside"):
        render_pdf(sample(), tmp_path / "look")
    TYPST.close()


@pytest.mark.parametrize(("bound", "trade"), [("time", Trade("", 0.01, 1024)), ("memory", Trade("", 60.0, 300))])
def test_pandoc_is_bounded(bound: str, trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    paragraphs = tuple(Paragraph((Run("It is a long agreement. " * 100),)) for _ in range(300))
    document = replace(sample(), closing=Clause("closing", "", "", paragraphs))
    assert b"agreement" in pandoc.render_with_pandoc(document, "txt")
    monkeypatch.setattr(pandoc, "PANDOC", trade)
    with pytest.raises(OutOfBounds) as caught:
        pandoc.render_with_pandoc(document, "txt")
    assert caught.value.bound == bound
