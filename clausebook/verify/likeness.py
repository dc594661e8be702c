"""Compare the pages that came back with the pages that this repository makes, word by word and in pictures.

A word counts as the agreement's only if it stands where the agreement has it. What is written into the fields is
tolerated, and what a signing service adds where services add it: in the outer margins, on pages before or after.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebook.verify.pages import Box, Page, Word

_NEAR = 2.5
"""How far apart, in points, the same word may stand on two pages that are the same."""

_AROUND_FIELD = 20.0
_EDGE = 1.0
_VISIBLE = 72
"""A difference in the shade of a pixel, of 255, that a reader sees."""

_MOST_PIXELS = 12
"""How many such pixels a page may have without looking different: the traces of smoothing."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A word that only one side has; `page` counts from 1, on the side that has it."""

    page: int
    word: Word


@dataclass(frozen=True, slots=True)
class Likeness:
    """How the pages compare.

    `missing` are the agreement's words that are not where they belong, `added` words that stand where the agreement
    has its text; `tolerated` are added words where services put theirs. `before` and `after` are pages added around
    the agreement's own, `unlike` the numbers of pages whose words agree but which do not look the same; `pictured`
    tells whether the pictures could be compared at all.
    """

    missing: tuple[Stray, ...] = ()
    added: tuple[Stray, ...] = ()
    tolerated: tuple[Stray, ...] = ()
    before: tuple[Page, ...] = ()
    after: tuple[Page, ...] = ()
    unlike: tuple[int, ...] = ()
    pictured: bool = True

    @property
    def same(self) -> bool:
        """Tell whether the pages say, and show, what the agreement says."""
        return not (self.missing or self.added or self.unlike)


def likeness(
    ours: Sequence[Page], theirs: Sequence[Page], fields: Mapping[int, Sequence[Box]], *, service: bool
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
    unlike: list[int] = []
    pictured = True
    body = _body(ours)
    for index, mine in enumerate(ours):
        other = theirs[index + offset]
        moved = _fitted(mine, other)
        gone, come = _strays(mine.words, moved)
        zones = [box.around(_AROUND_FIELD) for box in fields.get(index, ())]
        number = index + offset + 1
        missing += (Stray(index + 1, word) for word in gone)
        for word in come:
            margin = service and not body.around(_EDGE).holds(word.box)
            allowed = margin or any(zone.holds(word.box) for zone in zones)
            (tolerated if allowed else added).append(Stray(number, word))
        if moved is other.words and (mine.picture.width, mine.picture.height) == (
            other.picture.width,
            other.picture.height,
        ):
            if not gone and _unlike(mine, other, body, zones):
                unlike.append(number)
        else:
            pictured = False
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
        pictured,
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


def _fitted(mine: Page, other: Page) -> Sequence[Word]:
    """Return the other page's words where they would stand on ours, had it been neither moved nor scaled."""
    sized = (round(mine.width), round(mine.height)) == (round(other.width), round(other.height))
    if sized and 2 * len(_strays(mine.words, other.words)[0]) <= len(mine.words):
        return other.words
    pairs = list(_pairs(mine.words, other.words))
    if len(pairs) < 4:
        return other.words
    scale, across, up = _transform(pairs)
    if not 0.3 <= scale <= 3:
        return other.words
    return [Word(word.text, _placed(word.box, scale, across, up)) for word in other.words]


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


def _transform(pairs: Sequence[tuple[Box, Box]]) -> tuple[float, float, float]:
    """Return scale and shifts that take most of the second boxes to the first."""
    low, high = min(pairs, key=lambda pair: pair[0].bottom), max(pairs, key=lambda pair: pair[0].bottom)
    span = high[1].bottom - low[1].bottom
    scale = (high[0].bottom - low[0].bottom) / span if abs(span) > 1 else 1.0
    across = sorted(mine.left - scale * other.left for mine, other in pairs)
    up = sorted(mine.bottom - scale * other.bottom for mine, other in pairs)
    return scale, across[len(across) // 2], up[len(up) // 2]


def _placed(box: Box, scale: float, across: float, up: float) -> Box:
    return Box(box.left * scale + across, box.bottom * scale + up, box.right * scale + across, box.top * scale + up)


def _body(pages: Sequence[Page]) -> Box:
    """Return the part of the pages that holds their words, running lines included."""
    boxes = [word.box for page in pages for word in page.words] or [Box(0, 0, pages[0].width, pages[0].height)]
    return Box(
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
    )


def _unlike(mine: Page, other: Page, body: Box, zones: Sequence[Box]) -> bool:
    """Tell whether two pages look different where the agreement has its text."""
    first, second = mine.picture, other.picture
    seen = 0
    for y in range(first.height):
        row, beside = first.row(y), second.row(y)
        if row == beside:
            continue
        up = mine.height - y
        if not body.bottom - _EDGE <= up <= body.top + _EDGE:
            continue
        crossed = [zone for zone in zones if zone.bottom <= up <= zone.top]
        for x, (one, two) in enumerate(zip(row, beside, strict=True)):
            if (
                abs(one - two) > _VISIBLE
                and body.left - _EDGE <= x <= body.right + _EDGE
                and not any(zone.left <= x <= zone.right for zone in crossed)
            ):
                seen += 1
        if seen > _MOST_PIXELS:
            return True
    return False
