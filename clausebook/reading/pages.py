"""What the pages of a PDF say: their words with their places as they are displayed.

Reads files that come from outside, of any maker, tagged or not. Annotations and form fields are drawn into the
pages first, so that what a signatory saw is what is read.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

MOST_PAGES = 2000
MOST_CHARACTERS = 2_000_000

_SILENT = re.compile("[\0\u200b\u00ad\u2060\ufeff\x02\ufffe]")
"""Characters that mean nothing, or only say where a line may break: the library puts marks for broken hyphens, too."""

_STRETCH = re.compile(r"\S+")

LIBRARY = threading.RLock()
"""The library may be used by one thread at a time, which may open several files."""

_NEAR = 1.0
_LARGEST = 20_000
_CODES = 0x110000


class PagesError(Exception):
    """The pages cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, in points from its lower left corner as it is displayed."""

    left: float
    bottom: float
    right: float
    top: float

    def around(self, margin: float) -> Box:
        """Return the box, larger by a margin on each side."""
        return Box(self.left - margin, self.bottom - margin, self.right + margin, self.top + margin)

    def holds(self, other: Box) -> bool:
        """Tell whether the middle of another box is in this one."""
        x, y = (other.left + other.right) / 2, (other.bottom + other.top) / 2
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def with_(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A word as a page shows it."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its size in points, and its words in the order in which they are painted."""

    width: float
    height: float
    words: tuple[Word, ...]


def read_pages(pdf: bytes) -> tuple[Page, ...]:
    """Return the pages of a PDF. Raise PagesError if it is none, encrypted, damaged or too large."""
    bound = Characters()
    with opened(pdf) as document:
        return tuple(read_page(document, index, bound) for index in range(len(document)))


def read_page(document: pypdfium2.PdfDocument, index: int, bound: Characters) -> Page:
    """Return what a page says, and take its characters off the bound."""
    with flattened(document, index) as page, text_of(page, bound) as text:
        return _page(page, text)


@dataclass(slots=True)
class Characters:
    """How many characters of a PDF may still be read."""

    left: int = MOST_CHARACTERS


@contextlib.contextmanager
def text_of(page: pypdfium2.PdfPage, bound: Characters) -> Iterator[pypdfium2.PdfTextPage]:
    """Open the text of a page. Raise PagesError if its size is impossible, or the PDF's text is too much."""
    if not all(1 <= side <= _LARGEST for side in page.get_size()):
        raise PagesError("a page of it has an impossible size")
    text = page.get_textpage()
    try:
        bound.left -= text.count_chars()
        if bound.left < 0:
            raise PagesError("the PDF holds too much text")
        yield text
    finally:
        text.close()


def _page(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage) -> Page:
    width, height = page.get_size()
    sheet = Box(0, 0, width, height)
    drawn = any(each.type == pdfium.FPDF_PAGEOBJ_FORM for each in page.get_objects(max_depth=1))
    found = _words(text, _Drawings(text) if drawn else None, _displayed(page))
    return Page(width, height, tuple(word for word in found if sheet.holds(word.box)))


def spoken(text: str) -> str:
    """Return text of a page without what means nothing in it."""
    return _SILENT.sub("", text)


@contextlib.contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF for this thread alone. Raise PagesError if it is none, encrypted, damaged or too long."""
    with LIBRARY:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise PagesError(_said(error)) from error
        try:
            if len(document) > MOST_PAGES:
                raise PagesError(f"the PDF has {len(document)} pages; at most {MOST_PAGES} are read")
            yield document
        except pypdfium2.PdfiumError as error:
            raise PagesError(f"the PDF is damaged: {error}") from error
        finally:
            document.close()


@contextlib.contextmanager
def flattened(document: pypdfium2.PdfDocument, index: int) -> Iterator[pypdfium2.PdfPage]:
    """Open a page with the appearances of its annotations and fields drawn into it, as they are displayed."""
    page = document[index]
    try:
        if _has_appearances(page):
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
            page.close()
            page = document[index]
        yield page
    finally:
        page.close()


def _has_appearances(page: pypdfium2.PdfPage) -> bool:
    """Tell whether any annotation of a page brings a drawing of its own: links, of which there are many, bring none."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        found = not annotation or pdfium.FPDFAnnot_HasKey(annotation, b"AP")
        pdfium.FPDFPage_CloseAnnot(annotation)
        if found:
            return True
    return False


def _said(error: pypdfium2.PdfiumError) -> str:
    text = str(error).lower()
    if "password" in text or "security" in text:
        return "the PDF is encrypted"
    return "it is no PDF, or damaged beyond reading"


def _displayed(page: pypdfium2.PdfPage) -> Callable[[Box], Box]:
    """Return what takes a box from the page's own coordinates to where it is displayed: cropped, and turned."""
    left, bottom, right, top = page.get_bbox()
    turn = page.get_rotation()
    if turn == 90:
        return lambda box: Box(box.bottom - bottom, right - box.right, box.top - bottom, right - box.left)
    if turn == 180:
        return lambda box: Box(right - box.right, top - box.top, right - box.left, top - box.bottom)
    if turn == 270:
        return lambda box: Box(top - box.top, box.left - left, top - box.bottom, box.right - left)
    if left or bottom:
        return lambda box: Box(box.left - left, box.bottom - bottom, box.right - left, box.top - bottom)
    return lambda box: box


class _Drawings:
    """Puts characters where they are seen.

    Where a text says by itself what it reads as (ActualText), the library gives its place within the drawing that
    holds it, a stamp say, and not on the page.
    """

    def __init__(self, text: pypdfium2.PdfTextPage) -> None:
        self.text = text
        self.shifts: dict[int, tuple[Box, float, float] | None] = {}

    def placed(self, index: int, box: Box) -> Box:
        """Return the place on the page of a character."""
        piece = pdfium.FPDFText_GetTextObject(self.text, index)
        if not piece:
            return box
        key = ctypes.addressof(piece.contents)
        if key not in self.shifts:
            self.shifts[key] = self._shift(index, piece)
        shift = self.shifts[key]
        if shift is None:
            return box
        within, across, up = shift
        if not within.around(_NEAR).holds(box):
            return box
        return Box(box.left + across, box.bottom + up, box.right + across, box.top + up)

    def _shift(self, index: int, piece: Any) -> tuple[Box, float, float] | None:
        """Return where a text is in its drawing, and how far it is from there on the page; None if it is there."""
        own, shown = pdfium.FS_MATRIX(), pdfium.FS_MATRIX()
        sides = [ctypes.c_float() for _ in range(4)]
        told = (
            pdfium.FPDFPageObj_GetMatrix(piece, own)
            and pdfium.FPDFText_GetMatrix(self.text, index, shown)
            and pdfium.FPDFPageObj_GetBounds(piece, *sides)
        )
        across, up = shown.e - own.e, shown.f - own.f
        if not told or (abs(across) < _NEAR and abs(up) < _NEAR):
            return None
        return Box(*(side.value for side in sides)), across, up


def _characters(text: pypdfium2.PdfTextPage) -> str:
    """Return the characters of a page, one each as they are counted, "\\0" for those that mean none."""
    count = text.count_chars()
    codes = list(map(pdfium.FPDFText_GetUnicode, itertools.repeat(text.raw, count), range(count)))
    if max(codes, default=0) >= _CODES:
        codes = [code if code < _CODES else 0 for code in codes]
    return "".join(map(chr, codes))


def _words(text: pypdfium2.PdfTextPage, drawings: _Drawings | None, displayed: Callable[[Box], Box]) -> Iterator[Word]:
    """Yield the words: stretches of characters without white space between them."""
    read = _characters(text)
    box = _boxes(text)
    silent = _SILENT.search(read) is not None
    for stretch in _STRETCH.finditer(read):
        letters, first, last = stretch[0], stretch.start(), stretch.end() - 1
        if silent:
            places = [index for index in range(first, last + 1) if not _SILENT.match(read, index)]
            if not places:
                continue
            letters, first, last = spoken(letters), places[0], places[-1]
        # The first and the last letter tell where a word stands; what each letter looks like, the picture tells.
        one, other = box(first), box(last)
        if drawings:
            one, other = drawings.placed(first, one), drawings.placed(last, other)
        yield Word(letters, displayed(one.with_(other)))


def _boxes(text: pypdfium2.PdfTextPage) -> Callable[[int], Box]:
    """Return what gives the place of a character; that of one that has none is the page's corner."""
    left, right, bottom, top = sides = [ctypes.c_double() for _ in range(4)]
    raw, told = text.raw, [ctypes.byref(side) for side in sides]

    def box(index: int) -> Box:
        if not pdfium.FPDFText_GetCharBox(raw, index, *told):
            return Box(0, 0, 0, 0)
        return Box(left.value, bottom.value, right.value, top.value)

    return box
