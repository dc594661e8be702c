"""The form fields of a PDF: where they stand."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from clausebook.reading.pages import Box

MOST_FIELDS = 10_000


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """A field of a PDF: `page` counts from 1, `box` is in points from the page's lower left corner."""

    name: str
    page: int
    width: float
    height: float
    box: Box
    tooltip: str


def places(pdf: bytes) -> tuple[FieldPlace, ...]:
    """Return the form fields of a PDF, page by page in the order of the tabs.

    Raise pikepdf.PdfError if it is none.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return tuple(_places(opened))


def field_places(pdf: bytes, ending: str = "") -> Mapping[int, Sequence[Box]]:
    """Return the boxes of a PDF's form fields by page, from 0: of all, or of those whose names end so."""
    found: dict[int, list[Box]] = {}
    for place in places(pdf):
        if place.name.endswith(ending):
            found.setdefault(place.page - 1, []).append(place.box)
    return found


def _places(pdf: pikepdf.Pdf) -> Iterator[FieldPlace]:
    count = 0
    for number, page in enumerate(pdf.pages, 1):
        left, bottom, right, top = (float(each) for each in page.mediabox)
        notes: Any = page.obj.get("/Annots", ())
        for note in notes:
            if not isinstance(note, pikepdf.Dictionary) or note.get("/Subtype") != "/Widget" or "/Rect" not in note:
                continue
            count += 1
            if count > MOST_FIELDS:
                return
            x, y, x2, y2 = (float(each) for each in note.Rect)
            box = Box(min(x, x2) - left, min(y, y2) - bottom, max(x, x2) - left, max(y, y2) - bottom)
            tooltip = str(note.get("/TU", ""))
            yield FieldPlace(str(note.get("/T", "")), number, right - left, top - bottom, box, tooltip)
