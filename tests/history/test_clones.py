"""Clones that leave something out: what they lack is known before it is read, and never told as a fault of the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.cli.main import cli
from clausebook.repository import user_cache
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.lacking import lacking
from clausebook.repository.git.process import Git, MissingObject
from tests.support.git_repositories import new_repository, run
from tests.support.repositories import nda_repository

pytestmark = pytest.mark.slow("clones that lack objects")

NAME = "sparrow-finch"
DEAL = f"agreements/{NAME}.yaml"


@pytest.fixture(scope="module")
def commits() -> list[str]:
    return []


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory, commits: list[str]) -> Iterator[Path]:
    """A clone without the files of older commits, whose origin is gone."""
    folder = tmp_path_factory.mktemp("clones")
    origin = new_repository(nda_repository(folder))
    origin.commit("First draft")
    for number in range(2, 8):
        origin.replace(f"Keep them {number} years", DEAL, "P3Y" if number == 2 else f"P{number - 1}Y ", f"P{number}Y ")
    commits += origin.commits
    origin.git("config", "uploadpack.allowFilter", "true")
    run(folder, "clone", "--quiet", "--filter=blob:none", f"file://{origin.root}", str(folder / "clone"))
    origin.root.rename(folder / "gone")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(user_cache.VARIABLE, str(folder / "cache"))
        yield folder / "clone"


def cb(clone: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, [*arguments, "--root", str(clone)])
    assert "failed itself" not in done.output
    return done


def test_what_is_missing_is_known_and_git_is_not_asked_for_it(clone: Path, commits: list[str]) -> None:
    with Git(clone) as git:
        tree = GitTree(git, commits[0])
        assert list(lacking(tree, ("agreements", "templates", "schemas"))) == [DEAL]
        assert list(lacking(GitTree(git, commits[-1]), ("agreements", "templates", "schemas"))) == []
        entry = tree.entry(DEAL)
        assert entry is not None
        running = git._process
        assert running is not None
        with pytest.raises(MissingObject, match="is missing from this clone"):
            git.read(entry.oid)
        assert git._process is running
        assert running.poll() is None


def test_a_whole_clone_lacks_nothing(clone: Path) -> None:
    with Git(clone.parent / "gone") as git:
        head = git.find("HEAD^{commit}")
        assert head is not None
        assert git.has("0" * 40)
        assert list(lacking(GitTree(git, head.oid), ("agreements", "templates"))) == []


@pytest.mark.parametrize("command", ["blame", "log", "revisions"])
def test_a_history_says_what_it_does_not_have(clone: Path, commits: list[str], command: str) -> None:
    done = cb(clone, command, NAME)
    assert done.exit_code == 0
    assert "the files of 6 of 7 commits are not in it: git fetch --refetch --no-filter" in done.stderr
    assert commits[-1][:8] in done.stdout
    said = {"blame": "this commit or one before it", "log": "the oldest text that is known here"}
    assert said.get(command, "this clone does not have its files") in done.stdout
    assert "cannot be assembled" not in done.output


def test_a_redline_with_what_is_missing_is_refused(clone: Path, commits: list[str]) -> None:
    done = cb(clone, "redline", NAME, commits[0])
    assert done.exit_code == 2
    assert f"what `{NAME}` was made of at {commits[0][:8]} is missing from this clone" in done.stderr
    assert "git fetch --refetch --no-filter" in done.stderr


def test_a_review_against_what_is_missing_is_refused(clone: Path) -> None:
    done = cb(clone, "review", "--base", "HEAD~2")
    assert done.exit_code == 2
    assert f"is missing from this clone: `{DEAL}`" in done.stderr
    assert "not valid" not in done.output
