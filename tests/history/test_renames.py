"""Histories of what was renamed: the project's folder, an agreement in it, an agreement type."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clausebook.history.comparison import compared
from clausebook.history.newest import NewestFirst
from clausebook.history.revisions import commit_of, history
from clausebook.language.sandbox import Sandbox
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.review.reviewing import review
from tests.support.git_repositories import Repository, document_at, new_repository
from tests.support.repositories import nda_repository

pytestmark = [
    pytest.mark.slow("git repositories whose folders are renamed"),
    pytest.mark.usefixtures("shared_cache"),
]

NAME = "sparrow-finch"
DEAL = f"agreements/{NAME}.yaml"
KEEPING = "templates/nda/clauses/keeping.md"


def below(tmp_path: Path, folder: str) -> Repository:
    """Make a repository whose project lies in a folder of it, committed; return it."""
    made = new_repository(tmp_path / "whole", folder)
    made.project.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(nda_repository(tmp_path), made.project)
    made.commit("First draft")
    return made


def moved(repository: Repository, old: str, new: str, subject: str = "Rename the folder") -> Repository:
    """Commit the move of the project; return the repository with the project where it is now."""
    (repository.root / new).parent.mkdir(parents=True, exist_ok=True)
    repository.git("mv", old, new)
    after = Repository(repository.root, repository.root / new, repository.commits)
    after.commit(subject)
    return after


def subjects(repository: Repository, agreement: str = NAME) -> list[str]:
    return [revision.subject for revision in history(repository.project, agreement).revisions]


@pytest.mark.parametrize(("old", "new"), [("legal", "deals"), ("legal", "teams/deals"), ("a/b/legal", "deals")])
def test_a_renamed_folder_of_the_project_is_followed(tmp_path: Path, old: str, new: str) -> None:
    repository = below(tmp_path, old)
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    repository.replace("Edit the library", KEEPING, "keep each other's", "shall keep each other's")
    repository = moved(repository, old, new)
    repository.replace("Narrow the topic", DEAL, "sea birds", "gulls")
    assert subjects(repository) == ["Narrow the topic", "Edit the library", "Widen the topic", "First draft"]
    assert " keep " in str(document_at(repository.project, NAME, repository.commits[1]))
    with Sandbox() as sandbox:
        found = compared(repository.project, NAME, repository.commits[0], "", sandbox)
    assert {change.place for change in found.changes} == {"keeping", "term-secret"}
    with Git(repository.project) as git:
        assert commit_of(git, repository.project, NAME, "1.0") == repository.commits[-1]
        with NewestFirst(git, repository.project, NAME, "", lambda name: None) as past:
            assert len(list(past.revisions())) == 4


def test_a_project_that_moved_to_the_top_is_followed(tmp_path: Path) -> None:
    repository = below(tmp_path, "legal")
    for name in sorted(path.name for path in repository.project.iterdir()):
        repository.git("mv", f"legal/{name}", name)
    repository = Repository(repository.root, repository.root, repository.commits)
    repository.commit("Move it up")
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    assert subjects(repository) == ["Widen the topic", "First draft"]


def test_a_folder_and_its_agreement_may_be_renamed_at_once(tmp_path: Path) -> None:
    repository = below(tmp_path, "legal")
    repository.git("mv", f"legal/{DEAL}", "legal/agreements/wren-finch.yaml")
    repository = moved(repository, "legal", "deals", "Move, without the id")
    repository.replace("Name it", "agreements/wren-finch.yaml", f"id: {NAME}", "id: wren-finch")
    assert subjects(repository, "wren-finch") == ["Name it", "Move, without the id", "First draft"]


def test_a_folder_that_was_renamed_and_is_not_committed_yet_is_followed(tmp_path: Path) -> None:
    repository = below(tmp_path, "legal")
    repository.git("mv", "legal", "deals")
    repository = Repository(repository.root, repository.root / "deals", repository.commits)
    assert subjects(repository) == ["First draft"]


def test_another_project_is_not_taken_for_the_past_of_one(tmp_path: Path) -> None:
    repository = below(tmp_path, "one")
    shutil.copytree(repository.project, repository.root / "two")
    repository.commit("Begin the second project")
    second = Repository(repository.root, repository.root / "two", repository.commits)
    assert subjects(second) == ["Begin the second project"]
    assert subjects(repository) == ["First draft"]
    # Two projects that are none any more: which of them it was cannot be told.
    repository.git("mv", "two", "three")
    repository.git("rm", "-r", "--quiet", "one")
    third = Repository(repository.root, repository.root / "three", repository.commits)
    third.commit("Rename one, remove the other")
    with Git(third.project) as git:
        assert GitTree(git, repository.commits[1]).folder == "three/"
    assert subjects(third) == ["Rename one, remove the other"]


def test_a_project_with_nothing_in_common_is_another_one(tmp_path: Path) -> None:
    repository = below(tmp_path, "old")
    text = (repository.project / DEAL).read_text().replace(NAME, "wren-finch").replace("type: nda", "type: pact")
    for folder in ("schemas", "templates"):
        repository.git("mv", f"old/{folder}/nda", f"old/{folder}/pact")
    repository.git("mv", "old", "new")
    renewed = Repository(repository.root, repository.root / "new", repository.commits)
    renewed.commit("Another project", {DEAL: None, "agreements/wren-finch.yaml": text})
    with Git(renewed.project) as git:
        assert GitTree(git, repository.commits[0]).folder == "new/"


def test_a_review_tells_a_renamed_folder_from_new_agreements(tmp_path: Path) -> None:
    repository = below(tmp_path, "legal")
    before = repository.commits[-1]
    repository = moved(repository, "legal", "deals")
    with Sandbox() as sandbox:
        found = review(repository.project, before, "HEAD", sandbox)
    assert found.agreements == ()
    assert found.library == ()
    assert [(each.rule, each.message) for each in found.findings] == [
        ("core/review-folder", "the project was renamed: its folder was `legal/`, and is `deals/`")
    ]
    repository.replace("Widen the topic", DEAL, "garden birds", "sea birds")
    with Sandbox() as sandbox:
        (changed,) = review(repository.project, before, "HEAD", sandbox).agreements
    assert changed.happened == "changed"


def test_an_older_side_of_a_redline_is_named_though_its_agreement_had_another_name(tmp_path: Path) -> None:
    repository = new_repository(nda_repository(tmp_path))
    repository.commit("First draft")
    text = (repository.project / DEAL).read_text().replace(f"id: {NAME}", "id: wren-finch")
    repository.commit("Rename it", {DEAL: None, "agreements/wren-finch.yaml": text.replace("garden birds", "gulls")})
    with Sandbox() as sandbox:
        found = compared(repository.project, "wren-finch", repository.commits[0], "", sandbox)
    assert (found.old.date, found.old.person) == ("2026-01-01", "Ada Example")
