"""Accepts or rejects all tracked changes of a DOCX file by Word's rules.

Independent of the writer: it knows only the file format.

- A run inside w:ins or w:moveTo stays when accepted and goes when rejected; inside w:del or w:moveFrom the other way.
- A table row marked in its w:trPr comes or goes whole; a table without rows is gone. So does a cell marked in its
  w:tcPr, which is how columns come and go.
- A paragraph whose mark goes runs on into the paragraph right after it, which keeps its own
  properties. Before a table and at the end of a cell or the body there is none: there the paragraph stays.
"""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NEW = ("ins", "moveTo")
OLD = ("del", "moveFrom")
TEXTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
"""The parts whose changes are resolved; others are furniture."""

Element = ElementTree.Element


def accept_all(data: bytes) -> bytes:
    """Return the file with every tracked change accepted."""
    return _resolved(data, gone=OLD, stays=NEW)


def reject_all(data: bytes) -> bytes:
    """Return the file with every tracked change rejected."""
    return _resolved(data, gone=NEW, stays=OLD)


def _resolved(data: bytes, gone: tuple[str, ...], stays: tuple[str, ...]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, part in parts.items():
        if name in TEXTS:
            parts[name] = _resolved_part(ElementTree.fromstring(part), gone, stays)
        elif name.startswith("word/") and name.endswith(".xml"):
            for element in ElementTree.fromstring(part).iter():
                assert element.tag.removeprefix(W) not in NEW + OLD, f"{name} is furniture and holds a tracked change"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return buffer.getvalue()


def _resolved_part(root: Element, gone: tuple[str, ...], stays: tuple[str, ...]) -> bytes:
    _drop_ranges(root)
    _resolve(root, gone, stays)
    _settle_looks(root, restored=gone is NEW)
    _join(root, gone)
    _check_clean(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _drop_ranges(root: Element) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.removeprefix(W) in {
                f"move{way}Range{end}" for way in ("From", "To") for end in ("Start", "End")
            }:
                parent.remove(child)


def _resolve(element: Element, gone: tuple[str, ...], stays: tuple[str, ...]) -> None:
    """Take out runs, rows and tables that go, and the wrapping of what stays; paragraph marks are left for `_join`."""
    for child in list(element):
        name = child.tag.removeprefix(W)
        if name == "tr" and any(child.find(f"{W}trPr/{W}{tag}") is not None for tag in gone):
            element.remove(child)
            continue
        if name == "tc" and any(child.find(f"{W}tcPr/{W}cell{tag.capitalize()}") is not None for tag in gone):
            element.remove(child)
            continue
        if name in ("pPr", "trPr"):
            continue
        _resolve(child, gone, stays)
        if name in gone or (name == "tbl" and child.find(f"{W}tr") is None):
            element.remove(child)
        elif name in stays:
            place = list(element).index(child)
            element[place : place + 1] = list(child)
    for properties in element.findall(f"{W}tc/{W}tcPr"):
        for tag in stays:
            for mark in properties.findall(f"{W}cell{tag.capitalize()}"):
                properties.remove(mark)
    for row in element.findall(f"{W}tr"):
        properties = row.find(f"{W}trPr")
        if properties is not None:
            for tag in stays:
                for mark in properties.findall(f"{W}{tag}"):
                    properties.remove(mark)
    for text in element.findall(f"{W}delText"):
        text.tag = f"{W}t"


def _settle_looks(root: Element, restored: bool) -> None:
    """Take away the record of what a paragraph's properties and number were, or put them back."""
    for properties in list(root.iter(f"{W}pPr")):
        for change in properties.findall(f"{W}pPrChange"):
            former = change.find(f"{W}pPr")
            assert former is not None
            if restored:
                kept = [child for child in properties if child.tag == f"{W}rPr"]
                properties[:] = [*former, *kept]
            else:
                properties.remove(change)
    for properties in list(root.iter(f"{W}pPr")):
        numbered = properties.find(f"{W}numPr/{W}ins/..")
        if numbered is not None and restored:
            properties.remove(numbered)
        elif numbered is not None:
            numbered[:] = [child for child in numbered if child.tag != f"{W}ins"]
    for properties in list(root.iter(f"{W}rPr")):
        for change in properties.findall(f"{W}rPrChange"):
            former = change.find(f"{W}rPr")
            assert former is not None
            if restored:
                properties[:] = list(former)
            else:
                properties.remove(change)


def _join(element: Element, gone: tuple[str, ...]) -> None:
    """Join every paragraph whose mark goes to the next one."""
    for child in element:
        _join(child, gone)
    for place in range(len(element) - 1, -1, -1):
        paragraph = element[place]
        properties = paragraph.find(f"{W}pPr")
        looks = properties.find(f"{W}rPr") if properties is not None else None
        if paragraph.tag != f"{W}p" or properties is None or looks is None:
            continue
        goes = any(looks.find(f"{W}{tag}") is not None for tag in gone)
        for mark in [mark for mark in looks if mark.tag.removeprefix(W) in NEW + OLD]:
            looks.remove(mark)
        following = element[place + 1] if place + 1 < len(element) else None
        if goes and following is not None and following.tag == f"{W}p":
            content = [child for child in paragraph if child is not properties]
            start = 1 if len(following) and following[0].tag == f"{W}pPr" else 0
            following[start:start] = content
            element.remove(paragraph)


def _check_clean(root: Element) -> None:
    left = {element.tag.removeprefix(W) for element in root.iter()} & {*NEW, *OLD, "delText", "pPrChange", "rPrChange"}
    assert not left, left
