"""Moves: a paragraph that goes at one place and comes word for word at another is tracked as moved.

What was reworded on the way is deleted and inserted; so are tables, whose rows Word cannot move.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from clausebook.render.docx.tracked import RedlineWriter

_TEXT_START = ' xml:space="preserve">'
_IN_CELL = "</w:tcPr>"
_CHANGE = re.compile(r"<w:(ins|del) .*?</w:\1>")
# LibreOffice takes equal texts of this length that hold a space for a move, marked as one or not.
_TAKEN_FOR_MOVE = re.compile(r"(?=.{6}).*? ", re.DOTALL)


class _Paragraph(NamedTuple):
    """A paragraph that comes or goes, by its place in the body."""

    start: int
    end: int


_Paragraphs: TypeAlias = Mapping[str, Sequence[_Paragraph]]
_Pair: TypeAlias = tuple[_Paragraph | None, _Paragraph | None]


def with_moves(body: str, writer: RedlineWriter) -> str:
    """Return the body with its moves: each has a range where it was, one where it is, and one name."""
    come, gone = _tracked(body, "ins"), _tracked(body, "del")
    edits: list[tuple[int, int, str]] = []
    for move in _runs(_pairs(body, gone, come)):
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
    return "".join([*found, body[done:]]) if found else body


def _tracked(body: str, tag: str) -> dict[str, list[_Paragraph]]:
    """Return the paragraphs outside tables that come or go, by their text."""
    found: dict[str, list[_Paragraph]] = {}
    mark = f"<w:rPr><w:{tag} "
    place = body.find(mark)
    while place >= 0:
        start, end = body.rindex("<w:p>", 0, place), body.index("</w:p>", place) + len("</w:p>")
        whole = "<w:r>" not in _CHANGE.sub("", body[place:end])
        if whole and not body.startswith(_IN_CELL, start - len(_IN_CELL)) and (text := _text(body[place:end])):
            found.setdefault(text, []).append(_Paragraph(start, end))
        place = body.find(mark, end)
    return found


def _pairs(body: str, gone: _Paragraphs, come: _Paragraphs) -> Iterator[_Pair]:
    """Yield what went with what came, in the order of what came; then what only looks like a move."""
    pairs = [pair for text in gone.keys() & come.keys() for pair in zip(gone[text], come[text], strict=False)]
    yield from sorted(pairs, key=lambda pair: pair[1].start)
    for paragraphs, others, tag in ((come, gone, "del"), (gone, come, "ins")):
        left = {text: alone for text, all_ in paragraphs.items() if (alone := all_[len(others.get(text, ())) :])}
        left = {text: alone for text, alone in left.items() if _TAKEN_FOR_MOVE.match(text)}
        like = {*others, *_texts(_without(body, gone, come), tag)} if left else set()
        for one in sorted([one for text, alone in left.items() if text in like for one in alone]):
            yield (None, one) if paragraphs is come else (one, None)


def _texts(body: str, tag: str) -> Iterator[str]:
    for change in body.split(f"<w:{tag} ")[1:]:
        yield _text(change.partition(f"</w:{tag}>")[0])


def _without(body: str, *tracked: _Paragraphs) -> str:
    """Return the body without the paragraphs that come or go."""
    found = []
    done = 0
    for start, end in sorted([one for paragraphs in tracked for all_ in paragraphs.values() for one in all_]):
        found.append(body[done:start])
        done = end
    return "".join([*found, body[done:]])


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
    if "<w:tab/>" in content:
        content = content.replace("<w:tab/>", f"{_TEXT_START} <")
    return "".join([text.partition("<")[0] for text in content.split(_TEXT_START)[1:]]).strip()
