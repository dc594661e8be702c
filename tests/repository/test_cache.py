"""The user's cache: private, sealed, bounded, and done without where there can be none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clausebook.history import past_texts
from clausebook.history.git_diff import shown_files
from clausebook.history.revisions import history
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Subject, TemplateJob
from clausebook.render import proven_file
from clausebook.render.proven_file import cached
from clausebook.repository import user_cache
from tests.support.git_repositories import new_repository
from tests.support.repositories import nda_repository
from tests.support.sample_documents import sample


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_was_kept_is_found_again_and_damage_is_noticed() -> None:
    folder = user_cache.cache_folder("things")
    assert folder is not None
    place = folder / "thing"
    assert user_cache.read(place) is None
    user_cache.write(place, b"content")
    assert user_cache.read(place) == b"content"
    place.write_bytes(place.read_bytes()[:-1] + b"x")
    assert user_cache.read(place) is None


def test_a_cache_that_cannot_be_made_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "file"))
    assert user_cache.cache_folder("things") is None
    assert cached(tmp_path, "md", sample(), lambda document, root: b"made") == b"made"
    user_cache.write(tmp_path / "file" / "thing", b"content")


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="only POSIX tells who may write to a folder")
def test_a_folder_that_others_may_write_to_is_no_cache(folder: Path) -> None:
    (folder / "things").mkdir(parents=True)
    (folder / "things").chmod(0o777)
    assert user_cache.cache_folder("things") is None
    (folder / "things").chmod(0o700)
    assert user_cache.cache_folder("things") is not None


def test_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_cache, "MOST", 10)
    folder = user_cache.cache_folder("things")
    assert folder is not None
    for number in range(11):
        user_cache.write(folder / f"{number}", b"")
    assert user_cache.read(folder / "10") == b""
    assert len(list(folder.iterdir())) < 10


def test_the_same_document_is_rendered_once(tmp_path: Path) -> None:
    made = []

    def render(document: object, root: Path) -> bytes:
        made.append(document)
        return b"made"

    assert cached(tmp_path, "md", sample(), render) == b"made"
    assert cached(tmp_path, "md", sample(), render) == b"made"
    assert len(made) == 1
    cached(tmp_path, "md", sample("Another"), render)
    assert len(made) == 2


def test_templates_are_compiled_once_and_a_damaged_entry_again(folder: Path) -> None:
    subject = Subject({"a": "x"}, "en-US", {"p": {"a": {}}}, "shape")
    for _ in range(2):
        with Sandbox() as sandbox:
            sheet = sandbox.render(subject, [TemplateJob("c", "{{ a }}")], [], []).sheets["c"]
            assert [piece.text for piece in sheet.pieces] == ["x"]
        (entry,) = (folder / "templates").iterdir()
        entry.write_bytes(b"\0" * 100)


def test_another_engine_makes_everything_anew(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = new_repository(tmp_path / "work")
    root = nda_repository(tmp_path / "work")
    repository.commit("First")
    file = root / "agreements" / "sparrow-finch.yaml"

    def kept() -> list[Path]:
        cached(root, "md", sample(), lambda document, root: b"made")
        assert shown_files.shown(root, "", {"0" * 40: file.read_bytes()})["0" * 40].words
        assert history(root, "sparrow-finch").revisions
        return sorted(path for kind in ("rendered", "git-words", "revisions") for path in (folder / kind).iterdir())

    first = kept()
    assert len({path.parent for path in first}) == 3
    assert kept() == first
    for module in (past_texts, shown_files, proven_file):
        monkeypatch.setattr(module, "engine", lambda: "another")
    assert len(kept()) == 2 * len(first)
