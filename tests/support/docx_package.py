"""Whether a DOCX is a sound package by the rules of its schema."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from clausebook.document.model import Clause, Document, Schedule, Section
from tests.support.docx_reader import W

ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark "
    "cellIns cellDel",
    "tblBorders": "top left start bottom right end insideH insideV",
    "tblCellMar": "top left start bottom right end",
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
    "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "tblStylePr": "pPr rPr tblPr trPr tcPr",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "num": "abstractNumId lvlOverride",
    "numPr": "ilvl numId",
    "numbering": "abstractNum num numIdMacAtCleanup",
    "sdt": "sdtPr sdtEndPr sdtContent",
}


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the package's parts by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def check_package(data: bytes) -> None:
    """Check what Word insists on: sound XML, unique ids, children in order, no dangling relationship."""
    parts = {name: ElementTree.fromstring(part) for name, part in parts_of(data).items()}
    for root in parts.values():
        check_order(root)
    body = parts["word/document.xml"]
    starts = list(body.iter(f"{W}bookmarkStart"))
    names = [start.attrib[f"{W}name"] for start in starts]
    assert len(set(map(str.lower, names))) == len(names)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name) for name in names)
    ids = [start.attrib[f"{W}id"] for start in starts]
    assert len(set(ids)) == len(ids)
    assert sorted(ids) == sorted(end.attrib[f"{W}id"] for end in body.iter(f"{W}bookmarkEnd"))
    numbering = parts["word/numbering.xml"]
    for tag, key in (("abstractNum", "abstractNumId"), ("num", "numId")):
        values = [element.attrib[f"{W}{key}"] for element in numbering.findall(f"{W}{tag}")]
        assert len(set(values)) == len(values)
    nums = {element.attrib[f"{W}numId"] for element in numbering.findall(f"{W}num")} | {"0"}
    assert {number.attrib[f"{W}val"] for number in body.iter(f"{W}numId")} <= nums
    styles = {style.attrib[f"{W}styleId"] for style in parts["word/styles.xml"].findall(f"{W}style")}
    for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next"):
        for root in parts.values():
            assert {used.attrib[f"{W}val"] for used in root.iter(f"{W}{tag}")} <= styles
    relationships = {element.attrib["Id"] for element in parts["word/_rels/document.xml.rels"]}
    space = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    assert {element.attrib[space] for element in body.iter() if space in element.attrib} <= relationships
    for cell in body.iter(f"{W}tc"):
        assert cell[-1].tag == f"{W}p"
    typed = {element.attrib.get("PartName") for element in parts["[Content_Types].xml"]}
    assert {f"/{name}" for name in parts if name.endswith(".xml") and not name.startswith("[")} <= typed


def check_order(root: ElementTree.Element) -> None:
    """Check that children stand in the order that WordprocessingML's schema gives."""
    for element in root.iter():
        order = ORDER.get(element.tag.removeprefix(W))
        if order:
            names = order.split()
            places = [names.index(child.tag.removeprefix(W)) for child in element]
            if element.tag == f"{W}sectPr":
                places = [max(place, 1) for place in places]
            assert places == sorted(places), ElementTree.tostring(element)[:300]


def contents_words(document: Document) -> Iterator[str]:
    """Give the words of the contents' entries."""
    parts: tuple[Section | Schedule, ...] = (*document.sections, *document.schedules)
    for part in parts:
        headings: tuple[Section | Schedule | Clause, ...] = (part, *part.clauses)
        for one in headings:
            yield from f"{one.number} {one.title}".split()
