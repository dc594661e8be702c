"""Documents and redlines as plain text, so that a case of comparing can be read.

A document:

    = Title of the document
    # 1. section-id | Title of the section
    ## 1.1 clause-id | Title of the clause
    A paragraph with **strong** words, a [Section 1.1](#clause-id) and a [Fee](#term-fee).
    (a) an item
      (i) an item within
      a second paragraph of (a)
    - a bullet
    ☐ a bullet with a check box
    | head | head |
    | cell | cell |
    $ Schedule A schedule-id | Title of the schedule
    @ term-fee | Fee
    The definition's paragraphs, lists and tables.
    % signature-id | Heading
    Name: | the value
    & key | Legal name | Short name
    ---

A line of three hyphens ends a list or table, so that another may follow.
In a redline, `[-…-]` went, `{+…+}` came, and `[#…#]` is a number that changed by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from clausebook.compare.changes import changes
from clausebook.compare.laid_out import laid_out
from clausebook.compare.model import (
    Mark,
    MarkedBlock,
    MarkedClause,
    MarkedDefinition,
    MarkedList,
    MarkedParagraph,
    Pieces,
    Redline,
)
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    Item,
    ItemList,
    Origin,
    Paragraph,
    Party,
    Run,
    Runs,
    Schedule,
    Section,
    SignatureBlock,
    SignatureLine,
    Table,
)

_INLINE = re.compile(r"\*\*(?P<strong>.+?)\*\*|\[(?P<text>[^\]]+)\]\((?P<target>[^)]+)\)")
_ITEM = re.compile(r"(?P<number>\([^)\s]+\)|-|☐|☒) ")
_SIGNS: dict[Mark, tuple[str, str]] = {"same": ("", ""), "inserted": ("{+", "+}"), "deleted": ("[-", "-]")}


@dataclass
class _Part:
    """A heading and the lines below it."""

    sign: str
    name: str
    number: str
    title: str
    lines: list[str] = field(default_factory=list)


def document(text: str) -> Document:
    """Read a document; see the module's words."""
    parts: list[_Part] = []
    for line in filter(str.strip, text.splitlines()):
        sign, _, rest = line.partition(" ")
        if sign in ("=", "#", "##", "$", "@", "%", "&"):
            head, _, title = rest.partition(" | ")
            number, _, name = head.rpartition(" ")
            parts.append(_Part(sign, name, number, title))
        else:
            parts[-1].lines.append(line)
    sections: list[Section] = []
    schedules: list[Schedule] = []
    title, parties, signatures = "", [], []
    for part in parts:
        match part.sign:
            case "=":
                title = f"{part.number} {part.name}".strip()
            case "&":
                parties.append(Party(part.name, *part.title.split(" | ")))
            case "#":
                sections.append(Section(part.name, part.number, part.title, ()))
            case "$":
                schedules.append(Schedule(part.name, part.number, part.title))
            case "%":
                lines = (line.partition(" | ") for line in part.lines)
                found = tuple(SignatureLine(label, "name", _runs(value)) for label, _, value in lines)
                signatures.append(SignatureBlock(part.name, part.name, _runs(part.title), found))
            case "@":
                whole = schedules[-1]
                entry = Definition(part.name, part.title, _blocks(part.lines))
                schedules[-1] = Schedule(
                    whole.id, whole.number, whole.title, whole.clauses, (*whole.definitions, entry)
                )
            case _:
                clause = Clause(part.name, part.number, part.title, _blocks(part.lines))
                if schedules:
                    whole = schedules[-1]
                    schedules[-1] = Schedule(whole.id, whole.number, whole.title, (*whole.clauses, clause))
                else:
                    last = sections[-1]
                    sections[-1] = Section(last.id, last.number, last.title, (*last.clauses, clause))
    return Document(
        id="case",
        type="case",
        kind="Agreement",
        title=title,
        version="1.0",
        status="draft",
        draft=True,
        language="en-US",
        parties=tuple(parties),
        opening=None,
        sections=tuple(sections),
        closing=None,
        signatures=tuple(signatures),
        schedules=tuple(schedules),
    )


def report(redline: Redline) -> str:
    """Return the summary of the changes, and every clause and definition of the redline that shows something."""
    lines = [change.summary() + _used(change.uses) for change in changes(redline)] or ["no change"]
    for part in (*redline.sections, *redline.schedules):
        for clause in part.clauses:
            lines += _shown(clause, f"{_number(clause)}{_text(clause.title)}")
        for entry in getattr(part, "definitions", ()):
            lines += _shown(entry, entry.id)
    return "\n".join(lines) + "\n"


def text_of_pieces(pieces: Pieces) -> str:
    """Return marked text in one line."""
    return _text(pieces)


def _used(uses: Iterable[object]) -> str:
    places = [getattr(use, "number", "") or getattr(use, "title", "") for use in uses]
    return f" [used in {', '.join(places)}]" if places else ""


def _shown(node: MarkedClause | MarkedDefinition, heading: str) -> Iterator[str]:
    if node.mark == "same" and node.blocks is None and "-]" not in heading and "+}" not in heading:
        return
    state = f"{node.mark}{', moved' if node.move else ''}"
    yield f"\n== {heading} ({state})"
    if node.blocks is not None:
        yield from _lines(laid_out(node.blocks), "")


def _number(clause: MarkedClause) -> str:
    old, new = clause.old and clause.old.number, clause.new and clause.new.number
    return f"{new or old} " if not (old and new) or old == new else f"[#{old}→{new}#] "


def _lines(blocks: Iterable[MarkedBlock], indent: str) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, MarkedParagraph):
            yield f"{indent}{_mark(block.mark)}{_text(block.pieces)}"
        elif isinstance(block, MarkedList):
            for item in block.items:
                old, new = item.old_number, item.new_number
                number = f"[#{old}→{new}#]" if item.mark == "same" and old != new else new or old or "-"
                number = f"[-{old or '-'}-]{{+{new or '-'}+}}" if item.ticked else number
                yield f"{indent}{_mark(item.mark)}{number}"
                yield from _lines(item.blocks, indent + "    ")
        else:
            for row in (block.header, *block.rows):
                yield f"{indent}{_mark(row.mark)}| " + " | ".join(map(_text, row.cells)) + " |"


def _mark(mark: Mark) -> str:
    return {"same": "  ", "inserted": "+ ", "deleted": "- "}[mark]


def _text(pieces: Pieces) -> str:
    found = ""
    for (mark, numbering), group in groupby(pieces, key=lambda piece: (piece.mark, piece.numbering)):
        text = "".join(piece.run.text for piece in group)
        before, after = ("[#", "#]") if numbering else _SIGNS[mark]
        found += f"{before}{text}{after}"
    return found


def _blocks(lines: list[str]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if line == "---":
            index += 1
        elif line.startswith("| "):
            end = _end(lines, index, lambda line: line.startswith("| "))
            rows = [tuple(_runs(cell.strip()) for cell in line[1:-1].split("|")) for line in lines[index:end]]
            blocks.append(Table(("left",) * len(rows[0]), rows[0], tuple(rows[1:])))
            index = end
        elif _ITEM.match(line):
            end = _end(lines, index, lambda line: bool(_ITEM.match(line)) or line.startswith("  "))
            blocks.append(_list(lines[index:end]))
            index = end
        else:
            blocks.append(Paragraph(_runs(line)))
            index += 1
    return tuple(blocks)


def _end(lines: list[str], start: int, belongs: object) -> int:
    end = start
    while end < len(lines) and belongs(lines[end]):  # type: ignore[operator]
        end += 1
    return end


def _list(lines: list[str]) -> ItemList:
    items: list[Item] = []
    texts: list[list[str]] = []
    for line in lines:
        if match := _ITEM.match(line):
            items.append(Item("" if match["number"] == "-" else match["number"], ()))
            texts.append([line[match.end() :]])
        else:
            texts[-1].append(line[2:])
    whole = tuple(Item(item.number, _blocks(text)) for item, text in zip(items, texts, strict=True))
    return ItemList(whole, bool(items[0].number), 0)


def _runs(text: str) -> Runs:
    runs: list[Run] = []
    done = 0
    for match in _INLINE.finditer(text):
        runs.append(Run(text[done : match.start()]))
        if match["strong"]:
            runs.append(Run(match["strong"], strong=True))
        else:
            target = match["target"]
            kind = "term" if target.startswith("#term-") else "reference" if target.startswith("#") else ""
            origin = Origin(kind, pointer=target[1:]) if kind else None  # type: ignore[arg-type]
            runs.append(Run(match["text"], target=target, origin=origin))
        done = match.end()
    runs.append(Run(text[done:]))
    return tuple(run for run in runs if run.text)
