"""Bookmark names: the document's anchors, in the form that Word accepts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from clausebook.model import Block, Clause, Document, ItemList, Paragraph

MAX_LENGTH = 40

_UNFIT = re.compile(r"[^A-Za-z0-9_]")
_DIGEST_LENGTH = 10


def bookmark_names(document: Document) -> dict[str, str]:
    """Return the bookmark name of every anchor.

    Names are unique whatever their case, begin with a letter, hold only ASCII letters, digits
    and underscores, and have at most 40 characters.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for anchor in dict.fromkeys(_anchors(document)):
        name = _UNFIT.sub("_", anchor)
        if not name[0].isalpha():
            name = "a_" + name
        if len(name) > MAX_LENGTH or name.lower() in taken:
            digest = hashlib.sha256(anchor.encode("utf-8", "backslashreplace")).hexdigest()[:_DIGEST_LENGTH]
            name = f"{name[: MAX_LENGTH - _DIGEST_LENGTH - 1]}_{digest}"
        names[anchor] = name
        taken.add(name.lower())
    return names


def _anchors(document: Document) -> Iterator[str]:
    for anchor in _all_anchors(document):
        if anchor:
            yield anchor


def _all_anchors(document: Document) -> Iterator[str]:
    if document.opening:
        yield from _clause(document.opening)
    for section in document.sections:
        yield section.id
        for clause in section.clauses:
            yield from _clause(clause)
    if document.closing:
        yield from _clause(document.closing)
    for schedule in document.schedules:
        yield schedule.id
        for clause in schedule.clauses:
            yield from _clause(clause)
        for definition in schedule.definitions:
            yield definition.id
            yield from _blocks(definition.blocks)


def _clause(clause: Clause) -> Iterator[str]:
    yield clause.id
    yield from _blocks(clause.blocks)


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.anchor
        elif isinstance(block, ItemList):
            for item in block.items:
                yield item.anchor
                yield from _blocks(item.blocks)
