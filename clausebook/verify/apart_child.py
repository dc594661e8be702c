"""The child process that reads PDFs from outside: questions on standard input, answers on standard output.

A question is a line of JSON and the bytes of the files that it is about; an answer is a line of JSON.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any

from clausebook.reading.pages import Box, PagesError, read_pages
from clausebook.verify.pages.pictures import PageFit, PagePair, inks

MEMORY_LIMIT = 2 << 30


def main() -> None:
    """Answer until standard input ends."""
    _bound_memory()
    for line in sys.stdin.buffer:
        question = json.loads(line)
        files = [sys.stdin.buffer.read(size) for size in question["sizes"]]
        try:
            answer = {"answer": _answer(question, files)}
        except PagesError as error:
            answer = {"problem": str(error)}
        except MemoryError:
            answer = {"problem": "the PDF asks for too much memory"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _answer(question: dict[str, Any], files: list[bytes]) -> Any:
    if question["ask"] == "pages":
        return [
            [
                page.width,
                page.height,
                [[word.text, word.box.left, word.box.bottom, word.box.right, word.box.top] for word in page.words],
            ]
            for page in read_pages(files[0])
        ]
    pairs = [_pair(each) for each in question["pairs"]]
    return [[ink.unlike, ink.beside] for ink in inks(files[0], files[1], pairs)]


def _pair(data: dict[str, Any]) -> PagePair:
    boxes = {name: tuple(Box(**box) for box in data[name]) for name in ("fields", "told")}
    body = Box(**data["body"]) if data["body"] else None
    return PagePair(data["ours"], data["theirs"], PageFit(**data["fit"]), body, **boxes)


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's watchdog is the only bound
        return
    for limit, value in ((resource.RLIMIT_AS, MEMORY_LIMIT), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main()
