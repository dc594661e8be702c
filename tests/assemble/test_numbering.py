"""Numbers of lists, sections and schedules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.assemble.numbering import cited, heading_number, letters, roman


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
