"""The children that render clauses, handed on from one sandbox to the next: to start one takes longer than most tests.

The program itself lets one child serve thousands of agreements.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain

from clausebook.children import child as children
from clausebook.language import sandbox
from clausebook.language.sandbox import Sandbox
from clausebook.repository import user_cache


@contextmanager
def handed_on() -> Iterator[None]:
    """Keep the children of closed sandboxes for the next ones of the same cache and the same program."""
    spawn, close = sandbox._spawn, Sandbox.close
    kept: defaultdict[tuple[str | None, ...], list[Sandbox]] = defaultdict(list)

    def taken() -> sandbox._Child:
        while alike := kept[_surroundings()]:
            keeper = alike.pop()
            child = keeper._child
            if child and child.running.idle:
                return replace(child, subject=None, setting=None)
            close(keeper)
        return spawn()

    def left(self: Sandbox) -> None:
        # One that is lost is dead, or still at what nobody waits for any more.
        if self._child and not isinstance(sys.exc_info()[1], sandbox._ChildLost):
            keeper = Sandbox.__new__(Sandbox)
            keeper._child, self._child = self._child, None
            kept[_surroundings()].append(keeper)
        else:
            close(self)

    sandbox._spawn, Sandbox.close = taken, left
    try:
        yield
    finally:
        sandbox._spawn, Sandbox.close = spawn, close
        for each in chain(*kept.values()):
            close(each)


def _surroundings() -> tuple[str | None, ...]:
    return children.START, *map(os.environ.get, (user_cache.VARIABLE, user_cache.OFF))
