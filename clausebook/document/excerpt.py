"""A part of a document as a document of its own: one section, schedule or clause, with the numbers that it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from clausebook.document.model import Clause, Definition, Document, Schedule, Section, SignatureBlock
from clausebook.findings.characters import folded
from clausebook.findings.model import RepositoryError
from clausebook.findings.near_names import did_you_mean


def by_number(document: Document) -> dict[str, str]:
    """Return the ids of sections, clauses and schedules by their printed number, without the full stop at its end.

    Where a schedule counts its clauses as the contract counts its sections, the number is the section's.
    """
    known: dict[str, str] = {}
    for part in document.parts():
        if isinstance(part, Section | Clause | Schedule) and part.number:
            known.setdefault(" ".join(part.number.rstrip(".").split()), part.id)
    return known


def place_named(document: Document, name: str) -> str:
    """Return the id of a section, schedule, clause or definition by its printed number, its id or its title.

    Raises RepositoryError if the document has none of that name, or several.
    """
    wanted = folded(name.rstrip("."))
    number = {folded(known): place for known, place in by_number(document).items()}.get(wanted)
    parts = [part for part in document.parts() if not isinstance(part, SignatureBlock)]
    called = {part.id: part.term if isinstance(part, Definition) else part.title for part in parts}
    if number or name in called:
        return number or name
    titled = [place for place, title in called.items() if folded(title) == wanted]
    if len(titled) == 1:
        return titled[0]
    if titled:
        raise RepositoryError(f"`{document.id}` has several places called “{name}”", f"name one: {', '.join(titled)}")
    hint = did_you_mean(name, called, f"there are: {', '.join(place for place, _ in excerpts(document))}")
    raise RepositoryError(f"`{document.id}` has no clause, section, schedule or defined term `{name}`", hint)


def places_in(document: Document, place: str) -> set[str]:
    """Return the ids of a place and of all that stands in it."""
    group = next((group for group in document.groups() if group.id == place), None)
    clauses, definitions = (group.clauses, group.definitions) if group else ((), ())
    return {place, *(clause.id for clause in clauses), *(each.id for each in definitions)}


def excerpts(document: Document) -> Iterator[tuple[str, Document]]:
    """Yield each section, schedule and clause, in reading order, by its id and under the document's title."""
    bare = replace(document, opening=None, sections=(), closing=None, signatures=(), schedules=())
    if document.opening:
        yield document.opening.id, replace(bare, opening=document.opening)
    for section in document.sections:
        yield section.id, replace(bare, sections=(section,))
        for clause in section.clauses:
            yield clause.id, replace(bare, sections=(replace(section, clauses=(clause,), definitions=()),))
    if document.closing:
        yield document.closing.id, replace(bare, closing=document.closing)
    for schedule in document.schedules:
        yield schedule.id, replace(bare, schedules=(schedule,))
        for clause in schedule.clauses:
            yield clause.id, replace(bare, schedules=(replace(schedule, clauses=(clause,), definitions=()),))
