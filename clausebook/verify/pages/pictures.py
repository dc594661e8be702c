"""Compare pages as pictures, finely enough that a covered point or a digit drawn over another is seen.

What words a page gives is what its fonts say that its shapes mean, and fonts can lie; only its picture tells what
a reader saw. A picture may be drawn anew by another program: a shape counts as the same if one as dark lies within
a third of a point.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from clausebook.reading.pages import Box, flattened, opened

_FINE = 3
"""Pixels a point."""

_SHADES = (80, 140, 192, 228)
_SLACK = 22
"""What is darker than a shade less this must have near it, on the other side, what is darker than it plus this."""

_SHIFTS = (-2, -1, 1, 2)
"""By how many pixels a letter may have moved along its line."""

_LETTER = 5
"""How far around a pixel, in pixels, all must have moved alike."""

_DEEPEST = 8
_UNSEEN = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_FAINT = 200
"""From what shade on, of 255, letters are not taken for seen on white paper."""

_PICTURE = (200.0, 80.0)
"""Width and height, in points, of a signature or a logo at most."""

_RULE = 20.0
"""Of what length, in points, lines and boxes are: shorter ones could be letters."""

_CORNERS = 5

_MOST_PIXELS = 0
"""How many pixels may differ: the traces of smoothing."""


@dataclass(frozen=True, slots=True)
class PageFit:
    """Where a page's points are on a page of ours: scaled, then shifted, in points from the lower left corner.

    `turn` tells by how many degrees, clockwise, the page has to be turned first.
    """

    scale: float = 1.0
    across: float = 0.0
    up: float = 0.0
    turn: int = 0

    def placed(self, box: Box) -> Box:
        """Return a box of the other page where it is on ours."""
        scale, across, up = self.scale, self.across, self.up
        return Box(box.left * scale + across, box.bottom * scale + up, box.right * scale + across, box.top * scale + up)


@dataclass(frozen=True, slots=True)
class PagePair:
    """Two pages to compare, as indexes of pages of ours and theirs; all boxes are on ours.

    `body` holds the agreement's text; None for all of the page. In and around the form's `fields` more may
    be seen than on ours, never less. `told` are words in the margins that are told of; `closed` places in the fields
    where nothing may be drawn but the words that are `read` there.
    """

    ours: int
    theirs: int
    fit: PageFit
    body: Box | None
    fields: tuple[Box, ...]
    told: tuple[Box, ...]
    closed: tuple[Box, ...] = ()
    read: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Ink:
    """How two pages compare: whether they look `unlike` where the agreement is, or have ink `beside` it.

    `over` tells that in the fields something is drawn where words alone may be.
    """

    unlike: bool = False
    beside: bool = False
    over: bool = False


class Pictures:
    """Draws and compares the pages of two PDFs; those `alike` are known to look the same where they lie."""

    def __init__(
        self, ours: pypdfium2.PdfDocument, theirs: pypdfium2.PdfDocument, alike: frozenset[int] = frozenset()
    ) -> None:
        self._ours, self._theirs, self._alike = ours, theirs, alike
        self._mine, self._other = Canvas(), Canvas()

    def inks(self, pairs: Iterable[PagePair]) -> tuple[Ink, ...]:
        """Compare pairs of pages."""
        return tuple(Ink() if self._known(pair) else self._compared(pair) for pair in pairs)

    def _known(self, pair: PagePair) -> bool:
        return pair.ours == pair.theirs and pair.ours in self._alike and pair.fit == PageFit()

    def _compared(self, pair: PagePair) -> Ink:
        with flattened(self._ours, pair.ours) as page:
            width, height = page.get_size()
            mine = self._mine.plain(page)
        size = _pixels(width, height)
        with flattened(self._theirs, pair.theirs) as page:
            if pair.fit.turn:
                page.set_rotation((page.get_rotation() + pair.fit.turn) % 360)
            other = self._other.drawn(page, size, pair.fit, height)
        if mine == other:
            return Ink()
        unlike = beside = over = 0
        for top, bottom in _bands(mine, other, *size):
            area = _Area(size[0], top, bottom, height)
            rows = slice(top * size[0], bottom * size[0])
            lost, come = _differing(mine[rows], other[rows], size[0], bottom - top)
            body = area.mask((pair.body,)) if pair.body else area.everything
            over += (come & area.mask(pair.closed) & ~area.mask(pair.read)).bit_count()
            come &= ~area.mask(pair.fields)
            unlike += lost.bit_count() + (come & body).bit_count()
            beside += (come & ~body & ~area.mask(pair.told)).bit_count()
        return Ink(unlike > _MOST_PIXELS, beside > _MOST_PIXELS, over > _MOST_PIXELS)


def drawn(pdf: bytes, pages: Iterable[int]) -> tuple[int, ...]:
    """Return those of some pages, counted from 0, on which more is seen than words, lines, boxes and small pictures.

    Words that nobody sees are told as well. Raise PagesError if the PDF cannot be read.
    """
    with opened(pdf) as document:
        return tuple(index for index in pages if _speaks(document, index))


def _speaks(document: pypdfium2.PdfDocument, index: int) -> bool:
    with flattened(document, index) as page:
        return any(map(_more_than_words, page.get_objects(max_depth=_DEEPEST)))


def _more_than_words(piece: pypdfium2.PdfObject) -> bool:
    if piece.type == pdfium.FPDF_PAGEOBJ_TEXT:
        colour = [ctypes.c_uint() for _ in range(4)]
        known = pdfium.FPDFPageObj_GetFillColor(piece, *colour)
        *light, solid = (each.value for each in colour)
        faint = bool(known) and (min(light) > _FAINT or solid < 255 - _FAINT)
        return bool(faint or pdfium.FPDFTextObj_GetTextRenderMode(piece) in _UNSEEN)
    sides = [ctypes.c_float() for _ in range(4)]
    if piece.type == pdfium.FPDF_PAGEOBJ_FORM or not pdfium.FPDFPageObj_GetBounds(piece, *sides):
        return bool(piece.type != pdfium.FPDF_PAGEOBJ_FORM)
    left, bottom, right, top = (side.value for side in sides)
    wide, tall = right - left, top - bottom
    if piece.type == pdfium.FPDF_PAGEOBJ_IMAGE:
        return wide > _PICTURE[0] or tall > _PICTURE[1]
    if piece.type != pdfium.FPDF_PAGEOBJ_PATH:
        return True
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if pdfium.FPDFPath_GetDrawMode(piece, fill, stroke) and not fill.value and not stroke.value:
        return False
    count = pdfium.FPDFPath_CountSegments(piece)
    kinds = {pdfium.FPDFPathSegment_GetType(pdfium.FPDFPath_GetPathSegment(piece, at)) for at in range(min(count, 6))}
    straight: bool = count <= _CORNERS and pdfium.FPDF_SEGMENT_BEZIERTO not in kinds
    return not straight or bool(max(wide, tall) < _RULE)


class Canvas:
    """Draws pages in shades of grey, one byte a pixel, from the top: each over the one before.

    New room for each page would cost as much as the drawing.
    """

    def __init__(self) -> None:
        self._pixels = bytearray()

    def plain(self, page: pypdfium2.PdfPage) -> bytearray:
        """Draw a page as it is."""
        width, height = page.get_size()
        return self.drawn(page, _pixels(width, height), PageFit(), height)

    def drawn(self, page: pypdfium2.PdfPage, size: tuple[int, int], fit: PageFit, height: float) -> bytearray:
        """Draw a page where it lies on a page of ours, of that size in pixels and height in points."""
        width, tall = size
        if len(self._pixels) != width * tall:
            self._pixels = bytearray(width * tall)
        buffer = (ctypes.c_char * len(self._pixels)).from_buffer(self._pixels)
        bitmap = pdfium.FPDFBitmap_CreateEx(width, tall, pdfium.FPDFBitmap_Gray, buffer, width)
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, tall, 0xFFFFFFFF)
            grown = _FINE * fit.scale
            down = height - fit.up - fit.scale * page.get_height()
            matrix = pdfium.FS_MATRIX(grown, 0, 0, grown, _FINE * fit.across, _FINE * down)
            # What is cropped away is not seen, wherever the page is laid.
            left, top = max(0.0, _FINE * fit.across), max(0.0, _FINE * down)
            right = min(float(width), _FINE * fit.across + grown * page.get_width())
            bottom = min(float(tall), _FINE * down + grown * page.get_height())
            clip = pdfium.FS_RECTF(left, top, max(left, right), max(top, bottom))
            pdfium.FPDF_RenderPageBitmapWithMatrix(bitmap, page, matrix, clip, pdfium.FPDF_GRAYSCALE)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        return self._pixels


def _pixels(width: float, height: float) -> tuple[int, int]:
    return round(width * _FINE), round(height * _FINE)


def _bands(mine: bytearray, other: bytearray, width: int, tall: int) -> Iterator[tuple[int, int]]:
    """Yield stretches of rows that hold all that differs, and a row more on each side."""
    start = end = -1
    for row in range(tall):
        at = row * width
        if mine[at : at + width] != other[at : at + width]:
            if start >= 0 and row > end + 3:
                yield max(0, start - 1), min(tall, end + 2)
                start = -1
            start = row if start < 0 else start
            end = row
    if start >= 0:
        yield max(0, start - 1), min(tall, end + 2)


def _differing(mine: bytearray, other: bytearray, width: int, rows: int) -> tuple[int, int]:
    """Return the pixels that only one side has, a bit each: those lost, and those that came."""
    first = [_darker(mine, shade + add) for shade in _SHADES for add in (-_SLACK, _SLACK)]
    second = [_darker(other, shade + add) for shade in _SHADES for add in (-_SLACK, _SLACK)]
    lost, come = _unmatched(first, second, width)
    if not lost and not come:
        return lost, come
    # Programs that write a file anew round the places of letters: a letter may have moved as a whole.
    explained = 0
    for shift in _SHIFTS:
        moved = [bits << shift if shift > 0 else bits >> -shift for bits in second]
        one, two = _unmatched(first, moved, width)
        explained |= ~_within(one | two, _LETTER, width)
    return lost & ~explained, come & ~explained


def _unmatched(first: Sequence[int], second: Sequence[int], width: int) -> tuple[int, int]:
    lost = come = 0
    for at in range(0, len(first), 2):
        lost |= first[at] & ~_spread(second[at + 1], width)
        come |= second[at] & ~_spread(first[at + 1], width)
    return lost, come


def _within(bits: int, distance: int, width: int) -> int:
    """Return the pixels within a distance of any."""
    for _ in range(distance if bits else 0):
        bits = _spread(bits, width)
    return bits


_DIGITS = tuple(bytes(0x31 if value < shade else 0x30 for value in range(256)) for shade in range(256))


def _darker(pixels: bytearray, shade: int) -> int:
    """Return the pixels darker than a shade as bits, the first pixel the highest."""
    return int(pixels.translate(_DIGITS[shade]), 2)


def _spread(bits: int, width: int) -> int:
    """Return the pixels and all that touch them."""
    across = bits | bits << 1 | bits >> 1
    return across | across << width | across >> width


@dataclass(frozen=True, slots=True)
class _Area:
    """A stretch of a page's rows as bits."""

    width: int
    top: int
    bottom: int
    height: float

    @property
    def everything(self) -> int:
        return (1 << self.width * (self.bottom - self.top)) - 1

    def mask(self, boxes: Sequence[Box]) -> int:
        """Return the pixels of boxes."""
        bits = 0
        rows = self.bottom - self.top
        for box in boxes:
            left = min(max(0, round(box.left * _FINE)), self.width)
            right = min(max(left, round(box.right * _FINE)), self.width)
            first = min(max(0, round((self.height - box.top) * _FINE) - self.top), rows)
            last = min(max(first, round((self.height - box.bottom) * _FINE) - self.top), rows)
            if right > left and last > first:
                row = ((1 << (right - left)) - 1) << (self.width - right)
                lines = ((1 << self.width * (last - first)) - 1) // ((1 << self.width) - 1)
                bits |= row * lines << self.width * (rows - last)
        return bits
