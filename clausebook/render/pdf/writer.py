"""Run Typst on a look and a document's content.

The content reaches the look as a string that it decodes: no word of an agreement is ever Typst source.
"""

from __future__ import annotations

import functools
import shutil
import tempfile
import threading
from pathlib import Path

import typst

from clausebook.model import Document
from clausebook.render.pdf.content import content
from clausebook.render.pdf.glyphs import MissingGlyphs, right_to_left, unshown

MAIN = "agreement.typ"
"""The look's entry point."""

_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
# The file's dates: fixed, because the same agreement is the same bytes on any day.
_TIMESTAMP = 0
_LOCK = threading.Lock()


class LookFault(Exception):
    """The look cannot lay the document out; the message is Typst's."""


def render_pdf(document: Document, look: Path) -> bytes:
    """Return the document as a tagged PDF (PDF/A-3a and PDF/UA-1), laid out by the look in that folder.

    Raise MissingGlyphs when a character cannot be shown, and LookFault when the look itself is wrong.
    """
    data = content(document)
    if unordered := right_to_left(data):
        raise MissingGlyphs(unordered)
    with tempfile.TemporaryDirectory(prefix="clausebook-") as folder:
        root = Path(folder).resolve()
        _copy(look, root)
        try:
            with _LOCK:
                pdf = _compiler().compile(
                    root / MAIN,
                    root=root,
                    format="pdf",
                    sys_inputs={"agreement": data},
                    pdf_standards=_STANDARDS,
                    timestamp=_TIMESTAMP,
                )
        except typst.TypstError as error:
            if characters := unshown(error.diagnostic):
                raise MissingGlyphs(characters) from error
            raise LookFault(str(error)) from error
    if not isinstance(pdf, bytes):
        raise TypeError("Typst gave no PDF")
    return pdf


@functools.cache
def _compiler() -> typst.Compiler:
    """Return the process's compiler: reading the fonts once saves most of a small document's time."""
    return typst.Compiler(ignore_system_fonts=True)


def _copy(look: Path, root: Path) -> None:
    """Copy the look's plain files; links and folders stay behind, so nothing outside can be read."""
    for path in sorted(look.iterdir()):
        if path.is_file() and not path.is_symlink():
            shutil.copyfile(path, root / path.name)
