"""Compare what a PDF holds and does not paint: what is clicked, spoken, listed or told about it.

A link may lie over a clause, a bookmark may say that a side letter prevails, and a screen reader may speak other words
than the page shows. So all of that is taken down of our PDF and of the one that came back, whatever it is: only what is
compared elsewhere, and what says nothing, is left out. What came back has more, or has it otherwise, is told; what it
lost is not, for programs that write a file anew leave such things out.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pikepdf
from lxml import etree

from clausebook.reading.bounds import Budget, PdfTextError

_DEEPEST = 64
_SILENT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        what: frozenset(f"/{key}" for key in keys.split())
        for what, keys in {
            "file": "Type Version Pages AcroForm DSS Extensions Perms Metadata Names Dests Outlines StructTreeRoot"
            " MarkInfo OutputIntents AF OCProperties Collection Lang",
            "properties": "Producer Creator CreationDate ModDate Trapped",
            "page": "Type Parent Resources MediaBox CropBox BleedBox TrimBox ArtBox Contents Rotate Group Annots"
            " StructParents Tabs UserUnit LastModified",
            "form": "Fields SigFlags DR DA Q NeedAppearances XFA",
            "field": "Type Subtype FT T V Ff F Rect P Parent Kids AP AS DA DR Q M NM Lock StructParent Border BS H"
            " MaxLen",
            "link": "Type Subtype Rect P NM M F Border BS C H StructParent Contents A Dest",
            "action": "Type S URI D",
            "bookmark": "Title Dest A First Last Next Prev Parent Count C F SE",
            "structure": "Type K ParentTree ParentTreeNextKey IDTree",
            "element": "Type S P K Pg ID R C",
            "attachment": "Type F UF EF AFRelationship",
            "mark": "Type Subtype MCID BBox Attached",
        }.items()
    }
)
"""What of each part of a PDF says nothing to a reader, or is compared elsewhere: all else is taken down."""

_TIME_STAMP = "Timestamp"
"""What pyHanko calls the field of a time stamp."""

_SPOKEN = re.compile(rb"/(?:ActualText|Alt|E|Lang|Phoneme)\b")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_OF_PROGRAMS = re.compile(
    r"\{http://ns\.adobe\.com/(?:xap/1\.0/\}(?:CreateDate|ModifyDate|MetadataDate|CreatorTool)"
    r"|xap/1\.0/mm/\}(?:Document|Instance|OriginalDocument|Rendition|Version)ID|xap/1\.0/mm/\}(?:History|RenditionClass)"
    r"|pdf/1\.3/\}(?:Producer|PDFVersion|Trapped))"
    r"|\{http://www\.aiim\.org/pdfu?a/ns/.*|\{http://purl\.org/dc/elements/1\.1/\}format"
    r"|\{http://www\.w3\.org/(?:1999/02/22-rdf-syntax-ns#|XML/1998/namespace)\}.*"
)
"""Metadata by which programs tell of themselves: dates, ids, standards."""

_SAID = {
    "ActualText": "spoken instead of what is shown",
    "Alt": "spoken of a picture",
    "E": "spoken of an abbreviation",
}


def unpainted(ours: pikepdf.Pdf, theirs: pikepdf.Pdf, before: int) -> Iterator[str]:
    """Yield what their PDF holds, unpainted, that ours does not, in plain words.

    `before` is how many pages were put before those of ours. Raise PdfTextError or RecursionError if it asks for too
    much work, and whatever the library raises on a damaged file.
    """
    marks: dict[bytes, Sequence[Any]] = {}
    known, found = Counter(_Inventory(ours, 0, marks).lines()), Counter(_Inventory(theirs, before, marks).lines())
    yield from (f"{line}; this repository's file has not" for line in (found - known))


class _Inventory:
    """Takes down what one PDF holds, a line each. Pages are counted from the first page of the agreement.

    `marks` are those in drawings that were read already, by what the drawings hold: most are the same in two PDFs.
    """

    def __init__(self, pdf: pikepdf.Pdf, before: int, marks: dict[bytes, Sequence[Any]]) -> None:
        self._marked = marks
        self._pdf, self._budget = pdf, Budget()
        self._numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1 - before)}
        self._shown: set[tuple[int, int]] = set()

    def lines(self) -> Iterator[str]:
        root = self._pdf.Root
        yield f"the file says that its language is {_text(root.get('/Lang'))}"
        yield from self._rest(root, "file", "the file")
        yield from self._annotations()
        yield from self._form()
        yield from self._outline(self._entry(root, "/Outlines").get("/First"), 0)
        yield from self._names()
        yield from self._told()
        yield from self._structure()
        yield from self._inline()

    def _entry(self, holder: Any, key: str) -> Any:
        found = holder.get(key)
        return found if isinstance(found, pikepdf.Dictionary) else pikepdf.Dictionary()

    def _rest(self, holder: Any, what: str, who: str) -> Iterator[str]:
        """Take down all that a part holds but for what says nothing."""
        for key in sorted(holder.keys()):
            if key not in _SILENT[what] and not (key == "/TU" and str(holder[key]) == _TIME_STAMP):
                yield f"{who} has {key[1:]}: {self._written(holder[key])}"

    def _written(self, value: Any, above: tuple[Any, ...] = ()) -> str:
        """Return a value in words, with all that it refers to; a page is its number."""
        self._budget.step()
        if isinstance(value, pikepdf.Object) and value.is_indirect:
            if value.objgen in self._numbers:
                return f"page {self._numbers[value.objgen]}"
            if value.objgen in above:
                return "itself"
            above = (*above, value.objgen)
        if len(above) > _DEEPEST:
            raise PdfTextError("what it holds is nested too deeply")
        if isinstance(value, pikepdf.Stream):
            return f"a stream ({hashlib.sha256(value.read_raw_bytes()).hexdigest()[:12]})"
        if isinstance(value, pikepdf.Array):
            return f"[{' '.join(self._written(each, (*above, None)) for each in value)}]"
        if isinstance(value, pikepdf.Dictionary):
            up = [key for key in ("/P", "/Parent") if isinstance(value.get(key), pikepdf.Dictionary)]
            keys = sorted(key for key in value.keys() if key not in up)  # noqa: SIM118
            return "; ".join(f"{key[1:]} {self._written(value[key], (*above, None))}" for key in keys)
        return f"“{_text(value)}”" if isinstance(value, pikepdf.String) else _text(value)

    def _annotations(self) -> Iterator[str]:
        for page in self._pdf.pages:
            who = f"the agreement's page {self._numbers[page.obj.objgen]}"
            annotations: Any = page.obj.get("/Annots")
            for each in annotations if isinstance(annotations, pikepdf.Array) else ():
                self._budget.step()
                if not isinstance(each, pikepdf.Dictionary):
                    continue
                if each.get("/Subtype") == "/Link":
                    said = f" that says “{_text(each['/Contents'])}”" if "/Contents" in each else ""
                    place = ", ".join(f"{float(side):.0f}" for side in each.get("/Rect", ()))
                    yield f"{who} has a link to {self._target(each)}{said} at {place}"
                    yield from self._rest(each, "link", f"{who}: its link at {place}")
                elif each.get("/Subtype") == "/Widget":
                    self._shown.add(each.objgen)
                    name = f"the field “{_text(each.get('/T'))}”"
                    yield from self._rest(each, "field", name)
                    sides = [float(side) for side in each.get("/Rect", ())]
                    if len(sides) == 4 and sides[0] != sides[2] and sides[1] != sides[3]:
                        yield f"{name} lies at {', '.join(f'{side:.0f}' for side in sides)}"
            yield from self._rest(page.obj, "page", who)

    def _form(self) -> Iterator[str]:
        form = self._entry(self._pdf.Root, "/AcroForm")
        yield from self._rest(form, "form", "the form")
        waiting: list[Any] = [(each, None, 0) for each in form.get("/Fields", ())]
        while waiting:
            each, kind, depth = waiting.pop()
            self._budget.step()
            if depth > _DEEPEST:
                raise PdfTextError("its form is nested too deeply")
            if not isinstance(each, pikepdf.Dictionary) or each.objgen in self._shown:
                continue
            kind, kids = each.get("/FT", kind), list(each.get("/Kids", ()))
            name = f"the field “{_text(each.get('/T'))}”"
            yield from self._rest(each, "field", name)
            if not kids and kind != "/Sig":
                yield f"{name} is on no page, and holds {self._written(each.get('/V'))}"
            waiting += [(kid, kind, depth + 1) for kid in kids]

    def _target(self, holder: Any) -> str:
        action = holder.get("/A")
        if not isinstance(action, pikepdf.Dictionary):
            return self._place(holder.get("/Dest"))
        if action.keys() <= _SILENT["action"]:
            if action.get("/S") == "/URI":
                return _text(action.get("/URI"))
            if action.get("/S") == "/GoTo":
                return self._place(action.get("/D"))
        return self._written(action)

    def _place(self, found: Any) -> str:
        if isinstance(found, pikepdf.Dictionary):
            found = found.get("/D")
        if not isinstance(found, pikepdf.Array) or not len(found):
            return f"“{_text(found)}”"
        page = found[0]
        number = self._numbers.get(page.objgen) if isinstance(page, pikepdf.Dictionary) else None
        return f"page {number} {' '.join(_text(each) for each in list(found)[1:])}".strip()

    def _outline(self, item: Any, depth: int) -> Iterator[str]:
        while isinstance(item, pikepdf.Dictionary):
            self._budget.step()
            if depth > _DEEPEST:
                raise PdfTextError("its bookmarks are nested too deeply")
            title = _text(item.get("/Title"))
            yield f"a bookmark “{title}” leads to {self._target(item)}"
            yield from self._rest(item, "bookmark", f"the bookmark “{title}”")
            yield from self._outline(item.get("/First"), depth + 1)
            item = item.get("/Next")

    def _names(self) -> Iterator[str]:
        trees = self._entry(self._pdf.Root, "/Names")
        for key in sorted(trees.keys()):
            yield from self._tree(trees[key], key, 0)
        old = self._entry(self._pdf.Root, "/Dests")
        for key in sorted(old.keys()):
            yield f"the place named “{key[1:]}” is {self._place(old[key])}"

    def _tree(self, node: Any, key: str, depth: int) -> Iterator[str]:
        self._budget.step()
        if depth > _DEEPEST:
            raise PdfTextError("its names are nested too deeply")
        listed = list(node.get("/Names", ()))
        for name, value in zip(listed[::2], listed[1::2], strict=False):
            self._budget.step()
            if key == "/EmbeddedFiles":
                yield from self._rest(value, "attachment", f"the attachment “{_text(name)}”")
            else:
                told = f"is {self._place(value)}" if key == "/Dests" else f"({key[1:]}) is {self._written(value)}"
                yield f"the place named “{_text(name)}” {told}"
        for kid in node.get("/Kids", ()):
            yield from self._tree(kid, key, depth + 1)

    def _told(self) -> Iterator[str]:
        yield from self._rest(
            self._entry(self._pdf.trailer, "/Info"), "properties", "the list of the file's properties"
        )
        metadata = self._pdf.Root.get("/Metadata")
        if not isinstance(metadata, pikepdf.Stream):
            return
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        parsed = etree.fromstring(self._budget.admit(metadata), parser)
        for each in parsed.iterfind(f".//{_RDF}RDF/*") if parsed is not None else ():
            for name, words in (*each.attrib.items(), *((part.tag, _all_of(part)) for part in each.iterchildren("*"))):
                self._budget.step()
                if not _OF_PROGRAMS.fullmatch(name):
                    yield f"the file's metadata say {name.removeprefix(_DUBLIN)}: “{words}”"

    def _structure(self) -> Iterator[str]:
        """Take down what is spoken, and in a hash the order in which the parts of the pages are read."""
        root = self._pdf.Root.get("/StructTreeRoot")
        if not isinstance(root, pikepdf.Dictionary):
            return
        yield from self._rest(root, "structure", "the structure of the text")
        order = hashlib.sha256()
        waiting: list[tuple[Any, int, int | None]] = [(root.get("/K"), 0, None)]
        while waiting:
            found, depth, page = waiting.pop()
            self._budget.step()
            if depth > _DEEPEST * 4:
                raise PdfTextError("its structure is nested too deeply")
            if isinstance(found, int):
                order.update(f"{page} {found};".encode())
            elif isinstance(found, pikepdf.Array):
                waiting += [(each, depth + 1, page) for each in reversed(list(found))]
            elif isinstance(found, pikepdf.Dictionary):
                if "/Pg" in found:
                    page = self._numbers.get(found["/Pg"].objgen)
                if "/MCID" in found:
                    order.update(f"{page} {int(found['/MCID'])};".encode())
                    continue
                kind = str(found.get("/S", ""))
                order.update(kind.encode())
                if kind:
                    yield from self._spoken(found, "element", f"({kind[1:]})")
                waiting.append((found.get("/K"), depth + 1, page))
        yield f"what is read aloud is made of other parts, or in another order ({order.hexdigest()[:12]})"

    def _spoken(self, holder: Any, what: str, where: str) -> Iterator[str]:
        """Take down what is said of a part of the text."""
        for key in sorted(holder.keys()):
            if key not in _SILENT[what]:
                value, name = holder[key], key[1:]
                said = f"“{_text(value)}”" if isinstance(value, pikepdf.String) else self._written(value)
                yield f"{said} is {_SAID.get(name, f'told as {name}')} {where}"

    def _inline(self) -> Iterator[str]:
        """Take down what the drawing of pages, and of forms in them, says to be spoken."""
        seen: set[tuple[int, int]] = set()
        for page in self._pdf.pages:
            contents: Any = page.obj.get("/Contents")
            streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
            waiting = [(streams, page.obj.get("/Resources"))]
            where = f"on the agreement's page {self._numbers[page.obj.objgen]}"
            while waiting:
                streams, resources = waiting.pop()
                self._budget.step()
                content = b"\n".join(self._budget.admit(each) for each in streams if isinstance(each, pikepdf.Stream))
                for mark in self._marks(content):
                    yield from self._spoken(mark, "mark", where)
                if not isinstance(resources, pikepdf.Dictionary):
                    continue
                named = self._entry(resources, "/Properties")
                for key in sorted(named.keys()):
                    if isinstance(named[key], pikepdf.Dictionary):
                        yield from self._spoken(named[key], "mark", where)
                drawings = self._entry(resources, "/XObject")
                for key in sorted(drawings.keys()):
                    each = drawings[key]
                    if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Form" and each.objgen not in seen:
                        seen.add(each.objgen)
                        waiting.append(([each], each.get("/Resources")))

    def _marks(self, content: bytes) -> Sequence[Any]:
        """Return what the marks in a drawing hold."""
        if content not in self._marked:
            self._marked[content] = list(self._read(content))
        return self._marked[content]

    def _read(self, content: bytes) -> Iterator[Any]:
        if not _SPOKEN.search(_ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), content)):
            return
        for each in pikepdf.parse_content_stream(self._pdf.make_stream(content), "BDC DP"):
            self._budget.step()
            yield from (operand for operand in each.operands if isinstance(operand, pikepdf.Dictionary))


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if value is not None else "nothing"


def _all_of(element: Any) -> str:
    """Return all that an element of the metadata says, attributes included."""
    told = [
        value for each in element.iter("*") for name, value in each.attrib.items() if not _OF_PROGRAMS.fullmatch(name)
    ]
    return " ".join(" ".join((*element.itertext("*"), *told)).split())
