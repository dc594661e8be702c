"""Quote parts of an agreement inside an amendment: set in, numbered as executed, with no anchor and no inner link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from clausebook.amending.instructions import Instruction
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Item,
    ItemList,
    Paragraph,
    Run,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    Table,
)
from clausebook.document.notes import is_notes
from clausebook.document.walk import map_blocks
from clausebook.document.words import heading_of


def new_text(instruction: Instruction) -> tuple[Block, ...]:
    """Return the text that an instruction puts in place, quoted; () if it puts none."""
    if instruction.action in ("delete", "rename", "renumber"):
        return ()
    match instruction.new:
        case Definition(blocks=blocks):
            return _set_in(Item("", quoted(blocks)))
        case Section() as section:
            return _set_in(Item(section.number, (*_heading(section.title), *_clauses(section.clauses))))
        case Schedule() as schedule:
            return _set_in(_schedule_item(schedule))
        case Clause() as clause:
            return _set_in(_clause_item(clause))
        case tuple() as parts if instruction.kind == "parties":
            names = tuple(Item("", (Paragraph((Run(party.legal_name),)),)) for party in parts)
            return (ItemList(names, False, 0),) if names else ()
        case tuple() as parts:
            return tuple(map(_signature_table, parts))
        case _:
            return ()


def quoted(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks with the same words, without anchors, and without links to places of the agreement."""
    return tuple(map(_without_anchors, map_blocks(blocks, _without_target)))


def _clause_item(clause: Clause) -> Item:
    """Return a clause as an item with the clause's number, its heading first."""
    return Item(clause.number, (*_heading(clause.title), *quoted(clause.blocks)))


def _schedule_item(schedule: Schedule) -> Item:
    """Return a schedule as an item: its heading with its number, then what it holds."""
    definitions = (block for definition in schedule.definitions for block in quoted(definition.blocks))
    heading = _heading(heading_of(schedule))
    return Item("", (*heading, *_clauses(schedule.clauses), *definitions))


def _signature_table(block: SignatureBlock) -> Table:
    """Return a signature block as a table: who signs, and the lines."""
    rows = tuple(((Run(line.label),), _plain(line.runs)) for line in block.lines)
    return Table(("left", "left"), (_plain(block.heading), ()), rows)


def _set_in(item: Item) -> tuple[Block, ...]:
    return (ItemList((item,), True, 0),)


def _clauses(clauses: tuple[Clause, ...]) -> tuple[Block, ...]:
    if all(not clause.number and not clause.title for clause in clauses):
        return tuple(block for clause in clauses for block in quoted(clause.blocks))
    return (ItemList(tuple(map(_clause_item, clauses)), True, 1),)


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
        case ItemList(items):
            bare = (replace(item, anchor="", blocks=tuple(map(_without_anchors, item.blocks))) for item in items)
            # In a quotation a note stands below the words that it is about.
            return replace(block, items=tuple(bare), level=0 if is_notes(block) else block.level)
        case _:
            return block
