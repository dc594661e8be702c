"""Reads the words and the structure out of every format, each by a reader of its own."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf

from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing
from clausebook.render.formats import RENDERERS
from clausebook.render.html import render_html
from tests.support.docx_reader import docx_part, docx_words
from tests.support.html_reader import read_html
from tests.support.markdown_reader import markdown_outline, markdown_words
from tests.support.tagged_words import pdf_words

INLINE = ("/Strong", "/Em", "/Link", "/Reference")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def render_all(document: Document, root: Path) -> dict[str, bytes]:
    """Render in the four formats."""
    leaving = outgoing(document)
    files = {name: RENDERERS[name](leaving, root) for name in ("md", "docx", "pdf")}
    return files | {"html": render_html(leaving).encode()}


WORDS: Mapping[str, Callable[[bytes], list[str]]] = {
    "md": lambda data: markdown_words(data.decode()),
    "html": lambda data: read_html(data.decode()).words(),
    "docx": docx_words,
    "pdf": pdf_words,
}


def html_structure(data: bytes) -> list[str]:
    """Return the tags, in order."""
    return [element.tag for element in read_html(data.decode()).all()]


def docx_structure(data: bytes) -> list[str]:
    """Return the elements that are no runs, and the paragraphs' styles, in order."""
    body = docx_part(data, "word/document.xml")
    found = []
    for element in body.iter():
        name = element.tag.removeprefix(WORD)
        if name == "pStyle":
            found.append(element.get(f"{WORD}val", ""))
        elif name in ("p", "tbl", "tr", "tc", "hyperlink", "sectPr", "bookmarkStart", "numPr"):
            found.append(name)
    return found


def pdf_structure(data: bytes) -> list[str]:
    """Return the types of the structure elements, in order, and the targets of links."""
    found: list[str] = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        waiting = [pdf.Root.StructTreeRoot]
        while waiting:
            node = waiting.pop()
            if not isinstance(node, pikepdf.Dictionary):
                continue
            kind = str(node.get("/S", ""))
            # What is broken at the end of a page is two elements of one kind.
            broken = kind in INLINE and found[-1:] == [kind]
            if kind not in ("", "/Span") and not broken:
                found.append(kind)
            children = node.get("/K", pikepdf.Array())
            many = list(children) if isinstance(children, pikepdf.Array) else [children]
            waiting += [child for child in reversed(many) if isinstance(child, pikepdf.Dictionary)]
    return found


STRUCTURE: Mapping[str, Callable[[bytes], list[str]]] = {
    "md": lambda data: markdown_outline(data.decode()),
    "html": html_structure,
    "docx": docx_structure,
    "pdf": pdf_structure,
}
