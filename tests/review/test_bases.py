"""A review finds by itself what a change is compared with, and says which revision that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.history.revisions import SHORT
from clausebook.language.sandbox import Sandbox
from clausebook.review.model import Review
from clausebook.review.reviewing import review
from clausebook.review.sides import FEWEST_LINES, MOST_COMPARED, MOST_LINES, lines_compared
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

pytestmark = pytest.mark.slow("real git repositories")

DEAL = "agreements/sparrow-finch.yaml"
CLAUSE = "templates/nda/clauses/keeping.md"


def merged(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> str:
    """Merge the branch `deal` into `main` as GitLab does to test it, and say so as its pipeline would."""
    repository.git("checkout", "--quiet", "--detach", "main")
    head = repository.merge("Merge the change", "deal")
    for name in ("GITHUB_BASE_REF", "GITHUB_EVENT_NAME", "CLAUSEBOOK_BASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
    monkeypatch.setenv("CI_MERGE_REQUEST_EVENT_TYPE", "merged_result")
    monkeypatch.setenv("CI_COMMIT_SHA", head)
    return head


def test_what_the_branch_got_meanwhile_is_not_told_as_the_change_s(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = new_repository(nda_repository(tmp_path))
    outdated = repository.commit("First draft")
    repository.git("checkout", "--quiet", "-b", "deal")
    repository.replace("Shorten", DEAL, "P3Y", "P2Y")
    repository.git("checkout", "--quiet", "main")
    clause = (repository.project / CLAUSE).read_text(encoding="utf-8")
    repository.commit("Meanwhile", {CLAUSE: f"{clause}\nThis is new.\n"})
    base = repository.git("rev-parse", "main")
    head = merged(repository, monkeypatch)

    def reviewed(named: str) -> Review:
        return review(repository.root, named, head, sandbox)

    for named in ("", "main", outdated):
        monkeypatch.setenv("CI_MERGE_REQUEST_DIFF_BASE_SHA", outdated)
        found = reviewed(named)
        assert found.base.commit == base
        assert found.base.name == f"main ({base[:SHORT]})"
        assert not found.library
        assert [len(each.changes) for each in found.agreements] == [1]


def test_a_base_from_before_there_were_agreements_is_told(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = new_repository(tmp_path / "house")
    repository.commit("Begin", {"README.md": "Deals of the house.\n"})
    repository.git("checkout", "--quiet", "-b", "deal")
    nda_repository(tmp_path / "made").rename(tmp_path / "nda")
    for path in (tmp_path / "nda").iterdir():
        path.rename(repository.root / path.name)
    repository.commit("Use it")
    found = review(repository.root, "", merged(repository, monkeypatch), sandbox)
    assert [each.happened for each in found.agreements] == ["added"]
    assert [note.message for note in found.notes] == [
        "the base is from before there were agreements: all of them are new"
    ]


@pytest.mark.parametrize(("gone", "came"), [(1, 1), (40, 40), (150, 150), (1, 3000)])
def test_the_work_of_finding_renames_is_bounded(gone: int, came: int) -> None:
    most = lines_compared(gone, came)
    assert FEWEST_LINES <= most <= MOST_LINES
    assert most == FEWEST_LINES or most * gone * came <= MOST_COMPARED


def test_many_renames_are_still_found(tmp_path: Path, sandbox: Sandbox) -> None:
    repository = new_repository(nda_repository(tmp_path))
    deal = (repository.project / DEAL).read_text(encoding="utf-8")
    old = {f"agreements/old-{each}.yaml": deal.replace("sparrow-finch", f"old-{each}") for each in range(3)}
    repository.commit("Add", old)
    repository.git("checkout", "--quiet", "-b", "topic")
    for path in old:
        repository.git("mv", path, path.replace("old-", "new-"))
    repository.commit(
        "Rename", {path.replace("old-", "new-"): text.replace("old-", "new-") for path, text in old.items()}
    )
    found = review(repository.project, "main", "topic", sandbox)
    assert [(each.id, each.happened) for each in found.agreements] == [(f"new-{each}", "renamed") for each in range(3)]
