"""Pairs of documents for property tests: the second comes from the first by edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

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

WORDS = (
    "the", "Fee", "fee", "shall", "not", "90", "60", "1,000.50", "days", "days’", "and/or", "U.S.", "non-exclusive",
    "Party", ",", ".", ";", "(", ")", "“X”", "50/50", "é", "e\u0301", "合同", "हिन्दी", "👩‍⚕️", "a", "of",
)  # fmt: skip
SPACES = (" ", " ", " ", " ", "", "  ", "\u00a0", "\n")
CLAUSES = ("scope", "money", "law", "term", "notices")
SECTIONS = ("first", "second", "third")
LEVELS = st.sampled_from((0, 0, 0, 1, 2))
KINDS = ("opening", "sections", "closing", "signatures", "schedules")


@st.composite
def texts(draw: st.DrawFn, most: int = 12) -> str:
    """A few words; now and then without white space between them, or with too much."""
    found = draw(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SPACES)), max_size=most))
    return "".join(word + space for word, space in found)


@st.composite
def a_run(draw: st.DrawFn) -> Run:
    """A run of text, a reference, a defined term, or a link."""
    kind = draw(st.sampled_from(("text", "text", "text", "reference", "term", "link")))
    if kind == "reference":
        clause, number = draw(st.sampled_from(CLAUSES)), draw(st.integers(1, 3))
        return Run(f"Section\u00a0{number}", target=f"#{clause}", origin=Origin("reference", "x", "1.0", clause))
    if kind == "term":
        return Run("Party", target="#term-party", origin=Origin("term", "x", "1.0", "party"))
    text = draw(texts())
    if kind == "link":
        return Run(text, target=draw(st.sampled_from(("https://a.example", "https://b.example"))))
    return Run(text, strong=draw(st.booleans()), origin=Origin("library", "x", "1.0"))


def runs() -> st.SearchStrategy[Runs]:
    """Runs, empty ones too."""
    return st.lists(a_run(), max_size=4).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table of one to three columns, with empty and equal rows."""
    columns = draw(st.integers(1, 3))
    row = st.lists(runs(), min_size=columns, max_size=columns).map(tuple)
    rows = draw(st.lists(row, max_size=4))
    return Table(("left",) * columns, draw(row), tuple(rows + rows[:1]))


@st.composite
def lists(draw: st.DrawFn, level: int = 0) -> ItemList:
    """A list, nested at most once more."""
    inner: st.SearchStrategy[Block] = st.builds(Paragraph, runs())
    if level < 1:
        inner = st.one_of(inner, lists(level + 1))
    contents = draw(st.lists(st.lists(inner, max_size=2), max_size=4))
    ordered = draw(st.booleans())
    items = tuple(
        Item(f"({chr(97 + index)})" if ordered else "", tuple(blocks)) for index, blocks in enumerate(contents)
    )
    return ItemList(items, ordered, level)


def blocks() -> st.SearchStrategy[tuple[Block, ...]]:
    """The blocks of a clause."""
    return st.lists(st.one_of(st.builds(Paragraph, runs()), lists(), tables()), max_size=4).map(tuple)


@st.composite
def clauses(draw: st.DrawFn, ids: list[str]) -> tuple[Clause, ...]:
    """Clauses with these ids."""
    return tuple(
        Clause(name, f"{draw(st.integers(1, 9))}.1", draw(texts(3)), draw(blocks()), level=draw(LEVELS)) for name in ids
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A small document that may have every part of the model."""
    names = draw(st.permutations(CLAUSES))[: draw(st.integers(0, len(CLAUSES)))]
    cuts = sorted(draw(st.lists(st.integers(0, len(names)), min_size=3, max_size=3)))
    groups = [names[: cuts[0]], names[cuts[0] : cuts[1]], names[cuts[1] : cuts[2]], names[cuts[2] :]]
    order = draw(st.permutations(SECTIONS))[: draw(st.integers(0, 3))]
    sections = tuple(
        Section(name, f"{index + 1}.", draw(texts(3)), draw(clauses(group)))
        for index, (name, group) in enumerate(zip(order, groups, strict=False))
    )
    terms = draw(st.permutations(("party", "fee", "x")))[: draw(st.integers(0, 3))]
    if sections and draw(st.booleans()):
        here, terms = terms[:1], terms[1:]
        own = tuple(_definition(draw, term) for term in here)
        sections = (replace(sections[0], definitions=own), *sections[1:])
    schedules = (
        Schedule("definitions", "Schedule A", "Definitions", (), tuple(_definition(draw, term) for term in terms)),
        Schedule("general", "Schedule B", draw(texts(3)), draw(clauses(groups[3]))),
    )
    return Document(
        id="pair",
        type="pair",
        kind=draw(st.sampled_from(("Agreement", "Partnership Agreement"))),
        title=draw(texts(4)),
        version="1.0",
        status="draft",
        draft=True,
        language="en-US",
        parties=(Party("a", draw(st.sampled_from(("A Inc.", "B Inc."))), "A"),),
        opening=draw(st.none() | st.builds(lambda found: Clause("opening", "", "", found), blocks())),
        sections=sections,
        closing=draw(st.none() | st.builds(lambda found: Clause("closing", "", "", found), blocks())),
        signatures=tuple(_signature(draw, name) for name in draw(st.permutations(("a-1", "b-1")))),
        schedules=schedules[: draw(st.integers(0, 2))],
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Document, Document]:
    """Two documents: unrelated ones, or one and what edits made of it."""
    old = draw(documents())
    new = draw(documents() if draw(st.booleans()) else edited(old))
    if draw(st.booleans()):
        return old, new
    before = draw(st.permutations(KINDS))
    return in_kinds(old, before), in_kinds(new, draw(st.just(before) | st.permutations(KINDS)))


def in_kinds(document: Document, kinds: Sequence[str]) -> Document:
    """Return the document with its parts in another order of kinds."""
    there = [getattr(document, kind) for kind in kinds]
    parts = [part for each in there if each for part in (each if isinstance(each, tuple) else (each,))]
    return replace(document, order=tuple(part.id for part in parts))


@st.composite
def edited(draw: st.DrawFn, document: Document) -> Document:
    """The document with sections in another order, and clauses edited, dropped or put elsewhere."""
    sections = [
        replace(section, clauses=tuple(_edited(draw, section.clauses)))
        for section in draw(st.permutations(document.sections))
    ]
    if len(sections) > 1 and sections[0].clauses and draw(st.booleans()):
        moved, *left = sections[0].clauses
        sections[0] = replace(sections[0], clauses=tuple(left))
        sections[1] = replace(sections[1], clauses=(moved, *sections[1].clauses))
    schedules = tuple(
        replace(
            schedule,
            clauses=tuple(_edited(draw, schedule.clauses)),
            definitions=tuple(draw(st.permutations(schedule.definitions))),
        )
        for schedule in draw(st.permutations(document.schedules))
    )
    return replace(document, sections=tuple(sections), schedules=schedules)


def _edited(draw: st.DrawFn, found: tuple[Clause, ...]) -> list[Clause]:
    kept = []
    for clause in draw(st.permutations(found)):
        match draw(st.sampled_from(("keep", "keep", "drop", "edit", "renumber"))):
            case "keep":
                kept.append(clause)
            case "renumber":
                kept.append(replace(clause, number="9.9"))
            case "edit":
                blocks_ = list(clause.blocks)
                place = draw(st.integers(0, len(blocks_)))
                blocks_[place : place + draw(st.integers(0, 1))] = draw(blocks())
                kept.append(replace(clause, blocks=tuple(_reworded(draw, block) for block in blocks_)))
    return kept


def _reworded(draw: st.DrawFn, block: Block) -> Block:
    match block:
        case Paragraph() if block.runs and draw(st.booleans()):
            place = draw(st.integers(0, len(block.runs) - 1))
            return replace(block, runs=(*block.runs[:place], draw(a_run()), *block.runs[place + 1 :]))
        case ItemList() if block.items:
            items = draw(st.permutations(block.items))[: draw(st.integers(0, len(block.items)))]
            return replace(block, items=tuple(items))
        case Table() if block.rows:
            return replace(block, rows=tuple(draw(st.permutations(block.rows))))
    return block


def _definition(draw: st.DrawFn, term: str) -> Definition:
    return Definition(f"term-{term}", term, draw(blocks()))


def _signature(draw: st.DrawFn, name: str) -> SignatureBlock:
    lines = draw(
        st.lists(
            st.builds(
                SignatureLine,
                st.sampled_from(("By:", "Name:", "Title:")),
                st.sampled_from(("signature", "name")),
                runs(),
            ),
            max_size=4,
        )
    )
    return SignatureBlock(name, name[0], draw(runs()), tuple(lines))


SENTENCE = "the supplier shall deliver goods within thirty days after notice and keep full records of each month"


@st.composite
def arrangements(draw: st.DrawFn) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The same words but for a few, arranged as paragraphs, items and items within items in two ways."""
    old = draw(st.lists(st.sampled_from(SENTENCE.split()), min_size=4, max_size=40))
    new = list(old)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(new)))
        new[place : place + draw(st.integers(0, 2))] = draw(st.lists(st.sampled_from(SENTENCE.split()), max_size=2))
    return draw(arranged(tuple(old))), draw(arranged(tuple(new)))


@st.composite
def arranged(draw: st.DrawFn, found: tuple[str, ...]) -> tuple[Block, ...]:
    """Words as paragraphs, items and items within items."""
    cuts = sorted({0, len(found), *draw(st.lists(st.integers(0, len(found)), max_size=6))})
    made: list[Block] = []
    for start, end in pairwise(cuts):
        paragraph = Paragraph((Run(" ".join(found[start:end])),))
        last = made[-1] if made else None
        kind = draw(st.sampled_from(("paragraph", "item", "item", "within", "after")))
        if kind == "paragraph" or (kind in ("within", "after") and not isinstance(last, ItemList)):
            made.append(paragraph)
        elif isinstance(last, ItemList) and kind != "item":
            item = last.items[-1]
            inner: Block = ItemList((Item("(i)", (paragraph,)),), True, 1) if kind == "within" else paragraph
            made[-1] = replace(last, items=(*last.items[:-1], replace(item, blocks=(*item.blocks, inner))))
        else:
            before = last.items if isinstance(last, ItemList) else ()
            number = f"({chr(97 + len(before))})"
            made[-1:] = [] if before else made[-1:]
            made.append(ItemList((*before, Item(number, (paragraph,))), True, 0))
    return tuple(made)
