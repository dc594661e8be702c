"""An agreement as lines of its contract's words: what a diff compares."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    Item,
    ItemList,
    Paragraph,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    Table,
)
from clausebook.document.walk import data_pointers
from clausebook.document.words import text_of
from clausebook.findings.characters import without_hidden
from clausebook.findings.pointers import escaped
from clausebook.history.sentences import SENTENCE_END

INDENT = "  "
"""Before all that is no heading: git names the last line without it at the top of each change."""


def words_of(document: Document, data: Mapping[str, Any]) -> bytes:
    """Return what git compares for an agreement: its words, and the data that no word came from, in UTF-8."""
    rest = list(unspoken(document, data))
    lines = [*plain_text(document), *(("", "Data that is not in the words", *rest) if rest else ())]
    return "".join(f"{line}\n" for line in lines).encode()


def plain_text(document: Document) -> Iterator[str]:
    """Yield the document's lines: headings and sentences each on a line of its own, all but headings indented."""
    yield document.kind
    yield document.title
    for part in document.parts():
        match part:
            case Section() | Schedule():
                yield from ("", f"{part.number} {part.title}")
            case Clause():
                yield ""
                if part.number or part.title:
                    yield _one_line(f"{part.number} {part.title}")
                yield from _blocks(part.blocks, INDENT)
            case SignatureBlock():
                yield from ("", _one_line(text_of(part.heading)))
                for line in part.lines:
                    yield INDENT + _one_line(f"{line.label} {text_of(line.runs)}")
            case Definition():
                yield from _blocks(part.blocks, INDENT)


def unspoken(document: Document, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each value that no word of the document came from, so that no change of data is hidden."""
    spoken = {"/title"}.union(*map(data_pointers, document.parts())) - {""}
    for pointer, value in _leaves(data, "", spoken):
        yield f"{INDENT}{pointer} {json.dumps(value, ensure_ascii=False)}"


def _blocks(blocks: Iterable[Block], indent: str) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph():
                yield from _sentences(block.runs, indent, indent)
            case ItemList():
                for item in block.items:
                    yield from _item(item, indent)
            case Table():
                for row in (block.header, *block.rows):
                    yield f"{indent}| {' | '.join(_one_line(text_of(cell)) for cell in row)} |"


def _item(item: Item, indent: str) -> Iterator[str]:
    deeper = indent + INDENT
    blocks, lead = list(item.blocks), f"{indent}{item.number or '-'} "
    if blocks and isinstance(blocks[0], Paragraph):
        yield from _sentences(blocks[0].runs, lead, deeper)
        del blocks[0]
    else:
        yield lead.rstrip()
    yield from _blocks(blocks, deeper)


def _sentences(runs: Runs, first: str, indent: str) -> Iterator[str]:
    text = _one_line(text_of(runs))
    for number, sentence in enumerate(SENTENCE_END.split(text) if text else ()):
        yield (indent if number else first) + sentence


def _leaves(value: Any, pointer: str, known: Container[str]) -> Iterator[tuple[str, Any]]:
    """Yield each scalar, and each empty collection, with its JSON pointer, but for those in what is known already."""
    if pointer in known:
        return
    if isinstance(value, Mapping) and value:
        for key, held in value.items():
            yield from _leaves(held, f"{pointer}/{escaped(key)}", known)
    elif isinstance(value, list) and value:
        for index, held in enumerate(value):
            yield from _leaves(held, f"{pointer}/{index}", known)
    else:
        yield pointer, value


def _one_line(text: str) -> str:
    return " ".join(without_hidden(text).split())
