"""Run Typst on a look and a document's content.

The content reaches the look as a string that it decodes: no word of an agreement is ever Typst source.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from clausebook.document.interchange import to_json
from clausebook.document.model import Document
from clausebook.render.manifest import AGREEMENT, MANIFEST, Manifest
from clausebook.render.pdf.blanks import blanks
from clausebook.render.pdf.content import content
from clausebook.render.pdf.fields import FieldFault, add_fields
from clausebook.render.pdf.glyphs import MissingGlyphs, right_to_left, unshown
from clausebook.render.pdf.splice import UnknownForm
from clausebook.render.pdf.typesetting import FONTS, LookFault, TypesetError, typeset
from clausebook.repository.temporary import temporary_folder

MAIN = "agreement.typ"
"""The look's entry point."""

_ATTACH = f"""
#pdf.attach("{AGREEMENT}", bytes(sys.inputs.document), relationship: "source", mime-type: "application/json",
  description: "The words and the structure of this agreement")
#pdf.attach("{MANIFEST}", bytes(sys.inputs.manifest), relationship: "data", mime-type: "application/json",
  description: "What this file was made from, as fingerprints")
"""
# Typst and PDF/A want a date, and the only one that gives the same bytes every day is none that a reader should see.
_DATES = re.compile(
    rb"/(?:CreationDate|ModDate)\(D:19700101000000Z\)(?=[^<>]*>>\nendobj)"
    rb"|<xmp:(?P<name>ModifyDate|CreateDate)>[^<]*</xmp:(?P=name)>"
)
_OUTSIDE = "it imports a package, and none is fetched from outside: copy what it needs into the folder of the look"
_PACKAGE = re.compile(r"failed to download package|package not found")


def render_pdf(document: Document, look: Path, manifest: Manifest | None = None) -> bytes:
    """Return the document as a tagged PDF (PDF/A-3a and PDF/UA-1), laid out by the look in that folder.

    Its signature blocks hold form fields; a restated copy has none. With the manifest, both it and the document are
    attached: give the outgoing document. Raise MissingGlyphs when a character cannot be shown, LookFault when the look
    itself is wrong, and OutOfBounds when it takes too long or too much memory.
    """
    inputs = {"agreement": content(document)}
    if manifest:
        inputs |= {"document": to_json(document), "manifest": manifest.to_json()}
    main = f"{document.page.look}.typ" if document.page and document.page.look else MAIN
    pdf = lay_out(main, look, inputs, more=_ATTACH if manifest else "")
    if document.restated:
        return pdf
    try:
        return add_fields(pdf, blanks(document))
    except (FieldFault, UnknownForm) as error:
        raise LookFault(str(error)) from error


def lay_out(main: str, look: Path, inputs: Mapping[str, str], more: str = "") -> bytes:
    """Return the PDF that a file of the look makes of the inputs; `more` is Typst source that follows the file's own.

    Raise MissingGlyphs, LookFault and OutOfBounds as `render_pdf` does.
    """
    if unordered := right_to_left(inputs["agreement"]):
        raise MissingGlyphs(unordered)
    if not (look / main).is_file():
        raise LookFault(f"its look has no file {main}")
    with temporary_folder() as folder:
        root = folder.resolve()
        _copy(look, root)
        if more:
            with (root / main).open("a", encoding="utf-8") as file:
                file.write(more)
        try:
            return _undated(typeset(root / main, look / FONTS, inputs))
        except TypesetError as error:
            if characters := unshown(error.diagnostic):
                raise MissingGlyphs(characters) from error
            if _PACKAGE.search(str(error)):
                raise LookFault(_OUTSIDE, error.diagnostic) from error
            raise LookFault(str(error), error.diagnostic) from error


def _copy(look: Path, root: Path) -> None:
    """Copy the look's plain files; links and folders stay behind, so nothing outside can be read."""
    for path in sorted(look.iterdir()):
        if path.is_file() and not path.is_symlink():
            shutil.copyfile(path, root / path.name)


def _undated(pdf: bytes) -> bytes:
    """Return the PDF without the dates of its making, which are none of the agreement's; each place stays its place."""
    return _DATES.sub(lambda found: b" " * len(found[0]), pdf)
