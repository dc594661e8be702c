"""What is listed is told again of what did not change, and never of what did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.project.listed import listed
from clausebook.project.project import Project
from clausebook.repository import stamps, user_cache
from tests.support.repositories import nda_repository

JOURNAL = "agreements/journal/sparrow-finch.yaml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository whose files, though just written, can be known again by their stamps."""
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(stamps, "RECENT", -(10**12))
    return nda_repository(tmp_path)


def rows(root: Path, as_of: str = "", *, anew: bool = True) -> list[dict[str, Any]]:
    """Return what is listed; unless it is made `anew`, it must be known already."""

    def opened() -> Project:
        assert anew, "the project was opened"
        return Project(root, Sandbox(wait=True))

    agreements, papers, _ = listed(root, as_of, opened)
    return json.loads(json.dumps([each["row"] for each in (*agreements, *papers)]))  # type: ignore[no-any-return]


def edit(path: Path, old: str, new: str) -> None:
    """Replace words in a file."""
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def test_what_did_not_change_is_not_read_again(root: Path) -> None:
    first = rows(root)
    assert first[0]["id"]
    assert rows(root, anew=False) == first


@pytest.mark.parametrize("path", ["agreements/sparrow-finch.yaml", "schemas/nda/agreement.schema.json", JOURNAL])
def test_what_changed_is_told_anew(root: Path, path: str) -> None:
    rows(root)
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes((place.read_bytes() if place.is_file() else b"format: 1\n") + b"\n")
    with pytest.raises(AssertionError, match="opened"):
        rows(root, anew=False)
    rows(root)
    rows(root, anew=False)


def test_a_title_and_an_owner_are_those_of_now(root: Path) -> None:
    before = next(row for row in rows(root) if row["id"] == "sparrow-finch")
    edit(root / "agreements/sparrow-finch.yaml", f"title: {before['title']}", "title: Another Title")
    (root / JOURNAL).parent.mkdir(exist_ok=True)
    (root / JOURNAL).write_text("format: 1\nowner: {name: Ann Heron, left: '2030-01-01'}\n", encoding="utf-8")
    for anew in (True, False):
        now = next(row for row in rows(root, "2029-12-31", anew=anew) if row["id"] == "sparrow-finch")
        assert (now["title"], now["owner"]) == ("Another Title", "Ann Heron")
    after = next(row for row in rows(root, "2030-01-01", anew=False) if row["id"] == "sparrow-finch")
    assert after["owner"] == ""


def test_a_file_that_changed_just_now_is_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "RECENT", 10**15)
    rows(root)
    with pytest.raises(AssertionError, match="opened"):
        rows(root, anew=False)
