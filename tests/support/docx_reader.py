"""Reads a DOCX file's words as Word would print them, its automatic numbers resolved.

Independent of the writer: it knows only the file format.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

NOTE = "\ue000"
"""Stands for the number of a footnote until it is counted."""
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx_words(data: bytes) -> list[str]:
    """Return the words of the body in order, automatic numbers included.

    The table of contents, headers, footers and what lies in pictures are left out.
    """
    return [word for text in docx_paragraphs(data) for word in text.split()]


def docx_paragraphs(data: bytes) -> list[str]:
    """Return the text of each paragraph of the body, its automatic number in front."""
    body = docx_part(data, "word/document.xml").find(f"{W}body")
    assert body is not None
    numbers = _Numbers(docx_part(data, "word/numbering.xml"), docx_part(data, "word/styles.xml"))
    notes, found, count = _notes(data), [], 0
    for paragraph in _paragraphs(body):
        text = f"{numbers.label(paragraph)} {_text(paragraph)}"
        for mark in paragraph.iter(f"{W}footnoteReference"):
            # A footnote is read after the paragraph that marks it, under the number that Word counts.
            count += 1
            number = str(count).translate(RAISED)
            text = text.replace(NOTE, number, 1) + " " + notes[_value(mark, "id")].replace(NOTE, number)
        found.append(text)
    return found


def _notes(data: bytes) -> dict[str, str]:
    try:
        part = docx_part(data, "word/footnotes.xml")
    except KeyError:
        return {}
    return {_value(note, "id"): " ".join(map(_text, note.iter(f"{W}p"))) for note in part}


def docx_part(data: bytes, name: str) -> ElementTree.Element:
    """Return a part of the package as XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return ElementTree.fromstring(package.read(name))


def _paragraphs(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in element:
        if child.tag == f"{W}p":
            yield child
        elif child.tag == f"{W}sdt" and child.find(f".//{W}docPartGallery") is not None:
            continue
        else:
            yield from _paragraphs(child)


def _text(element: ElementTree.Element) -> str:
    pieces = []
    for child in element:
        if child.tag == f"{W}t":
            pieces.append(child.text or "")
        elif child.tag in (f"{W}tab", f"{W}br"):
            pieces.append(" ")
        elif child.tag in (f"{W}footnoteReference", f"{W}footnoteRef"):
            pieces.append(NOTE)
        elif child.tag not in (f"{W}pPr", f"{W}rPr", f"{W}pict", f"{W}instrText", f"{W}del"):
            pieces.append(_text(child))
    return "".join(pieces)


@dataclass
class _Level:
    start: int
    kind: str
    text: str
    legal: bool
    style: str


@dataclass
class _Numbers:
    """Word's counters: one set for each abstract numbering, whatever the number of its instances."""

    numbering: ElementTree.Element
    styles: ElementTree.Element
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.abstracts = {
            _value(abstract, "abstractNumId"): {
                int(_value(level, "ilvl")): _Level(
                    int(_child(level, "start", "0")),
                    _child(level, "numFmt", "decimal"),
                    _child(level, "lvlText", ""),
                    level.find(f"{W}isLgl") is not None,
                    _child(level, "pStyle", ""),
                )
                for level in abstract.findall(f"{W}lvl")
            }
            for abstract in self.numbering.findall(f"{W}abstractNum")
        }
        self.nums = {_value(num, "numId"): num for num in self.numbering.findall(f"{W}num")}
        self.style_elements = {_value(style, "styleId"): style for style in self.styles.findall(f"{W}style")}

    def label(self, paragraph: ElementTree.Element) -> str:
        num, level = self._numbering(paragraph)
        if num == "0":
            return ""
        abstract = _child(self.nums[num], "abstractNumId", "")
        levels = self.abstracts[abstract]
        counters = self.counters.setdefault(abstract, {})
        override = self.nums[num].find(f"{W}lvlOverride[@{W}ilvl='{level}']/{W}startOverride")
        if override is not None and (num, level) not in self.begun:
            counters[level] = int(_value(override, "val"))
        elif level in counters:
            counters[level] += 1
        else:
            counters[level] = levels[level].start
        self.begun.add((num, level))
        for deeper in [other for other in counters if other > level]:
            del counters[deeper]
        if levels[level].kind in ("bullet", "none"):
            return ""
        text = levels[level].text
        for upper in range(level + 1):
            if f"%{upper + 1}" in text:
                kind = "decimal" if levels[level].legal else levels[upper].kind
                text = text.replace(f"%{upper + 1}", _spelled(counters[upper], kind))
        return text

    def _numbering(self, paragraph: ElementTree.Element) -> tuple[str, int]:
        properties = paragraph.find(f"{W}pPr")
        direct = properties.find(f"{W}numPr") if properties is not None else None
        if direct is not None:
            return _child(direct, "numId", "0"), int(_child(direct, "ilvl", "0"))
        name = _child(properties, "pStyle", "Normal") if properties is not None else "Normal"
        while name:
            style = self.style_elements[name]
            by_style = style.find(f"{W}pPr/{W}numPr")
            if by_style is not None:
                num = _child(by_style, "numId", "0")
                levels = self.abstracts[_child(self.nums[num], "abstractNumId", "")]
                (linked,) = [level for level, value in levels.items() if value.style == name]
                assert linked == int(_child(by_style, "ilvl", "0")), f"style {name} and its level disagree"
                return num, linked
            name = _child(style, "basedOn", "")
        return "0", 0


def _value(element: ElementTree.Element, name: str) -> str:
    return element.attrib[f"{W}{name}"]


def _child(element: ElementTree.Element, name: str, default: str) -> str:
    child = element.find(f"{W}{name}")
    return default if child is None else _value(child, "val")


def _spelled(value: int, kind: str) -> str:
    if kind == "decimal":
        return str(value)
    if kind in ("lowerLetter", "upperLetter"):
        repeats, index = divmod(value - 1, 26)
        spelled = "abcdefghijklmnopqrstuvwxyz"[index] * (repeats + 1)
    else:
        assert kind in ("lowerRoman", "upperRoman"), kind
        spelled = "m" * (value // 1000)
        for digit, (one, five, ten) in (
            (value // 100 % 10, ("c", "d", "m")),
            (value // 10 % 10, ("x", "l", "c")),
            (value % 10, ("i", "v", "x")),
        ):
            if digit == 9:
                spelled += one + ten
            elif digit == 4:
                spelled += one + five
            else:
                spelled += five * (digit // 5) + one * (digit % 5)
    return spelled.upper() if kind.startswith("upper") else spelled
