"""A part of a document as a document of its own: one section, schedule or clause, with the numbers that it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from clausebook.document.model import Clause, Document, Schedule, Section


def by_number(document: Document) -> dict[str, str]:
    """Return the ids of sections, clauses and schedules by their printed number, without the full stop at its end.

    Where a schedule counts its clauses as the contract counts its sections, the number is the section's.
    """
    known: dict[str, str] = {}
    for part in document.parts():
        if isinstance(part, Section | Clause | Schedule) and part.number:
            known.setdefault(" ".join(part.number.rstrip(".").split()), part.id)
    return known


def excerpts(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield each section, schedule and clause, in reading order, by its id and under the document's title."""
    bare = replace(document, opening=None, sections=(), closing=None, signatures=(), schedules=())
    if document.opening:
        yield document.opening.id, replace(bare, opening=document.opening)
    for section in document.sections:
        yield section.id, replace(bare, sections=(section,))
        for clause in section.clauses:
            yield clause.id, replace(bare, sections=(replace(section, clauses=(clause,)),))
    if document.closing:
        yield document.closing.id, replace(bare, closing=document.closing)
    for schedule in document.schedules:
        yield schedule.id, replace(bare, schedules=(schedule,))
        for clause in schedule.clauses:
            yield clause.id, replace(bare, schedules=(replace(schedule, clauses=(clause,), definitions=()),))
