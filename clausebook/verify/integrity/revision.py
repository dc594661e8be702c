"""One revision of a PDF: its objects, and what points at what."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

import pikepdf

from clausebook.verify.integrity.byte_ranges import Fault
from clausebook.verify.integrity.form import Ref, fields_of

_HARMLESS = "reported number of objects"
_MAX_OBJECTS = 500_000
_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9a-fA-F]*>|\b(\d{1,10}) (\d{1,5}) R\b", re.DOTALL)
_STORE = re.compile(rb"^stream .*/Type /(?:XRef|ObjStm)\b", re.DOTALL)


class PdfRevision:
    """One revision of a PDF, read whole: its objects as they are written, and what points at what."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.objects: dict[Ref, bytes] = {}
        self.referrers: dict[Ref, set[Ref]] = {}
        everything: Iterable[object] = pdf.objects
        for item in everything:
            # Numbers and the like come as Python's own, without the object's number: those in use are read below.
            if isinstance(item, pikepdf.Object) and item.is_indirect:
                self.objects[item.objgen] = _content(item)
            if len(self.objects) > _MAX_OBJECTS:
                raise Fault(f"it has more than {_MAX_OBJECTS:,} objects")
        for ref, content in self.objects.items():
            # Where the file keeps its objects is no use of them.
            for target in () if _STORE.search(content) else references(content):
                self.referrers.setdefault(target, set()).add(ref)
        for target in references(pdf.trailer.unparse(resolved=True)):
            self.referrers.setdefault(target, set()).add((0, 0))
        for ref in self.referrers.keys() - self.objects.keys():
            value = pdf.get_object(ref)
            if value is not None:
                self.objects[ref] = repr(value).encode()
        self.fields = fields_of(pdf)
        self.complaints = sum(_HARMLESS not in str(warning) for warning in pdf.get_warnings())


def references(content: bytes) -> set[Ref]:
    """Return what an object, as qpdf writes it, points at."""
    return {(int(hit[1]), int(hit[2])) for hit in _REFERENCE.finditer(content) if hit[1]}


def _content(item: pikepdf.Object) -> bytes:
    if isinstance(item, pikepdf.Stream):
        data = hashlib.sha256(item.read_raw_bytes()).hexdigest().encode()
        return b"stream " + data + b" " + item.stream_dict.unparse(resolved=True)
    return item.unparse(resolved=True)
