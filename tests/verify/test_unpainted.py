"""What a PDF holds and does not paint is compared with what this repository's holds, and told."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from clausebook.verify.pages.hidden import doubts
from clausebook.verify.pages.unpainted import unpainted
from clausebook.verify.verdict_report import text_report
from tests.support import returns
from tests.support.returned_files import Place, made, sealed, signed

pytestmark = pytest.mark.slow("whole files are changed in what is not painted, and judged")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


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
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_put_in_before_signing_is_told(name: str, place: Place) -> None:
    change, said = CHANGES[name]
    found = place.verify(signed(returns.changed(place.pdf, change)))
    assert found.verdict in ("incomplete", "differs"), text_report(found)
    assert said in text_report(found)


def test_what_a_program_leaves_out_is_nothing(place: Place) -> None:
    around = returns.with_pages(place.pdf, "Cover", before=True)
    for theirs, before in ((returns.flattened(place.pdf), 0), (signed(place.pdf), 0), (around, 1)):
        with pikepdf.open(io.BytesIO(place.pdf)) as own, pikepdf.open(io.BytesIO(theirs)) as other:
            assert not list(unpainted(own, other, before))
    for each in returns.SERVICES.values():
        assert place.verify(sealed(each(place.pdf, [], ("Wren Example", "Finn Sample")))).verdict == "verified"


def test_a_damaged_file_is_told(place: Place) -> None:
    assert "cannot be told" in doubts(b"%PDF-1.7", place.pdf, (), (), 0)[0]
