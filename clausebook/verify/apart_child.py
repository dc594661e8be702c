"""The child process that reads PDFs from outside."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import Any

from clausebook.children.bounded import Channel
from clausebook.reading.pages import Box, Page, PagesError, Word, read_pages
from clausebook.verify.pages.likeness import Likeness, Stray
from clausebook.verify.pages.pictures import drawn
from clausebook.verify.pages.scans import read_scan
from clausebook.verify.pages.side_by_side import side_by_side


def serve(channel: Channel) -> None:
    """Answer until the parent is gone."""
    for question, files in channel.questions():
        try:
            channel.tell({"answer": _answer(question, files)})
        except PagesError as error:
            channel.tell({"problem": str(error)})


def _answer(question: dict[str, Any], files: list[bytes]) -> Any:
    if question["ask"] == "pages":
        return [_page(page) for page in read_pages(files[0])]
    if question["ask"] == "drawn":
        return drawn(files[0], question["pages"])
    if question["ask"] == "scan":
        return astuple(read_scan(files[0], files[1]))
    places, stamps = (
        {page: [Box(*sides) for sides in boxes] for page, boxes in question[name]} for name in ("fields", "stamps")
    )
    found = side_by_side(files[0], files[1], places, stamps, service=question["service"])
    return [found.texts, _likeness(found.likeness) if found.likeness else None]


def _likeness(found: Likeness) -> dict[str, Any]:
    strays = {"missing": found.missing, "added": found.added, "tolerated": found.tolerated}
    pages = {"before": found.before, "after": found.after}
    # Whatever is found is told: what the parent does not hear of would be nothing.
    return {
        **{each.name: getattr(found, each.name) for each in fields(found)},
        **{name: [_stray(each) for each in those] for name, those in strays.items()},
        **{name: [_page(each) for each in those] for name, those in pages.items()},
    }


def _page(page: Page) -> list[Any]:
    return [page.width, page.height, [_word(word) for word in page.words]]


def _stray(stray: Stray) -> list[Any]:
    return [stray.page, stray.at_field, *_word(stray.word)]


def _word(word: Word) -> list[Any]:
    box = word.box
    return [word.text, box.left, box.bottom, box.right, box.top]
