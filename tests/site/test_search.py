"""The site's search: shards, hidden words, indexes, and what a reader finds with a real browser."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.document.model import Clause, Document, Paragraph, Run, Section
from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.render.html import render_html
from clausebook.repository.tree import DiskTree
from clausebook.site.page import SearchRecord
from clausebook.site.search import indexing
from clausebook.site.search.indexing import index_of
from clausebook.site.search.records import SearchPage, agreement_records, own_page
from clausebook.site.search.search_files import grouped, search_files
from clausebook.site.search.search_shards import LEAST, MOST, shards_of
from clausebook.site.search.synonyms import FILE, Synonym, Synonyms, hiding, read_synonyms
from clausebook.site.site_content import AgreementPage, SiteContent
from tests.support.browser import CHROMIUM, ServedSite, served
from tests.support.html_reader import Element, read_html
from tests.support.repositories import ROOT
from tests.support.site_content import sample_document, sample_type
from tests.support.whole_sites import write_site

# Shards

ids = st.lists(st.integers(0, 5000).map("deal-{}".format), max_size=400)


@given(ids)
def test_every_agreement_is_in_one_shard_and_none_is_too_big(names: list[str]) -> None:
    shards = list(shards_of(names).values())
    assert [name for shard in shards for name in shard] == sorted(set(names))
    assert all(LEAST <= len(shard) <= MOST for shard in shards[:-1])
    assert all(0 < len(shard) <= MOST for shard in shards[-1:])


@given(st.permutations([f"deal-{number}" for number in range(150)]))
def test_shards_are_the_same_in_any_order(names: list[str]) -> None:
    assert shards_of(names) == shards_of(sorted(names))


def test_one_more_agreement_changes_hardly_any_shard() -> None:
    names = [hashlib.sha256(str(number).encode()).hexdigest()[:9] for number in range(1000)]
    before = shards_of(names)
    changed = []
    for number in range(200):
        after = shards_of([*names, hashlib.sha256(f"new {number}".encode()).hexdigest()[:9]])
        changed.append(sum(before.get(name) != members for name, members in after.items()))
    assert min(changed) == 1
    assert sum(changed) / len(changed) < 1.5
    assert max(changed) <= 5
    assert len(before) <= 13


# Hidden words

SYNONYMS = Synonyms(
    (
        Synonym(("indemnity", "hold harmless"), ("indemnif", "save harmless")),
        Synonym(("NPS",), ("net promoter",)),
        Synonym(("change of control",), ("change in ownership",)),
    ),
    ("of", "the"),
)


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("Each shall indemnify the other.", "Each shall indemnify the other. ⟦indemnity⟧ ⟦hold-harmless⟧"),
        ("An indemnity. It ends.", "An indemnity. ⟦hold-harmless⟧ It ends."),
        ("It shall hold\u00a0harmless us", "It shall hold\u00a0harmless us ⟦indemnity⟧ ⟦hold-harmless⟧"),
        ("the “Net-Promoter” score", "the “Net-Promoter” score ⟦NPS⟧"),
        ("its NPS, or net promoter score", "its NPS, or net promoter score"),
        ("a change of Control occurs", "a change of Control occurs ⟦change-of-control⟧"),
        ("a change to the control of it", "a change to the control of it"),
        ("exchange of control", "exchange of control"),
        ("⟦indemnity⟧ is written so", "indemnity is written so ⟦hold-harmless⟧"),
        ("", ""),
    ],
)
def test_a_sentence_has_the_words_of_questions_behind_it(passage: str, found: str) -> None:
    assert hiding(SYNONYMS)(passage) == found


@given(st.text(alphabet="indemnify hold harmless.⟦⟧\n", max_size=80))
def test_a_passage_keeps_its_words(passage: str) -> None:
    shown = [word for word in hiding(SYNONYMS)(passage).split() if not word.startswith("⟦")]
    assert shown == passage.replace("⟦", "").replace("⟧", "").split()


def test_the_phrases_of_questions_are_one_word_each() -> None:
    assert SYNONYMS.phrases == ("change-of-control", "hold-harmless")


def test_the_repositorys_own_synonyms_are_read() -> None:
    found = read_synonyms(DiskTree(ROOT))
    assert "of" in found.common
    assert "change-of-control" in found.phrases


def test_wrong_synonyms_are_a_finding_with_its_place(tmp_path: Path) -> None:
    assert read_synonyms(DiskTree(tmp_path)) == Synonyms()
    shutil.copytree(ROOT / "templates/site", tmp_path / "templates/site")
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    (tmp_path / FILE).write_text("synonyms:\n  - asked: [a]\n    said: ['*']\n", "utf-8")
    for read in (
        lambda: read_synonyms(DiskTree(tmp_path)),
        lambda: write_site(tmp_path, tmp_path / "out", SiteContent((), ())),
    ):
        with pytest.raises(FindingsError) as caught:
            read()
        assert [(each.path, each.line) for each in caught.value.findings] == [(FILE, 3)]


# Indexes


def page(number: int, words: str = "Each Party may end it.") -> SearchPage:
    records = (
        SearchRecord("", f"Deal {number}", ("Partnership Agreement",), part=True),
        SearchRecord("term", "1. Term", part=True),
        SearchRecord("end", "1.1 End", (words,)),
    )
    return SearchPage(
        f"agreements/deal-{number}/", f"Deal {number}", records, (("Status", "Draft"), ("Kind", f"K{number}"))
    )


def test_an_index_is_the_same_bytes_in_any_order_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pages = [page(number) for number in range(30)]
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "one"))
    first = index_of(pages, "en", SYNONYMS)
    monkeypatch.setenv("CLAUSEBOOK_CACHE", str(tmp_path / "two"))
    assert index_of(reversed(pages), "en", SYNONYMS) == first
    assert {name.partition("/")[0] for name in first} >= {"pagefind-entry.json", "index", "fragment"}
    assert "pagefind.js" not in first
    monkeypatch.setattr(indexing, "get_executable", lambda: tmp_path / "gone")
    assert index_of(pages, "en", SYNONYMS) == first
    with pytest.raises(RepositoryError, match=r"^the search cannot be made: FileNotFoundError"):
        index_of([page(31)], "en", SYNONYMS)


def test_a_changed_agreement_changes_its_own_shard_alone() -> None:
    home = SearchPage("", "Home", (SearchRecord("", "Home", part=True),))
    pages = [page(number) for number in range(130)]
    before = search_files(grouped([home, *pages]), (), "en", SYNONYMS)
    pages[7] = page(7, "Nobody may end it.")
    after = search_files(grouped([home, *pages]), (), "en", SYNONYMS)
    folders = {name.rpartition("/")[0].split("/")[1] for name in before if name.count("/") > 1}
    assert len(folders) == 3
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert len({name.split("/")[1] for name in changed} - {"shards.json"}) == 1
    assert "search/shards.json" in changed
    assert "search/facets.json" not in changed


def test_a_page_of_ones_own_is_known_by_its_headings() -> None:
    found = own_page(
        "notes/", "Notes", '<h1 id="notes">Notes</h1><p>Ask us.</p><h2 id="who">Who</h2><p>The <b>desk</b>.</p>'
    )
    assert [(each.anchor, each.title, " ".join(each.passages)) for each in found.records] == [
        ("", "Notes", ""),
        ("notes", "Notes", "Ask us."),
        ("who", "Who", "The desk ."),
    ]
    assert own_page("plain/", "Plain", "<p>No heading here.</p>").records[0].passages == ("No heading here.",)


# What a reader finds


def clause(name: str, number: str, title: str, *passages: str) -> Clause:
    return Clause(name, number, title, tuple(Paragraph((Run(passage),)) for passage in passages))


def deal(name: str, title: str, status: str, *sections: Section) -> AgreementPage:
    document: Document = replace(
        sample_document(1, "Harborview Health System"),
        id=name,
        title=title,
        status=status,
        sections=sections,
        schedules=(),
    )
    return AgreementPage(document, render_html(document))


SPARROW = deal(
    "sparrow-lab",
    "Sparrow Lab",
    "executed",
    Section(
        "risk",
        "1.",
        "Risk",
        (
            clause(
                "losses",
                "1.1",
                "Losses",
                "Sparrow shall hold the others free. It shall save harmless each other Party.",
            ),
            clause("control", "1.2", "Assignment", "A change of control of a Party is not an assignment."),
        ),
    ),
    Section(
        "care",
        "2.",
        "Care",
        (
            clause("score", "2.1", "Quality", "Each Party’s “Net Promoter Score” is measured; see § 4(b)."),
            clause(
                "privacy",
                "2.2",
                "Privacy",
                "The “HIPAA Rules” (and state law) apply to <img src=x onerror=alert(1)> & co.",
            ),
        ),
    ),
)
FINCH = deal(
    "finch-hub",
    "Finch Hub",
    "draft",
    Section(
        "term",
        "1.",
        "Term",
        (
            clause("ending", "1.1", "Ending", "Notice is given in writing. Termination takes effect after 30 days."),
            clause("steering", "1.2", "Steering", "A party may change its delegate, who has control of the budget."),
        ),
    ),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built site of two agreements."""
    root, out = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "templates/site", root / "templates/site")
    shutil.copytree(ROOT / "schemas", root / "schemas")
    shutil.copy(ROOT / "mkdocs.yml", root)
    assert write_site(root, out, SiteContent((SPARROW, FINCH), (sample_type(),))) == ()
    return out


@pytest.fixture(scope="module")
def house(site: Path) -> Iterator[ServedSite]:
    with served(site) as known:
        yield known


def found(opened: Element) -> list[tuple[str, str, str]]:
    """Return what was found: the address below the site, the heading, and the agreement."""
    results = []
    for item in opened.all("ol", class_="cb-found")[0].all("li"):
        link = item.all("a")[0]
        names = item.all("span", class_="cb-found-in")
        address = link.attributes["href"].partition("/house/agreements/")[2]
        results.append((address, link.text().strip(), names[0].text().strip() if names else ""))
    return results


browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
LOSSES = ("agreements/sparrow-lab/#losses", "1.1 Losses", "Sparrow Lab")
CONTROL = ("agreements/sparrow-lab/#control", "1.2 Assignment", "Sparrow Lab")
SCORE = ("agreements/sparrow-lab/#score", "2.1 Quality", "Sparrow Lab")
PRIVACY = ("agreements/sparrow-lab/#privacy", "2.2 Privacy", "Sparrow Lab")
ENDING = ("agreements/finch-hub/#ending", "1.1 Ending", "Finch Hub")


@browser
@pytest.mark.slow("a real browser opens the search page")
@pytest.mark.parametrize(
    ("question", "first", "marked"),
    [
        ("indemnity", LOSSES, []),
        ("hold harmless", LOSSES, []),
        ("change of control", CONTROL, ["change of control"]),
        ("Change-of-Control", CONTROL, ["change of control"]),
        ("“change of control”", CONTROL, ["change of control"]),
        ("NPS", SCORE, []),
        ("net promoter", SCORE, ["“Net Promoter Score”"]),
        ("hipaa", PRIVACY, ["“HIPAA"]),
        ("terminates", ENDING, ["Termination"]),
        ("party's quality", SCORE, ["Party’s"]),
        ("party’s quality", SCORE, ["Party’s"]),
    ],
)
def test_a_question_leads_to_the_clause(
    house: ServedSite, question: str, first: tuple[str, str, str], marked: list[str]
) -> None:
    opened = house.opened(f"search/?q={quote_plus(question)}")
    results = found(opened)
    assert results[0] == first, opened.by_id("cb-said").text()
    item = opened.all("ol", class_="cb-found")[0].all("li")[0]
    assert [each.text() for each in item.all("mark")] == marked
    assert "⟦" not in item.text()
    if question == "change of control":
        assert not [each for each in results if "finch-hub" in each[0]]
    if not marked:
        assert f"Says in other words: {question}" in item.text()


@browser
@pytest.mark.slow("a real browser opens the search page")
def test_agreements_are_chosen_by_their_facts(house: ServedSite) -> None:
    every = found(house.opened("search/?q=Harborview"))
    assert {each[0].split("#")[0] for each in every} >= {"agreements/sparrow-lab/", "agreements/finch-hub/"}
    opened = house.opened("search/?q=Harborview&Status=Draft")
    assert {each[0].split("#")[0] for each in found(opened)} == {"agreements/finch-hub/"}
    fields = {each.attributes["name"] for each in opened.all("select") if "name" in each.attributes}
    assert fields == {"Status", "Kind", "Type", "Party"}
    nothing = house.opened("search/?q=zebra&Status=Draft")
    assert "Nothing has all of these words" in nothing.by_id("cb-said").text()


@browser
@pytest.mark.slow("a real browser opens the search page")
@pytest.mark.parametrize("question", ["zebra", "abacus", "O'Brien", "insulin", '"abacus"', "quality abacus"])
def test_a_word_that_nothing_says_finds_nothing(house: ServedSite, question: str) -> None:
    opened = house.opened(f"search/?q={quote_plus(question)}")
    assert found(opened) == []
    assert "Nothing has all of these words" in opened.by_id("cb-said").text()


@browser
@pytest.mark.slow("a real browser opens the search page")
def test_values_are_inert_and_nothing_is_asked_of_elsewhere(house: ServedSite) -> None:
    house.requests.clear()
    opened = house.opened("search/?q=hipaa+%3Cimg+src=y%3E")
    assert not opened.all("img", src="y")
    opened = house.opened("search/?q=hipaa")
    item = opened.all("ol", class_="cb-found")[0].all("li")[0]
    assert "<img src=x onerror=alert(1)> & co." in item.text()
    assert not item.all("img")
    assert house.requests
    assert all(path.startswith("/house/agreements/") and size for path, size in house.requests)


@browser
@pytest.mark.slow("a real browser opens pages")
def test_a_page_loads_no_search_until_somebody_searches(house: ServedSite) -> None:
    house.requests.clear()
    house.opened("agreements/sparrow-lab/")
    house.opened("search/")
    loaded = [path for path, _ in house.requests if "/search/" in path or "pagefind" in path]
    assert loaded == ["/house/agreements/search/"]


def test_without_javascript_the_page_says_so(site: Path) -> None:
    page = read_html((site / "search/index.html").read_text("utf-8"), strict=False)
    assert "needs JavaScript" in page.all("noscript")[-1].text()
    assert "hidden" in page.all("div", class_="cb-search")[0].attributes


@browser
@pytest.mark.slow("a real browser opens the search page")
def test_from_a_disk_the_page_says_what_to_do(site: Path) -> None:
    opened = ServedSite(f"{site.as_uri()}/").opened("search/index.html?q=hipaa")
    assert "Browsers do not let a page on a disk search" in opened.by_id("cb-said").text()


def test_an_agreements_parts_are_where_its_sections_are() -> None:
    records = agreement_records(SPARROW.document)
    assert [(each.anchor, each.part) for each in records] == [
        ("", True), ("risk", True), ("losses", False), ("control", False),
        ("care", True), ("score", False), ("privacy", False),
    ]  # fmt: skip
