"""Tests of what is said to have been meant."""

from __future__ import annotations

import pytest

from clausebook.findings.near_names import did_you_mean, near, nearest


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
