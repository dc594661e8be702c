"""Why an agreement was made again, in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.build.explaining import explained, keep_reasons
from clausebook.build.keys import Task
from clausebook.build.made_store import MadeStore
from clausebook.build.work_tree import SeenFile
from clausebook.cli.main import cli
from clausebook.repository.store import Store
from tests.support.git_repositories import Repository

FILES = {"templates/nda/outline.yaml": SeenFile((1, 1, 1, 1), "a"), "agreements/a.yaml": SeenFile((1, 1, 1, 1), "b")}


def store(tmp_path: Path) -> MadeStore:
    return MadeStore(None, Store(tmp_path / "store"))


def test_it_names_what_changed_is_new_or_is_gone(tmp_path: Path) -> None:
    kept, out = store(tmp_path), tmp_path / "out"
    before = Task("a", ("a",), {"agreements/a.yaml": "1", "agreements/a/x.md": "1", "the program": "1"})
    keep_reasons(kept, out, [before], FILES)
    now = Task("a", ("a",), {"agreements/a.yaml": "2", "agreements/journal/a.yaml": "1", "the program": "1"})
    assert explained(kept, out, now, FILES).splitlines() == [
        "a: it is made again, for this has changed:",
        "    agreements/a.yaml",
        "    gone: agreements/a/x.md",
        "    new: agreements/journal/a.yaml",
    ]
    assert "has changed, so it is not made again" in explained(kept, out, before, FILES)
    assert "nothing is known" in explained(kept, tmp_path / "other", now, FILES)


@pytest.mark.slow("a site built three times")
def test_the_command_says_why(
    repository: Repository, edited: Callable[[str, str, str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "cache"))
    command = ["build", "--root", str(repository.project), "--out", str(tmp_path / "out"), "--explain", "avocet"]
    assert "avocet: nothing is known of a site" in CliRunner().invoke(cli, command).output
    edited("avocet", "kept_for: P3Y", "kept_for: P4Y")
    note = repository.project / "templates/nda/clauses/note.txt"
    note.write_text("a note\n", "utf-8")
    said = CliRunner().invoke(cli, command).output
    assert "    agreements/avocet.yaml\n" in said
    assert "        templates/nda/clauses/note.txt\n" in said
    assert "it is not made again" in CliRunner().invoke(cli, command).output
    wrong = CliRunner().invoke(cli, [*command[:-1], "avozet"])
    assert (wrong.exit_code, "did you mean `avocet`" in wrong.output) == (2, True)
