"""What can be put into a PDF so that nothing of it is painted: what is clicked, spoken, listed or told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String


def _link(pdf: pikepdf.Pdf, **action: Any) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[72, 500, 400, 520], Contents=String("the fee doubles"))
    link.A = Dictionary(S=Name.URI, URI=String("https://evil.example/terms"), **action)
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(link))


def _retargeted(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for each in page.obj.get("/Annots", ()):
            if each.get("/Subtype") == "/Link":
                each.Dest = Array([pdf.pages[-1].obj, Name.Fit])
                return
    raise AssertionError("there is no link")


def _bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Side letter prevails", 0))


def _renamed(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root[0].title = "Void"


def _language(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = String("fr-FR")


def _labels(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String("Draft "), S=Name.D)]))


def _elements(pdf: pikepdf.Pdf) -> list[Any]:
    found, waiting = [], [pdf.Root.StructTreeRoot.K]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Array):
            waiting += list(each)
        elif isinstance(each, Dictionary) and "/S" in each:
            found.append(each)
            waiting.append(each.get("/K"))
    return found


def _spoken(key: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        for each in _elements(pdf)[:5]:
            each[f"/{key}"] = String("shall")

    return change


def _order(pdf: pikepdf.Pdf) -> None:
    for each in _elements(pdf):
        kids = each.get("/K")
        if isinstance(kids, Array) and len(kids) > 2:
            each.K = Array([kids[1], kids[0], *list(kids)[2:]])
            return


def _inline(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.contents_add(b"/Span <</ActualText (free of charge)>> BDC EMC")


def _title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "Side letter"


def _subject(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(update_docinfo=False) as metadata:
        metadata["dc:description"] = "Void after 30 days"


def _opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Array([pdf.pages[-1].obj, Name.Fit])


def _place_of_a_name(pdf: pikepdf.Pdf) -> None:
    tree = pdf.Root.Names.Dests
    node = tree.Kids[0] if "/Kids" in tree else tree
    node.Names[1] = Array([pdf.pages[-1].obj, Name.Fit])


def _first(pdf: pikepdf.Pdf, kind: str) -> Any:
    return next(each for page in pdf.pages for each in page.obj.get("/Annots", ()) if each.Subtype == f"/{kind}")


def _holding(part: Callable[[pikepdf.Pdf], Any], **entries: Any) -> Callable[[pikepdf.Pdf], None]:
    """Return what puts entries into a part of a PDF."""

    def change(pdf: pikepdf.Pdf) -> None:
        holder = part(pdf)
        for key, value in entries.items():
            holder[f"/{key}"] = value

    return change


def _leading(**action: Any) -> Callable[[pikepdf.Pdf], None]:
    """Return what makes a link lead where it led, by an action that does more."""

    def change(pdf: pikepdf.Pdf) -> None:
        link = _first(pdf, "Link")
        link.A = Dictionary(D=link.Dest, **action)
        del link["/Dest"]

    return change


def _metadata(name: str, words: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata(update_docinfo=False) as metadata:
            metadata[name] = words

    return change


def _of_the_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AF = Array([Dictionary(Type=Name.Filespec, UF=String("side-letter.txt"))])


def _attached(pdf: pikepdf.Pdf) -> None:
    tree = pdf.Root.Names.EmbeddedFiles
    (tree.Kids[0] if "/Kids" in tree else tree).Names[1].Desc = TERMS


def _unshown(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields.append(pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("further"), V=TERMS)))


def _drawn(content: bytes) -> Callable[[pikepdf.Pdf], None]:
    return lambda pdf: pdf.pages[0].contents_add(content)


def _listed(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.obj.Resources.Properties = Dictionary(Spoken=Dictionary(ActualText=TERMS))
    page.contents_add(b"/Span /Spoken BDC EMC")


def _in_a_drawing(pdf: pikepdf.Pdf) -> None:
    form = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
    drawing = pdf.make_stream(b"/Span <</ActualText (Void after 30 days)>> BDC EMC", form)
    pdf.pages[0].add_resource(drawing, Name.XObject, Name("/Drawing"))
    pdf.pages[0].contents_add(b"/Drawing Do")


TERMS = String("Void after 30 days")
AWAY = Dictionary(S=Name.URI, URI=String("https://evil.example/terms"))

CHANGES: dict[str, tuple[Callable[[pikepdf.Pdf], None], str]] = {
    "a link over a clause": (_link, "https://evil.example/terms"),
    "a link that leads elsewhere": (_retargeted, "has a link to page"),
    "a bookmark": (_bookmark, "Side letter prevails"),
    "a bookmark renamed": (_renamed, "“Void”"),
    "another language": (_language, "fr-FR"),
    "page labels": (_labels, "PageLabels"),
    "actual text": (_spoken("ActualText"), "“shall” is spoken instead of what is shown"),
    "alternate text": (_spoken("Alt"), "“shall” is spoken of a picture"),
    "expansion": (_spoken("E"), "“shall” is spoken of an abbreviation"),
    "language of a part": (_spoken("Lang"), "told as Lang"),
    "the order of reading": (_order, "in another order"),
    "actual text in the drawing": (_inline, "free of charge"),
    "the title": (_title, "Side letter"),
    "the subject in the metadata": (_subject, "Void after 30 days"),
    "where it opens": (_opening, "OpenAction"),
    "the place of a name": (_place_of_a_name, "the place named"),
    "what a field is called": (_holding(lambda pdf: _first(pdf, "Widget"), TU=TERMS), "Void after 30 days"),
    "where a field lies": (
        _holding(lambda pdf: _first(pdf, "Widget"), Rect=Array([141, 425, 404, 475])),
        "lies at 141, 425, 404, 475",
    ),
    "what a field asks for": (
        _holding(lambda pdf: _first(pdf, "Widget"), SV=Dictionary(Reasons=Array([TERMS]))),
        "Void after 30 days",
    ),
    "what a click on a field does": (_holding(lambda pdf: _first(pdf, "Widget"), A=AWAY), "evil.example"),
    "a field on no page": (_unshown, "Void after 30 days"),
    "what touching a link does": (_holding(lambda pdf: _first(pdf, "Link"), AA=Dictionary(E=AWAY)), "evil.example"),
    "where else a link can be clicked": (
        _holding(lambda pdf: _first(pdf, "Link"), QuadPoints=Array([72, 500, 400, 500, 72, 400, 400, 400])),
        "72 500 400 500",
    ),
    "what a link does next": (_leading(S=Name.GoTo, Next=AWAY), "evil.example"),
    "a link into another file": (_leading(S=Name.GoToR, F=String("side-letter.pdf")), "side-letter.pdf"),
    "a bookmark that acts": (_holding(lambda pdf: pdf.Root.Outlines.First, AA=Dictionary(E=AWAY)), "evil.example"),
    "a legal statement": (_holding(lambda pdf: pdf.Root, Legal=Dictionary(Attestation=TERMS)), "Void after 30 days"),
    "which pages are printed": (
        _holding(lambda pdf: pdf.Root.ViewerPreferences, PrintPageRange=Array([1, 1])),
        "PrintPageRange [1 1]",
    ),
    "a property of one's own": (_holding(lambda pdf: pdf.docinfo, Condition=TERMS), "Void after 30 days"),
    "terms of use in the metadata": (_metadata("xmpRights:UsageTerms", str(TERMS)), "Void after 30 days"),
    "keywords in the metadata": (_metadata("pdf:Keywords", str(TERMS)), "Void after 30 days"),
    "a file of one page alone": (_of_the_page, "side-letter.txt"),
    "what an attachment is called": (_attached, "Void after 30 days"),
    "how long a page is shown": (_holding(lambda pdf: pdf.pages[0].obj, Dur=1), "Dur: 1"),
    "a picture of a page in small": (
        _holding(lambda pdf: pdf.pages[0].obj, Thumb=Dictionary(Width=1)),
        "Thumb: Width 1",
    ),
    "how a part is pronounced": (_spoken("Phoneme"), "“shall” is told as Phoneme"),
    "what parts are": (
        _holding(lambda pdf: pdf.Root.StructTreeRoot, RoleMap=Dictionary(P=Name.Artifact)),
        "RoleMap: P /Artifact",
    ),
    "actual text by another spelling": (
        _drawn(b"/Span <</Actual#54ext (Void (after) 30)>> BDC EMC"),
        "Void (after) 30",
    ),
    "actual text in two pieces": (
        lambda pdf: (_drawn(b"/Span <</ActualText")(pdf), _drawn(b"(Void)>> BDC EMC")(pdf))[0],
        "“Void”",
    ),
    "actual text in a list of the page": (_listed, "Void after 30 days"),
    "actual text in a drawing": (_in_a_drawing, "Void after 30 days"),
}
