"""The playbook: standard words, fallbacks, guidance and approvers of the whole library on one page. Internal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebook.library.model import AgreementType, LibraryClause
from clausebook.site.clause_pages import LIBRARY_WEIGHT, parts
from clausebook.site.library_map import LibraryMap
from clausebook.site.markup import PLAYBOOK, filled, headings, humane
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.site_entry import ClauseWords


@dataclass(frozen=True, slots=True)
class Position:
    """A clause of a slot, and its words as a deal has them, if one does."""

    clause: LibraryClause
    words: ClauseWords | None


@dataclass(frozen=True, slots=True)
class PlaybookSlot:
    """A place of the outline with its positions, the standard first."""

    id: str
    title: str
    positions: tuple[Position, ...]


def playbook_page(types: Sequence[AgreementType], library: LibraryMap, words: Sequence[ClauseWords] = ()) -> SitePage:
    """Return the playbook of all types, to read and to print."""
    known = {(each.type, each.library_clause): each for each in words}
    kinds = [(kind, [(title, list(_slots(kind, clauses, known))) for title, clauses in parts(kind)]) for kind in types]
    body = filled("playbook", path=PLAYBOOK, kinds=kinds, library=library, slot_anchor=slot_anchor)
    records = (
        SearchRecord(slot_anchor(kind, slot), f"{slot.title}: playbook", tuple(_told(slot)), part=True)
        for kind, told in kinds
        for _, slots in told
        for slot in slots
    )
    return SitePage(
        PLAYBOOK,
        "Playbook",
        body,
        "Standard words, fallbacks, guidance and approvers.",
        headings(body),
        (SearchRecord("", "Playbook"), *records),
        weight=LIBRARY_WEIGHT,
        listed=True,
    )


def slot_anchor(kind: AgreementType, slot: PlaybookSlot) -> str:
    """Return the anchor of a slot."""
    return f"page_{kind.name}_{slot.id}"


def _slots(
    kind: AgreementType, clauses: Sequence[LibraryClause], known: Mapping[tuple[str, str], ClauseWords]
) -> Iterator[PlaybookSlot]:
    by_slot: dict[str, list[Position]] = {}
    for clause in clauses:
        by_slot.setdefault(clause.slot, []).append(Position(clause, known.get((kind.name, clause.id))))
    for name, positions in by_slot.items():
        first = positions[0].clause
        yield PlaybookSlot(name, first.title or humane(name), tuple(positions))


def _told(slot: PlaybookSlot) -> Iterator[str]:
    for each in slot.positions:
        clause = each.clause
        who = f", to be approved by {clause.approver}" if clause.approver else ""
        yield f"{clause.title or humane(clause.id)}: {clause.position}{who}. {clause.guidance}".strip()
