"""Whether the changes of a redlined DOCX are sound, and resolve to both texts."""

from __future__ import annotations

from xml.etree import ElementTree

from clausebook.document.model import Document
from clausebook.document.words import words
from clausebook.render.docx.document import render_docx
from tests.support.docx_package import ORDER, check_package, parts_of
from tests.support.docx_reader import W, docx_paragraphs, docx_part, docx_words
from tests.support.docx_resolver import accept_all, reject_all
from tests.support.looks import DOCX_LOOK

RESOLVED = ((accept_all, "new"), (reject_all, "old"))


def check_sides(data: bytes, old: Document, new: Document) -> None:
    """Check that the redline resolves to both documents: words, structure and styles."""
    for resolve, side in RESOLVED:
        document = new if side == "new" else old
        resolved = resolve(data)
        clean = render_docx(document, DOCX_LOOK)
        assert docx_words(resolved) == words(document), side
        assert structure(resolved) == structure(clean), side
        if contents(data):
            assert contents(resolved) == contents(clean), side
        check_package(resolved)


def structure(data: bytes) -> list[object]:
    """Return the body's paragraphs and tables; empty paragraphs before a table and at the end are left out."""
    root = docx_part(data, "word/document.xml").find(f"{W}body")
    assert root is not None
    texts = iter(docx_paragraphs(data))
    found: list[object] = []
    for child in root:
        if child.tag == f"{W}p":
            text = " ".join(next(texts).split())
            style = child.find(f"{W}pPr/{W}pStyle")
            found.append((style.attrib[f"{W}val"] if style is not None and text else "", text))
        elif child.tag == f"{W}tbl":
            while found and found[-1] == ("", ""):
                found.pop()
            rows = child.findall(f"{W}tr")
            found.append([[" ".join(next(texts).split()) for _ in row.iter(f"{W}p")] for row in rows])
    while found and found[-1] == ("", ""):
        found.pop()
    return found


def contents(data: bytes) -> list[str]:
    """Return the text of the entries in the table of contents."""
    found = docx_part(data, "word/document.xml").find(f".//{W}sdt")
    lines = [] if found is None else list(found.iter(f"{W}p"))
    signs = {f"{W}tab": lambda _: " ", f"{W}t": lambda part: part.text or ""}
    return [
        "".join(signs[part.tag](part) for run in line.iter(f"{W}r") for part in run if part.tag in signs)
        for line in lines[1:-1]
    ]


TRACKED = ("ins", "del", "moveFrom", "moveTo", "pPrChange", "rPrChange", "cellIns", "cellDel")


RANGES = ("moveFromRangeStart", "moveToRangeStart")


REDLINE_ORDER = ORDER | {
    "rPr": " ".join((*TRACKED[:4], ORDER["rPr"], "rPrChange")),
    "trPr": "cantSplit trHeight tblHeader ins del",
    "ins": "r del",
    "del": "r",
    "moveFrom": "r",
    "moveTo": "r",
    "hyperlink": "r ins del moveFrom moveTo",
}


def check_tracked(data: bytes, author: str) -> None:
    """Check the marks of the changes: ids, authors, dates, order, and moves in pairs."""
    parts = parts_of(data)
    root = ElementTree.fromstring(parts["word/document.xml"])
    names = {element: element.tag.removeprefix(W) for element in root.iter()}
    marks = [element for element, name in names.items() if name in (*TRACKED, *RANGES)]
    ids = [element.attrib[f"{W}id"] for element in (*marks, *root.iter(f"{W}bookmarkStart"))]
    assert len(set(ids)) == len(ids)
    assert {element.attrib[f"{W}author"] for element in marks} <= {author, "Numbering", "Contents"}
    for element in marks:
        assert (f"{W}date" in element.attrib) == (names[element] in RANGES)
    for element, name in names.items():
        if name in REDLINE_ORDER:
            order = REDLINE_ORDER[name].split()
            places = [order.index(names[child]) for child in element]
            if name in ("ins", "del", "moveFrom", "moveTo", "hyperlink"):
                continue
            if name == "sectPr":
                places = [max(place, 1) for place in places]
            assert places == sorted(places), ElementTree.tostring(element)[:300]
        if name == "moveFrom" and len(element):
            assert element.find(f".//{W}delText") is None
        if name == "del" and len(element):
            assert element.find(f".//{W}t") is None
    for way in ("From", "To"):
        starts = [element for element in marks if names[element] == f"move{way}RangeStart"]
        ends = [element.attrib[f"{W}id"] for element in root.iter(f"{W}move{way}RangeEnd")]
        assert [start.attrib[f"{W}id"] for start in starts] == ends
        moves = [start.attrib[f"{W}name"] for start in starts]
        assert len(set(moves)) == len(moves)
    assert b"trackRevisions" not in parts["word/settings.xml"]
    assert b"rsid" not in b"".join(parts.values())
