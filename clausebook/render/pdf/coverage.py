"""Which characters of a text the PDF's fonts may lack, as far as the fonts' own tables tell."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

from clausebook.render.fonts.measures import STAMP

_PLAIN = frozenset(bytes(range(32, 256)).decode("cp1252", "ignore")) - {"\x7f"}
"""The letters of most agreements: no table need be read for them."""

_PASSED = frozenset("\n\r\t")
"""What is no letter: nothing is shown for it."""


@cache
def letters() -> frozenset[str]:
    """Return the characters of Libertinus Serif, in which the contract is set, from the table of the cut of it here."""
    from fontTools.ttLib import TTFont

    with TTFont(STAMP, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def usual_letters() -> tuple[str, ...]:
    """Return the characters that the PDF's fonts have, if the look asks for no others; marks need a letter."""
    return tuple(sorted(each for each in letters() | _PLAIN if not unicodedata.category(each).startswith("M")))


def doubtful(text: str) -> tuple[str, ...]:
    """Return the characters, with their accents, that another font must have, if any: sorted, each once."""
    if not set(text) - _PLAIN - _PASSED:
        return ()
    known = letters() | _PASSED
    return tuple(sorted({cluster for cluster in _clusters(text) if len(cluster) > 1 or cluster not in known}))


def _clusters(text: str) -> Iterator[str]:
    """Yield each character together with the marks that are set on it: one font must have them all."""
    cluster = ""
    for character in text:
        if cluster and unicodedata.category(character).startswith("M"):
            cluster += character
            continue
        if cluster:
            yield cluster
        cluster = character
    if cluster:
        yield cluster
