"""Characters that no reader sees: each is named, and a long text is cut where it is too long and nowhere else."""

from __future__ import annotations

import pytest

from clausebook.findings.characters import describe, shortened


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\x00", "U+0000 a control character"),
        ("\x9f", "U+009F a control character"),
        ("\ue000", "U+E000 a private-use character"),
        ("\uf8ff", "U+F8FF a private-use character"),
        ("\ufdd0", "U+FDD0 a noncharacter"),
        ("\uffff", "U+FFFF a noncharacter"),
        ("\U0010fffd", "U+10FFFD a private-use character"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\r", "U+000D a control character"),
        ("\u2065", "U+2065 an invisible format character"),
    ],
)
def test_the_first_and_the_last_of_each_range_are_named_by_it(character: str, name: str) -> None:
    assert describe(character) == name


@pytest.mark.parametrize(("text", "shown"), [("abc", "abc"), ("abcd", "abcd"), ("abcde", "abc…"), ("", "")])
def test_what_fits_is_whole_and_what_does_not_is_cut(text: str, shown: str) -> None:
    assert shortened(text, 4) == shown
