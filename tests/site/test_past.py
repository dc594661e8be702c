"""The site's pages of the past: an agreement's history and its redlines, from a real git repository."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.document.model import Definition, Paragraph
from clausebook.document.words import text_of
from clausebook.findings.model import RepositoryError, has_errors
from clausebook.history.comparison import Comparison, Text, comparison
from clausebook.language.sandbox import Sandbox
from clausebook.site import past as chronicle
from clausebook.site.page_tree import page_tree
from clausebook.site.site_content import SiteContent
from tests.support.git_repositories import Repository, new_repository, run
from tests.support.html_reader import Element, read_html
from tests.support.repositories import nda_repository
from tests.support.whole_sites import with_history, write_site

pytestmark = pytest.mark.slow("pages of the past, from repositories with one")

ID = "sparrow-finch"
FILE = f"agreements/{ID}.yaml"
HOSTILE = '</title></td><script>alert("1")</script> {{ 7*7 }} *b* onload="x"'
EVIL_NAME = 'Eve & "Co" onerror=alert(1) {{ 7*7 }} &lt;i&gt; Example'


def told(root: Path) -> SiteContent:
    return with_history(root)


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
    write_site(past.project, out, content)
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


def unfolded(site: Path, path: str) -> Element:
    """Return a redline's page as it is when every fold is open."""
    html = (site / path).read_text("utf-8")
    (place,) = re.findall(r'<div class="cb-redline" data-cb-from="([^"]+)">', html)
    words = json.loads((site / path).parent.joinpath(place).resolve().read_text("utf-8"))
    kept = re.compile(r'<div class="redline-kept" data-cb-texts="([^"]+)">.*?</ul>\n</div>\n', re.DOTALL)
    opened, count = kept.subn(lambda fold: "".join(words[name] for name in fold[1].split()), html)
    assert count
    return read_html(opened, strict=False)


def test_unfolding_gives_the_whole_text(past: Repository, content: SiteContent, site: Path) -> None:
    new = content.agreements[0].document
    for path in redlines(past)[:2]:
        page = unfolded(site, path)
        article = page.by_id("agreement-text")
        shut = read_html((site / path).read_text("utf-8"), strict=False).by_id("agreement-text")
        assert sorted(shut.ids()) == sorted(article.ids())
        said = " ".join(article.text().split())
        assert [clause.title for clause in new.clauses() if clause.title not in said] == []
        for definition in new.schedules[0].definitions:
            assert " ".join(text_of_blocks(definition).split()) in said


def text_of_blocks(definition: Definition) -> str:
    return " ".join(text_of(block.runs) for block in definition.blocks if isinstance(block, Paragraph))


def test_words_of_unchanged_clauses_stand_once_for_all_redlines(past: Repository, site: Path) -> None:
    words = json.loads((site / f"agreements/{ID}/history/unchanged.json").read_text("utf-8"))
    named = [re.findall(r'data-cb-texts="([^"]+)"', (site / path).read_text("utf-8")) for path in redlines(past)]
    used = [name for page in named for fold in page for name in fold.split()]
    assert set(used) == set(words)
    assert len(used) > 2 * len(words)
    for path in redlines(past):
        page = (site / path).read_text("utf-8")
        assert not [text for text in words.values() if len(text) > 200 and text in page]


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


def test_the_latest_redline_is_to_be_taken_away_as_the_command_writes_it(
    past: Repository, site: Path, tmp_path: Path
) -> None:
    latest, older = redlines(past)[0], redlines(past)[2]
    folder = (site / latest).parent
    names = [f"{ID}-redline-2026-01-04.{each}" for each in ("docx", "pdf")]
    assert sorted(each.name for each in folder.iterdir() if each.is_file()) == ["index.html", *names]
    for name in names:
        written = tmp_path / name
        sides = (short(past, 1), short(past, 3))
        done = CliRunner().invoke(cli, ["redline", ID, *sides, "--out", str(written), "--root", str(past.project)])
        assert done.exit_code == 0, done.output
        assert (folder / name).read_bytes() == written.read_bytes()
    for view in ("", "side-by-side/"):
        page = (folder / view / "index.html").read_text("utf-8")
        links = re.findall(r'<a class="cb-button" href="([^"]+)" download>', page)
        assert [(folder / view / link).resolve() for link in links] == [folder / name for name in names]
    said = (site / older).read_text("utf-8")
    assert "cb-button" not in said
    assert f"clausebook redline {ID} {short(past, 0)} {short(past, 1)} --format docx" in said


def test_what_was_sent_last_has_a_redline_to_today_and_no_address_leaves_the_house(tmp_path: Path) -> None:
    repository = new_past(tmp_path / "past")
    done = CliRunner().invoke(cli, ["send", ID, "--date", "2026-01-01", "--root", str(repository.project)])
    assert done.exit_code == 0, done.output
    years(repository, 3, 4, "Ask for four", "eve@secret.example")
    years(repository, 4, 5, "Ask for five", "eve@secret.example")
    past = told(repository.project).histories[ID]
    assert past.since
    assert (past.since.old, past.since.new) == (short(repository, 0), short(repository, 2))
    assert [name.rpartition(".")[2] for name in past.since.files] == ["docx", "pdf"]
    with zipfile.ZipFile(io.BytesIO(past.since.files[f"{ID}-redline-2026-01-03.docx"])) as archive:
        assert not [each for each in archive.namelist() if b"secret.example" in archive.read(each)]
    assert not any(each.files for each in past.redlines)
    file = repository.project / FILE
    file.write_text(file.read_text("utf-8").replace("P5Y", "P6Y"), "utf-8")
    now = told(repository.project).histories[ID]
    assert [bool(each.files) for each in now.redlines] == [False, True, False], (
        "a text is taken away once it is committed"
    )


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


def test_pages_of_the_past_are_in_neither_the_navigation_nor_the_search(
    content: SiteContent, built: dict[str, Element]
) -> None:
    found = [page.path for page in page_tree(content) if page.search]
    assert found
    assert not [path for path in found if "/redlines/" in path or "/history/" in path]
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


def test_what_is_left_out_is_said(past: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(chronicle, "MOST_PAIRS", 1)
    content = told(past.project)
    write_site(past.project, tmp_path / "site", content)
    page = (tmp_path / f"site/agreements/{ID}/history/index.html").read_text("utf-8")
    assert "for the newest 1 change, and not for 1 older" in page


def test_a_text_that_comes_back_has_no_redline(tmp_path: Path) -> None:
    repository = new_past(tmp_path)
    text = (repository.project / FILE).read_text("utf-8")
    repository.replace("Lose the title", FILE, "title:", "titel:")
    repository.commit("Find it again", {FILE: text})
    content = told(repository.project)
    found = content.histories[ID]
    assert [revision.slug in found.same for revision in found.revisions] == [True, False, False]
    assert found.redlines == ()
    assert found.whole is None
    write_site(repository.project, tmp_path / "site", content)
    page = read_html((tmp_path / f"site/agreements/{ID}/history/index.html").read_text("utf-8"), strict=False)
    (table,) = page.all("table", data_cb_look="history")
    assert [row.all("td")[5].text().strip() for row in table.all("tr")[1:]] == ["Same text", "–", "First text"]


def test_a_new_commit_makes_only_the_redlines_that_are_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "cache"))
    repository = new_past(tmp_path)
    years(repository, 3, 4, "Take a fourth year")
    years(repository, 4, 5, "Take a fifth year")
    made, comparing = [], comparison

    def counted(old: Text, new: Text, sandbox: Sandbox) -> Comparison:
        made.append((old.commit, new.commit))
        return comparing(old, new, sandbox)

    monkeypatch.setattr(chronicle, "comparison", counted)
    first, second, third = repository.commits
    told(repository.project)
    assert made == [(second, third), (first, second), (first, third)]
    made.clear()
    told(repository.project)
    assert made == []
    years(repository, 5, 6, "Take a sixth year")
    told(repository.project)
    fourth = repository.commits[-1]
    assert made == [(third, fourth), (first, fourth)]


def broken(repository: Repository, folder: Path) -> Path:
    """Lose the first text from the repository's objects."""
    oid = repository.git("rev-parse", f"HEAD~1:{FILE}").strip()
    place = repository.root / ".git/objects" / oid[:2] / oid[2:]
    place.unlink()
    return repository.project


def treeless(repository: Repository, folder: Path) -> Path:
    """Clone without the trees of the past, from where they cannot be fetched later."""
    repository.git("config", "uploadpack.allowFilter", "true")
    run(folder, "clone", "--quiet", "--filter=tree:0", f"file://{repository.root}", "treeless")
    shutil.rmtree(repository.root)
    return folder / "treeless"


@pytest.mark.parametrize("made", [broken, treeless])
def test_a_clone_that_lacks_objects_stops_no_build(
    made: Callable[[Repository, Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "cache"))
    root = nda_repository(tmp_path)
    own = (root / FILE).read_text("utf-8")
    (root / "agreements/crow-jay.yaml").write_text(own.replace(f"id: {ID}", "id: crow-jay"), "utf-8")
    repository = new_repository(root)
    repository.commit("Agree on the first texts")
    repository.replace("Take a fourth year", FILE, "kept_for: P3Y", "kept_for: P4Y")
    content = told(made(repository, tmp_path))
    assert {page.document.id for page in content.agreements} == {ID, "crow-jay"}
    assert not content.has_errors()
    past = content.histories[ID]
    said = [f"{each.message} {each.hint}" for each in past.notes] + [f"{r.problem} {r.hint}" for r in past.revisions]
    assert [each for each in said if "clone" in each]
    # What is the same for every agreement is said once.
    assert len(content.findings) == len({note.rule for note in past.notes}) <= 1
    assert all(note.path == "." for note in content.findings)


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
    assert found.whole is found.redlines[0]
    write_site(repository.project, tmp_path / "site", content)
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
    [(without_git, "core/history-none", "git"), (shallow, "core/history-cut", "shallow clone")],
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
    write_site(root, tmp_path / "site", content)
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
    assert {note.rule for note in found.notes} == {"core/redline-failed"}
    assert all(re.search(r"gone|surprise", note.message) for note in found.notes)


def test_a_history_that_cannot_be_read_is_a_note(past: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object, **named: object) -> None:
        raise RepositoryError("git has gone away", "look for it")

    monkeypatch.setattr(chronicle, "history", fail)
    content = told(past.project)
    found = content.histories[ID]
    assert found.revisions == ()
    assert [(note.message, note.hint) for note in found.notes] == [("git has gone away", "look for it")]
    assert not content.has_errors()


def test_a_redline_is_named_by_versions_days_people_and_subjects(site: Path, built: dict[str, Element]) -> None:
    found = [page for path, page in built.items() if "/redlines/" in path and "side-by-side" not in path]
    assert found
    for page in found:
        title = " ".join(page.by_id("page_title").words())
        assert re.match(r"Version \S+( of \w+ \d+, \d{4}|, not committed yet) to (a )?version", title), title
        assert not re.search(r"[0-9a-f]{8}", title)
        sides = page.all("dl", class_="cb-facts cb-sides")[0].all("dd")
        assert len(sides) == 2
        assert all(" ".join(each.words()) for each in sides)
    names = [" ".join(each.words()) for page in found for each in page.all("nav", class_="cb-neighbours")]
    assert any(name.startswith("Previous:") for name in names)
    assert any("Next:" in name for name in names)
