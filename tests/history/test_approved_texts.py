"""The words of an approved version are those that the protected branch has, or it is told that they are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.history.approved_texts import approved_findings
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.review.reviewing import review
from tests.support.git_repositories import Repository
from tests.support.reviewed_repositories import DEAL, GLOSSARY, KEEPING, NAME, OTHER, reviewed_repository

pytestmark = pytest.mark.slow("branches of a real repository")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Give a repository with an approved agreement on its main branch, and a draft; a branch is checked out."""
    made = reviewed_repository(tmp_path / "made")
    made.git("checkout", "--quiet", "main")
    made.replace("Approve", DEAL, "status: draft", "status: approved")
    made.git("checkout", "--quiet", "-B", "topic")
    return made


def told(repository: Repository, sandbox: Sandbox) -> list[str]:
    """Return what is told of the work tree, and prove that the review of it says so, too."""
    project = Project(repository.project, sandbox)
    agreements = [project.assemble(file) for file in project.files()]
    messages = [finding.message for finding in approved_findings(project, agreements)]
    found = review(repository.project, "main", "", sandbox).findings
    assert [each.message for each in found if each.rule == "core/approved-changed"] == messages
    return messages


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (KEEPING, "keep each", "shall keep each", "by the library: 1 Keeping"),
        (DEAL, "P3Y", "P2Y", "by its own data: 1 Keeping"),
        (GLOSSARY, "what one party", "all that one party", "by the library: Definition of “Secret”"),
    ],
)
def test_an_approved_text_that_changes_is_told(
    repository: Repository, sandbox: Sandbox, path: str, old: str, new: str, said: str
) -> None:
    repository.replace("Change", path, old, new)
    which = f"version 1.0, which is approved, reads differently from the protected branch ({said})"
    assert told(repository, sandbox) == [which]
    shown = CliRunner().invoke(cli, ["check", "--root", str(repository.project)]).output
    assert which in shown
    assert f"{DEAL}:" in shown


def test_what_is_no_such_change(repository: Repository, sandbox: Sandbox) -> None:
    assert told(repository, sandbox) == []
    repository.replace("A draft", OTHER, "P3Y", "P2Y")
    repository.replace("No word", KEEPING, "Always used.", "Used always.")
    assert told(repository, sandbox) == []
    repository.replace("Change", DEAL, "P3Y", "P2Y")
    assert told(repository, sandbox) != []
    repository.replace("Another version", DEAL, 'version: "1.0"', 'version: "1.1"')
    assert told(repository, sandbox) == []


def test_a_draft_again(repository: Repository, sandbox: Sandbox) -> None:
    repository.replace("Change", DEAL, "P3Y", "P2Y")
    repository.replace("Draft", DEAL, "status: approved", "status: draft")
    assert told(repository, sandbox) == []


def test_without_a_protected_branch(repository: Repository, sandbox: Sandbox) -> None:
    repository.replace("Change", DEAL, "P3Y", "P2Y")
    repository.git("branch", "--quiet", "-D", "main")
    project = Project(repository.project, sandbox)
    (each,) = [project.assemble(file) for file in project.files() if file.id == NAME]
    assert list(approved_findings(project, [each])) == []
