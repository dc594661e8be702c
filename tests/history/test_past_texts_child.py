"""A second process that assembles past texts: what it gives is what one process gives, and nothing depends on it."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from clausebook.children.child import Child, OutOfBounds, Trade
from clausebook.history import past_texts
from clausebook.history.commit_chain import chain
from clausebook.history.past_texts import Room, Wanted, texts
from clausebook.history.revisions import history
from clausebook.repository import user_cache
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

pytestmark = pytest.mark.slow("a process that assembles texts")

NAME = "sparrow-finch"
DEAL = f"agreements/{NAME}.yaml"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = new_repository(nda_repository(tmp_path))
    made.commit("First draft")
    for years in range(4, 9):
        made.replace(f"Keep them {years} years", DEAL, f"P{years - 1}Y", f"P{years}Y")
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    return made


def test_the_process_leaves_in_the_cache_what_is_found_there(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Git(repository.project) as git:
        steps = chain(git, repository.commits[-1], NAME).steps
        child = Child(Trade("clausebook.history.past_texts_child", 60.0, 2048))
        child.ask(
            {"root": str(repository.project), "texts": [(each.commit, asdict(each.sources)) for each in steps[::-1]]}
        )
        with pytest.raises(OutOfBounds):
            child.answer(60.0)  # it says nothing, and ends
        child.close()
        wanted = [Wanted(each.sources, GitTree(git, each.commit)) for each in steps]
        with Room(repository.project) as room:
            made = {each.sources.key: replace(room.text(each), fingerprints=()) for each in wanted}
        monkeypatch.setattr(Room, "text", lambda self, each: pytest.fail("it was there already"))
        found = texts(repository.project, wanted, lambda key: None)
        assert all(each.fingerprint for each in found.values())
        assert {key: replace(each, fingerprints=()) for key, each in found.items()} == made


@pytest.mark.parametrize("module", ["clausebook.history.past_texts_child", "clausebook.history.no_such_module"])
def test_a_history_is_the_same_with_help_and_without(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    alone = history(repository.project, NAME)
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "another"))
    monkeypatch.setattr(past_texts, "LEAST_HELPED", 2)
    monkeypatch.setattr(past_texts, "CHILD", module)
    monkeypatch.setattr(past_texts.os, "cpu_count", lambda: 2)
    assert history(repository.project, NAME) == alone
