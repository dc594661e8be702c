"""The project's own files: commands that are true, a lock that is whole, links that lead somewhere."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import clausebook
from tests.support.docs import marked_block

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Read by the tests as bad input, so they may hold anything.
CASES = ROOT / "tests" / "cases"
UNTRACKED_FOLDERS = {".git", ".venv", ".clausebook", "site", "dist", "__pycache__"}


def tracked_files() -> list[Path]:
    """Return the files that git tracks; in an unpacked archive, all that are not built."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if not UNTRACKED_FOLDERS & set(path.relative_to(ROOT).parts)]
    else:
        found = [ROOT / name for name in listed.decode().split("\0") if name]
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def text_files() -> list[Path]:
    """Return the tracked files that are text and not cases of bad input."""
    return [path for path in tracked_files() if CASES not in path.parents and not _binary(path.read_bytes()[:8192])]


def _binary(content: bytes) -> bool:
    return b"\0" in content or content.startswith(b"%PDF-")


def program(path: str) -> ModuleType:
    """Return a program beside the package as a module."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("command", ["build", "test"])
def test_readme_commands_are_those_of_develop(command: str) -> None:
    assert marked_block("README.md", f"{command}-command") == f"python3 develop.py {command}\n"
    assert command in program("develop.py").COMMANDS


def test_develop_runs_what_exists() -> None:
    commands = program("develop.py").COMMANDS
    assert {"build", "test", "check", "clausebook"} == set(commands)
    scripts = [line[0] for lines in commands.values() for line in lines if line[0] != "-m"]
    assert [script for script in scripts if not (ROOT / script).is_file()] == []


@pytest.mark.parametrize("arguments", [[], ["biuld"], ["check", "-k", "one"]])
def test_develop_refuses_what_it_does_not_know(arguments: list[str], tmp_path: Path) -> None:
    # From another folder, and before anything is made or installed.
    result = subprocess.run(
        [sys.executable, str(ROOT / "develop.py"), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.startswith("[develop] ")
    assert len(result.stderr.splitlines()) == 1


def test_develop_says_what_to_do_without_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    module = program("develop.py")
    monkeypatch.setattr(module, "ask", lambda python, expression: "True")
    with pytest.raises(OSError, match="python3-venv"):
        module.add_pip(sys.executable)


def test_develop_is_readable_by_old_pythons() -> None:
    ast.parse((ROOT / "develop.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_ci_runs_the_readme_test_command() -> None:
    assert "<!-- test-command -->" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_scripts_of_ci_are_executable() -> None:
    modes = subprocess.run(
        ["git", "ls-files", "--stage", ".ci"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    for line in modes.splitlines():
        assert line.startswith("100755"), line


def test_version_is_plain_and_in_one_place() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", clausebook.__version__)
    assert PROJECT["project"]["dynamic"] == ["version"]


def test_licence_is_there_and_named() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    assert PROJECT["project"]["license"] == "Apache-2.0"


def test_readme_says_that_it_is_no_legal_advice() -> None:
    assert "Nothing here is legal advice" in README


def test_changelog_has_an_unreleased_part() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def pages_with_links() -> list[str]:
    """Return the Markdown files that people read on a forge: not clauses, agreements or cases."""
    return [
        path.relative_to(ROOT).as_posix()
        for path in text_files()
        if path.suffix == ".md" and not {"clauses", "cases", "agreements"} & set(path.relative_to(ROOT).parts)
    ]


@pytest.mark.parametrize("page", pages_with_links())
def test_links_lead_somewhere(page: str) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path = target.partition("#")[0]
        if path and not re.match(r"[a-z]+:", target) and not ((ROOT / page).parent / path).exists():
            broken.append(target)
    assert not broken, f"{page} links to what is not there: {broken}"


def test_no_path_of_somebodys_machine() -> None:
    # Written so that this file does not hold what it looks for.
    pattern = re.compile(
        "|".join(
            [r"/home/" + r"\w", r"/root" + "/", r"/Users/" + r"\w", r"[A-Z]:\\\\?Users", "/work" + r"/\w"]
        ).encode()
    )
    found = {
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in text_files()
        for match in [pattern.search(path.read_bytes())]
        if match
    }
    assert not found


def test_no_address_from_git() -> None:
    log = subprocess.run(
        ["git", "log", "--format=%ae%n%ce"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    addresses = {line.encode() for line in log.split("\n") if "@" in line}
    found = {
        path.relative_to(ROOT).as_posix() for path in tracked_files() if any(a in path.read_bytes() for a in addresses)
    }
    assert not found


def test_text_files_end_with_one_line_break_and_have_no_carriage_returns() -> None:
    wrong = []
    for path in text_files():
        content = path.read_bytes()
        if content and (b"\r" in content or not content.endswith(b"\n") or content.endswith(b"\n\n")):
            wrong.append(path.relative_to(ROOT).as_posix())
    assert not wrong


def test_flipping_conditions_flips_and_runs_what_there_is() -> None:
    rooms = program(".ci/flips.py").ROOMS
    for sources, tests in rooms.values():
        assert [name for name in sources if not list((ROOT / "clausebook").glob(name))] == []
        assert [name for name in tests if not (ROOT / name).exists()] == []
    parts = re.findall(r"flips-([a-z]+)", (ROOT / ".ci" / "full").read_text(encoding="utf-8"))
    assert set(parts) == set(rooms)
