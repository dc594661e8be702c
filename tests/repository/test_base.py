"""Which branch is the protected one, by which a change is judged as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from clausebook.findings.model import RepositoryError
from clausebook.repository.git.base import base_of, tree_at_base
from clausebook.repository.git.process import Git
from clausebook.repository.git.revision_names import find_commit, is_reference, unknown
from tests.support.git_repositories import Repository, new_repository

pytestmark = pytest.mark.slow("a real git repository")

VARIABLES = (
    "CLAUSEBOOK_BASE",
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "BITBUCKET_PR_DESTINATION_BRANCH",
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Three commits, the last checked out as `change`; no branch has the name of a protected one."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    made = new_repository(tmp_path)
    made.commit("Agree", {"trust.yaml": "format: 1\n"})
    made.commit("Agree again")
    made.git("branch", "-M", "change")
    made.commit("Want something", {"trust.yaml": None})
    return made


def with_branches(repository: Repository, branches: Mapping[str, int]) -> None:
    for name, number in branches.items():
        repository.git("update-ref", f"refs/{name}", repository.commits[number])


MAIN = {"heads/main": 0}
RELEASE = {"heads/release": 1, "remotes/origin/release": 1}


@pytest.mark.parametrize(
    ("branches", "named", "told", "setting", "base"),
    [
        (MAIN, "", {}, "", ("main", 0)),
        ({"heads/master": 0}, "", {}, "", ("master", 0)),
        ({"heads/main": 1, "heads/master": 0}, "", {}, "", ("main", 1)),
        # What the remote has stands before what somebody has here.
        ({"heads/main": 1, "remotes/origin/main": 0}, "", {}, "", ("origin/main", 0)),
        ({"remotes/origin/main": 1, "remotes/origin/HEAD": 0}, "", {}, "", ("origin/HEAD", 0)),
        (MAIN | RELEASE, "release", {"CLAUSEBOOK_BASE": "main"}, "main", ("release", 1)),
        (MAIN | RELEASE, "", {"CLAUSEBOOK_BASE": "release", "GITHUB_BASE_REF": "main"}, "main", ("release", 1)),
        *((MAIN | RELEASE, "", {name: "release"}, "main", ("origin/release", 1)) for name in VARIABLES[1:]),
        # GitHub sets its variable in every run, empty where there is no pull request.
        (MAIN | RELEASE, "", {"GITHUB_BASE_REF": ""}, "release", ("release", 1)),
        (MAIN | RELEASE, "", {}, "release", ("release", 1)),
    ],
)
def test_the_protected_branch(
    branches: Mapping[str, int],
    named: str,
    told: Mapping[str, str],
    setting: str,
    base: tuple[str, int],
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_branches(repository, branches)
    if setting:
        repository.git("config", "clausebook.base", setting)
    for name, branch in told.items():
        monkeypatch.setenv(name, branch)
    with Git(repository.root) as git:
        found = base_of(git, named)
    assert (found.branch, found.commit) == (base[0], repository.commits[base[1]])


@pytest.mark.parametrize(
    ("branches", "named", "said", "mend"),
    [
        ({}, "", "not known which branch is the protected one", "git config clausebook.base BRANCH"),
        # A branch that was named and is not there is not replaced by another.
        (MAIN, "release", "no revision `release`", "there are: change, main"),
    ],
)
def test_where_no_branch_is_the_protected_one_there_is_no_base(
    branches: Mapping[str, int], named: str, said: str, mend: str, repository: Repository
) -> None:
    with_branches(repository, branches)
    with pytest.raises(RepositoryError, match=said) as caught, Git(repository.root) as git:
        base_of(git, named)
    assert mend in caught.value.hint


def test_where_nothing_is_committed_there_is_no_base(tmp_path: Path) -> None:
    new_repository(tmp_path)
    with pytest.raises(RepositoryError, match="nothing is committed yet"), tree_at_base(tmp_path):
        pass


@pytest.mark.parametrize("beside", [False, True], ids=["of the branch's past", "that shares nothing with it"])
def test_a_change_is_judged_by_the_protected_branch_as_it_stands(beside: bool, repository: Repository) -> None:
    with_branches(repository, MAIN)
    repository.git("checkout", "--quiet", "main")
    standing = repository.commit("Agree on more", {"trust.yaml": "format: 2\n"})
    repository.git("checkout", "--quiet", *(("--orphan", "elsewhere") if beside else ("change",)))
    repository.commit("Want something else", {"trust.yaml": "format: 3\n"})
    with tree_at_base(repository.root) as (tree, found):
        assert found.commit == standing
        assert tree.read("trust.yaml") == b"format: 2\n"


@pytest.mark.parametrize(("more", "listed"), [(0, "{}"), (1, "{} …")])
def test_of_many_branches_some_are_named(more: int, listed: str, repository: Repository) -> None:
    with_branches(repository, {f"heads/{letter}-branch": 0 for letter in "bdefghi" + "j" * more})
    names = ["b-branch", "change", *(f"{letter}-branch" for letter in "defghi")]
    with Git(repository.root) as git:
        assert unknown(git, "7654321").hint == "there are: " + listed.format(", ".join(names))


def test_a_branch_below_a_folder_is_offered_by_its_last_name(repository: Repository) -> None:
    with_branches(repository, {"heads/counsel-of-the-other-side/wishes": 0})
    with Git(repository.root) as git:
        assert unknown(git, "wishes").hint == "did you mean `counsel-of-the-other-side/wishes`?"


def test_a_branch_and_a_tag_of_one_name_are_one_if_they_are_one_commit(repository: Repository) -> None:
    with_branches(repository, {"heads/agreed": 0, "tags/agreed": 0})
    with Git(repository.root) as git:
        assert find_commit(git, "agreed") == repository.commits[0]
        assert (is_reference(git, "agreed"), is_reference(git, repository.commits[0])) == (True, False)


@pytest.mark.parametrize("options", [(), ("--no-single-branch",)])
def test_a_shallow_clone_needs_the_protected_branch_and_no_more_of_its_past(
    options: tuple[str, ...], repository: Repository, tmp_path: Path
) -> None:
    with_branches(repository, MAIN)
    shallow = tmp_path / "shallow"
    repository.git("clone", "--quiet", "--depth", "1", *options, f"file://{repository.root}", str(shallow))
    if options:
        with tree_at_base(shallow, "origin/main") as (tree, found):
            assert found.commit == repository.commits[0]
            assert tree.read("trust.yaml") == b"format: 1\n"
    else:
        with pytest.raises(RepositoryError, match="no revision `origin/main`"), tree_at_base(shallow, "origin/main"):
            pass
