"""How much the words can do that a change brings or takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clausebook.compare.changes import MOST_NAMED, Change
from clausebook.compare.edits import Edit
from clausebook.formats.locale_words import locale_words
from clausebook.rules.reading.figures import number_words

FIGURES, WHOLE, POWERS, WORDS, PLACE = range(5)
"""Weights: an amount, a date or another number differs; a text, paragraph, item or row came or went whole; a word that
grants, binds or excepts ("may", "not"), or a party's name; other words; only where it stands."""

_PHRASES = ("text", "title", "heading", "line", "party", "cell")
"""The parts of which an edit is a stretch of words."""

_WORD = re.compile(r"[^\W\d_]+")


def weight_of(change: Change) -> int:
    """Return how much the words can do that a change brings or takes, less for more: see `FIGURES`."""
    if {"added", "removed"} & set(change.kinds):
        return WHOLE
    return min((_weight(edit, change.language) for edit in change.edits), default=PLACE)


def heaviest_first(change: Change) -> tuple[Edit, ...]:
    """Return the edits so that those which one line quotes weigh most; these and the others are in reading order."""
    if len(change.edits) <= MOST_NAMED:
        return change.edits
    places = range(len(change.edits))
    chosen = sorted(places, key=lambda place: _weight(change.edits[place], change.language))[:MOST_NAMED]
    return tuple(change.edits[place] for place in sorted(places, key=lambda place: (place not in chosen, place)))


def _weight(edit: Edit, language: str) -> int:
    if edit.kind == "relocated":
        return PLACE
    # In their order: two amounts that change places are other amounts.
    if list(_numbers(edit.before, language)) != list(_numbers(edit.after, language)):
        return FIGURES
    if edit.part not in _PHRASES and not (edit.before and edit.after):
        return WHOLE
    if edit.part == "party" or list(_powers(edit.before, language)) != list(_powers(edit.after, language)):
        return POWERS
    return WORDS


def _numbers(text: str, language: str) -> Iterator[str]:
    """Yield the words that hold a figure of any script, and the words for numbers."""
    known, larger = number_words(language), locale_words(language).reading["numbers"]["larger"]
    for word in text.split():
        if any(map(str.isnumeric, word)):
            yield word
        else:
            yield from (each for each in _WORD.findall(word.casefold()) if each in known or each in larger)


def _powers(text: str, language: str) -> Iterator[str]:
    powers = frozenset(locale_words(language).redline["powers"])
    return (word for word in map(str.lower, _WORD.findall(text)) if word in powers)
