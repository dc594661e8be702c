"""How much of a text the steps inside it set out: what is told narrowly must be less to read."""

from __future__ import annotations

from collections.abc import Sequence

from clausebook.amending.narrow_steps import (
    CellStep,
    HeadingStep,
    ListItemStep,
    NarrowStep,
    ParagraphStep,
    RowStep,
    TableStep,
    TextStep,
    reads,
    texts,
)
from clausebook.document.model import Block, Item, Paragraph, Table

SENTENCE = 20
"""Words that each step costs beside its new text: its heading and its sentence. Fewer, larger steps win by it."""


def quoted_words(step: NarrowStep) -> int:
    """Return how many words of new text a step sets out."""
    match step:
        case HeadingStep(_, title):
            return len(title.split())
        case CellStep(new=new):
            return len(reads(new).split())
        case TextStep(new=blocks):
            return words_in(blocks)
        case ListItemStep(new=Item(blocks=blocks)):
            return words_in(blocks)
        case ParagraphStep(new=Paragraph() as block) | TableStep(new=Table() as block) | RowStep(new=Table() as block):
            return words_in((block,))
        case _:
            return 0


def words_in(blocks: Sequence[Block]) -> int:
    """Return how many words blocks have."""
    return sum(len(text.split()) for text in texts(tuple(blocks)))


def cost(steps: Sequence[NarrowStep]) -> int:
    """Return how many words a reader has to read of the steps."""
    return sum(SENTENCE + quoted_words(step) for step in steps)
