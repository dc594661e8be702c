"""Comparing documents: whatever the pair, the redline holds both exactly."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations, pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausebook.compare.blocks import compared_blocks
from clausebook.compare.changes import Change, changes
from clausebook.compare.documents import compare
from clausebook.compare.model import MarkedList, MarkedParagraph, MarkedTable
from clausebook.compare.sequences import differences, heaviest_increasing, increasing
from clausebook.compare.texts import compared
from clausebook.compare.tokens import only_renumbered
from clausebook.document.model import (
    Block,
    Clause,
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
from clausebook.document.notes import NOTE, NOTES, note_number
from clausebook.document.outgoing import outgoing
from clausebook.document.walk import map_document, runs_of
from clausebook.document.words import text_of, words
from clausebook.formats.locale_words import locale_words
from tests.support.compare_strategies import pairs, texts
from tests.support.redline_resolver import accepted, rejected
from tests.support.sample_documents import plain as run_of
from tests.support.sample_documents import sample
from tests.support.tiers import examples

ENGLISH = locale_words("en")


def outline(document: Document) -> Any:
    """Return all that is printed as nested tuples: structure, numbers and words, but neither looks nor white space."""
    return (
        document.kind.split(),
        document.title.split(),
        document.opening and (document.opening.id, blocks(document.opening.blocks)),
        [(part.id, part.number, part.title.split(), clauses(part)) for part in document.sections],
        document.closing and (document.closing.id, blocks(document.closing.blocks)),
        [
            (sign.id, plain(sign.heading), [(line.label.split(), line.field, plain(line.runs)) for line in sign.lines])
            for sign in document.signatures
        ],
        [
            (
                part.id,
                part.number,
                part.title.split(),
                clauses(part),
                [(entry.id, entry.term, blocks(entry.blocks)) for entry in part.definitions],
            )
            for part in document.schedules
        ],
    )


def clauses(part: Any) -> Any:
    return [(clause.id, clause.number, clause.title.split(), blocks(clause.blocks)) for clause in part.clauses]


def blocks(found: tuple[Block, ...]) -> Any:
    return [block(entry) for entry in found]


def block(entry: Block) -> Any:
    match entry:
        case Paragraph():
            return plain(entry.runs)
        case ItemList():
            return (entry.ordered, entry.level, [(item.number, blocks(item.blocks)) for item in entry.items])
        case Table():
            return [[plain(cell) for cell in row] for row in (entry.header, *entry.rows)]


def plain(runs: Runs) -> list[str]:
    return text_of(runs).split()


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(pairs())
def test_accepting_gives_the_new_document_and_rejecting_the_old(pair: tuple[Document, Document]) -> None:
    old, new = pair
    redline = compare(old, new)
    assert outline(accepted(redline)) == outline(new)
    assert outline(rejected(redline)) == outline(old)
    assert words(accepted(redline)) == words(new)
    assert words(rejected(redline)) == words(old)


def test_a_document_and_itself_differ_in_nothing() -> None:
    redline = compare(sample(), sample())
    assert all(clause.blocks is None for section in redline.sections for clause in section.clauses)


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(pairs())
def test_what_is_the_same_has_no_change_and_what_differs_has_one(pair: tuple[Document, Document]) -> None:
    old, new = pair
    assert changes(compare(new, replace(new, sections=tuple(new.sections)))) == ()
    found = changes(compare(old, new))
    assert all(change.summary() and change.kinds for change in found)
    assert len({(change.part, change.place) for change in found}) == len(found)
    if not found:
        assert letters(old) == letters(new)


@given(texts(20), texts(20))
def test_a_change_never_begins_or_ends_inside_a_word(old: str, new: str) -> None:
    pieces = compared((Run(old),), (Run(new),))
    for text, dropped in ((old, "inserted"), (new, "deleted")):
        kept = [piece for piece in pieces if piece.mark != dropped]
        assert "".join(piece.run.text for piece in kept).split() == text.split()
        for left, right in pairwise(kept):
            assert left.mark == right.mark or not re.search(
                r"[a-z0-9é]\x00[a-z0-9é]", f"{left.run.text}\x00{right.run.text}", re.I
            )


@given(st.lists(st.sampled_from("abcd"), max_size=30), st.lists(st.sampled_from("abcd"), max_size=30))
def test_differences_leave_equal_stretches(old: list[str], new: list[str]) -> None:
    hunks = differences(old, new)
    start = begin = 0
    for a, b, c, d in [*hunks, (len(old), len(old), len(new), len(new))]:
        assert old[start:a] == new[begin:c]
        start, begin = b, d
    assert all(left[1] < right[0] for left, right in pairwise(hunks))


@given(st.permutations(range(7)), st.lists(st.integers(1, 5), min_size=7, max_size=7))
def test_as_little_as_can_be_moves(values: list[int], weights: list[int]) -> None:
    kept = heaviest_increasing(values, weights)
    chains = (chain for size in range(8) for chain in combinations(range(7), size) if rises([values[i] for i in chain]))
    assert rises([values[index] for index in kept])
    assert sum(weights[index] for index in kept) == max(sum(weights[index] for index in chain) for chain in chains)
    assert len(increasing(values)) == len(heaviest_increasing(values, [1] * 7))


def rises(values: list[int]) -> bool:
    return all(left < right for left, right in pairwise(values))


def letters(document: Document) -> str:
    """Return all text without white space, references and the numbers that the assembler gives."""
    clauses = list(document.clauses())
    parts = [*document.sections, *document.schedules]
    entries = [entry for schedule in document.schedules for entry in schedule.definitions]
    texts = [document.kind, document.title, *(part.title for part in (*parts, *clauses))]
    for thing in (*clauses, *entries):
        texts += ["" if run.target.startswith("#") else run.text for run in runs_of(thing.blocks)]
    for signature in document.signatures:
        texts += [text_of(signature.heading), *(line.label + text_of(line.runs) for line in signature.lines)]
    return "".join("".join(texts).split())


def vary(change: Callable[[Run], Run]) -> tuple[Change, ...]:
    return changes(compare(sample(), map_document(sample(), change)))


@pytest.mark.parametrize("value", ["Harborview Health Systems", "", "x" * 500, "न", "Harborview, Health System"])
def test_every_place_where_data_stands_is_found(value: str) -> None:
    old, new = sample(), sample(value)
    redline = compare(old, new)
    assert words(accepted(redline)) == words(new)
    assert words(rejected(redline)) == words(old)
    assert {(change.part, change.place) for change in changes(redline)} == {
        ("party", "harborview"),
        ("clause", "opening"),
        ("clause", "scope"),
        ("clause", "money"),
        ("clause", "law"),
        ("signature", "harborview-1"),
        ("signature", "harborview-2"),
        ("definition", "term-party"),
        ("definition", "term-x"),
        ("clause", "notices"),
    }


def test_emphasis_is_a_change_of_its_own_kind() -> None:
    found = vary(lambda run: replace(run, strong=not run.strong) if run.text.strip() else run)
    assert found
    assert {kind for change in found for kind in change.kinds} == {"emphasis"}


def test_origins_and_sources_are_no_changes() -> None:
    assert vary(lambda run: replace(run, origin=None)) == ()
    assert changes(compare(sample(), outgoing(sample()))) == ()
    assert changes(compare(outgoing(sample()), sample())) == ()


def test_a_document_without_any_references_differs_in_nothing_else() -> None:
    def without(run: Run) -> Run:
        return replace(run, target="", origin=None) if run.target.startswith("#") else replace(run, origin=None)

    assert vary(without) == ()


def test_a_link_that_came_or_went_is_a_change() -> None:
    def linked(address: str) -> Callable[[Run], Run]:
        return lambda run: replace(run, target=address) if run.text == "the site" else run

    def plain(run: Run) -> Run:
        return replace(run, target="") if run.target.startswith("#") else run

    for prepared in (sample(), map_document(sample(), plain)):
        bare, with_link = map_document(prepared, linked("")), map_document(prepared, linked("https://b.example"))
        (came,), (went,) = changes(compare(bare, with_link)), changes(compare(with_link, bare))
        assert [edit.quoted(ENGLISH) for edit in came.edits] == ["“the site” now leads to https://b.example"]
        assert [edit.quoted(ENGLISH) for edit in went.edits] == [
            "“the site” does not lead to https://b.example any more"
        ]
        assert "https://b.example" in repr(accepted(compare(bare, with_link)))
        assert "https://b.example" not in repr(rejected(compare(bare, with_link)))


def test_a_link_to_another_address_is_a_change() -> None:
    found = vary(lambda run: replace(run, target="https://example.org") if run.target.startswith("https") else run)
    assert [(change.place, change.kinds) for change in found] == [("scope", ("reference",))]
    assert found[0].edits[0].before == found[0].edits[0].after == "the site"


def test_an_unchanged_clause_is_not_copied() -> None:
    old, new = sample(), sample()
    section = compare(old, new).sections[0]
    assert all(
        node.blocks is None and node.new is clause
        for node, clause in zip(section.clauses, new.sections[0].clauses, strict=True)
    )


def test_numbers_of_a_reference_are_marked_as_such() -> None:
    def cite(text: str) -> tuple[Run, ...]:
        return (Run("see "), Run(text, target="#x", origin=Origin("reference", pointer="x")), Run("."))

    ripple = compared(cite("Section\u00a06.2(a)"), cite("Section\u00a06.3(b)"))
    assert [(piece.mark, piece.numbering) for piece in ripple] == [
        ("same", False),
        ("deleted", True),
        ("inserted", True),
        ("same", False),
    ]
    reworded = compared(cite("Section\u00a06.2"), cite("Article\u00a06.2"))
    assert not any(piece.numbering for piece in reworded)
    assert only_renumbered("Schedule\u00a0A, paragraph 1.2", "Schedule\u00a0B, paragraph 3.1(iv)")
    assert only_renumbered("Article IV", "Article XI")
    assert not only_renumbered("Section 1 and the rest", "Section 1")


@pytest.mark.slow("comparing stays quick in the largest tables")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (range(3000), range(3000)),
        ([0] * 3000, [0] * 3100),
        ([0, 1] * 1500, [1, 0] * 1500),
        (range(2000), range(5000, 7000)),
        (range(0, 3000), [*range(50), *range(100, 1500), 7, *range(1500, 3000)]),
    ],
    ids=["same", "identical", "two by turns", "all others", "few edits"],
)
@pytest.mark.parametrize("amount", ["USD 10", "USD {}"])
def test_thousands_of_rows(old: Iterable[int], new: Iterable[int], amount: str) -> None:
    def table(rows: Iterable[int], unit: str) -> tuple[Block, ...]:
        cells = [((Run(f"Site {row}"),), (Run(f"{unit.format(row)} a month"),)) for row in rows]
        return (Table(("left", "left"), ((Run("Site"),), (Run("Rent"),)), tuple(cells)),)

    start = time.process_time()
    (merged,) = compared_blocks(table(old, amount), table(new, amount + "0"))
    assert time.process_time() - start < 4
    assert isinstance(merged, MarkedTable)
    assert sum(row.mark != "inserted" for row in merged.rows) == len(list(old))
    assert sum(row.mark != "deleted" for row in merged.rows) == len(list(new))


@pytest.mark.slow("comparing stays quick in the longest paragraphs")
@pytest.mark.parametrize("vocabulary", [2, 30, 5000])
@pytest.mark.parametrize("share", [0, 0.01, 0.5, 1])
def test_paragraphs_of_ten_thousand_words(vocabulary: int, share: float) -> None:
    random = Random(1)
    old = [str(random.randrange(vocabulary)) for _ in range(10_000)]
    new = [str(random.randrange(vocabulary)) if random.random() < share else word for word in old]
    start = time.process_time()
    pieces = compared((Run(" ".join(old)),), (Run(" ".join(new)),))
    assert time.process_time() - start < 4
    assert "".join(piece.run.text for piece in pieces if piece.mark != "deleted").split() == new
    assert "".join(piece.run.text for piece in pieces if piece.mark != "inserted").split() == old


def test_a_paragraph_stays_where_it_is_when_the_footnote_of_another_goes_to_it() -> None:
    mark, item = Run(note_number(1), target=f"#c{NOTE}a"), Paragraph((Run("What the note says."),))
    note = ItemList((Item(note_number(1), (item,), f"c{NOTE}a"),), True, NOTES)
    first, second = Run("The first paragraph, as it was."), Run("The second paragraph, which says other words.")
    old = (Paragraph((first, mark)), note, Paragraph((second,)))
    new = (Paragraph((first,)), Paragraph((second, mark)), note)
    found = compared_blocks(old, new)
    said = [(each.mark, [piece.mark for piece in each.pieces]) for each in found if isinstance(each, MarkedParagraph)]
    assert said == [("same", ["same", "deleted"]), ("same", ["same", "inserted"])]
    assert [each.mark for each in found if isinstance(each, MarkedList)] == ["deleted", "inserted"]


def test_no_anchor_stands_at_two_items() -> None:
    def marked(*texts: tuple[str, str]) -> Document:
        items = tuple(
            Item(f"({chr(97 + place)})", (Paragraph(run_of(text)),), anchor)
            for place, (text, anchor) in enumerate(texts)
        )
        clause_ = Clause("pay", "1.1", "Pay", (ItemList(items, True, 0),))
        return replace(sample(), sections=(Section("money", "1.", "Money", (clause_,)),))

    old = marked(("pay the whole price at once;", "pay--when"), ("pay no interest on it at all.", ""))
    new = marked(("pay the whole price today;", ""), ("pay no interest on it at all.", "pay--when"))
    (found,) = compare(old, new).sections[0].clauses[0].blocks or ()
    assert isinstance(found, MarkedList)
    assert [item.anchor for item in found.items] == ["", "pay--when"]


def test_what_only_got_another_id_is_the_same() -> None:
    """Whatever the house calls it, no printed word differs: not where it stands, nor where it is referred to."""
    old = sample()

    def renamed(name: str) -> str:
        return f"other-{name}" if name != "definitions" else name

    new = replace(
        map_document(old, lambda run: replace(run, target=_renamed_target(run.target))),
        sections=tuple(
            replace(part, id=renamed(part.id), clauses=tuple(replace(c, id=renamed(c.id)) for c in part.clauses))
            for part in map_document(old, lambda run: replace(run, target=_renamed_target(run.target))).sections
        ),
    )
    redline = compare(old, new)
    assert changes(redline) == ()
    assert words(redline.old) == words(old)
    assert words(rejected(redline)) == words(old)


def _renamed_target(target: str) -> str:
    return target.replace("#", "#other-") if target.startswith("#") and not target.startswith("#term-") else target


def test_a_clause_of_a_schedule_is_called_by_its_schedule() -> None:
    def with_text(text: str, number: str) -> Document:
        clause = Clause("testing", number, "Testing", (Paragraph(run_of(text)),))
        return replace(sample(), schedules=(Schedule("b", "Schedule B –", "Quality", (clause,)),))

    for number, name in (("2.", "Schedule B, 2 Testing"), ("B.2", "B.2 Testing")):
        (change,) = changes(compare(with_text("Once a year.", number), with_text("Once a month.", number)))
        assert change.name() == name
