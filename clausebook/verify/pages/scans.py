"""Look at the scan of signed paper: are its pages pictures, do they show more than the blank, what do they say.

A scan lies a little askew, so its pages are not compared word by word. What can be told is the opposite: that a page
shows nothing which the blank does not show at the same place, and so is no signed paper.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from clausebook.reading.pages import Characters, flattened, opened, read_page

_WIDE = 680
"""Pixels across a page: about 80 an inch, in which the stroke of a pen is a pixel or two wide."""

_INK, _PAPER = 190, 235
"""Shades, of 255: what is darker than the first is ink; on the blank, what is lighter than the second is paper."""

_LEAST_INK = 40
"""How many pixels of ink are more than dust: a stroke of half an inch."""

_DEEPEST = 4
_PICTURE = 0.5
"""What part of a page pictures cover at least, if it is one."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the pages of a scan are: `pictures` are pictures, and `inked` tells of ink on one that the blank has not.

    Pages are counted from 1. `words` are those of each page's layer of text, which nobody has to have seen; `blank`
    those of the blank's pages.
    """

    pictures: tuple[int, ...]
    inked: bool
    words: tuple[tuple[str, ...], ...]
    blank: tuple[tuple[str, ...], ...]


def read_scan(blank: bytes, scan: bytes) -> Scan:
    """Look at a scan beside the PDF that was to be printed. Raise PagesError if one of them cannot be read."""
    with opened(blank) as ours, opened(scan) as theirs:
        pictures = [index for index in range(len(theirs)) if _is_picture(theirs, index)]
        seen = _Seen(ours)
        inked = any(seen.has_ink(theirs, index) for index in pictures)
        return Scan(tuple(index + 1 for index in pictures), inked, _words(theirs), _words(ours))


def _words(document: pypdfium2.PdfDocument) -> tuple[tuple[str, ...], ...]:
    bound = Characters()
    pages = (read_page(document, index, bound) for index in range(len(document)))
    return tuple(tuple(word.text for word in page.words) for page in pages)


def _is_picture(document: pypdfium2.PdfDocument, index: int) -> bool:
    with flattened(document, index) as page:
        sheet = page.get_bbox()
        covering: dict[int, pypdfium2.PdfObject] = {}
        for piece in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST):
            # Where a picture lies in a drawing is not told, only where that is.
            while piece.container:
                piece = piece.container
            covering[ctypes.addressof(piece.raw.contents)] = piece
        covered = sum(_area(each, sheet) for each in covering.values())
        whole = (sheet[2] - sheet[0]) * (sheet[3] - sheet[1])
        return bool(covered >= _PICTURE * whole > 0)


def _area(piece: pypdfium2.PdfObject, sheet: tuple[float, float, float, float]) -> float:
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(piece, *sides):
        return 0.0
    left, bottom, right, top = (side.value for side in sides)
    wide = min(right, sheet[2]) - max(left, sheet[0])
    tall = min(top, sheet[3]) - max(bottom, sheet[1])
    return max(0.0, wide) * max(0.0, tall)


class _Seen:
    """What the pages of the blank show, each drawn once."""

    def __init__(self, ours: pypdfium2.PdfDocument) -> None:
        self._ours = ours
        self._marks: dict[int, int] = {}
        width, height = ours[0].get_size()
        self._size = _WIDE, max(1, round(_WIDE * height / width))

    def has_ink(self, theirs: pypdfium2.PdfDocument, index: int) -> bool:
        """Tell whether a page shows ink where no page of the blank does."""
        ink = _darker(_drawn(theirs, index, self._size), _INK)
        first = [index, len(self._ours) - len(theirs) + index]
        order = dict.fromkeys((*first, *range(len(self._ours))))
        known = (each for each in order if 0 <= each < len(self._ours))
        return all((ink & ~self._mark(each)).bit_count() >= _LEAST_INK for each in known)

    def _mark(self, index: int) -> int:
        if index not in self._marks:
            bits, width = _darker(_drawn(self._ours, index, self._size), _PAPER), self._size[0]
            for _ in range(2):
                bits |= bits << 1 | bits >> 1
                bits |= bits << width | bits >> width
            self._marks[index] = bits
        return self._marks[index]


def _drawn(document: pypdfium2.PdfDocument, index: int, size: tuple[int, int]) -> bytearray:
    """Draw a page in shades of grey, stretched to a size in pixels."""
    width, height = size
    pixels = bytearray(width * height)
    buffer = (ctypes.c_char * len(pixels)).from_buffer(pixels)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, buffer, width)
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        with flattened(document, index) as page:
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_GRAYSCALE)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return pixels


def _darker(pixels: bytearray, shade: int) -> int:
    """Return the pixels darker than a shade, a bit each."""
    return int(pixels.translate(bytes(0x31 if value < shade else 0x30 for value in range(256))), 2)
