"""What a DOCX file of ours says and shows: its words with the automatic numbers, and which of them cannot be seen.

The writer's own markup and the look's are read alike, by lists of what is known to be harmless: what stands on none
of them may hide a word, so it is told.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from clausebook.document.notes import note_number
from clausebook.render.docx.footnotes import FOOTNOTES
from clausebook.render.docx.look import DOCUMENT, NUMBERING, STYLES
from clausebook.render.proof.contrast import LEAST, WHITE, contrast
from clausebook.render.proof.word_colours import PALE, fill, rgb
from clausebook.render.proof.word_numbers import Numbers, W, value

Look = Mapping[str, Element]
"""Properties by their names, the nearest of each."""

_Around = tuple[Element | None, tuple[float, ...], str]
"""What a run stands in: the properties of its paragraph, the colour beneath, and the style of its table."""

# Properties that cannot hide a word, or are judged by their values below.
_PLAIN_RUN = frozenset(
    {"b", "bCs", "i", "iCs", "u", "caps", "smallCaps", "kern", "lang", "noProof", "rStyle", "vertAlign", "cs"}
    | {"snapToGrid", "bdr", "szCs", "shd"}
)
_PLAIN_PARAGRAPH = frozenset(
    {"pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "suppressLineNumbers", "pBdr"}
    | {"tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE"}
    | {"autoSpaceDN", "adjustRightInd", "snapToGrid", "contextualSpacing", "mirrorIndents", "jc", "textAlignment"}
    | {"outlineLvl", "rPr", "shd"}
)
_PLAIN_TABLE = frozenset(
    {"tblStyle", "tblW", "tblInd", "tblLayout", "tblLook", "tblBorders", "tblCellMar", "jc", "shd"}
    | {"tblStyleRowBandSize"}
)
_PLAIN_ROW = frozenset({"cantSplit", "tblHeader", "trHeight", "jc"})
_PLAIN_CELL = frozenset({"tcW", "tcBorders", "vAlign", "shd", "tcMar"})
_PLAIN_SECTION = frozenset(
    {"headerReference", "footerReference", "pgSz", "pgMar", "titlePg", "pgNumType", "cols", "docGrid", "lnNumType"}
    | {"vAlign", "type", "pgBorders"}
)
_RUN, _LINK, _FIELD, _CODE, _TEXT = (f"{W}{name}" for name in ("r", "hyperlink", "fldChar", "instrText", "t"))
_NOTED, _NOTE, _BOOKMARK = f"{W}footnoteReference", f"{W}footnoteRef", f"{W}bookmarkStart"
_LOOK = f"{W}rPr"
_SIGNS_SAID = {f"{W}noBreakHyphen": "\u2011", f"{W}tab": " ", f"{W}br": " "}
_PLAIN_INSIDE = frozenset({_LOOK, _TEXT, _FIELD, _CODE, _NOTED, _NOTE, *_SIGNS_SAID})
_PLAIN_BESIDE = frozenset({f"{W}pPr", _BOOKMARK, f"{W}bookmarkEnd", f"{W}proofErr"})
_CHECK_BOX = f"{W}sdtPr/{{http://schemas.microsoft.com/office/word/2010/wordml}}checkbox"
_REFERENCE = re.compile(r" *REF (\w+) \\n \\h *")
_ACROSS = (("pgSz", "w"), ("pgMar", "left"), ("pgMar", "right"))
_SIGNS = ("wingding", "webding", "symbol", "marlett", "dingbat", "mt extra", "blank", "barcode")
_LEAST_SIZE, _LEAST_WIDTH, _LEAST_SPACING, _MOST_RAISED = 10, 66, -20, 12
_INCH = 1440


@dataclass
class ReadBack:
    """The words of a file, and by its index what cannot be seen and what will not stay so, with the reason."""

    words: list[str] = field(default_factory=list)
    hidden: list[tuple[int, str]] = field(default_factory=list)
    fleeting: list[tuple[int, str]] = field(default_factory=list)


def read_docx(content: bytes) -> ReadBack:
    """Return what a DOCX file of ours shows. Raise KeyError, ValueError or ParseError if it is none."""
    return read_parts(parts_of(content))


def parts_of(content: bytes) -> dict[str, Element]:
    """Return the parts of a DOCX file by name. Raise ParseError if one cannot be read."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {
            name: ElementTree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".xml")
        }


def read_parts(parts: Mapping[str, Element], *, judged: bool = True) -> ReadBack:
    """Return what the parts of a DOCX file show; see `read_docx`. Without `judged` no look of words is hidden."""
    return _Reading(parts, judged=judged).read()


class _Reading:
    def __init__(self, parts: Mapping[str, Element], *, judged: bool) -> None:
        self._parts, self._judges = parts, judged
        self._styles = {each.get(f"{W}styleId", ""): each for each in parts[STYLES].iter(f"{W}style")}
        self._numbers = Numbers(parts[NUMBERING], self._styles)
        self._defaults = parts[STYLES].find(f"{W}docDefaults")
        self._judged: dict[Any, dict[Any, str]] = {}
        self._found = ReadBack()
        self._width = min(map(_room_across, parts[DOCUMENT].iter(f"{W}sectPr")), default=0)
        self._labels: dict[str, str] = {}
        self._told: list[tuple[int, str, str]] = []
        self._notes = {each.get(f"{W}id", ""): each for each in parts.get(FOOTNOTES, ())}
        self._noted = 0

    def read(self) -> ReadBack:
        document = self._parts[DOCUMENT]
        body = document.find(f"{W}body")
        if body is None:
            raise ValueError("it has no body")
        if reasons := [*self._around(document), *self._furniture()]:
            self._found.hidden.append((0, reasons[0]))
        self._blocks(body, WHITE, "")
        for at, code, told in self._told:
            # A word processor drops the points at the end of the number that it tells anew.
            found = _REFERENCE.fullmatch(code)
            label = self._labels.get(found[1]) if found else None
            if label is None or label.strip().rstrip(".") != told:
                self._found.fleeting.append((at, f"it is a field that will say something else than “{told}”"))
        return self._found

    def _blocks(self, holder: Element, beneath: tuple[float, ...], table: str) -> None:
        for each in holder:
            name = each.tag.removeprefix(W)
            if name == "p":
                self._paragraph(each, beneath, table)
            elif name == "tbl":
                self._table(each)
            elif name == "sdt" and each.find(f".//{W}docPartGallery") is not None:
                continue
            elif name not in ("sectPr", "tcPr", "bookmarkStart", "bookmarkEnd"):
                self._hide(f"it stands in `{name}`")
                self._blocks(each, beneath, table)

    def _table(self, table: Element) -> None:
        properties = table.find(f"{W}tblPr")
        style = value(properties, "tblStyle")
        chain = self._chain(style)
        self._plain(properties, _PLAIN_TABLE)
        for each in chain:
            self._plain(each.find(f"{W}tblPr"), _PLAIN_TABLE)
        first = [shade for each in chain for shade in each.findall(f"{W}tblStylePr[@{W}type='firstRow']//{W}shd")]
        usual = [shade for each in chain for shade in each.findall(f"{W}tcPr/{W}shd")]
        for number, row in enumerate(table.findall(f"{W}tr")):
            given = row.find(f"{W}trPr")
            self._plain(given, _PLAIN_ROW)
            if value(given, "trHeight", of="hRule") == "exact" and int(value(given, "trHeight", "0")) < 300:
                self._hide("its row is too low")
            shades = (first if number == 0 and first else usual)[-1:]
            for cell in row.findall(f"{W}tc"):
                self._plain(cell.find(f"{W}tcPr"), _PLAIN_CELL)
                own = cell.find(f"{W}tcPr/{W}shd")
                self._blocks(cell, fill(own if own is not None else shades[0] if shades else None, WHITE), style)

    def _paragraph(self, paragraph: Element, beneath: tuple[float, ...], table: str) -> None:
        properties = paragraph.find(f"{W}pPr")
        label, level = self._numbers.label(properties)
        inside = {each.tag for each in paragraph.iter()}
        for mark in paragraph.iter(_BOOKMARK) if _BOOKMARK in inside else ():
            self._labels.setdefault(mark.get(f"{W}name", ""), label)
        pieces: list[str] = [label]
        reasons: list[str] = []
        around = (properties, beneath, table)
        # Nearly all text is set by its styles alone.
        judged = self._judged.setdefault((_as_written(properties), beneath, table), {})
        if label and level is not None and self._judges:
            reasons.append(self._judge(level.find(_LOOK), around, judged))
        noted: list[Element] = []
        notes = _NOTED in inside or _NOTE in inside
        for run in self._runs(paragraph):
            text = "".join(map(_said, run))
            if notes:
                noted += (self._notes[mark.get(f"{W}id", "")] for mark in run.iter(_NOTED))
                marks = run.find(_NOTED) is not None
                if marks or run.find(_NOTE) is not None:
                    text += note_number(self._noted + marks * len(noted))
            pieces.append(text)
            if self._judges and text.strip():
                reasons.append(self._judge(run.find(_LOOK), around, judged))
        if _FIELD in inside:
            self._fields(paragraph)
        if any(reasons):
            self._hide(next(filter(None, reasons)))
        self._found.words += "".join(pieces).split()
        for note in noted:
            self._noted += 1
            self._blocks(note, WHITE, "")

    def _runs(self, holder: Element) -> Iterator[Element]:
        for each in holder:
            tag = each.tag
            if tag == _RUN:
                yield each
                for inner in each:
                    if inner.tag not in _PLAIN_INSIDE and not _inline(inner):
                        self._hide(f"it is beside `{inner.tag.rpartition('}')[2]}`")
            elif tag == _LINK:
                yield from self._runs(each)
            elif tag == f"{W}sdt" and each.find(_CHECK_BOX) is not None:
                for inner in each.iter(f"{W}sdtContent"):
                    yield from self._runs(inner)
            elif tag not in _PLAIN_BESIDE:
                self._hide(f"it stands in `{tag.removeprefix(W)}`")
                yield from self._runs(each)

    def _fields(self, paragraph: Element) -> None:
        """Keep what the fields of a paragraph tell, to be compared with the numbers that they are about."""
        code = told = within = ""
        for each in paragraph.iter():
            kind = each.get(f"{W}fldCharType", "?") if each.tag == _FIELD else ""
            if kind:
                if (within, kind) not in (("", "begin"), ("begin", "separate"), ("separate", "end")):
                    code = "?"
                if kind == "end":
                    self._told.append((len(self._found.words), code, told))
                    code = told = ""
                within = "" if kind == "end" else kind
            elif each.tag == _CODE:
                code += each.text or "?"
            elif within == "separate":
                told += _said(each)
            elif within and _said(each):
                code = "?"
        if within:
            self._told.append((len(self._found.words), "?", told))

    def _hide(self, reason: str) -> None:
        self._found.hidden.append((len(self._found.words), reason))

    def _plain(self, properties: Element | None, known: frozenset[str]) -> None:
        for each in properties if properties is not None else ():
            if (name := each.tag.removeprefix(W)) not in known:
                self._hide(f"it is set with `{name}`")

    def _chain(self, name: str) -> list[Element]:
        """Return a style and those that it is based on, the nearest last."""
        found: list[Element] = []
        while name in self._styles and self._styles[name] not in found:
            found.insert(0, self._styles[name])
            name = value(found[0], "basedOn")
        return found

    def _judge(self, run: Element | None, around: _Around, judged: dict[Any, str]) -> str:
        """Return why text cannot be seen, or ""; `judged` is what was said of that around it."""
        key = _as_written(run)
        if key not in judged:
            judged[key] = self._judged_anew(run, around)
        return judged[key]

    def _judged_anew(self, run: Element | None, around: _Around) -> str:
        properties, beneath, table = around
        style = value(properties, "pStyle", "Normal")
        layers = [*self._chain(table), *self._chain(style)]
        ends = [each.find(f"{W}tblStylePr/{W}rPr") for each in layers]
        looks = [
            self._defaults.find(f"{W}rPrDefault/{W}rPr") if self._defaults is not None else None,
            *ends,
            *(each.find(f"{W}rPr") for each in layers),
            *(each.find(f"{W}rPr") for each in self._chain(value(run, "rStyle"))),
            run,
        ]
        settings = [
            self._defaults.find(f"{W}pPrDefault/{W}pPr") if self._defaults is not None else None,
            *(each.find(f"{W}pPr") for each in layers),
            properties,
        ]
        for layer in (*looks, *settings):
            names = [each.tag for each in layer] if layer is not None else []
            if len(set(names)) < len(names):
                return "it is set in two ways at once"
        text, block = _merged(looks), _merged(settings)
        ground = fill(text.get("shd"), fill(block.get("shd"), beneath))
        return (
            next((reason for name, each in text.items() if (reason := _run_fault(name, each, ground))), "")
            or next((reason for name, each in block.items() if (reason := self._block_fault(name, each, text))), "")
            or (
                ""
                if "color" in text or contrast((0.0,) * 3, ground) >= LEAST
                else "its colour does not show on what is beneath"
            )
        )

    def _block_fault(self, name: str, found: Element, text: Look) -> str:
        if name == "spacing":
            line, rule = int(found.get(f"{W}line", "240")), found.get(f"{W}lineRule", "auto")
            size = int(text["sz"].get(f"{W}val", "20")) if "sz" in text else 20
            if (rule == "exact" and line < 9 * size) or (rule == "auto" and line < 180):
                return "its lines are cut off or set over each other"
        elif name == "ind":
            given = {side.removeprefix(W): int(far) for side, far in found.attrib.items() if far.lstrip("-").isdigit()}
            left, right = given.get("left", given.get("start", 0)), given.get("right", given.get("end", 0))
            first = left + given.get("firstLine", 0) - given.get("hanging", 0)
            if min(left, first, right) < -_INCH // 2 or max(left, first) + right > self._width - _INCH:
                return "it stands outside the page, or has no room"
        elif name not in _PLAIN_PARAGRAPH:
            return f"it is set with `{name}`"
        return ""

    def _around(self, document: Element) -> Iterator[str]:
        """Yield what hides all of the text: the page, its colour, its borders."""
        if self._width <= 0:
            yield "its pages have no room"
        for section in document.iter(f"{W}sectPr"):
            yield from self._around_section(section)
        ground = document.find(f"{W}background")
        if ground is not None and contrast((0.0,) * 3, rgb(ground.get(f"{W}color", ""), ())) < 15:
            yield "the colour of its pages is too dark"

    def _around_section(self, section: Element) -> Iterator[str]:
        for each in section:
            name = each.tag.removeprefix(W)
            if name not in _PLAIN_SECTION:
                yield f"its pages are set with `{name}`"
            if name == "pgBorders" and any(int(side.get(f"{W}sz", "0")) > 48 for side in each):
                yield "the border of its pages covers them"
            if name == "cols" and int(each.get(f"{W}num", "1")) > 2:
                yield "its columns are too narrow"
        tops = sum(abs(int(value(section, "pgMar", "0", side))) for side in ("top", "bottom"))
        if _room_across(section) < 3 * _INCH or int(value(section, "pgSz", "0", "h")) - tops < 3 * _INCH:
            yield "its pages have no room"
        if any(int(value(section, "pgMar", "0", side)) < 0 for side in ("left", "right", "top", "bottom")):
            yield "it stands outside its pages"

    def _furniture(self) -> Iterator[str]:
        """Yield what of headers and footers may lie over the text."""
        for name, part in self._parts.items():
            if not name.startswith(("word/header", "word/footer")):
                continue
            for each in part.iter():
                kind = each.tag.rpartition("}")[2]
                if kind == "framePr" or (kind == "anchor" and each.get("behindDoc") != "1"):
                    yield f"something in {name} lies over it"
                elif kind in ("shape", "rect", "oval", "line", "roundrect") and each.tag.startswith("{urn:schemas-mic"):
                    if "z-index:-" not in each.get("style", ""):
                        yield f"something in {name} lies over it"
                    elif contrast((0.0,) * 3, rgb(each.get("fillcolor", "").lstrip("#"), (0.0,) * 3)) < LEAST:
                        yield f"something dark in {name} lies beneath it"
                elif kind in ("textbox", "txbx", "txbxContent"):
                    yield f"something in {name} lies over it"


def _room_across(section: Element) -> int:
    width, *sides = (int(value(section, name, "0", of)) for name, of in _ACROSS)
    return width - sum(sides)


def _merged(layers: list[Element | None]) -> Look:
    found: dict[str, Element] = {}
    for layer in layers:
        for each in layer if layer is not None else ():
            name = each.tag.removeprefix(W)
            if name in found and name in ("ind", "spacing", "rFonts"):
                merged = Element(each.tag, {**found[name].attrib, **each.attrib})
                found[name] = merged
            else:
                found[name] = each
    return found


def _run_fault(name: str, found: Element, ground: tuple[float, ...]) -> str:
    given = found.get(f"{W}val", "")
    if name in ("vanish", "webHidden", "specVanish"):
        return "" if given in ("0", "false", "off") else "it is hidden text"
    if name in ("strike", "dstrike"):
        return "" if given in ("0", "false", "off") else "it is struck through"
    if name in ("color", "highlight"):
        colour = PALE.get(given, ()) if name == "highlight" else rgb(given, (0.0,) * 3 if given == "auto" else ())
        against = (0.0,) * 3 if name == "highlight" else ground
        themed = any("theme" in each for each in found.attrib)
        shows = colour and not themed and contrast(tuple(colour), against) >= LEAST
        return "" if shows or (name, given) == ("highlight", "none") else "its colour does not show on what is beneath"
    if name == "rFonts":
        fonts = [font.lower() for font in found.attrib.values()]
        strange = any(sign in font for font in fonts for sign in _SIGNS) or any(
            "Theme" in each for each in found.attrib
        )
        return "it is set in signs, not letters" if strange else ""
    bounds: Mapping[str, Callable[[int], bool]] = {
        "sz": lambda size: size >= _LEAST_SIZE,
        "w": lambda wide: wide >= _LEAST_WIDTH,
        "spacing": lambda by: by >= _LEAST_SPACING,
        "position": lambda by: abs(by) <= _MOST_RAISED,
    }
    if name in bounds:
        return "" if given.lstrip("-").isdigit() and bounds[name](int(given)) else "it is too small to be read"
    return "" if name in _PLAIN_RUN else f"it is set with `{name}`"


def _said(element: Element) -> str:
    return (element.text or "") if element.tag == _TEXT else _SIGNS_SAID.get(element.tag, "")


def _as_written(properties: Element | None) -> tuple[Any, ...]:
    """Return all of properties that is judged: their names and values, but for what is within them."""
    return tuple([(each.tag, *each.attrib.items()) for each in properties]) if properties is not None else ()


def _inline(element: Element) -> bool:
    return element.tag == f"{W}drawing" and [each.tag.rpartition("}")[2] for each in element] == ["inline"]
