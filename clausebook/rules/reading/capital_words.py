"""Capitals that promise a definition in words of the deal's own, and none is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from clausebook.findings.model import Finding
from clausebook.formats.locale_words import locale_words
from clausebook.rules.reading.finished import END, FinishedText, quoted

_LONGEST_NAME = 12
"""Words of a value that is nothing but a name."""

_SHORTEST_NAME = 3
"""Words of such a name that has an article before it."""


def undefined_phrases(text: FinishedText) -> Iterator[Finding]:
    """Yield each phrase with a term's capitals, behind a word like "the", that is neither term nor name."""
    if not text.words.capitals:
        return
    known = _known(text)
    every = END.join(known)
    # A name of one word stands for what is called after it only if it is a party's.
    whole = {name for name in known if " " in name} | {party.short_name for party in text.document.parties}
    names = frozenset(text.spoken["names"])
    told: set[tuple[str, str]] = set()
    for found in _phrase(text.language).finditer(text.said):
        phrase, start = re.sub("[’']s$", "", found["phrase"]), found.start("phrase")
        where = _place(text, start, phrase)
        words = [word for word in re.split("[ ,]+|[’']s\\b", found["whole"]) if word[:1].isupper()]
        single = words[0].casefold() not in text.small if len(words) == 1 else False
        if not where or (where, phrase) in told or single or names.intersection(words):
            continue
        if any(len(word) > 1 and not word.istitle() and word[1:] != word[1:].lower() for word in words):
            continue
        if phrase in every or any(f" {name} " in f" {phrase} " for name in whole):
            continue
        told.add((where, phrase))
        said = f"{quoted(phrase)} is written like a defined term, and it is neither that nor a name that is known"
        hint = "define it in the `glossary`, write it in small letters, or list it under `names`"
        yield text.finding("core/value-capitals", said, start, start + len(phrase), hint)


def _place(text: FinishedText, start: int, phrase: str) -> str:
    """Return whose words a phrase is, if they are the deal's own: the pointer of a value, the id of a part; else ""."""
    index = text.run_index(start)
    run, part = text.runs[index], text.part_at(start)
    if run.origin is None:
        return ""
    if run.origin.kind == "data":
        # What a value begins with, the clause has put behind its own article.
        return run.origin.pointer if start > text.starts[index] and phrase in text.as_written(run) else ""
    return part.id if run.origin.kind == "library" and text.is_own(part) else ""


@lru_cache(8)
def _phrase(language: str) -> re.Pattern[str]:
    before = "|".join(locale_words(language).reading["determiners"])
    word = r"[A-Z][\w’'&/-]*\w"
    more = rf"(?:(?:,? (?:{'|'.join(locale_words(language).reading['within_names'])}|&)|,) {word}(?: {word})*)*"
    return re.compile(rf"\b(?:{before}) (?P<whole>(?P<phrase>{word}(?: {word})*){more})(?![\w’'])(?! [0-9A-Z]\b)")


def _known(text: FinishedText) -> frozenset[str]:
    """Return everything that has capitals for a reason: terms, names, titles of parts."""
    document, data = text.document, text.inputs.deal.data
    titles = (part.title for group in document.groups() for part in (group, *group.clauses))
    listed = text.inputs.kind.outline.shorthand or ()
    return frozenset(filter(None, (*text.vocabulary.forms, *listed, *titles, *data.get("names", ()), *_names(data))))


def _names(value: Any) -> Iterator[str]:
    """Yield the values that are names as a whole: each long word in them has a capital.

    An article may come before a name of three words or more; with fewer, it may be a term that nobody has defined.
    """
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _names(each)
    elif isinstance(value, list):
        for each in value:
            yield from _names(each)
    elif isinstance(value, str):
        words = value.split()
        if words[:1] == ["the"] and len(words) > _SHORTEST_NAME:
            del words[0]
        if (
            words
            and words[0][:1].isupper()
            and len(words) <= _LONGEST_NAME
            and all(word[0].isupper() or len(word) < 4 or not word[0].isalpha() for word in words)
        ):
            yield " ".join(words)
