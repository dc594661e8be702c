"""How agreements are shared out: few enough in each shard, and one more agreement changes hardly any other shard."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

MOST = 100
"""Agreements in a shard."""

LEAST = 80
"""Agreements in a shard, but for the last: a question loads a part of each shard, so they are to be few."""


def shards_of(ids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the ids, sorted, in shards by name.

    A shard ends before the id of the least hash among those where it may end. So the end depends on the ids around it
    alone: one more id changes the shard that it goes into, and those after it only until they end where they did.
    """
    rest, shards = sorted(set(ids)), {}
    while rest:
        ends = range(LEAST, MOST + 1) if len(rest) > MOST else [len(rest)]
        end = min(ends, key=lambda place: _hash(rest[place]) if place < len(rest) else "")
        shards[_hash(rest[0])[:12]] = tuple(rest[:end])
        rest = rest[end:]
    return shards


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
