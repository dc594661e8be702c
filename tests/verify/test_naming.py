"""Whether a certificate names somebody, and what of it is no name, place or way to reach them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clausebook.load.yaml import load_yaml
from clausebook.verify.naming import besides, is_contact, is_place, is_same, of_another

CASES: Any = load_yaml(
    (Path(__file__).parents[1] / "cases" / "verify" / "naming.yaml").read_bytes(), "naming.yaml", root="any"
).value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_whom_a_certificate_names(case: Any) -> None:
    known = case.get("known", ())
    assert list(besides(case["said"], case["name"], known)) == case.get("besides", [])
    assert is_same(case["said"], case["name"], known) == case.get("same", True)


@pytest.mark.parametrize(
    ("organisation", "another"),
    [
        ("", False),
        ("Sparrow Maps Limited", False),
        ("The Sparrow and Co. KG", False),
        # A short name of the house, or a department, is one word.
        ("Cartography", False),
        ("Sparrow Maps, Cartography", False),
        ("Sparrow Maps, A B", False),
        ("Heron Atlases", True),
        ("Sparrow Maps Ltd, subject to approval", True),
    ],
)
def test_whether_an_organisation_is_more_than_a_house_that_is_known(organisation: str, another: bool) -> None:
    assert of_another(organisation, ["Sparrow Maps Ltd"]) == another


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Berlin", True),
        ("St. John's, Antigua", True),
        ("Rio De Janeiro", True),
        ("Rio de Janeiro", False),
        ("New York, NY, USA", False),
        ("void", False),
        ("Void 30", False),
    ],
)
def test_a_place_is_three_words_with_capital_letters(text: str, place: bool) -> None:
    assert is_place(text) == place


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("wren.example+deals@sparrow-maps.example", True),
        ("+49 (30) 123-45/67", True),
        ("void", False),
        ("wren@sparrow.example, but not today", False),
        ("call 123", False),
    ],
)
def test_a_way_to_reach_somebody_is_an_address_or_a_number(text: str, contact: bool) -> None:
    assert is_contact(text) == contact
