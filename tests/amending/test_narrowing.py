"""Narrow operative words: the steps inside a clause make the new text, and each names exactly one place of the old."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.amending.finding import instructions
from clausebook.amending.narrow_steps import NarrowStep, PlaceName, carried_out
from clausebook.amending.narrowing import MOST_STEPS, narrowed
from clausebook.amending.operative import operative_clauses
from clausebook.amending.place_names import PlaceNames
from clausebook.amending.wording import Wording, load_wording
from clausebook.assemble.numbering import item_number
from clausebook.document.model import (
    Block,
    Clause,
    Definition,
    Document,
    Item,
    ItemList,
    Paragraph,
    Run,
    Schedule,
    Section,
    Table,
)
from clausebook.document.outgoing import outgoing_part
from clausebook.document.words import text_of, words
from clausebook.library.model import Numbering
from clausebook.repository.tree import DiskTree
from tests.support.compare_cases import document
from tests.support.compare_strategies import blocks as any_blocks
from tests.support.reading import WORDS, render_all
from tests.support.repositories import ROOT
from tests.support.tiers import examples

REFERENCES = {
    "section": "Section {number}",
    "clause": "Section {number}",
    "schedule": "{number}",
    "schedule_clause": "Section {number} of {schedule}",
}
NUMBERING = Numbering(schedule="Schedule {A} –", references=REFERENCES)
FILLER = "which the parties have set out here at some length so that it is worth the reading"


def paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def items(*texts: str | tuple[Block, ...], level: int = 0) -> ItemList:
    held = ((paragraph(each),) if isinstance(each, str) else each for each in texts)
    return ItemList(tuple(Item(item_number(level, n), each) for n, each in enumerate(held, 1)), True, level)


def table(*rows: str, header: str = "Name|Sum") -> Table:
    def cells(row: str) -> tuple[tuple[Run, ...], ...]:
        return tuple((Run(cell),) for cell in row.split("|"))

    return Table(("left",) * len(cells(header)), cells(header), tuple(map(cells, rows)))


def clause(*blocks: Block, title: str = "Fees", number: str = "6.2") -> Clause:
    return Clause("fees", number, title, blocks)


LIST = items(
    f"the first, {FILLER}",
    (
        paragraph(f"the second, {FILLER}:"),
        items(f"one, {FILLER}", f"two, {FILLER}", level=1),
        paragraph(f"and {FILLER}"),
    ),
    f"the third, {FILLER}",
)
ROWS = (f"Setting up|USD 100, {FILLER}", f"Running|USD 200, {FILLER}", f"Ending|USD 300, {FILLER}")
OLD = clause(
    paragraph(f"The fees are these, {FILLER}:"), LIST, paragraph(f"They are paid late, {FILLER}."), table(*ROWS)
)


def with_block(place: int, block: Block, of: Clause = OLD) -> Clause:
    return replace(of, blocks=(*of.blocks[:place], block, *of.blocks[place + 1 :]))


def with_item(place: int, item: Item | None, of: ItemList = LIST) -> ItemList:
    return replace(of, items=(*of.items[:place], *([item] if item else []), *of.items[place + 1 :]))


SECOND = LIST.items[1]
INNER = SECOND.blocks[1]
assert isinstance(INNER, ItemList)
FEES = PlaceName("table_alone")
LATE = PlaceName("paragraph_beginning", words="They are paid late, which the")
Told = tuple[str, str, dict[str, Any], tuple[Any, ...]]
"""The formula of a step, the item in which it stands, what else fills the formula, and what stands there now."""


def told(steps: tuple[NarrowStep, ...]) -> tuple[Told, ...]:
    return tuple((step.formula, step.item, dict(step.names), step.new) for step in steps)


def by_item(do: str, label: str, *new: Block, after: str = "") -> Told:
    item = (Item(f"({label.rpartition('(')[2]}", new),) if new else ()
    return f"item_{do}", label, {"after": PlaceName(item=after)} if after else {}, item


CASES: dict[str, tuple[Clause, tuple[Told, ...]]] = {
    "nothing": (OLD, ()),
    "heading": (replace(OLD, title="Charges"), (("clause_renamed", "", {"former": "Fees", "title": "Charges"}, ()),)),
    "item": (
        with_block(1, with_item(2, Item("(c)", (paragraph("another third"),)))),
        (by_item("replaced", "(c)", paragraph("another third")),),
    ),
    "item within an item": (
        with_block(
            1,
            with_item(
                1,
                replace(
                    SECOND,
                    blocks=(SECOND.blocks[0], with_item(0, Item("(i)", (paragraph("uno"),)), INNER), SECOND.blocks[2]),
                ),
            ),
        ),
        (by_item("replaced", "(b)(i)", paragraph("uno")),),
    ),
    "last item": (with_block(1, with_item(2, None)), (by_item("deleted", "(c)"),)),
    "an item more": (
        with_block(1, replace(LIST, items=(*LIST.items, Item("(d)", (paragraph("a fourth"),))))),
        (by_item("added", "(d)", paragraph("a fourth"), after="(c)"),),
    ),
    "two items more": (
        with_block(1, replace(LIST, items=(*LIST.items, *(Item(f"({n})", (paragraph(n),)) for n in "de")))),
        (by_item("added", "(d)", paragraph("d"), after="(c)"), by_item("added", "(e)", paragraph("e"), after="(d)")),
    ),
    "first paragraph": (
        with_block(0, paragraph("These are the fees:")),
        (
            (
                "paragraph_replaced",
                "",
                {"paragraph": PlaceName("paragraph_leading", item="(a)")},
                (paragraph("These are the fees:"),),
            ),
        ),
    ),
    "other paragraph": (
        with_block(2, paragraph("They are paid late.")),
        (("paragraph_replaced", "", {"paragraph": LATE}, (paragraph("They are paid late."),)),),
    ),
    "paragraph gone": (
        replace(OLD, blocks=(*OLD.blocks[:2], OLD.blocks[3])),
        (("paragraph_deleted", "", {"paragraph": LATE}, ()),),
    ),
    "paragraph at the end": (
        replace(OLD, blocks=(*OLD.blocks, paragraph("So be it."))),
        (("text_added", "", {"after": FEES}, (paragraph("So be it."),)),),
    ),
    "paragraph after the items": (
        replace(OLD, blocks=(*OLD.blocks[:2], paragraph("So be it."), *OLD.blocks[2:])),
        (("text_added", "", {"after": PlaceName(item="(c)")}, (paragraph("So be it."),)),),
    ),
    "paragraph at the beginning": (
        replace(OLD, blocks=(paragraph("Hear."), *OLD.blocks)),
        (("text_added_first", "", {}, (paragraph("Hear."),)),),
    ),
    "cell": (
        with_block(3, table(ROWS[0], "Running|USD 250", ROWS[2])),
        (
            (
                "cell_replaced",
                "",
                {
                    "table": FEES,
                    "row": "Running",
                    "column": "Sum",
                    "former": f"USD 200, {FILLER}",
                    "new": "USD 250",
                },
                ((Run("USD 250"),),),
            ),
        ),
    ),
    "row": (
        with_block(3, table(ROWS[0], "Run|free", ROWS[2])),
        (("row_replaced", "", {"table": FEES, "row": "Running"}, table("Run|free").rows),),
    ),
    "row gone": (
        with_block(3, table(*ROWS[:2])),
        (("row_deleted", "", {"table": FEES, "row": "Ending"}, ()),),
    ),
    "rows at the end": (
        with_block(3, table(*ROWS, "Later|none", "Last|one")),
        (("row_added", "", {"table": FEES, "row": "Ending"}, table("Later|none", "Last|one").rows),),
    ),
    "first row": (
        with_block(3, table("Before|none", *ROWS)),
        (("row_added_first", "", {"table": FEES, "row": "Setting up"}, table("Before|none").rows),),
    ),
    "another header": (
        with_block(3, table("Setting up|1", header="Name|Amount")),
        (("table_replaced", "", {"table": FEES}, (table("Setting up|1", header="Name|Amount"),)),),
    ),
    "table gone": (replace(OLD, blocks=OLD.blocks[:3]), (("table_deleted", "", {"table": FEES}, ()),)),
}


@pytest.mark.parametrize("name", CASES)
def test_steps(name: str) -> None:
    new, expected = CASES[name]
    found = narrowed(OLD, new)
    assert told(found) == expected
    assert carried_out(OLD.blocks, found) == new.blocks


WHOLE = {
    "an item goes and others move up": with_block(
        1, replace(LIST, items=(replace(SECOND, number="(a)"), replace(LIST.items[2], number="(b)")))
    ),
    "an item comes between": with_block(
        1,
        replace(
            LIST,
            items=(
                LIST.items[0],
                Item("(b)", (paragraph("new"),)),
                replace(SECOND, number="(c)"),
                replace(LIST.items[2], number="(d)"),
            ),
        ),
    ),
    "the number": replace(OLD, number="6.3"),
    "the level": replace(OLD, level=1),
    "no heading any more": replace(OLD, title=""),
    "most of the words": clause(
        paragraph("All is new here, and nothing is as it was."), LIST.items and paragraph("No.")
    ),
    "an item and a paragraph come after one item": replace(
        OLD,
        blocks=(
            OLD.blocks[0],
            replace(LIST, items=(*LIST.items, Item("(d)", (paragraph("a fourth"),)))),
            paragraph("So be it."),
            *OLD.blocks[2:],
        ),
    ),
    "bullets": with_block(1, replace(LIST, ordered=False)),
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_cannot_be_said_narrowly_is_replaced_whole(name: str) -> None:
    assert narrowed(OLD, WHOLE[name]) == ()


def test_where_small_steps_are_too_many_larger_ones_are_taken() -> None:
    rest = [f"and {n}, {FILLER}, {FILLER}" for n in range(5)]
    long = [f"{n}: {FILLER}, {FILLER}, {FILLER}" for n in range(3)]
    held = (paragraph(f"the second, {FILLER}:"), items(*long, level=1))
    old = clause(items(f"the first, {FILLER}", held, *rest), table(*ROWS))
    changed = (held[0], items("uno", long[1], "tre", level=1))
    texts = ["first", changed, "three", *rest[1:]]
    new = clause(items(*texts), table(ROWS[0], "Running|1", ROWS[2]))
    found = narrowed(old, new)
    assert [step.item for step in found] == ["(a)", "(b)", "(c)", ""]
    assert carried_out(old.blocks, found) == new.blocks


def test_a_clause_of_many_changed_paragraphs_is_settled_at_once() -> None:
    old = clause(*(paragraph(f"{n}: {FILLER}") for n in range(3000)))
    new = clause(*(paragraph(f"{n}: {FILLER} too") for n in range(3000)))
    calls: list[tuple[int, ...]] = []
    named = PlaceNames.block

    def counted(names: PlaceNames, path: tuple[int, ...]) -> PlaceName:
        calls.append(path)
        return named(names, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PlaceNames, "block", counted)
        assert narrowed(old, new) == ()
    assert len(calls) < 50


def test_two_lists_with_the_same_numbers_are_not_cited_by_them() -> None:
    old = clause(LIST, paragraph(FILLER), items("x and y", f"z, {FILLER}"))
    new = with_block(2, items("x and y", "w"), old)
    assert narrowed(old, new) == ()
    changed = clause(LIST, paragraph("Other words."), old.blocks[2])
    name = PlaceName("paragraph_beginning", words=" ".join(FILLER.split()[:6]))
    assert told(narrowed(old, changed)) == (
        ("paragraph_replaced", "", {"paragraph": name}, (paragraph("Other words."),)),
    )


def test_rows_and_columns_that_are_not_named_alone_are_replaced_with_their_table() -> None:
    same = table("One|1", "One|2", "Two|3")
    old = clause(*OLD.blocks[:3], same)
    new = with_block(3, table("One|1", "One|5", "Two|3"), old)
    assert [step.formula for step in narrowed(old, new)] == ["table_replaced"]
    twice = replace(same, header=(same.header[0], same.header[0]))
    old = clause(*OLD.blocks[:3], twice)
    changed = replace(twice, rows=(*twice.rows[:2], (twice.rows[2][0], (Run("4"),))))
    assert [step.formula for step in narrowed(old, with_block(3, changed, old))] == ["row_replaced"]


@pytest.mark.parametrize("text", ["say “yes”", 'say "yes"', "two\u2028lines", "a word " * 20, "合同" * 150])
def test_what_cannot_be_quoted_in_a_sentence_is_set_in(text: str) -> None:
    new = with_block(3, table(ROWS[0], f"Running|{text}", ROWS[2]))
    assert [step.formula for step in narrowed(OLD, new)] == ["row_replaced"]


@pytest.mark.parametrize("text", ["say “yes”", 'say "yes"'])
def test_a_row_that_cannot_be_quoted_is_replaced_with_its_table(text: str) -> None:
    old = clause(LIST, table(f"{text}|1", *ROWS))
    new = clause(LIST, table(f"{text}|2", *ROWS))
    assert [step.formula for step in narrowed(old, new)] == ["table_replaced"]


def test_a_paragraph_without_spaces_is_named_by_no_endless_words() -> None:
    old = clause(LIST, paragraph("合同" * 20), paragraph("条款" * 150))
    assert [step.formula for step in narrowed(old, with_block(1, paragraph("合同"), old))] == ["paragraph_replaced"]
    assert narrowed(old, with_block(2, paragraph("合同"), old)) == ()


def test_a_link_and_emphasis_are_not_lost_in_a_sentence() -> None:
    strong = Table(("left", "left"), OLD.blocks[3].header, ())  # type: ignore[union-attr]
    rows = ((Run("Setting up"),), (Run("free", strong=True),))
    new = with_block(3, replace(strong, rows=(rows, *table(*ROWS).rows[1:])))
    assert told(narrowed(OLD, new)) == (("row_replaced", "", {"table": FEES, "row": "Setting up"}, (rows,)),)


SENTENCES = st.sampled_from(
    [f"{lead} {FILLER}" for lead in ("Alpha is owed,", "Beta is due,", "Gamma falls away,", "Delta stays,", "Eta,")]
)
TEXTS = st.lists(SENTENCES, min_size=1, max_size=2).map(" ".join)


@st.composite
def texts_of_clauses(draw: st.DrawFn, level: int = 0) -> tuple[Block, ...]:
    """Paragraphs, lists of one or two levels and tables as assembled clauses have them, some of them alike."""
    found: list[Block] = []
    for kind in draw(st.lists(st.sampled_from(("paragraph", "list", "table")), min_size=1, max_size=4)):
        if kind == "paragraph":
            found.append(paragraph(draw(TEXTS)))
        elif kind == "list":
            inner = texts_of_clauses(level + 1) if level < 1 else TEXTS.map(lambda text: (paragraph(text),))
            found.append(items(*draw(st.lists(inner, min_size=1, max_size=4)), level=level))
        else:
            rows = draw(st.lists(st.tuples(st.sampled_from("PQRSPQ"), TEXTS).map("|".join), min_size=1, max_size=4))
            found.append(table(*rows))
    return tuple(found)


@st.composite
def edited(draw: st.DrawFn, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks with a few small edits anywhere."""
    found = list(blocks)
    place = draw(st.integers(0, len(found) - 1))
    match draw(st.sampled_from(("change", "change", "change", "drop", "add"))):
        case "drop" if len(found) > 1:
            del found[place]
        case "add":
            found.insert(place, paragraph(draw(TEXTS)))
        case _:
            found[place] = _changed(draw, found[place])
    return tuple(found)


def _changed(draw: st.DrawFn, block: Block) -> Block:
    match block:
        case ItemList(held, _, level):
            contents = [item.blocks for item in held]
            place = draw(st.integers(0, len(contents) - 1))
            match draw(st.sampled_from(("change", "change", "drop", "add", "turn"))):
                case "change":
                    contents[place] = draw(edited(contents[place]))
                case "drop" if len(contents) > 1:
                    del contents[place]
                case "add":
                    contents.insert(draw(st.sampled_from((place, len(contents)))), (paragraph(draw(TEXTS)),))
                case _:
                    contents.reverse()
            return items(*contents, level=level)
        case Table(rows=rows):
            cells = ((Run(draw(st.sampled_from("PQRST"))),), (Run(draw(TEXTS)),))
            place = draw(st.integers(0, len(rows) - 1))
            kept = draw(st.sampled_from((1, 0, 0)))
            return replace(block, rows=(*rows[:place], cells, *rows[place + 1 - kept :]))
        case _:
            return paragraph(draw(TEXTS))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Clause, Clause]:
    old = draw(texts_of_clauses())
    new = old
    for _ in range(draw(st.integers(1, 3))):
        new = draw(edited(new))
    title = draw(st.sampled_from(("Fees", "Fees", "Fees", "Charges")))
    return clause(*old), clause(*new, title=title)


@settings(max_examples=examples(600))
@given(pairs())
def test_the_steps_make_the_new_text_and_each_names_one_place(pair: tuple[Clause, Clause]) -> None:
    old, new = (outgoing_part(each) for each in pair)
    found = narrowed(*pair)
    assert found == () or carried_out(old.blocks, found) == new.blocks
    assert len(found) <= MOST_STEPS
    added = Counter(step.item for step in found if step.formula == "item_added")
    for step in found:
        assert places(old, step, added) == 1, step


@settings(max_examples=examples(200))
@given(any_blocks(), any_blocks())
def test_whatever_the_blocks_the_steps_make_the_new_text(ours: tuple[Block, ...], theirs: tuple[Block, ...]) -> None:
    for new in (theirs, (*ours, *theirs), (*ours[:1], *theirs[:1], *ours[1:])):
        old, wanted = outgoing_part(clause(*ours)), outgoing_part(clause(*new))
        found = narrowed(clause(*ours), clause(*new))
        assert found == () or carried_out(old.blocks, found) == wanted.blocks


@settings(max_examples=examples(200))
@given(st.lists(TEXTS, min_size=4, max_size=8), st.data())
def test_one_item_of_many_is_always_told_alone(texts: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(texts) - 1))
    held = [f"{n}: {text}" for n, text in enumerate(texts)]
    old = clause(items(*held))
    held[place] = "Something else altogether."
    wanted = by_item("replaced", item_number(0, place + 1), paragraph(held[place]))
    assert told(narrowed(old, clause(items(*held)))) == (wanted,)


def places(old: Clause, step: NarrowStep, added: Counter[str]) -> int:
    """Count the places of a clause that the words of a step can mean; found otherwise than the program does.

    `added` counts the items that steps add: one of them can follow another.
    """
    labels = Counter(label for label, _ in labelled(old.blocks, ""))
    if step.formula == "clause_renamed":
        return int(old.title == step.names["former"])
    if step.formula == "text_added_first":
        return labels[step.item] if step.item else 1
    if step.formula == "item_added":
        after = step.names["after"].item  # type: ignore[union-attr]
        return labels[after] + added[after] if not labels[step.item] and added[step.item] == 1 else 0
    if not step.names:
        return labels[step.item]
    meant = [named(old, step.item, each, labels) for each in step.names.values() if isinstance(each, PlaceName)]
    if "row" in step.names:
        count = next(each.count or 1 for each in step.names.values() if isinstance(each, PlaceName))
        held = list(every(old.blocks, Table))[count - 1]
        meant.append(sum(text_of(cells[0]) == step.names["row"] for cells in held.rows))
        if "column" in step.names:
            meant.append(sum(text_of(cell) == step.names["column"] for cell in held.header))
    return max(meant) if min(meant) == 1 else 0


def named(old: Clause, item: str, name: PlaceName, labels: Counter[str]) -> int:
    """Count the places of a clause, or of an item of it, that have a name."""
    held = dict(labelled(old.blocks, "")).get(item, old.blocks)
    kinds = [type(block) for block in held]
    texts = [text_of(each.runs) for each in every(old.blocks, Paragraph)]
    texts += [text_of(cell) for each in every(old.blocks, Table) for row in (each.header, *each.rows) for cell in row]
    match name.phrase:
        case "paragraph_beginning":
            return sum(text.startswith(name.words) for text in texts)
        case "paragraph_leading":
            leads = kinds[0] is Paragraph and ItemList in kinds and kinds.index(ItemList) == 1
            return int(leads) * labels[name.item]
        case "paragraph_counted":
            return int(ItemList not in kinds and kinds.count(Paragraph) >= name.count)
        case "table_alone":
            return len(list(every(old.blocks, Table)))
        case "table_counted":
            return int(1 <= name.count <= len(list(every(old.blocks, Table))))
        case "":
            return labels[name.item]
    raise AssertionError(name)


def labelled(blocks: tuple[Block, ...], around: str) -> Iterator[tuple[str, tuple[Block, ...]]]:
    for block in blocks:
        for item in block.items if isinstance(block, ItemList) else ():
            yield around + item.number, item.blocks
            yield from labelled(item.blocks, around + item.number)


def every(blocks: tuple[Block, ...], kind: type) -> Iterator[Any]:
    for block in blocks:
        if isinstance(block, kind):
            yield block
        for item in block.items if isinstance(block, ItemList) else ():
            yield from every(item.blocks, kind)


@pytest.fixture(scope="module")
def wording(partnership: Path) -> Wording:
    found, findings = load_wording(DiskTree(partnership), "templates/amendment")
    assert findings == ()
    assert found is not None
    return found


def deal(*clauses: Clause, schedules: tuple[Schedule, ...] = ()) -> Document:
    sections = (Section("money", "6.", "Money", clauses),)
    return replace(document("= A deal"), sections=sections, schedules=schedules)


def said(old: Document, new: Document, wording: Wording) -> list[str]:
    """Return the sentence of each operative clause."""
    written = operative_clauses(old, instructions(old, new), wording, NUMBERING)
    return [text_of(each.blocks[0].runs).replace("\u00a0", " ") for each in written]  # type: ignore[union-attr]


NEW = with_block(1, with_item(2, Item("(c)", (paragraph("another third"),))))


def test_an_item_is_cited_as_the_type_cites_it(wording: Wording) -> None:
    changed = "is deleted and replaced with the following:"
    assert said(deal(OLD), deal(NEW), wording) == [f"Section 6.2(c) of the Agreement {changed}"]
    schedules = [(Schedule("terms", "Schedule B –", "Terms", (replace(each, number="2."),)),) for each in (OLD, NEW)]
    old, new = (deal(schedules=each) for each in schedules)
    assert said(old, new, wording) == [f"Section 2(c) of Schedule B to the Agreement {changed}"]
    alone = [(Schedule("own", "Schedule B –", "Own", (replace(each, number="", title=""),)),) for each in (OLD, NEW)]
    old, new = (deal(schedules=each) for each in alone)
    assert said(old, new, wording) == [f"Item (c) of Schedule B to the Agreement {changed}"]
    terms = [
        (Schedule("a", "Schedule A –", "Definitions", (), (Definition("term-fee", "Fee", each.blocks),)),)
        for each in (OLD, NEW)
    ]
    old, new = (deal(schedules=each) for each in terms)
    within = "the definition of “Fee” in Schedule A (Definitions)"
    assert said(old, new, wording) == [f"Item (c) of {within} to the Agreement {changed}"]


def test_a_clause_below_another_is_cited_as_its_type_cites_it(wording: Wording) -> None:
    references = {**REFERENCES, "clause": "{number}", "subclause": "{clause}, Point {number}"}
    above = clause(paragraph("x"), number="Article 6", title="Money")
    old, new = (
        deal(replace(above, id="above"), replace(each, number="2.", level=1), replace(above, id="next"))
        for each in (OLD, NEW)
    )
    written = operative_clauses(old, instructions(old, new), wording, Numbering(references=references))
    assert [each.title.replace("\u00a0", " ") for each in written] == ["Article 6, Point 2(c) (Fees)"]


def test_a_phrase_with_a_strange_name_is_found(partnership: Path, tmp_path: Path) -> None:
    shutil.copytree(partnership, tmp_path / "repository")
    path = tmp_path / "repository/templates/amendment/operative.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("begins “{words}”", "begins “{wrods}”"), encoding="utf-8")
    found, findings = load_wording(DiskTree(tmp_path / "repository"), "templates/amendment")
    assert found is None
    assert [(each.rule, each.hint) for each in findings] == [("core/operative-words", "it can hold {words}")]


@pytest.mark.parametrize(
    ("words", "fewer", "missing"),
    [
        ("“{former}” is deleted and replaced with “{new}”.", "“{former}” is deleted.", "{new}"),
        ("in the row whose first cell reads “{row}”, in", "in", "{row}"),
        ("In {table} in {cited} {of_agreement}, in the row", "In {table}, in the row", "{cited} or {place}"),
        ("title: Amendment No. {number} to", "title: Amendment to", "{number}"),
        ("item {item} of {place}", "item", "{item}, {place}"),
    ],
)
def test_a_formula_that_leaves_out_what_changes_is_found(
    words: str, fewer: str, missing: str, partnership: Path, tmp_path: Path
) -> None:
    shutil.copytree(partnership, tmp_path / "repository")
    path = tmp_path / "repository/templates/amendment/operative.yaml"
    text = path.read_text(encoding="utf-8")
    assert words in text
    path.write_text(text.replace(words, fewer, 1), encoding="utf-8")
    found, findings = load_wording(DiskTree(tmp_path / "repository"), "templates/amendment")
    assert found is None
    assert [each.rule for each in findings] == ["core/operative-words"]
    assert f"says too little without {missing}:" in findings[0].message


def test_narrow_words_are_the_same_in_every_format(wording: Wording) -> None:
    names = (
        "item",
        "item within an item",
        "row",
        "rows at the end",
        "another header",
        "paragraph at the end",
        "heading",
    )
    pairs_ = [
        [replace(each, id=f"c{n}", number=f"6.{n}") for each in (OLD, CASES[name][0])] for n, name in enumerate(names)
    ]
    old, new = (deal(*(pair[side] for pair in pairs_)) for side in (0, 1))
    written = operative_clauses(old, instructions(old, new), wording, NUMBERING)
    assert len(written) == len(names)
    shown = deal(*(replace(each, number=f"6.{n}") for n, each in enumerate(written, 1)))
    for name, content in render_all(shown, ROOT).items():
        assert WORDS[name](content) == words(shown), name


def test_what_is_cited_like_something_else_is_replaced_whole(wording: Wording) -> None:
    whole = ["Section 6.2 (Fees) of the Agreement is deleted and replaced with the following:"]
    alike = replace(OLD, id="other", number="6.2", title="Others")
    assert said(deal(OLD, alike), deal(NEW, alike), wording) == whole
    item = replace(OLD, id="other", number="6.2(c)", title="Others")
    assert said(deal(OLD, item), deal(NEW, item), wording) == whole


@pytest.mark.parametrize("missing", ["item_replaced", "item_of"])
def test_a_change_for_which_there_is_no_formula_is_said_by_the_whole(missing: str, wording: Wording) -> None:
    without = replace(
        wording,
        formulas={name: each for name, each in wording.formulas.items() if name != missing},
        phrases={name: each for name, each in wording.phrases.items() if name != missing},
    )
    terms = [(Schedule("own", "Schedule B –", "Own", (replace(each, number="", title=""),)),) for each in (OLD, NEW)]
    old, new = (deal(schedules=each) for each in terms)
    assert said(old, new, without) == [
        "The text of Schedule B (Own) to the Agreement is deleted and replaced with the following:"
    ]


def test_past_the_last_ordinal_nothing_is_counted(wording: Wording) -> None:
    rows = [clause(*[table(f"Row {n}|x and some words more") for n in range(4)]) for _ in range(2)]
    rows[1] = with_block(3, table("Row 3|y"), rows[1])
    old, new = map(deal, rows)
    assert said(old, new, wording)[0].startswith("In the fourth table in Section 6.2 of the Agreement, in the row")
    assert said(old, new, replace(wording, ordinals=("first", "second")))[0].startswith("Section 6.2 (Fees) of the")
