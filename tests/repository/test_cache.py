"""The user's cache: private, sealed, bounded, and done without where there can be none."""

from __future__ import annotations

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
from clausebook.repository.store import DAMAGED, FOREIGN, FORMAT, noticed
from tests.support.git_repositories import new_repository
from tests.support.repositories import nda_repository
from tests.support.sample_documents import sample


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "cache"))
    noticed.clear()
    return tmp_path / "cache"


def entries(folder: Path, kind: str = "*") -> list[Path]:
    """Return the files of the entries of one kind."""
    return sorted(folder.glob(f"{FORMAT}/[0-9a-f][0-9a-f]/{kind}.*"))


def test_a_cache_that_cannot_be_made_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(user_cache.VARIABLE, str(tmp_path / "file"))
    assert not user_cache.can_keep()
    for _ in range(2):
        assert cached(tmp_path, "md", sample(), lambda document, root: b"made") == b"made"
    (told,) = user_cache.told()
    assert told.startswith(f"the cache in `{tmp_path / 'file'}` cannot be written (Not a directory): what is made is")
    assert user_cache.told() == []


def test_what_cannot_be_used_is_told_once(folder: Path) -> None:
    for number in range(3):
        user_cache.keep("things", (f"{number}",), b"content")
    one, other, third = entries(folder)
    one.write_bytes(b"damaged")
    other.write_bytes(b"damaged")
    third.unlink()
    third.mkdir()
    assert [user_cache.find("things", (f"{number}",)) for number in range(3)] == [None] * 3
    assert user_cache.told() == [
        f"the cache in `{folder}` holds damaged entries (2 met): they are not used, and made anew",
        f"the cache in `{folder}` holds what is no file of yours alone (1 met): it is not used; "
        "see clausebook cache info",
    ]
    assert user_cache.told() == []


def test_what_is_told_of_parts_does_not_call_them_a_cache(folder: Path) -> None:
    noticed.update({("part-1", DAMAGED): 2, ("part-1", FOREIGN): 1, ("part-2", "No space left on device"): 1})
    assert user_cache.told() == [
        "`part-1` holds damaged parts (2 met): they are not used, and made anew",
        "`part-1` holds what is no file of yours alone (1 met): it is not used; if all of it is from your own jobs, "
        "chmod -R go-w on the folder mends that",
        "nothing more can be kept in `part-2` (No space left on device)",
    ]


@pytest.mark.parametrize(("said", "off"), [("1", True), ("yes", True), ("", False), ("0", False)])
def test_a_user_does_without(folder: Path, monkeypatch: pytest.MonkeyPatch, said: str, off: bool) -> None:
    user_cache.keep("things", ("kept",), b"content")
    monkeypatch.setenv(user_cache.OFF, said)
    assert (user_cache.find("things", ("kept",)) is None) is off
    assert user_cache.can_keep() is not off
    assert (user_cache.compiled() is None) is off
    user_cache.keep("things", ("new",), b"content")
    assert user_cache.kept_or_made("things", ("made",), lambda: b"made") == b"made"
    assert len(entries(folder)) == (1 if off else 3)


@pytest.mark.parametrize(
    ("said", "size"),
    [("0", 0), ("700", 700), ("5K", 5 << 10), ("500M", 500 << 20), ("2g", 2 << 30), (" 1T ", 1 << 40)]
    + [(wrong, None) for wrong in ("", "G", "-1", "1.5G", "1 G", "2GB", "9999999", "\u0663")],
)
def test_sizes_are_written_as_people_write_them(said: str, size: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert user_cache.bytes_of(said) == size
    monkeypatch.setenv(user_cache.SIZE, said)
    assert user_cache.stores()[0].most == (4 << 30 if size is None else size)


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
        (entry,) = entries(folder.with_name("cache-compiled"), "templates")
        entry.write_bytes(b"\0" * 100)
    assert not folder.exists(), "code is kept elsewhere: what is here may be carried to another machine"


def test_another_engine_makes_everything_anew(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = new_repository(tmp_path / "work")
    root = nda_repository(tmp_path / "work")
    repository.commit("First")
    file = root / "agreements" / "sparrow-finch.yaml"

    def kept() -> list[Path]:
        cached(root, "md", sample(), lambda document, root: b"made")
        assert shown_files.shown(root, "", {"0" * 40: file.read_bytes()})["0" * 40].words
        assert history(root, "sparrow-finch").revisions
        return [path for kind in ("rendered", "git-words", "revisions") for path in entries(folder, kind)]

    first = kept()
    assert len({path.stem for path in first}) == 3
    assert kept() == first
    for module in (past_texts, shown_files, proven_file):
        monkeypatch.setattr(module, "engine", lambda: "another")
    assert len(kept()) == 2 * len(first)
