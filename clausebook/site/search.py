"""What the search knows of an agreement: a record for each clause and each defined term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from clausebook.document.model import Block, Clause, Document, ItemList, Paragraph, Table
from clausebook.document.words import text_of
from clausebook.site.page import SearchRecord


def agreement_records(document: Document) -> tuple[SearchRecord, ...]:
    """Return the records of an agreement's page, in reading order; the first is the page's own."""
    parts = [
        document.kind,
        *(party.legal_name for party in document.parties),
        *(_texts(document.opening.blocks) if document.opening else ()),
        *(_texts(document.closing.blocks) if document.closing else ()),
        *(text_of(line.runs) for block in document.signatures for line in block.lines),
    ]
    records = [SearchRecord("", document.title, tuple(filter(None, parts)))]
    for section in document.sections:
        records.append(SearchRecord(section.id, _title(section.number, section.title)))
        records += _clauses(section.clauses)
    for schedule in document.schedules:
        records.append(SearchRecord(schedule.id, _title(schedule.number, schedule.title)))
        records += _clauses(schedule.clauses)
        records += [SearchRecord(d.id, d.term, tuple(_texts(d.blocks))) for d in schedule.definitions]
    return tuple(records)


def _clauses(clauses: Sequence[Clause]) -> list[SearchRecord]:
    return [SearchRecord(c.id, _title(c.number, c.title), tuple(_texts(c.blocks))) for c in clauses]


def _title(number: str, title: str) -> str:
    return f"{number} {title}".strip()


def _texts(blocks: Iterable[Block], number: str = "") -> Iterator[str]:
    """Yield the text of each paragraph and row; an item's number stands before its first words."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield f"{number} {text_of(block.runs)}".strip()
            number = ""
        elif isinstance(block, ItemList):
            for item in block.items:
                yield from _texts(item.blocks, item.number)
        elif isinstance(block, Table):
            for row in (block.header, *block.rows):
                yield " · ".join(filter(None, map(text_of, row)))
