"""The ways through a built site: from home to the answers that people look for, and every link, wherever it is put."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from click.testing import CliRunner

from clausebook.cli.main import cli
from clausebook.language.sandbox import Sandbox
from clausebook.site.feeding import feed_of
from clausebook.site.mkdocs_build import build_site
from clausebook.site.own_pages import OwnPages, using
from clausebook.site.page_tree import page_tree
from clausebook.site.site_content import SiteContent
from tests.support.browser import CHROMIUM, awaited, opened
from tests.support.git_repositories import Repository
from tests.support.houses import house
from tests.support.html_reader import Element, read_html
from tests.support.whole_sites import with_history

pytestmark = pytest.mark.slow("a house of two charters, built in each way in which a site can be put")

Pages = Mapping[str, Element]

HOST = "https://house.example"
PUT = {"plain": "", "files": "use_directory_urls: false\n", "address": f"site_url: {HOST}/below/here/\n", "offline": ""}
"""What `mkdocs.yml` says more for each way of putting the site."""

MOST_CLICKS = 3


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    with Sandbox() as sandbox:
        return house(tmp_path_factory.mktemp("house"), sandbox)


@pytest.fixture(scope="module")
def content(repository: Repository) -> SiteContent:
    return approved(with_history(repository.project))


@pytest.fixture(scope="module")
def put(repository: Repository, content: SiteContent, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Return where the site lies, by the way in which it was put."""
    feed = feed_of(page_tree(content))
    config = repository.project / "mkdocs.yml"
    first = config.read_text("utf-8")
    found = {}
    for way, more in PUT.items():
        config.write_text(more + first, "utf-8")
        found[way] = tmp_path_factory.mktemp(way) / "site"
        assert build_site(repository.project, found[way], feed, offline=way == "offline") == ()
    config.write_text(first, "utf-8")
    return found


def approved(content: SiteContent) -> SiteContent:
    """Return what the site shows with each approval given."""
    given = {"state": "given", "by": "Dee Sample", "date": "2026-12-01", "note": "For one season."}
    agreements = (
        replace(each, approvals=tuple(replace(one, **given) for one in each.approvals)) for each in content.agreements
    )
    return replace(content, agreements=tuple(agreements))


def pages_of(site: Path) -> Pages:
    texts = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*.html")}
    return {path: read_html(text, strict=False) for path, text in texts.items()}


@pytest.fixture(scope="module")
def pages(put: Mapping[str, Path]) -> Pages:
    return pages_of(put["plain"])


def test_every_page_can_be_made_where_templates_may_do_little(content: SiteContent) -> None:
    usual = [(page.path, page.body) for page in page_tree(content)]
    with using(OwnPages({"unused.html": "x"})):
        assert [(page.path, page.body) for page in page_tree(content)] == usual


# Every link


def targets(path: str, page: Element) -> Iterator[tuple[str, str]]:
    """Yield what a page leads to or loads inside the site, by path and anchor."""
    for name in ("href", "src", "action", "data-cb-from"):
        for each in page.all():
            to = urlsplit(urljoin(f"{HOST}/below/here/{path}", each.attributes.get(name) or f"{HOST}x"))
            if f"{to.scheme}://{to.netloc}" == HOST:
                yield unquote(to.path), unquote(to.fragment)


@pytest.mark.parametrize("way", PUT)
def test_every_link_and_anchor_leads_somewhere(way: str, put: Mapping[str, Path]) -> None:
    site, led = put[way], 0
    found = pages_of(site)
    ids = {path: page.ids() for path, page in found.items()}
    for path, page in found.items():
        # The page of what is not there is sent for any address: it names places, which a script makes links of.
        if path == "404.html" and way != "address":
            continue
        for to, anchor in targets(path, page):
            assert to.startswith("/below/here/"), f"{path} leads out of the site, to {to}"
            place = to.removeprefix("/below/here/")
            if way in ("plain", "address") and (not place or place.endswith("/")):
                place += "index.html"
            assert (site / place).is_file(), f"{path} leads to {place}, which is no file"
            if anchor and place in ids and not anchor.startswith("__"):
                assert anchor in ids[place], f"{path} leads to #{anchor}, which is not in {place}"
            led += 1
    assert led > 1000


def test_the_page_of_what_is_not_there_names_places_that_are(put: Mapping[str, Path]) -> None:
    for way in ("plain", "files", "offline"):
        page = read_html((put[way] / "404.html").read_text("utf-8"))
        places = [a.attributes["data-cb-place"] or "" for a in page.all("a")]
        assert len(places) > 5
        ends = "index.html" if way == "plain" else ""
        assert all((put[way] / place / ends).is_file() for place in places)


def test_one_switch_makes_a_site_for_a_disk(repository: Repository, put: Mapping[str, Path], tmp_path: Path) -> None:
    command = ["build", "--offline", "--root", str(repository.project), "--out", str(tmp_path / "site")]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    names = {way: {path.relative_to(put[way]) for path in put[way].rglob("*")} for way in ("plain", "offline")}
    made = {path.relative_to(tmp_path / "site") for path in (tmp_path / "site").rglob("*")}
    assert made == names["offline"]
    more = {"search_index.js", "search_index.json", "search_worker.js", "unchanged.js"}
    assert {path.name for path in made - names["plain"]} == more
    refused = CliRunner().invoke(cli, [*command, "heron-ferry"])
    assert refused.exit_code == 2
    assert "for the whole site, without ID" in refused.output


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_from_a_disk_the_search_finds(put: Mapping[str, Path]) -> None:
    links = (
        "[...document.querySelectorAll('.md-search-result__link')].map((link) => link.getAttribute('href')).join(' ')"
    )
    found = awaited((put["offline"] / "index.html").as_uri() + "?q=drawings", links)
    assert "agreements/heron-ferry/index.html#drawings" in str(found)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_from_a_disk_the_words_of_a_fold_are_shown(put: Mapping[str, Path]) -> None:
    redline = next(iter(sorted(put["offline"].rglob("redlines/*/index.html"))))
    folds = read_html(redline.read_text("utf-8"), strict=False).all("details", class_="fold")
    assert "owns all drawings" not in folds[0].text()
    shown = opened(f"{redline.as_uri()}#drawings")
    assert "owns all drawings" in shown.text()


# Ten questions, each with the links to follow from home, and what then stands there


QUESTIONS = {
    "who owns the intellectual property": (
        ("Agreements", "Charter of the heron-ferry", "1.4 Drawings"),
        "Heron owns all drawings of the Boat",
    ),
    "what falls due in March": (("All that falls due", "Mar 2027"), "send the Weather log"),
    "which deals have an uncapped liability": (
        ("terms side by side",),
        "Charter of the heron-marsh – 1 year",
    ),
    "who approved the fallback": (
        ("Agreements", "Charter of the heron-ferry", "All given"),
        "Dee Sample December 1, 2026 For one season.",
    ),
    "when must we give notice": (("Agreements", "Charter of the heron-marsh"), "Notice by"),
    "is the gate open": (
        ("Metrics",),
        "A second boat, the marsh Shut Weather log: it opens with at least 40; 12 on March 1, 2027.",
    ),
    "which agreements use this clause": (
        ("Clauses", "Care by one"),
        "Agreements with this clause Agreement As Status Version Why Charter",
    ),
    "what does the partner give us": (
        ("Organizations", "Marsh Lane Rowing Club", "Steps, gives and gets"),
        "Weather log",
    ),
    "what changed since the version they sent": (
        ("Agreements", "Charter of the heron-ferry", "What changed since the version last sent"),
        "Version 1.0 of January 1, 2026 to version 1.1 of January 3, 2026",
    ),
    "what is still missing in Refine": (
        ("The pipeline", "Charter of the heron-marsh", "Refine"),
        "Lacking: Rowing lessons",
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_within_three_clicks(question: str, pages: Pages) -> None:
    way, answer = QUESTIONS[question]
    assert len(way) <= MOST_CLICKS
    path, anchor = "index.html", ""
    for name in way:
        path, anchor = followed(pages, path, name)
    said = " ".join(section(pages[path], anchor).split())
    assert answer in said, said[:2000]


def followed(pages: Pages, path: str, name: str) -> tuple[str, str]:
    """Return the path and the anchor to which the first link of that name leads, on the page or in the menu."""
    links = [a for a in pages[path].all("a") if " ".join(a.words()) == name]
    assert links, f"no link of {path} is called {name!r}"
    to = urlsplit(urljoin(f"{HOST}/{path}", links[0].attributes["href"] or ""))
    return re.sub(r"(^|/)$", r"\1index.html", to.path[1:]), to.fragment


def section(page: Element, anchor: str) -> str:
    """Return the words of a page from an anchor on."""
    article = page.all("article")[0]
    words = " ".join(article.words())
    if not anchor:
        return words
    there = [each for each in article.all() if each.attributes.get("id") == anchor]
    assert there, f"#{anchor} is not there"
    return words[words.index(" ".join(there[0].words())) :]
