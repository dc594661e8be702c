"""Keep a text under a limit by leaving whole pieces of it out, the biggest first, never by cutting one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SEPARATOR = "\n\n"


@dataclass(slots=True)
class Block:
    """A piece of text; `shorter`, if there is one, stands in its place if there is no room; `first` goes first."""

    text: str
    shorter: str | None = None
    first: bool = False
    left_out: bool = False

    @property
    def shown(self) -> str:
        """The text, or what stands in its place."""
        return self.shorter if self.left_out and self.shorter is not None else self.text


@dataclass(slots=True)
class Part:
    """Blocks that belong together; `shorter`, if there is one, stands in place of them all if there is no room."""

    blocks: list[Block] = field(default_factory=list)
    shorter: str | None = None
    left_out: bool = False

    @property
    def shown(self) -> str:
        """The blocks as they stand, or what stands in their place."""
        if self.left_out and self.shorter is not None:
            return self.shorter
        return SEPARATOR.join(filter(None, (block.shown for block in self.blocks)))


def fitted(parts: Sequence[Part], limit: int, last: str) -> str:
    """Return the parts in at most `limit` characters: without redlines, then lists, then parts; else `last`."""
    size = sum(_size(part) for part in parts)
    for first in (True, False):
        chosen = [block for part in parts for block in part.blocks if block.first is first and _gain(block) > 0]
        for block in sorted(chosen, key=lambda block: -_gain(block)):
            if size <= limit:
                break
            block.left_out = True
            size -= _gain(block)
    # Reckoned anew: an empty block has no separator either.
    size = sum(map(_size, parts))
    for part in sorted(parts, key=lambda part: -_saved(part)):
        if size > limit and _saved(part) > 0:
            size -= _saved(part)
            part.left_out = True
    text = SEPARATOR.join(filter(None, (part.shown for part in parts))) + "\n"
    return text if _length(text) <= limit else last


def _gain(block: Block) -> int:
    return 0 if block.shorter is None else _length(block.text) - _length(block.shorter)


def _saved(part: Part) -> int:
    return 0 if part.shorter is None else _length(part.shown) - _length(part.shorter)


def _size(part: Part) -> int:
    return _length(part.shown) + len(SEPARATOR)


def _length(text: str) -> int:
    """Return the length as the most careful counter would have it: astral characters count twice."""
    return len(text) + sum(character > "\uffff" for character in text) if not text.isascii() else len(text)
