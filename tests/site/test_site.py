"""The site: the page tree, and what MkDocs builds from it."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from click.testing import CliRunner, Result
from mkdocs.__main__ import cli as mkdocs_cli
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from clausebook.build.mkdocs_plugin import ClausebookPlugin
from clausebook.document.words import words
from clausebook.findings.model import Finding, FindingsError, RepositoryError
from clausebook.site.feeding import Feed, feed_of
from clausebook.site.mkdocs_build import plugin_of
from clausebook.site.page import SitePage, address
from clausebook.site.page_tree import page_tree
from clausebook.site.plugin import FeedingPlugin
from clausebook.site.site_content import BrokenAgreement, SiteContent
from tests.support.file_trees import files_in
from tests.support.html_reader import Element, read_html
from tests.support.site_content import WARNING, agreement, content, library_clause, sample_document, sample_type
from tests.support.whole_sites import write_site

BROKEN = BrokenAgreement(
    "broken",
    "agreements/broken.yaml",
    (
        Finding(
            rule="core/value-date",
            message="<i>not a date</i>",
            path="agreements/broken.yaml",
            line=7,
            column=3,
            hint="write it as 2026-03-01",
        ),
    ),
)


# The page tree


def body(page: SitePage) -> Element:
    return read_html(page.body)


def tree(site: SiteContent) -> dict[str, SitePage]:
    pages = page_tree(site)
    assert len({page.path for page in pages}) == len(pages)
    return {page.path: page for page in pages}


def test_paths_are_the_interface() -> None:
    pages = tree(content(2))
    assert [path for path in pages if not path.startswith("clauses/")] == [
        "index.html",
        "agreements/index.html",
        "comparison/index.html",
        "timeline/index.html",
        "organisations/index.html",
        "organisations/harborview-health-system/index.html",
        "organisations/northwind-retail-inc/index.html",
        "duties/index.html",
        "registers/index.html",
        "pipeline/index.html",
        "metrics/index.html",
        "executives/index.html",
        "reference/index.html",
        "playbook/index.html",
        "agreements/sample-1/index.html",
        "agreements/sample-2/index.html",
    ]
    assert "clauses/index.html" in pages
    assert "clauses/sample-clause/index.html" in pages
    assert sorted(pages["agreements/sample-1/index.html"].files) == ["sample-1.docx", "sample-1.md", "sample-1.pdf"]


@pytest.mark.parametrize(
    ("page", "target", "link"),
    [
        ("index.html", "index.html", "./"),
        ("index.html", "agreements/a/index.html", "agreements/a/"),
        ("agreements/a/index.html", "index.html", "../../"),
        ("agreements/a/index.html", "clauses/b/index.html", "../../clauses/b/"),
        ("agreements/index.html", "agreements/a/a.pdf", "../agreements/a/a.pdf"),
    ],
)
def test_addresses(page: str, target: str, link: str) -> None:
    assert address(page, target) == link


def test_a_clause_id_of_two_types_has_two_pages() -> None:
    site = SiteContent((), (sample_type("first"), sample_type("second")))
    pages = tree(site)
    assert "templates/first" not in pages["clauses/law/index.html"].body
    assert "clauses/second/law/index.html" in pages
    index = body(pages["clauses/index.html"])
    assert {"../clauses/law/", "../clauses/second/law/"} <= {a.attributes["href"] for a in index.all("a")}


def test_an_agreements_page_says_where_its_clauses_came_from() -> None:
    page = body(tree(content())["agreements/sample-1/index.html"])
    article = page.by_id("agreement-text")
    assert article.words() == words(sample_document(1, "Harborview Health System"))
    origin = page.all("table")[-1]
    assert [group.text().strip() for group in origin.all("th", scope="rowgroup")] == [
        "1. First Section",
        "2. Second Section",
        "Schedule B General Terms",
    ]
    rows = {row.all("td")[1].text().strip(): row for row in origin.all("tr") if row.all("td")}
    law = [cell.text().strip() for cell in rows["Law"].all("td")]
    assert law == ["2.1", "Law", "Written for this deal departs from law", "0.9", "Negotiated", "–", "They <insisted>."]
    assert [a.attributes["href"] for a in rows["Law"].all("a")] == ["#law", "../../clauses/law/"]
    assert "fallback" in rows["Scope"].text().lower()
    assert "INTERNAL approver" in rows["Scope"].text()
    facts = {fact.all("dt")[0].text().strip(): fact.all("dd")[0].text().split() for fact in page.all(class_="cb-fact")}
    assert "Clauses" not in facts
    assert facts["Departs from standard"] == ["2", "clauses"]
    assert facts["To mend"] == ["1", "warning"]
    assert facts["Parties"][:5] == ["Harborview", "Health", "System", "Healthcare", "organisation"]
    assert "<b>no baseline</b>" in page.text()


def test_an_agreements_contents_lead_to_its_parts() -> None:
    page = tree(content())["agreements/sample-2/index.html"]
    (top,) = page.contents
    assert [heading.title for heading in top.children] == [
        "1. First Section",
        "2. Second Section",
        "Signatures",
        "Schedule A Definitions",
        "Schedule B General Terms",
        "Where each clause came from",
    ]
    assert [heading.title for heading in top.children[0].children] == ["1.1 Scope", "1.2 Money & Time"]
    ids = body(page).ids()
    for heading in (top, *top.children, *(child for part in top.children for child in part.children)):
        assert heading.anchor in ids


def test_a_clauses_page() -> None:
    page = body(tree(content())["clauses/law/index.html"])
    assert page.all("h1")[0].text().strip() == "Law"
    assert page.all("pre")[0].raw_text() == library_clause("law", "law").body.strip()
    assert "When to use <it>." in page.text()
    assert "give notice" in page.text()
    uses = page.all("table")[1]
    assert len(uses.all("tr")) == 4
    assert uses.all("a")[1].attributes["href"] == "../../agreements/sample-1/#law"
    assert "not the current version" in uses.text()


def test_a_clauses_page_names_the_others_of_its_slot() -> None:
    page = body(tree(content())["clauses/scope-narrow/index.html"])
    assert "No agreement uses this clause now." in page.text()
    others = page.all("table")[-1]
    assert [a.text() for a in others.all("a")] == ["Sample clause", "Scope wide"]


def test_a_slots_clauses_are_in_the_playbooks_order() -> None:
    kind = sample_type()
    clauses = {
        clause.id: clause
        for clause in (
            library_clause("a", "scope", "by counsel"),
            library_clause("b", "scope", "fallback 10"),
            library_clause("c", "scope", "fallback 2"),
            library_clause("d", "scope"),
        )
    }
    pages = tree(SiteContent((), (replace(kind, clauses=clauses),)))
    (table,) = body(pages["clauses/index.html"]).all("table")
    assert [a.text() for a in table.all("a")] == ["D", "C", "B", "A"]


def test_an_empty_site_says_so() -> None:
    assert "There are none yet." in body(tree(SiteContent((), ()))["index.html"]).text()


def test_the_index_of_clauses_has_those_without_a_slot() -> None:
    text = body(tree(content())["clauses/index.html"]).text()
    assert "In no slot of the outline" in text
    assert "Stray" in text


def test_the_home_page_counts_by_status_in_the_order_of_an_agreements_life() -> None:
    home = body(tree(content(5))["index.html"])
    stats = {stat.all("dt")[0].text().strip(): stat.all("dd")[0].text().strip() for stat in home.all(class_="cb-stat")}
    assert list(stats.items()) == [
        ("Agreements", "5"),
        ("Draft", "1"),
        ("In review", "2"),
        ("Active", "1"),
        ("Expired", "1"),
        ("Library clauses", "7"),
    ]
    links = {a.text().strip(): a.attributes["href"] for a in home.all("dl")[0].all("a")}
    assert "agreements/?status=in-review" in links.values()


def test_broken_agreements_have_a_page_that_says_why() -> None:
    pages = tree(SiteContent((agreement(1),), (), (BROKEN,)))
    page = body(pages["agreements/broken/index.html"])
    assert "<i>not a date</i>" in page.text()
    assert "agreements/broken.yaml:7:3" in page.text()
    assert "write it as 2026-03-01" in page.text()
    assert "Cannot be built" in body(pages["agreements/index.html"]).text()
    assert "<i>not a date</i>" in body(pages["index.html"]).text()


def test_pages_are_balanced_and_their_ids_unique() -> None:
    hostile = '</title></article><script>alert("1")</script>'
    for page in page_tree(SiteContent((agreement(1), agreement(2, hostile)), (sample_type(),), (BROKEN,))):
        root = body(page)
        ids = root.ids()
        assert len(ids) == len(set(ids)), page.path
        assert root.all("script") == []
        assert len(root.all("h1")) == 1, page.path
        assert not [element for element in root.all() if "style" in element.attributes]


def test_findings_are_ordered_and_told_apart() -> None:
    assert not content().has_errors()
    site = SiteContent((agreement(1),), (), (BROKEN,), (WARNING,))
    assert site.has_errors()
    assert site.all_findings() == (BROKEN.findings[0], WARNING)


# What MkDocs builds


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, repository_root: Path) -> Path:
    """Return a folder with the repository's own configuration and look, and an address for the site."""
    folder = tmp_path_factory.mktemp("root")
    copy_root(repository_root, folder)
    return folder


def copy_root(repository: Path, folder: Path, extra: str = "site_url: https://agreements.example.com/a/\n") -> None:
    shutil.copytree(repository / "templates" / "site", folder / "templates" / "site")
    (folder / "schemas").mkdir()
    shutil.copy(repository / "schemas/search.schema.json", folder / "schemas")
    configuration = (repository / "mkdocs.yml").read_text("utf-8")
    (folder / "mkdocs.yml").write_text(configuration + extra, "utf-8")


HOSTILE = '</title></article><script>alert("1")</script> a data-search-exclude="true" {{ 7*7 }} *b*'


@pytest.fixture(scope="module")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built site of four agreements, one of them hostile."""
    out = tmp_path_factory.mktemp("site")
    pages = (*content(3).agreements, replace(agreement(4, HOSTILE), updated="2026-03-01"))
    assert write_site(root, out, SiteContent(pages, (sample_type(),))) == ()
    return out


@pytest.fixture(scope="module")
def built(site: Path) -> dict[str, Element]:
    """Return every built page by its path."""
    paths = sorted(site.rglob("*.html"))
    return {path.relative_to(site).as_posix(): read_html(path.read_text("utf-8"), strict=False) for path in paths}


def test_the_article_holds_the_contracts_words_and_nothing_else(built: dict[str, Element]) -> None:
    for number, value in ((1, "Harborview Health System"), (4, HOSTILE)):
        article = built[f"agreements/sample-{number}/index.html"].by_id("agreement-text")
        document = sample_document(number, value)
        assert article.tag == "article"
        assert article.words() == words(document)
        assert article.raw_text().split() == words(document)


def test_downloads_stand_beside_the_page(site: Path) -> None:
    for end in (".md", ".pdf", ".docx"):
        assert (site / "agreements/sample-1" / f"sample-1{end}").read_bytes() == f"sample-1{end}".encode()


def test_internal_links_and_anchors_all_lead_somewhere(site: Path, built: dict[str, Element]) -> None:
    broken, seen = [], 0
    for path, page in built.items():
        base = f"https://agreements.example.com/a/{path}"
        for element in page.all():
            for name in ("href", "src"):
                link = element.attributes.get(name, "")
                target = urlsplit(urljoin(base, link))
                if not link or target.netloc != "agreements.example.com":
                    continue
                seen += 1
                file = target.path.removeprefix("/a/")
                file += "index.html" if file.endswith("/") or not file else ""
                if not (site / file).is_file() or not target.path.startswith("/a/"):
                    broken.append(f"{path}: {link}")
                elif target.query:
                    # It narrows the table there: what it asks for must be among the choices.
                    name, _, value = target.query.partition("=")
                    options = [one for select in built[file].all("select", name=name) for one in select.all("option")]
                    if value not in [one.attributes["value"] for one in options]:
                        broken.append(f"{path}: {link} (no such choice)")
                elif target.fragment and target.fragment not in built[file].ids():
                    broken.append(f"{path}: {link} (no such anchor)")
    assert broken == []
    assert seen > 500


def test_ids_are_unique_on_every_page(built: dict[str, Element]) -> None:
    for path, page in built.items():
        ids = page.ids()
        assert len(ids) == len(set(ids)), path


def test_nothing_is_loaded_from_elsewhere(site: Path, built: dict[str, Element]) -> None:
    foreign = re.compile(r"^(?!data:)([a-z][a-z0-9+.-]*:)?//|^[a-z]+:(?!//)(?<!data:)", re.IGNORECASE)
    for path, page in built.items():
        for element in page.all():
            loads = [element.attributes.get(name, "") for name in ("src", "srcset", "poster", "data", "action")]
            if element.tag == "link" and element.attributes.get("rel") not in ("canonical", "prev", "next"):
                loads.append(element.attributes.get("href", ""))
            assert not [load for load in loads if foreign.match(load)], f"{path}: {element.tag} {loads}"
    for sheet in site.rglob("*.css"):
        text = sheet.read_text("utf-8")
        for address_ in re.findall(r"url\(\s*['\"]?([^)'\"]+)", text) + re.findall(r"@import\s+['\"]([^'\"]+)", text):
            assert not foreign.match(address_), f"{sheet.name}: {address_[:80]}"


def test_every_page_carries_a_policy_that_names_its_own_scripts(built: dict[str, Element]) -> None:
    assert "404.html" in built
    for path, page in built.items():
        head = page.all("head")[0]
        first = next(child for child in head.children if isinstance(child, Element))
        assert first.attributes.get("http-equiv") == "Content-Security-Policy", path
        policy = dict(part.strip().split(" ", 1) for part in first.attributes["content"].split(";"))
        assert policy["default-src"] == "'none'"
        compiles = {"'wasm-unsafe-eval'"} if path == "search/index.html" else set()
        assert first.attributes["content"].count("unsafe") == len(compiles)
        assert policy["form-action"] == "'self'"
        assert set(re.findall(r"[a-z]+:", first.attributes["content"])) == {"data:"}
        hashes = set()
        for script in page.all("script"):
            if "src" not in script.attributes and script.attributes.get("type") != "application/json":
                digest = base64.b64encode(hashlib.sha256(script.raw_text().encode()).digest()).decode()
                hashes.add(f"'sha256-{digest}'")
        assert hashes
        assert set(policy["script-src"].split()) == {"'self'", *hashes, *compiles}
        for element in page.all():
            assert "style" not in element.attributes, f"{path}: {element}"
            assert not [name for name in element.attributes if name.startswith("on")], f"{path}: {element}"


def test_a_script_in_a_page_of_ones_own_is_not_in_the_policy(repository_root: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    copy_root(repository_root, root, "not_in_nav: notes.md\n")
    config = (root / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(config.replace("copyright: ", "copyright: <script>alert(2)</script> "), "utf-8")
    (root / "templates/site/docs/notes.md").write_text("# Notes\n\n<script>alert(1)</script>\n", "utf-8")
    write_site(root, tmp_path / "site", content())
    page = read_html((tmp_path / "site/notes/index.html").read_text("utf-8"), strict=False)
    policy = page.all("meta", http_equiv="Content-Security-Policy")[0].attributes["content"]
    scripts = {
        script.raw_text(): base64.b64encode(hashlib.sha256(script.raw_text().encode()).digest()).decode()
        for script in page.all("script")
        if "src" not in script.attributes and script.attributes.get("type") != "application/json"
    }
    assert {text for text, digest in scripts.items() if digest not in policy} == {"alert(1)", "alert(2)"}
    assert len(scripts) > 3


def test_a_finished_page_of_ones_own_would_have_no_policy(repository_root: Path, tmp_path: Path) -> None:
    copy_root(repository_root, tmp_path / "root")
    (tmp_path / "root/templates/site/docs/Mine.HTML").write_text("<script>alert(1)</script>", "utf-8")
    with pytest.raises(RepositoryError, match=r"Mine\.HTML would have no security policy"):
        write_site(tmp_path / "root", tmp_path / "site", content())


def test_titles_are_escaped_wherever_the_theme_prints_them(site: Path, built: dict[str, Element]) -> None:
    title = sample_document(4, HOSTILE).title
    page = built["agreements/sample-4/index.html"]
    assert page.all("title")[0].raw_text() == f"{title} - Clausebook"
    for element in page.all("script"):
        assert "alert" not in element.raw_text()
    assert "<script>alert" not in (site / "agreements/sample-4/index.html").read_text("utf-8")


@pytest.fixture(scope="module")
def offline(repository_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same site with the theme's own search, which can be read from a disk."""
    root, out = tmp_path_factory.mktemp("offline"), tmp_path_factory.mktemp("offline-site")
    copy_root(repository_root, root)
    with_the_themes_search(root)
    write_site(root, out, SiteContent((*content(3).agreements, agreement(4, HOSTILE)), (sample_type(),)))
    return out


def with_the_themes_search(root: Path) -> None:
    config = root / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("  - clausebook\n", "  - clausebook\n  - search\n"), "utf-8")


def test_a_site_with_the_themes_search_has_no_other(offline: Path, site: Path) -> None:
    assert [path.name for path in (offline / "search").iterdir()] == ["search_index.json"]
    page = read_html((offline / "agreements/index.html").read_text("utf-8"), strict=False)
    assert page.all("form", name="search")
    assert not page.all("form", class_="cb-find")
    assert "form-action 'none'" in page.all("meta", http_equiv="Content-Security-Policy")[0].attributes["content"]
    assert not (site / "search/search_index.json").exists()


def test_pages_load_no_search_before_somebody_searches(built: dict[str, Element]) -> None:
    for path, page in built.items():
        form = page.all("form", class_="cb-find")[0]
        place = urljoin(
            f"https://agreements.example.com/a/{path.removesuffix('index.html')}", form.attributes["action"]
        )
        assert place == "https://agreements.example.com/a/search/"
        scripts = [script.attributes.get("src", "") for script in page.all("script")]
        assert any("assets/search.js" in each for each in scripts) == (path == "search/index.html")
        assert not any("pagefind" in each for each in scripts)


def records(site: Path) -> dict[str, dict[str, Any]]:
    found = json.loads((site / "search/search_index.json").read_text("utf-8"))["docs"]
    by_place = {record["location"]: record for record in found}
    assert len(by_place) == len(found)
    return by_place


def test_the_search_knows_each_clause(offline: Path, built: dict[str, Element]) -> None:
    found = records(offline)
    assert found["clauses/law/#text"]["text"] == "<p>Body of … &lt;b&gt;&amp;amp;&lt;/b&gt;</p><p>1. Party item.</p>"
    assert found["clauses/law/"]["title"] == "Law: library clause"
    assert found["clauses/law/"]["boost"] == 0.25
    scope = found["agreements/sample-1/#scope"]
    assert scope["title"] == "1.1 Scope"
    assert "<p>(a) first, Harborview Health System:</p><p>(i) inner one; and</p><p>(A) deepest.</p>" in scope["text"]
    assert found["agreements/sample-1/#money"]["title"] == "1.2 Money &amp; Time"
    assert "<p>Second row · USD 12.50</p>" in found["agreements/sample-1/#money"]["text"]
    assert found["agreements/sample-1/#term-party"]["title"] == "Party"
    assert "Dana Example" in found["agreements/sample-1/"]["text"]
    assert found["clauses/law/#guidance"]["text"] == "<p>When to use &lt;it&gt;.</p>"
    assert "&lt;/title&gt;" in found["agreements/sample-4/#law"]["text"]
    for place in found:
        path, _, anchor = place.partition("#")
        assert not anchor or anchor in built[f"{path}index.html"].ids(), place


def test_the_search_has_every_word_of_a_contract(offline: Path) -> None:
    found = [r for place, r in records(offline).items() if place.startswith("agreements/sample-1/")]
    text = " ".join(unescape(re.sub("<[^>]+>", " ", f"{record['title']} {record['text']}")) for record in found)
    labels = {"By:", "Name:", "Title:", "Date:"}
    missing = set(words(sample_document(1, "Harborview Health System"))) - labels - set(text.split())
    assert missing == set()


def test_the_sitemap_holds_no_date_but_the_datas(site: Path) -> None:
    sitemap = (site / "sitemap.xml").read_text("utf-8")
    assert "<loc>https://agreements.example.com/a/agreements/sample-1/</loc>" in sitemap
    assert re.findall("<lastmod>(.*)</lastmod>", sitemap) == ["2026-03-01"]
    assert not (site / "sitemap.xml.gz").exists()


def test_agreements_stay_out_of_the_navigation(built: dict[str, Element]) -> None:
    page = built["agreements/sample-1/index.html"]
    links = {a.attributes["href"] for nav in page.all("nav", data_md_level="0") for a in nav.all("a")}
    lists = (
        *("organisations", "timeline", "comparison", "clauses", "duties", "registers", "metrics", "pipeline"),
        *("executives", "playbook", "reference"),
    )
    assert links == {"../..", "../", *(f"../../{name}/" for name in lists)}


@pytest.mark.slow("the same site from processes in other surroundings")
def test_the_same_content_gives_the_same_bytes(repository_root: Path, tmp_path: Path) -> None:
    sites = []
    for name, zone, seed, epoch in (
        ("one", "Asia/Tokyo", "1", "1000000000"),
        ("two", "America/Lima", "2", "1900000000"),
    ):
        folder = tmp_path / name / "repository"
        copy_root(repository_root, folder)
        program = (
            "import sys; from pathlib import Path; from tests.support.whole_sites import write_site; "
            "from tests.support.site_content import content; "
            "write_site(Path(sys.argv[1]), Path(sys.argv[2]), content())"
        )
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": epoch}
        out = tmp_path / name / "site"
        command = [sys.executable, "-c", program, str(folder), str(out)]
        subprocess.run(command, cwd=repository_root, env=environment, check=True, timeout=120)
        sites.append(files_in(out))
    assert len(sites[0]) > 50
    assert sites[0] == sites[1]


# The plugin under MkDocs' own commands


def run_mkdocs(root: Path, out: Path, *options: str) -> Result:
    return CliRunner().invoke(mkdocs_cli, ["build", "-f", str(root / "mkdocs.yml"), "-d", str(out), *options])


def given(monkeypatch: pytest.MonkeyPatch, site: SiteContent) -> None:
    monkeypatch.setattr(FeedingPlugin, "made", lambda plugin, config: feed_of(page_tree(site)))
    monkeypatch.setattr(ClausebookPlugin, "made", FeedingPlugin.made)


def test_mkdocs_build_is_clean_in_strict_mode(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, content())
    result = run_mkdocs(root, tmp_path / "site", "--strict")
    assert result.exit_code == 0
    assert not [line for line in result.output.splitlines() if not line.startswith("INFO")]
    assert (tmp_path / "site/agreements/sample-1/sample-1.md").read_bytes() == b"sample-1.md"


def test_mkdocs_build_says_what_is_wrong_with_the_repository(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(plugin: ClausebookPlugin, config: object) -> Feed:
        raise RepositoryError("no templates here", "make some")

    monkeypatch.setattr(ClausebookPlugin, "made", fail)
    messages = listen(monkeypatch)
    assert run_mkdocs(root, tmp_path / "site").exit_code == 1
    assert any("no templates here (make some)" in message for message in messages)


def listen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("mkdocs")
    monkeypatch.setattr(logger, "handlers", [*logger.handlers, handler])
    return said


def test_a_page_of_ones_own_is_checked_against_the_agreements_anchors(
    repository_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_root(repository_root, tmp_path / "root", "exclude_docs: ''\nnot_in_nav: notes.md\n")
    with_the_themes_search(tmp_path / "root")
    notes = tmp_path / "root/templates/site/docs/notes.md"
    given(monkeypatch, content())
    notes.write_text("# Notes\n\nSee [scope](agreements/sample-1/index.md#scope).\n", "utf-8")
    assert run_mkdocs(tmp_path / "root", tmp_path / "site", "--strict").exit_code == 0
    assert 'href="../agreements/sample-1/#scope"' in (tmp_path / "site/notes/index.html").read_text("utf-8")
    assert any(record["location"] == "notes/" for record in records(tmp_path / "site").values())
    notes.write_text("# Notes\n\nSee [scope](agreements/sample-1/index.md#scoop).\n", "utf-8")
    assert run_mkdocs(tmp_path / "root", tmp_path / "site", "--strict").exit_code == 1


def test_a_page_of_ones_own_cannot_take_the_place_of_ours(repository_root: Path, tmp_path: Path) -> None:
    copy_root(repository_root, tmp_path / "root")
    (tmp_path / "root/templates/site/docs/index.md").write_text("# Mine\n", "utf-8")
    with pytest.raises(RepositoryError, match=r"index\.md is a page of Clausebook"):
        write_site(tmp_path / "root", tmp_path / "site", content())


def test_a_configuration_without_the_plugin_is_refused(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: x\nplugins: []\n", "utf-8")
    with pytest.raises(RepositoryError, match="does not use the clausebook plugin"):
        write_site(tmp_path, tmp_path / "site", content())
    (tmp_path / "mkdocs.yml").write_text("site_name: [\n", "utf-8")
    with pytest.raises(RepositoryError, match="MkDocs cannot build the site"):
        write_site(tmp_path, tmp_path / "site", content())


def preview(root: Path, out: Path) -> dict[str, Element]:
    """Build as `mkdocs serve` does."""
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(out))
    config.plugins.on_startup(command="serve", dirty=False)
    mkdocs_build(config, serve_url="http://127.0.0.1:8000/")
    return {p.relative_to(out).as_posix(): read_html(p.read_text("utf-8"), strict=False) for p in out.rglob("*.html")}


@pytest.mark.slow("MkDocs builds a site three times")
def test_a_preview_makes_only_the_pages_that_changed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    def search() -> dict[str, str]:
        """Return the marks of the indexes that the preview makes when somebody searches."""
        assert not list((out / "search").glob("*.json"))
        marks: dict[str, str] = json.loads(plugins[-1].late(root, "search/shards.json") or b"")
        assert all(plugins[-1].late(root, f"search/{name}/pagefind-entry.json") for name in marks)
        return marks

    plugins: list[FeedingPlugin] = []

    def built(site: SiteContent) -> dict[str, int]:
        """Build as `clausebook serve` does; return the inode or time at which each page was written."""
        given(monkeypatch, site)
        config = load_config(str(root / "mkdocs.yml"), site_dir=str(out))
        mkdocs_build(config, serve_url="http://127.0.0.1:8000/", dirty=True)
        plugins.append(plugin_of(config))
        pages = {page.relative_to(out).as_posix(): page for page in out.rglob("index.html")}
        before = {path: page.stat().st_mtime_ns for path, page in pages.items()}
        for page in pages.values():
            os.utime(page, ns=(0, 0))
        return before

    with monkeypatch.context() as patch:
        patch.setattr(logging.getLogger("mkdocs.commands.build"), "disabled", True)
        load_config(str(root / "mkdocs.yml"), site_dir=str(out)).plugins.on_startup(command="serve", dirty=True)
        two = content(2)
        first = built(two)
        assert all(first.values())
        index = search()
        listed = {page.path for page in page_tree(two) if page.listed}
        assert {path for path, time in built(two).items() if time} == listed
        assert search() == index
        changed = replace(two.agreements[0], text="<p>Other words</p>")
        again = built(replace(two, agreements=(changed, *two.agreements[1:])))
        assert search() == index
        assert {path for path, time in again.items() if time} == {*listed, "agreements/sample-1/index.html"}
        assert "Other words" in (out / "agreements/sample-1/index.html").read_text("utf-8")
        gone = built(replace(two, agreements=two.agreements[1:]))
        assert search() != index
        assert search().keys() != index.keys()
        assert "agreements/sample-1/index.html" not in gone
        assert "agreements/sample-2/index.html" in gone
        (root / "mkdocs.yml").write_text((root / "mkdocs.yml").read_text("utf-8") + "\n", "utf-8")
        assert all(built(two).values())


def test_a_preview_shows_findings_in_place_of_the_agreement(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, replace(content(1), broken=(BROKEN,)))
    pages = preview(root, tmp_path)
    assert "<i>not a date</i>" in pages["agreements/broken/index.html"].text()
    assert pages["agreements/sample-1/index.html"].by_id("agreement-text")
    # mkdocs serve puts an inline script of its own into every page.
    policy = pages["index.html"].all("meta", http_equiv="Content-Security-Policy")[0].attributes["content"]
    assert policy.endswith("script-src 'self' 'unsafe-inline'")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FindingsError([WARNING]), "<b>no baseline</b>"),
        (RepositoryError("no templates here", "make some"), "no templates here"),
        (KeyError("surprise"), "KeyError: 'surprise'"),
    ],
)
def test_a_preview_never_fails(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(plugin: ClausebookPlugin, config: object) -> Feed:
        raise error

    monkeypatch.setattr(ClausebookPlugin, "made", fail)
    pages = preview(root, tmp_path)
    assert said in pages["index.html"].text()
    assert said in pages["agreements/index.html"].text()


def test_an_unforeseen_error_is_not_hidden_by_a_build(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(plugin: ClausebookPlugin, config: object) -> Feed:
        raise KeyError("surprise")

    monkeypatch.setattr(ClausebookPlugin, "made", fail)
    assert isinstance(run_mkdocs(root, tmp_path / "site").exception, KeyError)


def test_a_preview_watches_the_repository(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Server:
        watched: ClassVar[list[str]] = []

        def watch(self, path: str) -> None:
            self.watched.append(Path(path).name)

    plugin = FeedingPlugin()
    (root / "agreements").mkdir(exist_ok=True)
    config = load_config(str(root / "mkdocs.yml"))
    plugin.on_serve(Server(), config=config, builder=None)  # type: ignore[arg-type]
    assert Server.watched == ["agreements", "schemas", "templates"]


# However the site is put


def put(repository_root: Path, folder: Path, extra: str) -> Path:
    """Build a site with the theme's search by a configuration with something more in it; return where."""
    root = folder / "root"
    copy_root(repository_root, root, extra)
    with_the_themes_search(root)
    write_site(root, folder / "out", SiteContent((*content(2).agreements, agreement(4, HOSTILE)), (sample_type(),)))
    return folder / "out"


def pages_in(out: Path) -> dict[str, Element]:
    found = {file.relative_to(out).as_posix(): file.read_text("utf-8") for file in out.rglob("*.html")}
    return {path: read_html(text, strict=False) for path, text in found.items()}


def test_a_page_that_is_not_there_asks_for_no_file(repository_root: Path, tmp_path: Path) -> None:
    out = put(repository_root, tmp_path, "")
    page = read_html((out / "404.html").read_text("utf-8"))
    assert [link.attributes["href"] for link in page.all("link")] == ["data:,"]
    assert not [each for each in page.all() if "src" in each.attributes]
    places = [a.attributes["data-cb-place"] or "" for a in page.all("a")]
    assert {"", "agreements/", "clauses/"} <= set(places)
    assert all((out / place / "index.html").is_file() for place in places)
    (script,) = page.all("script")
    digest = base64.b64encode(hashlib.sha256(script.raw_text().encode()).digest()).decode()
    assert digest in page.all("meta", http_equiv="Content-Security-Policy")[0].attributes["content"]


def test_where_the_site_stands_is_known_a_page_that_is_not_there_looks_as_others(built: dict[str, Element]) -> None:
    page = built["404.html"]
    assert "/a/assets/clausebook.css" in {link.attributes.get("href") for link in page.all("link")}
    assert "/a/agreements/" in {a.attributes.get("href") for a in page.all("a")}


def test_without_addresses_of_folders_each_link_names_a_file(repository_root: Path, tmp_path: Path) -> None:
    out = put(repository_root, tmp_path, "use_directory_urls: false\n")
    led = 0
    for path, page in pages_in(out).items():
        for a in page.all("a") if path != "404.html" else ():
            target = urlsplit(urljoin(f"https://x.example/{path}", a.attributes.get("href") or ""))
            if target.netloc == "x.example":
                assert (out / unquote(target.path[1:])).is_file(), f"{path}: {a.attributes['href']}"
                led += 1
    assert led > 100
    places = {place.partition("#")[0] for place in records(out)}
    assert "agreements/sample-1/index.html" in places
    assert all((out / place).is_file() for place in places)
