"""A review tells what makes no words and can still put words in force, or change how copies and amendments read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.language.sandbox import Sandbox
from clausebook.review.reviewing import review
from tests.support.amendment_cases import execute_text, put
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import partnership_repository

pytestmark = pytest.mark.slow("reviews of a real repository with an executed agreement")

NAME = "predictive-analytics"
OPERATIVE = "templates/amendment/operative.yaml"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def repository(tmp_path: Path, sandbox: Sandbox) -> Repository:
    made = new_repository(partnership_repository(tmp_path))
    execute_text(made.project, NAME, "2026-03-02", sandbox)
    put(made.project, NAME, {"/lifecycle": {"renewals": [{"on": "2026-04-01", "until": "2031-12-31"}]}})
    made.commit("Executed")
    made.git("checkout", "--quiet", "-b", "topic")
    return made


def test_another_day_of_what_happened_since_execution_is_told(repository: Repository, sandbox: Sandbox) -> None:
    put(repository.project, NAME, {"/lifecycle/renewals/0/until": "2032-12-31"})
    repository.commit("Move the day")
    (found,) = review(repository.project, "main", "topic", sandbox).agreements
    told = [(each.pointer, each.old, each.new) for each in found.values]
    assert told == [("/lifecycle/renewals/0/until", "2031-12-31", "2032-12-31")]
    assert found.matters


def test_so_is_what_the_journal_tells_and_a_move_into_it_tells_nothing(
    repository: Repository, sandbox: Sandbox
) -> None:
    migrated = CliRunner().invoke(cli, ["migrate", NAME, "--root", str(repository.project)])
    assert migrated.exit_code == 0, migrated.output
    repository.commit("Move it into the journal")
    assert [each.values for each in review(repository.project, "main", "topic", sandbox).agreements] == []
    repository.replace("Move the day", f"agreements/journal/{NAME}.yaml", "2031-12-31", "2032-12-31")
    (found,) = review(repository.project, "main", "topic", sandbox).agreements
    told = [(each.pointer, each.old, each.new) for each in found.values]
    assert told == [("/lifecycle/renewals/0/until", "2031-12-31", "2032-12-31")]


def test_other_words_of_amendments_and_copies_are_told(repository: Repository, sandbox: Sandbox) -> None:
    text = (repository.project / OPERATIVE).read_text(encoding="utf-8")
    repository.commit("Say less", {OPERATIVE: f"{text}\nrestated_mark: Original\n"})
    (edit,) = review(repository.project, "main", "topic", sandbox).library
    assert (edit.kind, edit.path, len(edit.changes)) == ("outline", OPERATIVE, 1)
