"""How a PDF's fonts turn codes into text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from clausebook.reading.bounds import Budget

_CMAP_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])|([A-Za-z]+)|\(|%[^\r\n]*")
_WINDOWS = {code: bytes([code]).decode("cp1252", "replace") for code in range(32, 256)}

Piece = tuple[str, bool]
"""A text, and whether only glyphs without width show it: accents set over a letter."""


@dataclass(slots=True)
class Font:
    """How a font's codes become text."""

    length: int
    texts: dict[int, str]
    widths: dict[int, float] = field(default_factory=dict)
    width: float = 1000.0

    def decode(self, shown: bytes) -> Iterator[Piece]:
        """Yield the text of each code of a string."""
        length = self.length
        for start in range(0, len(shown), length):
            code = int.from_bytes(shown[start : start + length], "big")
            yield self.texts.get(code, "\ufffd"), self.widths.get(code, self.width) == 0


def load_font(font: pikepdf.Dictionary, budget: Budget) -> Font:
    """Return how a font of the file becomes text."""
    cmap = font.get("/ToUnicode")
    texts = dict(_mappings(budget.admit(cmap), budget)) if isinstance(cmap, pikepdf.Stream) else None
    if font.get("/Subtype") != "/Type0":
        return Font(1, _WINDOWS if texts is None else texts)
    descendants = font.get("/DescendantFonts")
    inner = descendants[0] if isinstance(descendants, pikepdf.Array) and len(descendants) else None
    if not isinstance(inner, pikepdf.Dictionary):
        return Font(2, texts or {})
    return Font(2, texts or {}, dict(_widths(inner, budget)), float(inner.get("/DW", 1000)))


def _widths(font: pikepdf.Dictionary, budget: Budget) -> Iterator[tuple[int, float]]:
    """Yield code and width of each glyph whose width differs from the font's default."""
    given = font.get("/W")
    entries: Iterator[Any] = iter(given if isinstance(given, pikepdf.Array) else ())
    for first in entries:
        second = next(entries, None)
        if isinstance(second, pikepdf.Array):
            budget.step(len(second))
            yield from enumerate(map(float, list(second)), int(first))
        elif isinstance(second, int):
            budget.step(max(0, second - int(first)))
            width = float(next(entries, 0))
            yield from ((code, width) for code in range(int(first), second + 1))


def _mappings(cmap: bytes, budget: Budget) -> Iterator[tuple[int, str]]:
    """Yield code and text of each entry of a ToUnicode map."""
    section = b""
    row: list[bytes] = []
    array: list[bytes] | None = None
    for token in _CMAP_TOKEN.finditer(cmap):
        budget.step()
        digits, opening, closing, word = token.groups()
        if word is not None:
            section, row, array = word, [], None
        elif section not in {b"beginbfchar", b"beginbfrange"}:
            continue
        elif opening:
            array = []
        elif digits is not None:
            (row if array is None else array).append(_hexadecimal(digits))
        if section == b"beginbfchar" and len(row) == 2:
            yield int.from_bytes(row[0], "big"), _utf16(row[1])
            row = []
        elif section == b"beginbfrange" and (len(row) == 3 or (closing and array is not None and len(row) == 2)):
            first, last = int.from_bytes(row[0], "big"), int.from_bytes(row[1], "big")
            budget.step(max(0, last - first))
            if array is not None:
                yield from zip(range(first, last + 1), map(_utf16, array), strict=False)
            else:
                base = row[2]
                for offset in range(last - first + 1):
                    tail = (int.from_bytes(base[-2:], "big") + offset) & 0xFFFF
                    yield first + offset, _utf16(base[:-2] + tail.to_bytes(2, "big"))
            row, array = [], None


def _hexadecimal(digits: bytes) -> bytes:
    packed = b"".join(digits.split())
    return bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode("ascii"))


def _utf16(text: bytes) -> str:
    return text.decode("utf-16-be", "replace")
