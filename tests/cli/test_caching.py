"""What is kept from earlier runs: shown, thrown away, done without, and told of when it cannot be used."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.history import past_texts
from clausebook.repository import user_cache
from clausebook.repository.store import FORMAT, Store, noticed
from tests.support.git_repositories import new_repository
from tests.support.repositories import nda_repository

ID = "sparrow-finch"
DEAL = f"agreements/{ID}.yaml"
COMMANDS = (("check",), ("build", ID, "--out", "{out}"), ("log", ID), ("redline", ID, "HEAD~2", "HEAD"), ("list",))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    noticed.clear()
    return tmp_path / "cache"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository whose one deal was changed twice."""
    made = new_repository(nda_repository(tmp_path / "work"))
    made.commit("First draft")
    for years in (4, 5):
        made.replace(f"Keep them {years} years", DEAL, f"P{years - 1}Y", f"P{years}Y")
    return made.project


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cli.cli, arguments, prog_name="clausebook")


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{FORMAT}/[0-9a-f][0-9a-f]/*"))


@pytest.mark.slow("five commands with their children")
@pytest.mark.parametrize("way", ["option", "option before the command", "variable"])
def test_doing_without_reads_nothing_and_leaves_nothing(
    root: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(past_texts, "LEAST_HELPED", 2)  # a child of the history's helps
    monkeypatch.setattr(past_texts.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(Store, "find", lambda *given: pytest.fail("something kept was asked for"))
    if way == "variable":
        monkeypatch.setenv(user_cache.OFF, "1")
    for command, *arguments in COMMANDS:
        given = [each.format(out=tmp_path / "out") for each in arguments]
        before, after = (
            (["--no-cache"] if way.startswith("option ") else []),
            (["--no-cache"] if way == "option" else []),
        )
        done = invoke(*before, command, *given, "--root", str(root), *after)
        assert done.exit_code == 0, done.output
        assert os.environ.get(user_cache.OFF, "") == ("1" if way == "variable" else "")
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(folder.name)] == []


def test_what_is_kept_changes_no_output(root: Path, folder: Path) -> None:
    def built(*more: str) -> list[tuple[int, str, str]]:
        return [
            (done.exit_code, done.stdout, done.stderr)
            for command, *given in COMMANDS
            if command != "build"
            for done in [invoke(command, *given, "--root", str(root), *more)]
        ]

    cold = built()
    assert entries(folder)
    assert built() == cold == built("--no-cache")


def test_info_says_what_is_there(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(user_cache.SIZE, "500M")
    assert invoke("check", "--root", str(root)).exit_code == 0
    for number in range(3):
        user_cache.keep("things", (f"{number}",), bytes(2000))
    things = sorted(folder.glob(f"{FORMAT}/*/things.*"))
    things[0].write_bytes(b"damaged")
    things[1].chmod(0o666)
    told = json.loads(invoke("cache", "info", "--report", "json").stdout)
    assert (told["folder"], told["most"]) == (str(folder), 500 << 20)
    assert told["kinds"]["things"] == {"entries": 2, "bytes": 7 + 2032}
    assert told["entries"] == len(entries(folder)) - 1
    assert told["bytes"] == sum(each.stat().st_size for each in entries(folder)) - 2032
    assert (told["damaged"], told["foreign"]) == (1, 1 if hasattr(os, "getuid") else 0)
    assert told["compiled"]["folder"] == f"{folder}-compiled"
    assert told["compiled"]["entries"] == len(entries(Path(f"{folder}-compiled"))) > 1
    said = invoke("cache", "info").stdout
    assert f"{folder}: {told['entries']} files, " in said
    assert "of at most 500.0 MiB" in said
    assert "damaged, and made anew when needed: 1\n" in said
    assert user_cache.OFF not in said
    monkeypatch.setenv(user_cache.OFF, "1")
    assert f"{user_cache.OFF} is set" in invoke("cache", "info").stdout


def test_info_of_nothing_makes_nothing(folder: Path, tmp_path: Path) -> None:
    done = invoke("cache", "info")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{folder}: 0 files, 0 bytes of at most 4.0 GiB\n")
    assert list(tmp_path.iterdir()) == []


def test_clear_throws_away_what_is_the_cache_s_own(root: Path, folder: Path) -> None:
    assert invoke("check", "--root", str(root)).exit_code == 0
    number = len(entries(folder)) + len(entries(Path(f"{folder}-compiled")))
    (entries(folder)[0].parent / "letter.txt").write_text("theirs", encoding="utf-8")
    done = invoke("cache", "clear")
    assert done.stdout == f"removed {number} files from {folder}; left what is not its own: 1\n"
    assert [each.name for each in entries(folder)] == ["letter.txt"]
    assert not entries(Path(f"{folder}-compiled"))
    assert invoke("check", "--root", str(root)).exit_code == 0


def test_what_cannot_be_used_is_told_once_and_beside_the_output(root: Path, folder: Path) -> None:
    for _ in range(2):
        whole = invoke("check", "--root", str(root))
        assert (whole.exit_code, whole.stderr) == (0, "")
    for each in entries(folder):
        each.write_bytes(b"damaged")
    done = invoke("check", "--root", str(root))
    assert (done.exit_code, done.stdout) == (0, whole.stdout)
    assert done.stderr.startswith(f"note: the cache in `{folder}` holds damaged entries (")
    assert done.stderr.endswith(" met): they are not used, and made anew\n")
    assert done.stderr.count("\n") == 1
    assert invoke("check", "--root", str(root)).stderr == ""


def test_a_cache_that_cannot_be_made_is_told_of(root: Path, folder: Path) -> None:
    folder.write_text("a letter", encoding="utf-8")
    done = invoke("check", "--root", str(root))
    assert (done.exit_code, done.stdout) == (0, "1 agreement checked\n")
    assert done.stderr.startswith(
        f"note: the cache in `{folder}` cannot be written (Not a directory): what is made is not kept"
    )
    assert done.stderr.count("\n") == 1
    assert invoke("check", "--root", str(root), "--no-cache").stderr == ""


def test_a_size_that_is_none_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(user_cache.SIZE, "much")
    done = invoke("rules")
    assert done.exit_code == 2
    assert f"{user_cache.SIZE} is 'much', which is no size: write it as 500M or 2G." in done.stderr


def test_every_command_can_do_without() -> None:
    for name, command in cli.cli.commands.items():
        assert name == "cache" or "--no-cache" in [option for each in command.params for option in each.opts], name
