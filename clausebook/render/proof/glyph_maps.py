"""What the glyphs of a PDF of ours mean: the strings of its pages, and the maps of its fonts."""

from __future__ import annotations

import functools
import re
import sys
import unicodedata
from codecs import utf_16_be_decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf

NUMBER = rb"[-+]?(?:\d+\.?\d*|\.\d+)"
_INNER = rb"(?:[^()\\]++|\\.)*+"
# A string may hold parentheses in pairs, and those others.
_NESTED = functools.reduce(lambda within, _: rb"%b(?:\(%b\)%b)*+" % (_INNER, within, _INNER), range(16), _INNER)
LITERAL = rb"\(%b\)|<[0-9A-Fa-f]*+>" % _NESTED
STRING = re.compile(LITERAL, re.DOTALL)
_BETWEEN = re.compile(rb"\)([-\d.]*+)\(")
_SHIFT = re.compile(NUMBER)
_MAPPED = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n")
_MARKS = ("Mn", "Me", "Cf")


class UnknownDrawing(Exception):
    """A page is drawn in a way that is not understood; the message says which."""


class _Texts(dict[str, str]):
    """What glyphs mean; one that the font does not tell of is its number."""

    def __missing__(self, code: str) -> str:
        return code


class _Widths(dict[str, float]):
    """How wide glyphs are; one that the font does not tell of takes no room."""

    def __missing__(self, code: str) -> float:
        return 0.0


@dataclass(frozen=True)
class Font:
    """What a font's glyphs mean, and how wide they are in thousandths of its size, by their numbers as characters."""

    texts: Mapping[str, str]
    widths: Mapping[str, float]


def glyphs_of(operand: bytes) -> tuple[str, list[float]]:
    """Return the numbers of the glyphs of a text as characters, and how far letters are pulled back.

    That is in thousandths of the size. Raise UnknownDrawing if the text is written in an unusual way.
    """
    parts = _BETWEEN.split(operand)
    literal = b"".join(parts[::2]).strip(b"[]\n ")
    try:
        if literal.count(b"(") == literal.count(b")") == 1 and literal[:1] + literal[-1:] == b"()":
            return _codes(literal[1:-1]), list(map(float, parts[1::2]))
    except ValueError:
        pass
    return _of_any(operand)


def _of_any(operand: bytes) -> tuple[str, list[float]]:
    """Return what `glyphs_of` does of a text in hexadecimal digits, or with parentheses in it, or of any other."""
    literal = b"".join(
        each[1:-1] if each[:1] == b"(" else b"".join(b"\\%03o" % code for code in bytes.fromhex(each[1:-1].decode()))
        for each in STRING.findall(operand)
    )
    try:
        return _codes(literal), list(map(float, _SHIFT.findall(STRING.sub(b"()", operand))))
    except UnicodeError as error:
        raise UnknownDrawing("a text is written in an unusual way") from error


def _codes(literal: bytes) -> str:
    return utf_16_be_decode(literal.decode("unicode_escape").encode("latin-1"), "strict", True)[0]


def font_of(font: Any) -> Font:
    """Return what the glyphs of a font object mean. Raise UnknownDrawing if it is not made as Typst makes fonts."""
    if font.get("/Subtype") != "/Type0" or font.get("/Encoding") != "/Identity-H" or "/ToUnicode" not in font:
        raise UnknownDrawing("a font is made in an unusual way")
    mapping = font.ToUnicode.read_bytes()
    if b"beginbfrange" in mapping:
        raise UnknownDrawing("a font is made in an unusual way")
    _, _, mapped = mapping.partition(b"endcodespacerange")
    widths: dict[int, float] = {}
    entries = list(font.DescendantFonts[0].W)
    while entries:
        first, second = int(entries[0]), entries[1]
        if isinstance(second, pikepdf.Array):
            widths |= {first + index: float(width) for index, width in enumerate(second)}
            entries = entries[2:]
        else:
            widths |= dict.fromkeys(range(first, int(second) + 1), float(entries[2]))
            entries = entries[3:]
    texts: dict[str, str] = {}
    for code, written in _MAPPED.findall(mapped):
        text = bytes.fromhex(written.decode()).decode("utf-16-be")
        # An accent that is set by itself says what the letter with it says.
        alone = len(text) > 1 and not widths.get(int(code, 16)) and any(map(unicodedata.combining, text))
        texts[chr(int(code, 16))] = "" if alone else text
    known = {chr(code): width for code, width in widths.items() if 0 <= code <= sys.maxunicode}
    return Font(_Texts(texts), _Widths(known))


class _Unmarked(dict[int, int | None]):
    """Every character as it is, but those without accents and what only says where a line may break."""

    def __missing__(self, code: int) -> int | None:
        found = self[code] = None if unicodedata.category(chr(code)) in _MARKS else code
        return found


_UNMARKED = _Unmarked()


def letters(text: str) -> str:
    """Return a text without accents and what only says where a line may break."""
    return text if text.isascii() else unicodedata.normalize("NFD", text).translate(_UNMARKED)
