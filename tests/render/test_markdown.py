"""Markdown, read and written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.assemble.clause_markdown import MarkdownError, parse_clause
from clausebook.assemble.numbering import cited, heading_number, item_number, letters, roman
from clausebook.document.model import Block, Clause, Document, Item, ItemList, Origin, Paragraph, Run, Section, Table
from clausebook.document.outgoing import outgoing
from clausebook.document.words import words
from clausebook.language.sheets import Filling
from clausebook.language.values import CLOSE, OPEN
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


QUOTES = "“”‘’"


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
    whole = outgoing(sample("<b> *x* | `y` \\z"))
    seen = render_with_pandoc(whole, "txt").decode().split()
    furniture = {"-", "•"}
    assert [word for word in seen if word.strip("-") and word not in furniture] == words(whole)


def test_escape_is_the_identity_on_plain_words() -> None:
    assert escape("Harborview Health System, Inc.") == "Harborview Health System, Inc."


LIBRARY = Origin("library", "c", "1.0")


def make_run(text: str, piece: Filling | None) -> Run:
    """Return runs as the assembler makes them."""
    return Run(piece.text if piece else text, origin=Origin("data", pointer=piece.pointer) if piece else LIBRARY)


def placeholder(index: int) -> str:
    return f"{OPEN}{index}{CLOSE}"


def parse(text: str, *pieces: Filling) -> tuple[Block, ...]:
    return parse_clause(text, pieces, "clause", QUOTES, make_run).blocks


def test_lists_are_numbered_by_depth_and_begin_where_they_say() -> None:
    found = parse("1. a\n   1. b\n      1. c\n         1. d\n   1. e\n1. f\n\ntext\n\n3. g\n4. h\n")
    numbers: list[str] = []

    def walk(many: tuple[Block, ...]) -> None:
        for block in many:
            if isinstance(block, ItemList):
                for item in block.items:
                    numbers.append(item.number)
                    walk(item.blocks)

    walk(found)
    assert numbers == ["(a)", "(i)", "(A)", "(1)", "(ii)", "(b)", "(c)", "(d)"]


def test_labels_mark_items_and_paragraphs() -> None:
    pieces = (Filling("label", target="one"), Filling("label", target="two"), Filling("label", target="three"))
    text = f"{placeholder(0)}First.\n\n1. a\n2. {placeholder(1)}b\n   1. c\n   2. {placeholder(2)}d\n"
    parsed = parse_clause(text, pieces, "slot", QUOTES, make_run)
    assert parsed.labels == {"one": "", "two": "(b)", "three": "(b)(ii)"}
    first, items = parsed.blocks
    assert isinstance(first, Paragraph)
    assert isinstance(items, ItemList)
    assert first.anchor == "slot--one"
    assert items.items[1].anchor == "slot--two"


def test_quotation_marks_of_the_library_are_typographic_and_values_are_left_alone() -> None:
    (paragraph,) = parse(f'The "Term" of {placeholder(0)}\'s choice.', Filling("data", 'O\'Neil "x"', "/p"))
    assert isinstance(paragraph, Paragraph)
    assert "".join(run.text for run in paragraph.runs) == 'The “Term” of O\'Neil "x"’s choice.'


def test_emphasis_links_and_breaks() -> None:
    (paragraph,) = parse("a **b *c*** [d](https://example.com)  \ne\nf")
    assert isinstance(paragraph, Paragraph)
    assert [(run.text, run.strong, run.emphasis, run.target) for run in paragraph.runs] == [
        ("a ", False, False, ""),
        ("b ", True, False, ""),
        ("c", True, True, ""),
        (" ", False, False, ""),
        ("d", False, False, "https://example.com"),
        ("\u2028e f", False, False, ""),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# Heading", "a heading"),
        ("> quote", "a block quote"),
        ("```\ncode\n```", "a code block"),
        ("`code`", "code"),
        ("---", "a rule"),
        ("<div>x</div>", "HTML"),
        ("a <b>x</b>", "HTML"),
        ("![x](https://example.com/x.png)", "an image"),
        ("~~x~~", "struck-out text"),
        ("[x](http://example.com)", "neither https: nor mailto:"),
        ("[x](/etc/passwd)", "neither https: nor mailto:"),
        ("0. zero", "from 1 to 80"),
        ("\n".join(f"{n}. x" for n in range(1, 90)), "more than 80"),
        ("1. a\n   1. b\n      1. c\n         1. d\n            1. e", "nested too deep"),
        ("1.\n2. x", "an empty item"),
        ("| a |\n|---|", "no rows"),
        ("a\u200bb", "U+200B"),
    ],
)
def test_what_a_contract_cannot_hold_is_refused(text: str, message: str) -> None:
    with pytest.raises(MarkdownError, match=message.replace("+", r"\+")):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        f"[x](https://example.com/{placeholder(0)})",
        f"[{placeholder(0)}]: https://example.com",
        "nothing",
        f"[x](https://example.com '{placeholder(0)}')",
    ],
)
def test_a_value_cannot_get_lost(text: str) -> None:
    with pytest.raises(MarkdownError):
        parse(text, Filling("data", "value", "/p"))


def test_a_placeholder_that_was_never_given_out_is_refused() -> None:
    with pytest.raises(MarkdownError, match="private-use"):
        parse(placeholder(7))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{placeholder(0)}a\n\n{placeholder(1)}b", "given twice"),
        (f"{placeholder(0)}{placeholder(1)}b", "the same place"),
        (f"| a |\n|---|\n| {placeholder(0)}{placeholder(1)} |", "the same place"),
    ],
)
def test_labels_are_unique(text: str, message: str) -> None:
    with pytest.raises(MarkdownError, match=message):
        parse(text, Filling("label", target="x"), Filling("label", target="x"))


def test_a_label_cannot_stand_in_a_table() -> None:
    with pytest.raises(MarkdownError, match="in a table"):
        parse(f"| a |\n|---|\n| {placeholder(0)} |", Filling("label", target="x"))


@given(st.integers(1, 200))
def test_letters_count_as_word_does(count: int) -> None:
    text = letters(count)
    assert len(set(text)) == 1
    assert (len(text) - 1) * 26 + ord(text[0]) - 96 == count


def test_numbers() -> None:
    assert [roman(count) for count in (1, 4, 9, 14, 40, 49, 89)] == ["i", "iv", "ix", "xiv", "xl", "xlix", "lxxxix"]
    assert heading_number("Schedule {A} –", 3) == "Schedule C –"
    assert heading_number("{section}.{n}", 2, section="4") == "4.2"
    assert [cited(number) for number in ("6.", "Schedule A –", "6.2")] == ["6", "Schedule A", "6.2"]
    for wrong in (0, 90):
        with pytest.raises(ValueError, match="roman"):
            roman(wrong)
    with pytest.raises(ValueError, match="counting"):
        letters(0)


def test_an_exclamation_mark_before_a_link_makes_no_picture() -> None:
    runs = (Run("Read this!"), Run("the terms", target="https://a.example/"), Run("!", strong=True))
    assert inline_markdown(runs).startswith("Read this\\![the terms](<https://a.example/>)")


def test_neighbours_of_one_look_stand_between_one_pair_of_marks() -> None:
    runs = (
        Run("Fees", strong=True, target="#term-fees"),
        Run(" and ", strong=True),
        Run("Billing", strong=True, target="https://a.example/"),
        Run(". ", strong=True),
        Run("They are due."),
    )
    assert inline_markdown(runs) == "**Fees and [Billing](<https://a.example/>).** They are due."
