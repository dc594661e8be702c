"""What can be told of the scan of an agreement signed on paper: never that it was, only what speaks against it.

What the pages say is for a person to compare, who states it by name. Nothing here takes a scan's own layer of text for
what its pages show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clausebook.findings.report import counted
from clausebook.reading.pages import PagesError
from clausebook.verify.apart import Apart
from clausebook.verify.model import Reason
from clausebook.verify.pages.scans import Scan

MOST_WORDS = 8
"""How many words that differ are quoted."""


@dataclass(frozen=True, slots=True)
class ScanFact:
    """What is told of one scan: `problem` why it cannot be signed paper, or ""; else what somebody must answer for.

    `pages` is how many it has.
    """

    pages: int = 0
    problem: str = ""
    reasons: tuple[Reason, ...] = ()


def read_scans(blank: bytes, scans: Iterable[bytes]) -> tuple[ScanFact, ...]:
    """Look at scans of paper; `blank` is the PDF that was to be printed."""
    with Apart() as reader:
        return tuple(_fact(reader, blank, scan, f"scan-{number}") for number, scan in enumerate(scans, 1))


def _fact(reader: Apart, blank: bytes, scan: bytes, name: str) -> ScanFact:
    if scan == blank or scan.startswith(blank.rstrip()):
        return ScanFact(problem="it is the PDF that was to be printed, without a signature")
    try:
        found = reader.scan(blank, scan)
    except PagesError as error:
        return ScanFact(problem=f"it cannot be read: {error}")
    pages = len(found.words)
    if not found.pictures:
        return ScanFact(pages, "none of its pages is a picture of paper")
    if not found.inked:
        return ScanFact(pages, "it shows nothing but what the PDF shows that was to be printed: nobody's signature")
    return ScanFact(pages, reasons=tuple(_reasons(found, name)))


def _reasons(found: Scan, name: str) -> Iterator[Reason]:
    told = []
    if len(found.words) != len(found.blank):
        told.append(f"it has {counted(len(found.words), 'page')}, the agreement has {len(found.blank)}")
    if other := [number for number in range(1, len(found.words) + 1) if number not in found.pictures]:
        told.append(f"page {', '.join(map(str, other))} of it is no picture of paper")
    if told:
        yield Reason(f"{name}:pages", f"scan {name[5:]}: {'; '.join(told)}; what it does not show, nobody signed on it")
    theirs, ours = (Counter(_plain(pages)) for pages in (found.words, found.blank))
    more, less = theirs - ours, Counter[str]()
    if len(found.words) == len(found.blank):
        # A page without a layer of text says nothing, and so lacks nothing.
        less = Counter(_plain([one for one, two in zip(found.blank, found.words, strict=True) if two])) - theirs
    if theirs and (more or less):
        said = [f"{what} {_quoted(words)}" for what, words in (("more", more), ("not", less)) if words]
        words = f"scan {name[5:]}: its layer of text says {', and '.join(said)}; it may be misread: look at the pages"
        yield Reason(f"{name}:words", words)


def _plain(pages: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield words without what scanners misread most: capital letters, and marks at their ends."""
    for words in pages:
        for word in words:
            # What stands unseen in fields begins with a stroke.
            plain = word.casefold().strip(".,;:'’‘\"“”()[]_-–—|·")
            if plain and not plain.startswith("/"):
                yield plain


def _quoted(words: Counter[str]) -> str:
    first = ", ".join(f"“{word[:40]}”" for word in list(words)[:MOST_WORDS])
    rest = words.total() - min(len(words), MOST_WORDS)
    return f"{first} and {rest} more" if rest > 0 else first
