"""Blanks that nobody has filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clausebook.assemble.inputs import Deal
from clausebook.findings.model import Finding
from clausebook.language.sandbox import Sandbox
from clausebook.rules.reading.placeholders import unfilled
from tests.support.rule_cases import CASES, checked

BLANK = [
    "within [ ] days",
    "[●]",
    "an amount of [USD 5,000]",
    "[Legal name 1]",
    "a [Topic]",
    "[insert address]",
    "[____]",
    "By: ____",
    "TBD",
    "from tbd on",
    "the fee (TBC)",
    "XXXX",
    "???",
    "…",
    " ... ",
    "● days",
    "[…]",
    "[...]",
    "[ ] days",
    "[Reserve]",
]
MEANT = [
    "[Reserved]",
    "[Intentionally omitted]",
    "as said [sic]",
    "“[t]he boat”",
    "[2020] 1 WLR 33",
    "Title XXX of the Act",
    "to be determined by the committee",
    "a_b@example.com",
    "and so on …",
    "Any questions?",
    "see [Guide](https://example.com)",
    "array[0]",
    "the “TBDX” system",
    "from 1 to 2...",
]


def found(value: Any) -> list[Finding]:
    """Return what is found in the data `{value: …}` of a deal without words of its own."""
    deal = Deal("owl", "agreements/owl.yaml", {}, {}, lambda pointer: (7, 3))
    return list(unfilled(deal, {"value": value}))


@pytest.mark.parametrize("text", BLANK)
def test_a_blank_is_told_where_it_stands(text: str) -> None:
    [finding] = found({"inner": [{"first": "fine", "second": text}]})
    assert (finding.pointer, finding.line, finding.severity) == ("/value/inner/0/second", 7, "warning")


@pytest.mark.parametrize("text", MEANT)
def test_what_is_meant_is_no_blank(text: str) -> None:
    assert found([text, {"inner": text}]) == []


def test_a_box_to_tick_begins_an_item() -> None:
    assert found(["[ ] the oars", "[x] the anchor", "Bring:\n- [ ] the oars\n1. [X] the anchor"]) == []
    assert [each.pointer for each in found({"days": "[ ] days", "list": ["within [ ] days", "[ ]"]})] == [
        "/value/days",
        "/value/list/0",
        "/value/list/1",
    ]


def test_a_value_and_a_line_of_own_words_are_told_once_each(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        told = checked([CASES / "value-blank" / "bad"], tmp_path, sandbox)
    assert [(each.path, each.line, each.pointer, each.message) for each in told] == [
        ("agreements/heron-marsh.yaml", 11, "/loan/item", "“[●]” is a blank that nobody has filled in"),
        ("agreements/heron-marsh.yaml", 15, "/loan/equipment/1", "“TBD” is a blank that nobody has filled in"),
        ("agreements/heron-marsh/return.md", 8, "", "“____” is a blank that nobody has filled in"),
    ]
