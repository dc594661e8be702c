"""Write a Document as Markdown that GitHub reads well: numbers are in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import groupby

from clausebook.document.model import (
    LINE_BREAK,
    Alignment,
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
from clausebook.document.notes import is_mark, is_notes, note_count, notes_in, text_of_note, without_notes
from clausebook.document.presented import presented
from clausebook.document.walk import numbered_blocks

SPECIAL = re.compile(r"([\\`*_\[\]<>&|~$])")
LINE_START = re.compile(r"(#{1,6}|[-+=:]+|\d{1,9}(?=[.)])|@)")
RULE = {"left": ":---", "center": ":---:", "right": "---:"}
INDENT = "  "
_BREAK = "\\\n"
_SPACES = " \u00a0"


def render_markdown(document: Document) -> str:
    """Return the document as Markdown, with a line break at its end."""
    document = presented(document)
    parts = [f"# {_heading(document.kind)}", _paragraph((Run(document.title, strong=True),))]
    parts += blocks_markdown(document.front)
    for part in document.parts():
        parts += _part(part)
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Return text as Markdown for that very text, anywhere but at the start of a line."""
    return SPECIAL.sub(r"\\\1", text).replace(LINE_BREAK, _BREAK)


def blocks_markdown(blocks: Iterable[Block]) -> Iterable[str]:
    """Yield each block as Markdown; empty lines are to part them."""
    marker = "*"
    for block in blocks:
        match block:
            case Paragraph():
                if text := _paragraph(block.runs):
                    yield text
            case ItemList() if is_notes(block):
                yield from map(_note, block.items)
            case ItemList():
                # Two lists in a row would run together if they had the same marker.
                marker = "-" if marker == "*" else "*"
                yield _list(block, marker)
                yield from map(_note, notes_in((block,)))
            case Table():
                yield table_markdown(
                    block.alignments, list(map(_cell, block.header)), [list(map(_cell, row)) for row in block.rows]
                )


def inline_markdown(runs: Runs) -> str:
    """Return runs as Markdown, escaped, for anywhere but the start of a line."""
    text = ""
    stretches = [(look, list(found)) for look, found in groupby(runs, lambda run: (run.strong, run.emphasis))]
    for index, ((strong, emphasis), found) in enumerate(stretches):
        following = stretches[index + 1][1][0].text[:1] if index + 1 < len(stretches) else ""
        beside = index > 0 and any(stretches[index - 1][0])
        written = _stretch(found, strong, emphasis, text[-1:], following, beside_styled=beside)
        text = _followed(text, written)
    return text


def table_markdown(alignments: Iterable[Alignment], header: list[str], rows: list[list[str]]) -> str:
    """Return a table as Markdown; its cells are Markdown already."""
    lines = [header, [RULE[alignment] for alignment in alignments], *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def guarded(text: str) -> str:
    """Keep the start of a line from being read as a heading, list, rule or table mark."""
    if _BREAK in text:
        return _BREAK.join(map(guarded, text.split(_BREAK)))
    match = LINE_START.match(text)
    if not match:
        return text
    if match[0][0].isdigit():
        return f"{match[0]}\\{text[match.end() :]}"
    return f"\\{text}"


def _heading(*texts: str) -> str:
    text = escape(" ".join(filter(None, texts)))
    # A closing run of # would be taken for the heading's end mark.
    return re.sub(r"#(?=#*\s*$)", r"\\#", text)


def _part(part: DocumentPart) -> Iterable[str]:
    match part:
        case Section() | Schedule():
            yield f"## {_heading(part.number, part.title)}"
        case Clause() if part.title:
            yield f"###{'#' * part.level} {_heading(part.number, part.title)}"
            yield from blocks_markdown(part.blocks)
        case Clause():
            yield from blocks_markdown(numbered_blocks(part))
        case Definition():
            yield from blocks_markdown(part.blocks)
        case SignatureBlock():
            rows = [[_cell(_literal(line.label)), _cell(line.runs)] for line in part.lines]
            yield table_markdown(("left", "left"), [_cell(part.heading), ""], rows)


def _list(items: ItemList, marker: str) -> str:
    loose = any(len(item.blocks) > 1 for item in items.items)
    return ("\n\n" if loose else "\n").join(_item(item, marker) for item in items.items)


def _item(item: Item, marker: str) -> str:
    blocks = list(without_notes(item.blocks))
    first = ""
    if blocks and isinstance(blocks[0], Paragraph):
        first = inline_markdown(blocks.pop(0).runs).strip()  # type: ignore[union-attr]
    number = escape(item.number)
    # "1." at the start of an item would begin a list of Markdown's own.
    lead = guarded(f"{number} {first}".strip())
    rest = "\n\n".join(blocks_markdown(blocks))
    # An item that begins with a blank line holds nothing: a table without words before it stands beside the marker.
    text = f"{lead}\n\n{rest}" if lead and rest else lead or rest
    return f"{marker} " + text.replace("\n", f"\n{INDENT}").replace(f"\n{INDENT}\n", "\n\n")


def _note(item: Item) -> str:
    """Return what a footnote says, for behind all that is around its mark: some readers look for it nowhere else."""
    return f"[^{note_count(item.number)}]: {inline_markdown(text_of_note(item)).strip().replace(_BREAK, ' ')}"


def _cell(runs: Runs) -> str:
    return inline_markdown(runs).strip().replace(_BREAK, "<br>")


def _paragraph(runs: Runs) -> str:
    return guarded(inline_markdown(runs).strip())


def _stretch(runs: Sequence[Run], strong: bool, emphasis: bool, before: str, after: str, *, beside_styled: bool) -> str:
    """Return neighbours of one look; white space at their ends stands outside of it."""
    whole = "".join(run.text for run in runs)
    core = whole.strip(_SPACES)
    if not (strong or emphasis) or not core:
        return reduce(_followed, map(_linked, runs), "")
    start = whole.index(core)
    head, tail = whole[:start], whole[start + len(core) :]
    body = reduce(_followed, map(_linked, runs), "").strip(_SPACES)
    marks = "*" * (emphasis + 2 * strong)
    if not beside_styled and _opens(head[-1:] or before, body[0]) and _opens(tail[:1] or after, body[-1]):
        body = f"{marks}{body}{marks}"
    else:
        body = f"<em>{body}</em>" if emphasis else body
        body = f"<strong>{body}</strong>" if strong else body
    return head + body + tail


def _followed(text: str, more: str) -> str:
    """Return two pieces of Markdown, one behind the other."""
    # An exclamation mark before a link would make it a picture.
    return (f"{text[:-1]}\\!" if text.endswith("!") and more.startswith("[") else text) + more


def _linked(run: Run) -> str:
    """Return a run's text, a link around it where it leads to an address."""
    core = run.text.strip(_SPACES)
    if is_mark(run) and (count := note_count(run.text)):
        return f"[^{count}]"
    if not core or not run.target or run.target.startswith("#"):
        return escape(run.text)
    start = run.text.index(core)
    return f"{run.text[:start]}[{escape(core)}](<{run.target}>){run.text[start + len(core) :]}"


def _opens(outside: str, inside: str) -> bool:
    """Tell whether emphasis marks between these two characters are surely read as marks."""
    if not outside or outside in " .,;:!?()":
        return True
    return inside.isalnum() and not outside.isalnum()


def _literal(text: str) -> Runs:
    return (Run(text),)
