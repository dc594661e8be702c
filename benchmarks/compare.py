"""Time the comparison of two documents: `python -m benchmarks.compare`.

The pairs are made up, the same every time: five and a hundred pages of sections, clauses, lists and tables
with defined terms and references, and the same with edits all over. Nothing is shared between the two sides.
"""

from __future__ import annotations

import gc
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from clausebook.compare.changes import changes
from clausebook.compare.documents import compare
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    Item,
    ItemList,
    Origin,
    Paragraph,
    Run,
    Runs,
    Schedule,
    Section,
    Table,
)
from clausebook.document.walk import map_document
from clausebook.document.words import words

LIBRARY = Origin("library", "made-up", "1.0")
TEXT = (
    "the party shall provide each service under this agreement and any written notice of default within thirty days "
    "after receipt unless otherwise agreed by both parties in good faith data protected health information may be "
    "disclosed only to those who need it for the purpose described reasonable costs are shared equally between them "
    "committee decides by simple majority quarterly report states results against target baseline measured annually"
)
VOCABULARY = TEXT.split()
ROUNDS = 15
WORDS_A_PAGE = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents to compare, and how many edits lie between them."""

    name: str
    old: Document
    new: Document
    edits: int


def pair(name: str, pages: int, edits: int) -> Pair:
    """Return a document of so many pages, and the same with so many edits."""
    old = document(pages * WORDS_A_PAGE)
    return Pair(name, old, edited(old, edits), min(edits, sum(1 for _ in old.clauses())))


def document(size: int) -> Document:
    """Return a made-up agreement of about so many words."""
    random = Random(size)
    sections: list[Section] = []
    count = 0
    while count < size * 0.9:
        number = len(sections) + 1
        clauses = tuple(_clause(random, f"clause-{number}-{index}", f"{number}.{index}") for index in range(1, 5))
        sections.append(Section(f"section-{number}", f"{number}.", f"Section {number}", clauses))
        count += 4 * 220
    definitions = tuple(
        Definition(f"term-t{index}", f"Term {index}", (Paragraph(_text(random, 25)),)) for index in range(size // 250)
    )
    return Document(
        id="made-up",
        type="made-up",
        kind="Agreement",
        title="A Made-up Agreement",
        version="1.0",
        status="draft",
        draft=True,
        language="en-US",
        parties=(),
        opening=None,
        sections=tuple(sections),
        closing=None,
        signatures=(),
        schedules=(Schedule("definitions", "Schedule A", "Definitions", definitions=definitions),),
    )


def edited(document: Document, edits: int) -> Document:
    """Return a copy that shares nothing with the document, with words, paragraphs, items, rows and clauses changed."""
    random = Random(edits)
    copy = map_document(document, lambda run: replace(run, text=run.text[:1] + run.text[1:]))
    sections = [list(section.clauses) for section in copy.sections]
    places = [(row, column) for row, clauses in enumerate(sections) for column in range(len(clauses))]
    for index, (row, column) in enumerate(random.sample(places, min(edits, len(places)))):
        sections[row][column] = _edit(random, sections[row][column], index)
    renumbered = (
        replace(section, clauses=tuple(clauses)) for section, clauses in zip(copy.sections, sections, strict=True)
    )
    return replace(copy, sections=tuple(renumbered))


def measure(work: Callable[[], object]) -> str:
    """Return the best and the median time of the processor."""
    taken = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1000)
    return f"{min(taken):.1f} / {statistics.median(taken):.1f} ms"


def main() -> None:
    """Print the table."""
    print(f"Python {platform.python_version()}, best and median of {ROUNDS} rounds, processor time\n")
    print("| pair | words | edits | changes found | compare | and list the changes |")
    print("|---|--:|--:|--:|--:|--:|")
    for each in (
        pair("five pages", 5, 5),
        pair("a hundred pages", 100, 40),
        pair("a hundred pages, no edit", 100, 0),
        pair("a hundred pages, every clause edited", 100, 10_000),
    ):
        found = changes(compare(each.old, each.new))
        compared = measure(partial(compare, each.old, each.new))
        listed = measure(partial(_listed, each.old, each.new))
        print(f"| {each.name} | {len(words(each.old)):,} | {each.edits} | {len(found)} | {compared} | {listed} |")


def _listed(old: Document, new: Document) -> object:
    return changes(compare(old, new))


def _clause(random: Random, name: str, number: str) -> Clause:
    items = tuple(Item(f"({chr(97 + index)})", (Paragraph(_text(random, 22)),)) for index in range(4))
    blocks: list[Block] = [Paragraph(_text(random, 45)), Paragraph(_text(random, 50)), ItemList(items, True, 0)]
    if random.random() < 0.25:
        rows = tuple((_plain(random, 2), _plain(random, 1), _plain(random, 4)) for _ in range(6))
        blocks.append(Table(("left", "right", "left"), rows[0], rows[1:]))
    return Clause(name, number, f"Clause {number}", tuple(blocks))


def _text(random: Random, size: int) -> Runs:
    runs: list[Run] = []
    while size > 0:
        length = min(size, random.randint(4, 14))
        runs.append(Run(" ".join(random.choices(VOCABULARY, k=length)) + " ", origin=LIBRARY))
        if random.random() < 0.5:
            runs.append(Run("Services", target="#term-t1", origin=Origin("term", pointer="t1")))
        elif random.random() < 0.3:
            runs.append(Run("Section\u00a01.2", target="#clause-1-2", origin=Origin("reference", pointer="clause-1-2")))
        runs.append(Run(random.choice((", ", "; ", ". ")), origin=LIBRARY))
        size -= length + 1
    return tuple(runs)


def _plain(random: Random, size: int) -> Runs:
    return (Run(" ".join(random.choices(VOCABULARY, k=size)), origin=LIBRARY),)


def _edit(random: Random, clause: Clause, index: int) -> Clause:
    blocks = list(clause.blocks)
    match index % 5:
        case 0 | 1:
            blocks[0] = _reworded(random, blocks[0])
        case 2:
            blocks.insert(1, Paragraph(_text(random, 30)))
        case 3:
            del blocks[1]
        case _:
            for place, block in enumerate(blocks):
                if isinstance(block, ItemList):
                    blocks[place] = replace(block, items=(block.items[0], *block.items[2:]))
    return replace(clause, blocks=tuple(blocks))


def _reworded(random: Random, block: Block) -> Block:
    if not isinstance(block, Paragraph):
        return block
    found = list(block.runs[0].text.split())
    found[random.randrange(len(found))] = "sixty"
    return Paragraph((replace(block.runs[0], text=" ".join(found) + " "), *block.runs[1:]))


if __name__ == "__main__":
    main()
