"""The fingerprint of the program: it follows imports, and whatever runs is in it."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clausebook.project.project import MAKERS
from clausebook.repository import engine as module
from clausebook.repository.engine import PACKAGE, engine, sources
from tests.support.repositories import ROOT, nda_repository

MAKE = """
import sys
from pathlib import Path
from clausebook.project.project import Project

with Project(Path(sys.argv[1])) as project:
    (agreement,) = project.assemble_all(["sparrow-finch"])
    assert project.render(agreement, ("md", "pdf", "docx"))
print("\\n".join(each.__file__ for name, each in sys.modules.items() if name.split(".")[0] == "clausebook"))
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in for the package: `top` imports `room.low` inside a function, nothing imports `room.other`."""
    root = tmp_path / "clausebook"
    (root / "room").mkdir(parents=True)
    (root / "__init__.py").write_text("")
    (root / "room" / "__init__.py").write_text("")
    (root / "room" / "low.py").write_text("a = 1\n")
    (root / "room" / "other.py").write_text("a = 1\n")
    (root / "room" / "font.ttf").write_bytes(b"font")
    (root / "top.py").write_text("def use():\n    from clausebook.room import (\n        low,\n    )\n    return low\n")
    monkeypatch.setattr(module, "PACKAGE", root)
    forget()
    yield root
    forget()


def forget() -> None:
    """Forget what was read of files."""
    for each in (engine, module._hash, module._imported, module._file):
        each.cache_clear()


def test_all_that_runs_to_make_an_agreement_is_in_its_fingerprint(tmp_path: Path) -> None:
    root = nda_repository(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", MAKE, str(root)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True
    )
    ran = {Path(line).resolve() for line in done.stdout.splitlines()}
    known = set(sources(*MAKERS))
    assert PACKAGE / "amending" / "operative.py" in ran
    assert ran <= known, sorted(path.name for path in ran - known)


def test_it_is_not_the_whole_program() -> None:
    assert {PACKAGE / "cli" / "main.py", PACKAGE / "site" / "plugin.py"} <= set(sources()) - set(sources(*MAKERS))


@pytest.mark.parametrize(
    ("changed", "moves"),
    [("top.py", True), ("room/low.py", True), ("room/font.ttf", True), ("__init__.py", True), ("room/other.py", False)],
)
def test_what_is_imported_moves_it_and_nothing_else_does(package: Path, changed: str, moves: bool) -> None:
    before, whole = engine("clausebook.top"), engine()
    (package / changed).write_bytes((package / changed).read_bytes() + b"#")
    forget()
    assert (engine("clausebook.top") != before) is moves
    assert engine() != whole


def test_line_ends_do_not_move_it_and_libraries_do(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = engine("clausebook.top")
    (package / "room" / "low.py").write_bytes(b"a = 1\r\n")
    forget()
    assert engine("clausebook.top") == before
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0")
    forget()
    assert engine("clausebook.top") != before


def test_a_module_that_there_is_not_is_an_error(package: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sources("clausebook.nowhere")
