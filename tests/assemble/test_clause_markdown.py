"""From a clause's rendered Markdown to blocks: what becomes of each construct, and what is refused, where."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from clausebook.assemble.clause_markdown import MAX_ITEMS, MarkdownError, MarkdownFault, parse_clause
from clausebook.assemble.parsing import MOST_KEPT, PENDING, Source, parse_sheet, place_in
from clausebook.document.model import Block, ItemList, Origin, Paragraph, Run, Runs, Table
from clausebook.language.fillings import CLOSE, OPEN, Filling
from clausebook.language.sheets import Sheet


def held(number: int) -> str:
    return f"{OPEN}{number}{CLOSE}"


A, B = held(0), held(1)
VALUE = Filling("data", "*Finch*", "/name")
TERM = Filling("term", "Secret", target="secret")
DEFINED = Filling("definition", "Secret", target="secret")
FIRST, SECOND = Filling("label", target="first"), Filling("label", target="second")


def make_run(text: str, piece: Filling | None) -> Run:
    if piece is None:
        return Run(text, origin=Origin("library", "clause"))
    target = f"#{piece.target}" if piece.kind == "term" else ""
    return Run(text, target=target, origin=Origin("data", pointer=piece.pointer))


def runs(shown: Runs) -> str:
    """Show runs: strong ones in **, emphatic ones in _, links with their targets, and where a run ends by |."""

    def one(run: Run) -> str:
        text = f"_{run.text}_" if run.emphasis else run.text
        text = f"**{text}**" if run.strong else text
        return f"[{text}]({run.target})" if run.target else text

    return "|".join(map(one, shown))


def shown(block: Block) -> str:
    match block:
        case Paragraph():
            return (f"#{block.anchor} " if block.anchor else "") + runs(block.runs)
        case ItemList():
            items = (
                f"{item.number or '-'} {f'@{item.anchor} ' if item.anchor else ''}{'; '.join(map(shown, item.blocks))}"
                for item in block.items
            )
            return f"[{' / '.join(items)}]"
        case Table():
            rows = [block.header, *block.rows]
            return " // ".join([",".join(block.alignments), *(" + ".join(map(runs, row)) for row in rows)])


def parsed(text: str, *pieces: Filling) -> list[str]:
    return [shown(block) for block in parse_clause(text, pieces, "clause", "“”‘’", make_run).blocks]


def refused(text: str, *pieces: Filling) -> list[tuple[str, int]]:
    with pytest.raises(MarkdownError) as caught:
        parse_clause(text, pieces, "clause", "“”‘’", make_run)
    return [(fault.message, fault.line) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "pieces", "blocks"),
    [
        ("One\nand\\\ntwo.\n\nThree.", (), ["One and\u2028two.", "Three."]),
        ("a **b** *c* ***d*** e", (), ["a |**b**| |_c_| |**_d_**| e"]),
        ("**a *b* c** d", (), ["**a **|**_b_**|** c**| d"]),
        ('"quoted" and it\'s', (), ["“quoted” and it’s"]),
        (f'The "Term" of {A}\'s.', (Filling("data", 'O\'Neil "x"'),), ['The “Term” of |O\'Neil "x"|’s.']),
        ("see [here](https://example.com/a?b=1) and [mail](mailto:a@b.example).", (), [
            "see |[here](https://example.com/a?b=1)| and |[mail](mailto:a@b.example)|."
        ]),
        # A value is a run of its own, as it is, and takes the look of what is around it.
        (f"by {A}.", (VALUE,), ["by |*Finch*|."]),
        (f"{A}{B}", (VALUE, VALUE), ["*Finch*|*Finch*"]),
        (f"**{A}** [{B}](https://a.example)", (VALUE, VALUE), ["***Finch***| |[*Finch*](https://a.example)"]),
        (f"a [{A}](https://a.example)", (TERM,), ["a |[Secret](#secret)"]),
        # Lists
        ("1. a\n2. b", (), ["[(a) a / (b) b]"]),
        ("3. a\n4. b", (), ["[(c) a / (d) b]"]),
        ("- a\n- b", (), ["[- a / - b]"]),
        ("1. a\n   1. b\n      1. c\n         1. d", (), ["[(a) a; [(i) b; [(A) c; [(1) d]]]]"]),
        ("- a\n  1. b", (), ["[- a; [(a) b]]"]),
        ("1. a\n   - b\n     1. c", (), ["[(a) a; [- b; [(i) c]]]"]),
        ("1. - a\n2. b", (), ["[(a) [- a] / (b) b]"]),
        ("1. a\n\n   b\n2. c", (), ["[(a) a; b / (b) c]"]),
        # Labels
        (f"{A}One", (FIRST,), ["#clause--first One"]),
        (f"1. {A}a\n2. b", (FIRST,), ["[(a) @clause--first a / (b) b]"]),
        (f"1. a\n\n   {A}b", (FIRST,), ["[(a) a; #clause--first b]"]),
        (f"- {A}a", (FIRST,), ["[- #clause--first a]"]),
        # Tables
        ("| a | b | c |\n|---|:-:|--:|\n| 1 | **2** | 3 |\n| 4 | | 6 |", (), [
            "left,center,right // a + b + c // 1 + **2** + 3 // 4 +  + 6"
        ]),
    ],
)  # fmt: skip
def test_what_becomes_of_it(text: str, pieces: Sequence[Filling], blocks: list[str]) -> None:
    assert parsed(text, *pieces) == blocks


@pytest.mark.parametrize(("quotes", "shown_as"), [("“”‘’", "“|**Secret**|”"), ("„“‚‘", "„|**Secret**|“")])
def test_a_term_is_defined_in_the_quotation_marks_of_the_language(quotes: str, shown_as: str) -> None:
    found = parse_clause(A, (DEFINED,), "clause", quotes, make_run)
    assert [shown(block) for block in found.blocks] == [f"#clause--term-secret {shown_as}"]
    assert found.defined == {"secret": "clause--term-secret"}


def test_labels_are_cited_by_the_items_that_lead_there() -> None:
    text = f"1. a\n   1. b\n   2. {A}c\n\n{B}d"
    assert parse_clause(text, (FIRST, SECOND), "clause", "“”‘’", make_run).labels == {"first": "(a)(ii)", "second": ""}


def items(count: int, start: int = 1) -> str:
    return "\n".join(f"{number}. x" for number in range(start, start + count))


def test_as_many_items_as_letters_reach_are_numbered() -> None:
    assert parsed(items(MAX_ITEMS))[0].endswith("(bbbb) x]")
    assert parsed(items(1, MAX_ITEMS)) == ["[(bbbb) x]"]
    assert refused(items(MAX_ITEMS + 1)) == [(f"a list has more than {MAX_ITEMS} items", 1)]
    assert refused(items(MAX_ITEMS + 3)) == [(f"a list has more than {MAX_ITEMS} items", 1)]
    assert parsed("\n".join(["- x"] * (MAX_ITEMS + 3)))


NOT_HELD = "the clause uses {}, which a contract cannot hold"
LOST = "stands where text cannot be, such as in a link's address or an unused block"


@pytest.mark.parametrize(
    ("text", "pieces", "faults"),
    [
        ("a\n\n0. b", (), [(f"a list begins with a number from 1 to {MAX_ITEMS}", 3)]),
        (f"{MAX_ITEMS + 1}. b", (), [(f"a list begins with a number from 1 to {MAX_ITEMS}", 1)]),
        ("1. a\n   1. b\n      1. c\n         1. d\n            1. e", (), [
            ("lists are nested too deep to be numbered", 5)
        ]),
        ("1. a\n2.\n3. b", (), [("a list has an empty item", 2)]),
        ("a\n\n| a |\n|---|", (), [("a table has no rows", 3)]),
        ("one\ntwo <b>bold</b> and </i>", (), [(NOT_HELD.format("HTML"), 2)]),
        ("one </b>\ntwo <b>", (), [(NOT_HELD.format("HTML"), 1), (NOT_HELD.format("HTML"), 2)]),
        ("| a |\n|---|\n| b |\n| `c` |", (), [(NOT_HELD.format("code"), 4)]),
        ("| a |\n|---|\n| b |\n\nc\n`d`", (), [(NOT_HELD.format("code"), 6)]),
        ("one\\\ntwo\n`three`", (), [(NOT_HELD.format("code"), 3)]),
        ("> # a\n\n~~b~~", (), [
            (NOT_HELD.format("a block quote"), 1),
            (NOT_HELD.format("a heading"), 1),
            (NOT_HELD.format("struck-out text"), 3),
        ]),
        ("one\n\n```\ncode\n```", (), [(NOT_HELD.format("a code block"), 3)]),
        ("<div>x</div>", (), [(NOT_HELD.format("HTML"), 1)]),
        ("one\n\n---", (), [(NOT_HELD.format("a rule"), 3)]),
        ("![x](https://example.com/x.png)", (), [(NOT_HELD.format("an image"), 1)]),
        ("[a](/etc/passwd)", (), [("the link to '/etc/passwd' is neither https: nor mailto:", 1)]),
        ("[a](ftp://b)", (), [("the link to 'ftp://b' is neither https: nor mailto:", 1)]),
        ("[a]()", (), [("the link to '' is neither https: nor mailto:", 1)]),
        # Labels
        (f"{A}One\n\n{B}Two", (FIRST, FIRST), [("the label `first` is given twice", 3)]),
        (f"{A}{B}One", (FIRST, SECOND), [("the labels `first` and `second` mark the same place", 1)]),
        (f"| a |\n|---|\n| {A}b |\n| c |", (FIRST,), [("a label cannot stand in a table", 3)]),
        # Values that would be lost, and what is refused around them.
        (f"a\n\n[b](https://{A})", (VALUE,), [(f"the value of `/name` {LOST}", 3)]),
        (f"a\n[b](https://{A})", (TERM,), [(f"“Secret” {LOST}", 2)]),
        (f"[x](https://b.example '{A}')", (VALUE,), [(f"the value of `/name` {LOST}", 1)]),
        ("nothing", (VALUE,), [(f"the value of `/name` {LOST}", 1)]),
        (f"[b]: https://{A}", (FIRST,), [(f"“first” {LOST}", 1)]),
        (f"`{A}`", (VALUE,), [(NOT_HELD.format("code"), 1)]),
        (f"a {B} b", (VALUE,), [("the text holds a private-use character", 1)]),
        # Characters that nobody sees; in a value they are told elsewhere.
        ("a\u200bb", (), [("the text holds the invisible character U+200B", 1)]),
        (f"a\n{A} \ue123", (VALUE,), [("the text holds the invisible character U+E123", 2)]),
    ],
)  # fmt: skip
def test_what_a_contract_cannot_hold_is_told_at_its_line(
    text: str, pieces: Sequence[Filling], faults: list[tuple[str, int]]
) -> None:
    assert refused(text, *pieces) == faults


def test_a_value_may_hold_what_a_clause_may_not() -> None:
    assert parsed(f"by {A}", Filling("data", "a\u200bb", "/name")) == ["by |a\u200bb"]


def test_only_words_of_the_library_are_joined() -> None:
    assert parsed("a &amp; b") == ["a & b"]
    assert parsed(f"{A}{A}", VALUE) == ["*Finch*|*Finch*"]


@pytest.mark.parametrize(
    ("template", "rendered", "needle", "place"),
    [
        # The line of the template with the same words; of several, the one that is the same.
        ("one\ntwo `x` {{ a }}\n", f"one\ntwo `x` {A}\n", "`", (2, 5)),
        ("say `x`\n{% if a %}\n`x`\n{% endif %}", "`x`", "`", (3, 1)),
        ("say `x`\nmore", "say `x`", "none", (1, 1)),
        ("  `x`", "`x`", "", (1, 1)),
        # What no line of the template has is told at its beginning.
        ("other", "`x`", "`", (1, 1)),
        ("{{ a }}", A, "", (1, 1)),
        ("one", "", "`", (1, 1)),
    ],
)
def test_a_fault_is_placed_in_the_template(template: str, rendered: str, needle: str, place: tuple[int, int]) -> None:
    line = next((at for at, text in enumerate(rendered.split("\n"), 1) if needle and needle in text), 1)
    assert place_in(template, rendered, MarkdownFault("x", line, needle)) == place


def test_a_fault_behind_the_last_line_is_placed_at_the_beginning() -> None:
    assert place_in("one\ntwo", "one\ntwo", MarkdownFault("x", 9, "two")) == (1, 1)


def test_of_the_words_around_a_value_those_with_the_fault_tell_the_line() -> None:
    template = "a long beginning of a line and more\na long beginning of a line {{ a }} `x`"
    rendered = f"a long beginning of a line {A} `x`"
    assert place_in(template, rendered, MarkdownFault("x", 1, "`")) == (2, 36)


@pytest.mark.parametrize(("linked", "target"), [(True, "#term-secret"), (False, "")])
def test_a_term_leads_to_its_definition_where_there_are_any(linked: bool, target: str) -> None:
    sheet = Sheet(f"a {A} and {B}", (TERM, Filling("reference", target="limits", label="first", line="3")))
    source = Source("keeping", "keeping", "1.0", "“”‘’", linked)
    made = parse_sheet(sheet, source)
    (paragraph,) = made.blocks
    assert isinstance(paragraph, Paragraph)
    assert [run.target for run in paragraph.runs] == ["", target, "", PENDING]
    assert [(run.text, run.origin and run.origin.pointer) for run in made.references] == [("3 ", "limits#first")]
    plain = parse_sheet(Sheet(sheet.text, (TERM, Filling("reference", target="limits", line="3"))), source)
    assert [run.origin and run.origin.pointer for run in plain.references] == ["limits"]


def test_a_text_that_refers_to_nothing_is_the_same_for_all() -> None:
    made = parse_sheet(Sheet("as plain as can be"), Source("keeping", "keeping", "1.0", "“”‘’", False))
    assert made.references == ()
    assert made.resolved(()) is made.blocks


def test_a_text_is_resolved_once_for_the_same_numbers() -> None:
    sheet = Sheet(f"see {A}, that is all", (Filling("reference", target="limits", line="1"),))
    made = parse_sheet(sheet, Source("keeping", "keeping", "1.0", "“”‘’", False))
    first = made.resolved((Run("clause 1"),))
    assert shown(first[0]) == "see |clause 1|, that is all"
    assert made.resolved((Run("clause 1"),)) is first
    for number in range(2, 2 + MOST_KEPT):
        assert shown(made.resolved((Run(f"clause {number}"),))[0]) == f"see |clause {number}|, that is all"
    again = made.resolved((Run("clause 1"),))
    assert again == first
    assert again is not first, "what is kept is bounded"
