"""What the papers of others say, PDF or Word: read in a bounded child, which a hostile file may bring down.

Only the words are wanted, so that hundreds of files are read in a minute; `pages` tells where words stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clausebook.children.child import Keeper, OutOfBounds, Trade

_TRADE = Trade("clausebook.reading.papers_child", 60.0, 1024)

MOST_PAGES = 2000
"""The longest paper that is read, as `pages` has it, whose library the parent does not load."""

KINDS: Mapping[bytes, str] = {b"%PDF-": "pdf", b"PK\x03\x04": "docx"}
"""What a paper may be, by what its file begins with."""


class UnreadablePaper(Exception):
    """A paper cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class PaperText:
    """What a paper says. `pages` is their number, 0 for a Word file, which has none before somebody lays it out.

    `mute` are the numbers of the pages without text, from 1: pictures of paper, or blank. `texts` are the words of the
    pages that were asked for; of a Word file, all of them under 0.
    """

    pages: int
    mute: tuple[int, ...]
    texts: Mapping[int, str]

    @property
    def scan(self) -> bool:
        """Tell whether no page has text."""
        return len(self.mute) == self.pages > 0


def kind_of(content: bytes) -> str:
    """Return what a file is by its first bytes, "" if it is no paper that is read."""
    return next((kind for mark, kind in KINDS.items() if mark in content[: 1024 if kind == "pdf" else len(mark)]), "")


class Papers(Keeper):
    """Reads papers in a child process."""

    def __init__(self) -> None:
        super().__init__(_TRADE)

    def read(self, content: bytes, pages: Iterable[int]) -> PaperText:
        """Return what a paper says on some of its pages. Raise UnreadablePaper if it cannot be read."""
        kind = kind_of(content)
        if not kind:
            raise UnreadablePaper("it is neither a PDF nor a Word file (.docx)")
        try:
            answer, _ = self.ask({"kind": kind, "pages": sorted(set(pages))}, content)
        except OutOfBounds as lost:
            if lost.bound == "time":
                raise UnreadablePaper(f"it takes longer than {lost.seconds:g} seconds to read") from lost
            raise UnreadablePaper("it asks for too much memory, or is damaged") from lost
        if "problem" in answer:
            raise UnreadablePaper(answer["problem"])
        return PaperText(answer["pages"], tuple(answer["mute"]), {int(n): text for n, text in answer["texts"].items()})
