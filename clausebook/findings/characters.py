"""Characters that no reader sees: a contract must not hold any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_RANGES: tuple[tuple[int, int, str], ...] = (
    (0x00, 0x08, "a control character"),
    (0x0B, 0x0C, "a control character"),
    (0x0E, 0x1F, "a control character"),
    (0x7F, 0x9F, "a control character"),
    (0xAD, 0xAD, ""),
    (0x034F, 0x034F, ""),
    (0x061C, 0x061C, ""),
    (0x115F, 0x1160, ""),
    (0x17B4, 0x17B5, ""),
    (0x180B, 0x180F, ""),
    (0x200B, 0x200F, ""),
    (0x2028, 0x202E, ""),
    (0x2060, 0x206F, "an invisible format character"),
    (0x2800, 0x2800, ""),
    (0x3164, 0x3164, ""),
    (0xD800, 0xDFFF, "a surrogate"),
    (0xE000, 0xF8FF, "a private-use character"),
    (0xFDD0, 0xFDEF, "a noncharacter"),
    (0xFE00, 0xFE0F, ""),
    (0xFEFF, 0xFEFF, ""),
    (0xFFA0, 0xFFA0, ""),
    (0xFFF0, 0xFFFC, "a special character"),
    (0xFFFE, 0xFFFF, "a noncharacter"),
    (0x1BCA0, 0x1BCA3, ""),
    (0x1D173, 0x1D17A, ""),
    *((plane + 0xFFFE, plane + 0xFFFF, "a noncharacter") for plane in range(0x10000, 0x110000, 0x10000)),
    (0xE0000, 0xE0FFF, "an invisible format character"),
    (0xF0000, 0xFFFFD, "a private-use character"),
    (0x100000, 0x10FFFD, "a private-use character"),
)
"""First, last, and what to call the ones that have no name of their own: control, private-use and
default-ignorable characters (Unicode's DerivedCoreProperties), line separators, noncharacters."""

_HIDDEN = re.compile("[" + "".join(rf"\U{first:08x}-\U{last:08x}" for first, last, _ in _RANGES) + "]")


def hidden_characters(text: str, *, returns: bool = False) -> Iterator[tuple[int, str]]:
    """Yield the index and the character of each hidden character of the text; line feeds and tabs are none.

    A carriage return counts only if `returns`: in a file it ends a line, in a value it does not.
    """
    # Nearly every text passes here, without a look at each character.
    if text.isascii() and text.isprintable():
        return
    start = 0
    for line in text.split("\n"):
        # So do nearly all lines of a long one.
        if not (line.isascii() and line.isprintable()):
            yield from ((start + match.start(), match.group()) for match in _HIDDEN.finditer(line))
        start += len(line) + 1
    if returns:
        yield from ((index, char) for index, char in enumerate(text) if char == "\r")


def without_hidden(text: str) -> str:
    """Return the text with U+FFFD in the place of each hidden character."""
    return _HIDDEN.sub("\ufffd", text)


def shown_line(text: str) -> str:
    """Return text of any origin as one line that shows it, whatever it holds."""
    return without_hidden(" ".join(text.split()))


def describe(char: str) -> str:
    """Return a character's code point and name: "U+202E RIGHT-TO-LEFT OVERRIDE"."""
    import unicodedata

    kind = next((kind for first, last, kind in _RANGES if first <= ord(char) <= last), "a control character")
    return f"U+{ord(char):04X} {unicodedata.name(char, '') or kind or 'an unassigned character'}"


def shortened(text: str, most: int = 80) -> str:
    """Return the text, cut to `most` characters with an ellipsis if it is longer."""
    return text if len(text) <= most else text[: most - 1] + "…"


def folded(text: str) -> str:
    """Return what two ways to write one name have in common: its words, whatever their letters and spaces."""
    return " ".join(text.split()).casefold()


def one_line(text: str, most: int) -> str:
    """Return the text in one line of at most `most` characters."""
    return shortened(" ".join(text.split()), most)


def first_names(names: Sequence[str], most: int) -> str:
    """Return at most `most` of the names, and how many more there are: "one, two and 3 more"."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def first_words(words: Sequence[str], most: int) -> str:
    """Return at most `most` of the words, with an ellipsis if there are more."""
    return " ".join(words[:most]) + (" …" if len(words) > most else "")
