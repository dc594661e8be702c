"""The site's pages of the past: an agreement's history and its redlines, from a real git repository."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from clausebook import chronicle
from clausebook.build import publish_site, site_content
from clausebook.chronicle import with_history
from clausebook.errors import RepositoryError, has_errors
from clausebook.language.sandbox import Sandbox
from clausebook.site.content import SiteContent
from tests.git_repositories import Repository, new_repository, run
from tests.html_reader import Element, read_html
from tests.repositories import nda_repository

ID = "sparrow-finch"
FILE = f"agreements/{ID}.yaml"
HOSTILE = '</title></td><script>alert("1")</script> {{ 7*7 }} *b* onload="x"'
EVIL_NAME = 'Eve & "Co" onerror=alert(1) {{ 7*7 }} &lt;i&gt; Example'


def told(root: Path) -> SiteContent:
    with Sandbox() as sandbox:
        return with_history(site_content(root), root, sandbox)


def years(repository: Repository, old: int, new: int, subject: str, author: str = "") -> str:
    return repository.replace(subject, FILE, f"kept_for: P{old}Y", f"kept_for: P{new}Y", author)


def new_past(folder: Path) -> Repository:
    root = nda_repository(folder)
    for other in (root / "agreements").glob("*.yaml"):
        if other.stem != ID:
            other.unlink()
    repository = new_repository(root)
    repository.commit("Agree on the first text")
    return repository


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a repository of one agreement with four texts, of which one cannot be assembled."""
    repository = new_past(tmp_path_factory.mktemp("past"))
    text = (repository.project / FILE).read_text("utf-8")
    years(repository, 3, 4, HOSTILE, EVIL_NAME)
    repository.replace("Lose the title", FILE, "title:", "titel:")
    repository.commit("Find it again", {FILE: text.replace("P3Y", "P5Y")})
    repository.git("tag", "v<b>1</b>")
    return repository


@pytest.fixture(scope="module")
def content(past: Repository) -> SiteContent:
    return told(past.project)


@pytest.fixture(scope="module")
def site(past: Repository, content: SiteContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "site"
    publish_site(past.project, content, out)
    return out


@pytest.fixture(scope="module")
def built(site: Path) -> dict[str, Element]:
    """Return every built page by its path."""
    paths = sorted(site.rglob("*.html"))
    return {path.relative_to(site).as_posix(): read_html(path.read_text("utf-8"), strict=False) for path in paths}


def short(repository: Repository, index: int) -> str:
    return repository.commits[index][:8]


def redlines(repository: Repository) -> list[str]:
    """Return the paths of the redlines there ought to be: two pairs, and the first text against the newest."""
    first, second, _, last = (short(repository, index) for index in range(4))
    pairs = (f"{second}-{last}", f"{first}-{second}", f"{first}-{last}")
    return [f"agreements/{ID}/redlines/{pair}/{view}index.html" for pair in pairs for view in ("", "side-by-side/")]


def test_every_page_of_the_past_is_there(past: Repository, built: dict[str, Element]) -> None:
    found = {path for path in built if "/redlines/" in path or "/history/" in path}
    assert found == {*redlines(past), f"agreements/{ID}/history/index.html"}


def test_the_history_tells_what_each_revision_is(past: Repository, built: dict[str, Element]) -> None:
    page = built[f"agreements/{ID}/history/index.html"]
    (table,) = page.all("table", data_cb_look="history")
    rows = [[cell.text().strip() for cell in row.all("td")] for row in table.all("tr") if row.all("td")]
    assert [row[0].split()[0] for row in rows] == [short(past, index) for index in (3, 2, 1, 0)]
    assert [row[2] for row in rows] == ["2026-01-04", "2026-01-03", "2026-01-02", "2026-01-01"]
    assert rows[2][3] == EVIL_NAME
    assert rows[2][4] == HOSTILE
    assert [row[5] for row in rows] == ["1 clause", "–", "1 clause", "First text"]
    assert "Cannot be assembled" in rows[1][4]
    assert "v<b>1</b>" in rows[0][0]
    assert [row[6] for row in rows] == ["Inline · Side by side", "–", "Inline · Side by side", "–"]
    assert "example.com" not in table.text()


def test_the_agreements_page_leads_to_its_history(built: dict[str, Element]) -> None:
    links = {a.attributes.get("href"): a.text() for a in built[f"agreements/{ID}/index.html"].all("a")}
    assert links[f"../../agreements/{ID}/history/"] == "4 revisions"


def test_a_redline_says_what_changed_and_why(past: Repository, built: dict[str, Element]) -> None:
    for path in redlines(past):
        page = built[path]
        (summary,) = page.all("nav", class_="redline-summary")
        assert "Why: deal data" in summary.text()
        assert "/secrets/kept_for" in summary.text()
        steps = [a.attributes["href"].removeprefix("#") for a in summary.all("a")]
        assert steps
        assert set(steps) <= set(page.ids())
        assert page.all("details", class_="fold")
        assert page.all("ins")
        assert page.all("del")
        assert "Nothing else in the text differs." in page.by_id("redline_end").text()
        assert [e.text() for e in page.all("span", aria_current="page")] == [
            "Side by side" if "side-by-side" in path else "Inline"
        ]


def test_both_views_have_the_same_anchors(past: Repository, built: dict[str, Element]) -> None:
    inline, beside = ([*built[path].by_id("agreement-text").ids()] for path in redlines(past)[:2])
    assert inline == beside


def test_links_and_anchors_all_lead_somewhere(site: Path, built: dict[str, Element]) -> None:
    broken, seen = [], 0
    for path, page in built.items():
        if path == "404.html":
            continue
        for element in page.all():
            for name in ("href", "src"):
                link = element.attributes.get(name, "")
                target = urlsplit(urljoin(f"https://site.example/{path}", link))
                if not link or target.netloc != "site.example":
                    continue
                seen += 1
                file = target.path.removeprefix("/")
                file += "index.html" if file.endswith("/") or not file else ""
                if not (site / file).is_file():
                    broken.append(f"{path}: {link}")
                elif target.fragment and target.fragment not in built[file].ids():
                    broken.append(f"{path}: {link} (no such anchor)")
    assert broken == []
    assert seen > 200


def test_pages_of_the_past_are_in_neither_the_navigation_nor_the_search(site: Path, built: dict[str, Element]) -> None:
    index = json.loads((site / "search/search_index.json").read_text("utf-8"))["docs"]
    assert index
    assert not [doc["location"] for doc in index if "/redlines/" in doc["location"] or "/history/" in doc["location"]]
    for nav in built["index.html"].all("nav"):
        assert not [a for a in nav.all("a") if "/redlines/" in a.attributes["href"]]


def test_nothing_hostile_comes_alive(past: Repository, site: Path, built: dict[str, Element]) -> None:
    for path in (*redlines(past), f"agreements/{ID}/history/index.html"):
        page = built[path]
        ids = page.ids()
        assert len(ids) == len(set(ids)), path
        first = next(child for child in page.all("head")[0].children if isinstance(child, Element))
        assert first.attributes["http-equiv"] == "Content-Security-Policy"
        assert "unsafe" not in first.attributes["content"]
        assert len(page.all("h1")) == 1
        for element in page.all():
            assert "style" not in element.attributes, f"{path}: {element.tag}"
            assert not [name for name in element.attributes if name.startswith("on")], f"{path}: {element.tag}"
        assert "<script>alert" not in (site / path).read_text("utf-8")
        assert not [image for image in page.all("img") if image.attributes.get("src") == "x"]


def test_only_the_newest_pairs_have_redlines(past: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chronicle, "MOST_PAIRS", 1)
    found = told(past.project).histories[ID]
    assert [(redline.old, redline.new) for redline in found.redlines] == [(short(past, 1), short(past, 3))]
    assert found.whole is not None
    assert (found.whole.old, found.whole.new) == (short(past, 0), short(past, 3))


def test_a_clone_and_a_warm_cache_give_the_same(past: Repository, content: SiteContent, tmp_path: Path) -> None:
    run(tmp_path, "clone", "--quiet", str(past.root), "clone")
    assert told(past.project).histories == content.histories
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "cache"))
        assert told(tmp_path / "clone").histories == content.histories


def test_reading_the_past_leaves_the_repository_as_it_was(past: Repository) -> None:
    before = past.state()
    told(past.project)
    assert past.state() == before


def test_what_is_not_committed_is_the_newest_revision(tmp_path: Path) -> None:
    repository = new_past(tmp_path)
    place = repository.project / FILE
    place.write_text(place.read_text("utf-8").replace("P3Y", "P4Y"), "utf-8")
    content = told(repository.project)
    found = content.histories[ID]
    assert [revision.slug for revision in found.revisions] == ["work-tree", short(repository, 0)]
    assert [(redline.old, redline.new) for redline in found.redlines] == [(short(repository, 0), "work-tree")]
    assert found.whole is None
    publish_site(repository.project, content, tmp_path / "site")
    page = (tmp_path / f"site/agreements/{ID}/history/index.html").read_text("utf-8")
    assert "Work tree" in page
    assert (tmp_path / f"site/agreements/{ID}/redlines/{found.redlines[0].old}-work-tree/index.html").is_file()


def without_git(repository: Repository, folder: Path) -> Path:
    shutil.rmtree(repository.root / ".git")
    return repository.project


def shallow(repository: Repository, folder: Path) -> Path:
    run(folder, "clone", "--quiet", "--depth=1", f"file://{repository.root}", "shallow")
    return folder / "shallow"


@pytest.mark.parametrize(
    ("made", "rule", "said"),
    [(without_git, "history-none", "git"), (shallow, "history-cut", "shallow clone")],
)
def test_a_repository_without_its_past_has_one_note(
    made: Callable[[Repository, Path], Path], rule: str, said: str, tmp_path: Path
) -> None:
    repository = new_past(tmp_path)
    years(repository, 3, 4, "Take a fourth year")
    root = made(repository, tmp_path)
    content = told(root)
    assert [note.rule for note in content.findings] == [rule]
    assert not has_errors(content.all_findings())
    assert content.histories[ID].redlines == ()
    publish_site(root, content, tmp_path / "site")
    page = read_html((tmp_path / f"site/agreements/{ID}/history/index.html").read_text("utf-8"), strict=False)
    (note,) = page.all("li", class_="cb-finding cb-note")
    assert said in note.text()
    assert not (tmp_path / f"site/agreements/{ID}/redlines").exists()


@pytest.mark.parametrize("error", [RepositoryError("the object is gone"), KeyError("surprise")])
def test_a_redline_that_cannot_be_made_is_a_note(
    error: Exception, past: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*sides: object) -> None:
        raise error

    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path))
    monkeypatch.setattr(chronicle, "comparison", fail)
    found = told(past.project).histories[ID]
    assert found.redlines == ()
    assert found.whole is None
    assert {note.rule for note in found.notes} == {"redline-failed"}
    assert all(re.search(r"gone|surprise", note.message) for note in found.notes)


def test_a_history_that_cannot_be_read_is_a_note(past: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise RepositoryError("git has gone away")

    monkeypatch.setattr(chronicle, "history", fail)
    content = told(past.project)
    found = content.histories[ID]
    assert found.revisions == ()
    assert [note.message for note in found.notes] == ["git has gone away"]
    assert not content.has_errors()
