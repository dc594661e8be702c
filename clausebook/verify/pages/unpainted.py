"""Compare what a PDF holds and does not paint: what is clicked, spoken, listed or told about it.

A link may lie over a clause, a bookmark may say that a side letter prevails, and a screen reader may speak other words
than the page shows. So all of that is taken down of our PDF and of the one that came back. What came back has more,
or has it otherwise, is told; what it lost is not, for programs that write a file anew leave such things out.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
from lxml import etree

from clausebook.reading.bounds import Budget, PdfTextError

_DEEPEST = 64
_SPOKEN = re.compile(rb"/(ActualText|Alt|E|Lang)\s*(\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>)", re.DOTALL)
_PROPERTIES = ("Title", "Author", "Subject", "Keywords")
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_TOLD = ("ActualText", "Alt", "E", "Lang", "T")
_TELLS = re.compile(rb"/(?:ActualText|Alt|E|Lang|T)\b")
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
    known, found = Counter(_Inventory(ours, 0).lines()), Counter(_Inventory(theirs, before).lines())
    yield from (f"{line}; this repository's file has not" for line in (found - known))


class _Inventory:
    """Takes down what one PDF holds, a line each. Pages are counted from the first page of the agreement."""

    def __init__(self, pdf: pikepdf.Pdf, before: int) -> None:
        self._pdf, self._budget = pdf, Budget()
        self._numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1 - before)}

    def lines(self) -> Iterator[str]:
        root = self._pdf.Root
        yield f"the file says that its language is {_text(root.get('/Lang'))}"
        yield from self._links()
        yield from self._outline(self._entry(root, "/Outlines").get("/First"), 0)
        yield from self._names()
        for key in ("/PageLabels", "/OpenAction", "/AA", "/URI", "/Threads", "/SpiderInfo"):
            if key in root:
                yield f"the file has {key[1:]}: {_written(root[key])}"
        yield from self._told()
        yield from self._structure()
        yield from self._inline()

    def _entry(self, holder: Any, key: str) -> Any:
        found = holder.get(key)
        return found if isinstance(found, pikepdf.Dictionary) else pikepdf.Dictionary()

    def _links(self) -> Iterator[str]:
        for page in self._pdf.pages:
            number = self._numbers[page.obj.objgen]
            annotations: Any = page.obj.get("/Annots")
            for each in annotations if isinstance(annotations, pikepdf.Array) else ():
                self._budget.step()
                if isinstance(each, pikepdf.Dictionary) and each.get("/Subtype") == "/Link":
                    said = f" that says “{_text(each['/Contents'])}”" if "/Contents" in each else ""
                    place = ", ".join(f"{float(side):.0f}" for side in each.get("/Rect", ()))
                    yield f"the agreement's page {number} has a link to {self._target(each)}{said} at {place}"
            for key in ("/AA", "/PieceInfo"):
                if key in page.obj:
                    yield f"the agreement's page {number} has {key[1:]}: {_written(page.obj[key])}"

    def _target(self, holder: Any) -> str:
        action = holder.get("/A")
        if isinstance(action, pikepdf.Dictionary):
            if "/URI" in action:
                return _text(action["/URI"])
            return self._place(action["/D"]) if "/D" in action else _written(action)
        return self._place(holder.get("/Dest"))

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
            yield f"a bookmark “{_text(item.get('/Title'))}” leads to {self._target(item)}"
            yield from self._outline(item.get("/First"), depth + 1)
            item = item.get("/Next")

    def _names(self) -> Iterator[str]:
        trees = self._entry(self._pdf.Root, "/Names")
        for key in trees.keys():  # noqa: SIM118 - no mapping of Python's
            if key != "/EmbeddedFiles":
                yield from self._tree(trees[key], key, 0)
        old = self._entry(self._pdf.Root, "/Dests")
        for key in old.keys():  # noqa: SIM118
            yield f"the place named “{key[1:]}” is {self._place(old[key])}"

    def _tree(self, node: Any, key: str, depth: int) -> Iterator[str]:
        self._budget.step()
        if depth > _DEEPEST:
            raise PdfTextError("its names are nested too deeply")
        listed = list(node.get("/Names", ()))
        for name, value in zip(listed[::2], listed[1::2], strict=False):
            self._budget.step()
            told = f"is {self._place(value)}" if key == "/Dests" else f"({key[1:]}) is {_written(value)}"
            yield f"the place named “{_text(name)}” {told}"
        for kid in node.get("/Kids", ()):
            yield from self._tree(kid, key, depth + 1)

    def _told(self) -> Iterator[str]:
        for key in _PROPERTIES:
            if f"/{key}" in (held := self._entry(self._pdf.trailer, "/Info")):
                yield f"the file's properties say {key}: “{_text(held[f'/{key}'])}”"
        metadata = self._pdf.Root.get("/Metadata")
        if isinstance(metadata, pikepdf.Stream):
            parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
            parsed = etree.fromstring(self._budget.admit(metadata), parser)
            for each in parsed.iter(etree.Element) if parsed is not None else ():
                told = {each.tag: " ".join("".join(each.itertext()).split()), **each.attrib}
                for name, words in told.items():
                    if name.startswith(_DUBLIN) and name != f"{_DUBLIN}format":
                        yield f"the file's metadata say {name.removeprefix(_DUBLIN)}: “{words}”"

    def _structure(self) -> Iterator[str]:
        """Take down what is spoken, and in a hash the order in which the parts of the pages are read."""
        root = self._pdf.Root.get("/StructTreeRoot")
        if not isinstance(root, pikepdf.Dictionary):
            return
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
                # Few parts have any of these, and to ask for each takes longer than to write all out.
                for key in _TOLD if _TELLS.search(found.unparse(resolved=True)) else ():
                    if f"/{key}" in found:
                        yield f"“{_text(found[f'/{key}'])}” is {_SAID.get(key, f'told as {key}')} ({kind[1:]})"
                waiting.append((found.get("/K"), depth + 1, page))
        yield f"what is read aloud is made of other parts, or in another order ({order.hexdigest()[:12]})"

    def _inline(self) -> Iterator[str]:
        """Take down what the pages' own drawing says to be spoken."""
        for page in self._pdf.pages:
            number = self._numbers[page.obj.objgen]
            contents: Any = page.obj.get("/Contents")
            for stream in contents if isinstance(contents, pikepdf.Array) else (contents,):
                if isinstance(stream, pikepdf.Stream):
                    for key, value in _SPOKEN.findall(self._budget.admit(stream)):
                        said = _text(pikepdf.Object.parse(value))
                        told = _SAID.get(key.decode(), f"told as {key.decode()}")
                        yield f"the agreement's page {number}: “{said}” is {told}"


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if value is not None else "nothing"


def _written(value: Any) -> str:
    return value.unparse(resolved=True).decode("latin-1") if isinstance(value, pikepdf.Object) else str(value)
