"""The pages of the clause library."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

from clausebook.library.model import AgreementType, LibraryClause
from clausebook.site.library_map import STANDARD, LibraryMap
from clausebook.site.markup import CLAUSES, filled, headings, humane
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.site_entry import ClauseWords

LIBRARY_WEIGHT = 0.25
"""How much the search favours library clauses: whoever looks for words wants agreements first."""

_TERM = re.compile(r"\{\{\s*term\(\s*['\"]([^'\"]*)['\"]\s*\)\s*\}\}")
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STATEMENT = re.compile(r"\{[%#].*?[%#]\}", re.DOTALL)


def clauses_page(types: Sequence[AgreementType], library: LibraryMap) -> SitePage:
    """Return the index of the library: by type, by part of the outline, by slot."""
    body = filled("clauses", path=CLAUSES, types=types, parts=_parts, library=library)
    search = (SearchRecord("", "Clause library"),)
    return SitePage(CLAUSES, "Clauses", body, "The clause library.", headings(body), search, listed=True)


def clause_pages(
    types: Sequence[AgreementType], library: LibraryMap, words: Sequence[ClauseWords] = ()
) -> Iterator[SitePage]:
    """Yield a page for each clause of each type, with its words as a deal has them."""
    known = {(each.type, each.library_clause): each for each in words}
    for agreement_type in types:
        places = {slot.id: title for title, slots in agreement_type.outline.parts() for slot in slots}
        for clause in agreement_type.clauses.values():
            found = known.get((agreement_type.name, clause.id))
            yield _clause_page(agreement_type, clause, places.get(clause.slot, ""), library, found)


def _clause_page(
    agreement_type: AgreementType, clause: LibraryClause, place: str, library: LibraryMap, words: ClauseWords | None
) -> SitePage:
    path = library.paths[agreement_type.name, clause.id]
    name = clause.title or humane(clause.id)
    others = [each for each in agreement_type.clauses.values() if each.slot == clause.slot and each.id != clause.id]
    kicker = f"{agreement_type.outline.kind} · {place}" if place else agreement_type.outline.kind
    body = filled(
        "clause",
        path=path,
        type=agreement_type,
        clause=clause,
        name=name,
        kicker=kicker,
        uses=library.uses.get((agreement_type.name, clause.id), ()),
        users=library.users(agreement_type.name, clause.id),
        others=sorted(others, key=_rank),
        library=library,
        words=words,
    )
    duties = tuple(f"{duty.who}: {duty.what} {duty.when}".strip() for duty in clause.obligations)
    return SitePage(
        path,
        f"{name} ({clause.id})",
        body,
        description=f"{name}: {clause.position} clause of the library.",
        contents=headings(body),
        search=(
            SearchRecord("", f"{name}: library clause", (f"{clause.id} · {humane(clause.position)}", kicker)),
            *([SearchRecord("guidance", "Guidance", (clause.guidance,))] if clause.guidance else []),
            *([SearchRecord("obligations", "Obligations", duties)] if duties else []),
            SearchRecord("text", "Text", _readable(clause.body)),
        ),
        weight=LIBRARY_WEIGHT,
    )


def _parts(agreement_type: AgreementType) -> Iterator[tuple[str, str, list[LibraryClause]]]:
    """Yield each part of the outline that has clauses: an anchor, its title, the clauses by slot and position."""
    by_slot: dict[str, list[LibraryClause]] = {}
    for clause in agreement_type.clauses.values():
        by_slot.setdefault(clause.slot, []).append(clause)
    for number, (title, slots) in enumerate(agreement_type.outline.parts(), start=1):
        clauses = [clause for slot in slots for clause in sorted(by_slot.pop(slot.id, []), key=_rank)]
        if clauses:
            yield str(number), title, clauses
    rest = [clause for slot in sorted(by_slot) for clause in sorted(by_slot[slot], key=_rank)]
    if rest:
        yield "rest", "In no slot of the outline", rest


def _rank(clause: LibraryClause) -> tuple[int, str]:
    """Order a slot's clauses as the playbook does: the standard, the fallbacks by rank, then those by counsel."""
    number = clause.position.rpartition(" ")[2]
    rank = 0 if clause.position == STANDARD else int(number) if number.isdecimal() else sys.maxsize
    return (rank, clause.id)


def _readable(body: str) -> tuple[str, ...]:
    """Return a template's lines for the search: terms as words, other expressions as dots, no statements."""
    text = _STATEMENT.sub("", _EXPRESSION.sub("…", _TERM.sub(r"\1", body))).replace("*", "")
    return tuple(line for line in map(str.strip, text.splitlines()) if line)
