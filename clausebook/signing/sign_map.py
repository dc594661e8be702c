"""Where the form fields of a PDF stand: for signing services that take pages and coordinates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2

from clausebook.document.model import Document
from clausebook.document.words import text_of
from clausebook.formats.table import FORMATS
from clausebook.reading.form_fields import FieldPlace, places
from clausebook.render.pdf.blanks import blanks, known_name

FORMAT = FORMATS["sign-map"].mark
"""Names this form of the map; a later form has another number."""


@dataclass(frozen=True, slots=True)
class MappedField:
    """A field of an agreement, with whose it is; `anchor` is "" if the look prints none."""

    place: FieldPlace
    kind: str
    block: str
    number: int
    party: str
    heading: str
    signatory: str
    value: str
    anchor: str


def sign_map(document: Document, pdf: bytes) -> tuple[MappedField, ...]:
    """Return the fields of an agreement's PDF in reading order."""
    found = {place.name: place for place in places(pdf)}
    printed = _texts(pdf, {place.page for place in found.values()})
    signatories = dict(enumerate(document.signatures, 1))
    entries = []
    for blank in blanks(document):
        place, block = found[blank.name], signatories[blank.number]
        anchor = blank.anchor if blank.anchor in printed[place.page] else ""
        heading = " ".join(text_of(block.heading).split())
        entries.append(
            MappedField(
                place,
                blank.kind,
                blank.block,
                blank.number,
                blank.party,
                heading,
                known_name(block),
                blank.value,
                anchor,
            )
        )
    return tuple(entries)


def as_json(document: Document, entries: Sequence[MappedField]) -> str:
    """Return the map as JSON. Coordinates are in points; `from_top` is that of services that count from the top."""
    data = {
        "format": FORMAT,
        "agreement": document.id,
        "version": document.version,
        "file": f"{document.id}.pdf",
        "unit": "point (1/72 inch)",
        "origin": "the page's lower left corner; `from_top` is the distance of the field's upper edge from the page's",
        "fields": [_plain(entry) for entry in entries],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def as_text(document: Document, entries: Sequence[MappedField]) -> str:
    """Return the map for people: signatory by signatory, a line a field."""
    lines = [f"{document.id}.pdf, version {document.version}: points from the page's lower left corner"]
    width = max((len(entry.place.name) for entry in entries), default=0)
    last = 0
    for entry in entries:
        if entry.number != last:
            last = entry.number
            lines += ["", ", ".join(filter(None, (f"{last}. {entry.heading}", entry.signatory)))]
        box = entry.place.box
        size = f"{box.right - box.left:.1f} × {box.top - box.bottom:.1f}"
        where = f"page {entry.place.page}, at {box.left:.1f}, {box.bottom:.1f}, {size}"
        lines.append(f"   {entry.place.name:<{width}}  {where}  {entry.anchor}".rstrip())
    return "\n".join(lines) + "\n"


def _plain(entry: MappedField) -> dict[str, Any]:
    place, box = entry.place, entry.place.box
    return {
        "name": place.name,
        "kind": entry.kind,
        "signatory": {
            "number": entry.number,
            "block": entry.block,
            "party": entry.party,
            "heading": entry.heading,
            "name": entry.signatory,
        },
        "value": entry.value,
        "anchor": entry.anchor,
        "tooltip": place.tooltip,
        "page": place.page,
        "page_width": round(place.width, 3),
        "page_height": round(place.height, 3),
        "x": round(box.left, 3),
        "y": round(box.bottom, 3),
        "width": round(box.right - box.left, 3),
        "height": round(box.top - box.bottom, 3),
        "from_top": round(place.height - box.top, 3),
    }


def _texts(pdf: bytes, pages: set[int]) -> dict[int, str]:
    """Return what a program finds on the pages when it looks for words, the invisible ones among them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return {number: document[number - 1].get_textpage().get_text_bounded() for number in sorted(pages)}
    finally:
        document.close()
