"""The words of many files at once: what one file does stops no other, and the next ones are chosen within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.history.git_diff import files_to_come, shown_files
from clausebook.history.git_diff.files_to_come import DiffedFile, ahead, shown_ahead
from clausebook.repository import user_cache
from clausebook.repository.git.process import Git
from clausebook.repository.hashed import HashedDisk, blob_hash
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

TOPIC = "a printed atlas of garden birds"
NAMES = ("a", "b", "c", "d")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with four agreements, of which all but `a` were reworded in the last commit."""
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    root = nda_repository(tmp_path)
    made = new_repository(root)
    content = (root / "agreements/sparrow-finch.yaml").read_text(encoding="utf-8")
    made.commit("First", {f"agreements/{name}.yaml": content.replace("sparrow-finch", name) for name in NAMES})
    made.commit(
        "Reworded",
        {
            f"agreements/{name}.yaml": content.replace("sparrow-finch", name).replace(TOPIC, "a map")
            for name in NAMES[1:]
        },
    )
    return made


def _blob(repository: Repository, name: str, commit: str) -> str:
    return repository.git("rev-parse", f"{commit}:agreements/{name}.yaml")


def _diffed(repository: Repository, name: str, old: str, new: str, remaining: int) -> DiffedFile:
    blobs = (_blob(repository, name, old), _blob(repository, name, new))
    return DiffedFile(f"{name}.yaml", blobs, "", b"", remaining)


def test_what_follows_is_what_differs_between_the_same_two_commits(repository: Repository) -> None:
    old, new = repository.commits
    with Git(repository.project) as git:
        disk = HashedDisk(repository.project)
        both = [_blob(repository, name, commit) for name in "cd" for commit in (old, new)]
        assert list(ahead(git, disk, _diffed(repository, "b", old, new, 2))) == both
        assert list(ahead(git, disk, _diffed(repository, "b", old, new, 1))) == both[:2]
        assert list(ahead(git, disk, _diffed(repository, "b", new, old, 2))) == [
            _blob(repository, name, commit) for name in "cd" for commit in (new, old)
        ]
        nowhere = DiffedFile("b.yaml", ("0" * 39 + "1", "0" * 39 + "2"), "", b"", 2)
        assert ahead(git, disk, nowhere) == {}


def test_files_of_the_work_tree_are_read_there(repository: Repository) -> None:
    for name in "abcd":
        place = repository.project / f"agreements/{name}.yaml"
        place.write_text(place.read_text("utf-8").replace("Wren Example", "Robin Example"), encoding="utf-8")
    work = (repository.project / "agreements/a.yaml").read_bytes()
    own = blob_hash(work, 40)
    change = DiffedFile("a.yaml", (_blob(repository, "a", "HEAD"), own), own, work, 3)
    with Git(repository.project) as git:
        following = ahead(git, HashedDisk(repository.project), change)
    assert list(following.values()) == ["", "b.yaml", "", "c.yaml", "", "d.yaml"]
    found = shown_ahead(repository.project, "", change)
    assert [each.why_not for each in found.values()] == [""] * 8
    assert {b"Robin" in each.words for each in found.values()} == {True, False}


def test_files_that_follow_are_bounded(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    change = _diffed(repository, "b", *repository.commits, 2)
    assert len(shown_ahead(repository.project, "", change)) == 6
    monkeypatch.setattr(files_to_come, "MOST_BYTES", 1)
    assert shown_ahead(repository.project, "", change).keys() == set(change.blobs)
    monkeypatch.undo()
    monkeypatch.setenv(user_cache.VARIABLE, str(repository.project / "mkdocs.yml"))
    assert shown_ahead(repository.project, "", change).keys() == set(change.blobs)


def test_a_file_that_fails_stops_no_other(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    made = shown_files.words_of

    def failing(document: shown_files.Document, data: dict[str, object]) -> bytes:
        if document.id == "c":
            raise ValueError("no words\x1b")
        return made(document, data)

    monkeypatch.setattr(shown_files, "words_of", failing)
    change = _diffed(repository, "b", *repository.commits, 2)
    found = shown_ahead(repository.project, "state", change)
    broken = {_blob(repository, "c", commit) for commit in repository.commits}
    assert {blob for blob, each in found.items() if each.why_not} == broken
    assert {found[blob].why_not for blob in broken} == {"Clausebook itself failed on it: ValueError: no words\ufffd"}
    monkeypatch.setattr(shown_files, "words_of", made)
    again = shown_ahead(repository.project, "state", change)
    assert again.keys() >= broken
    assert not any(each.why_not for each in again.values())
