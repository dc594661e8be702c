"""The contract's own words, in reading order: what all outputs must agree on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    DocumentPart,
    ItemList,
    Paragraph,
    Run,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    Table,
)
from clausebook.document.walk import Blocks, kept

RunText: TypeAlias = Callable[[Run], str]


def words(document: Document) -> list[str]:
    """Return the document's words: white-space separated, numbers and labels included.

    Tables of contents, headers, footers, the DRAFT mark and list bullets are not words.
    """
    return text_in_words(document).split()


def text_in_words(document: Document) -> str:
    """Return the document's words, joined by single spaces."""
    said = [" ".join(f"{document.kind} {document.title}".split()), _spoken(document.front)]
    for part in document.parts():
        if isinstance(part, Clause | Definition):
            heading = heading_of(part) if isinstance(part, Clause) else ""
            said += [" ".join(heading.split()), _spoken(part.blocks)]
        else:
            said.append(" ".join(" ".join(part_passages(part)).split()))
    return " ".join(filter(None, said))


def passages(document: Document) -> Iterator[str]:
    """Yield the text of every heading, paragraph, table cell and signature line in reading order."""
    yield document.kind
    yield document.title
    yield from _passages(document.front)
    for part in document.parts():
        yield from part_passages(part)


def part_passages(part: DocumentPart) -> Iterator[str]:
    """Yield the passages of a part itself, as `passages` does those of all."""
    match part:
        case Section() | Schedule():
            yield f"{part.number} {part.title}"
        case Clause():
            if part.number or part.title:
                yield f"{part.number} {part.title}"
            yield from _passages(part.blocks)
        case SignatureBlock():
            yield text_of(part.heading)
            for line in part.lines:
                yield f"{line.label} {text_of(line.runs)}"
        case Definition():
            yield from _passages(part.blocks)


def part_text(part: DocumentPart, text: RunText) -> str:
    """Return the words of a part itself, without its number; what is an item, and how deep, is part of what they say.

    `text` gives a run's words: `unnumbered`, or what is printed.
    """
    match part:
        case Section() | Schedule():
            return part.title
        case Clause() | Definition():
            said = _unnumbered(part.blocks) if text is unnumbered else _said(part.blocks, text)
            return f"{part.title}\n{said}" if isinstance(part, Clause) else said
        case SignatureBlock():
            lines = "\n".join(line.label + _joined(line.runs, text) for line in part.lines)
            return f"{_joined(part.heading, text)}\n{lines}"


def unnumbered(run: Run) -> str:
    """Return a run's words, with a link's address; of a reference its target: a number that only moved is no change."""
    if run.origin and run.origin.kind in ("reference", "number"):
        return f"→{run.target}"
    return f"{run.text}→{run.target}" if run.target and not run.target.startswith("#") else run.text


def heading_of(part: Section | Clause | Schedule) -> str:
    """Return a part's number and title: "6.2 Termination"; "" if it has neither."""
    return f"{part.number} {part.title}".strip()


def called(part: Section | Clause | Schedule) -> str:
    """Return how a reader calls a part: by its heading or, without one, by its id as words."""
    return heading_of(part) or part.id.replace("-", " ").capitalize()


def text_of(runs: Runs) -> str:
    """Return the runs' text, joined."""
    return "".join(run.text for run in runs)


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(runs):
                yield text_of(runs)
            case ItemList(items):
                for item in items:
                    yield item.number
                    yield from _blocks(item.blocks)
            case Table():
                for row in (block.header, *block.rows):
                    yield from map(text_of, row)


@kept
def _passages(blocks: Blocks) -> tuple[str, ...]:
    return tuple(_blocks(blocks))


@kept
def _spoken(blocks: Blocks) -> str:
    return " ".join(" ".join(_passages(blocks)).split())


@kept
def _unnumbered(blocks: Blocks) -> str:
    return _said(blocks, unnumbered)


def _said(blocks: Iterable[Block], text: RunText) -> str:
    parts = []
    for block in blocks:
        match block:
            case Paragraph():
                parts.append(_joined(block.runs, text))
            case ItemList():
                parts += [f"({_said(item.blocks, text)})" for item in block.items]
            case Table():
                parts += ["|".join(_joined(cell, text) for cell in row) for row in (block.header, *block.rows)]
    return "\n".join(parts)


def _joined(runs: Runs, text: RunText) -> str:
    return " ".join("".join(map(text, runs)).split())
