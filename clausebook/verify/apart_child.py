"""The child process that reads PDFs from outside."""

from __future__ import annotations

from typing import Any

from clausebook.children.bounded import Channel
from clausebook.reading.pages import Box, PagesError, read_pages
from clausebook.verify.pages.pictures import PageFit, PagePair, drawn, inks


def serve(channel: Channel) -> None:
    """Answer until the parent is gone."""
    for question, files in channel.questions():
        try:
            channel.tell({"answer": _answer(question, files)})
        except PagesError as error:
            channel.tell({"problem": str(error)})


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
    if question["ask"] == "drawn":
        return drawn(files[0], question["pages"])
    pairs = [_pair(each) for each in question["pairs"]]
    return [[ink.unlike, ink.beside, ink.over] for ink in inks(files[0], files[1], pairs)]


def _pair(data: dict[str, Any]) -> PagePair:
    boxes = {name: tuple(Box(**box) for box in data[name]) for name in ("fields", "told", "closed", "read")}
    body = Box(**data["body"]) if data["body"] else None
    return PagePair(data["ours"], data["theirs"], PageFit(**data["fit"]), body, **boxes)
