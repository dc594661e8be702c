"""A text is parsed by its parts, and that gives what the parse of the whole gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.assemble.clause_markdown import MarkdownError, parse_clause
from clausebook.assemble.parsing import Source, parse_sheet, run_maker
from clausebook.assemble.text_parts import parts_of
from clausebook.document.model import Block, ItemList, Paragraph
from clausebook.language.fillings import CLOSE, OPEN, Filling
from clausebook.language.sheets import Sheet

SOURCE = Source("keeping", "keeping", "1.0", "“”‘’", linked=False)
LINES = (
    "Words and more.",
    "1. An item",
    "2. Another",
    "- A bullet",
    "* A bullet of another kind",
    "- [x] A box",
    "   1. An inner item",
    "   More of it",
    "| a | b |",
    "|---|--:|",
    "| c | d |",
    "*a* **b** [x](https://example.org)",
    "V and V",
    "",
    "",
    "---",
    "> A quote",
    "```",
    "[x]: https://example.org",
    "<div>",
    "# A heading",
    "Note[^n].",
    "[^n]: What it says.",
)


def sheet_of(lines: list[str]) -> Sheet:
    """Return a sheet of lines, in which a value stands for each V."""
    words = "\n".join(lines).split("V")
    marked = "".join(each + (f"{OPEN}{n}{CLOSE}" if n < len(words) - 1 else "") for n, each in enumerate(words))
    return Sheet(marked, tuple(Filling("data", f"value {n}", f"/v/{n}") for n in range(len(words) - 1)))


def whole(sheet: Sheet) -> list[tuple[Block, ...]] | list[str]:
    """Return the parse of the whole, or what is wrong with it."""
    try:
        return [parse_clause(sheet.text, sheet.pieces, "keeping", "“”‘’", run_maker(SOURCE)).blocks]
    except MarkdownError as error:
        return [str(error)]


def by_parts(sheet: Sheet) -> list[tuple[Block, ...]] | list[str]:
    try:
        return [parse_sheet(sheet, SOURCE).blocks]
    except MarkdownError as error:
        return [str(error)]


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_the_parts_give_what_the_whole_gives(lines: list[str]) -> None:
    sheet = sheet_of(lines)
    assert by_parts(sheet) == whole(sheet)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One.\n\nTwo.", 2),
        ("1. one\n2. two\n\n3. three", 3),
        ("- one\n* two", 1),
        ("| a | b |\n|---|---|\n| c | d |\n| e | f |", 2),
        ("1. one\n\n   more of it\n\nAfter.", 2),
        ("```\n\nOne.\n\n```", 1),
        ("See[^n].\n\n[^n]: Note.", 1),
    ],
)
def test_what_stands_for_itself_is_a_part(text: str, count: int) -> None:
    assert len(parts_of(text)) == count


def test_a_value_that_looks_like_a_box_is_none() -> None:
    sheet = Sheet(f"- {OPEN}0{CLOSE}\n- word", (Filling("data", "[x] ticked", "/v"),))
    (found,) = parse_sheet(sheet, SOURCE).blocks
    assert isinstance(found, ItemList)
    assert not found.ordered
    (first,) = found.items[0].blocks
    assert isinstance(first, Paragraph)
    assert first.runs[0].text == "[x] ticked"


def test_two_places_of_one_form_keep_their_values() -> None:
    text = f"It is {OPEN}0{CLOSE}.\n\nIt is {OPEN}1{CLOSE}."
    pieces = (Filling("data", "2026-03-01", "/day"), Filling("data", "March 1, 2026", "/day"))
    blocks = parse_sheet(Sheet(text, pieces), SOURCE).blocks
    assert ["".join(run.text for run in each.runs) for each in blocks if isinstance(each, Paragraph)] == [
        "It is 2026-03-01.",
        "It is March 1, 2026.",
    ]
