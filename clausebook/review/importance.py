"""The changes of a review, each told once for all agreements in which it is the same, the most important first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from clausebook.compare.changes import Change
from clausebook.compare.edits import Edit
from clausebook.history.causes import LIBRARY
from clausebook.history.comparison import Comparison
from clausebook.history.summarized import group_rank
from clausebook.locales.locale_words import locale_words
from clausebook.review.excerpts import bases
from clausebook.review.model import AgreementReview, ToldChange
from clausebook.review.touching import whole_texts, words_changed

FIGURES, WHOLE, POWERS, WORDS, PLACE = range(5)
"""Weights: an amount, a date or another figure differs; a text, paragraph, item or row came or went whole; a word that
grants, binds or excepts ("may", "not"); other words; only where it stands."""

_PHRASES = ("text", "title", "heading", "line", "party", "cell")
"""The parts of which an edit is a stretch of words."""

MOST_FIRST = 5
"""How many changes are named as those to look at first."""

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Found:
    agreement: AgreementReview
    change: Change
    comparison: Comparison
    order: int


def told_changes(agreements: Iterable[AgreementReview]) -> tuple[ToldChange, ...]:
    """Return the changes of all agreements, alike ones once: by what they are about, by weight, in reading order."""
    alike: dict[tuple[object, ...], list[_Found]] = {}
    for agreement in agreements:
        for order, change in enumerate(agreement.changes):
            by_library = agreement.text is not None and agreement.text.cause_of(change).kind == LIBRARY
            key = (change.language, change.cause, *words_changed(change, anywhere=by_library))
            # The first has its comparison: only what an earlier one shows is let go.
            comparison = alike[key][0].comparison if key in alike else agreement.comparison
            if comparison:
                alike.setdefault(key, []).append(_Found(agreement, change, comparison, order))
    between: dict[str, str] = {}
    for found in alike.values():
        # Fingerprints take long: once for each agreement whose words are shown.
        first = found[0]
        if first.agreement.id not in between:
            between[first.agreement.id] = bases(first.comparison)
    ranked = sorted((_ranked(found, between) for found in alike.values()), key=lambda each: each[0])
    return tuple(replace(told, number=number) for number, (_, told) in enumerate(ranked, 1))


def first_to_read(told: Iterable[ToldChange]) -> list[ToldChange]:
    """Return the changes that weigh most, of whatever they are about, in the order in which they are told."""
    listed = list(told)
    heavy = [each for each in listed if each.weight <= POWERS]
    chosen = sorted(heavy, key=lambda each: (each.weight, not each.concern, each.number))[:MOST_FIRST]
    return sorted(chosen, key=lambda each: each.number) if len(listed) > MOST_FIRST else []


def weight_of(change: Change) -> int:
    """Return how much the words can do that a change brings or takes, less for more: see `FIGURES`."""
    if {"added", "removed"} & set(change.kinds):
        return WHOLE
    said = (edit for edit in change.edits if edit.kind != "relocated")
    return min((_weight(edit, change.language) for edit in said), default=PLACE)


def _weight(edit: Edit, language: str) -> int:
    if sorted(_figures(edit.before)) != sorted(_figures(edit.after)):
        return FIGURES
    if edit.part not in _PHRASES and not (edit.before and edit.after):
        return WHOLE
    if sorted(_powers(edit.before, language)) != sorted(_powers(edit.after, language)):
        return POWERS
    return WORDS


def _figures(text: str) -> Iterator[str]:
    return (word for word in text.split() if any(sign.isdigit() for sign in word))


def _powers(text: str, language: str) -> Iterator[str]:
    powers = frozenset(locale_words(language).redline["powers"])
    return (word for word in map(str.lower, _WORD.findall(text)) if word in powers)


def _ranked(found: list[_Found], between: Mapping[str, str]) -> tuple[tuple[int, int, int], ToldChange]:
    first = found[0]
    groups = first.comparison.new.inputs.kind.outline.summary if first.comparison.new.inputs else ()
    rank = group_rank(first.change, first.comparison, groups)
    weight = weight_of(first.change)
    # Where only the place is another, nothing of weight is concerned.
    concern = groups[rank].title if rank < len(groups) and weight != PLACE else ""
    told = ToldChange(
        number=0,
        concern=concern,
        weight=weight,
        agreements=tuple(each.agreement.id for each in found),
        change=first.change,
        comparison=first.comparison,
        alike=len({each.change.summary() for each in found}) == 1,
        same_text=len({whole_texts(each.change) for each in found}) == 1,
        between=between[first.agreement.id],
        covers=frozenset((each.agreement.id, each.change.part, each.change.place) for each in found),
    )
    # Types may have other groups: what no group holds comes last in all of them.
    return (rank if concern else 1 << 16, weight, first.order), told
