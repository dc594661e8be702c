"""The library as a list: every clause of a type, slot by slot, and who uses it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clausebook.document.model import Document
from clausebook.library.model import AgreementType, LibraryClause, Slot


@dataclass(frozen=True, slots=True)
class Listed:
    """A clause of the library. `used_by` and `departed_by` are ids of agreements; `chosen` if it is the slot's own."""

    type: str
    slot: str
    clause: LibraryClause
    chosen: bool
    used_by: tuple[str, ...]
    departed_by: tuple[str, ...]


def catalogue(kind: AgreementType, documents: Iterable[Document]) -> tuple[Listed, ...]:
    """Return the clauses in the order of the outline, the one that a slot has by itself first."""
    uses: dict[tuple[str, bool], list[str]] = {}
    for document in documents:
        for each in document.clauses():
            if document.type == kind.name and each.source:
                key = (each.source.library_clause, bool(each.source.departs_from))
                uses.setdefault(key, []).append(document.id)

    def listed(slot: Slot, clause: LibraryClause) -> Listed:
        used, departed = (tuple(sorted(set(uses.get((clause.id, own), ())))) for own in (False, True))
        return Listed(kind.name, slot.id, clause, clause.id == slot.clause, used, departed)

    return tuple(
        listed(slot, clause)
        for slot in kind.outline.slots()
        for clause in sorted(kind.clauses.values(), key=lambda each: _order(slot, each))
        if clause.slot == slot.id
    )


def _order(slot: Slot, clause: LibraryClause) -> tuple[bool, bool, str, str]:
    """Order a slot's clauses: its own, then the fallbacks by their number, then what counsel alone may choose."""
    return clause.id != slot.clause, not clause.position.startswith("fallback"), clause.position, clause.id
