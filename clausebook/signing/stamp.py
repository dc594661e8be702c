"""What signing puts on the page: a stamp in the signature's field, and the date in the date's."""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import datetime
from functools import cache

from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import generic, layout
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import TextStampStyle

from clausebook.render.fonts import measures

_LEFT = 2.0
_SIZE = re.compile(rb"([0-9.]+)\s+Tf")
_DEFAULT_SIZE = 10.0
_STAMP_SIZE = 9
_TIGHT = layout.SimpleBoxLayoutRule(
    x_align=layout.AxisAlignment.ALIGN_MIN,
    y_align=layout.AxisAlignment.ALIGN_MIN,
    margins=layout.Margins(left=0, right=0, top=0, bottom=0),
)


def stamp(lines: list[str]) -> TextStampStyle:
    """Return the style of a visible signature: the lines, as large as the field allows, in an embedded font."""
    text = "\n".join(map(_plain, lines))
    return TextStampStyle(
        stamp_text=text.replace("%", "%%"),
        text_box_style=TextBoxStyle(font=_Font(), font_size=_STAMP_SIZE, border_width=0, box_layout_rule=_TIGHT),
        inner_content_layout=layout.SimpleBoxLayoutRule(
            x_align=layout.AxisAlignment.ALIGN_MIN,
            y_align=layout.AxisAlignment.ALIGN_MID,
            margins=layout.Margins(left=int(_LEFT), right=int(_LEFT), top=1, bottom=1),
            inner_content_scaling=layout.InnerScaling.SHRINK_TO_FIT,
        ),
        border_width=0,
        background=None,
    )


def lines_of(name: str, organisation: str, moment: datetime, reason: str, location: str) -> list[str]:
    """Return what a stamp says: two lines, for the field is low and wide."""
    zone = moment.strftime("%z")
    time = f"{moment.strftime('%Y-%m-%d %H:%M:%S')} {zone[:3]}:{zone[3:5]}"
    return [
        f"Signed by {', '.join(filter(None, (name, organisation if organisation != name else '')))}",
        " · ".join(filter(None, (time, reason, location))),
    ]


def undrawable(text: str) -> str:
    """Return the characters of a text that the font has no shape for, each once, in order."""
    known = _characters()
    return "".join(dict.fromkeys(each for each in _plain(text) if ord(each) not in known))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def fill(writer: IncrementalPdfFileWriter, field: generic.DictionaryObject, text: str) -> None:
    """Put text into a text field, and show it there in an embedded font."""
    left, bottom, right, top = (float(number) for number in field["/Rect"])
    width, height = abs(right - left), abs(top - bottom)
    size = _size(field, height)
    font = GlyphAccumulator(writer, io.BytesIO(_font()), font_size=size)
    shaped = font.shape(text)
    base = (height - size) / 2 + size * 0.22
    content = b"/Tx BMC q 1 1 %.3f %.3f re W n BT 0 g /F %.3f Tf %.3f %.3f Td %s ET Q EMC" % (
        max(width - 2, 0.0),
        max(height - 2, 0.0),
        size,
        _LEFT,
        base,
        shaped.graphics_ops,
    )
    appearance = RawContent(content, box=layout.BoxConstraints(width=width, height=height))
    stream = appearance.as_form_xobject()
    stream["/Resources"] = _dictionary("/Font", _dictionary("/F", font.as_resource()))
    field[pdf_name("/V")] = pdf_string(text)
    field[pdf_name("/AP")] = _dictionary("/N", writer.add_object(stream))
    writer.update_container(field)


class _Font(FontEngineFactory):
    """Gives the stamp's font; pyHanko's own way leaves the file open."""

    def create_font_engine(self, writer: BasePdfFileWriter, obj_stream: object = None) -> GlyphAccumulator:
        return GlyphAccumulator(writer, io.BytesIO(_font()), font_size=_STAMP_SIZE, obj_stream=obj_stream)


def _dictionary(key: str, value: generic.PdfObject) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(key): value})  # type: ignore[no-untyped-call]  # pyHanko's is untyped


def _size(field: generic.DictionaryObject, height: float) -> float:
    """Return the size that the field asks for, or what fits."""
    try:
        asked = field["/DA"]
        hit = _SIZE.search(asked.original_bytes if hasattr(asked, "original_bytes") else str(asked).encode())
    except KeyError:
        hit = None
    size = float(hit[1]) if hit else 0.0
    return min(size or _DEFAULT_SIZE, max(height - 2, 1.0))


@cache
def _font() -> bytes:
    return measures.STAMP.read_bytes()


@cache
def _characters() -> frozenset[int]:
    """Return the characters that the font has shapes for."""
    with TTFont(io.BytesIO(_font()), lazy=True) as font:
        return frozenset(font.getBestCmap())
