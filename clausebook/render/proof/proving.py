"""Prove of a file that was built that it says what the Document says, and shows all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from xml.etree.ElementTree import ParseError

from clausebook.document.model import Document
from clausebook.document.words import words
from clausebook.findings.characters import one_line
from clausebook.findings.model import Finding, finding_in
from clausebook.render.proof.docx import read_docx
from clausebook.render.proof.glyph_maps import UnknownDrawing
from clausebook.render.proof.tagged import read_shown
from clausebook.render.proof.visible import hidden
from clausebook.render.proof.wrong_words import Wrong, subject, told, wrong_words

WORDS, HIDDEN = "core/output-words", "core/output-hidden"

_LONGEST = 60


def proof(document: Document, name: str, content: bytes) -> list[Finding]:
    """Return what is wrong with a file of a format, `pdf` or `docx`, that was made of the outgoing document.

    Either its words are not the document's, or some of them cannot be seen.
    """
    try:
        found, faults = _pdf(content) if name == "pdf" else _docx(content)
    except (UnknownDrawing, KeyError, ValueError, ParseError) as error:
        return [unread(name, f"the {name} of `{document.id}`", error)]
    of = subject(document, name)
    if wrong := wrong_words(words(document), found):
        return told(of, WORDS, wrong, changed_hint(name))
    return told(of, HIDDEN, faults, f"see what was last changed in the look in templates/{name}")


def unread(look: str, called: str, error: Exception) -> Finding:
    """Return the finding of a file, called so, that is not as the look of a format should have made it."""
    message = f"the words of {called} cannot be read back: {error}"
    return finding_in(f"templates/{look}", WORDS, message, "use of the look what its README names")


def changed_hint(name: str) -> str:
    """Return what mends a look that changes words."""
    return f"the look in templates/{name} changes, drops, adds or moves words: see what was last changed in it"


def _pdf(content: bytes) -> tuple[list[str], list[Wrong]]:
    shown = read_shown(content)
    counts = [len(each.words.split()) for each in shown.passages]
    starts = [0, *accumulate(counts)]
    faults = [
        Wrong(starts[each.passage], f"hides “{one_line(each.words, _LONGEST)}” on page {each.page}: {each.reason}")
        for each in hidden(shown)
    ]
    return [word for each in shown.passages for word in each.words.split()], faults


def _docx(content: bytes) -> tuple[Sequence[str], Iterable[Wrong]]:
    read = read_docx(content)
    faults = (
        Wrong(index, f"hides “{one_line(' '.join(read.words[index : index + 8]), _LONGEST)}”: {reason}")
        for index, reason in read.hidden
    )
    return read.words, faults
