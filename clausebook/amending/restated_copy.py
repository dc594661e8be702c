"""What a restated copy says of itself: of what it is made, from which day it reads so, and that nobody signed it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from clausebook.amending.amendment_chain import Amendment, Chain, RecordedText
from clausebook.amending.effect import effect_of
from clausebook.amending.wording import amending_wording, filled
from clausebook.amending.words_in_force import InForce
from clausebook.document.model import Document, Restated
from clausebook.formats.locale_words import locale_words
from clausebook.language.filters import date_in_words
from clausebook.records.model import ExecutedVersion
from clausebook.repository.tree import Tree

_Amendments = Sequence[tuple[int, str]]
"""Number and day of execution of each amendment; "" of one that is not executed."""


def as_copy(tree: Tree, chain: Chain, made: Amendment, document: Document) -> Document:
    """Return the text that an amendment of a chain makes as the copy that it is; the agreement's words stay."""
    if made.changes is None:
        return document
    whole, *since = chain.made_of(made.changes.base.version)
    amendments = [*_named(chain, (text.by for text in since)), (made.number, made.record.date if made.record else "")]
    return _copy(tree, document, whole, amendments, effect_of(tree, made.id, made.record).day)


def copy_on(tree: Tree, chain: Chain, found: InForce) -> Document:
    """Return the words in force on a day as the copy that they are, if amendments made them."""
    first, *since = found.by
    whole = chain.text(first.version)
    return _copy(tree, found.document, whole, _named(chain, since), found.since) if since and whole else found.document


def _named(chain: Chain, records: Iterable[ExecutedVersion]) -> _Amendments:
    return [(chain.number(record), record.date) for record in records]


def _copy(tree: Tree, document: Document, whole: RecordedText, amendments: _Amendments, day: str) -> Document:
    """Return a document with what it says of itself; `whole` was executed as a whole."""
    words, language = locale_words(document.language), document.language
    wording = amending_wording(tree)
    patterns = {**words.restated, **(wording.restated if wording else {})}

    def named(number: int, date: str) -> str:
        pattern = patterns["amendment" if date else "amendment_draft"]
        return filled(pattern, {"number": str(number), "date": date_in_words(date, language) if date else ""})

    facts = {
        "kind": whole.document.kind,
        "version": whole.document.version,
        "date": date_in_words(whole.by.date, language),
        "amendments": words.listed([named(*each) for each in amendments]),
        "day": date_in_words(day, language) if day else "",
    }
    pending = "" if day else "_pending"
    parts = (filled(patterns[each], facts) for each in (f"mark{pending}", f"notice{pending}", "unsigned"))
    return replace(document, restated=Restated(*parts))
