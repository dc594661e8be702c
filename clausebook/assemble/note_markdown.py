"""Footnotes in a clause's Markdown: `[^name]` where one is marked, `[^name]: …` what it says, and their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from clausebook.document.model import Block, Clause, Definition, Document, ItemList, Run, Schedule, Section
from clausebook.document.notes import is_mark, is_notes, note_number, notes_in
from clausebook.document.walk import map_blocks, map_groups

MARK = "note_mark"
_MARK = re.compile(r"\[\^([A-Za-z0-9-]{1,40})\]")
_TEXT = re.compile(_MARK.pattern + r":[ \t]+(\S.*)")
_Part = TypeVar("_Part", Clause, Definition)


def read_notes(markdown: MarkdownIt) -> MarkdownIt:
    """Let a parser read footnotes."""
    markdown.inline.ruler.before("link", MARK, _read_mark)
    markdown.block.ruler.before("reference", "note", _read_text, {"alt": ["paragraph", "reference", "list"]})
    return markdown


def parted(tokens: Sequence[Token]) -> tuple[Sequence[Token], Mapping[str, Sequence[Token]]]:
    """Return the tokens without those of notes, and by name the tokens of what these say: each once, if all is well."""
    rest: list[Token] = []
    notes: dict[str, list[Token]] = {}
    place = 0
    while place < len(tokens):
        if tokens[place].type == "note_open":
            notes.setdefault(tokens[place].info, []).append(tokens[place + 1])
            place += 3
        else:
            rest.append(tokens[place])
            place += 1
    return (rest, notes) if notes else (tokens, notes)


def _read_mark(state: StateInline, silent: bool) -> bool:
    match = _MARK.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        # Its name is no content: quotation marks beside it go by what is around them.
        state.push(MARK, "", 0).info = match[1]
    state.pos = match.end()
    return True


def _read_text(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read what a note says: to the next empty line, or to the next note."""

    def line(number: int) -> str:
        return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]

    match = _TEXT.match(line(start))
    if not match or silent:
        return bool(match)
    texts, place = [match[2]], start + 1
    while place < end and not state.isEmpty(place) and not _TEXT.match(line(place)):
        texts.append(line(place))
        place += 1
    state.line = place
    state.push("note_open", "", 1).info = match[1]
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = "\n".join(texts), [start, place], []
    state.push("note_close", "", -1)
    return True


def with_numbered_notes(document: Document) -> Document:
    """Return the document with its footnotes numbered in reading order."""
    numbers: dict[str, str] = {}
    for part in document.parts():
        if isinstance(part, Clause | Definition):
            for note in notes_in(part.blocks):
                numbers[note.anchor] = note_number(len(numbers) + 1)
    if not numbers:
        return document

    def run(each: Run) -> Run:
        return replace(each, text=numbers[each.target[1:]]) if is_mark(each) else each

    def blocks(given: tuple[Block, ...]) -> Iterator[Block]:
        for block in given:
            if isinstance(block, ItemList):
                items = (
                    replace(
                        item,
                        number=numbers[item.anchor] if is_notes(block) else item.number,
                        blocks=tuple(blocks(item.blocks)),
                    )
                    for item in block.items
                )
                block = replace(block, items=tuple(items))
            yield block

    def part_(each: _Part) -> _Part:
        return replace(each, blocks=map_blocks(blocks(each.blocks), run)) if notes_in(each.blocks) else each

    def group(each: Section | Schedule) -> Section | Schedule:
        clauses, definitions = tuple(map(part_, each.clauses)), tuple(map(part_, each.definitions))
        return replace(each, clauses=clauses, definitions=definitions)

    opening, closing = (each and part_(each) for each in (document.opening, document.closing))
    return replace(map_groups(document, group), opening=opening, closing=closing)
