"""The child's side: bounds on memory and processor time, no network, and an end when the parent is gone.

Questions come on standard input, answers go to standard output. Both are a line of JSON, and the bytes of the files
whose `sizes` it names.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import IO, Any

FILE_LIMIT = 4 << 20
"""Bytes that a child may write into one file: a compiled template for the cache."""

_SPARE = 2
# Whole seconds over the bound: the parent's watchdog is exact and comes first, if there is still a parent.
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000

Message = tuple[dict[str, Any], list[bytes]]
"""What is said, and files."""


@dataclass(frozen=True, slots=True)
class Channel:
    """The child's way to its parent. Each `step` may take `seconds` of processor time."""

    seconds: float
    _questions: SimpleQueue[Message] = field(default_factory=SimpleQueue)

    def questions(self) -> Iterator[Message]:
        """Yield what the parent asks; the process ends when the parent does."""
        # A thread waits for that: a template that loops for ever looks for no end of its input.
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            asked = self._questions.get()
            self.step()
            yield asked

    def tell(self, message: object, *files: bytes) -> None:
        """Answer, or say how far the work is."""
        write(sys.stdout.buffer, {"said": message}, files)

    def step(self) -> None:
        """Begin what has the bound on time for itself."""
        with contextlib.suppress(ImportError, ValueError, OSError):
            import resource

            used = resource.getrusage(resource.RUSAGE_SELF)
            soft = int(used.ru_utime + used.ru_stime + self.seconds) + _SPARE
            resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))

    def _listen(self) -> None:
        while asked := read(sys.stdin.buffer):
            self._questions.put(asked)
        os._exit(0)


def write(stream: IO[bytes], message: dict[str, Any], files: Sequence[bytes]) -> None:
    """Write one message. Raises OSError when nobody reads it."""
    if files:
        message = {**message, "sizes": [len(each) for each in files]}
    stream.write(json.dumps(message).encode() + b"\n")
    for each in files:
        stream.write(each)
    stream.flush()


def read(stream: IO[bytes]) -> Message | None:
    """Return the next message, or None if there is none, or not all of it."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    message = json.loads(line)
    sizes = message.get("sizes", ())
    files = [stream.read(size) for size in sizes]
    return (message, files) if [len(each) for each in files] == list(sizes) else None


def main() -> None:
    """Serve with the module, or become the program, that the arguments name after the bounds."""
    megabytes, seconds, kind, name, *rest = sys.argv[2:]
    channel = Channel(float(seconds))
    _bind(int(megabytes) << 20)
    channel.step()
    if kind == "program":
        os.execv(name, [name, *rest])
    importlib.import_module(name).serve(channel)


def _bind(memory: int) -> None:
    """Bound the process where the system can; elsewhere the parent's watchdog is the only bound."""
    with contextlib.suppress(ImportError):
        import resource

        for limit, value in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, FILE_LIMIT),
        ):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(limit, (value, value))
    if sys.platform == "linux":
        # Many kernels and containers allow it to nobody; then the proxy that is none has to do.
        with contextlib.suppress(OSError, AttributeError):
            _leave_network()


def _leave_network() -> None:
    import ctypes

    user = os.getuid()
    # Without a system of users of its own, root keeps its rights, which it may need to read the repository.
    alone = _NEW_NETWORK if user == 0 else _NEW_USER | _NEW_NETWORK
    if ctypes.CDLL(None).unshare(alone) == 0 and user:
        # Else the process takes itself for nobody, and the user's cache for somebody else's.
        with open("/proc/self/uid_map", "w", encoding="ascii") as file:
            file.write(f"{user} {user} 1")
