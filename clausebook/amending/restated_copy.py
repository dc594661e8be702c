"""What a restated copy says of itself: of what it is made, from which day it reads so, and that nobody signed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from clausebook.amending.amendment_chain import Amendment, Chain
from clausebook.amending.amendment_files import amended_by, amending_type
from clausebook.amending.effect import InForce, effect_of
from clausebook.amending.recital import recited
from clausebook.amending.wording import filled, load_wording
from clausebook.document.model import Document, Restated
from clausebook.language.filters import date_in_words
from clausebook.locales.locale_words import locale_words
from clausebook.repository.tree import Tree

_Amendments = Sequence[tuple[int, str]]
"""Number and day of execution of each amendment; "" of one that is not executed."""


def as_copy(tree: Tree, chain: Chain, made: Amendment, document: Document) -> Document:
    """Return the text that an amendment of a chain makes as the copy that it is; the agreement's words stay."""
    if made.changes is None:
        return document
    told = recited(tree, chain, made.changes)
    earlier = [(each["number"], each["date"]) for each in told.get("earlier", ())]
    day = effect_of(tree, made.id, made.record).day
    return _copy(tree, document, told, [*earlier, (made.number, made.record.date if made.record else "")], day)


def copy_on(tree: Tree, chain: Chain, found: InForce) -> Document:
    """Return the words in force on a day as the copy that they are, if amendments made them."""
    amendments = [(named[1], by.date) for by in found.by if (named := amended_by(by.agreement))]
    whole = chain.text(found.by[0].version)
    if not amendments or whole is None:
        return found.document
    told = {"kind": whole.document.kind, "version": whole.document.version, "date": whole.by.date}
    return _copy(tree, found.document, told, amendments, found.since)


def _copy(tree: Tree, document: Document, told: Mapping[str, Any], amendments: _Amendments, day: str) -> Document:
    """Return a document with what it says of itself; `told` names the text that was executed as a whole."""
    words, language = locale_words(document.language), document.language
    name = amending_type(tree)
    wording = load_wording(tree, f"templates/{name}")[0] if name else None
    patterns = {**words.restated, **(wording.restated if wording else {})}

    def named(number: int, date: str) -> str:
        pattern = patterns["amendment" if date else "amendment_draft"]
        return filled(pattern, {"number": str(number), "date": date_in_words(date, language) if date else ""})

    facts = {
        "kind": told["kind"],
        "version": told["version"],
        "date": date_in_words(told["date"], language),
        "amendments": words.listed([named(*each) for each in amendments]),
        "day": date_in_words(day, language) if day else "",
    }
    pending = "" if day else "_pending"
    parts = (filled(patterns[each], facts) for each in (f"mark{pending}", f"notice{pending}", "unsigned"))
    return replace(document, restated=Restated(*parts))
