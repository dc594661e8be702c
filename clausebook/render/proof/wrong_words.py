"""Say where the words that were read back are not the Document's, in a reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from clausebook.compare.sequences import differences
from clausebook.document.model import Definition, Document, DocumentPart, SignatureBlock
from clausebook.document.words import called, part_passages, text_of
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


class ProofSubject(NamedTuple):
    """What is proven: the name of its look, what a reader calls it, and its parts, with how many words each has."""

    look: str
    called: str
    parts: Sequence[tuple[str, int]]


def subject(document: Document, name: str, called: str = "") -> ProofSubject:
    """Return a document in a format as what is proven; it is `called` so, if it is not just that."""
    return ProofSubject(name, called or f"the {name} of `{document.id}`", list(_parts(document)))


def wrong_words(said: Sequence[str], found: Sequence[str]) -> list[Wrong]:
    """Return where the words that were found are not those that the agreement says."""
    # Accents without a letter, which a PDF tells once for several, make no word of a contract.
    if said == found or list(filter(letters, said)) == list(filter(letters, found)):
        return []
    return [
        Wrong(start, f"says “{_around(found, begin, stop)}” where the agreement says “{_around(said, start, end)}”")
        for start, end, begin, stop in differences(said, found)
    ]


def told(of: ProofSubject, rule: str, faults: Iterable[Wrong], hint: str) -> list[Finding]:
    """Return a finding of each part of what is proven that has faults."""
    path = f"templates/{of.look}"
    findings = []
    for place, group in groupby(faults, key=lambda fault: _place(of.parts, fault.word)):
        first, *more = group
        further = f"; and {len(more)} more there" if more else ""
        findings.append(finding_in(path, rule, f"{of.called} {first.said}, in {place}{further}", hint))
    if len(findings) > MOST:
        findings[MOST:] = [finding_in(path, rule, f"{of.called} is wrong in {len(findings) - MOST} more places", hint)]
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
