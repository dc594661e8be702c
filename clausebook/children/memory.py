"""Memory of a process: what it does not need any more, and how often it looks for that."""

from __future__ import annotations

import contextlib
import gc


def give_back() -> None:
    """Give memory that is free to the system, where it can be told to: it would be kept for what comes next."""
    # Every command imports this module, and few give anything back.
    import ctypes

    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def collect_rarely() -> None:
    """Look for garbage less often than Python does, which takes a tenth of a command's time, and more of a worker's."""
    gc.set_threshold(50_000, 20, 100)
