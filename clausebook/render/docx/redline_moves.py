"""Moves: a paragraph that goes at one place and comes word for word at another is tracked as moved.

What was reworded on the way is deleted and inserted; so are tables, whose rows Word cannot move.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clausebook.render.docx.tracked import RedlineWriter

_MARK = re.compile(r"<w:rPr><w:(ins|del) ")
_CHANGE = re.compile(r"<w:(ins|del) [^>]*>(.*?)</w:\1>")
_TEXT = re.compile(r"<w:(?:t|delText) [^>]*>([^<]*)<|(<w:tab/>)")
_IN_CELL = "</w:tcPr>"
# LibreOffice takes equal texts of this length that hold a space for a move, marked as one or not.
_TAKEN_FOR_MOVE = re.compile(r"(?=.{6}).*? ", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph that comes or goes, by its place in the body."""

    start: int
    end: int
    inserted: bool
    text: str


_Pair = tuple[_Paragraph | None, _Paragraph | None]


def with_moves(body: str, writer: RedlineWriter) -> str:
    """Return the body with its moves: each has a range where it was, one where it is, and one name."""
    paragraphs = list(_paragraphs(body))
    edits: list[tuple[int, int, str]] = []
    for move in _runs(_pairs(body, paragraphs)):
        name = writer.next_move()
        for side, tag in ((0, "moveFrom"), (1, "moveTo")):
            moved = [one for pair in move if (one := pair[side])]
            if moved:
                text = "".join([_retagged(body[one.start : one.end], tag) for one in moved])
                edits.append((moved[0].start, moved[-1].end, writer.moved(tag, name, text)))
    found = []
    done = 0
    for start, end, text in sorted(edits):
        found += [body[done:start], text]
        done = end
    return "".join(found) + body[done:]


def _paragraphs(body: str) -> Iterator[_Paragraph]:
    for match in _MARK.finditer(body):
        start = body.rindex("<w:p>", 0, match.start())
        if not body.startswith(_IN_CELL, start - len(_IN_CELL)):
            end = body.index("</w:p>", match.end()) + len("</w:p>")
            text = _text(body[match.end() : end])
            if text:
                yield _Paragraph(start, end, match[1] == "ins", text)


def _pairs(body: str, paragraphs: Iterable[_Paragraph]) -> Iterator[_Pair]:
    """Yield what went with what came, in the order of what came; then what only looks like a move."""
    gone: dict[str, list[_Paragraph]] = {}
    come: dict[str, list[_Paragraph]] = {}
    for paragraph in paragraphs:
        (come if paragraph.inserted else gone).setdefault(paragraph.text, []).append(paragraph)
    pairs = [pair for text in come for pair in zip(gone.get(text, ()), come[text], strict=False)]
    yield from sorted(pairs, key=lambda pair: pair[1].start)
    parts: dict[str, set[str]] = {"ins": set(come), "del": set(gone)}
    for match in _CHANGE.finditer(body):
        parts[match[1]].add(_text(match[2]))
    for text in come.keys() & parts["del"]:
        if _TAKEN_FOR_MOVE.match(text):
            yield from [(None, one) for one in come[text][len(gone.get(text, ())) :]]
    for text in gone.keys() & parts["ins"]:
        if _TAKEN_FOR_MOVE.match(text):
            yield from [(one, None) for one in gone[text][len(come.get(text, ())) :]]


def _runs(pairs: Iterable[_Pair]) -> Iterator[list[_Pair]]:
    """Group pairs that follow one another at both places."""
    run: list[_Pair] = []
    for pair in pairs:
        if run and not all(one and two and one.end == two.start for one, two in zip(run[-1], pair, strict=True)):
            yield run
            run = []
        run.append(pair)
    if run:
        yield run


def _retagged(paragraph: str, tag: str) -> str:
    old = "ins" if tag == "moveTo" else "del"
    moved = paragraph.replace(f"<w:{old} ", f"<w:{tag} ").replace(f"</w:{old}>", f"</w:{tag}>")
    return moved.replace("<w:delText ", "<w:t ").replace("</w:delText>", "</w:t>")


def _text(content: str) -> str:
    return "".join([text or " " for text, _ in _TEXT.findall(content)]).strip()
