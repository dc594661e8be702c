"""Turn the places that the look marks into form fields, each inside a Form tag, with what is known filled in.

The look sets a picture described as `field:NAME TOOLTIP` at each place, and after it, in the same block, the value, if
it is known. The picture's tag becomes the field's; the value's words leave the page and are what the field shows,
in the fonts and lines that Typst gave them.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from clausebook.render.fonts.measures import (
    FIELDS,
    FIELDS_ASCENT,
    FIELDS_BOX,
    FIELDS_CAPITALS,
    FIELDS_DESCENT,
    FIELDS_FIRST,
    FIELDS_NAME,
    FIELDS_STEM,
    FIELDS_WIDTHS,
)
from clausebook.render.pdf.blanks import Blank
from clausebook.render.pdf.marked import Taken, decimal, drawing, take
from clausebook.render.pdf.splice import UnknownForm, Written, read, splice

_FIGURE = re.compile(rb"/S/Figure\b")
_PREFIX = "field:"
_TYPED = b"(/F0 10 Tf 0 g)"
_PRINTED, _LOCKED_PLACE = 4, 128
_READ_ONLY, _MULTILINE = 1, 1 << 12
_SIGNATURES_EXIST = 1
_SERIF, _NONSYMBOLIC = 2, 32
_PAD = 1.5


class FieldFault(Exception):
    """The look does not mark the fields as it must; the message says which."""


@dataclass(frozen=True, slots=True)
class _Marker:
    """A marked place: its tag, the words of its value by page-wide number, its page, its box."""

    blank: Blank
    tooltip: str
    tag: Any
    page: Any
    numbers: tuple[int, ...]
    own: tuple[int, ...]
    box: tuple[float, float, float, float]


def add_fields(data: bytes, blanks: Sequence[Blank]) -> bytes:
    """Return the PDF with a form field at each marked place, in reading order.

    Raise FieldFault if the look marks a place twice or not at all.
    """
    if not blanks:
        return data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return _Form(pdf, read(data), blanks).complete()


@dataclass(slots=True)
class _Form:
    """The making of one file's form: objects that change or are new, by number.

    New objects are written by hand: the library would look through the whole file before it gives out a number.
    """

    pdf: pikepdf.Pdf
    written: Written
    blanks: Sequence[Blank]
    objects: dict[int, bytes] = field(default_factory=dict)
    widgets: dict[str, int] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: iter(()))

    def complete(self) -> bytes:
        self.numbers = count(len(self.written.places))
        self.widgets = {blank.name: next(self.numbers) for blank in self.blanks}
        markers = self._markers()
        tree: Any = self.pdf.Root.StructTreeRoot
        key = int(tree.ParentTreeNextKey)
        pages: dict[tuple[int, int], list[_Marker]] = {}
        for blank in self.blanks:
            pages.setdefault(markers[blank.name].page.objgen, []).append(markers[blank.name])
        for on_page in pages.values():
            self._page(on_page, key)
            tree.ParentTree.Nums.extend(
                each for index, marker in enumerate(on_page) for each in (key + index, marker.tag)
            )
            key += len(on_page)
        tree.ParentTreeNextKey = key
        self._change(tree)
        self._change(self.pdf.Root, b"/AcroForm %b" % _reference(self._form()))
        return splice(self.written, self.objects)

    def _markers(self) -> Mapping[str, _Marker]:
        known = {blank.name: blank for blank in self.blanks}
        found: dict[str, _Marker] = {}
        for number in _pictures(self.written):
            tag: Any = self.pdf.get_object(number, 0)
            if not isinstance(tag, Dictionary) or tag.get("/S") != "/Figure":
                continue
            name, _, tooltip = str(tag.get("/Alt", "")).partition(" ")
            if not name.startswith(_PREFIX):
                continue
            name = name.removeprefix(_PREFIX)
            if name in found:
                raise FieldFault(f"the look marks two places for the field `{name}`")
            if name not in known:
                raise FieldFault(f"the look marks a place for the field `{name}`, which the agreement does not have")
            found[name] = _marker(known[name], tooltip, tag)
        if missing := [name for name in known if name not in found]:
            raise FieldFault(f"the look marks no place for the field `{missing[0]}`")
        return found

    def _page(self, markers: Sequence[_Marker], key: int) -> None:
        page: Any = markers[0].page
        cut = {number for marker in markers for number in (*marker.own, *marker.numbers)}
        if not page.Contents.is_indirect or isinstance(page.Contents, Array):
            raise UnknownForm("its page is not written in one piece")
        kept, taken = take(pikepdf.Page(page), cut)
        self.objects[page.Contents.objgen[0]] = _stream(b"", kept)
        tags: Any = _parents(self.pdf.Root.StructTreeRoot, int(page.StructParents))
        for number in cut:
            tags[number] = None
        self._change(tags)
        for index, marker in enumerate(markers):
            self._field(marker, [taken[number] for number in marker.numbers if number in taken], key + index)
        shown = [each.unparse() for each in page.get("/Annots", ())]
        shown += [_reference(self.widgets[marker.blank.name]) for marker in markers]
        if "/Annots" in page:
            del page["/Annots"]
        page.Tabs = Name.S
        self._change(page, b"/Annots [%b]" % b" ".join(shown))

    def _field(self, marker: _Marker, value: Sequence[Taken], key: int) -> None:
        blank, page = marker.blank, marker.page.unparse()
        left, bottom, right, top = marker.box
        if value:
            bottom = min(bottom, *(part.bottom for part in value))
            top = max(top, *(part.top for part in value))
        box = (left - _PAD, bottom, right + _PAD, top)
        look = next(self.numbers)
        resources = marker.page.Resources.unparse() if value else b"<<>>"
        extent = _decimals(0, 0, box[2] - box[0], box[3] - box[1])
        shape = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources %b" % (extent, resources)
        self.objects[look] = _stream(shape, drawing(value, box[0], box[1]) if value else b"")
        entries = [
            b"/Type/Annot/Subtype/Widget/T %b/TU %b" % (_string(blank.name), _string(marker.tooltip)),
            b"/Rect[%b]/P %b/AP<</N %b>>/StructParent %d" % (_decimals(*box), page, _reference(look), key),
        ]
        if blank.kind == "signature":
            entries.append(b"/FT/Sig/F %d" % (_PRINTED | _LOCKED_PLACE))
            own = [_string(each.name) for each in self.blanks if each.number == blank.number and each != blank]
            if own:
                entries.append(b"/Lock<</Type/SigFieldLock/Action/Include/Fields[%b]>>" % b" ".join(own))
        else:
            entries.append(b"/FT/Tx/F %d/DA %b" % (_PRINTED, _TYPED))
        if value:
            lines = len({round(part.bottom, 1) for part in value})
            flags = _READ_ONLY | (_MULTILINE if lines > 1 else 0)
            entries.append(b"/V %b/Ff %d" % (_string(blank.value), flags))
        widget = self.widgets[blank.name]
        self.objects[widget] = b"<<%b>>" % b"".join(entries)
        parent: Any = marker.tag.P
        self.objects[marker.tag.objgen[0]] = b"<</Type/StructElem/S/Form/P %b/Alt %b/K<</Type/OBJR/Obj %b/Pg %b>>>>" % (
            parent.unparse(),
            _string(marker.tooltip),
            _reference(widget),
            page,
        )
        parent.K = Array([marker.tag])
        self._change(parent)

    def _form(self) -> int:
        """Write the form itself and the font of what is typed; return its number."""
        program, described, font, form = (next(self.numbers) for _ in range(4))
        content = FIELDS.read_bytes()
        name = FIELDS_NAME.encode()
        self.objects[program] = _stream(b"/Length1 %d" % len(content), content)
        self.objects[described] = (
            b"<</Type/FontDescriptor/FontName/%b/Flags %d/FontBBox[%b]/ItalicAngle 0/Ascent %d/Descent %d"
            b"/CapHeight %d/StemV %d/FontFile2 %b>>"
        ) % (
            name, _SERIF | _NONSYMBOLIC, _decimals(*FIELDS_BOX), FIELDS_ASCENT, FIELDS_DESCENT,
            FIELDS_CAPITALS, FIELDS_STEM, _reference(program),
        )  # fmt: skip
        self.objects[font] = (
            b"<</Type/Font/Subtype/TrueType/BaseFont/%b/FirstChar %d/LastChar %d/Widths[%b]"
            b"/Encoding/WinAnsiEncoding/FontDescriptor %b>>"
        ) % (
            name, FIELDS_FIRST, FIELDS_FIRST + len(FIELDS_WIDTHS) - 1, _decimals(*FIELDS_WIDTHS),
            _reference(described),
        )  # fmt: skip
        signed = any(blank.kind == "signature" for blank in self.blanks)
        self.objects[form] = b"<</Fields[%b]/DR<</Font<</F0 %b>>>>/DA %b%b>>" % (
            b" ".join(_reference(self.widgets[blank.name]) for blank in self.blanks),
            _reference(font),
            _TYPED,
            b"/SigFlags %d" % _SIGNATURES_EXIST if signed else b"",
        )
        return form

    def _change(self, thing: Any, more: bytes = b"") -> None:
        """Write an object of the file anew, a dictionary with more entries if need be."""
        content: bytes = thing.unparse(resolved=True)
        self.objects[thing.objgen[0]] = content.removesuffix(b">>") + more + b">>" if more else content


def _pictures(written: Written) -> Iterator[int]:
    """Yield the numbers of the objects that may be the tags of pictures."""
    for found in _FIGURE.finditer(written.data):
        yield bisect_right(written.places, found.start()) - 1


def _marker(blank: Blank, tooltip: str, tag: Any) -> _Marker:
    parent = tag.P
    siblings = [kid for kid in _kids(parent) if not (isinstance(kid, Dictionary) and kid.objgen == tag.objgen)]
    numbers = tuple(number for sibling in siblings for number in _numbers(sibling, tag.Pg, blank))
    if bool(numbers) != bool(blank.value):
        raise FieldFault(f"the look sets {'no' if blank.value else 'a'} value after the mark of `{blank.name}`")
    box = next((each.BBox for each in _attributes(tag) if "/BBox" in each), None)
    if box is None:
        raise FieldFault(f"the mark of the field `{blank.name}` is no picture")
    left, bottom, right, top = map(float, box)
    return _Marker(
        blank, tooltip, tag, tag.Pg, numbers, tuple(_numbers(tag, tag.Pg, blank)), (left, bottom, right, top)
    )


def _numbers(kid: Any, page: Any, blank: Blank) -> Iterator[int]:
    """Yield the numbers of the marked sequences in a part of the structure tree, all on one page."""
    if isinstance(kid, int):
        yield kid
        return
    if not isinstance(kid, Dictionary) or kid.get("/Pg", page).objgen != page.objgen:
        raise FieldFault(f"the value of the field `{blank.name}` goes on over the page")
    if "/MCID" in kid:
        yield int(kid.MCID)
    else:
        for each in _kids(kid):
            yield from _numbers(each, page, blank)


def _kids(tag: Any) -> list[Any]:
    kids = tag.get("/K", ())
    return list(kids) if isinstance(kids, Array) else [kids]


def _attributes(tag: Any) -> list[Any]:
    attributes = tag.get("/A", ())
    return list(attributes) if isinstance(attributes, Array) else [attributes]


def _parents(tree: Any, number: int) -> Any:
    """Return the list of tags of a page's marked sequences."""
    numbers = tree.ParentTree.Nums
    for index in range(0, len(numbers), 2):
        if numbers[index] == number:
            return numbers[index + 1]
    raise FieldFault(f"the page has no tags, by number {number}")


def _stream(entries: bytes, content: bytes) -> bytes:
    """Return a stream as it is: compressors differ, and all machines must make the same bytes."""
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(content), content)


def _reference(number: int) -> bytes:
    return b"%d 0 R" % number


def _string(text: str) -> bytes:
    return pikepdf.String(text).unparse()


def _decimals(*values: float) -> bytes:
    return b" ".join(map(decimal, values))
