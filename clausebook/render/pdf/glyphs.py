"""Characters that the PDF cannot show: which ones, and where in the document they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    ItemList,
    Paragraph,
    Run,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
)
from clausebook.document.presented import presented

# Typst writes the text as Rust does: `"\u{ccd}"`, `"\\"`.
_UNSHOWN = re.compile(r'(?:the text|contains the codepoint) `"((?:[^"\\]|\\.)+)"`')
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]{1,6})\}|(.))")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


class MissingGlyphs(Exception):
    """The document holds characters that no bundled font can show.

    `characters` are sorted and unique; a base and its accents that fail together are one.
    """

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters: tuple[str, ...] = tuple(sorted(set(characters)))
        shown = ", ".join(f"{character!r} ({code(character)})" for character in self.characters[:10])
        super().__init__(f"no bundled font has {shown}")


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """A character that cannot be shown, and where it stands.

    `place` is the id of a clause, definition or signature block, or of the section or schedule whose title holds it;
    it is "" for the agreement's title, kind and version. `run` is None for text without a run: a title, a number,
    a label.
    """

    character: str
    place: str
    run: Run | None


def missing_glyphs(document: Document, error: MissingGlyphs) -> list[MissingGlyph]:
    """Return each place where a character of the error stands, in reading order."""
    return [
        MissingGlyph(character, place, run)
        for place, text, run in _texts(document)
        for character in error.characters
        if character in text
    ]


def printed(document: Document) -> str:
    """Return every text of the document that is printed, one a line."""
    return "\n".join(text for _, text, _ in _texts(document))


def unshown(diagnostic: str) -> list[str]:
    """Return the characters that Typst's diagnostic says no font can show."""
    return [_ESCAPE.sub(_unescaped, text) for text in _UNSHOWN.findall(diagnostic)]


def right_to_left(text: str) -> set[str]:
    """Return the text's characters of right-to-left scripts, whose order the look does not keep."""
    if text.isascii():
        return set()
    return {character for character in set(text) if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT}


def _unescaped(escape: re.Match[str]) -> str:
    code, plain = escape.groups()
    return chr(int(code, 16)) if code else _CONTROLS.get(plain, plain)


def code(character: str) -> str:
    """Return the code points of a character: "U+0041"."""
    return " ".join(f"U+{ord(each):04X}" for each in character)


_Text = tuple[str, str, Run | None]


def _texts(document: Document) -> Iterator[_Text]:
    """Yield place, text and run of every printed text in reading order."""
    document = presented(document)
    yield "", document.kind, None
    yield "", document.title, None
    yield "", document.version, None
    yield from _blocks("notice", document.front)
    for part in document.parts():
        if isinstance(part, Section | Schedule | Clause):
            yield part.id, f"{part.number} {part.title}", None
        if isinstance(part, Clause | Definition):
            yield from _blocks(part.id, part.blocks)
        if isinstance(part, SignatureBlock):
            yield from _runs(part.id, part.heading)
            for line in part.lines:
                yield part.id, line.label, None
                yield from _runs(part.id, line.runs)


def _blocks(place: str, blocks: Sequence[Block]) -> Iterator[_Text]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from _runs(place, block.runs)
        elif isinstance(block, ItemList):
            for item in block.items:
                yield place, item.number, None
                yield from _blocks(place, item.blocks)
        else:
            for row in (block.header, *block.rows):
                for cell in row:
                    yield from _runs(place, cell)


def _runs(place: str, runs: Runs) -> Iterator[_Text]:
    return ((place, run.text, run) for run in runs)
