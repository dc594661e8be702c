"""The pages of the clause library."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

from clausebook.history.clause_versions import Versions
from clausebook.library.model import AgreementType, DealRule, LibraryClause
from clausebook.site.library_map import STANDARD, LibraryMap, Use
from clausebook.site.markup import CLAUSES, filled, headings, humane
from clausebook.site.page import SearchRecord, SitePage
from clausebook.site.row_filters import table_filters
from clausebook.site.site_entry import ClauseWords

LIBRARY_WEIGHT = 0.25
"""How much the search favours library clauses: whoever looks for words wants agreements first."""

_FILTERS = {"type": "Kind", "section": "Section", "position": "Position", "use": "Use", "approver": "Who approves"}

JudgingRule = tuple[DealRule, Sequence[str], str]
"""A rule, the offices for whose approval it asks, and its template."""

_TERM = re.compile(r"\{\{\s*term\(\s*['\"]([^'\"]*)['\"]\s*\)\s*\}\}")
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STATEMENT = re.compile(r"\{[%#].*?[%#]\}", re.DOTALL)


def clauses_page(types: Sequence[AgreementType], library: LibraryMap) -> SitePage:
    """Return the index of the library: one table, in the order of outlines and the playbook."""
    rows = [
        (f"{kind.name} {clause.id}", kind, title, clause)
        for kind in types
        for title, clauses in parts(kind)
        for clause in clauses
    ]
    words = {
        key: {
            "type": [kind.outline.kind],
            "section": [title],
            "position": [humane(clause.position)],
            "use": ["Used" if library.users(kind.name, clause.id) else "Unused"],
            "approver": [clause.approver or "Nobody"],
        }
        for key, kind, title, clause in rows
    }
    body = filled("clauses", path=CLAUSES, rows=rows, filters=table_filters(words, _FILTERS), library=library)
    search = (SearchRecord("", "Clause library"),)
    return SitePage(CLAUSES, "Clauses", body, "The clause library.", headings(body), search, listed=True)


def clause_pages(
    types: Sequence[AgreementType],
    library: LibraryMap,
    words: Sequence[ClauseWords] = (),
    versions: Versions | None = None,
) -> Iterator[SitePage]:
    """Yield a page for each clause of each type, with its words as a deal has them."""
    known = {(each.type, each.library_clause): each for each in words}
    for agreement_type in types:
        places = {slot.id: title for title, slots in agreement_type.outline.parts() for slot in slots}
        judging = judging_rules(agreement_type)
        for clause in agreement_type.clauses.values():
            found = known.get((agreement_type.name, clause.id))
            told = _told_versions(clause, library.uses.get((agreement_type.name, clause.id), ()), versions or {})
            place = places.get(clause.slot, "")
            yield _clause_page(agreement_type, clause, place, library, found, told, judging)


def _clause_page(
    agreement_type: AgreementType,
    clause: LibraryClause,
    place: str,
    library: LibraryMap,
    words: ClauseWords | None,
    versions: Sequence[tuple[str, str]],
    judging: Sequence[JudgingRule],
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
        fillers=library.fillers(agreement_type, clause.slot),
        others=sorted(others, key=_rank),
        library=library,
        words=words,
        versions=versions,
        rules=list(touching_rules(agreement_type, clause, judging)),
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
            SearchRecord("text", "Text", readable(clause.body)),
        ),
        weight=LIBRARY_WEIGHT,
    )


def judging_rules(kind: AgreementType) -> Sequence[JudgingRule]:
    """Return the rules and limits by which deals of a type are judged."""
    limits = ((limit.rule, limit.offices) for limit in kind.approvals.limits)
    return [(rule, offices, rule.template) for rule, offices in (*((rule, ()) for rule in kind.rules), *limits)]


def touching_rules(
    kind: AgreementType, clause: LibraryClause, rules: Sequence[JudgingRule]
) -> Iterator[tuple[DealRule, Sequence[str]]]:
    """Yield the rules that read the data of a clause's slot or name either, each with the offices that it asks for."""
    items = [slot.item.strip("/").replace("/", ".") for slot in kind.outline.slots() if slot.id == clause.slot]
    named = [rf"(?<![.\w]){re.escape(item)}(?!\w)" for item in items if item]
    wanted = re.compile("|".join([*named, *(f"['\"]{re.escape(each)}['\"]" for each in (clause.slot, clause.id))]))
    for rule, offices, template in rules:
        if wanted.search(template):
            yield rule, offices


def _told_versions(clause: LibraryClause, uses: Sequence[Use], versions: Versions) -> list[tuple[str, str]]:
    """Return the versions of a clause, the newest first, each with its day, "" where none is known."""
    days = dict(versions.get(clause.path, ()))
    known = [*dict.fromkeys(use.version for _, use in uses if use.version not in days), *days]
    return [
        (each, days.get(each, "")) for each in (clause.version, *(v for v in reversed(known) if v != clause.version))
    ]


def parts(agreement_type: AgreementType) -> Iterator[tuple[str, list[LibraryClause]]]:
    """Yield each part of the outline that has clauses: its title, the clauses by slot and position."""
    by_slot: dict[str, list[LibraryClause]] = {}
    for clause in agreement_type.clauses.values():
        by_slot.setdefault(clause.slot, []).append(clause)
    for title, slots in agreement_type.outline.parts():
        clauses = [clause for slot in slots for clause in sorted(by_slot.pop(slot.id, []), key=_rank)]
        if clauses:
            yield title, clauses
    rest = [clause for slot in sorted(by_slot) for clause in sorted(by_slot[slot], key=_rank)]
    if rest:
        yield "In no slot of the outline", rest


def _rank(clause: LibraryClause) -> tuple[int, str]:
    """Order a slot's clauses as the playbook does: the standard, the fallbacks by rank, then those by counsel."""
    number = clause.position.rpartition(" ")[2]
    rank = 0 if clause.position == STANDARD else int(number) if number.isdecimal() else sys.maxsize
    return (rank, clause.id)


def readable(body: str) -> tuple[str, ...]:
    """Return a template's lines for the search: terms as words, other expressions as dots, no statements."""
    text = _STATEMENT.sub("", _EXPRESSION.sub("…", _TERM.sub(r"\1", body))).replace("*", "")
    return tuple(line for line in map(str.strip, text.splitlines()) if line)
