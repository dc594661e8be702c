"""Run Typst on a look and a document's content.

The content reaches the look as a string that it decodes: no word of an agreement is ever Typst source.
"""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path

import typst

from clausebook.document.interchange import to_json
from clausebook.document.model import Document
from clausebook.render.manifest import AGREEMENT, MANIFEST, Manifest
from clausebook.render.pdf.blanks import blanks
from clausebook.render.pdf.content import content
from clausebook.render.pdf.fields import FieldFault, add_fields
from clausebook.render.pdf.glyphs import MissingGlyphs, right_to_left, unshown
from clausebook.render.pdf.splice import UnknownForm
from clausebook.repository.temporary import temporary_folder

MAIN = "agreement.typ"
"""The look's entry point."""

FONTS = "fonts"
"""The folder in the look that holds fonts beside those of Typst."""

_SUFFIXES = (".otf", ".ttf", ".ttc", ".otc")
_ATTACH = f"""
#pdf.attach("{AGREEMENT}", bytes(sys.inputs.document), relationship: "source", mime-type: "application/json",
  description: "The words and the structure of this agreement")
#pdf.attach("{MANIFEST}", bytes(sys.inputs.manifest), relationship: "data", mime-type: "application/json",
  description: "What this file was made from, as fingerprints")
"""
_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
# The file's dates: fixed, because the same agreement is the same bytes on any day.
_TIMESTAMP = 0
_LOCK = threading.Lock()


class LookFault(Exception):
    """The look cannot lay the document out; the message is Typst's."""


def render_pdf(document: Document, look: Path, manifest: Manifest | None = None, *, to_sign: bool = True) -> bytes:
    """Return the document as a tagged PDF (PDF/A-3a and PDF/UA-1), laid out by the look in that folder.

    Its signature blocks hold form fields, unless it is not `to_sign`. With the manifest, both it and the document are
    attached: give the outgoing document. Raise MissingGlyphs when a character cannot be shown, and LookFault when the
    look itself is wrong.
    """
    inputs = {"agreement": content(document, to_sign=to_sign)}
    if manifest:
        inputs |= {"document": to_json(document), "manifest": manifest.to_json()}
    pdf = lay_out(MAIN, look, inputs, more=_ATTACH if manifest else "")
    if not to_sign:
        return pdf
    try:
        return add_fields(pdf, blanks(document))
    except (FieldFault, UnknownForm) as error:
        raise LookFault(str(error)) from error


def lay_out(main: str, look: Path, inputs: Mapping[str, str], more: str = "") -> bytes:
    """Return the PDF that a file of the look makes of the inputs; `more` is Typst source that follows the file's own.

    Raise MissingGlyphs and LookFault as `render_pdf` does.
    """
    if unordered := right_to_left(inputs["agreement"]):
        raise MissingGlyphs(unordered)
    with temporary_folder() as folder:
        root = folder.resolve()
        _copy(look, root)
        if more:
            with (root / main).open("a", encoding="utf-8") as file:
                file.write(more)
        try:
            with _LOCK:
                pdf = _compiler(*_own_fonts(look / FONTS)).compile(
                    root / main,
                    root=root,
                    format="pdf",
                    sys_inputs=dict(inputs),
                    pdf_standards=_STANDARDS,
                    timestamp=_TIMESTAMP,
                )
        except typst.TypstError as error:
            if characters := unshown(error.diagnostic):
                raise MissingGlyphs(characters) from error
            raise LookFault(str(error)) from error
        except BaseException as error:  # where Typst itself fails, what it raises is no Exception
            if type(error).__name__ != "PanicException":
                raise
            _compiler.cache_clear()
            raise LookFault(f"Typst fails on it: {error}") from error
    if not isinstance(pdf, bytes):
        raise TypeError("Typst gave no PDF")
    return pdf


_Fonts = tuple[tuple[str, int, int], ...]


@functools.lru_cache(maxsize=4)
def _compiler(folder: Path | None, fonts: _Fonts) -> typst.Compiler:
    """Return the process's compiler: reading the fonts once saves most of a small document's time.

    `fonts` are the look's own; a change of them calls for another compiler.
    """
    return typst.Compiler(ignore_system_fonts=True, font_paths=[folder] if folder else [])


def _own_fonts(folder: Path) -> tuple[Path | None, _Fonts]:
    """Return the folder if it holds fonts, and them, with what tells one state of a file from another."""
    if not folder.is_dir():
        return None, ()
    states = ((path.name, path.stat()) for path in sorted(folder.iterdir()) if path.suffix.lower() in _SUFFIXES)
    fonts = tuple((name, state.st_size, state.st_mtime_ns) for name, state in states)
    return (folder if fonts else None), fonts


def _copy(look: Path, root: Path) -> None:
    """Copy the look's plain files; links and folders stay behind, so nothing outside can be read."""
    for path in sorted(look.iterdir()):
        if path.is_file() and not path.is_symlink():
            shutil.copyfile(path, root / path.name)
