"""Compare the pages that came back with the pages that this repository makes, word by word and in pictures.

A word counts as the agreement's only if it stands where the agreement has it. What is written into the fields is
tolerated, and what a signing service adds where services add it: in the outer margins, on pages before or after.
Tolerated is not harmless: `marks` tells what of it a person has to read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebook.verify.pages import Box, Page, Word
from clausebook.verify.pictures import Fit, Ink, Pair

_NEAR = 2.5
"""How far apart, in points, the same word may stand on two pages that are the same."""

_AROUND_FIELD = 20.0
"""How far beyond a field, in points, a service's stamp may reach."""

_AROUND_STAMP = 2.0
"""How far beyond it a stamp of ours may reach."""

_EDGE = 1.0
_LARGEST_MARK = 18.0
"""The height, in points, of words in the margins: what is larger is no mark of a service."""

_FEWEST = 4
"""How many words must tell where a page lies on another."""

_FAR = 20.0
_UNSCALED = 1e-4
_UNMOVED = 0.02

Draw = Callable[[Sequence[Pair]], Sequence[Ink]]
"""Compares pages as pictures."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A word that only one side has; `page` counts from 1, on the side that has it.

    `at_field` tells that it stands at a form field, and not in a margin.
    """

    page: int
    word: Word
    at_field: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """How the pages compare.

    `missing` are the agreement's words that are not where they belong, `added` words that stand where the agreement
    has its text; `tolerated` are added words where services put theirs. `before` and `after` are pages added around
    the agreement's own, `unlike` the numbers of pages whose words agree but which do not look the same; `drawn` of
    those that have in their margins what is drawn, and no word.
    """

    missing: tuple[Stray, ...] = ()
    added: tuple[Stray, ...] = ()
    tolerated: tuple[Stray, ...] = ()
    before: tuple[Page, ...] = ()
    after: tuple[Page, ...] = ()
    unlike: tuple[int, ...] = ()
    drawn: tuple[int, ...] = ()

    @property
    def same(self) -> bool:
        """Tell whether the pages say, and show, what the agreement says."""
        return not (self.missing or self.added or self.unlike)


def likeness(
    ours: Sequence[Page], theirs: Sequence[Page], fields: Mapping[int, Sequence[Box]], draw: Draw, *, service: bool
) -> Likeness | None:
    """Compare pages with ours; `fields` holds the places of the form fields on each of our pages, counted from 0.

    `service` tells whether margins and further pages may hold what a signing service adds.
    None if there are fewer pages than ours.
    """
    if len(theirs) < len(ours):
        return None
    offset = _offset(ours, theirs)
    missing: list[Stray] = []
    added: list[Stray] = []
    tolerated: list[Stray] = []
    pairs: list[Pair] = []
    body = _body(ours).around(_EDGE)
    reach = _AROUND_FIELD if service else _AROUND_STAMP
    fit = Fit()
    for index, mine in enumerate(ours):
        other = theirs[index + offset]
        # A page with few words lies as the page before it.
        fit = _fit(mine.words, other.words) or fit
        moved = [Word(word.text, fit.placed(word.box)) for word in other.words] if fit != Fit() else other.words
        gone, come = _strays(mine.words, moved)
        zones = tuple(box.around(reach) for box in fields.get(index, ()))
        number = index + offset + 1
        missing += (Stray(index + 1, word) for word in gone)
        told = []
        for word in come:
            if any(zone.holds(word.box) for zone in zones):
                tolerated.append(Stray(number, word, at_field=True))
            elif service and not body.holds(word.box) and word.box.top - word.box.bottom <= _LARGEST_MARK:
                tolerated.append(Stray(number, word))
                told.append(word.box.around(_EDGE))
            else:
                added.append(Stray(number, word))
        if not gone:
            pairs.append(Pair(index, index + offset, fit, body if service else None, zones, tuple(told)))
    shown = tuple(zip(pairs, draw(pairs), strict=True))
    unlike = [pair.theirs + 1 for pair, ink in shown if ink.unlike]
    end = offset + len(ours)
    if not service:
        around = [*enumerate(theirs[:offset], 1), *enumerate(theirs[end:], end + 1)]
        added += (Stray(number, word) for number, page in around for word in page.words)
        # Even a page without words is none of the agreement's.
        unlike += (number for number, _ in around)
    return Likeness(
        tuple(missing),
        tuple(added),
        tuple(tolerated),
        tuple(theirs[:offset]) if service else (),
        tuple(theirs[end:]) if service else (),
        tuple(unlike),
        tuple(pair.theirs + 1 for pair, ink in shown if ink.beside),
    )


def _offset(ours: Sequence[Page], theirs: Sequence[Page]) -> int:
    """Return how many pages were put before ours: where most words agree."""
    mine = [Counter(word.text for word in page.words) for page in ours]
    other = [Counter(word.text for word in page.words) for page in theirs]
    places = range(len(theirs) - len(ours) + 1)
    probes = sorted({0, len(ours) // 2, len(ours) - 1})
    return max(places, key=lambda place: (sum((mine[at] & other[place + at]).total() for at in probes), -place))


def _strays(mine: Sequence[Word], theirs: Sequence[Word]) -> tuple[list[Word], list[Word]]:
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
    return gone, [word for word in theirs if id(word) in left]


def _near(one: Box, other: Box) -> bool:
    return abs(one.left - other.left) <= _NEAR and abs(one.bottom - other.bottom) <= _NEAR


def _fit(mine: Sequence[Word], theirs: Sequence[Word]) -> Fit | None:
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
        return Fit()
    return Fit(scale, across, up)


def _scale(pairs: Sequence[tuple[Box, Box]]) -> float:
    """Return the middle of the scales that pairs far apart tell."""
    half = len(pairs) // 2
    scales = []
    for (one, other), (far, far_other) in zip(pairs[:half], pairs[-half:], strict=True):
        tall, wide = far.bottom - one.bottom, far.left - one.left
        above, beside = far_other.bottom - other.bottom, far_other.left - other.left
        length, other_length = (tall, above) if abs(tall) > abs(wide) else (wide, beside)
        if abs(length) > _FAR and abs(other_length) > _EDGE:
            scales.append(length / other_length)
    scale = _middle(scales) if scales else 1.0
    return 1.0 if abs(scale - 1) < _UNSCALED else scale


def _middle(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _pairs(mine: Iterable[Word], theirs: Iterable[Word]) -> Iterator[tuple[Box, Box]]:
    """Yield the boxes of words that both pages have exactly once."""
    first, second = _once(mine), _once(theirs)
    yield from ((box, second[text]) for text, box in first.items() if text in second)


def _once(words: Iterable[Word]) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    twice = set()
    for word in words:
        if word.text in boxes:
            twice.add(word.text)
        boxes[word.text] = word.box
    return {text: box for text, box in boxes.items() if text not in twice}


def _body(pages: Sequence[Page]) -> Box:
    """Return the part of the pages that holds their words, running lines included."""
    boxes = [word.box for page in pages for word in page.words] or [Box(0, 0, pages[0].width, pages[0].height)]
    return Box(
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
    )
