"""Bounds on what this process itself does with a text of somebody else's, where a child for it would cost too much."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def bounded_here(seconds: float, megabytes: int) -> Iterator[None]:
    """Let the block take only so much processor time and more memory; within another such block, that one's bounds.

    Raises TimeoutError, in the main thread alone, and MemoryError, on Linux alone: elsewhere nothing can tell.
    """
    with _less_memory(megabytes), _less_time(seconds):
        yield


@contextlib.contextmanager
def _less_time(seconds: float) -> Iterator[None]:
    timer = getattr(signal, "ITIMER_VIRTUAL", None)
    if timer is None or threading.current_thread() is not threading.main_thread() or signal.getitimer(timer)[0]:
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"it takes longer than {seconds:g} seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        # Again and again: what catches the first one does not go on for ever.
        signal.setitimer(timer, seconds, seconds)
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextlib.contextmanager
def _less_memory(megabytes: int) -> Iterator[None]:
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            most = int(file.read().split()[0]) * resource.getpagesize() + (megabytes << 20)
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    except (ImportError, OSError):
        yield
        return
    allowed = [each for each in (soft, hard, most) if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(allowed), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
