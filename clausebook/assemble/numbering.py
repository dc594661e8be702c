"""Numbers of lists, sections and schedules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from clausebook.library.model import LISTS

ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))

STYLES: Mapping[str, Callable[[int], str]] = {
    "n": str,
    "A": lambda count: letters(count).upper(),
    "a": lambda count: letters(count),
    "I": lambda count: roman(count).upper(),
    "i": lambda count: roman(count),
}
"""How a count can be spelled, by its name in a pattern."""


def item_number(level: int, count: int, patterns: Sequence[str] = LISTS) -> str:
    """Return the printed number of the count-th item (from 1) of a list: (a), (i), (A), (1) by level."""
    return heading_number(patterns[level % len(patterns)], count)


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
    """Fill a numbering pattern: {n} is the count, {A}, {a}, {I} and {i} spell it, other names come from `outer`."""
    return pattern.format(**{name: spell(count) for name, spell in STYLES.items() if f"{{{name}}}" in pattern}, **outer)


def counted(name: str, number: str, count: int) -> dict[str, str]:
    """Return what patterns may say of a place around: {section} as it is cited, {section_n} … its bare count."""
    bare = {f"{name}_{style}": spell(count) if number else "" for style, spell in STYLES.items()}
    return {name: cited(number)} | bare


def cited(number: str) -> str:
    """Return a printed number as it is cited: without the punctuation at its end."""
    return number.rstrip(".:–— ")


def item_cited(number: str) -> str:
    """Return an item's number as it is cited behind that of what is around it: (a), or .1; "" if it has none."""
    number = cited(number)
    return f".{number}" if number[:1].isalnum() else number
