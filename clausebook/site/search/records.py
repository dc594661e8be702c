"""What the search knows of an agreement: a record for each clause and each defined term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mkdocs.contrib.search.search_index import ContentParser

from clausebook.document.model import Block, Clause, Definition, Document, ItemList, Paragraph, Schedule, Section, Table
from clausebook.document.words import heading_of, text_of
from clausebook.site.page import SearchRecord, SitePage


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What the search knows of a page: its `address` from the site's root ("agreements/harbor/") and its records.

    `facets` are names and values in words, by which agreements can be chosen; other pages have none.
    """

    address: str
    title: str
    records: tuple[SearchRecord, ...]
    facets: tuple[tuple[str, str], ...] = ()


def search_page(page: SitePage) -> SearchPage:
    """Return what the search knows of a page of the tree."""
    return SearchPage(page.path.removesuffix("index.html"), page.title, page.search, page.facets)


def own_page(address: str, title: str, html: str) -> SearchPage:
    """Return what the search knows of a page that somebody wrote for the site, by its headings."""
    parser = ContentParser()
    parser.feed(html)
    parser.close()
    first = SearchRecord("", title, () if parser.data else (" ".join(parser.stripped_html.split()),), part=True)
    below = (
        SearchRecord(
            each.id or "", each.title or "", tuple(filter(None, (" ".join(text.split()) for text in each.text)))
        )
        for each in parser.data
    )
    return SearchPage(address, title, (first, *below))


def agreement_records(document: Document) -> tuple[SearchRecord, ...]:
    """Return the records of an agreement's page, in reading order; the first is the page's own."""
    parts = [
        document.kind,
        *(party.legal_name for party in document.parties),
        *(_texts(document.opening.blocks) if document.opening else ()),
        *(_texts(document.closing.blocks) if document.closing else ()),
        *(text_of(line.runs) for block in document.signatures for line in block.lines),
    ]
    records = [SearchRecord("", document.title, tuple(filter(None, parts)), part=True)]
    for part in document.parts():
        match part:
            case Section() | Schedule():
                records.append(SearchRecord(part.id, heading_of(part), part=True))
            case Clause() if part is not document.opening and part is not document.closing:
                records.append(SearchRecord(part.id, heading_of(part), tuple(_texts(part.blocks))))
            case Definition():
                records.append(SearchRecord(part.id, part.term, tuple(_texts(part.blocks))))
    return tuple(records)


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
