"""What a redline says of itself: what is compared with what, and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clausebook.compare.changes import Change, changes
from clausebook.compare.changes_only import Excerpt
from clausebook.compare.model import Redline
from clausebook.document.fingerprints import fingerprint
from clausebook.formats.locale_words import LocaleWords, locale_words


@dataclass(frozen=True, slots=True)
class RedlineHeading:
    """What stands above a redline.

    `base` and `target` name the two texts as the reader knows them ("Version 1.0, sent 3 March 2026"): they are
    shown in every format, so nothing internal belongs there. The fingerprints are `words.fingerprint`, whole.
    `language` is that of the new text, in which the redline speaks. `excerpt` is there where the redline is one.
    `changes` are all that `compare.changes` gives, in its order; a cause in them is shown only where it is asked for.
    """

    agreement: str
    title: str
    base: str
    base_fingerprint: str
    target: str
    target_fingerprint: str
    changes: tuple[Change, ...]
    language: str = "en"
    excerpt: Excerpt | None = None

    @classmethod
    def of(cls, redline: Redline, base: str, target: str, found: Sequence[Change] | None = None) -> RedlineHeading:
        """Return the heading of a redline; `found` are its changes with their causes, if they are known already."""
        return cls(
            agreement=redline.new.id,
            title=redline.new.title,
            base=base,
            base_fingerprint=fingerprint(redline.given[0]),
            target=target,
            target_fingerprint=fingerprint(redline.given[1]),
            changes=changes(redline) if found is None else tuple(found),
            language=redline.new.language,
        )

    @property
    def said(self) -> LocaleWords:
        """The words of the redline's language."""
        return locale_words(self.language)
