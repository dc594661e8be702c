"""Pointers, and places that stay when a list changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.findings.model import Finding, with_places
from clausebook.findings.pointers import MISSING, child, parts, pointer, stable

DATA: dict[str, Any] = {
    "parties": [{"key": "a/b", "role": "x"}, {"key": "c", "role": "x"}],
    "steps": [{"days": 3}, {"days": 4}],
    "shares": [{"party": "c", "share": "50"}, {"party": "d", "share": "50"}],
    "words": ["one", "two", "one"],
}


@given(st.lists(st.text(min_size=1)))
def test_a_pointer_gives_back_its_steps(steps: list[str]) -> None:
    assert parts(pointer(steps)) == steps


@pytest.mark.parametrize(
    ("value", "step", "below"),
    [
        ({"key": "c"}, "key", "c"),
        ({"key": "c"}, "role", MISSING),
        (["one", "two"], "1", "two"),
        (["one", "two"], 1, "two"),
        (["one", "two"], "2", MISSING),
        (["one", "two"], "key", MISSING),
        ("text", "0", MISSING),
    ],
)
def test_a_step_leads_to_a_property_or_an_item_and_nothing_lies_below_a_text(
    value: object, step: str | int, below: object
) -> None:
    assert child(value, step) is below


@pytest.mark.parametrize(
    ("given_pointer", "place"),
    [
        ("", ""),
        ("/parties/0/role", "/parties/a~1b/role"),
        ("/parties/1", "/parties/c"),
        ("/steps/1/days", "/steps/1/days"),
        ("/shares/1/share", "/shares/d/share"),
        ("/words/1", "/words/two"),
        ("/words/0", "/words/0"),
        ("/parties/7/key", "/parties/7/key"),
        ("/parties/2/key", "/parties/2/key"),
        ("/none/0/key", "/none/0/key"),
    ],
)
def test_what_tells_an_item_stands_for_its_position(given_pointer: str, place: str) -> None:
    assert stable(given_pointer, DATA) == place


@given(st.permutations(DATA["parties"] + [{"key": "e"}, {"key": "f"}]))
def test_the_place_of_an_item_stays_when_the_list_is_in_another_order(items: list[dict[str, str]]) -> None:
    position = next(index for index, item in enumerate(items) if item["key"] == "c")
    assert stable(f"/parties/{position}/role", {"parties": items}) == "/parties/c/role"


def test_only_findings_of_the_file_get_a_place() -> None:
    here, there = (Finding(rule="core/value-date", message="m", path=path, pointer="/parties/1") for path in ("a", "b"))
    assert [each.place for each in with_places((here, there), "a", DATA)] == ["/parties/c", ""]
