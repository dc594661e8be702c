"""Read PDFs from outside in a process of its own, which may fail, hang or be killed without harm.

The library that reads and draws pages is fast because it is not Python; a file made for it can keep it busy for
ever, or bring it down. The child gives answers of plain data, within bounds of time and memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from clausebook.children.child import Keeper, OutOfBounds, Trade
from clausebook.reading.pages import Box, Page, PagesError, Word
from clausebook.verify.pages.pictures import Ink, PagePair

TIME_LIMIT = 120.0
"""Seconds that one question may take."""


class Apart:
    """Reads and compares pages in a child process. A context manager; the child loads while the parent goes on."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self._keeper = Keeper(Trade("clausebook.verify.apart_child", time_limit, 2048))

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keeper.close()

    def pages(self, pdf: bytes) -> tuple[Page, ...]:
        """Return the pages of a PDF. Raise PagesError if that is not possible."""
        told = self._ask({"ask": "pages"}, pdf)
        return tuple(
            Page(width, height, tuple(Word(text, Box(*sides)) for text, *sides in words))
            for width, height, words in told
        )

    def inks(self, ours: bytes, theirs: bytes, pairs: Iterable[PagePair]) -> tuple[Ink, ...]:
        """Compare pages of two PDFs as pictures. Raise PagesError if that is not possible."""
        told = self._ask({"ask": "inks", "pairs": [asdict(pair) for pair in pairs]}, ours, theirs)
        return tuple(Ink(*each) for each in told)

    def drawn(self, pdf: bytes, pages: Iterable[int]) -> tuple[int, ...]:
        """Return those of some pages on which more is seen than words. Raise PagesError if that is not possible."""
        return tuple(self._ask({"ask": "drawn", "pages": list(pages)}, pdf))

    def _ask(self, question: dict[str, Any], *files: bytes) -> Any:
        try:
            answer, _ = self._keeper.ask(question, *files)
        except OutOfBounds as lost:
            if lost.bound == "time":
                raise PagesError(f"its pages take longer than {lost.seconds:g} seconds to read") from lost
            raise PagesError("its pages cannot be read: they ask for too much memory, or are damaged") from lost
        if "problem" in answer:
            raise PagesError(answer["problem"])
        return answer["answer"]
