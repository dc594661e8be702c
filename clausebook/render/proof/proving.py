"""Prove of a file that was built that it says what the Document says, and shows all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from xml.etree.ElementTree import ParseError

from clausebook.document.model import Document
from clausebook.document.presented import named_fingerprint, presented
from clausebook.document.walk import runs_in
from clausebook.document.words import words
from clausebook.findings.characters import one_line
from clausebook.findings.model import Finding, finding_in
from clausebook.formats.locale_words import locale_words
from clausebook.render.draft_mark import text_mark
from clausebook.render.manifest import AGREEMENT, MANIFEST
from clausebook.render.pdf.content import FINGERPRINT
from clausebook.render.proof.docx import read_docx
from clausebook.render.proof.glyph_maps import UnknownDrawing
from clausebook.render.proof.tagged import read_shown
from clausebook.render.proof.visible import beside, hidden, tokens
from clausebook.render.proof.wrong_words import Wrong, subject, told, wrong_words

WORDS, HIDDEN = "core/output-words", "core/output-hidden"

_LONGEST = 60


def proof(document: Document, name: str, content: bytes) -> list[Finding]:
    """Return what is wrong with a file of a format, `pdf` or `docx`, that was made of the outgoing document.

    Either its words are not the document's, or some of them cannot be seen.
    """
    document = presented(document)
    try:
        found, faults = _pdf(document, content) if name == "pdf" else _docx(content)
    except (UnknownDrawing, KeyError, ValueError, ParseError) as error:
        return [unread(name, f"the {name} of `{document.id}`", error)]
    if wrong := wrong_words(words(document), found):
        return told(subject(document, name), WORDS, wrong, changed_hint(name))
    if not faults:
        return []
    return told(subject(document, name), HIDDEN, faults, f"see what was last changed in the look in templates/{name}")


def unread(look: str, called: str, error: Exception) -> Finding:
    """Return the finding of a file, called so, that is not as the look of a format should have made it."""
    message = f"the words of {called} cannot be read back: {error}"
    return finding_in(f"templates/{look}", WORDS, message, "use of the look what its README names")


def changed_hint(name: str) -> str:
    """Return what mends a look that changes words."""
    return f"the look in templates/{name} changes, drops, adds or moves words: see what was last changed in it"


def _pdf(document: Document, content: bytes) -> tuple[list[str], list[Wrong]]:
    shown = read_shown(content)
    counts = [len(each.words.split()) for each in shown.passages]
    starts = [0, *accumulate(counts)]
    faults = [
        Wrong(starts[each.passage], f"hides “{one_line(each.words, _LONGEST)}” on page {each.page}: {each.reason}")
        for each in hidden(shown, locale_words(document.language).signatures)
    ]
    own = {word for text in _named(document) for word in tokens(text)}
    faults += [
        Wrong(0, f"says “{one_line(each.words, _LONGEST)}” on page {each.page}: {each.reason}")
        for each in beside(shown, own)
    ]
    known = {run.target for part in document.parts() for run in runs_in(part)}
    faults += [
        Wrong(
            0, f"leads to {one_line(address, _LONGEST)} on page {page + 1}, where the agreement leads to no such place"
        )
        for page, address in shown.links
        if address not in known
    ]
    faults += [
        Wrong(0, f"holds a file of its own: {one_line(each, _LONGEST)}")
        for each in shown.attached
        if each not in (AGREEMENT, MANIFEST)
    ]
    return [word for each in shown.passages for word in each.words.split()], faults


def _named(document: Document) -> Iterator[str]:
    """Yield what running lines and marks are made of."""
    yield from (document.kind, document.title, document.id, document.version, named_fingerprint(document)[:FINGERPRINT])
    said = locale_words(document.language)
    yield from (said.draft, said.not_approved, said.version.format(version=""), *said.around_pages)
    yield from (text_mark(document, ""), said.signature_page.format(title=document.title))


def _docx(content: bytes) -> tuple[Sequence[str], list[Wrong]]:
    read = read_docx(content)
    faults = [
        Wrong(index, f"hides “{one_line(' '.join(read.words[index : index + 8]), _LONGEST)}”: {reason}")
        for index, reason in (*read.hidden, *read.fleeting)
    ]
    return read.words, faults
