"""The one command that measures the whole program: its parts, and what it says of those that are missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import table
from benchmarks.results import Part, Row, write
from tests.support.repositories import ROOT


def test_small_sizes_are_one_part_and_large_ones_three(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert table.main(["--sizes", "1000,10", "--short", "20", "--work", str(tmp_path), "--list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1/5  10",
        "2/5  1000 made",
        "3/5  1000 cold",
        "4/5  1000 again",
        "5/5  20 short",
    ]


def test_what_is_missing_is_said_below_the_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write(tmp_path / "results", Part("10", "Machine", (Row("build, cold", 10, processor=5.0),)))
    assert table.main(["--sizes", "10,20", "--work", str(tmp_path), "--show"]) == 0
    shown = capsys.readouterr().out
    assert "| build, cold | 10 |" in shown
    assert shown.endswith("\n\nNot measured: 20.\n")


@pytest.mark.parametrize("arguments", [["--profile", "10"], ["--peers", "nowhere"], ["--part", "3/2"]])
def test_what_cannot_be_measured_is_refused_before_anything_is(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLAUSEBOOK_PEERS", raising=False)
    with pytest.raises(SystemExit) as ended:
        table.main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "requirements-peers.txt" in said or "--part" in said


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at as Linux tells of them")
def test_a_part_that_another_one_has_to_come_before_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.table", "--sizes", "200", "--work", str(tmp_path), "--part"]
    for part, said in (("2/3", "make the 200 agreements first"), ("3/3", "build the 200 agreements first")):
        done = subprocess.run([*command, part], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert said in done.stderr
