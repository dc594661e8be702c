"""The pages of the clause library."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html import escape

from clausebook.library.model import AgreementType, LibraryClause, Slot
from clausebook.site.library_map import STANDARD, ClauseUse, LibraryMap
from clausebook.site.markup import (
    CLAUSES,
    HOME,
    chip,
    crumbs,
    facts,
    humane,
    link,
    plural,
    position_chip,
    status_chip,
    table,
)
from clausebook.site.page import Heading, SearchRecord, SitePage, agreement_path
from clausebook.site.site_content import SiteContent

LIBRARY_WEIGHT = 0.25
"""How much the search favours library clauses: whoever looks for words wants agreements first."""

_TERM = re.compile(r"\{\{\s*term\(\s*['\"]([^'\"]*)['\"]\s*\)\s*\}\}")
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STATEMENT = re.compile(r"\{[%#].*?[%#]\}", re.DOTALL)


def clauses_page(content: SiteContent, library: LibraryMap) -> SitePage:
    """Return the index of the library: by type, by part of the outline, by slot."""
    body = [
        crumbs(CLAUSES, [(HOME, "Home")], "Clauses"),
        '<h1 id="page_title">Clause library</h1>\n',
        '<p class="cb-lead">The clauses that agreements are built from: one standard for each slot of the outline, '
        "and the positions that the house can fall back to.</p>\n",
    ]
    contents = []
    for agreement_type in content.types:
        anchor = f"page_{agreement_type.name}"
        body.append(f'<h2 id="{escape(anchor)}">{escape(agreement_type.outline.kind)}</h2>\n')
        children = []
        for part, title, clauses in _parts(agreement_type):
            inner = f"{anchor}_{part}"
            children.append(Heading(title, inner, 3))
            body.append(f'<h3 id="{escape(inner)}">{escape(title)}</h3>\n')
            body.append(_clause_table(agreement_type, clauses, library, title))
        contents.append(Heading(agreement_type.outline.kind, anchor, 2, tuple(children)))
    top = Heading("Clause library", "page_title", 1, tuple(contents))
    search = (SearchRecord("", "Clause library"),)
    return SitePage(CLAUSES, "Clauses", "".join(body), "The clause library.", (top,), search, listed=True)


def clause_pages(content: SiteContent, library: LibraryMap) -> Iterator[SitePage]:
    """Yield a page for each clause of each type."""
    for agreement_type in content.types:
        places = {slot.id: title for title, slots in _outline(agreement_type) for slot in slots}
        for clause in agreement_type.clauses.values():
            yield _clause_page(agreement_type, clause, places.get(clause.slot, ""), library)


def _clause_page(agreement_type: AgreementType, clause: LibraryClause, place: str, library: LibraryMap) -> SitePage:
    path = library.paths[agreement_type.name, clause.id]
    name = clause.title or humane(clause.id)
    uses = library.uses.get((agreement_type.name, clause.id), ())
    users = len({use.document.id for use in uses})
    others = [c for c in agreement_type.clauses.values() if c.slot == clause.slot and c.id != clause.id]
    others.sort(key=_rank)
    kicker = f"{agreement_type.outline.kind} · {place}" if place else agreement_type.outline.kind
    body = [
        crumbs(path, [(HOME, "Home"), (CLAUSES, "Clauses")], clause.id),
        '<div class="cb-head">\n',
        f'<p class="cb-kicker">{_clause_status(clause)} {position_chip(clause.position)} '
        f"<span>{escape(kicker)}</span></p>\n",
        "</div>\n",
        f'<h1 id="page_title">{escape(name)}</h1>\n',
        facts(
            [
                ("Clause", f"<code>{escape(clause.id)}</code>"),
                ("Slot", f"<code>{escape(clause.slot)}</code>"),
                ("Version", escape(clause.version)),
                ("Position", escape(humane(clause.position))),
                ("Approver", escape(clause.approver) or "Nobody"),
                ("Used by", plural(users, "agreement") if users else "No agreement"),
            ]
        ),
    ]
    contents = []

    def part(anchor: str, title: str, html: str) -> None:
        contents.append(Heading(title, anchor, 2))
        body.append(f'<h2 id="{anchor}">{escape(title)}</h2>\n{html}')

    if clause.guidance:
        part("guidance", "Guidance", _paragraphs(clause.guidance))
    if clause.obligations:
        rows = [[escape(duty.who), escape(duty.what), escape(duty.when) or "–"] for duty in clause.obligations]
        part("obligations", "Obligations it creates", table(("Who", "What", "When"), rows, "Obligations"))
    source = f'<pre class="cb-source" tabindex="0"><code>{escape(clause.body.strip())}</code></pre>\n'
    note = f'<p class="cb-note">From <code>{escape(clause.path)}</code>, line {clause.body_line}.</p>\n'
    part("text", "Text", source + note)
    used = _uses(path, uses, clause) if uses else "<p>No agreement uses this clause now.</p>\n"
    part("used-by", "Used by", used)
    if others:
        part("others", "Other clauses for this slot", _clause_table(agreement_type, others, library, "Others", path))
    duties = tuple(f"{duty.who}: {duty.what} {duty.when}".strip() for duty in clause.obligations)
    return SitePage(
        path,
        f"{name} ({clause.id})",
        "".join(body),
        description=f"{name}: {clause.position} clause of the library.",
        contents=(Heading(name, "page_title", 1, tuple(contents)),),
        search=(
            SearchRecord("", f"{name}: library clause", (f"{clause.id} · {humane(clause.position)}", kicker)),
            *([SearchRecord("guidance", "Guidance", (clause.guidance,))] if clause.guidance else []),
            *([SearchRecord("obligations", "Obligations", duties)] if duties else []),
            SearchRecord("text", "Text", _readable(clause.body)),
        ),
        weight=LIBRARY_WEIGHT,
    )


def _uses(path: str, uses: tuple[ClauseUse, ...], clause: LibraryClause) -> str:
    rows = []
    for use in uses:
        source = use.clause.source
        if not source:
            continue
        target = agreement_path(use.document.id)
        version = source.departs_from.partition("@")[2] or source.version
        how = chip("Negotiated", "position-deviation") if source.departs_from else escape(version)
        if version != clause.version:
            how += ' <span class="cb-note">not the current version</span>'
        rows.append(
            [
                link(path, target, use.document.title),
                link(path, target, use.clause.number or humane(use.clause.id), use.clause.id),
                status_chip(use.document.status),
                how,
            ]
        )
    return table(("Agreement", "As", "Status", "Version"), rows, "Used by")


def _clause_table(
    agreement_type: AgreementType, clauses: list[LibraryClause], library: LibraryMap, caption: str, path: str = CLAUSES
) -> str:
    rows = []
    for clause in clauses:
        uses = library.uses.get((agreement_type.name, clause.id), ())
        title = link(path, library.paths[agreement_type.name, clause.id], clause.title or humane(clause.id))
        rows.append(
            [
                f'{title} <span class="cb-note">{escape(clause.id)}</span>',
                position_chip(clause.position),
                escape(clause.version),
                _clause_status(clause),
                escape(clause.approver) or "–",
                str(len({use.document.id for use in uses})),
            ]
        )
    return table(
        ("Clause", "Position", "Version", "Status", "Approver", "Agreements"), rows, caption, ' data-cb-look="clauses"'
    )


def _clause_status(clause: LibraryClause) -> str:
    return chip(humane(clause.status), f"clause-{clause.status}")


def _parts(agreement_type: AgreementType) -> Iterator[tuple[str, str, list[LibraryClause]]]:
    """Yield each part of the outline that has clauses: an anchor, its title, the clauses by slot and position."""
    by_slot: dict[str, list[LibraryClause]] = {}
    for clause in agreement_type.clauses.values():
        by_slot.setdefault(clause.slot, []).append(clause)
    for number, (title, slots) in enumerate(_outline(agreement_type), start=1):
        clauses = [clause for slot in slots for clause in sorted(by_slot.pop(slot.id, []), key=_rank)]
        if clauses:
            yield str(number), title, clauses
    rest = [clause for slot in sorted(by_slot) for clause in sorted(by_slot[slot], key=_rank)]
    if rest:
        yield "rest", "In no slot of the outline", rest


def _outline(agreement_type: AgreementType) -> Iterator[tuple[str, tuple[Slot, ...]]]:
    outline = agreement_type.outline
    if outline.opening:
        yield "Opening", (outline.opening,)
    for section in outline.sections:
        yield section.title, section.slots
    if outline.closing:
        yield "Closing", (outline.closing,)
    for schedule in outline.schedules:
        yield schedule.title, schedule.slots


def _rank(clause: LibraryClause) -> tuple[int, str]:
    """Order a slot's clauses as the playbook does: the standard, the fallbacks by rank, then those by counsel."""
    number = clause.position.rpartition(" ")[2]
    rank = 0 if clause.position == STANDARD else int(number) if number.isdecimal() else sys.maxsize
    return (rank, clause.id)


def _readable(body: str) -> tuple[str, ...]:
    """Return a template's lines for the search: terms as words, other expressions as dots, no statements."""
    text = _STATEMENT.sub("", _EXPRESSION.sub("…", _TERM.sub(r"\1", body))).replace("*", "")
    return tuple(line for line in map(str.strip, text.splitlines()) if line)


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(paragraph.strip())}</p>\n" for paragraph in text.split("\n") if paragraph.strip())
