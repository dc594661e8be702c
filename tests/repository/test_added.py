"""What commits brought into folders, whatever the user's git is set to."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.repository.git.added import added
from clausebook.repository.git.process import Git
from tests.support.git_repositories import Repository, new_repository

pytestmark = pytest.mark.slow("a real repository with a merge")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository whose first commit brings in a file, a second one another, and a merge one of its own."""
    made = new_repository(tmp_path / "git")
    made.project.mkdir(parents=True, exist_ok=True)
    made.commit("First", {"kept/a.txt": "a", "other/x.txt": "x"})
    made.git("checkout", "--quiet", "-b", "side")
    made.commit("Second", {"kept/b c.txt": "b", "kept/a.txt": "aa"})
    made.git("checkout", "--quiet", "main")
    made.commit("Elsewhere", {"other/y.txt": "y"})
    made.git("merge", "--quiet", "--no-commit", "side")
    made.commit("Merge", {"kept/m.txt": "m"})
    return made


@pytest.mark.parametrize(("merges", "names"), [(False, ["b c", "a"]), (True, ["m", "b c", "a"])])
def test_each_file_is_told_with_the_commit_that_brought_it(
    repository: Repository, merges: bool, names: list[str]
) -> None:
    for setting in ("log.showRoot", "log.diffMerges", "diff.renames"):
        repository.git("config", setting, "false" if setting != "log.diffMerges" else "off")
    with Git(repository.project) as git:
        told = list(added(git, repository.git("rev-parse", "HEAD"), ["kept"], merges=merges))
    subjects = {path: repository.git("log", "-1", "--format=%s", commit) for path, _, commit in told}
    first = {"kept/a.txt": "First", "kept/b c.txt": "Second", "kept/m.txt": "Merge"}
    assert subjects == {f"kept/{name}.txt": first[f"kept/{name}.txt"] for name in names}
    blobs = {path: (repository.git("rev-parse", f"{commit}:{path}"), oid) for path, oid, commit in told}
    assert all(one == other for one, other in blobs.values())
