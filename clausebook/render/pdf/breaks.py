"""Where long words may break, and how wide the columns of a table are.

A break helper is a zero-width space: it is no part of a word. Helpers go only into words
that could be too long for their line, so that ordinary words stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

BREAK_HELPER = "\u200b"

TABLE_LINE = 45.0
"""The width of a table, in em of its text; the look keeps to it."""

_CELL_INSET = 1.1
_LONG = 26
_CHUNK = 12
# What a line can break at without help; other white space (U+00A0 and its kind) holds its neighbours together.
_STRETCH = re.compile(r"[^ \t\n]+")
# The spaces of "+1 / 612 555 0109", "1 000 000", "USD 5", "45 C.F.R. § 164", "§ 433", "Art. 28", "Nr. 5".
_HELD = re.compile(
    r" (?=[/(\d%€$£§A-Z])(?:"
    r"(?<=\d )(?:(?=/? ?\(?\d|[/%€$£])|(?=(?:U\.S\.C\.|C\.F\.R\.|Fed\. Reg\.|[A-Z]{3})(?![A-Za-z])))"
    r"|(?<=\d [/–] )(?=\d)|(?<=[\d§¶$€£)] )(?=\d)|(?<=\.[CR]\. )(?=§|\d|Part )"
    r"|(?<=\b[A-Z]{3} )(?=\d)|(?<=\b(?:Art|Abs|Sec)\. )(?=\d)|(?<=\b(?:Nr|No)\. )(?=\d))"
)
# Nothing is held where there is none of these, and looking for them takes a tenth of the time.
_FIGURES = re.compile(r"\d|\.[CR]\. ")
_AFTER = frozenset("/@._-:?&=")
_WIDTHS = dict.fromkeys("ijlftrI.,:;!|'`()[]{}/\\-", 0.36) | dict.fromkeys("mwMWQ@%&", 0.95)


def held(text: str) -> str:
    """Return a text whose numbers, amounts and citations break over no line: their spaces hold."""
    return _HELD.sub("\u00a0", text) if _FIGURES.search(text) else text


def with_helpers(texts: Sequence[str], widest: float | None = None) -> list[str]:
    """Return the texts of one line of runs, with break helpers in words that are too long, and numbers held together.

    A word may span texts. It is too long from 26 characters, or, in a table's cell, when it is
    wider than `widest` em.
    """
    given = "".join(texts)
    joined = held(given)
    places = set() if widest is None and len(joined) < _LONG else set(_places(joined, widest))
    if not places and joined == given:
        return list(texts)
    result, start = [], 0
    for text in texts:
        end = start + len(text)
        marked = ((BREAK_HELPER if at in places else "") + joined[at] for at in range(start, end))
        result.append("".join(marked) if places else joined[start:end])
        start = end
    return result


def column_widths(rows: Sequence[Sequence[str]], line: float = TABLE_LINE) -> list[float]:
    """Return the widths of a table's columns in em of its text: each at least its longest word, if there is room."""
    columns = list(zip(*(map(held, row) for row in rows), strict=True))
    inset = _CELL_INSET
    least = [
        max((text_width(word) for cell in column for word in _words(cell)), default=0.0) + inset for column in columns
    ]
    full = [min(max(map(text_width, column), default=0.0) + inset, 4 * line) for column in columns]
    room = line - sum(least)
    if room <= 0:
        return [line * width / sum(least) for width in least]
    wishes = [most - width for most, width in zip(full, least, strict=True)]
    if not sum(wishes):
        return [line * width / sum(least) for width in least]
    return [width + room * wish / sum(wishes) for width, wish in zip(least, wishes, strict=True)]


def cell_width(column: float) -> float:
    """Return the em that words have in a column of that width."""
    return max(column - _CELL_INSET, 1.0)


def _words(cell: str) -> Iterator[str]:
    """Yield the words of a cell that should stay whole."""
    for word in _STRETCH.findall(cell):
        yield word if len(word) < _LONG else word[:_CHUNK]


def _places(text: str, widest: float | None) -> Iterator[int]:
    """Yield the indexes before which a helper stands."""
    for stretch in _STRETCH.finditer(text):
        word = stretch.group()
        chunk = _CHUNK
        if widest is not None and text_width(word) > widest:
            chunk = max(1, min(_CHUNK, int(widest)))
        elif len(word) < _LONG:
            continue
        since = 0
        for index in range(1, len(word)):
            since += 1
            if unicodedata.combining(word[index]):
                continue
            if since >= chunk or (since > 2 and word[index - 1] in _AFTER and word[index] not in _AFTER):
                yield stretch.start() + index
                since = 0


def text_width(text: str) -> float:
    """Reckon the width of a text in em, rather too wide than too narrow."""
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if character.isascii():
        return 0.74 if character.isupper() else 0.54
    return 0.0 if unicodedata.combining(character) else 1.0 if character.isupper() else 0.8
