"""Where the letters of a PDF stand, read from its pages' own operators."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

LEFT, RIGHT, TOP, BOTTOM = 0.9 * 72, 7.4 * 72, 792 - 1.0 * 72, 1.0 * 72


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph on a page: its text, the box of its advance, whether it is of the contract's words."""

    page: int
    text: str
    x: float
    y: float
    end: float
    word: bool


def glyphs(data: bytes) -> Iterator[Glyph]:
    """Yield every glyph with its place, from the pages' own operators."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            fonts = {name: _font(font) for name, font in page.obj.Resources.Font.items()}
            yield from _page_glyphs(number, page, fonts)


def _page_glyphs(number: int, page: pikepdf.Page, fonts: dict[str, Any]) -> Iterator[Glyph]:
    matrix, stack, marks = pikepdf.Matrix(), [], [False]
    line, font, size = pikepdf.Matrix(), None, 0.0
    for operands, operator in pikepdf.parse_content_stream(page, "q Q cm BT Tm Tf Tj TJ BDC BMC EMC"):
        name = str(operator)
        if name == "q":
            stack.append(matrix)
        elif name == "Q":
            matrix = stack.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
        elif name in {"BDC", "BMC"}:
            marks.append(marks[-1] or (len(operands) > 1 and "/MCID" in operands[1]))
        elif name == "EMC":
            marks.pop()
        elif name in {"BT", "Tm"}:
            line = pikepdf.Matrix(*map(float, operands)) if operands else pikepdf.Matrix()
        elif name == "Tf":
            font, size = fonts[str(operands[0])], float(operands[1])
        else:
            assert font is not None
            offset = 0.0
            for part in operands[0] if name == "TJ" else operands:
                if not isinstance(part, pikepdf.String):
                    offset -= float(part) / 1000 * size
                    continue
                codes = bytes(part)
                for start in range(0, len(codes), 2):
                    code = int.from_bytes(codes[start : start + 2], "big")
                    width = font[1].get(code, 0.0) / 1000 * size
                    at = line @ matrix
                    x, y = at.transform((offset, 0))
                    end, _ = at.transform((offset + width, 0))
                    yield Glyph(number, font[0].get(code, "?"), float(x), float(y), float(end), marks[-1])
                    offset += width


def _font(font: pikepdf.Dictionary) -> tuple[dict[int, str], dict[int, float]]:
    found = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", font.ToUnicode.read_bytes())
    texts = {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in found[1:]}
    widths, entries = {}, list(font.DescendantFonts[0].W)
    while entries:
        first, second = int(entries[0]), entries[1]
        if isinstance(second, pikepdf.Array):
            widths |= {first + index: float(width) for index, width in enumerate(second)}
            entries = entries[2:]
        else:
            widths |= dict.fromkeys(range(first, int(second) + 1), float(entries[2]))
            entries = entries[3:]
    return texts, widths


def outside(data: bytes) -> list[Glyph]:
    """Return the words' glyphs that are not within the margins; white space and punctuation may hang over the edge."""
    return [
        glyph
        for glyph in glyphs(data)
        if glyph.word
        and glyph.text.strip().strip("\u200b")
        and not (glyph.x >= LEFT - 0.01 and glyph.end <= RIGHT + 4 and BOTTOM <= glyph.y <= TOP)
    ]


def lines(data: bytes) -> list[tuple[int, str]]:
    """Return page and text of each line of the contract's words, top to bottom."""
    rows: dict[tuple[int, float], str] = {}
    for glyph in glyphs(data):
        if glyph.word:
            place = (glyph.page, -round(glyph.y, 1))
            rows[place] = rows.get(place, "") + glyph.text
    return [(page, text) for (page, _), text in sorted(rows.items())]
