"""Tell what a PDF can do besides showing its pages: act, show one thing and print another, say more when touched.

The pages are compared as a viewer first shows them. What could make them look otherwise later, on paper or on
another machine, is nothing that a comparison of pages sees; no PDF of ours has any of it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from typing import Any

import pikepdf

from clausebook.findings.characters import shown_line
from clausebook.reading.bounds import Budget, PdfTextError, bounded_memory
from clausebook.render.manifest import AGREEMENT, MANIFEST
from clausebook.verify.pages.unpainted import unpainted

MOST_PIXELS = 60_000_000
"""Of a picture; an office scanner's are smaller."""

_DEEPEST = 32

_ACTIONS = frozenset(
    f"/{name}"
    for name in (
        *("JavaScript", "Launch", "SubmitForm", "ImportData", "ResetForm", "Hide", "SetOCGState", "Rendition"),
        *("Movie", "Sound", "GoToE", "RichMediaExecute", "GoTo3DView"),
    )
)
_OTHERWISE = {
    "/Alternates": "a picture that may be another one in print",
    "/OPI": "a picture that may be another one in print",
    "/XFA": "a second form, which some viewers show in place of the pages",
    "/Collection": "a collection of files, which some viewers show in place of the pages",
}
_SUSPECT = re.compile(
    rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|ResetForm|Hide|SetOCGState|Rendition|Movie|Sound|GoToE"
    rb"|RichMedia\w*|GoTo3DView|Alternates|OPI|XFA|Collection|PS)\b"
)
_HIDDEN, _PRINT, _NO_VIEW = 2, 4, 32


def doubts(
    theirs: pikepdf.Pdf | bytes, ours: bytes, texts: Sequence[str], attached: Sequence[str], before: int
) -> tuple[str, ...]:
    """Return what in a PDF may make it say something else than its pages do, in plain words.

    `texts` are the words of its pages as they are displayed, `attached` the names of its attached files, and
    `before` is how many pages were put before those of ours.
    """
    found: dict[str, None] = {}
    try:
        with bounded_memory(), ExitStack() as stack:
            own = stack.enter_context(pikepdf.open(io.BytesIO(ours)))
            opened = stack.enter_context(pikepdf.open(io.BytesIO(theirs))) if isinstance(theirs, bytes) else theirs
            budget = Budget()
            for said in chain(
                _acting(opened, budget),
                _layers(opened),
                _pages(opened, texts, _fields(own), budget),
                unpainted(own, opened, before),
            ):
                found[said] = None
    except (PdfTextError, RecursionError) as error:
        found[f"what the file holds besides its pages cannot be told: {error}"] = None
    except Exception as error:  # the library raises many types on damaged files
        found[f"what the file holds besides its pages cannot be told: it is damaged: {error}"] = None
    further = (name for name in dict.fromkeys(attached) if name not in (AGREEMENT, MANIFEST))
    found |= dict.fromkeys(f"a further file is attached: {shown_line(name)}; read it" for name in further)
    return tuple(found)


def _fields(own: pikepdf.Pdf) -> frozenset[str]:
    fields: Any = own.Root.AcroForm.Fields if "/AcroForm" in own.Root else ()
    return frozenset(str(field.get("/T", "")) for field in fields)


def _acting(pdf: pikepdf.Pdf, budget: Budget) -> Iterator[str]:
    for each in pdf.objects:
        budget.step()
        if isinstance(each, pikepdf.Stream):
            each = each.stream_dict
            if _area(each) > MOST_PIXELS:
                yield "the file holds a picture so large that not every program can show it"
        elif not isinstance(each, pikepdf.Dictionary | pikepdf.Array):
            continue
        # Few objects name any of this; only they are looked into.
        if _SUSPECT.search(each.unparse(resolved=True)):
            yield from _within(each, budget, 0)


def _area(stream: Any) -> int:
    sides = [stream.get(name) for name in ("/Width", "/Height")]
    width, height = (side if isinstance(side, int) else 0 for side in sides)
    return width * height


def _within(found: Any, budget: Budget, depth: int) -> Iterator[str]:
    """Yield what an object holds, without the objects to which it refers."""
    budget.step()
    if depth > _DEEPEST:
        yield "objects that are nested too deeply to be read"
        return
    if isinstance(found, pikepdf.Dictionary):
        kind = found.get("/S")
        if isinstance(kind, pikepdf.Name) and str(kind) in _ACTIONS:
            yield f"the file can act by itself ({str(kind)[1:]}), which may change what it shows"
        elif "/JS" in found:
            yield "the file can act by itself (JavaScript), which may change what it shows"
        if found.get("/Subtype") == "/PS" and "/BBox" not in found:
            yield "the file holds a drawing that is seen in print alone"
        yield from (f"the file holds {said}" for name, said in _OTHERWISE.items() if name in found)
        inner = [found[name] for name in found.keys()]  # noqa: SIM118 - no mapping of Python's
    elif isinstance(found, pikepdf.Array):
        inner = list(found)
    else:
        return
    for each in inner:
        if isinstance(each, pikepdf.Dictionary | pikepdf.Array) and not each.is_indirect:
            yield from _within(each, budget, depth + 1)


def _layers(pdf: pikepdf.Pdf) -> Iterator[str]:
    layers: Any = pdf.Root.get("/OCProperties")
    groups = layers.get("/OCGs") if isinstance(layers, pikepdf.Dictionary) else None
    if isinstance(groups, pikepdf.Array) and len(groups):
        yield "the file has layers, which can be shown or hidden, on paper as well: what it shows may not be all"


def _pages(pdf: pikepdf.Pdf, texts: Sequence[str], fields: Collection[str], budget: Budget) -> Iterator[str]:
    form: Any = pdf.Root.get("/AcroForm")
    asked: Any = form.get("/NeedAppearances") if isinstance(form, pikepdf.Dictionary) else None
    if asked is True:
        yield "the file lets each viewer draw the form's fields by itself: what they show may differ"
    for number, (page, text) in enumerate(zip(pdf.pages, texts, strict=False), 1):
        annotations: Any = page.obj.get("/Annots")
        shown: frozenset[str] | None = None
        for each in annotations if isinstance(annotations, pikepdf.Array) else ():
            budget.step()
            if not isinstance(each, pikepdf.Dictionary):
                continue
            kind = str(each.get("/Subtype", ""))[1:]
            if kind == "Widget":
                if shown is None:
                    shown = frozenset(text.split())
                yield from _field(each, number, shown, fields)
            elif kind not in ("Link", "Popup") or (kind == "Popup" and "/Parent" not in each):
                words = shown_line(str(each.get("/Contents", "")))
                said = f": “{words}”" if words else ""
                what = f"a comment or stamp ({shown_line(kind) or 'of no kind'})"
                yield f"page {number}: {what} lies over the page{said}; read it"


def _field(widget: Any, number: int, shown: frozenset[str], fields: Collection[str]) -> Iterator[str]:
    flags = widget.get("/F", 0)
    bits = int(flags) if isinstance(flags, int) else 0
    name, kind, value = _inherited(widget, "/T"), _inherited(widget, "/FT"), _inherited(widget, "/V")
    where = f"page {number}: the field “{shown_line(str(name or ''))}”"
    if bits & _NO_VIEW and bits & _PRINT:
        yield f"{where} is seen in print alone"
    appearances: Any = widget.get("/AP")
    if isinstance(appearances, pikepdf.Dictionary) and "/R" in appearances:
        yield f"{where} looks different when it is touched"
    if kind != "/Sig" and str(name or "") not in fields:
        yield f"{where} is none of the agreement's"
    if kind != "/Sig" and isinstance(value, pikepdf.String):
        words = str(value).split()
        if not bits & _HIDDEN and not all(word in shown for word in words):
            yield f"{where} holds “{shown_line(str(value))}” and does not show it"


def _inherited(field: Any, name: str) -> Any:
    for _ in range(_DEEPEST):
        if not isinstance(field, pikepdf.Dictionary):
            return None
        if name in field:
            return field[name]
        field = field.get("/Parent")
    return None
