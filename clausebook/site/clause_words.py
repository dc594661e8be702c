"""The words of library clauses as deals have them, and what a clause that is not the standard changes in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial

from clausebook.compare.documents import compare
from clausebook.document.model import Block, Clause, Document, ItemList, Paragraph, Run, Section
from clausebook.document.statuses import DRAFTS
from clausebook.document.walk import map_blocks
from clausebook.document.words import heading_of
from clausebook.history.sources import sources
from clausebook.library.model import AgreementType
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.render.html import blocks_html
from clausebook.render.redline.html import clauses_html
from clausebook.repository import user_cache
from clausebook.repository.engine import engine
from clausebook.repository.hashed import HashedDisk, hashed_once
from clausebook.site.site_entry import ClauseWords, SiteEntry

CHOICES = "clauses"
"""The property of a deal that chooses clauses other than the standard ones."""

Chosen = Mapping[tuple[str, str], tuple[str, str]]
"""By type and library clause, the agreement that shows its words, and the anchor of the clause there."""


def chosen(types: Sequence[AgreementType], entries: Sequence[SiteEntry]) -> Chosen:
    """Return which agreement shows the words of each clause: the first draft that has it as it is today, by id.

    Where no draft has it, it is the first of all.
    """
    now = {(kind.name, clause.id): clause.version for kind in types for clause in kind.clauses.values()}
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.status not in DRAFTS, entry.id)):
        for use in entry.uses:
            key = (entry.type, use.library_clause)
            if not use.departs and now.get(key) == use.version:
                found.setdefault(key, (entry.id, use.anchor))
    return found


def clause_words(project: Project, wanted: Chosen) -> Iterator[ClauseWords]:
    """Yield the words of clauses, kept by what the text of their agreement is made from.

    Nothing is told of one whose agreement cannot be assembled.
    """
    disk = hashed_once(HashedDisk(project.root))
    for name in sorted({agreement for agreement, _ in wanted.values()} & project.known.keys()):
        mine = {anchor: clause for (_, clause), (agreement, anchor) in wanted.items() if agreement == name}
        if origin := sources(disk, name):
            key = (engine(), origin.key, *(f"{anchor} {clause}" for anchor, clause in sorted(mine.items())))
            found = user_cache.kept_or_made("clause-words", key, partial(_written, project, name, mine))
            yield from (ClauseWords(**each) for each in json.loads(found))


def _written(project: Project, name: str, mine: Mapping[str, str]) -> bytes:
    return json.dumps([asdict(each) for each in _words(project, name, mine)]).encode()


def _words(project: Project, name: str, mine: Mapping[str, str]) -> Iterator[ClauseWords]:
    """Yield the words of some of an agreement's clauses: of which one of the library, by anchor."""
    file = project.known[name]
    found = project.assemble(file)
    for clause in found.document.clauses() if found.document else ():
        if not found.document or clause.id not in mine or not clause.source:
            continue
        other = _with_standard(project, found, clause.id) if clause.source.deviates else None
        redline = _redline(found.document, other, clause) if other and other.source else ""
        yield ClauseWords(
            found.document.type,
            mine[clause.id],
            name,
            found.document.title,
            heading_of(clause),
            blocks_html(_bare(clause).blocks),
            other.source.library_clause if other and other.source else "",
            redline,
        )
    project.forget(file)


def _with_standard(project: Project, found: Agreement, slot: str) -> Clause | None:
    """Return what stands in a slot of a draft if it chooses nothing there; None if that makes no contract."""
    choices = found.data.get(CHOICES, {})
    if found.record is not None or slot not in choices:
        return None
    others = {name: each for name, each in choices.items() if name != slot}
    data = {name: each for name, each in found.data.items() if name != CHOICES} | ({CHOICES: others} if others else {})
    file = found.file
    beside = project.with_files({file.path: json.dumps(data).encode()})
    document = beside.assemble(beside.known[file.id]).document
    return next((each for each in document.clauses() if each.id == slot), None) if document else None


def _bare(clause: Clause) -> Clause:
    """Return a clause without links and anchors: what they lead to stands on another page."""
    return replace(clause, blocks=tuple(map(_unanchored, map_blocks(clause.blocks, _unlinked))))


def _unlinked(run: Run) -> Run:
    return replace(run, target="")


def _unanchored(block: Block) -> Block:
    match block:
        case Paragraph():
            return replace(block, anchor="")
        case ItemList():
            items = (replace(item, anchor="", blocks=tuple(map(_unanchored, item.blocks))) for item in block.items)
            return replace(block, items=tuple(items))
    return block


def _redline(document: Document, old: Clause, new: Clause) -> str:
    sides = (_alone(document, replace(each, id=new.id)) for each in (old, new))
    return clauses_html(compare(*sides))


def _alone(document: Document, clause: Clause) -> Document:
    section = Section("words", "", "", (_bare(clause),))
    return replace(document, parties=(), opening=None, sections=(section,), closing=None, signatures=(), schedules=())
