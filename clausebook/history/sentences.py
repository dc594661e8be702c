"""The sentences of a text: what a reader would ask of who brought it in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    DocumentPart,
    ItemList,
    Paragraph,
    Run,
    Runs,
    SignatureBlock,
)
from clausebook.document.walk import Blocks, kept
from clausebook.document.words import text_of, unnumbered
from clausebook.findings.characters import shown_line

TITLE = "title"
"""The place of the agreement's kind and title."""

MARK = 12
"""Hexadecimal digits of a sentence's mark: an agreement of all times has some thousands of sentences."""

SENTENCE_END = re.compile(r"(?:(?<=\w{4}[.?!])|(?<=[)”][.?!]))\s+(?![a-z])")
"""After a word long enough to be no abbreviation; where a line breaks is of no account to the words."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, an item, a row of a table, a line of a signature block, or a heading, as it is printed.

    `place` is the id of the part that it stands in, `number` its own as it is printed, "" without one. The same `mark`
    is the same words: numbers, its own and those of what it refers to, and emphasis are none of them.
    """

    place: str
    number: str
    words: str
    mark: str
    heading: bool = False


def sentences(document: Document) -> Iterator[Sentence]:
    """Yield the sentences of a document, in reading order."""
    yield _sentence(TITLE, "", f"{document.kind} {document.title}", heading=True)
    for part in document.parts():
        yield from _of_part(part)


def marks(document: Document) -> str:
    """Return the marks of a document's sentences: for each place, in reading order, a line with its id and them all."""
    return "\n".join(
        f"{place} {''.join(each.mark for each in found)}"
        for place, found in groupby(sentences(document), lambda each: each.place)
    )


def read_marks(text: str) -> Iterator[tuple[str, str]]:
    """Yield place and mark of each sentence in what `marks` gave."""
    for line in text.splitlines():
        place, _, joined = line.partition(" ")
        yield from ((place, joined[start : start + MARK]) for start in range(0, len(joined), MARK))


def _of_part(part: DocumentPart) -> Iterator[Sentence]:
    if isinstance(part, SignatureBlock):
        yield _sentence(part.id, "", text_of(part.heading), heading=True)
        for line in part.lines:
            yield _sentence(part.id, "", f"{line.label} {text_of(line.runs)}")
    elif not isinstance(part, Definition) and (part.number or part.title):
        yield _sentence(part.id, part.number, part.title, heading=True)
    if isinstance(part, Clause | Definition):
        yield from _in_blocks(part.blocks, part.id)


@kept
def _in_blocks(blocks: Blocks, place: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(place, *each) for each in _blocks(blocks, ""))


def _blocks(blocks: Iterable[Block], number: str) -> Iterator[tuple[str, str, str]]:
    """Yield number, words and mark of each sentence; what is an item has its number before its first sentence."""
    for block in blocks:
        match block:
            case Paragraph():
                for words, known in _split(block.runs):
                    yield number, words, _mark(known)
                    number = ""
            case ItemList():
                for item in block.items:
                    yield from _blocks(item.blocks, item.number)
            case _:
                for row in (block.header, *block.rows):
                    words = " | ".join(shown_line(text_of(cell)) for cell in row)
                    yield "", words, _mark("|".join(_known(cell) for cell in row))


def _split(runs: Runs) -> Iterator[tuple[str, str]]:
    """Yield the words of each sentence, as printed and as known."""
    text = text_of(runs)
    ends = [(found.start(), found.end()) for found in SENTENCE_END.finditer(text)]
    start = 0
    for end, following in (*ends, (len(text), len(text))):
        if text[start:end].strip():
            yield shown_line(text[start:end]), "".join(_within(runs, start, end))
        start = following


def _within(runs: Runs, start: int, end: int) -> Iterator[str]:
    """Yield what is known of the runs between two places: of what is but a number, where it leads."""
    at = 0
    for run in runs:
        first, last = max(start, at), min(end, at + len(run.text))
        if _is_number(run):
            yield unnumbered(run) if start <= at < end else ""
        elif first < last:
            yield run.text[first - at : last - at]
        at += len(run.text)


def _known(runs: Runs) -> str:
    return "".join(unnumbered(run) if _is_number(run) else run.text for run in runs)


def _is_number(run: Run) -> bool:
    return run.origin is not None and run.origin.kind in ("reference", "number")


def _sentence(place: str, number: str, words: str, *, heading: bool = False) -> Sentence:
    return Sentence(place, number, shown_line(words), _mark(words), heading)


def _mark(words: str) -> str:
    return hashlib.sha256(" ".join(words.split()).encode("utf-8", "surrogatepass")).hexdigest()[:MARK]
