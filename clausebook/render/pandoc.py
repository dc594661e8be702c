"""Other formats (odt, rtf, plain text …) by pandoc, from its own document tree.

The tree is written directly from the Document, so pandoc parses no markup and a
value cannot become any.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from clausebook.children.child import Trade, run_program
from clausebook.document.model import (
    LINE_BREAK,
    Block,
    Clause,
    Definition,
    Document,
    DocumentPart,
    Item,
    ItemList,
    Paragraph,
    Run,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    Table,
)
from clausebook.document.presented import presented
from clausebook.document.walk import numbered_blocks
from clausebook.render.draft_mark import draft_mark

Node = dict[str, Any]

FORMATS: Mapping[str, str] = MappingProxyType(
    {"odt": "odt", "rtf": "rtf", "txt": "plain", "epub": "epub3", "latex": "latex", "rst": "rst"}
)
"""Formats that pandoc writes for us, and pandoc's names for them.

Org is none: its writer lets markup in a value through.
"""

_GAPS: Mapping[str, Node] = {" ": {"t": "Space"}, LINE_BREAK: {"t": "LineBreak"}}
API_VERSION = [1, 23, 1]
ALIGNMENT = {"left": "AlignLeft", "center": "AlignCenter", "right": "AlignRight"}
NO_ATTRIBUTES: list[Any] = ["", [], []]
STYLES = (
    (re.compile(r"\(([a-z])\)"), "LowerAlpha"),
    (re.compile(r"\(([ivxl]+)\)"), "LowerRoman"),
    (re.compile(r"\(([A-Z])\)"), "UpperAlpha"),
)
FIXED_TIME = "315532800"
"""1980-01-01, the earliest that a zip file can say: outputs know no clock."""

PANDOC = Trade("", 60.0, 1024)
"""The bounds of one file."""
_HEAP_OVERFLOW = 251  # of programs in Haskell


def render_with_pandoc(document: Document, format_name: str) -> bytes:
    """Return the document in one of FORMATS. Raise OutOfBounds when it takes too long or too much memory."""
    import pypandoc

    command = [pypandoc.get_pandoc_path(), "+RTS", f"-M{PANDOC.megabytes}m", "-RTS"]
    command += ["--from=json", f"--to={FORMATS[format_name]}", "--standalone", "--sandbox", "--output=-"]
    given = json.dumps(pandoc_tree(document)).encode()
    return run_program(command, given, PANDOC, {"SOURCE_DATE_EPOCH": FIXED_TIME}, _HEAP_OVERFLOW)


def pandoc_tree(document: Document) -> Node:
    """Return the document as pandoc's own tree."""
    document = presented(document)
    # There are no pages here, on each of which a mark could stand: it comes before all words.
    blocks: list[Node] = [_paragraph([_styled("Strong", _words(draft_mark(document)))])] if document.draft else []
    blocks += [_header(1, document.kind), _paragraph([_styled("Strong", _words(document.title))])]
    blocks += _blocks(document.front)
    for part in document.parts():
        blocks += _part(part)
    # The title stands in the text itself; as pagetitle it only names the file's window.
    texts = {"lang": document.language, "pagetitle": f"{document.kind}: {document.title}"}
    meta = {name: {"t": "MetaString", "c": text} for name, text in texts.items()}
    return {"pandoc-api-version": API_VERSION, "meta": meta, "blocks": blocks}


def _part(part: DocumentPart) -> Iterable[Node]:
    match part:
        case Section() | Schedule():
            yield _header(2, part.number, part.title)
        case Clause() if part.title:
            yield _header(3 + part.level, part.number, part.title)
            yield from _blocks(part.blocks)
        case Clause():
            yield from _blocks(numbered_blocks(part))
        case Definition():
            yield from _blocks(part.blocks)
        case SignatureBlock():
            yield _paragraph([_styled("Strong", _runs(part.heading))])
            rows = [[_words(line.label), _runs(line.runs)] for line in part.lines]
            yield _table(["left", "left"], None, rows)


def _blocks(blocks: Iterable[Block]) -> Iterable[Node]:
    for block in blocks:
        match block:
            case Paragraph():
                yield _paragraph(_runs(block.runs))
            case ItemList():
                yield _list(block)
            case Table():
                rows = [list(map(_runs, row)) for row in block.rows]
                yield _table(block.alignments, list(map(_runs, block.header)), rows)


def _list(items: ItemList) -> Node:
    numbering = _numbering(items.items)
    if numbering:
        return {"t": "OrderedList", "c": [numbering, [list(_blocks(item.blocks)) for item in items.items]]}
    return {"t": "BulletList", "c": [_literal_item(item) for item in items.items]}


def _literal_item(item: Item) -> list[Node]:
    blocks = list(_blocks(item.blocks))
    if item.number and blocks and blocks[0]["t"] == "Para":
        blocks[0]["c"] = [*_words(item.number), {"t": "Space"}, *blocks[0]["c"]]
    elif item.number:
        blocks.insert(0, _paragraph(_words(item.number)))
    return blocks


def _numbering(items: Sequence[Item]) -> list[Any] | None:
    """Return pandoc's list attributes if its numbers are the items' own, else None."""
    from clausebook.assemble.numbering import item_number

    for level, (pattern, style) in enumerate(STYLES):
        if items and pattern.fullmatch(items[0].number):
            for start in range(1, 27):
                if [item_number(level, start + n) for n in range(len(items))] == [item.number for item in items]:
                    return [start, {"t": style}, {"t": "TwoParens"}]
    return None


def _table(alignments: Sequence[str], header: list[list[Node]] | None, rows: list[list[list[Node]]]) -> Node:
    columns = [[{"t": ALIGNMENT[alignment]}, {"t": "ColWidthDefault"}] for alignment in alignments]
    head = [NO_ATTRIBUTES, [_row(header)] if header else []]
    body = [NO_ATTRIBUTES, 0, [], list(map(_row, rows))]
    return {"t": "Table", "c": [NO_ATTRIBUTES, [None, []], columns, head, [body], [NO_ATTRIBUTES, []]]}


def _row(cells: list[list[Node]]) -> list[Any]:
    return [
        NO_ATTRIBUTES,
        [[NO_ATTRIBUTES, {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": cell}] if cell else []] for cell in cells],
    ]


def _header(level: int, *texts: str) -> Node:
    return {"t": "Header", "c": [level, NO_ATTRIBUTES, _words(" ".join(filter(None, texts)))]}


def _paragraph(inlines: list[Node]) -> Node:
    return {"t": "Para", "c": inlines}


def _runs(runs: Runs) -> list[Node]:
    return [node for run in runs for node in _run(run)]


def _run(run: Run) -> list[Node]:
    nodes = _words(run.text)
    if run.emphasis:
        nodes = [_styled("Emph", nodes)]
    if run.strong:
        nodes = [_styled("Strong", nodes)]
    if run.target and not run.target.startswith("#"):
        nodes = [{"t": "Link", "c": [NO_ATTRIBUTES, nodes, [run.target, ""]]}]
    return nodes


def _styled(kind: str, nodes: list[Node]) -> Node:
    return {"t": kind, "c": nodes}


def _words(text: str) -> list[Node]:
    nodes: list[Node] = []
    for word in re.split(f"([ {LINE_BREAK}])", text):
        if word:
            nodes.append(_GAPS.get(word) or {"t": "Str", "c": word})
    return nodes
