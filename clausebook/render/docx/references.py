"""References whose numbers a word processor keeps right: fields where their result is the number that stands there."""

from __future__ import annotations

from collections.abc import Iterable

from clausebook.document.model import ItemList
from clausebook.document.notes import is_notes
from clausebook.document.walk import Blocks, block_anchors
from clausebook.render.docx.automatic_numbers import HeadingPlan, plan_list
from clausebook.render.docx.numbering_part import LIST_LEVELS, ListNumbering
from clausebook.render.docx.redline_places import PlacedClause, PlacedPart
from clausebook.render.docx.redline_text import same_numbers
from clausebook.render.docx.runs import Chain, Numbered


def numbered_places(
    planned: Iterable[tuple[Iterable[PlacedPart], HeadingPlan]], numbering: ListNumbering
) -> dict[str, Chain]:
    """Return by anchor the numbers that lead to it, each with what a field says of it: of a clause, then its items."""
    found: dict[str, Chain] = {}
    for parts, plan in planned:
        for part, automatic, lower in zip(parts, plan.upper, plan.lower, strict=True):
            found |= _heading(part, automatic)
            marks = iter(lower)
            for clause in part.clauses:
                # What lies deeper has its numbers written out.
                heading = _heading(clause, not clause.node.level and next(marks))
                found |= heading | _inside(clause, heading.get(clause.node.id, ()), numbering)
    return found


def _heading(placed: PlacedPart | PlacedClause, automatic: bool) -> dict[str, Chain]:
    old, new = placed.number
    return {placed.node.id: (Numbered(placed.node.id, _result(old), _result(new)),)} if automatic and new else {}


def _inside(clause: PlacedClause, above: Chain, numbering: ListNumbering) -> dict[str, Chain]:
    old, new = clause.node.old, clause.node.new
    if not new or clause.tag == "del" or not (anchors := block_anchors(new.blocks)):
        return {}
    found = dict.fromkeys(anchors, above)
    if clause.node.blocks is None and old and not clause.tag and same_numbers(old.blocks, new.blocks):
        found |= _items(new.blocks, above, 0, numbering)
    return found


def _items(blocks: Blocks, above: Chain, depth: int, numbering: ListNumbering) -> dict[str, Chain]:
    found: dict[str, Chain] = {}
    for block in blocks:
        if not isinstance(block, ItemList) or is_notes(block) or depth >= LIST_LEVELS:
            continue
        automatic = plan_list([item.number for item in block.items], numbering.kind(block.level)).automatic
        for item, own in zip(block.items, automatic, strict=True):
            chain = (*above, Numbered(item.anchor if own else "", item.number, item.number))
            if item.anchor:
                found[item.anchor] = chain
            found |= _items(item.blocks, chain, depth + 1, numbering)
    return found


def _result(number: str | None) -> str | None:
    """Return what a field says of a paragraph's number: all but the points at its end."""
    return number and number.rstrip(".")
