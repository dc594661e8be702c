"""The fingerprint of a text, by which two people know that they have the same one.

**Form 1** covers the words alone: the SHA-256 of `words`, joined by single spaces, in UTF-8. It is that of texts that
were sent, built or executed before there was another; what has it keeps it.

**Form 2** covers words, emphasis, where links lead, and what is a heading, a paragraph, an item or a cell. It is the
SHA-256, in hexadecimal, of lines in UTF-8, parted by a line feed. Each line is a JSON array without white space between
its values, in which only `"`, `\\` and characters below U+0020 are escaped, as short as JSON can. Its first value names
what it is; what may come later has a name of its own. In reading order:

    ["clausebook-text/2",KIND,TITLE]
    ["section",NUMBER,TITLE]        a heading of the first level; of a schedule, "schedule"
    ["clause",NUMBER,TITLE]         a heading of the second level, both "" where none is printed; then its blocks
    ["subclause",NUMBER,TITLE,LEVEL]    the same below a clause: LEVEL is 1 right below it, 2 below that
    ["definition"]                  then its blocks, the term among their words
    ["signature",TEXT,LINES]        LINES are arrays [LABEL,FIELD,TEXT]; FIELD is "signature", "name", "title", …

and of blocks, which inside a list stand as arrays and else are lines:

    ["paragraph",TEXT]
    ["list",ORDERED,ITEMS]          ORDERED is true or false; ITEMS are arrays [NUMBER,BLOCK,…]
    ["table",HEADER,ROWS]           HEADER and each of ROWS is an array of TEXT

TEXT is an array of stretches [WORDS,STRONG,EMPHASIS,TARGET], of which no two neighbours have the same look; TARGET is
"" or an address, "#…" inside the document. White space, by Unicode's White_Space, is one space where it parts two
words, and belongs to the stretch in which it begins; before the first word and after the last there is none.

Neither form covers the DRAFT mark, the version, page furniture, widths and alignment.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    ItemList,
    Paragraph,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    Table,
)
from clausebook.document.walk import Blocks, kept
from clausebook.document.words import text_in_words
from clausebook.formats.table import FINGERPRINT_FORMS

# White space that is not one space already.
_SPACE = re.compile(r" \s+|[^\S ]\s*")
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def fingerprint(document: Document, form: int = 0) -> str:
    """Return the fingerprint of a document's text in a form; 0 is the document's own."""
    text = text_in_words(document) if (form or document.form) == 1 else "\n".join(_lines(document))
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprints(document: Document) -> tuple[str, ...]:
    """Return the fingerprints of a document's text in all forms, the newest last."""
    return tuple(fingerprint(document, form) for form in FINGERPRINT_FORMS)


def _lines(document: Document) -> Iterator[str]:
    yield _line("clausebook-text/2", _single(document.kind), _single(document.title))
    for part in document.parts():
        match part:
            case Clause() if part.level:
                yield _line("subclause", _single(part.number), _single(part.title), part.level)
            case Section() | Schedule() | Clause():
                yield _line(type(part).__name__.lower(), _single(part.number), _single(part.title))
            case Definition():
                yield _line("definition")
            case SignatureBlock():
                lines = [[_single(line.label), line.field, stretches(line.runs)] for line in part.lines]
                yield _line("signature", stretches(part.heading), lines)
        if isinstance(part, Clause | Definition):
            yield from _block_lines(part.blocks)


@kept
def _block_lines(blocks: Blocks) -> tuple[str, ...]:
    return tuple(_line(*_block(block)) for block in blocks)


def _block(block: Block) -> list[Any]:
    match block:
        case Paragraph():
            return ["paragraph", stretches(block.runs)]
        case ItemList():
            return ["list", block.ordered, [[_single(each.number), *map(_block, each.blocks)] for each in block.items]]
        case Table():
            return [
                "table",
                [stretches(cell) for cell in block.header],
                [[stretches(cell) for cell in r] for r in block.rows],
            ]


def stretches(runs: Runs) -> list[list[Any]]:
    """Return a text as form 2 covers it: words with their emphasis and where they lead; the one idea of equal texts."""
    found: list[list[Any]] = []
    for run in runs:
        words, look = _SPACE.sub(" ", run.text), [run.strong, run.emphasis, run.target]
        if not found or found[-1][0].endswith(" "):
            words = words.removeprefix(" ")
        if words and found and found[-1][1:] == look:
            found[-1][0] += words
        elif words:
            found.append([words, *look])
    if found:
        found[-1][0] = found[-1][0].removesuffix(" ")
    return [each for each in found if each[0]]


def _single(text: str) -> str:
    return " ".join(text.split())


def _line(*values: Any) -> str:
    return _JSON.encode(values)
