"""Put off the loading of a library until something of it is used: others may import it, and name its types."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any


@contextlib.contextmanager
def put_off(name: str) -> Iterator[None]:
    """Let whatever is imported meanwhile import a library without loading it, if nobody has."""
    if name in sys.modules:
        yield
        return
    standing_in = sys.modules[name] = _StandIn(name)
    try:
        yield
    finally:
        del sys.modules[name]
        standing_in.waits = False


class _StandIn(ModuleType):
    """Stands where a library is imported. While others load, its types are named in annotations alone."""

    waits = True

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Any if self.waits else getattr(import_module(self.__name__), attribute)
