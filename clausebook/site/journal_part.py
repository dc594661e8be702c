"""What an agreement's page tells of its life: what happened and was decided, and what is to be done next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clausebook.facts.agreement_facts import AgreementFacts
from clausebook.facts.duties.due_item import DueItem
from clausebook.lifecycle.standing import Standing
from clausebook.records.journal import Journal
from clausebook.site.markup import humane

Row = tuple[str, str, str, str]
"""A day (ISO 8601), what happened or was decided, by whom, and what more is told."""


def happened(journal: Journal) -> list[Row]:
    """Return what a journal tells, the earliest first; what stands on one day stays in its order."""
    return sorted(_rows(journal), key=lambda row: row[0])


def _rows(journal: Journal) -> Iterator[Row]:
    for event in journal.events:
        yield event.on, humane(event.event), event.by, event.note
    for decision in journal.decisions:
        yield decision.on, f"Decided: {decision.decision}", decision.by, decision.why
    for answer in journal.answers:
        yield answer.on, f"Answer to {answer.window}: {answer.answer}", answer.by, answer.note
    for conflict in journal.conflicts:
        yield conflict.on, f"Interest disclosed: {conflict.interest}", conflict.by, conflict.handled
    for feedback in journal.feedback:
        yield feedback.on, f"Said: {feedback.said}", feedback.said_by, feedback.answer
    for hold in journal.holds:
        released = f"Released on {hold.released.on} by {hold.released.by}" if hold.released else "Not released"
        yield hold.since, f"Legal hold: {hold.matter}", hold.by, released


def days_of(facts: AgreementFacts, standing: Standing | None) -> list[tuple[str, str, bool]]:
    """Return the days of an agreement's life, the earliest first: ISO 8601, what is on it, whether it is planned."""
    past = [(each.on, humane(each.event)) for each in facts.duties.journal.events]
    if standing:
        past += [(each.date, "Sent" if each.direction == "sent" else "Answer received") for each in standing.turns]
        past += [(each.date, f"Version {each.version} executed") for each in standing.texts]
    planned = [(each.day, each.title) for each in facts.duties.reckoned.dates if each.day]
    return sorted([*((*each, False) for each in past), *((*each, True) for each in planned)])


def next_duty(due: Sequence[DueItem]) -> DueItem | None:
    """Return what is due first of what nobody has closed, key dates aside."""
    return next((each for each in due if each.due and each.state == "due" and each.kind != "date"), None)
