"""Quote parts of an agreement inside an amendment: set in, numbered as executed, with no anchor and no inner link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from clausebook.amending.instructions import (
    AddClause,
    AddDefinition,
    AddSchedule,
    AddSection,
    Instruction,
    ReplaceClause,
    ReplaceClosing,
    ReplaceDefinition,
    ReplaceOpening,
    ReplaceParties,
    ReplaceSignatures,
)
from clausebook.document.model import (
    Block,
    Clause,
    Item,
    ItemList,
    Paragraph,
    Party,
    Run,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    Table,
)
from clausebook.document.walk import map_blocks
from clausebook.document.words import heading_of


def new_text(instruction: Instruction) -> tuple[Block, ...]:
    """Return the text that an instruction puts in place, quoted; () if it puts none."""
    match instruction:
        case ReplaceParties(parties):
            return party_list(parties)
        case ReplaceOpening(clause) | ReplaceClosing(clause):
            return _set_in(blank_item(clause.blocks)) if clause else ()
        case ReplaceSignatures(signatures):
            return tuple(map(signature_table, signatures))
        case AddSection(_, section):
            return _set_in(section_item(section))
        case AddSchedule(_, schedule):
            return _set_in(schedule_item(schedule))
        case AddClause(_, _, clause) | ReplaceClause(_, clause):
            return _set_in(clause_item(clause))
        case AddDefinition(_, _, definition) | ReplaceDefinition(_, definition):
            return _set_in(blank_item(definition.blocks))
        case _:
            return ()


def quoted(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks with the same words, without anchors, and without links to places of the agreement."""
    return tuple(map(_without_anchors, map_blocks(blocks, _without_target)))


def blank_item(blocks: Iterable[Block]) -> Item:
    """Return an item without a number that holds the quoted blocks."""
    return Item("", quoted(blocks))


def clause_item(clause: Clause) -> Item:
    """Return a clause as an item with the clause's number, its heading first."""
    return Item(clause.number, (*_heading(clause.title), *quoted(clause.blocks)))


def section_item(section: Section) -> Item:
    """Return a section as an item with the section's number, its heading first, its clauses as a list."""
    return Item(section.number, (*_heading(section.title), *_clauses(section.clauses)))


def schedule_item(schedule: Schedule) -> Item:
    """Return a schedule as an item: its heading with its number, then what it holds."""
    definitions = (block for definition in schedule.definitions for block in quoted(definition.blocks))
    heading = _heading(heading_of(schedule))
    return Item("", (*heading, *_clauses(schedule.clauses), *definitions))


def signature_table(block: SignatureBlock) -> Table:
    """Return a signature block as a table: who signs, and the lines."""
    rows = tuple(((Run(line.label),), _plain(line.runs)) for line in block.lines)
    return Table(("left", "left"), (_plain(block.heading), ()), rows)


def party_list(parties: Iterable[Party]) -> tuple[Block, ...]:
    """Return the parties' names, one below the other."""
    items = tuple(Item("", (Paragraph((Run(party.legal_name),)),)) for party in parties)
    return (ItemList(items, False, 0),) if items else ()


def _set_in(item: Item) -> tuple[Block, ...]:
    return (ItemList((item,), True, 0),)


def _clauses(clauses: tuple[Clause, ...]) -> tuple[Block, ...]:
    if all(not clause.number and not clause.title for clause in clauses):
        return tuple(block for clause in clauses for block in quoted(clause.blocks))
    return (ItemList(tuple(map(clause_item, clauses)), True, 1),)


def _heading(title: str) -> tuple[Block, ...]:
    return (Paragraph((Run(title, strong=True),)),) if title else ()


def _without_target(run: Run) -> Run:
    return replace(run, target="") if run.target.startswith("#") else run


def _plain(runs: Runs) -> Runs:
    return tuple(map(_without_target, runs))


def _without_anchors(block: Block) -> Block:
    match block:
        case Paragraph():
            return replace(block, anchor="")
        case ItemList():
            return replace(
                block,
                items=tuple(
                    replace(item, anchor="", blocks=tuple(map(_without_anchors, item.blocks))) for item in block.items
                ),
            )
        case Table():
            return block
