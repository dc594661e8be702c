"""Keep a text under a limit by leaving whole pieces of it out, the least important first, never by cutting one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

SEPARATOR = "\n\n"

ALWAYS = 0
"""The rank of what has to be read: it gives way, to all that is in it said shorter, after everything else."""


@dataclass(slots=True)
class Block:
    """A piece of text; `shorter`, if there is one, stands in its place if there is no room, the highest ranks first."""

    text: str
    shorter: str | None = None
    rank: int = ALWAYS
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
    rank: int = ALWAYS
    left_out: bool = False

    @property
    def shown(self) -> str:
        """The blocks as they stand, or what stands in their place."""
        if self.left_out and self.shorter is not None:
            return self.shorter
        return SEPARATOR.join(filter(None, (block.shown for block in self.blocks)))


def characters(text: str) -> int:
    """Return the length as the most careful counter would have it: astral characters count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def encoded(text: str) -> int:
    """Return the length in bytes of UTF-8."""
    return len(text.encode())


def fitted(parts: Sequence[Part], limit: int, last: str, length: Callable[[str], int] = characters) -> str:
    """Return the parts in at most `limit`, as `length` measures, without what is least important; else `last`.

    Of the highest rank, the biggest blocks go first, then the biggest parts; then those of the next lower rank.
    """
    sizes = [length(part.shown) + len(SEPARATOR) for part in parts]
    size = sum(sizes)
    places: list[tuple[int, Block | Part]] = [(n, block) for n, part in enumerate(parts) for block in part.blocks]
    places += enumerate(parts)
    # Sorting leaves blocks before whole parts within a rank and a size.
    for number, piece in sorted(places, key=lambda each: (-each[1].rank, -_saved(each[1], length))):
        if size <= limit:
            break
        if _saved(piece, length) > 0:
            piece.left_out = True
            size -= sizes[number]
            sizes[number] = length(parts[number].shown) + len(SEPARATOR)
            size += sizes[number]
    text = SEPARATOR.join(filter(None, (part.shown for part in parts))) + "\n"
    return text if length(text) <= limit else last


def _saved(piece: Block | Part, length: Callable[[str], int]) -> int:
    return 0 if piece.shorter is None else length(piece.shown) - length(piece.shorter)
