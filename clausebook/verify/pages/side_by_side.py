"""Read a PDF that came back beside ours: page by page, and word by word only where a page is not plainly the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pypdfium2 import PdfDocument

from clausebook.reading.pages import Box, Characters, Page, PagesError, flattened, opened, read_page, spoken, text_of
from clausebook.verify.pages.likeness import Likeness, likeness
from clausebook.verify.pages.pictures import Canvas, Pictures

Places = Mapping[int, Sequence[Box]]
"""Boxes on pages, which are counted from 0."""

NO_WORDS = "its pages hold no text: it is a scan, or a picture"


@dataclass(frozen=True, slots=True)
class PagesBeside:
    """What each page of theirs says, and how all of them compare with ours: None if there are fewer."""

    texts: tuple[str, ...]
    likeness: Likeness | None


def side_by_side(ours: bytes, theirs: bytes, fields: Places, stamps: Places, *, service: bool) -> PagesBeside:
    """Compare two PDFs; `fields` holds the places of the form fields on our pages, `stamps` those for signatures.

    `service` tells whether what signing services add is tolerated. Raise PagesError if one cannot be read, or theirs
    holds no text.
    """
    with opened(ours) as first, opened(theirs) as second:
        same = _same(first, second)
        texts = [same.get(index) for index in range(len(second))]
        # Where nothing may be added, a page that is plainly the same has nothing to compare.
        wordless = same.keys() if not service and len(first) == len(second) else ()
        mine = _pages(first, {index: Page(0, 0, ()) for index in wordless})
        known = {index: mine[index] for index in same}
        other = _pages(second, known)
        said = tuple(
            text if text is not None else " ".join(word.text for word in page.words)
            for text, page in zip(texts, other, strict=True)
        )
        if not any(said):
            raise PagesError(NO_WORDS)
        draw = Pictures(first, second, frozenset(same)).inks
        return PagesBeside(said, likeness(mine, other, fields, draw, service=service, stamps=stamps))


def _same(first: PdfDocument, second: PdfDocument) -> dict[int, str]:
    """Return what those pages say that have the same size, the same characters and the same picture in both."""
    found = {}
    bounds = Characters(), Characters()
    canvases = Canvas(), Canvas()
    for index in range(min(len(first), len(second))):
        with flattened(first, index) as mine, flattened(second, index) as other:
            with text_of(mine, bounds[0]) as text, text_of(other, bounds[1]) as their_text:
                said = text.get_text_range()
                if mine.get_size() != other.get_size() or said != their_text.get_text_range():
                    continue
            one, two = (canvas.plain(page) for canvas, page in zip(canvases, (mine, other), strict=True))
            if one == two:
                found[index] = " ".join(spoken(said).split())
    return found


def _pages(document: PdfDocument, known: dict[int, Page]) -> list[Page]:
    bound = Characters()
    return [known.get(index) or read_page(document, index, bound) for index in range(len(document))]
