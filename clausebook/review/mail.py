"""Write a review as the mail that tells a deal's people what changes: a paragraph an agreement, in plain sentences."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from clausebook.compare.changes import Change
from clausebook.findings.characters import first_words, shown_line
from clausebook.findings.report import counted
from clausebook.formats.locale_words import locale_words
from clausebook.review import excerpts as said
from clausebook.review.approvals import asked
from clausebook.review.model import AgreementReview, Review, ToldChange

WIDTH = 72
MOST_WORDS = 40
"""Words that are quoted of a text; who wants all of it reads the redline."""


def as_mail(review: Review) -> str:
    """Return the review as plain text for a mail, lines broken, without marks."""
    paragraphs = [said.verdict(review), said.overview(review), *_agreements(review), *_open(review)]
    paragraphs.append(said.coverage(review))
    return "\n\n".join(textwrap.fill(shown_line(each), WIDTH, break_on_hyphens=False) for each in paragraphs) + "\n"


def _agreements(review: Review) -> Iterator[str]:
    """Yield a paragraph an agreement, or one for all in which the same changes, the most important first in each."""
    alike: dict[tuple[object, ...], list[AgreementReview]] = {}
    changes = said.told_by_agreement(review)
    for agreement in review.agreements:
        numbers = tuple(told.number for told in changes.get(agreement.id, ()))
        alike.setdefault((numbers, said.happened_line(agreement), *_besides(agreement)), []).append(agreement)
    for agreements in alike.values():
        first = agreements[0]
        titles = "; ".join(f"{each.title or each.id} ({each.id})" for each in agreements)
        told = map(_sentences, changes.get(first.id, ()))
        yield " ".join((f"{titles}: {said.happened_line(first)}", *told, *_besides(first)))


def _besides(agreement: AgreementReview) -> list[str]:
    left = (f"Newly left to the standard: {said.left_line(each)}." for each in agreement.left)
    values = [said.values_line(agreement.values)] if agreement.values else []
    return [*(f"{said.deviation_line(each)}." for each in agreement.deviations), *left, *values]


def _sentences(told: ToldChange) -> str:
    """Return a change in sentences of its own: what becomes of which words, and the reason."""
    change = told.change
    reason = f" The reason: {change.cause}." if change.cause else ""
    return f"{change.name()}: {'; '.join(_clauses(change))}.{reason}"


def _clauses(change: Change) -> Iterator[str]:
    language = locale_words(change.language)
    kinds = language.redline["kinds"]
    if "added" in change.kinds or "removed" in change.kinds:
        own = change.own_text()
        quoted = f": {language.quoted(first_words(own.split(), MOST_WORDS))}" if own else ""
        yield f"{kinds[change.kinds[0]]}{quoted}"
        return
    if "moved" in change.kinds:
        was = change.old_number and change.old_number != change.number
        yield kinds["moved_was"].format(number=change.old_number) if was else kinds["moved"]
    # Quotations within a quotation have other marks, so that this stands between two of its own only.
    opening, closing = language.quotes[0], language.quotes[1]
    for edit in change.edits:
        yield edit.quoted(language).replace(f"{closing} → {opening}", f"{closing} becomes {opening}")


def _open(review: Review) -> Iterator[str]:
    """Yield who still has to approve what, an office a paragraph."""
    offices: dict[str, list[str]] = {}
    for each in asked(review):
        if each.open:
            where = each.agreements[0] if len(each.agreements) == 1 else counted(len(each.agreements), "agreement")
            offices.setdefault(each.standing.need.role, []).append(f"{each.standing.need.said} ({where})")
    for office, things in offices.items():
        yield f"To be approved by the {said.office(office, review)}: {'; '.join(things)}."
