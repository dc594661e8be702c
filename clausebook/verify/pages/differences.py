"""Say in which clause of the agreement words differ that only the pages know of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from clausebook.document.model import Clause, Document, Schedule, Section
from clausebook.document.words import heading_of
from clausebook.findings.characters import first_words
from clausebook.reading.pages import Page, Word
from clausebook.verify.model import Difference
from clausebook.verify.pages.likeness import Likeness, Stray

MOST_WORDS = 60
"""Words of one difference that are told."""

_LINE = 4.0


def differences(document: Document, ours: Sequence[Page], found: Likeness) -> tuple[Difference, ...]:
    """Return the stretches of words that differ, in reading order, each with the clause in which it stands."""
    headings = _headings(document, ours)
    gone = {number: list(group) for number, group in groupby(found.missing, key=lambda stray: stray.page)}
    come: dict[int, list[Stray]] = {}
    before = len(found.before)
    for stray in found.added:
        come.setdefault(stray.page - before, []).append(stray)
    told = []
    for number in sorted({*gone, *come}):
        for expected, got in _paired(gone.get(number, []), come.get(number, [])):
            first = (expected or got)[0].word
            told.append(Difference(_place(headings, number, first), _text(expected), _text(got)))
    for number in found.unlike:
        if not any(stray.page == number for stray in found.added):
            told.append(
                Difference(
                    f"page {number}",
                    "",
                    "the page looks different though its words are the same: something covers or replaces them",
                )
            )
    return tuple(told)


def _paired(gone: Sequence[Stray], come: Sequence[Stray]) -> Iterator[tuple[list[Stray], list[Stray]]]:
    """Yield stretches of words that are missing and added, those of the same line together, from the top."""
    strays = [(stray.word.box.bottom, side, stray) for side, strays in enumerate((gone, come)) for stray in strays]
    strays.sort(key=lambda each: -each[0])
    start = 0
    for end in range(1, len(strays) + 1):
        if end == len(strays) or strays[start][0] - strays[end][0] > _LINE:
            expected, got = ([stray for _, each, stray in strays[start:end] if each == side] for side in (0, 1))
            yield sorted(expected, key=_left), sorted(got, key=_left)
            start = end


def _left(stray: Stray) -> float:
    return stray.word.box.left


def _text(strays: Iterable[Stray]) -> str:
    return first_words([stray.word.text for stray in strays], MOST_WORDS)


_Heading = tuple[int, float, str]


def _headings(document: Document, ours: Sequence[Page]) -> list[_Heading]:
    """Return page, height and name of each heading of the agreement, in reading order."""
    wanted = [
        (heading_of(each).split(), heading_of(each))
        for each in document.parts()
        if isinstance(each, Section | Clause | Schedule) and (each.number or each.title)
    ]
    found: list[_Heading] = []
    at = 0
    for number, page in enumerate(ours, 1):
        texts = [word.text for word in page.words]
        index = 0
        while index < len(texts) and at < len(wanted):
            words, name = wanted[at]
            end = index + len(words)
            # A contents entry has the same words, and dots after them.
            if texts[index:end] == words and texts[end : end + 1] != ["."]:
                found.append((number, page.words[index].box.top, name))
                at += 1
                index = end
            else:
                index += 1
    return found


def _place(headings: Sequence[_Heading], page: int, word: Word) -> str:
    """Return the name of the clause whose heading is the last above a word."""
    above = [name for number, top, name in headings if (number, -top) < (page, -word.box.bottom)]
    return f"{above[-1]} (page {page})" if above else f"page {page}"
