"""Where tracked paragraphs meet what word processors do not part cleanly: tables, the end, one another.

A paragraph that comes or goes takes its mark along by running on into the paragraph after it.
"""

from __future__ import annotations

import re

from clausebook.render.docx.runs import NO_NUMBER
from clausebook.render.docx.tables import SPACER
from clausebook.render.docx.tracked import RedlineWriter

_RANGES = r"(?:<w:move\w+Range\w+ [^>]*>)*"
_TRACKED = re.compile(
    r'<w:p><w:pPr><w:pStyle w:val="(?P<style>\w+)"/>(?P<rest>(?:(?!</w:pPr>).)*?)'
    r"<w:rPr><w:(?P<tag>ins|del|moveFrom|moveTo) "
)
_PARAGRAPH_BEFORE = re.compile(rf"</w:p>{_RANGES}$")
_SECTION_END = r'<w:p><w:pPr><w:pStyle w:val="TableSpacer"/><w:keepNext/><w:sectPr>'
_BEFORE_TABLE = re.compile(rf"</w:p>{_RANGES}(?=<w:tbl>|{_SECTION_END})")
_COMES = ("ins", "moveTo")
_NUMBERED_STYLE = re.compile(r"Heading\d|Schedule(?:Heading|Clause)|ListBullet\d?")
_PLAIN_BEFORE = '<w:pPrChange {}><w:pPr><w:pStyle w:val="TableSpacer"/></w:pPr></w:pPrChange>'
_INSERTIONS = re.compile(
    rb"</w:ins>(?=(?:</w:hyperlink>|<w:bookmarkEnd [^>]*/>)*</w:p>" + _RANGES.encode() + rb"\s*"
    rb"<w:p><w:pPr>(?:(?!</w:pPr>).)*</w:pPr>(?:<w:hyperlink [^>]*>|<w:bookmarkStart [^>]*/>)*"
    rb'<w:ins w:id="\d+" (w:author="[^"]*"))'
)
_AUTHOR = re.compile(rb'<w:ins w:id="\d+" (w:author="[^"]*")>')


def with_room(body: str, writer: RedlineWriter) -> str:
    """Return the body mended where a tracked paragraph has no other after it to run on into: at tables, at the
    end of a section.

    There word processors leave an empty paragraph behind, which shall have no number: one that is deleted
    runs on into a small space; of those inserted, the first and the last were no heading or item before,
    for either may be the one that is left.
    """
    added: list[tuple[int, str]] = []
    for end in (*[match.end() for match in _BEFORE_TABLE.finditer(body)], len(body)):
        last = _tracked(body, end)
        if last is None:
            continue
        if last["tag"] in _COMES:
            first = _first_inserted(body, last)
            for one in (first, last) if first is not last else (last,):
                if _is_numbered(one):
                    place = body.index("</w:pPr>", one.end())
                    added.append((place, _PLAIN_BEFORE.format(writer.attributes())))
        elif _is_numbered(last) and end < len(body):
            added.append((end, writer.paragraph("TableSpacer", "", "", "del")))
        if end == len(body):
            added.append((end, SPACER))
    found = []
    done = 0
    for place, text in added:
        found += [body[done:place], text]
        done = place
    return "".join([*found, body[done:]]) if found else body


def with_parted_insertions(document: bytes, writer: RedlineWriter) -> bytes:
    """Return the document part with insertions of one author parted where only a paragraph mark that stays parts them.

    LibreOffice takes the two for one insertion, the mark included. A space that is both inserted and
    deleted keeps them apart: it goes whether changes are accepted or rejected.
    """
    found = []
    done = 0
    for match in _INSERTIONS.finditer(document):
        own = _AUTHOR.match(document, document.rfind(b"<w:ins ", 0, match.start()))
        start = document.rfind(b"<w:p>", 0, match.start())
        end = document.find(b"</w:pPr>", start)
        if own and own[1] == match[1] and b"<w:rPr><w:ins " not in document[start:end]:
            space = f'<w:del {writer.attributes()}><w:r><w:delText xml:space="preserve"> </w:delText></w:r></w:del>'
            found += [document[done : match.start()], space.encode()]
            done = match.start()
    return b"".join([*found, document[done:]]) if found else document


def _tracked(body: str, end: int) -> re.Match[str] | None:
    """Return the properties of the last paragraph before a place if it is tracked."""
    return _TRACKED.match(body, body.rfind("<w:p>", 0, end))


def _first_inserted(body: str, last: re.Match[str]) -> re.Match[str]:
    """Return the first of the paragraphs, one right after the other, that are inserted up to the last one."""
    while True:
        end = last.start()
        before = _tracked(body, end)
        if not before or before["tag"] not in _COMES or not _PARAGRAPH_BEFORE.search(body, before.start(), end):
            return last
        last = before


def _is_numbered(properties: re.Match[str]) -> bool:
    if "<w:numId " in properties["rest"]:
        return NO_NUMBER not in properties["rest"]
    return bool(_NUMBERED_STYLE.fullmatch(properties["style"]))
