"""Drafts of a commit are kept: a review says the same whether they were, and whatever became of the cache."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.repository.git.commit_tree import GitTree
from clausebook.repository.git.process import Git
from clausebook.repository.store import FORMAT
from clausebook.review.formats import REVIEWS
from clausebook.review.kept_agreements import KeptAgreements
from clausebook.review.model import Review
from clausebook.review.reviewing import review
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import partnership_repository

pytestmark = pytest.mark.slow("reviews of a real repository, with a cache and without")

DEAL = "agreements/innovation-lab.yaml"
CLAUSE = "templates/partnership/clauses/notices.md"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository in which a deal and a clause changed on the branch `topic`."""
    made = new_repository(partnership_repository(tmp_path_factory.mktemp("kept")))
    made.commit("First")
    made.git("checkout", "--quiet", "-b", "topic")
    made.replace("Shorten", DEAL, "P90D", "P60D")
    clause = (made.project / CLAUSE).read_text(encoding="utf-8")
    made.commit("Reword", {CLAUSE: f"{clause}\nWho moves tells the others.\n"})
    return made


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def entries(cache: Path) -> list[Path]:
    return sorted(cache.glob(f"{FORMAT}/*/reviewed.*"))


def written(found: Review) -> dict[str, str]:
    return {name: write(found) for name, write in REVIEWS.items()}


def test_a_review_says_the_same_from_the_cache_and_without(
    repository: Repository, sandbox: Sandbox, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = review(repository.project, "main", "topic", sandbox)
    assert first.agreements[0].changes
    kept = entries(cache)
    assert kept
    with monkeypatch.context() as patched:
        patched.setattr(Project, "assemble", lambda self, file: pytest.fail("what is kept is not assembled again"))
        again = review(repository.project, "main", "topic", sandbox)
    assert written(again) == written(first)
    assert entries(cache) == kept
    for place in kept:
        place.write_bytes(place.read_bytes()[:-1])
    assert written(review(repository.project, "main", "topic", sandbox)) == written(first)


def test_an_agreement_is_read_as_it_was_kept(repository: Repository, sandbox: Sandbox, cache: Path) -> None:
    with Git(repository.project) as git:
        tree = GitTree(git, repository.git("rev-parse", "topic"))
        project = Project(repository.project, sandbox, over=tree)
        shelf = KeptAgreements(project, tree)
        for file in project.files():
            made, read = shelf.assemble(file), shelf.assemble(file)
            assert made.document
            assert (read.document, read.data, read.silences) == (made.document, made.data, made.silences)
            assert read.findings == made.findings
            assert [each.severity for each in read.findings] == [each.severity for each in made.findings]
            assert read.inputs
            assert made.inputs
            assert (read.inputs.kind, read.inputs.shape_id) == (made.inputs.kind, made.inputs.shape_id)
            for each in (read.inputs.deal, made.inputs.deal):
                assert (each.data, each.wordings) == (made.inputs.deal.data, made.inputs.deal.wordings)
                assert each.locate("/title") == made.inputs.deal.locate("/title") > (1, 1)


def test_another_library_or_other_deals_beside_it_are_asked_anew(
    repository: Repository, sandbox: Sandbox, cache: Path
) -> None:
    with Git(repository.project) as git:
        for commit in ("main", "topic~1", "topic"):
            tree = GitTree(git, repository.git("rev-parse", commit))
            project = Project(repository.project, sandbox, over=tree)
            KeptAgreements(project, tree).assemble(project.files(["innovation-lab"])[0])
            KeptAgreements(project.quiet(), tree).assemble(project.files(["innovation-lab"])[0])
    assert len(entries(cache)) == 6
