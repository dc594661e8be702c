"""Numbers of lists, sections and schedules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.assemble.numbering import cited, heading_number, letters, roman
from clausebook.assemble.places import citation


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


@pytest.mark.parametrize(
    ("pattern", "number", "cited_as"),
    [
        ("clause {number}", "2", "clause\u00a02"),
        ("paragraph {number} of {schedule}", "1", "paragraph\u00a01 of the last Annex"),
        ("{number}", "Article 1", "Article\u00a01"),
        ("{number}", "the last Article", "the last\u00a0Article"),
        ("{number}", "Article\u00a01 below", "Article\u00a01 below"),
        ("{number}", "7", "7"),
    ],
)
def test_a_number_never_begins_a_line(pattern: str, number: str, cited_as: str) -> None:
    assert citation(pattern, number=number, schedule="the last Annex") == cited_as
