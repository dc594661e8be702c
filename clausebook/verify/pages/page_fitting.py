"""Lay a page that came back on ours, whatever its size, place and turn, and match their words by their places."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clausebook.reading.pages import Box, Page, Word
from clausebook.verify.pages.pictures import PageFit

_NEAR = 2.5
"""How far apart, in points, the same word may stand on two pages that are the same."""

_FEWEST = 4
"""How many words must tell where a page lies on another."""

_FAR = 20.0
_UNSCALED = 1e-4
_UNMOVED = 0.02
_KEPT = 0.5
"""What part of the letters of a line must be read at least: ligatures are lost, words are not."""

_ANCHOR = re.compile(r"/[a-z]+\d+(?:-\d+)?/")
"""What stands unseen in fields, for signing services to find."""

_TURNS = (0, 90, 180, 270)

# What changes a meaning by little ink: figures, and small marks. Letters and larger signs the pictures tell apart.
_TELLING = re.compile(r"[\d.,;:'’‘\"“”‐-―·…%‰$€£-]")


@dataclass(frozen=True, slots=True)
class Matched:
    """A page that came back, laid on ours by `fit`: our words that it lacks, and its own that we lack."""

    fit: PageFit
    gone: tuple[Word, ...]
    come: tuple[Word, ...]


def matched(ours: Sequence[Page], theirs: Sequence[Page]) -> Iterator[Matched]:
    """Match pages with pages; what is one page already, lies as it is."""
    fit = PageFit()
    for mine, other in zip(ours, theirs, strict=True):
        if mine is other:
            fit = PageFit()
            yield Matched(fit, (), ())
            continue
        found = None
        for turn in _TURNS:
            words = [_turned(word, other, turn) for word in other.words] if turn else other.words
            # A page with few words lies as the page before it.
            laid = _fit(mine.words, words, turn) or (fit if fit.turn == turn else PageFit(turn=turn))
            placed = [Word(word.text, laid.placed(word.box)) for word in words]
            tried = Matched(laid, *_strays(mine.words, placed))
            if found is None or len(tried.gone) < len(found.gone):
                found = tried
            if 2 * len(found.gone) <= len(mine.words):
                break
        if found:
            fit = found.fit
            yield found


def seen_alike(
    gone: Sequence[Word], come: Sequence[Word]
) -> tuple[tuple[Word, ...], tuple[Word, ...], tuple[str, ...]]:
    """Return the strays of two pages that look the same without those that only read otherwise; and what reads so.

    Programs that write a file anew lose what some letters read as, split words, and drop invisible ones. Figures
    and points must read alike all the same: they may differ by less than pictures show. What reads as other letters,
    or leaves out words that are seen, is told.
    """
    left_gone: list[Word] = []
    left_come = list(come)
    otherwise: list[str] = []
    for line in _lines(gone):
        beside = [each for each in left_come if any(word.box.around(_NEAR).holds(each.box) for word in line)]
        if not beside or _telling(line) == _telling(beside):
            read = {id(word) for word in beside}
            left_come = [word for word in left_come if id(word) not in read]
            if not _reads(line, beside):
                otherwise.append(f"“{_joined(line)}” reads as “{_joined(beside)}”")
        else:
            left_gone += line
    return tuple(left_gone), tuple(left_come), tuple(otherwise)


def _reads(shown: Sequence[Word], read: Sequence[Word]) -> bool:
    """Tell whether what is read are the letters that are shown, in order, but for some that were lost."""
    wanted = _letters(word.text for word in shown if not _ANCHOR.fullmatch(word.text))
    found = _letters(word.text for word in sorted(read, key=lambda word: word.box.left))
    rest = iter(wanted)
    return all(letter in rest for letter in found) and len(found) >= _KEPT * len(wanted)


def _letters(texts: Iterable[str]) -> str:
    plain = unicodedata.normalize("NFKD", "".join(texts)).casefold()
    return "".join(each for each in plain if each.isalnum())


def _joined(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in sorted(words, key=lambda word: word.box.left))


def _lines(words: Sequence[Word]) -> Iterator[list[Word]]:
    line: list[Word] = []
    for word in words:
        if line and abs(word.box.bottom - line[-1].box.bottom) > _NEAR:
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _telling(words: Sequence[Word]) -> str:
    ordered = sorted(words, key=lambda word: word.box.left)
    return "".join(_TELLING.findall("".join(word.text for word in ordered)))


def _turned(word: Word, page: Page, turn: int) -> Word:
    """Return a word where it would be displayed, were the page turned clockwise."""
    box = word.box
    if turn == 90:
        return Word(word.text, Box(box.bottom, page.width - box.right, box.top, page.width - box.left))
    if turn == 180:
        width, height = page.width, page.height
        return Word(word.text, Box(width - box.right, height - box.top, width - box.left, height - box.bottom))
    return Word(word.text, Box(page.height - box.top, box.left, page.height - box.bottom, box.right))


def _strays(mine: Sequence[Word], theirs: Sequence[Word]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Return the words of each side that the other does not have at the same place."""
    waiting: dict[str, list[Word]] = defaultdict(list)
    for word in theirs:
        waiting[word.text].append(word)
    gone = []
    for word in mine:
        near = next((each for each in waiting[word.text] if _near(each.box, word.box)), None)
        if near is None:
            gone.append(word)
        else:
            waiting[word.text].remove(near)
    left = {id(word) for words in waiting.values() for word in words}
    return tuple(gone), tuple(word for word in theirs if id(word) in left)


def _near(one: Box, other: Box) -> bool:
    return abs(one.left - other.left) <= _NEAR and abs(one.bottom - other.bottom) <= _NEAR


def _fit(mine: Sequence[Word], theirs: Sequence[Word], turn: int) -> PageFit | None:
    """Return where the other page lies on ours, as most of the words that each has once tell; None if few do."""
    pairs = sorted(_pairs(mine, theirs), key=lambda pair: (pair[0].bottom, pair[0].left))
    if len(pairs) < _FEWEST:
        return None
    scale = _scale(pairs)
    if not 0.3 <= scale <= 3:
        return None
    across = _middle(one.left - scale * other.left for one, other in pairs)
    up = _middle(one.bottom - scale * other.bottom for one, other in pairs)
    if abs(scale - 1) < _UNSCALED and abs(across) < _UNMOVED and abs(up) < _UNMOVED:
        return PageFit(turn=turn)
    return PageFit(scale, across, up, turn)


def _scale(pairs: Sequence[tuple[Box, Box]]) -> float:
    """Return the middle of the scales that pairs far apart tell."""
    half = len(pairs) // 2
    scales = []
    for (one, other), (far, far_other) in zip(pairs[:half], pairs[-half:], strict=True):
        tall, wide = far.bottom - one.bottom, far.left - one.left
        above, beside = far_other.bottom - other.bottom, far_other.left - other.left
        length, other_length = (tall, above) if abs(tall) > abs(wide) else (wide, beside)
        if abs(length) > _FAR and abs(other_length) > 1:
            scales.append(length / other_length)
    scale = _middle(scales) if scales else 1.0
    return 1.0 if abs(scale - 1) < _UNSCALED else scale


def _middle(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _pairs(mine: Sequence[Word], theirs: Sequence[Word]) -> Iterator[tuple[Box, Box]]:
    """Yield the boxes of words that both pages have exactly once."""
    first, second = _once(mine), _once(theirs)
    yield from ((box, second[text]) for text, box in first.items() if text in second)


def _once(words: Sequence[Word]) -> dict[str, Box]:
    times = Counter(word.text for word in words)
    return {word.text: word.box for word in words if times[word.text] == 1}
