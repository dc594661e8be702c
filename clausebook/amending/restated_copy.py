"""What a restated copy says of itself: of what it is made, from which day it reads so, and that nobody signed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clausebook.amending.amendment_chain import Amendment, Chain, RecordedText
from clausebook.amending.amendment_files import amending_type
from clausebook.amending.sequence import effective_day
from clausebook.amending.wording import filled, load_wording
from clausebook.document.model import Document, Restated
from clausebook.language.filters import date_in_words
from clausebook.locales.locale_words import locale_words
from clausebook.records.record_files import data_of
from clausebook.repository.tree import Tree


def as_copy(tree: Tree, chain: Chain, made: Amendment, document: Document) -> Document:
    """Return the text that an amendment of a chain makes as the copy that it is; the agreement's words stay.

    Raise FindingsError if the data of an executed amendment cannot be read.
    """
    whole, since = _origin(chain, made)
    said, language = locale_words(document.language), document.language
    name = amending_type(tree)
    wording = load_wording(tree, f"templates/{name}")[0] if name else None
    patterns = {**said.restated, **(wording.restated if wording else {})}
    day = effective_day(data_of(tree, made.record), made.record) if made.record else ""
    kind = "" if day else "_undated"
    draft = "" if made.record else "_draft"

    def named(each: Amendment) -> str:
        date = date_in_words(each.record.date, language) if each.record else ""
        pattern = patterns["amendment" if each.record else "amendment_draft"]
        return filled(pattern, {"number": str(each.number), "date": date})

    facts = {
        "kind": whole.document.kind,
        "version": whole.document.version,
        "date": date_in_words(whole.by.date, language),
        "amendments": said.listed([named(each) for each in since]),
        "day": date_in_words(day, language) if day else "",
    }
    mark, notice, unsigned = (
        filled(patterns[each], facts) for each in (f"mark{draft}", f"notice{draft or kind}", "unsigned")
    )
    return replace(document, restated=Restated(mark, notice, unsigned))


def _origin(chain: Chain, made: Amendment) -> tuple[RecordedText, Sequence[Amendment]]:
    """Return the text that was executed last as a whole, and the amendments from it to the one that is given."""
    since = [made]
    texts = {text.document.version: text for text in chain.texts}
    amendments = {each.id: each for each in chain.amendments}
    while True:
        changes = since[0].changes
        if changes is None:
            raise ValueError("an amendment that makes a text has changes")
        text = texts[changes.base.version]
        if text.by.agreement == chain.agreement:
            return text, since
        since.insert(0, amendments[text.by.agreement])
