"""The same sentence twice in one text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clausebook.document.model import Clause
from clausebook.findings.model import Finding
from clausebook.rules.reading.finished import END, FinishedText, quoted

_SENTENCE = re.compile(r"(?<=[.?!]) +(?=[^\W\d_])")
_ENDS = ".?!"
"""A phrase without one of them names a thing, which may be named twice."""

_LEAST = 8
"""Words of a sentence that is no phrase of the trade."""


def repeated_sentences(text: FinishedText) -> Iterator[Finding]:
    """Yield each sentence that another clause or value of the text has said before."""
    first: dict[str, int] = {}
    pointing, own = frozenset(text.spoken["pointing"]), tuple(text.spoken["own"])
    at = 0
    for paragraph in text.said.split(END):
        start = at
        at += len(paragraph) + 1
        if len(paragraph) < 4 * _LEAST:
            continue
        for sentence in _SENTENCE.split(paragraph):
            place = text.said.find(sentence, start, at)
            start = place + len(sentence)
            if not (sentence[:1].isupper() and sentence[-1] in _ENDS) or len(sentence.split()) < _LEAST:
                continue
            if sentence.partition(" ")[0].casefold() in pointing and not _decapitalised(sentence).startswith(own):
                continue
            known = first.get(sentence)
            if known is None:
                first[sentence] = place
            elif not _same_source(text, known, place, len(sentence)):
                yield _finding(text, known, place, sentence)


def _decapitalised(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _finding(text: FinishedText, first: int, place: int, sentence: str) -> Finding:
    where = "in another place of the text"
    if any(run.origin and run.origin.kind == "data" for _, run in text.runs_between(place, place + len(sentence))):
        # What is said of a clause of the library must be the same whichever agreement it is found in.
        part = text.part_at(first)
        where = f"in “{part.title if isinstance(part, Clause) else part.term}”"
    hint = "say it once, and refer to it"
    said = f"{quoted(sentence)} is said already {where}"
    return text.finding("core/sentence-repeated", said, place, place + len(sentence), hint)


def _same_source(text: FinishedText, first: int, second: int, length: int) -> bool:
    """Tell whether a sentence is said twice by one clause, or is one value that is shown twice."""
    if text.part_at(first) is text.part_at(second):
        return True
    one, other = (
        [
            run.origin.pointer
            for _, run in text.runs_between(place, place + length)
            if run.origin and run.origin.kind == "data"
        ]
        for place in (first, second)
    )
    return one == other and bool(one)
