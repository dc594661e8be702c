"""Whether the words that a PDF of ours holds can be seen and read where they belong.

What is not positively known to show is told as hidden: a pattern for a colour, a picture or a letter of another text
in the way, a clip that is no rectangle.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from clausebook.render.pdf.breaks import BREAK_HELPER
from clausebook.render.proof.contrast import LEAST, WHITE, contrast
from clausebook.render.proof.glyph_maps import letters
from clausebook.render.proof.painted import Area, Colour, Extent, Glyphs, Painted
from clausebook.render.proof.tagged import NOTE, Shown

LEAST_SIZE = 5.0
"""The least height of letters, in points of their font's size."""

_FAINT = 1.5
"""The most contrast with the paper of a mark that words may be printed over."""

_PULLED = 350.0
"""How far, in thousandths of the size, a letter may be pulled back over another."""

_SLANT = 0.3
"""How far letters may lean, as parts of their height and width."""

_LOWERED = 0.06
"""How far letters may stand above or below those before them in their line, in parts of their size."""

_PRINTED = re.compile("[!-~]")
_CORE = (0.0, 0.45)
_STRIPE = (0.08, 0.4)
_NEAR = 1.2
_SLACK = 0.6
_ROW = 24.0
_CELLS = ("TH", "TD")
_REPEATED = ("TH", "H1", "H2", "Title")


class Hidden(NamedTuple):
    """Words that cannot be seen: the index of their passage, the words, the page from 1, and why."""

    passage: int
    words: str
    page: int
    reason: str


def hidden(shown: Shown, signatures: str) -> Iterator[Hidden]:
    """Yield the words that cannot be seen, in reading order. The contents may list the `signatures` by that name."""
    pages = [_Sheet(painted) for painted in shown.pages]
    # No line break stands in words.
    repeated = "\n".join([f" {each.words} " for each in shown.passages if each.role in _REPEATED])
    told = {number: _Sheet(painted) for number, painted in shown.fields.items()}
    first: tuple[int, Glyphs] | None = None
    before: tuple[int, Glyphs] | None = None
    last: tuple[int, Glyphs] | None = None
    apart: tuple[int, Glyphs] | None = None
    noted = False
    spoken: dict[int, set[int]] = {}
    for index, passage in enumerate(shown.passages):
        if noted != (passage.role == NOTE):
            # Footnotes follow each other, and the text goes on where it stood.
            noted, last, apart = not noted, apart, last
        if passage.role in _CELLS and first:
            # The cells of a row stand beside each other, however far each of them goes on.
            last = first
        first = before = None
        for page, number in passage.places:
            spoken.setdefault(page, set()).add(number)
            sheet = told[number] if page < 0 else pages[page]
            for found in sheet.texts.get(-1 if page < 0 else number, ()):
                text = found.text
                reason = sheet.fault(found)
                # An accent that is set by itself stands over the letter before it.
                if page >= 0 and (_PRINTED.search(text.text) or letters(text.text).strip()):
                    now = (page, text)
                    reason = reason or _displaced(last, now) or _raised(before, now)
                    last = before = now
                    first = first or now
                if reason:
                    yield Hidden(index, text.text.strip(), page + 1, reason)
    for page, sheet in enumerate(pages):
        listed = {number for at, number in shown.contents if at == page}
        for stray in sheet.strays(spoken.get(page, set()), listed, repeated, signatures):
            yield Hidden(-1, stray, page + 1, "it is printed among the agreement's words and is none of them")


class _Set(NamedTuple):
    """A text as it is set: when it is painted, and the box of its letters."""

    order: int
    text: Glyphs
    core: Extent


class _Sheet:
    """What one page or field paints."""

    def __init__(self, painted: Sequence[Painted]) -> None:
        self.texts: dict[int, list[_Set]] = defaultdict(list)
        self._areas: list[tuple[int, Area]] = []
        self._near: dict[tuple[int, int], list[tuple[int, Area]]] = {}
        self._rows: dict[int, list[_Set]] = defaultdict(list)
        for order, each in enumerate(painted):
            if isinstance(each, Area):
                self._areas.append((order, each))
            elif not each.text.isspace():
                core = each.box(*_CORE)
                found = _Set(order, each, core)
                self.texts[each.number].append(found)
                first, last = int(core.bottom // _ROW), int(core.top // _ROW)
                self._rows[first].append(found)
                for row in range(first + 1, last + 1):
                    self._rows[row].append(found)

    def fault(self, found: _Set) -> str:
        """Return why a text cannot be read, or ""."""
        _, text, core = found
        state = text.state
        a, b, c, d, _, _ = state.matrix
        if reason := _misshapen(state.mode, state.size, a, b, c, d):
            return reason
        if text.pulled > _PULLED:
            return "its letters are set over each other"
        clip = state.clip
        if (
            clip is None
            or core.left < clip.left - 1
            or core.right > clip.right + 1
            or core.bottom < clip.bottom - 1
            or core.top > clip.top + 1
        ):
            return "it is cut off, or outside the page"
        return self._covered(found, state.size * (c * c + d * d) ** 0.5) or self._crossed(found, state.size)

    def _covered(self, found: _Set, size: float) -> str:
        """Return what areas do to a text."""
        order, text, core = found
        beneath: list[Colour] = [WHITE]
        around = _NEAR * size
        low, high = core.bottom - 0.3 * size, core.top + 0.4 * size
        for at, area in self._around(low, high):
            box = area.box
            if not _meet(box, Extent(core.left - around, low, core.right + around, high)):
                continue
            stripe = text.box(*_STRIPE)
            small = (
                box.top - box.bottom < 1.4 * size
                and box.bottom > core.bottom - 0.4 * size
                and box.top < core.top + 0.6 * size
            )
            if area.picture:
                return "a picture is in its way"
            if not _meet(box, core):
                if small and box.top - box.bottom > 0.2 * size and box.right - box.left < 4 * size:
                    return "something is drawn beside it as letters could be"
            elif at > order:
                if area.opacity > 0 and (_meet(box, stripe) or box.top - box.bottom > 0.2 * size):
                    return "something is painted over it"
            elif box.bottom <= core.bottom and box.top >= core.top:
                if area.opacity < 1 or not area.colour:
                    return "what is beneath it is not known"
                # What is painted later lies on top of what was painted before.
                wholly = box.left <= core.left and box.right >= core.right
                beneath = [area.colour] if wholly else [*beneath, area.colour]
            elif _meet(box, stripe):
                return "a line is drawn through it"
        fill, opacity = text.state.fill, text.state.opacity
        if not fill or opacity <= 0:
            return "its colour is not known"
        if not all(_shows(fill, opacity, ground) for ground in beneath):
            return "its colour does not show on what is beneath"
        return ""

    def _around(self, bottom: float, top: float) -> Sequence[tuple[int, Area]]:
        """Return the areas, in order, that may lie between two heights."""
        first, last = int(bottom // _ROW), int(top // _ROW)
        found = self._near.get((first, last))
        if found is None:
            low, high = first * _ROW, (last + 1) * _ROW
            found = [each for each in self._areas if each[1].box.bottom < high and low < each[1].box.top]
            self._near[first, last] = found
        return found

    def _crossed(self, found: _Set, size: float) -> str:
        """Return whether another text lies over or beneath a text."""
        order, _, core = found
        left, bottom, right, top = core
        for row in range(int(bottom // _ROW), int(top // _ROW) + 1):
            for at, other, box in self._rows.get(row, ()):
                # Most texts stand beside each other.
                if box[0] >= right or box[2] <= left or at == order or not _meet(box, core):
                    continue
                if min(box.right, right) - max(box.left, left) < 0.3 * size or _watermark(other):
                    continue
                if min(box.top, top) - max(box.bottom, bottom) > 0.1 * size:
                    return "another text is printed over it"
        return ""

    def strays(self, own: Set[int], listed: Collection[int], repeated: str, signatures: str) -> Iterator[str]:
        """Yield the texts among the agreement's `own` that are none of them.

        Marks, headings that are `repeated`, each between two spaces, and of what is `listed` in its contents the page
        numbers and the signatures may be there.
        """
        words = [each.core for number in own for each in self.texts.get(number, ())]
        if not words:
            words = [Extent(0.0, 0.0, 0.0, 0.0)]
        lefts, bottoms, rights, tops = zip(*words, strict=True)
        among = Extent(min(lefts), min(bottoms), max(rights), max(tops))
        for number in self.texts.keys() - own:
            for found in self.texts[number]:
                said = " ".join(found.text.text.split())
                if not (any(map(str.isalnum, said)) and _meet(found.core, among)) or _watermark(found.text):
                    continue
                if not (f" {said} " in repeated or (number in listed and (said.isdigit() or said == signatures))):
                    yield said


@lru_cache(maxsize=1024)
def _shows(fill: Colour, opacity: float, ground: Colour) -> bool:
    """Tell whether a colour shows on what is beneath it."""
    mixed = tuple(opacity * own + (1 - opacity) * other for own, other in zip(fill, ground, strict=True))
    return contrast(mixed, ground) >= LEAST


@lru_cache(maxsize=1024)
def _misshapen(mode: int, size: float, a: float, b: float, c: float, d: float) -> str:
    """Return what is wrong with how letters are shaped, by their mode, size and matrix, or ""."""
    across, up = (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5
    if mode != 0:
        return "its letters are not filled"
    if size * min(across, up) < LEAST_SIZE:
        return "it is too small to be read"
    if a * d - b * c <= 0:
        return "it is mirrored"
    if a <= 0 or abs(b) > _SLANT * across or abs(c) > _SLANT * up:
        return "it is turned"
    return ""


def _meet(one: Extent, other: Extent) -> bool:
    return one.left < other.right and other.left < one.right and one.bottom < other.top and other.bottom < one.top


def _watermark(text: Glyphs) -> bool:
    """Tell whether a text is so faint, or so clear, that what is printed with it can be read."""
    return _faint(text.state.fill, text.state.opacity)


@lru_cache(maxsize=1024)
def _faint(fill: Colour, opacity: float) -> bool:
    return bool(fill) and contrast(tuple(opacity * own + 1 - opacity for own in fill), WHITE) < _FAINT


def beside(shown: Shown, own: Collection[str]) -> Iterator[Hidden]:
    """Yield what a file says beside the agreement, of itself: words in no text of it, of which `own` are known.

    Whoever signs sees what stands in the margins, behind the text and on further pages.
    """
    spoken = {place for passage in shown.passages for place in passage.places} | shown.contents
    repeated = {word for each in shown.passages if each.role in _REPEATED for word in tokens(each.words)}
    for page, painted in enumerate(shown.pages):
        glyphs = (each for each in painted if isinstance(each, Glyphs))
        for text in _stretches(each for each in glyphs if (page, each.number) not in spoken):
            strange = [word for word in tokens(text) if word not in repeated and not _of(word, own)]
            if strange and not _ANCHOR.fullmatch(text):
                yield Hidden(-1, text, page + 1, "whoever signs sees it, and it is not the agreement's")


def _stretches(glyphs: Iterable[Glyphs]) -> Iterator[str]:
    """Yield the texts that stand one right after the other on a line, as one: a font may part a word."""
    text, end, line = "", 0.0, 0.0
    for each in glyphs:
        across, *_, x, y = each.state.matrix
        if text and (y != line or abs(x - end) > 0.1 * each.state.size * abs(across)):
            yield text.strip()
            text = ""
        text += each.text
        end, line = x + each.width * across, y
    yield text.strip()


def tokens(text: str) -> list[str]:
    """Return the words of a text as they are compared: in small letters, without numbers and signs."""
    return [word for word in _EDGES.split(text.replace(BREAK_HELPER, "").casefold()) if word and not word.isdigit()]


def _of(word: str, own: Collection[str]) -> bool:
    """Tell whether a word is known, or the beginning of a known one that was cut."""
    return word in own or (word.endswith("…") and any(each.startswith(word[:-1]) for each in own))


_ANCHOR = re.compile(r"(?:/(?:sig|name|title|date|text)\d+(?:-\d+)?/)+")
"""What stands in fields for signing services to find."""

_EDGES = re.compile(r"[\s·•–—\-“”‘’\"'()\[\].,;:]+")


def _raised(before: tuple[int, Glyphs] | None, now: tuple[int, Glyphs]) -> str:
    """Return whether a text stands above or below the one before it in its line: as an exponent, say."""
    if before is None or before[0] != now[0]:
        return ""
    (_, first), (_, second) = before, now
    size = max(first.state.size, second.state.size)
    away = abs(second.state.matrix[5] - first.state.matrix[5])
    return "it does not stand in its line" if _LOWERED * size < away < _SLACK * size else ""


def _displaced(before: tuple[int, Glyphs] | None, now: tuple[int, Glyphs]) -> str:
    """Return whether a text does not stand after the one before it: further on in its line, below, or to the right."""
    if before is None or before[0] < now[0]:
        return ""
    if before[0] > now[0]:
        return "it stands before what it should follow"
    (_, first), (_, second) = before, now
    x, y = first.state.matrix[4:]
    u, v = second.state.matrix[4:]
    size = max(first.state.size, second.state.size)
    if v < y - _SLACK * size or u > x:
        return ""
    return "it stands before what it should follow"
