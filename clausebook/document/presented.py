"""How a text is shown that amendments made: as the copy that it is, with a notice, and with no lines to sign on."""

from __future__ import annotations

from dataclasses import replace

from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Clause, Document, Paragraph, Run

_UNSIGNED = "page_unsigned"
"""The id of what stands for signature blocks where no closing does; anchors of a Document have no underscore."""


def presented(document: Document) -> Document:
    """Return the document as its outputs show it.

    The words of the agreement, from which the next amendment starts, are those of the document that is given.
    """
    told = document.restated
    if told is None or document.front:
        return document
    closing = document.closing or Clause(_UNSIGNED, "", "", ())
    unsigned = Paragraph((Run(told.unsigned, emphasis=True),))
    return replace(
        document,
        restated=replace(told, text=fingerprint(document)),
        front=(Paragraph((Run(told.mark, strong=True),)), Paragraph((Run(told.notice),))),
        closing=replace(closing, blocks=(*closing.blocks, unsigned)) if document.signatures else document.closing,
        signatures=(),
    )


def named_fingerprint(document: Document) -> str:
    """Return the fingerprint by which pages name a text: that of the agreement's own words."""
    return document.restated.text if document.restated and document.restated.text else fingerprint(document)
