"""Markdown, read and written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.assemble.numbering import item_number
from clausebook.document.model import Block, Clause, Document, Item, ItemList, Paragraph, Run, Section, Table
from clausebook.document.outgoing import outgoing
from clausebook.document.words import words
from clausebook.render.markdown import escape, inline_markdown, render_markdown
from clausebook.render.pandoc import FORMATS, render_with_pandoc
from tests.support.markdown_reader import markdown_outline, markdown_words
from tests.support.sample_documents import sample
from tests.support.tiers import examples

HOSTILE = (
    "{{ 7*7 }}", "<script>alert(1)</script>", "*bold*", "**b", "_u_", "[x](javascript:alert(1))", "![i](x)", "`code`",
    "# heading", "- item", "+ item", "1. item", "2) item", "> quote", "---", "===", "| a | b |", "\\", "\\*", "&amp;",
    "&#42;", "<!-- c -->", "~~s~~", "```", "    code", "https://example.com", "www.example.com", "a@example.com", "$x$",
    "#set page(width: 1pt)", ":---:", "*", "**", "***", "__", "[ ]", "[^1]", "[x]: y", "<b>", "a|b", "x" * 300, "é¡ ¿",
)  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.sampled_from("ab1 *_`#[]()<>&|~\\!-+=.:;'\"$@{}^/"), min_size=1, max_size=12),
    st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters="\u00ad"), min_size=1, max_size=8),
)
RUNS = st.lists(st.builds(Run, TEXT, st.booleans(), st.booleans()), min_size=1, max_size=4).map(tuple)


def blocks(depth: int = 0) -> st.SearchStrategy[tuple[Block, ...]]:
    """Give blocks such as a clause has."""
    paragraph = st.builds(Paragraph, RUNS)
    table = st.builds(
        lambda rows: Table(("left", "right"), rows[0], rows[1:]),
        st.lists(st.tuples(RUNS, RUNS), min_size=2, max_size=3).map(tuple),
    )
    kinds: list[st.SearchStrategy[Block]] = [paragraph]
    if depth < 3:
        items = st.lists(
            blocks(depth + 1).filter(lambda found: isinstance(found[0], Paragraph)), min_size=1, max_size=3
        )
        kinds += [
            table,
            st.builds(
                lambda bodies, ordered: ItemList(
                    tuple(Item(item_number(depth, n) if ordered else "", body) for n, body in enumerate(bodies, 1)),
                    ordered,
                    depth,
                ),
                items,
                st.booleans(),
            ),
        ]
    return st.lists(st.one_of(*kinds), min_size=1, max_size=3).map(tuple)


def document(title: str, body: tuple[Block, ...]) -> Document:
    """Return a document with the title in every title's place and the blocks in every block's."""
    whole = outgoing(sample())
    clause = Clause("c", "1.1", title, body)
    return replace(whole, kind=title, title=title, sections=(Section("s", "1.", title, (clause,)),))


@settings(max_examples=examples(400))
@given(TEXT.filter(lambda text: text.strip()), blocks())
def test_the_words_of_any_document_are_seen_as_they_are(title: str, body: tuple[Block, ...]) -> None:
    whole = document(title, body)
    assert markdown_words(render_markdown(whole)) == words(whole)


@settings(max_examples=examples(300))
@given(TEXT.filter(lambda text: text.strip()))
def test_a_value_changes_no_structure(value: str) -> None:
    assert markdown_outline(render_markdown(sample(value))) == markdown_outline(render_markdown(sample()))


def test_the_sample_reads_well() -> None:
    text = render_markdown(outgoing(sample()))
    assert text.startswith("# Sample Agreement\n\n**A Sample of “Everything”**\n\nThis Agreement is between")
    assert "\n## 1. First Section\n\n### 1.1 Scope\n\n" in text
    assert "\n- (a) first, Harborview Health System:\n\n  - (i) inner one; and\n\n    - (A) deepest.\n" in text
    assert "[the site](<https://example.com/a?b=1&c=2>)" in text
    assert "\n\n* (a) a list that starts again;\n* (b) Harborview Health System\n" in text
    assert "| :--- | ---: | :---: |" in text
    assert text.endswith("\n")


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_pandoc_writes_the_other_formats_from_its_own_tree(name: str) -> None:
    first, second = (render_with_pandoc(outgoing(sample("<b> *x* | `y`")), name) for _ in range(2))
    assert first == second
    assert first


def test_plain_text_has_the_document_s_words() -> None:
    whole = replace(outgoing(sample("<b> *x* | `y` \\z")), draft=False)
    seen = render_with_pandoc(whole, "txt").decode().split()
    furniture = {"-", "•"}
    assert [word for word in seen if word.strip("-") and word not in furniture] == words(whole)


def test_escape_is_the_identity_on_plain_words() -> None:
    assert escape("Harborview Health System, Inc.") == "Harborview Health System, Inc."


def test_an_exclamation_mark_before_a_link_makes_no_picture() -> None:
    runs = (Run("Read this!"), Run("the terms", target="https://a.example/"), Run("!", strong=True))
    assert inline_markdown(runs).startswith("Read this\\![the terms](<https://a.example/>)")


def test_a_table_without_words_before_it_stands_in_its_item() -> None:
    table = Table(("left", "right"), ((Run("Name"),), (Run("Sum"),)), (((Run("Fee"),), (Run("5"),)),))
    clause = Clause("fees", "1.1", "Fees", (Paragraph((Run("These:"),)), ItemList((Item("", (table,)),), True, 0)))
    found = replace(sample(), sections=(Section("money", "1.", "Money", (clause,)),))
    text = render_markdown(outgoing(found))
    assert "These:\n\n- | Name | Sum |\n  | :--- | ---: |\n  | Fee | 5 |\n" in text
    assert markdown_words(text) == words(found)


def test_neighbours_of_one_look_stand_between_one_pair_of_marks() -> None:
    runs = (
        Run("Fees", strong=True, target="#term-fees"),
        Run(" and ", strong=True),
        Run("Billing", strong=True, target="https://a.example/"),
        Run(". ", strong=True),
        Run("They are due."),
    )
    assert inline_markdown(runs) == "**Fees and [Billing](<https://a.example/>).** They are due."


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"odt", "epub"}))
def test_what_is_not_to_be_signed_says_so_first(name: str) -> None:
    def begins(document: Document) -> bytes:
        return render_with_pandoc(document, name)

    text = outgoing(sample("words"))
    assert b"NOT APPROVED" in begins(replace(text, draft=True, unapproved=True))
    assert b"DRAFT" in begins(replace(text, draft=True))
    assert b"DRAFT" not in begins(replace(text, draft=False))
