"""Write a Document in any format: text or bytes, from the Document and the look alone.

`RENDERERS` is the register; each function takes the outgoing Document and the
folder of the looks, and imports what it needs when it is first called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from clausebook.document.model import Document
from clausebook.render.html import render_html_file
from clausebook.render.manifest import Manifest
from clausebook.render.markdown import render_markdown
from clausebook.render.pandoc import FORMATS, render_with_pandoc
from clausebook.repository.hashed import folder_hash
from clausebook.repository.tree import DiskTree

Renderer = Callable[[Document, Path], bytes]
"""Takes the outgoing Document and the repository's root, where `templates/` holds the looks."""


def pdf_look(root: Path) -> Path:
    """Return the folder of the PDF's look."""
    return root / "templates" / "pdf"


def look_digest(root: Path, name: str) -> str:
    """Return a hash of all that is in a format's look now: while a site is served, it is edited."""
    return folder_hash(root / "templates" / name)


def pdf(document: Document, root: Path, manifest: Manifest | None = None) -> bytes:
    """Write a PDF that attaches the document and the manifest, if there is one."""
    from clausebook.render.pdf.typesetting import TYPST

    TYPST.start()  # it loads while we do
    from clausebook.render.pdf.writer import render_pdf

    return render_pdf(document, pdf_look(root), manifest)


def _docx(document: Document, root: Path) -> bytes:
    from clausebook.render.docx.document import render_docx
    from clausebook.render.docx.look import load_look

    return render_docx(document, load_look(DiskTree(root)))


def _pandoc(document: Document, root: Path, *, name: str) -> bytes:
    return render_with_pandoc(document, name)


RENDERERS: Mapping[str, Renderer] = MappingProxyType(
    {
        "md": lambda document, root: render_markdown(document).encode(),
        "pdf": pdf,
        "docx": _docx,
        "html": lambda document, root: render_html_file(document).encode(),
        **{name: partial(_pandoc, name=name) for name in FORMATS},
    }
)
"""By the name of the format, which is also the file's suffix."""

USUAL = ("md", "pdf", "docx")
"""The formats that are built when none is asked for."""
