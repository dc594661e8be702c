"""Compare the pages that came back with the pages that this repository makes, word by word and in pictures.

A word counts as the agreement's only if it stands where the agreement has it. What is written into the fields is
tolerated, and what a signing service adds where services add it: in the outer margins, on pages before or after.
Tolerated is not harmless: `marks` tells what of it a person has to read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from clausebook.reading.pages import Box, Page, Word
from clausebook.verify.pages.page_fitting import Matched, matched, seen_alike
from clausebook.verify.pages.pictures import Ink, PagePair

_AROUND_FIELD = 20.0
"""How far beyond a field, in points, a service's stamp may reach."""

_AROUND_STAMP = 2.0
"""How far beyond it a stamp of ours may reach."""

_EDGE = 1.5
_LETTER = 4.0
"""How far beyond a word's first and last letter, in points, those between them may reach."""

_LARGEST_MARK = 18.0
"""The height, in points, of words in the margins: what is larger is no mark of a service."""

_NONE: Mapping[int, Sequence[Box]] = MappingProxyType({})

Draw = Callable[[Sequence[PagePair]], Sequence[Ink]]
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
    those that have in their margins what is drawn, and no word; `over` of those that have it where fields hold words.
    `otherwise` tells, with the page, what looks as it should and reads as something else.
    """

    missing: tuple[Stray, ...] = ()
    added: tuple[Stray, ...] = ()
    tolerated: tuple[Stray, ...] = ()
    before: tuple[Page, ...] = ()
    after: tuple[Page, ...] = ()
    unlike: tuple[int, ...] = ()
    drawn: tuple[int, ...] = ()
    over: tuple[int, ...] = ()
    otherwise: tuple[tuple[int, str], ...] = ()

    @property
    def same(self) -> bool:
        """Tell whether the pages say, and show, what the agreement says."""
        return not (self.missing or self.added or self.unlike)


def likeness(
    ours: Sequence[Page],
    theirs: Sequence[Page],
    fields: Mapping[int, Sequence[Box]],
    draw: Draw,
    *,
    service: bool,
    stamps: Mapping[int, Sequence[Box]] = _NONE,
) -> Likeness | None:
    """Compare pages with ours; `fields` holds the places of the form fields on each of our pages, counted from 0.

    `stamps` are those among them in which signatures are drawn; the others hold words. `service` tells whether margins
    and further pages may hold what a signing service adds.
    None if there are fewer pages than ours.
    """
    if len(theirs) < len(ours):
        return None
    offset = _offset(ours, theirs)
    before, own, after = theirs[:offset], theirs[offset : offset + len(ours)], theirs[offset + len(ours) :]
    reach = _AROUND_FIELD if service else _AROUND_STAMP
    zones = [tuple(box.around(reach) for box in fields.get(index, ())) for index in range(len(ours))]
    body = _body(ours).around(_EDGE) if service else None
    laid = tuple(matched(ours, own))
    closed = [
        _closed(page.words, zones[index], fields.get(index, ()), stamps.get(index, ()))
        for index, page in enumerate(ours)
    ]
    inks = _inks(ours, laid, zones, closed, body, offset, draw)
    missing: list[Stray] = []
    added: list[Stray] = []
    tolerated: list[Stray] = []
    unlike: list[int] = []
    otherwise: list[tuple[int, str]] = []
    for index, page in enumerate(laid):
        number = index + offset + 1
        ink = inks.get(index)
        gone, come = page.gone, page.come
        if ink and not ink.unlike:
            gone, come, read = seen_alike(gone, come)
            otherwise += ((number, each) for each in read)
        elif ink and not gone and all(_tolerable(word, zones[index], body) for word in come):
            unlike.append(number)
        missing += (Stray(index + 1, word) for word in gone)
        for word in come:
            stray = Stray(number, word, at_field=_within(word, zones[index]))
            (tolerated if _tolerable(word, zones[index], body) else added).append(stray)
    if not service:
        around = [*enumerate(before, 1), *enumerate(after, offset + len(ours) + 1)]
        added += (Stray(number, word) for number, page in around for word in page.words)
        # Even a page without words is none of the agreement's.
        unlike += (number for number, page in around if not page.words)
        before = after = ()
    drawn = tuple(index + offset + 1 for index, ink in inks.items() if ink.beside)
    over = tuple(index + offset + 1 for index, ink in inks.items() if ink.over)
    return Likeness(
        tuple(missing),
        tuple(added),
        tuple(tolerated),
        tuple(before),
        tuple(after),
        tuple(sorted(unlike)),
        drawn,
        over,
        tuple(otherwise),
    )


def _inks(
    ours: Sequence[Page],
    laid: Sequence[Matched],
    zones: Sequence[tuple[Box, ...]],
    closed: Sequence[tuple[Box, ...]],
    body: Box | None,
    offset: int,
    draw: Draw,
) -> dict[int, Ink]:
    """Compare as pictures those pages of which at least half the words agree, by their index."""
    pairs = []
    for index, page in enumerate(laid):
        if 2 * len(page.gone) <= len(ours[index].words):
            told = tuple(
                word.box.around(_EDGE)
                for word in page.come
                if not _within(word, zones[index]) and _tolerable(word, (), body)
            )
            read = tuple(word.box.around(_LETTER) for word in page.come if _within(word, zones[index]))
            pairs.append(PagePair(index, index + offset, page.fit, body, zones[index], told, closed[index], read))
    return {pair.ours: ink for pair, ink in zip(pairs, draw(pairs), strict=True)}


def _closed(
    words: Sequence[Word], zones: Sequence[Box], fields: Sequence[Box], stamps: Sequence[Box]
) -> tuple[Box, ...]:
    """Return where in and around fields nothing may be drawn: over the agreement's words, and in fields for words."""
    over = (word.box for word in words if _within(word, zones) and not _within(word, stamps))
    return (*over, *(box for box in fields if box not in stamps))


def _tolerable(word: Word, zones: Sequence[Box], body: Box | None) -> bool:
    """Tell whether a word stands where services and signatories put theirs."""
    small = word.box.top - word.box.bottom <= _LARGEST_MARK
    return _within(word, zones) or (body is not None and small and not body.holds(word.box))


def _within(word: Word, zones: Sequence[Box]) -> bool:
    return any(zone.holds(word.box) for zone in zones)


def _offset(ours: Sequence[Page], theirs: Sequence[Page]) -> int:
    """Return how many pages were put before ours: where most words agree."""
    mine = [Counter(word.text for word in page.words) for page in ours]
    other = [Counter(word.text for word in page.words) for page in theirs]
    places = range(len(theirs) - len(ours) + 1)
    probes = sorted({0, len(ours) // 2, len(ours) - 1})
    return max(places, key=lambda place: (sum((mine[at] & other[place + at]).total() for at in probes), -place))


def _body(pages: Sequence[Page]) -> Box:
    """Return the part of the pages that holds their words, running lines included."""
    boxes = [word.box for page in pages for word in page.words] or [Box(0, 0, pages[0].width, pages[0].height)]
    return Box(
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
    )
