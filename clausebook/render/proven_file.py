"""Render a Document in one format, prove what came out, and say where in its sources stands what cannot be shown.

What is dear to render is kept by the hash of all that went into it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Document, Origin, Run
from clausebook.document.outgoing import outgoing
from clausebook.findings.model import Finding, FindingsError
from clausebook.findings.pointers import parts
from clausebook.render.formats import RENDERERS, look_digest, pdf
from clausebook.render.manifest import Manifest
from clausebook.render.pdf.glyphs import MissingGlyph, MissingGlyphs, code, missing_glyphs
from clausebook.render.proof.at_base import changed_at, is_trusted
from clausebook.render.proof.proving import HIDDEN, proof
from clausebook.repository import user_cache
from clausebook.repository.agreement_files import path_in
from clausebook.repository.engine import engine
from clausebook.repository.tree import DiskTree

MOST_LETTERS = 20
"""How many of the characters that cannot be shown a finding lists."""

Place = Callable[[MissingGlyph], tuple[str, int, int]]
"""Finds the file, line and column in which a character stands that cannot be shown."""


def render_file(
    document: Document,
    root: Path,
    name: str,
    place: Place | None = None,
    manifest: Manifest | None = None,
) -> bytes:
    """Render the document in one format; see `files.render_files`, but for what a look raises that cannot be used."""
    leaving = outgoing(document)
    if name in ("md", "html"):
        return RENDERERS[name](leaving, root)
    if name == "docx":
        return _proven(name, RENDERERS[name], leaving, root)
    if name != "pdf":
        return cached(root, name, leaving, RENDERERS[name])
    render = partial(pdf, manifest=manifest)
    try:
        return cached(root, name, leaving, partial(_proven, name, render), repr(manifest))
    except MissingGlyphs as error:
        found = place or (lambda missing: (path_in(DiskTree(root), document.id), 0, 0))
        raise FindingsError(glyph_findings(document, error, found)) from error


def _proven(name: str, render: Callable[[Document, Path], bytes], document: Document, root: Path) -> bytes:
    """Return the rendered document. Raise FindingsError if it does not say, or show, what the document says."""
    content = render(document, root)
    key = (engine(), fingerprint(document), hashlib.sha256(content).hexdigest(), name)
    if user_cache.find("proven", key) is not None:
        return content
    if wrong := proof(document, name, content):
        digest = look_digest(root, name)
        if any(each.rule != HIDDEN for each in wrong) or not is_trusted(root, name, digest):
            path, line = changed_at(root, name) or (f"templates/{name}", 1)
            raise FindingsError([replace(_waivable(each, name, digest), path=path, line=line) for each in wrong])
    else:
        user_cache.keep("proven", key, b"")
    return content


def _waivable(finding: Finding, name: str, digest: str) -> Finding:
    if finding.rule != HIDDEN:
        return finding
    way = f"if it is meant, name the look in trust.yaml of the protected branch: {{look: {name}, sha256: {digest}}}"
    return replace(finding, hint=f"{finding.hint}; {way}")


def cached(
    root: Path, format_name: str, document: Document, render: Callable[[Document, Path], bytes], more: str = ""
) -> bytes:
    """Return the rendered document, from the user's cache if the same was rendered before.

    `more` names whatever else goes into the file.
    """
    key = (format_name, engine(), look_digest(root, format_name), repr(document), more)
    return user_cache.kept_or_made("rendered", key, lambda: render(document, root))


def glyph_findings(document: Document, error: MissingGlyphs, place: Place) -> Iterator[Finding]:
    """Yield a finding of each value, or place of the library's words, that holds characters which cannot be shown."""
    values: dict[str, list[MissingGlyph]] = {}
    for each in missing_glyphs(document, error):
        missing = _with_origin(document, each)
        values.setdefault(_pointer(missing) or f"in {missing.place}", []).append(missing)
    for found in values.values():
        first, pointer = found[0], _pointer(found[0])
        letters = list(dict.fromkeys(missing.character for missing in found))
        path, line, column = place(first)
        where = f"`{parts(pointer)[-1]}`" if pointer else f"`{first.place or 'the title'}`"
        yield Finding(
            rule="core/pdf-glyph",
            message=f"no font of the PDF has {_listed(letters)}, in {where}",
            path=path,
            line=line,
            column=column,
            pointer=pointer,
            hint="write it in Latin, Greek or Cyrillic letters and common symbols, or put a font that has "
            f"{'it' if len(letters) == 1 else 'them'} into templates/pdf/fonts/",
        )


def _with_origin(document: Document, missing: MissingGlyph) -> MissingGlyph:
    """Return a character of the title or version, which come from the data without a run, with its origin."""
    for name, text in (("title", document.title), ("version", document.version)):
        if not missing.place and missing.character in text:
            return replace(missing, run=Run(text, origin=Origin("data", pointer=f"/{name}")))
    return missing


def _pointer(missing: MissingGlyph) -> str:
    origin = missing.run.origin if missing.run else None
    return origin.pointer if origin and origin.kind == "data" else ""


def _listed(letters: Sequence[str]) -> str:
    shown = [f"“{each}” ({code(each)})" for each in letters[:MOST_LETTERS]]
    more = len(letters) - len(shown)
    return f"the character{'' if len(letters) == 1 else 's'} {', '.join(shown)}" + (f" and {more} more" if more else "")
