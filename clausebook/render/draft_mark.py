"""What every page says of the text on it: that it is not ready to be signed, or that it is a copy."""

from __future__ import annotations

from clausebook.document.model import Document
from clausebook.formats.locale_words import locale_words


def draft_mark(document: Document) -> str:
    """Return the words of the mark: of a draft, or of a text that is no draft any more and waits for approvals."""
    words = locale_words(document.language)
    return words.not_approved if document.unapproved else words.draft


def text_mark(document: Document, fingerprint: str) -> str:
    """Return the words by which running lines name a text, with the beginning of its fingerprint."""
    named = locale_words(document.language).text_mark.format(fingerprint=fingerprint)
    return f"{named} · {document.restated.mark}" if document.restated and document.front else named
