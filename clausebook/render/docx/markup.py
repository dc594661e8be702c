"""The smallest pieces of WordprocessingML: text, runs, paragraphs.

Every function takes finished XML for what it holds, so that what it gives can be wrapped again.
"""

from __future__ import annotations

import re
from functools import lru_cache

from clausebook.document.model import LINE_BREAK, TICKED

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")

TAB = "<w:r><w:tab/></w:r>"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"


def escape(text: str) -> str:
    """Return text as XML character data or as a double-quoted attribute's value; line ends become spaces."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("\r", " ")
        .replace("\n", " ")
        .replace("\t", " ")
    )


def encode_xml(text: str, place: str) -> bytes:
    """Return a part's text as UTF-8. Raise ValueError, naming the place, for a character that XML 1.0 cannot hold."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = b"\0"
    if len(data.translate(None, _CONTROLS)) < len(data) or "\ufffe" in text or "\uffff" in text:
        found = _FORBIDDEN.search(text)
        if found:
            around = text[max(0, found.start() - 30) : found.start()]
            raise ValueError(
                f"{place} holds the character U+{ord(found[0]):04X}, which no XML file can hold, after {around!r}"
            )
    return data


@lru_cache(maxsize=8192)
def text_run(text: str, properties: str = "") -> str:
    """Return a run of text; `properties` is the inside of its `w:rPr`."""
    if not text:
        return ""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    content = escape(text).replace(LINE_BREAK, '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:r>{look}<w:t xml:space="preserve">{content}</w:t></w:r>'


def field_xml(instruction: str, result: str = "") -> str:
    """Return a field of Word's own; `result` are the finished runs that it shows until it is reckoned anew."""
    return (
        f"{_mark('begin')}<w:r><w:instrText>{escape(instruction)}</w:instrText></w:r>"
        f"{_mark('separate')}{result}{_mark('end')}"
    )


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def paragraph(style: str, content: str, properties: str = "") -> str:
    """Return a paragraph in a style; `properties` follow the style in its `w:pPr`, in Word's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def check_box(sign: str, number: int) -> str:
    """Return a check box that can be ticked, ☐ or ☒, as a content control with an id of its own."""
    states = "".join(
        f'<w14:{name} w14:val="{code}" w14:font="MS Gothic"/>'
        for name, code in (("checkedState", "2612"), ("uncheckedState", "2610"))
    )
    ticked = f'<w14:checked w14:val="{int(sign == TICKED)}"/>'
    box = f'<w14:checkbox xmlns:w14="{_W14}">{ticked}{states}</w14:checkbox>'
    return (
        f'<w:sdt><w:sdtPr><w:id w:val="{number}"/>{box}</w:sdtPr><w:sdtContent>{text_run(sign)}</w:sdtContent></w:sdt>'
    )


def numbered(level: int, num: int) -> str:
    """Return the `w:numPr` of a paragraph numbered by a `w:num`; 0 takes numbering off."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'


def bookmark(number: int, name: str, content: str) -> str:
    """Return content inside a bookmark."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'
