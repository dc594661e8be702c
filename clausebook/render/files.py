"""Render a Document in formats, and say where in its sources stands what cannot be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing
from clausebook.findings.model import Finding, FindingsError, RepositoryError
from clausebook.render.manifest import Manifest

if TYPE_CHECKING:
    from clausebook.render.pdf.glyphs import MissingGlyph

Place = Callable[["MissingGlyph"], tuple[str, int, int]]
"""Finds the file, line and column in which a character stands that cannot be shown."""


def render_files(
    document: Document,
    root: Path,
    formats: Sequence[str],
    place: Place | None = None,
    manifest: Manifest | None = None,
    *,
    to_sign: bool = True,
) -> dict[str, bytes]:
    """Render the document in the formats; by file name `<id>.<format>`.

    Raises FindingsError when a character cannot be shown, or a look cannot be used; `place` tells where
    the character stands. The document and the manifest, if there is one, are attached to the PDF,
    which has form fields if it is `to_sign`.
    """
    leaving = outgoing(document)
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    for name in formats:
        try:
            files[f"{document.id}.{name}"] = _rendered(document, leaving, root, name, place, manifest, to_sign)
        except FindingsError as error:
            findings += error.findings
        except RepositoryError:  # the disk is full: no fault of the look
            raise
        except Exception as error:  # a look can be wrong in any way, and no format may stop the others
            findings.append(_failed(document, name, error))
    if findings:
        raise FindingsError(findings)
    return files


def _rendered(
    document: Document,
    leaving: Document,
    root: Path,
    name: str,
    place: Place | None,
    manifest: Manifest | None,
    to_sign: bool,
) -> bytes:
    from clausebook.render.formats import RENDERERS, pdf_with
    from clausebook.render.rendered_cache import cached

    render = RENDERERS[name]
    if name in ("md", "html", "docx"):
        return render(leaving, root)
    if name != "pdf":
        return cached(root, name, leaving, render)
    from clausebook.render.pdf.glyphs import MissingGlyphs, missing_glyphs

    try:
        return cached(root, name, leaving, pdf_with(manifest, to_sign=to_sign), f"{manifest!r} {to_sign}")
    except MissingGlyphs as error:
        raise FindingsError(_glyph(document, missing, place) for missing in missing_glyphs(document, error)) from error


def _glyph(document: Document, missing: MissingGlyph, place: Place | None) -> Finding:
    origin = missing.run.origin if missing.run else None
    pointer = origin.pointer if origin and origin.kind == "data" else ""
    path, line, column = place(missing) if place else (f"agreements/{document.id}.yaml", 0, 0)
    return Finding(
        rule="core/pdf-glyph",
        message=f"no font of the PDF has the character {missing.character!r} ({_code(missing.character)}), "
        f"in `{missing.place or 'the title'}`",
        path=path,
        line=line,
        column=column,
        pointer=pointer,
        hint="write it in Latin, Greek or Cyrillic letters and common symbols",
    )


def _failed(document: Document, name: str, error: Exception) -> Finding:
    return Finding(
        rule="core/render-failed",
        message=f"the {name} of `{document.id}` cannot be made: {_said(error)}",
        path=f"templates/{name}",
        line=1,
        column=1,
        hint=f"see whether the look in templates/{name} is whole; its README says what it must keep",
    )


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {Path(error.filename).name}" if isinstance(error.filename, str) else error.strerror
    return str(error) or type(error).__name__


def _code(text: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in text)
