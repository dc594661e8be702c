"""The pages that a changed look of the PDF sets otherwise, as pictures before and after."""

from __future__ import annotations

import base64
import contextlib
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2

from clausebook.children.child import OutOfBounds
from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing
from clausebook.findings.characters import one_line
from clausebook.findings.report import counted
from clausebook.reading.pages import PagesError, flattened, opened
from clausebook.render.pdf.glyphs import MissingGlyphs
from clausebook.render.pdf.typesetting import LookFault
from clausebook.render.pdf.writer import render_pdf
from clausebook.repository.hashed import MOST_HASHED
from clausebook.repository.temporary import temporary_folder
from clausebook.repository.tree import TreeError, copy_folder
from clausebook.review.model import LibraryEdit, LookPages, PagePictures
from clausebook.review.sides import Side

MOST_AGREEMENTS, MOST_SHOWN = 2, 6
"""On how many agreements a changed look is tried, and how many pages of each are shown."""

LOOK = "templates/pdf"
_SCALE = 1.25
"""Pixels a point."""

_LONGEST = 200
_COLOURS = 64
"""Those of a picture as it is shown; pictures are compared as they are."""


def look_pages(edits: Sequence[LibraryEdit], base: Side, head: Side) -> tuple[LookPages, ...]:
    """Return what a change of the look does to the pages of the first agreements, as they are at the head."""
    changed = any(edit.path.startswith(f"{LOOK}/") and not edit.path.endswith(".md") for edit in edits)
    if not changed or head.project is None or not base.tree.names(LOOK):
        return ()
    documents = (head.project.assemble(file).document for file in head.files.values())
    with temporary_folder() as folder:
        looks = [folder / name for name in ("before", "after")]
        try:
            for look, side in zip(looks, (base, head), strict=True):
                copy_folder(side.tree, LOOK, look, MOST_HASHED)
        except TreeError:  # the build tells what is wrong with it
            return ()
        return tuple(_compared(each, looks) for each in islice(filter(None, documents), MOST_AGREEMENTS))


def pages_line(found: LookPages) -> str:
    """Return which pages of an agreement look otherwise, in one line."""
    if found.problem:
        return f"{found.agreement}: its pages cannot be compared: {found.problem}."
    if not found.pages:
        return f"{found.agreement}: every page looks the same."
    shown = ", ".join(str(pair.page) for pair in found.pages)
    more = f", and {counted(found.more, 'page')} more" if found.more else ""
    return f"{found.agreement}: these pages look different: {shown}{more}."


def picture(png: bytes) -> str:
    """Return a picture as an address of its own."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _compared(document: Document, looks: Sequence[Path]) -> LookPages:
    try:
        before, after = (render_pdf(outgoing(document), look) for look in looks)
        unlike = _unlike(before, after)
        shown = tuple(PagePictures(page, *map(_png, pair)) for page, *pair in islice(unlike, MOST_SHOWN))
        return LookPages(document.id, shown, sum(1 for _ in unlike))
    except (LookFault, MissingGlyphs, OutOfBounds, PagesError) as error:
        return LookPages(document.id, (), 0, one_line(str(error), _LONGEST))


def _unlike(before: bytes, after: bytes) -> Iterator[tuple[int, Any, Any]]:
    """Yield the pages, from 1, of which the pictures are not the same; None for one that is not there."""
    # Two documents, one lock: the second is opened within the first's.
    with opened(before) as old, contextlib.closing(pypdfium2.PdfDocument(after)) as new:
        for index in range(max(len(old), len(new))):
            one, other = (_drawn(each, index) for each in (old, new))
            if one != other:
                yield index + 1, one, other


def _drawn(document: pypdfium2.PdfDocument, index: int) -> Any:
    if index >= len(document):
        return None
    with flattened(document, index) as page:
        return page.render(scale=_SCALE).to_pil()


def _png(image: Any) -> bytes:
    written = io.BytesIO()
    if image:
        image.quantize(_COLOURS).save(written, "PNG")
    return written.getvalue()
