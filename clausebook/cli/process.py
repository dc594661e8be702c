"""How the process speaks and ends, whatever system it runs on."""

from __future__ import annotations

import io
import signal
import sys
from types import FrameType

ENDING = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""The signals by which a system asks a process to end; those that it has."""


class Ended(KeyboardInterrupt):
    """A signal asks the process to end: all that an interruption cleans up is cleaned up then, too."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.name = signal.Signals(number).name
        self.code = 128 + number


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale; under a redirect, Windows has Python write in the ANSI code page else."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def end_in_order() -> None:
    """Let signals that end the process raise Ended in the main thread; those that are ignored stay so."""
    for name in ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:
    # Whoever asks again has to wait until what was begun is cleaned up.
    signal.signal(number, signal.SIG_IGN)
    raise Ended(number)
