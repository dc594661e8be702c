"""Tests of what is said to have been meant."""

from __future__ import annotations

import pytest

from clausebook.findings.near_names import did_you_mean, near, nearest

CODES = ["ARS", "AUD", "CHE", "CHF", "CHW", "ERN", "EUR", "GBP", "GIP", "USD", "UZS"]


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("keping", ("keeping", "limits"), "keeping"),
        ("US$", ("UZS", "USD"), "USD"),
        ("NDA", ("nda", "services"), "nda"),
        ("sparrow", ("wren", "finch"), ""),
        ("sparrow", (), ""),
    ],
)
def test_the_nearest_name_is_found_whatever_its_case(word: str, known: tuple[str, ...], meant: str) -> None:
    assert nearest(word, known) == meant
    assert did_you_mean(word, known, "none") == (f"did you mean `{meant}`?" if meant else "none")


def test_the_most_like_comes_first() -> None:
    assert near("keeping", ("main", "seeping-in", "keepings"), 3) == ["keepings", "seeping-in"]


def test_of_two_as_much_alike_the_one_that_begins_in_the_same_way_comes_first() -> None:
    assert near("US$", CODES, 2) == ["USD", "UZS"]


@pytest.mark.parametrize(("word", "meant"), [("abckeeping", ""), ("abtkeeping", "xytkeeping")])
def test_a_name_that_begins_in_another_way_must_share_more_than_seven_letters_of_ten(word: str, meant: str) -> None:
    assert nearest(word, ["xytkeeping"]) == meant


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("UDS", "USD"),
        ("ERU", "EUR"),
        ("GPB", "GBP"),
        ("US$", "USD"),
        ("usd", "USD"),
        ("EURO", "EUR"),
        ("CHR", ""),
        ("Dollars", ""),
        ("XYZ", ""),
    ],
)
def test_swapped_letters_are_near_and_a_guess_is_none(given: str, meant: str) -> None:
    assert nearest(given, CODES) == meant


def test_what_the_file_uses_comes_first() -> None:
    assert nearest("CHR", CODES, {"CHF"}) == "CHF"
    assert nearest("UDS", CODES, {"UZS"}) == "UZS"
    assert nearest("XYZ", CODES, {"USD"}) == ""


def test_of_names_that_capitals_tell_apart_the_first_is_named() -> None:
    assert nearest("tern", ["Term", "term"]) == "Term"
