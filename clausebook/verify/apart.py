"""Read PDFs from outside in a process of its own, which may fail, hang or be killed without harm.

The library that reads and draws pages is fast because it is not Python; a file made for it can keep it busy for
ever, or bring it down. The child gives answers of plain data, within bounds of time and memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

from clausebook.children.child import Keeper, OutOfBounds, Trade
from clausebook.reading.pages import Box, Page, PagesError, Word
from clausebook.verify.pages.likeness import Likeness, Stray
from clausebook.verify.pages.scans import Scan
from clausebook.verify.pages.side_by_side import PagesBeside, Places

TIME_LIMIT = 120.0
"""Seconds that one question may take."""


class Apart(Keeper):
    """Reads and compares pages in a child process."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        super().__init__(Trade("clausebook.verify.apart_child", time_limit, 2048))

    def pages(self, pdf: bytes) -> tuple[Page, ...]:
        """Return the pages of a PDF. Raise PagesError if that is not possible."""
        return tuple(map(_page, self._ask({"ask": "pages"}, pdf)))

    def compared(self, ours: bytes, theirs: bytes, fields: Places, stamps: Places, *, service: bool) -> PagesBeside:
        """Compare the pages of two PDFs, as `side_by_side` does. Raise PagesError if that is not possible."""
        question = {"ask": "compared", "fields": _told(fields), "stamps": _told(stamps), "service": service}
        texts, found = self._ask(question, ours, theirs)
        return PagesBeside(tuple(texts), _likeness(found) if found else None)

    def drawn(self, pdf: bytes, pages: Iterable[int]) -> tuple[int, ...]:
        """Return those of some pages on which more is seen than words. Raise PagesError if that is not possible."""
        return tuple(self._ask({"ask": "drawn", "pages": list(pages)}, pdf))

    def scan(self, blank: bytes, scan: bytes) -> Scan:
        """Look at a scan, as `read_scan` does. Raise PagesError if that is not possible."""
        pictures, inked, *words = self._ask({"ask": "scan"}, blank, scan)
        return Scan(tuple(pictures), inked, *(tuple(map(tuple, each)) for each in words))

    def _ask(self, question: dict[str, Any], *files: bytes) -> Any:
        try:
            answer, _ = self.ask(question, *files)
        except OutOfBounds as lost:
            if lost.bound == "time":
                raise PagesError(f"its pages take longer than {lost.seconds:g} seconds to read") from lost
            raise PagesError("its pages cannot be read: they ask for too much memory, or are damaged") from lost
        if "problem" in answer:
            raise PagesError(answer["problem"])
        return answer["answer"]


def _told(places: Places) -> list[Any]:
    return [[page, [astuple(box) for box in boxes]] for page, boxes in places.items()]


def _likeness(told: dict[str, Any]) -> Likeness:
    reads = dict.fromkeys(("missing", "added", "tolerated"), _stray) | dict.fromkeys(("before", "after"), _page)
    return Likeness(**{name: tuple(map(reads.get(name, _plain), those)) for name, those in told.items()})


def _plain(told: Any) -> Any:
    return tuple(told) if isinstance(told, list) else told


def _stray(told: list[Any]) -> Stray:
    page, at_field, *word = told
    return Stray(page, _word(word), at_field)


def _page(told: list[Any]) -> Page:
    width, height, words = told
    return Page(width, height, tuple(map(_word, words)))


def _word(told: list[Any]) -> Word:
    text, *sides = told
    return Word(text, Box(*sides))
