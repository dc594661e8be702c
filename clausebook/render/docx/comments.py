"""Comments of a redline: beside each change, why it came about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebook.render.docx.look import CONTENT_TYPES, DOCUMENT, DOCUMENT_RELATIONSHIPS
from clausebook.render.docx.markup import encode_xml, escape, text_run
from clausebook.render.docx.tracked import RedlineWriter

COMMENTS = "word/comments.xml"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CHANGE = re.compile(r'<w:(ins|del|moveTo|moveFrom|rPrChange|pPrChange|cellIns|cellDel) w:id="(\d+)"[^>]*?(/?)>')
_MARK = re.compile(r"<w:rPr><w:(ins|del|moveTo|moveFrom) ")
_RUNS = ("ins", "del", "moveTo", "moveFrom")


@dataclass(frozen=True, slots=True)
class Comment:
    """What is said of the change of a thing, by its part and its place; a paragraph for each text."""

    part: str
    place: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of a redline, whose they are, and the day on which they were made ("2026-11-22") or ""."""

    author: str
    date: str
    all: tuple[Comment, ...]


def with_comments(parts: Mapping[str, bytes], comments: Comments, writer: RedlineWriter) -> dict[str, bytes]:
    """Return the package's parts with comments anchored on their changes, by the ids that the writer gave them.

    What changed nowhere in the text, a party say, is told at the first change.
    """
    document = parts[DOCUMENT].decode()
    changes = list(_CHANGE.finditer(document))
    if not changes:
        return dict(parts)
    edits: list[tuple[int, str]] = []
    written = []
    for each in comments.all:
        first, last = writer.spans.get((each.part, each.place), (0, 0))
        own = [change for change in changes if first < int(change[2]) <= last] or changes[:1]
        number = writer.next_id()
        edits += _anchor(document, own, number, writer)
        written.append(_comment(number, each.texts, comments))
    named = {name: parts[name].decode() for name in (CONTENT_TYPES, DOCUMENT_RELATIONSHIPS)}
    added = {
        DOCUMENT: _edited(document, edits),
        COMMENTS: f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:comments xmlns:w="{_NAMESPACE}">{"".join(written)}</w:comments>',
        CONTENT_TYPES: named[CONTENT_TYPES].replace(
            "</Types>", f'<Override PartName="/{COMMENTS}" ContentType="{_TYPE}"/></Types>'
        ),
        DOCUMENT_RELATIONSHIPS: named[DOCUMENT_RELATIONSHIPS].replace(
            "</Relationships>",
            f'<Relationship Id="rIdComments" Type="{_RELATIONSHIP}" Target="comments.xml"/></Relationships>',
        ),
    }
    return {**parts, **{name: encode_xml(text, "a comment of the redline") for name, text in added.items()}}


def _anchor(
    document: str, own: Sequence[re.Match[str]], number: int, writer: RedlineWriter
) -> Iterator[tuple[int, str]]:
    """Yield what to write where: around the changes of the first paragraph that has some of them."""
    first = next((change for change in own if change[1] in _RUNS and not change[3]), own[0])
    inside = document.find("<w:p>", first.start())
    # The mark of a row or cell stands before its paragraphs.
    start = document.rfind("<w:p>", 0, first.start())
    if start < 0 or document.find("</w:p>", start) < first.start():
        start = inside
    end = document.index("</w:p>", start)
    properties = document.rfind("</w:pPr>", start, end)
    text = properties + len("</w:pPr>") if properties >= 0 else start + len("<w:p>")
    here = [change for change in own if text <= change.start() < end and change[1] in _RUNS and not change[3]]
    begin = here[0].start() if here else text
    last = document.index(close := f"</w:{here[-1][1]}>", here[-1].start()) + len(close) if here else end
    begin, last = _outside(document, start, begin), _outside(document, start, last, after=True)
    mark = _MARK.search(document, start, text)
    run = f'<w:r><w:commentReference w:id="{number}"/></w:r>'
    tag = mark[1] if mark else ""
    reference = f"<w:{tag} {writer.attributes()}>{run}</w:{tag}>" if tag else run
    yield begin, f'<w:commentRangeStart w:id="{number}"/>'
    yield last, f'<w:commentRangeEnd w:id="{number}"/>{reference}'


def _outside(document: str, start: int, place: int, *, after: bool = False) -> int:
    """Return a place of a paragraph, or where the link begins or ends that it is in."""
    link = document.rfind("<w:hyperlink ", start, place)
    if link < 0 or document.find("</w:hyperlink>", link, place) >= 0:
        return place
    return document.index(close, place) + len(close) if after and (close := "</w:hyperlink>") else link


def _comment(number: int, texts: Sequence[str], comments: Comments) -> str:
    author = escape(comments.author)
    initials = escape("".join(word[0] for word in comments.author.split()[:3]))
    date = f' w:date="{comments.date}T00:00:00Z"' if comments.date else ""
    paragraphs = "".join(f"<w:p>{text_run(text)}</w:p>" for text in texts)
    return f'<w:comment w:id="{number}" w:author="{author}"{date} w:initials="{initials}">{paragraphs}</w:comment>'


def _edited(document: str, edits: Sequence[tuple[int, str]]) -> str:
    found: list[str] = []
    done = 0
    for place, text in sorted(edits, key=lambda edit: edit[0]):
        found += [document[done:place], text]
        done = place
    return "".join([*found, document[done:]])
