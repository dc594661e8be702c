"""The HTML of an agreement's text."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.document.model import Clause, Document, Origin, Paragraph, Run, Section
from clausebook.document.words import words
from clausebook.render.html import render_html
from tests.support.html_reader import read_html
from tests.support.sample_documents import plain, sample
from tests.support.tiers import examples

HOSTILE = [
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
    "</p></article>",
    "*bold*",
    "[x](javascript:alert(1))",
    "#set page(width: 1pt)",
    '" onmouseover="alert(1)',
    "' autofocus='",
    "&lt;b&gt; &amp; &notit; &#60;",
    'a data-search-exclude="true" b',
    "<!-- comment",
    "]]>",
    "x" * 10_000,
]


def a_document(*runs: Run) -> Document:
    clause = Clause("scope", "1.1", "Scope", (Paragraph(runs),))
    section = Section("one", "1.", "One", (clause,))
    return replace(sample(), opening=None, closing=None, signatures=(), schedules=(), sections=(section,))


def strings(value: object, skip: tuple[str, ...]) -> list[str]:
    """Return every string in a dataclass, fields in `skip` left out."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in strings(part, skip)]
    if is_dataclass(value):
        return [text for f in fields(value) if f.name not in skip for text in strings(getattr(value, f.name), skip)]
    return []


def test_words_are_the_contracts_own() -> None:
    document = sample()
    article = read_html(render_html(document))
    assert article.words() == words(document)
    assert article.raw_text().split() == words(document)


def test_structure() -> None:
    page = read_html(render_html(sample()))
    assert [h.raw_text() for h in page.all("h1")] == ["A Sample of “Everything”"]
    assert [h.raw_text() for h in page.all("h2")] == [
        "1. First Section",
        "2. Second Section",
        "Schedule A Definitions",
        "Schedule B General Terms",
    ]
    assert [h.raw_text() for h in page.all("h3")] == ["1.1 Scope", "1.2 Money & Time", "2.1 Law", "1. Notices"]
    table = page.all("table")[0]
    assert [cell.attributes for cell in table.all("th")] == [
        {"scope": "col"},
        {"scope": "col", "class": "right"},
        {"scope": "col", "class": "center"},
    ]
    assert len(table.all("tr")) == 3
    assert [line.attributes["class"] for line in page.all("dl")[0].all("div")] == [
        "line signature",
        "line name",
        "line title",
        "line date",
    ]


def test_every_anchor_is_there_once_and_every_link_meets_one() -> None:
    document = sample()
    terms = replace(document.schedules[0], definitions=document.schedules[0].definitions[:1])
    page = read_html(render_html(replace(document, schedules=(terms, document.schedules[1]))))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    assert {"first", "scope", "scope--second", "opening", "definitions", "term-party", "general", "notices"} <= set(ids)
    inner = [a.attributes["href"] for a in page.all("a") if a.attributes["href"].startswith("#")]
    assert {href[1:] for href in inner} <= set(ids)


def test_permanent_links_are_empty_and_named() -> None:
    links = read_html(render_html(sample())).all("a", class_="permalink")
    assert len(links) == 8
    assert all(link.children == [] for link in links)
    assert links[2].attributes == {"class": "permalink", "href": "#money", "aria-label": "Link to 1.2 Money & Time"}


def test_looks_nest() -> None:
    html = render_html(a_document(Run("x", strong=True, emphasis=True, target="https://example.com/?a=1&b=2")))
    assert (
        '<a href="https://example.com/?a=1&amp;b=2" rel="noopener noreferrer"><strong><em>x</em></strong></a>' in html
    )


@pytest.mark.parametrize("target", ["javascript:alert(1)", "http://example.com", "//example.com", "data:x", " https:x"])
def test_other_links_are_plain_text(target: str) -> None:
    assert "<p>x</p>" in render_html(a_document(Run("x", target=target)))


def test_nothing_internal_is_inside() -> None:
    document = sample()
    html = render_html(replace(document, status="INTERNAL-status", version="INTERNAL-version"))
    assert "INTERNAL" not in html
    for clause in document.clauses():
        assert clause.source
        for internal in strings(clause.source, ()):
            assert len(internal) < 4 or internal not in html
    marked = a_document(Run("x", origin=Origin("data", "INTERNAL-a", "INTERNAL-b", "INTERNAL-c")))
    assert "INTERNAL" not in render_html(marked)


@pytest.mark.parametrize("value", HOSTILE)
def test_values_are_inert(value: str) -> None:
    assert_inert(value)


@settings(max_examples=examples(200))
@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=80))
def test_any_value_is_inert(value: str) -> None:
    assert_inert(value)


def assert_inert(value: str) -> None:
    document = sample(value)
    html = render_html(document)
    page = read_html(html)
    assert page.words() == words(document)
    assert page.shape() == read_html(render_html(sample("plain"))).shape()
    assert value in page.all("p")[1].raw_text()
    # Material for MkDocs deletes attributes from finished pages by pattern: no value may look like one.
    assert not re.search(r"[\s;]\w[\w-]*=\"[^\"]*\"(?![^<]*>)", html)


def test_titles_and_ids_are_escaped_in_attributes() -> None:
    hostile = '"><script>x</script>'
    clause = Clause(hostile, hostile, hostile, (Paragraph(plain("x"), anchor=hostile),))
    page = read_html(render_html(replace(sample(), sections=(Section(hostile, hostile, hostile, (clause,)),))))
    assert page.all("script") == []
    assert page.all("h2")[0].attributes["id"] == hostile
    assert page.all("a", class_="permalink")[0].attributes["aria-label"] == f"Link to {hostile} {hostile}"
