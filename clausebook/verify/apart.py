"""Read PDFs from outside in a process of its own, which may fail, hang or be killed without harm.

The library that reads and draws pages is fast because it is not Python; a file made for it can keep it busy for
ever, or bring it down. The child gives answers of plain data, within bounds of time and memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from clausebook.reading.pages import Box, Page, PagesError, Word
from clausebook.verify.pages.pictures import Ink, PagePair

TIME_LIMIT = 120.0
"""Seconds that one question may take."""

# Isolated, so that no file of the folder that verify is called in is taken for a module.
_START = "import sys; sys.path.insert(0, sys.argv[1]); from clausebook.verify.apart_child import main; main()"
_PACKAGES = str(Path(__file__).resolve().parents[2])


class Apart:
    """Reads and compares pages in a child process. A context manager; the child loads while the parent goes on."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self._time_limit = time_limit
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def pages(self, pdf: bytes) -> tuple[Page, ...]:
        """Return the pages of a PDF. Raise PagesError if that is not possible."""
        told = self._ask({"ask": "pages"}, pdf)
        return tuple(
            Page(width, height, tuple(Word(text, Box(*sides)) for text, *sides in words))
            for width, height, words in told
        )

    def inks(self, ours: bytes, theirs: bytes, pairs: Iterable[PagePair]) -> tuple[Ink, ...]:
        """Compare pages of two PDFs as pictures. Raise PagesError if that is not possible."""
        told = self._ask({"ask": "inks", "pairs": [asdict(pair) for pair in pairs]}, ours, theirs)
        return tuple(Ink(*each) for each in told)

    def _ask(self, question: dict[str, Any], *files: bytes) -> Any:
        child = self._start()
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        watchdog = threading.Timer(self._time_limit, stop)
        watchdog.start()
        try:
            line = _exchanged(child, {**question, "sizes": [len(each) for each in files]}, files)
        finally:
            watchdog.cancel()
        if not line:
            self._end()
            if late.is_set():
                raise PagesError(f"its pages take longer than {self._time_limit:g} seconds to read")
            raise PagesError("its pages cannot be read: they ask for too much memory, or are damaged")
        answer = json.loads(line)
        if "problem" in answer:
            raise PagesError(answer["problem"])
        return answer["answer"]

    def _start(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, _PACKAGES],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._child

    def _end(self) -> None:
        if self._child:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe:
                    _quietly(pipe.close)
            self._child = None


def _exchanged(child: subprocess.Popen[bytes], question: dict[str, Any], files: Sequence[bytes]) -> bytes:
    """Return the child's answer, a line; empty if it is gone."""
    if child.stdin is None or child.stdout is None:
        return b""
    try:
        child.stdin.write(json.dumps(question).encode() + b"\n")
        for each in files:
            child.stdin.write(each)
        child.stdin.flush()
        line = child.stdout.readline()
    except OSError:
        return b""
    return line if line.endswith(b"\n") else b""


def _quietly(close: Callable[[], None]) -> None:
    try:
        close()
    except OSError:
        # What could not be written to a child that is gone.
        return
