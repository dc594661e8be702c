"""Parts of a Document that come straight from data: signature blocks, definitions, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

from clausebook.assemble.inputs import Deal
from clausebook.assemble.terms import anchor
from clausebook.document.model import (
    Block,
    ClauseSource,
    Definition,
    Origin,
    Paragraph,
    Run,
    Runs,
    SignatureBlock,
    SignatureLine,
)
from clausebook.document.walk import kept
from clausebook.language.values import collapse
from clausebook.library.model import LibraryClause, SignatureLayout, SignatureLineLayout


def signature_blocks(deal: Deal, layout: SignatureLayout) -> tuple[SignatureBlock, ...]:
    """Return a block for each signatory, in the order of the data."""
    parties = {party["key"]: (index, party) for index, party in enumerate(deal.data["parties"])}
    counts: dict[str, int] = {}
    blocks = []
    for index, record in enumerate(deal.data["signatures"]):
        key = record["party"]
        number, party = parties[key]
        counts[key] = counts.get(key, 0) + 1
        blocks.append(
            SignatureBlock(
                f"{key}-{counts[key]}",
                key,
                (
                    *_data_runs(party.get(layout.heading), f"/parties/{number}/{layout.heading}"),
                    *_capacity(layout, party),
                ),
                tuple(_signature_line(line, record, f"/signatures/{index}") for line in layout.lines),
            )
        )
    return tuple(blocks)


def own_definition(deal: Deal, pointer: str, key: str, term: str, quotes: str) -> Definition:
    """Return the definition of one of the agreement's own terms, which is data at `pointer`."""
    text = collapse(deal.data["glossary"][int(pointer.rsplit("/", 1)[1])]["definition"])
    library = Origin("library", f"glossary:{key}")
    body = (Paragraph((Run(text, origin=Origin("data", pointer=f"{pointer}/definition")), Run(".", origin=library))),)
    return Definition(
        anchor(key), term, with_term(term, body, quotes, library, Origin("data", pointer=f"{pointer}/term"))
    )


def clause_source(clause: LibraryClause) -> ClauseSource:
    """Return what the house knows of the clause that fills a slot."""
    return ClauseSource(clause.id, *_told(clause))


_told = attrgetter(*(field.name for field in fields(ClauseSource) if field.name != "clause"))


def with_term(
    term: str, blocks: tuple[Block, ...], quotes: str, library: Origin, origin: Origin | None = None
) -> tuple[Block, ...]:
    """Put the term, in the language's quotation marks, before its definition."""
    return _led(
        blocks,
        Run(quotes[0], origin=library),
        Run(collapse(term), strong=True, origin=origin or library),
        Run(f"{quotes[1]} ", origin=library),
    )


def run_in(title: str, blocks: tuple[Block, ...], library: Origin) -> tuple[Block, ...]:
    """Put a clause's title, as a sentence of its own, before its first words."""
    end = "" if title.endswith((".", "?", "!", ":")) else "."
    return _led(blocks, Run(collapse(title) + end, strong=True, origin=library), Run(" ", origin=library))


@kept
def _led(blocks: tuple[Block, ...], *lead: Run) -> tuple[Block, ...]:
    if blocks and isinstance(blocks[0], Paragraph):
        return (Paragraph((*lead, *blocks[0].runs), blocks[0].anchor), *blocks[1:])
    return (Paragraph(lead), *blocks)


def _capacity(layout: SignatureLayout, party: Mapping[str, Any]) -> Runs:
    """Return as what a party signs, in the outline's words, to stand behind its name."""
    said = layout.words.get(str(party.get(layout.capacity, "")), "")
    return (Run(f", {collapse(said)}", origin=Origin("library", "signature blocks")),) if said else ()


def _signature_line(layout: SignatureLineLayout, record: Mapping[str, Any], pointer: str) -> SignatureLine:
    runs = _data_runs(record.get(layout.value), f"{pointer}/{layout.value}")
    return SignatureLine(layout.label, layout.field, runs)


def _data_runs(value: object, pointer: str) -> Runs:
    return (Run(collapse(str(value)), origin=Origin("data", pointer=pointer)),) if value is not None else ()
