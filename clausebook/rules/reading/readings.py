"""All readings of a finished text, in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from clausebook.assemble.inputs import Inputs
from clausebook.document.model import Document
from clausebook.findings.model import Finding, finding_in
from clausebook.rules.reading import (
    capital_words,
    counting,
    defined_terms,
    figures,
    outline_needs,
    placeholders,
    repetition,
    seams,
    typed_references,
    unshown,
)
from clausebook.rules.reading.finished import FinishedText, finished_text

READINGS: tuple[Callable[[FinishedText], Iterator[Finding]], ...] = (
    placeholders.clause_blanks,
    capital_words.undefined_phrases,
    counting.noun_numbers,
    counting.party_counts,
    defined_terms.circles,
    defined_terms.unprinted_terms,
    defined_terms.unused_terms,
    figures.disagreements,
    outline_needs.nowhere_to_sign,
    typed_references.typed_references,
    repetition.repeated_sentences,
    seams.broken_punctuation,
    seams.capitals_within,
    seams.doubled_words,
    seams.wrong_articles,
    unshown.unshown_values,
)

MOST = 200
"""Findings of one reading in one text: more of the same tell nobody anything."""


def read(document: Document, inputs: Inputs, internal: Callable[[str], bool]) -> Iterator[Finding]:
    """Yield what is wrong with the words of a text, whatever its type; `internal` as `FinishedText` has it."""
    text = finished_text(document, inputs, internal)
    for reading in READINGS:
        found = reading(text)
        yield from islice(found, MOST)
        if next(found, None):
            said = f"more {reading.__name__.replace('_', ' ')} are found in the text, and left out here"
            yield finding_in(inputs.deal.path, "core/reading-more", said, "mend the first ones and check again", 0, 0)
