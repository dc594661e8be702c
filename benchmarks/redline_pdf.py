"""Time redlines from two loaded documents to a PDF file: `python -m benchmarks.redline_pdf`, at the root.

The pairs are those of `benchmarks.redline_docx`, without anchors, for a clause that comes twice has each of its own
twice. The best of some runs counts, by the clock.
"""

from __future__ import annotations

import io
import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pikepdf

from benchmarks.redline_docx import AGREEMENT, PAGES, apart, best, document_of, edited
from clausebook.compare.documents import compare
from clausebook.document.model import Block, Document, ItemList, Paragraph, Run
from clausebook.document.outgoing import outgoing
from clausebook.document.walk import map_document
from clausebook.document.words import words
from clausebook.project.project import Project
from clausebook.render.pdf.writer import render_pdf
from clausebook.render.redline.formats import REDLINES, RedlineOptions
from clausebook.render.redline.heading import RedlineHeading

LOOK = Path("templates/pdf")
RUNS = 3


def main() -> int:
    """Print the table."""
    with Project(Path.cwd()) as project:
        (agreement,) = project.assemble_all([AGREEMENT])
    if agreement.document is None:
        print(f"{AGREEMENT} has errors: run clausebook check", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {platform.machine()}, best of {RUNS} runs by the clock\n")
    print("| pages | words | redline PDF, comparison included | pages of PDF | clean PDF alone |")
    print("|--:|--:|--:|--:|--:|")
    for pages in PAGES:
        old = _without_anchors(document_of(outgoing(agreement.document), pages))
        new = apart(edited(old))
        with pikepdf.open(io.BytesIO(_redline(old, new))) as pdf:
            length = len(pdf.pages)
        work: tuple[Callable[[], object], ...] = (partial(_redline, old, new), partial(render_pdf, new, LOOK))
        marked, clean = (best(each, RUNS) for each in work)
        print(f"| {pages} | {len(words(new)):,} | {marked:,.0f} ms | {length} | {clean:,.0f} ms |")
    return 0


def _without_anchors(document: Document) -> Document:
    def unlinked(run: Run) -> Run:
        return replace(run, target="") if run.target.startswith("#") else run

    def bare(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(
            replace(block, anchor="")
            if isinstance(block, Paragraph)
            else replace(block, items=tuple(replace(item, anchor="", blocks=bare(item.blocks)) for item in block.items))
            if isinstance(block, ItemList)
            else block
            for block in blocks
        )

    sections = (
        replace(section, clauses=tuple(replace(clause, blocks=bare(clause.blocks)) for clause in section.clauses))
        for section in document.sections
    )
    return map_document(replace(document, sections=tuple(sections)), unlinked)


def _redline(old: Document, new: Document) -> bytes:
    redline = compare(old, new)
    heading = RedlineHeading.of(redline, "Version 0.1", "Version 0.2")
    return REDLINES["pdf"](redline, heading, RedlineOptions(look=LOOK))


if __name__ == "__main__":
    sys.exit(main())
