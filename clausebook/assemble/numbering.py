"""Numbers of lists, sections and schedules."""

from __future__ import annotations

ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def item_number(level: int, count: int) -> str:
    """Return the printed number of the count-th item (from 1) of a list: (a), (i), (A), (1) by level."""
    spelled = (letters(count), roman(count), letters(count).upper(), str(count))
    return f"({spelled[level % len(spelled)]})"


def letters(count: int) -> str:
    """Return a, b … z, aa, bb … zz, aaa …, as legal lists and Word count."""
    if count < 1:
        raise ValueError("counting begins with 1")
    repeats, index = divmod(count - 1, 26)
    return chr(ord("a") + index) * (repeats + 1)


def roman(count: int) -> str:
    """Return i, ii, iii, iv … for 1 to 89."""
    if not 1 <= count < 90:
        raise ValueError("roman numbers run from 1 to 89")
    text = ""
    for value, letter in ROMAN:
        while count >= value:
            text += letter
            count -= value
    return text


def heading_number(pattern: str, count: int, **outer: str) -> str:
    """Fill a numbering pattern: {n} is the count, {A} its capital letter, other names come from `outer`."""
    return pattern.format(n=count, A=letters(count).upper(), **outer)


def cited(number: str) -> str:
    """Return a printed number as it is cited: without the punctuation at its end."""
    return number.rstrip(".:–— ")
