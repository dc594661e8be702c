"""What an object of a PDF is to a reader: the content of a page, a font, an attached file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf

from clausebook.verify.integrity.form import Ref, entries

if TYPE_CHECKING:
    from clausebook.verify.integrity.revision import PdfRevision

_MAX_STEPS = 20_000
_TYPES = {
    "/Font": "A font",
    "/FontDescriptor": "A font",
    "/StructElem": "The structure of the text",
    "/StructTreeRoot": "The structure of the text",
    "/Filespec": "An attached file",
    "/EmbeddedFile": "An attached file",
    "/Annot": "An annotation",
    "/Pages": "The order of the pages",
    "/Metadata": "The document's metadata",
    "/Sig": "A signature",
    "/DocTimeStamp": "A document timestamp",
}


def role(revision: PdfRevision, ref: Ref) -> str:
    """Return what an object is, beginning a sentence: "The content of page 3"."""
    for field in revision.fields.values():
        if ref == field.ref or ref in {widget.objgen for widget in field.widgets}:
            return f"The field `{field.name}`"
    for number, page in enumerate(revision.pdf.pages, start=1):
        if ref == page.objgen:
            return f"Page {number}"
        if ref in _below(page.obj.get("/Contents")):
            return f"The content of page {number}"
    item = revision.pdf.get_object(ref)
    kind = str(entries(_dictionary(item)).get("/Type", ""))
    if kind in _TYPES:
        return _TYPES[kind]
    for number, page in enumerate(revision.pdf.pages, start=1):
        if ref in _below(page.obj.get("/Resources")):
            return f"A font or picture of page {number}"
        if ref in _below(page.obj.get("/Annots"), depth=4):
            return f"An annotation of page {number}"
    return f"Object {ref[0]} of the file"


def _dictionary(item: pikepdf.Object) -> pikepdf.Object:
    return item.stream_dict if isinstance(item, pikepdf.Stream) else item


def _below(value: pikepdf.Object | None, depth: int = 6) -> set[Ref]:
    """Return the objects that a value leads to, but not back up to pages."""
    found: set[Ref] = set()
    waiting = [(value, depth)]
    for _ in range(_MAX_STEPS):
        if not waiting:
            break
        item, left = waiting.pop()
        if not isinstance(item, pikepdf.Object) or left < 0 or (item.is_indirect and item.objgen in found):
            continue
        if item.is_indirect:
            found.add(item.objgen)
        if isinstance(item, pikepdf.Array):
            waiting += [(child, left - 1) for child in item]
        elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            inner = entries(_dictionary(item))
            waiting += [(child, left - 1) for key, child in inner.items() if key not in ("/Parent", "/P")]
    return found
