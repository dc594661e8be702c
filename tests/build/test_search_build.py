"""The search of a site whose pages are made one by one: the files of a whole build, and none made twice."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from clausebook.build import search_build
from clausebook.build.made import head_from, parcel
from clausebook.build.made_store import MadeStore, opened_store
from clausebook.build.search_build import OWN_ENTRY, SearchBuild
from clausebook.site.feeding import feed_of
from clausebook.site.mkdocs_build import build_site
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.page_tree import page_tree
from tests.support.file_trees import files_in
from tests.support.repositories import ROOT
from tests.support.site_content import content


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    shutil.copytree(ROOT / "templates/site", root / "templates/site")
    shutil.copytree(ROOT / "schemas", root / "schemas")
    config = (ROOT / "mkdocs.yml").read_text("utf-8") + "not_in_nav: notes.md\n"
    (root / "mkdocs.yml").write_text(config, "utf-8")
    (root / "templates/site/docs/notes.md").write_text("# Notes\n\nAsk the legal desk.\n", "utf-8")
    return root


def searched(root: Path, pages: tuple[SitePage, ...], store: MadeStore, own: str) -> Mapping[str, bytes]:
    heads = []
    for page in pages:
        made = parcel([page])
        store.keep_parcel(page.path, made)
        heads.append((page.path, head_from(made.head)))
    build = SearchBuild(root, store, heads, trusted=False)
    files = {path: (mark, give()) for path, (mark, give) in build.files(own).items()}
    assert all(hashlib.sha256(each).hexdigest() == mark for mark, each in files.values())
    return {path: each for path, (_, each) in files.items()}


def test_page_by_page_the_search_is_that_of_a_whole_build(root: Path, tmp_path: Path) -> None:
    pages, out = page_tree(content(2)), tmp_path / "out"
    build_site(root, out, feed_of(pages))
    whole = {path: content for path, content in files_in(out).items() if path.startswith("search/")}
    own = hashlib.sha256(whole[OWN_ENTRY]).hexdigest()
    with opened_store() as store:
        found = searched(root, pages, store, own)
    frame = {path for path in whole if path.startswith("search/own/")} | {"search/index.html"}
    assert found == {path: each for path, each in whole.items() if path not in frame}
    assert len(frame) > 3


def test_what_did_not_change_is_not_indexed_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    indexed: list[str] = []
    made = SearchBuild._indexed

    def noted(build: SearchBuild, name: str, pages: object) -> Mapping[str, bytes]:
        indexed.append(name)
        return made(build, name, pages)  # type: ignore[arg-type]

    monkeypatch.setattr(search_build.SearchBuild, "_indexed", noted)
    pages = page_tree(content(2))
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(root.parent / "cache"))
    with opened_store() as store:
        searched(root, pages, store, "")
        assert len(indexed) == 2
        searched(root, pages, store, "")
        assert len(indexed) == 2
        record = SearchRecord("new", "9. New", ("Something else.",), part=True)
        other = tuple(replace(page, search=(*page.search, record)) if page.facets else page for page in pages)
        searched(root, other, store, "")
        assert indexed[2:] == [name for name in indexed[:2] if name != "site"]
