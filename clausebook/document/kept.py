"""Remember what was made of blocks: the texts of an agreement share most of theirs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias, TypeVar

from clausebook.document.model import Block

MOST = 4096
"""Blocks of clauses and definitions of which something is remembered."""

T = TypeVar("T")
Blocks: TypeAlias = tuple[Block, ...]


class _Same:
    """Blocks that are equal to themselves alone: to compare all that is in them would take as long as the work."""

    __slots__ = ("blocks",)

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks

    def __hash__(self) -> int:
        return id(self.blocks)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.blocks is other.blocks


def kept(make: Callable[[Blocks], T]) -> Callable[[Blocks], T]:
    """Decorate a function of all the blocks of a clause or definition, of which it gives something unchangeable."""
    known = lru_cache(MOST)(lambda same: make(same.blocks))
    return lambda blocks: known(_Same(blocks))
