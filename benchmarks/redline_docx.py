"""Time redlines from two loaded documents to a DOCX file: `python -m benchmarks.redline_docx`, at the root.

The pairs are strung together from the clauses of an agreement of this repository, with a change about every half page:
words, a paragraph, an item, and one clause that moved. Both sides are built apart, so that nothing is the same object.
The best of some runs counts.
"""

from __future__ import annotations

import platform
import sys
import timeit
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from clausebook.compare.documents import compare
from clausebook.document.model import Clause, Document, ItemList, Paragraph, Run, Section
from clausebook.document.outgoing import outgoing
from clausebook.document.walk import map_document
from clausebook.document.words import words
from clausebook.project.project import Project
from clausebook.render.docx.document import render_docx
from clausebook.render.docx.look import load_look, read_look
from clausebook.render.docx.package import zip_parts
from clausebook.render.docx.redline import render_redline_docx, write_redline_parts
from clausebook.repository.tree import DiskTree

AGREEMENT = "retail-telehealth"
WORDS_A_PAGE = 450
PAGES = (5, 100)
AIM = 75 / 20
"""Milliseconds for five pages: a twentieth of what flat comparers of DOCX files need."""


def document_of(whole: Document, pages: int) -> Document:
    """Return a document of about so many pages, its clauses taken from the whole one again and again."""
    bare = replace(whole, opening=None, closing=None, sections=(), signatures=(), schedules=())
    source = [clause for section in whole.sections for clause in section.clauses]
    sizes = [len(words(replace(bare, opening=clause))) for clause in source]
    left = pages * WORDS_A_PAGE - len(words(replace(bare, signatures=whole.signatures)))
    taken: list[Clause] = []
    place = 0
    while left > min(sizes):
        if sizes[place % len(source)] <= left:
            taken.append(replace(source[place % len(source)], id=f"clause-{len(taken)}"))
            left -= sizes[place % len(source)]
        place += 1
    sections = []
    for number, start in enumerate(range(0, len(taken), 3), 1):
        clauses = [replace(one, number=f"{number}.{at}") for at, one in enumerate(taken[start : start + 3], 1)]
        sections.append(Section(f"section-{number}", f"{number}.", f"Part {number}", tuple(clauses)))
    return replace(bare, sections=tuple(sections), signatures=whole.signatures)


def edited(document: Document) -> Document:
    """Return the document with changes: words, paragraphs, items, a clause gone and another moved."""
    sections = [replace(section, clauses=tuple(map(_edited, section.clauses))) for section in document.sections]
    first, *rest = sections[0].clauses
    sections[0] = replace(sections[0], clauses=(*rest, replace(first, number=rest[-1].number if rest else "1.1")))
    return replace(document, sections=tuple(sections))


def apart(document: Document) -> Document:
    """Return an equal document that shares no text, run or block with the given one."""
    return map_document(document, lambda run: replace(run, text=run.text[:1] + run.text[1:]))


def best(work: Callable[[], object], runs: int) -> float:
    """Return the milliseconds by the clock that the fastest of some runs took."""
    return min(timeit.repeat(work, number=1, repeat=runs)) * 1000


def main() -> int:
    """Print the table."""
    root = Path.cwd()
    with Project(root) as project:
        (agreement,) = project.assemble_all([AGREEMENT])
    if agreement.document is None:
        print(f"{AGREEMENT} has errors: run clausebook check", file=sys.stderr)
        return 2
    look = load_look(DiskTree(root))
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    print("| pages | words | compare | redline DOCX | both | both, and proven | clean DOCX alone | file |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    for pages in PAGES:
        old = document_of(outgoing(agreement.document), pages)
        new = apart(edited(old))

        names = ("Larkmoor Health System", "Redline against version 0.1", "Covered")

        def write(old: Document = old, new: Document = new, names: tuple[str, str, str] = names) -> bytes:
            return zip_parts(write_redline_parts(compare(old, new), read_look(look), *names))

        def proven(old: Document = old, new: Document = new, names: tuple[str, str, str] = names) -> bytes:
            author, base, coverage = names
            return render_redline_docx(compare(old, new), look, author=author, base=base, coverage=coverage)

        runs = 400 // pages + 5
        compared = best(lambda old=old, new=new: compare(old, new), runs)  # type: ignore[misc]
        both = best(write, runs)
        whole = best(proven, runs)
        clean = best(lambda new=new: render_docx(new, look), runs)  # type: ignore[misc]
        size = len(write()) / 1024
        print(
            f"| {pages} | {len(words(new))} | {compared:.2f} ms | {both - compared:.2f} ms | {both:.2f} ms "
            f"| {whole:.2f} ms | {clean:.2f} ms | {size:.0f} KiB |"
        )
    print(f"\nAim for five pages: {AIM:.2f} ms from two loaded documents to the DOCX file.")
    return 0


def _edited(clause: Clause) -> Clause:
    place = int(clause.id.rpartition("-")[2])
    blocks = list(clause.blocks)
    match place % 4:
        case 0:
            blocks = [_reworded(block) if isinstance(block, Paragraph) else block for block in blocks[:2]] + blocks[2:]
        case 1:
            blocks = [*blocks[:-1], Paragraph((Run("A paragraph that came in a negotiation."),)), *blocks[-1:]]
        case 2:
            blocks = [
                replace(block, items=block.items[:-1])
                if isinstance(block, ItemList) and len(block.items) > 2
                else block
                for block in blocks
            ]
    return replace(clause, blocks=tuple(blocks))


def _reworded(paragraph: Paragraph) -> Paragraph:
    def mend(runs: Iterable[Run]) -> Iterable[Run]:
        for place, run in enumerate(runs):
            yield replace(run, text=run.text.replace("shall", "must").replace("30", "45")) if place < 2 else run

    return replace(paragraph, runs=tuple(mend(paragraph.runs)))


if __name__ == "__main__":
    sys.exit(main())
