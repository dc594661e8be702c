"""The mark on every page of what is not ready to be signed."""

from __future__ import annotations

from clausebook.document.model import Document
from clausebook.locales.locale_words import locale_words


def draft_mark(document: Document) -> str:
    """Return the words of the mark: of a draft, or of a text that is no draft any more and waits for approvals."""
    words = locale_words(document.language)
    return words.not_approved if document.unapproved else words.draft
