"""Write a Document as HTML: what stands inside `<article id="agreement-text">`.

White space stands between all blocks, so that even a reader that ignores the
tags finds the contract's words apart. Quotes are escaped in text as well as in
attributes, so that no later step that looks for attributes can find one in a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from clausebook.document.model import (
    LINE_BREAK,
    Block,
    Clause,
    Document,
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
from clausebook.document.notes import NOTES
from clausebook.document.presented import presented
from clausebook.document.walk import Blocks, kept
from clausebook.formats.locale_words import locale_words
from clausebook.render.draft_mark import draft_mark

SIGNATURES_ANCHOR = "page_signatures"
"""The id of the part where the parties sign. Anchors of a Document have no underscore, so it is free."""

_LINKS = ("#", "https:", "mailto:")
STYLE = (
    "body{margin:2rem auto;max-width:44rem;padding:0 1rem;font:1.0625rem/1.6 Georgia,serif;overflow-wrap:anywhere}"
    "h1,h2,h3,h4,h5{line-height:1.25}.numbered{display:grid;grid-template-columns:4em minmax(0,1fr)}"
    "ol,ul{list-style:none;padding:0}li{display:grid;grid-template-columns:minmax(2.2em,auto) minmax(0,1fr);gap:.3em}"
    "li .body p{margin-top:0}ul>li::before{content:'•'}ol>li>.body:first-child{grid-column:1/-1}"
    ".notes{font-size:.85em}.notes li{display:flex;gap:.4em}.permalink{display:none}"
    ".table{position:relative;overflow-x:auto}table{border-collapse:collapse;width:100%;overflow-wrap:break-word}"
    "th,td{border:1px solid #bbb;padding:.4em .6em;text-align:left;vertical-align:top}"
)

_NOTICE = ".restated{border:1px solid #bbb;padding:.2em 1em}"


def render_html(document: Document) -> str:
    """Return the agreement's text as HTML: its own words and nothing else."""
    document = presented(document)
    out: list[str] = [
        '<header class="title-block">\n',
        f'<p class="kind">{escape(document.kind)}</p>\n',
        f"<h1>{escape(document.title)}</h1>\n",
        "</header>\n",
    ]
    if document.front:
        out.append(f'<div class="restated" role="note">\n{blocks_html(document.front)}</div>\n')
    label = escape(locale_words(document.language).signatures)
    for kind, parts in groupby(document.sequence(), type):
        if kind is SignatureBlock:
            out.append(f'<section class="signatures" id="{SIGNATURES_ANCHOR}" aria-label="{label}">\n')
        for part in parts:
            match part:
                case Clause():
                    _clause(out, part)
                case SignatureBlock():
                    _signature(out, part)
                case _:
                    _group(out, part)
        if kind is SignatureBlock:
            out.append("</section>\n")
    return "".join(out)


def render_html_file(document: Document) -> str:
    """Return a complete HTML page with the agreement's text and nothing else to read."""
    mark = f"{escape(draft_mark(document))}: " if document.draft else ""
    return (
        "<!doctype html>\n"
        f'<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{mark}{escape(document.kind)}: {escape(document.title)}</title>\n<style>{STYLE}{_NOTICE}</style>\n"
        "</head>\n"
        f'<body>\n<article id="agreement-text">\n{render_html(document)}</article>\n</body>\n</html>\n'
    )


@kept
def blocks_html(blocks: Blocks) -> str:
    """Return all the blocks of a clause or definition as HTML."""
    out: list[str] = []
    _blocks(out, blocks)
    return "".join(out)


def _blocks(out: list[str], blocks: Iterable[Block]) -> None:
    for block in blocks:
        if isinstance(block, Paragraph):
            out.append(f"<p{_id(block.anchor)}>{runs_html(block.runs)}</p>\n")
        elif isinstance(block, ItemList):
            _list(out, block)
        else:
            _table(out, block)


def runs_html(runs: Runs) -> str:
    """Return runs as HTML."""
    return "".join(map(_run, runs))


def _group(out: list[str], part: Section | Schedule) -> None:
    out.append(f'<section class="part{" schedule" * isinstance(part, Schedule)}">\n')
    _heading(out, "h2", part.id, part.number, part.title)
    for clause in part.clauses:
        _clause(out, clause)
    for definition in part.definitions:
        out.append(f'<div class="definition" id="{escape(definition.id)}">\n')
        out.append(blocks_html(definition.blocks))
        out.append("</div>\n")
    out.append("</section>\n")


def _clause(out: list[str], clause: Clause) -> None:
    anchor, number, blocks = escape(clause.id), escape(clause.number), blocks_html(clause.blocks)
    look = f"clause level-{clause.level}" if clause.level else "clause"
    if clause.title:
        out.append(f'<section class="{look}">\n')
        _heading(out, f"h{3 + clause.level}", clause.id, clause.number, clause.title)
        out.append(f"{blocks}</section>\n")
    elif number:
        link = f'<a class="permalink" href="#{anchor}" aria-label="Link to {number}"></a>'
        out.append(f'<section class="{look} numbered" id="{anchor}">\n')
        out.append(f'<p class="number">{number}{link}</p>\n<div class="body">\n{blocks}</div>\n</section>\n')
    else:
        out.append(f'<section class="{look}" id="{anchor}">\n{blocks}</section>\n')


def _heading(out: list[str], tag: str, anchor: str, number: str, title: str) -> None:
    anchor, number, title = escape(anchor), escape(number), escape(title)
    text = f'<span class="number">{number}</span> {title}' if number else title
    label = f"{number} {title}".strip()
    link = f'<a class="permalink" href="#{anchor}" aria-label="Link to {label}"></a>'
    out.append(f'<{tag} id="{anchor}">{text}{link}</{tag}>\n')


def _list(out: list[str], block: ItemList) -> None:
    # Safari forgets that a list without markers is a list, hence the role.
    tag, role = ("ol", ' role="list"') if block.ordered else ("ul", "")
    out.append(f'<{tag} class="{list_class(block.level)}"{role}>\n')
    for item in block.items:
        _item(out, item)
    out.append(f"</{tag}>\n")


def list_class(level: int) -> str:
    """Return the class of a list: its level, or that it holds footnotes."""
    return "notes" if level == NOTES else f"level-{level}"


def _item(out: list[str], item: Item) -> None:
    number = f'<span class="number">{escape(item.number)}</span>\n' if item.number else ""
    out.append(f'<li{_id(item.anchor)}>{number}<div class="body">\n')
    _blocks(out, item.blocks)
    out.append("</div></li>\n")


def _table(out: list[str], table: Table) -> None:
    styles = [f' class="{alignment}"' if alignment != "left" else "" for alignment in table.alignments]
    out.append('<section class="table" aria-label="Table" tabindex="0">\n<table class="agreement-table">\n')
    out.append("<thead>\n<tr>\n")
    for style, cell in zip(styles, table.header, strict=True):
        out.append(f'<th scope="col"{style}>{runs_html(cell)}</th>\n')
    out.append("</tr>\n</thead>\n<tbody>\n")
    for row in table.rows:
        out.append("<tr>\n")
        for style, cell in zip(styles, row, strict=True):
            out.append(f"<td{style}>{runs_html(cell)}</td>\n")
        out.append("</tr>\n")
    out.append("</tbody>\n</table>\n</section>\n")


def _signature(out: list[str], signature: SignatureBlock) -> None:
    out.append(f'<div class="signature">\n<p class="signatory">{runs_html(signature.heading)}</p>\n<dl>\n')
    for line in signature.lines:
        blank = "" if line.runs else ' class="blank"'
        out.append(f'<div class="line {line.field}">\n<dt>{escape(line.label)}</dt>\n')
        out.append(f"<dd{blank}>{runs_html(line.runs)}</dd>\n</div>\n")
    out.append("</dl>\n</div>\n")


def _run(run: Run) -> str:
    text = escape(run.text).replace(LINE_BREAK, "<br>\n")
    if run.emphasis:
        text = f"<em>{text}</em>"
    if run.strong:
        text = f"<strong>{text}</strong>"
    # A link of mere space could not be named.
    if run.target.startswith(_LINKS) and not run.text.isspace():
        relation = "" if run.target[0] == "#" else ' rel="noopener noreferrer"'
        text = f'<a href="{escape(run.target)}"{relation}>{text}</a>'
    return text


def _id(anchor: str) -> str:
    return f' id="{escape(anchor)}"' if anchor else ""
