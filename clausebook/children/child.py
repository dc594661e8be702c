"""The parent's side: a child process that may take only so much time and memory, and reaches no network.

Whatever it works on, the parent lives: a child that takes too long or dies is gone, and its user starts another.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from clausebook.children.bounded import Message, read, write

LEAST_SECONDS = 5.0
"""What every question has, however many were stopped before it: ten times what a document of forty pages needs."""

START = "import sys; sys.path[:0] = sys.argv[1:2]; from clausebook.children.bounded import main; main()"
_PACKAGES = str(Path(__file__).resolve().parents[2])
_NOWHERE = "http://127.0.0.1:9"
# Address space counts, of which each thread's own arena reserves 64 MiB.
_SURROUNDINGS = {"MALLOC_ARENA_MAX": "2"} | dict.fromkeys(
    (name for plain in ("http_proxy", "https_proxy", "all_proxy") for name in (plain, plain.upper())), _NOWHERE
)


@dataclass(frozen=True, slots=True)
class Trade:
    """What a child does: the module whose `serve` answers, and the bounds of one question, in seconds and MiB."""

    module: str
    seconds: float
    megabytes: int


Bound = Literal["time", "memory"]


class OutOfBounds(Exception):
    """The child was ended at a bound, or died; `bound` is the likely one."""

    def __init__(self, bound: Bound, trade: Trade, seconds: float | None = None) -> None:
        self.bound: Bound = bound
        self.seconds = trade.seconds if seconds is None else seconds
        more = f"more than {trade.megabytes} MiB of memory"
        super().__init__(f"it takes longer than {self.seconds:g} seconds" if bound == "time" else f"it needs {more}")


class Child:
    """A running child. It loads while the parent goes on; it ends when it is closed, or when the parent is gone."""

    def __init__(self, trade: Trade) -> None:
        self._trade = trade
        self.process = subprocess.Popen(
            [*_command(trade), "module", trade.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        self._said: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def idle(self) -> bool:
        """Tell whether it runs and has nothing left to say."""
        return self.process.poll() is None and self._said.empty()

    def ask(self, question: Mapping[str, Any], *files: bytes) -> None:
        """Hand a question over. Raises OutOfBounds if the child is gone."""
        try:
            if self.process.stdin:
                write(self.process.stdin, dict(question), files)
        except OSError as error:
            raise OutOfBounds(self._why(), self._trade) from error

    def answer(self, seconds: float | None = None) -> tuple[Any, list[bytes]]:
        """Return the next thing that it says, and files. Raises OutOfBounds."""
        seconds = self._trade.seconds if seconds is None else seconds
        try:
            said = self._said.get(timeout=seconds)
        except queue.Empty:
            raise OutOfBounds("time", self._trade, seconds) from None
        if said is None:
            raise OutOfBounds(self._why(), self._trade)
        return said[0]["said"], said[1]

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                # What could not be written to a child that is gone.
                with contextlib.suppress(OSError):
                    pipe.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while self.process.stdout and (said := read(self.process.stdout)):
                self._said.put(said)
        self._said.put(None)

    def _why(self) -> Bound:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return _bound(self.process.wait(timeout=1))
        return "memory"


class Keeper:
    """Keeps a child for questions that have one answer each; asked by several threads, it takes them in turn.

    A context manager: the child loads while the parent goes on.

    Each question that hits a bound leaves half its time to those after it, until one is answered.
    """

    def __init__(self, trade: Trade) -> None:
        self._trade = trade
        self._seconds = trade.seconds
        self._child: Child | None = None
        self._worked = False
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the child if there is none."""
        if self._child is None:
            self._child, self._worked = Child(self._trade), False

    def ask(self, question: Mapping[str, Any], *files: bytes) -> tuple[Any, list[bytes]]:
        """Return the answer, and files. Raises OutOfBounds."""
        with self._turn:
            try:
                return self._asked(question, files)
            except OutOfBounds as lost:
                worked = self._worked
                self._lose()
                if lost.bound == "time" or not worked:
                    raise
            # What earlier questions left in its memory must decide on nothing.
            try:
                return self._asked(question, files)
            except OutOfBounds:
                self._lose()
                raise

    def close(self) -> None:
        """End the child; the next question starts another."""
        if self._child:
            self._child.close()
            self._child = None

    def _lose(self) -> None:
        self.close()
        self._seconds = min(self._trade.seconds, max(LEAST_SECONDS, self._seconds / 2))

    def _asked(self, question: Mapping[str, Any], files: Sequence[bytes]) -> tuple[Any, list[bytes]]:
        self.start()
        if self._child is None:
            raise RuntimeError("no child was started")
        self._child.ask(question, *files)
        answer = self._child.answer(self._seconds)
        self._worked, self._seconds = True, self._trade.seconds
        return answer


def run_program(
    program: Sequence[str], given: bytes, bounds: Trade, surroundings: Mapping[str, str], heap_overflow: int
) -> bytes:
    """Return what a program writes to standard output. Raises OutOfBounds, and CalledProcessError.

    By the exit code `heap_overflow` it tells that it has hit a bound on memory of its own.
    """
    # On Windows, nothing becomes another program.
    command = list(program) if sys.platform == "win32" else [*_command(bounds), "program", *program]
    try:
        done = subprocess.run(
            command, input=given, env={**_environment(), **surroundings}, capture_output=True, timeout=bounds.seconds
        )
    except subprocess.TimeoutExpired as error:
        raise OutOfBounds("time", bounds) from error
    if done.returncode < 0 or done.returncode == heap_overflow:
        raise OutOfBounds(_bound(done.returncode), bounds)
    done.check_returncode()
    return done.stdout


def _command(trade: Trade) -> list[str]:
    # Isolated, so that no file of the folder that the command is called in is taken for a module.
    return [sys.executable, "-I", "-c", START, _PACKAGES, str(trade.megabytes), str(trade.seconds)]


def _environment() -> dict[str, str]:
    return {**os.environ, **_SURROUNDINGS}


def _bound(code: int) -> Bound:
    return "time" if code == -getattr(signal, "SIGXCPU", 0) else "memory"
