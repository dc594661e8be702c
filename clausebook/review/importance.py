"""The changes of a review, each told once for all agreements in which it is the same, the most important first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from clausebook.compare.changes import Change
from clausebook.document.model import Run
from clausebook.document.words import part_text, unnumbered
from clausebook.findings.pointers import value_at
from clausebook.history.causes import LIBRARY
from clausebook.history.comparison import Comparison
from clausebook.history.summarized import group_rank
from clausebook.review.excerpts import bases
from clausebook.review.model import AgreementReview, ToldChange
from clausebook.review.touching import is_data, whole_texts, words_changed
from clausebook.review.weights import PLACE, POWERS, weight_of

MOST_FIRST = 5
"""How many changes are named as those to look at first."""


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
            text = () if by_library or not agreement.comparison else _text_around(change, agreement.comparison)
            key = (change.language, change.cause, *words_changed(change, anywhere=by_library), *text)
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


def _text_around(change: Change, found: Comparison) -> tuple[str, ...]:
    """Return the whole text of what changed, before and after, but for the values that are the same on both sides.

    What a deal's own data do depends on where they stand: the same word may grant at one place and forbid at another.
    """
    if found.old.inputs is None or found.new.inputs is None:
        return change.before, change.after
    old, new = found.old.inputs.deal.data, found.new.inputs.deal.data

    def shown(run: Run) -> str:
        pointer = run.origin.pointer if run.origin and is_data(run) else ""
        same = pointer and value_at(old, pointer) == value_at(new, pointer)
        return f"\0{pointer}\0" if same else unnumbered(run)

    documents = (found.old.document, found.new.document)
    parts = (part for document in documents for part in document.parts() if part.id == change.place)
    return tuple(part_text(part, shown) for part in parts)


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
