"""Say where the words that were read back are not the Document's, in a reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from clausebook.compare.sequences import differences
from clausebook.document.model import Definition, Document, DocumentPart, SignatureBlock
from clausebook.document.words import called, part_passages, text_of, words
from clausebook.findings.characters import first_words
from clausebook.findings.model import Finding, finding_in
from clausebook.render.proof.glyph_maps import letters

MOST = 20
"""How many clauses of one file are told of."""

_WORDS = 12
_AROUND = 2


class Wrong(NamedTuple):
    """Something wrong with a file: the index of the first word that it is about, and what the file does to it."""

    word: int
    said: str


def wrong_words(document: Document, found: Sequence[str]) -> list[Wrong]:
    """Return where the words that were found are not the document's."""
    said = words(document)
    # Accents without a letter, which a PDF tells once for several, make no word of a contract.
    if said == found or list(filter(letters, said)) == list(filter(letters, found)):
        return []
    return [
        Wrong(start, f"says “{_around(found, begin, stop)}” where the agreement says “{_around(said, start, end)}”")
        for start, end, begin, stop in differences(said, found)
    ]


def told(document: Document, name: str, rule: str, faults: Iterable[Wrong], hint: str) -> list[Finding]:
    """Return a finding of each part of the document in which a file of a format has faults."""
    parts = list(_parts(document))
    path, whose = f"templates/{name}", f"the {name} of `{document.id}`"
    findings = []
    for place, group in groupby(faults, key=lambda fault: _place(parts, fault.word)):
        first, *more = group
        further = f"; and {len(more)} more there" if more else ""
        findings.append(finding_in(path, rule, f"{whose} {first.said}, in {place}{further}", hint))
    if len(findings) > MOST:
        findings[MOST:] = [finding_in(path, rule, f"{whose} is wrong in {len(findings) - MOST} more places", hint)]
    return findings


def _place(parts: Sequence[tuple[str, int]], word: int) -> str:
    for place, count in parts:
        if word < count:
            return place
        word -= count
    return parts[-1][0]


def _parts(document: Document) -> Iterator[tuple[str, int]]:
    """Yield how a reader calls each part, and how many words it has."""
    yield "the title", len(f"{document.kind} {document.title}".split())
    for part in document.parts():
        yield _called(part), sum(len(text.split()) for text in part_passages(part))


def _called(part: DocumentPart) -> str:
    if isinstance(part, SignatureBlock):
        return f"the signature block of {text_of(part.heading)}"
    return f"the definition of “{part.term}”" if isinstance(part, Definition) else f"“{called(part)}”"


def _around(text: Sequence[str], start: int, end: int) -> str:
    """Return words with a few of those around them."""
    middle = [first_words(text[start:end], _WORDS)] if end > start else []
    return " ".join([*text[max(0, start - _AROUND) : start], *middle, *text[end : end + _AROUND]])
