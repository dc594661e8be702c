"""Footnotes: a mark in a paragraph, and right after the paragraph a list of what the notes say.

The mark is a run that leads to its note, an item of that list; both print the note's number. So all that reads lists
reads notes, and what a format knows of footnotes its writer makes of them. A note is one paragraph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from clausebook.document.model import Block, Clause, Definition, Document, Item, ItemList, Paragraph, Run, Runs
from clausebook.document.walk import kept

NOTES = 9
"""The level of a list of notes, on which no other list stands."""

NOTE = "--note."
"""Parts a note's anchor: the name of its clause, and its own name in it. No other anchor holds a full stop."""

_DIGITS, _RAISED = "0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"
_HIGH, _LOW = str.maketrans(_DIGITS, _RAISED), str.maketrans(_RAISED, _DIGITS)


B = TypeVar("B")


def note_number(count: int) -> str:
    """Return how the count-th note of a document is numbered, in its text as at its mark."""
    return str(count).translate(_HIGH)


def note_count(number: str) -> int:
    """Return the count of a note's number, 0 of what is none."""
    digits = number.translate(_LOW)
    return int(digits) if digits.isdecimal() and number == note_number(int(digits[:9])) else 0


def is_mark(run: Run) -> bool:
    """Tell whether a run marks a footnote."""
    return run.target.startswith("#") and NOTE in run.target


def is_notes(block: object) -> bool:
    """Tell whether a block, of a document or of a redline, is a list of footnotes."""
    return getattr(block, "level", 0) == NOTES


def without_notes(blocks: Iterable[B]) -> tuple[B, ...]:
    """Return the blocks of a document or of a redline without those that are footnotes."""
    return tuple(block for block in blocks if not is_notes(block))


def notes_of(document: Document) -> Mapping[str, Runs]:
    """Return by its anchor what each footnote says."""
    texts = (part.blocks for part in document.parts() if isinstance(part, Clause | Definition))
    return {item.anchor: text_of_note(item) for blocks in texts for item in notes_in(blocks)}


def text_of_note(item: Item) -> Runs:
    """Return what a footnote says."""
    return next((block.runs for block in item.blocks if isinstance(block, Paragraph)), ())


@kept
def notes_in(blocks: tuple[Block, ...]) -> tuple[Item, ...]:
    """Return the footnotes of a clause or definition, in reading order."""
    found: list[Item] = []
    for block in blocks:
        if isinstance(block, ItemList):
            for item in block.items:
                found += (item,) if is_notes(block) else notes_in(item.blocks)
    return tuple(found)
