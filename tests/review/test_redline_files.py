"""The redlines of a review as files: few, small, and with an index that names what is not there."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.review import redline_files as module
from clausebook.review.model import Review
from clausebook.review.redline_files import INDEX, LIBRARY, left_out, redline_files
from clausebook.review.reviewing import review
from tests.support.git_repositories import Repository
from tests.support.reviewed_repositories import DEAL, OTHER

pytestmark = pytest.mark.slow("real git repositories, DOCX and PDF")

CLAUSE = "templates/nda/clauses/limits.md"
FILES = ("-redline.docx", "-redline.pdf")


@pytest.fixture
def reviewed_now(repository: Repository, sandbox: Sandbox) -> Callable[[], Review]:
    return lambda: review(repository.root, "main", "HEAD", sandbox)


def edited(repository: Repository, *paths: str) -> None:
    for path in paths:
        repository.replace("Shorten", path, "P3Y", "P2Y")


def links(files: Mapping[str, bytes]) -> list[str]:
    return re.findall(r'href="([^"#]*)', files[INDEX].decode())


def test_an_agreement_that_its_own_data_change_has_a_redline_of_its_own(
    repository: Repository, reviewed_now: Callable[[], Review]
) -> None:
    edited(repository, DEAL)
    files = redline_files(reviewed_now(), repository.root)
    assert sorted(files) == [INDEX, *(f"sparrow-finch{ending}" for ending in FILES)]
    assert sorted(links(files)) == sorted(set(files) - {INDEX})
    assert files["sparrow-finch-redline.pdf"].startswith(b"%PDF")
    assert "DOCX is the whole text" in files[INDEX].decode()
    with zipfile.ZipFile(io.BytesIO(files["sparrow-finch-redline.docx"])) as package:
        text = package.read("word/document.xml").decode()
    assert "<w:ins " in text
    assert "garden birds" in text, "the whole text, so that it can be accepted in Word"


def test_of_many_agreements_the_files_are_excerpts(
    repository: Repository, reviewed_now: Callable[[], Review], monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(repository, DEAL, OTHER)
    found = reviewed_now()
    whole = redline_files(found, repository.root)
    monkeypatch.setattr(module, "MOST_WHOLE", 1)
    files = redline_files(found, repository.root)
    assert sorted(files) == sorted(whole)
    assert "DOCX and PDF are excerpts" in files[INDEX].decode()
    with zipfile.ZipFile(io.BytesIO(files["sparrow-finch-redline.docx"])) as package:
        text = package.read("word/document.xml").decode()
    assert "<w:ins " in text
    assert "garden birds" not in text


def test_an_edit_of_the_library_is_one_page_for_all_agreements(
    repository: Repository, reviewed_now: Callable[[], Review]
) -> None:
    clause = (repository.project / CLAUSE).read_text(encoding="utf-8")
    repository.commit("Edit", {CLAUSE: f"{clause}\nThis is new.\n"})
    edited(repository, OTHER)
    files = redline_files(reviewed_now(), repository.root)
    assert sorted(files) == sorted([INDEX, LIBRARY, *(f"heron-kite{ending}" for ending in FILES)])
    page, index = files[LIBRARY].decode(), files[INDEX].decode()
    assert "In 2 agreements: heron-kite, sparrow-finch." in page
    assert re.search("<ins[^>]*>.*This is new", page)
    assert 'href="library.html#edit-1"' in index
    assert 'id="edit-1"' in page
    assert "without a redline of its own: sparrow-finch." in index
    assert not any(re.search(b"<script|javascript:|https?://", files[name]) for name in (INDEX, LIBRARY))


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        ({"most": 1}, ["sparrow-finch"]),
        ({"most": 0}, ["heron-kite", "sparrow-finch"]),
        ({"most_bytes": 1}, ["heron-kite", "sparrow-finch"]),
        ({}, []),
    ],
)
def test_what_has_no_room_is_named(
    bounds: Mapping[str, int], told: list[str], repository: Repository, reviewed_now: Callable[[], Review]
) -> None:
    clause = (repository.project / CLAUSE).read_text(encoding="utf-8")
    repository.commit("Edit", {CLAUSE: f"{clause}\nThis is new.\n"})
    edited(repository, DEAL, OTHER)
    found = reviewed_now()
    files = redline_files(found, repository.root, **bounds)
    assert list(left_out(found, files)) == told
    index = files[INDEX].decode()
    for name in told:
        assert re.search(f"{name}:.*left out: there is room for.*clausebook redline {name} ", index)
    assert set(links(files)) <= set(files)
    if "most_bytes" in bounds:
        assert "Left out, for there is no more room" in files[LIBRARY].decode()
        assert "This is new" not in files[LIBRARY].decode()
        assert "Clause limits" in files[LIBRARY].decode()


def test_what_cannot_be_written_stops_nothing_else(repository: Repository, reviewed_now: Callable[[], Review]) -> None:
    edited(repository, DEAL)
    look = "templates/pdf/redline.typ"
    repository.commit("Break", {look: "#nothing-of-this-name(1)\n"})
    found = reviewed_now()
    files = redline_files(found, repository.root)
    assert "sparrow-finch-redline.docx" in files
    assert "sparrow-finch-redline.pdf" not in files
    assert left_out(found, files) == ("sparrow-finch",)
    assert "the PDF cannot be written:" in files[INDEX].decode()


def test_without_a_change_the_index_says_so(repository: Repository, reviewed_now: Callable[[], Review]) -> None:
    repository.commit("A note", {"NOTES.md": "Nothing that matters.\n"})
    files = redline_files(reviewed_now(), repository.root)
    assert list(files) == [INDEX]
    assert "The text of no agreement changes" in files[INDEX].decode()


def test_values_are_no_part_of_the_page(repository: Repository, reviewed_now: Callable[[], Review]) -> None:
    title = next(line for line in (repository.project / DEAL).read_text("utf-8").splitlines() if "title:" in line)
    repository.replace("Rename", DEAL, title, 'title: "<script>alert(1)</script> {{ 7 * 7 }}"')
    edited(repository, DEAL)
    index = redline_files(reviewed_now(), repository.root)[INDEX].decode()
    assert "<script" not in index
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }}" in index


def test_the_same_review_gives_the_same_bytes(repository: Repository, reviewed_now: Callable[[], Review]) -> None:
    edited(repository, DEAL)
    assert redline_files(reviewed_now(), repository.root) == redline_files(reviewed_now(), repository.root)
