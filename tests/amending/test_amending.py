"""Amendments over Documents: kept numbers, instructions, and the operative words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from clausebook.amending.applying import AmendmentError, apply
from clausebook.amending.changes_file import Changes, TextMark, from_json, to_json
from clausebook.amending.finding import instructions
from clausebook.amending.instructions import FORMS, Instruction, Renumbering, from_plain, to_plain
from clausebook.amending.kept_numbers import keep_numbers, with_numbers
from clausebook.amending.operative import operative_clauses, with_operative_words
from clausebook.amending.ordinals import next_in_row, number_between
from clausebook.amending.wording import filled, load_wording
from clausebook.document.fingerprints import fingerprint
from clausebook.document.interchange import InterchangeError
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
)
from clausebook.document.outgoing import outgoing, same_text
from clausebook.document.walk import anchors_of, runs_of
from clausebook.document.words import words
from clausebook.library.model import Numbering
from clausebook.repository.tree import DiskTree
from tests.support.compare_strategies import pairs
from tests.support.reading import WORDS, render_all
from tests.support.repositories import ROOT, shapes_repository
from tests.support.tiers import examples

REFERENCES = {
    "section": "Section {number}",
    "clause": "Section {number}",
    "schedule": "{number}",
    "schedule_clause": "Section {number} of {schedule}",
}
NUMBERING = Numbering(schedule="Schedule {A} –", references=REFERENCES)


def clause(name: str, number: str, *blocks: Block) -> Clause:
    return Clause(name, number, name.capitalize(), blocks or (Paragraph((Run(f"Text of {name}."),)),))


def referring(name: str, number: str, *references: tuple[str, str]) -> Clause:
    runs = [run for text, target in references for run in (Run("see "), Run(text, target=f"#{target}"), Run("; "))]
    return clause(name, number, Paragraph(tuple(runs)))


def labelled(name: str, number: str) -> Clause:
    items = tuple(Item(f"({letter})", (Paragraph((Run(letter),)),), f"{name}--{letter}") for letter in "ab")
    return clause(name, number, ItemList(items, True, 0))


def document(sections: dict[str, list[Clause]], schedules: tuple[Schedule, ...] = ()) -> Document:
    """Return a document whose sections are numbered in order."""
    return Document(
        id="deal",
        type="pact",
        kind="Pact",
        title="A Pact",
        version="1.0",
        status="draft",
        draft=True,
        language="en-US",
        parties=(),
        opening=None,
        sections=tuple(
            Section(name, f"{index}.", name.capitalize(), tuple(clauses))
            for index, (name, clauses) in enumerate(sections.items(), 1)
        ),
        closing=None,
        signatures=(),
        schedules=schedules,
    )


def numbers(found: Document) -> list[tuple[str, str]]:
    """Return the numbers and headings of everything, in reading order."""
    rows = []
    groups: tuple[Section | Schedule, ...] = (*found.sections, *found.schedules)
    for group in groups:
        rows.append((group.number, group.title))
        rows += [(each.number, each.title) for each in group.clauses]
    return rows


def kept(executed: Document, draft: Document) -> Document:
    """Keep the numbers, and prove what must always hold."""
    found = keep_numbers(executed, draft)
    assert keep_numbers(executed, found) == found
    made = apply(executed, instructions(executed, found))
    assert same_text(made, found)
    return found


def texts(found: Document, name: str) -> str:
    (each,) = [each for each in found.clauses() if each.id == name]
    return "".join(run.text for run in runs_of(each.blocks))


EXECUTED = document(
    {
        "first": [clause("a", "1.1"), clause("b", "1.2"), clause("c", "1.3")],
        "second": [clause("d", "2.1"), labelled("e", "2.2")],
        "third": [clause("f", "3.1")],
    }
)


DELETED = Instruction("delete-clause", place="a")


def test_nothing_changed_is_nothing_done() -> None:
    assert keep_numbers(EXECUTED, EXECUTED) == EXECUTED
    assert instructions(EXECUTED, EXECUTED) == ()


def test_a_deleted_clause_leaves_its_number() -> None:
    draft = document({"first": [clause("a", "1.1"), clause("c", "1.2")], "second": [], "third": [clause("f", "3.1")]})
    draft = replace(draft, sections=(draft.sections[0], EXECUTED.sections[1], draft.sections[2]))
    found = kept(EXECUTED, draft)
    assert numbers(found)[1:4] == [("1.1", "A"), ("1.2", "Reserved"), ("1.3", "C")]
    assert found.sections[0].clauses[1] == Clause("b--reserved", "1.2", "Reserved", ())
    assert instructions(EXECUTED, found) == (Instruction("delete-clause", found.sections[0].clauses[1], "b"),)


def test_inserted_clauses_have_letters() -> None:
    draft = replace(
        EXECUTED,
        sections=(
            replace(
                EXECUTED.sections[0],
                clauses=(
                    clause("x", "1.1"),
                    clause("a", "1.2"),
                    clause("y", "1.3"),
                    clause("z", "1.4"),
                    clause("b", "1.5"),
                    clause("c", "1.6"),
                    clause("w", "1.7"),
                ),
            ),
            *EXECUTED.sections[1:],
        ),
    )
    found = kept(EXECUTED, draft)
    assert [number for number, _ in numbers(found)[1:8]] == ["1.A1", "1.1", "1.1A", "1.1B", "1.2", "1.3", "1.3A"]
    added = [each for each in instructions(EXECUTED, found) if each.do == "add-clause"]
    assert [(each.place, each.new.id) for each in added] == [("", "x"), ("a", "y"), ("a", "z"), ("c", "w")]


def test_numbers_go_on_where_an_earlier_amendment_left_off() -> None:
    first = kept(EXECUTED, _with(clause("a", "1.1"), clause("y", "1.2"), clause("c", "1.3")))
    assert [number for number, _ in numbers(first)[1:5]] == ["1.1", "1.1A", "1.2", "1.3"]
    draft = _with(clause("a", "1.1"), clause("n", "1.2"), clause("y", "1.3"), clause("b", "1.4"), clause("c", "1.5"))
    second = kept(first, draft)
    # What comes back after it was deleted is new: its old number stays reserved.
    assert numbers(second)[1:7] == [
        ("1.1", "A"),
        ("1.1ZA", "N"),
        ("1.1A", "Y"),
        ("1.1B", "B"),
        ("1.2", "Reserved"),
        ("1.3", "C"),
    ]


def test_a_moved_clause_is_reserved_in_one_place_and_inserted_in_the_other() -> None:
    draft = document(
        {
            "first": [clause("a", "1.1"), clause("c", "1.2")],
            "second": [clause("d", "2.1"), labelled("e", "2.2"), clause("b", "2.3")],
            "third": [referring("f", "3.1", ("Section 2.3", "b"))],
        }
    )
    found = kept(EXECUTED, draft)
    assert ("1.2", "Reserved") in numbers(found)
    assert ("2.2A", "B") in numbers(found)
    assert texts(found, "f") == "see Section 2.2A; "


def test_references_follow_the_kept_numbers() -> None:
    definition = Definition("term-x", "X", (Paragraph((Run("as in "), Run("Section\u00a01.2(b)", target="#e--b"))),))
    schedules = (Schedule("terms", "Schedule A –", "Terms", (), (definition,)),)
    draft = document(
        {
            "second": [labelled("e", "1.2")],
            "third": [
                referring("f", "2.1", ("Section\u00a01.2(b)", "e--b"), ("Section\u00a01", "second"), ("X", "term-x"))
            ],
        },
        schedules,
    )
    found = kept(replace(EXECUTED, schedules=schedules), draft)
    assert texts(found, "f") == "see Section\u00a02.2(b); see Section\u00a02; see X; "
    assert words(found)[-4:] == ["as", "in", "Section", "2.2(b)"]


def test_a_deleted_section_keeps_its_number_and_a_new_one_has_a_letter() -> None:
    draft = document(
        {
            "first": list(EXECUTED.sections[0].clauses),
            "new": [clause("n", "2.1"), clause("o", "2.2")],
            "third": [referring("f", "3.1", ("Section 2.2", "o"))],
        }
    )
    found = kept(EXECUTED, draft)
    assert [(each.number, each.title) for each in found.sections] == [
        ("1.", "First"),
        ("1A.", "New"),
        ("2.", "Reserved"),
        ("3.", "Third"),
    ]
    assert [each.number for each in found.sections[1].clauses] == ["1A.1", "1A.2"]
    assert texts(found, "f") == "see Section 1A.2; "
    assert any(each.do == "delete-section" and each.new for each in instructions(EXECUTED, found))


def test_a_new_schedule_has_the_next_letter_and_none_is_given_again() -> None:
    a, b, c = (
        Schedule(name, f"Schedule {letter} –", name.capitalize(), (clause(f"{name}-1", "1."),))
        for name, letter in (("alpha", "A"), ("beta", "B"), ("gamma", "C"))
    )
    executed = replace(EXECUTED, schedules=(a, b, c))
    new = Schedule(
        "delta", "Schedule A –", "Delta", (referring("delta-1", "1.", ("Section 1 of Schedule C", "gamma-1")),)
    )
    draft = replace(EXECUTED, schedules=(new, replace(a, number="Schedule B –"), replace(c, number="Schedule C –")))
    found = kept(executed, draft)
    assert [(each.number, each.title) for each in found.schedules] == [
        ("Schedule A –", "Alpha"),
        ("Schedule B –", "Reserved"),
        ("Schedule C –", "Gamma"),
        ("Schedule D –", "Delta"),
    ]
    later = kept(found, replace(draft, schedules=draft.schedules[1:2]))
    assert [each.title for each in later.schedules] == ["Alpha", "Reserved", "Reserved", "Reserved"]
    assert any(each.do == "add-schedule" for each in instructions(executed, found))


def test_a_reference_into_a_schedule_follows_both_numbers() -> None:
    old = Schedule("terms", "Schedule 2", "Terms", (clause("x", "1."), clause("y", "2.")))
    draft = replace(
        EXECUTED,
        sections=(
            *EXECUTED.sections[:2],
            Section("third", "3.", "Third", (referring("f", "3.1", ("Section 1 of Schedule 1", "y")),)),
        ),
        schedules=(replace(old, number="Schedule 1", clauses=(clause("y", "1."),)),),
    )
    found = kept(replace(EXECUTED, schedules=(old,)), draft)
    assert texts(found, "f") == "see Section 2 of Schedule 2; "


@pytest.mark.parametrize(
    ("before", "after", "used", "expected"),
    [
        ("3.3", "3.4", "", "3.3A"),
        ("3.3A", "3.4", "3.3A", "3.3B"),
        ("3.3A", "3.3B", "3.3A 3.3B", "3.3AA"),
        ("3.3", "3.3A", "3.3A", "3.3ZA"),
        ("3.3A", "3.3AA", "3.3A 3.3AA", "3.3AZA"),
        ("3.3", "3.3ZA", "3.3ZA 3.3A", "3.3ZZA"),
        ("3.3Y", "3.4", "3.3Y", "3.3YA"),
        ("", "3.1", "3.1", "3.A1"),
        ("3.A1", "3.1", "3.A1 3.1", "3.B1"),
        ("", "3.A1", "3.A1 3.1", "3.ZA1"),
        ("3.9", "", "3.9", "3.9A"),
        ("4.", "5.", "4. 5.", "4A."),
        ("Article 2", "", "Article 2", "Article 2A"),
        ("B.", "C.", "B. C.", "B1."),
        ("3A.1", "3A.2", "3A.1 3A.2", "3A.1A"),
        ("", "", "", "7.1"),
    ],
)
def test_numbers_between(before: str, after: str, used: str, expected: str) -> None:
    assert number_between(before, after, set(used.split()) | {before, after}, "7.1") == expected


def test_the_next_in_a_row() -> None:
    assert next_in_row(["Schedule A –", "Schedule B –"], "Schedule A –") == "Schedule C –"
    assert next_in_row(["Annex 1", "Annex 9"], "Annex 2") == "Annex 10"
    assert next_in_row([f"Schedule {chr(65 + each)}" for each in range(26)], "Schedule A") == "Schedule AA"


def test_many_insertions_never_meet() -> None:
    before, after, used = "3.3", "3.4", {"3.3", "3.4"}
    for turn in range(80):
        number = number_between(before, after, used, "")
        assert number not in used
        used.add(number)
        before, after = (number, after) if turn % 3 else (before, number)


@settings(max_examples=examples(220))
@given(pairs())
def test_original_and_instructions_make_the_restated_text(partnership: Path, pair: tuple[Document, Document]) -> None:
    # No instruction moves parts about: the order is the type's.
    old, new = (replace(numbered(each), order=()) for each in pair)
    assert keep_numbers(old, old) == old
    restated = keep_numbers(old, new)
    assert keep_numbers(old, restated) == restated
    check_numbers(old, restated)
    for target in (restated, new):
        found = instructions(old, target)
        read = tuple(from_plain(json.loads(json.dumps(to_plain(each)))) for each in found)
        assert read == found
        made = apply(old, read)
        assert words(made) == words(target)
        assert outgoing(made) == outgoing(target)
        assert (found == ()) == (outgoing(old) == outgoing(target))
    wording, _ = load_wording(DiskTree(partnership), "templates/amendment")
    assert wording is not None
    written = operative_clauses(old, instructions(old, restated), wording, NUMBERING)
    identities = [each.id for each in written]
    assert len(set(identities)) == len(identities)
    assert not any("{" in each.title for each in written)


def check_numbers(old: Document, restated: Document) -> None:
    """Prove that no executed number has gone or changed its order, and that none is given twice."""
    for before, after in ((old.sections, restated.sections), (old.schedules, restated.schedules)):
        given = [each.number for each in before]
        present = [each.number for each in after]
        assert [each for each in present if each in given] == given
        assert len(set(present)) == len(present)
    for section in restated.sections:
        found = [each.number for each in section.clauses]
        assert len(set(found)) == len(found)


def numbered(found: Document) -> Document:
    """Number a generated document as an assembled one is."""
    return replace(
        found,
        sections=tuple(
            replace(
                section,
                number=f"{place}.",
                clauses=tuple(replace(each, number=f"{place}.{n}") for n, each in enumerate(section.clauses, 1)),
            )
            for place, section in enumerate(found.sections, 1)
        ),
        schedules=tuple(
            replace(
                schedule,
                number=f"Schedule {'ABC'[place]}",
                clauses=tuple(replace(each, number=f"{n}.") for n, each in enumerate(schedule.clauses, 1)),
            )
            for place, schedule in enumerate(found.schedules)
        ),
    )


def test_express_renumbering_moves_numbers_and_references_alone() -> None:
    executed = _referred()
    draft = with_numbers(executed, {"c": "1.2", "e": "2.7"})
    draft = replace(draft, sections=(_without(draft.sections[0], "b"), *draft.sections[1:]))
    found = instructions(executed, draft)
    assert found == (
        Instruction("renumber", (Renumbering("c", "1.2"), Renumbering("e", "2.7"))),
        Instruction("delete-clause", place="b"),
    )
    assert same_text(apply(executed, found), draft)
    assert texts(draft, "f") == "see Section 2.7(b); "


@pytest.mark.parametrize(
    "wrong",
    [
        Instruction("replace-clause", clause("nowhere", "9.9"), "nowhere"),
        Instruction("delete-clause", place="nowhere"),
        Instruction("add-clause", clause("n", "9.1"), "", "nowhere"),
        Instruction("add-clause", clause("n", "9.1"), "nowhere", "first"),
        Instruction("delete-section", place="nowhere"),
        Instruction("renumber", (Renumbering("nowhere", "1."),)),
        Instruction("renumber", (Renumbering("a", "1."), Renumbering("a", "2."))),
        Instruction("delete-clause", clause("a", "1.1"), "a"),
        Instruction("delete-clause", replace(clause("b--reserved", "1.1"), blocks=()), "a"),
    ],
)
def test_an_instruction_that_fits_nothing_is_refused(wrong: Any) -> None:
    with pytest.raises(AmendmentError):
        apply(EXECUTED, [wrong])


def test_two_instructions_for_one_place_are_refused() -> None:
    with pytest.raises(AmendmentError, match="two instructions"):
        apply(EXECUTED, [DELETED, Instruction("replace-clause", clause("a", "1.1"), "a")])
    with pytest.raises(AmendmentError, match="two instructions"):
        apply(EXECUTED, [Instruction("replace-title", "One"), Instruction("replace-title", "Two")])


def test_two_texts_of_different_agreements_have_no_instructions() -> None:
    with pytest.raises(AmendmentError):
        instructions(EXECUTED, replace(EXECUTED, id="other"))


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "delete-clause",
        {},
        {"do": "execute", "place": "a"},
        {"do": ["delete-clause"], "place": "a"},
        {"do": "delete-clause"},
        {"do": "delete-clause", "place": 1},
        {"do": "delete-clause", "place": "a", "more": 1},
        {"do": "replace-clause", "place": "a", "clause": {"id": "a"}},
        {"do": "add-section", "after": "", "section": None},
        {"do": "renumber", "numbers": {"a": "1"}},
        {"do": "renumber", "numbers": [{"place": "a"}]},
        {"do": "renumber", "numbers": [], "more": 1},
    ],
)
def test_hostile_instructions_are_refused(data: Any) -> None:
    with pytest.raises(InterchangeError):
        from_plain(data)


CHANGES = Changes("deal", 1, TextMark.of(EXECUTED), TextMark("1.1", "0" * 64), "d", False, (DELETED,))


def test_changes_are_read_back() -> None:
    assert from_json(to_json(CHANGES).encode()) == CHANGES


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        to_json(CHANGES).replace("clausebook-amendment/2", "clausebook-amendment/3").encode(),
        to_json(CHANGES).replace('"number": 1', '"number": true').encode(),
        to_json(CHANGES).replace('"number": 1', '"number": 1, "number": 2').encode(),
        to_json(CHANGES).replace('"number": 1', '"number": 1, "more": 2').encode(),
        to_json(CHANGES).replace('"delete-clause"', '"delete-all"').encode(),
        to_json(CHANGES).replace('"version": "1.1"', '"version": 1').encode(),
        to_json(CHANGES).replace('"version": "1.1"', '"version": "\\ud800"').encode(),
        to_json(CHANGES).replace('"version": "1.1", ', "").encode(),
    ],
)
def test_hostile_changes_are_refused(content: bytes) -> None:
    with pytest.raises(InterchangeError):
        from_json(content)


def test_a_formula_is_filled_once() -> None:
    assert filled("{place} is {title}", {"place": "{title}", "title": "{place}"}) == "{title} is {place}"
    assert filled("{place.__class__}", {"place": "x"}) == "{place.__class__}"


def test_every_kind_of_instruction_has_a_formula(partnership: Path) -> None:
    """The formulas of the repository hold all that can be asked of them."""
    wording, findings = load_wording(DiskTree(partnership), "templates/amendment")
    assert findings == ()
    assert wording is not None
    roots = {name.split("_")[0] for name in wording.formulas}
    assert {name.split("-")[1] for name in FORMS if "-" in name} <= roots | {"parties", "signatures"}
    assert "renumbered" in wording.formulas


def test_what_joins_a_place_to_the_agreement_must_be_said_where_a_formula_has_it(tmp_path: Path) -> None:
    root = shapes_repository(tmp_path, "partnership")
    path = root / "templates" / "amendment" / "operative.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("of_agreement: of the Agreement\n", ""), encoding="utf-8")
    wording, findings = load_wording(DiskTree(root), "templates/amendment")
    assert wording is None
    assert {each.rule for each in findings} == {"core/operative-words"}
    assert "`clause_replaced` cannot be filled with {of_agreement}" in [each.message for each in findings]


@pytest.fixture(scope="module")
def amendment(partnership: Path) -> tuple[Document, Document, Document]:
    """Return an executed text, its restated text, and an amendment with the operative words between them."""
    wording, _ = load_wording(DiskTree(partnership), "templates/amendment")
    assert wording is not None
    schedules = (
        Schedule("own", "Schedule A –", "Own", (Clause("own--text", "", "", (Paragraph((Run("Old."),)),)),)),
        Schedule("terms", "Schedule B –", "Terms", (clause("x", "1."),), (_definition("fee", "an old fee"),)),
    )
    executed = replace(_referred(), schedules=schedules)
    draft = replace(
        executed,
        title="Another Pact",
        opening=Clause("opening", "", "", (Paragraph((Run("Between us."),)),)),
        sections=(
            replace(
                executed.sections[0],
                title="Beginning",
                clauses=(clause("a", "1.1", Paragraph((Run("New text, see "), Run("Section 2.2", target="#e")))),),
            ),
            executed.sections[1],
            replace(executed.sections[2], clauses=(*executed.sections[2].clauses, labelled("g", "3.2"))),
            Section("fourth", "4.", "Fourth", (clause("h", "4.1"), labelled("i", "4.2"))),
        ),
        schedules=(
            replace(schedules[0], clauses=(Clause("own--text", "", "", (Paragraph((Run("New."),)),)),)),
            replace(schedules[1], clauses=(), definitions=(_definition("fee", "a fee"), _definition("levy", "a tax"))),
            Schedule("more", "Schedule C –", "More", (labelled("m", "1."),)),
        ),
    )
    restated = keep_numbers(executed, draft)
    shell = replace(
        document({"background": [clause("why", "1.1")], "changes": [clause("how", "2.1")], "effect": []}),
        kind="Amendment",
    )
    written = with_operative_words(shell, executed, instructions(executed, restated), wording, (NUMBERING, NUMBERING))
    return executed, restated, written


def test_the_operative_words(amendment: tuple[Document, Document, Document]) -> None:
    """A person has read these words, and found them right."""
    _, _, written = amendment
    said = [" ".join(_texts_of(each)) for each in written.sections[1].clauses[1:]]
    assert said == [
        "2.2 Title The title of the Agreement, “A Pact”, is deleted and replaced with “Another Pact”.",
        "2.3 Opening paragraphs The following opening paragraphs are added before the first Section of the Agreement: "
        "Between us.",
        "2.4 Section 1 (First) The heading of Section 1 of the Agreement, “First”, is deleted and replaced with "
        "“Beginning”.",
        "2.5 Section 1.1 (A) Section 1.1 (A) of the Agreement is deleted and replaced with the following: 1.1 A "
        "New text, see Section 2.2",
        "2.6 Section 1.2 (B) Section 1.2 (B) of the Agreement is deleted, and its number is reserved.",
        "2.7 Section 1.3 (C) Section 1.3 (C) of the Agreement is deleted, and its number is reserved.",
        "2.8 New Section 3.1A (G) A new Section 3.1A is added to the Agreement after Section 3.1 (F): 3.1A G "
        "(a) a (b) b",
        "2.9 New Section 3A (Fourth) A new Section 3A is added to the Agreement after Section 3 (Third): 3A. Fourth "
        "3A.1 H Text of h. 3A.2 I (a) a (b) b",
        "2.10 Schedule A (Own) The text of Schedule A (Own) to the Agreement is deleted and replaced with the "
        "following: New.",
        "2.11 Section 1 (X) of Schedule B Section 1 (X) of Schedule B to the Agreement is deleted, and its number is "
        "reserved.",
        "2.12 Definition of “Fee” The definition of “Fee” in Schedule B (Terms) to the Agreement is deleted and "
        "replaced with the following: “Fee” means a fee.",
        "2.13 Definition of “Levy” The following definition of “Levy” is added to Schedule B (Terms) to the Agreement "
        "after the definition of “Fee”: “Levy” means a tax.",
        "2.14 New Schedule C (More) A new Schedule C is added to the Agreement after Schedule B (Terms): "
        "Schedule C – More 1. M (a) a (b) b",
    ]


def test_quoted_text_has_no_anchors_and_no_inner_links(amendment: tuple[Document, Document, Document]) -> None:
    _, _, written = amendment
    anchors = list(anchors_of(written))
    assert len(set(anchors)) == len(anchors)
    targets = {run.target for each in written.clauses() for run in runs_of(each.blocks)}
    assert targets == {""}


def test_an_amendment_has_the_same_words_in_every_format(amendment: tuple[Document, Document, Document]) -> None:
    _, restated, written = amendment
    for each in (written, restated):
        for name, content in render_all(each, ROOT).items():
            assert WORDS[name](content) == words(each), name


def test_renumbering_is_said_in_a_table(partnership: Path) -> None:
    wording, _ = load_wording(DiskTree(partnership), "templates/amendment")
    assert wording is not None
    renumber = Instruction("renumber", (Renumbering("second", "4."), Renumbering("e", "4.2")))
    (written,) = operative_clauses(EXECUTED, [renumber], wording, NUMBERING)
    assert " ".join(_texts_of(written)).endswith(
        "Former number New number Heading Section 2 Section 4 Second Section 2.2 Section 4.2 E"
    )


def test_the_fingerprint_ignores_what_is_no_word() -> None:
    assert fingerprint(EXECUTED) == fingerprint(replace(EXECUTED, version="2.0", draft=False))


def _texts_of(each: Clause) -> list[str]:
    shown = replace(EXECUTED, kind="", title="", sections=(Section("s", "", "", (each,)),))
    return words(shown)


def _definition(name: str, text: str) -> Definition:
    term = name.capitalize()
    return Definition(f"term-{name}", term, (Paragraph((Run(f"“{term}” means {text}."),)),))


def _with(*clauses: Clause) -> Document:
    return replace(EXECUTED, sections=(replace(EXECUTED.sections[0], clauses=clauses), *EXECUTED.sections[1:]))


def _without(section: Section, name: str) -> Section:
    return replace(section, clauses=tuple(each for each in section.clauses if each.id != name))


def _referred() -> Document:
    third = replace(EXECUTED.sections[2], clauses=(referring("f", "3.1", ("Section 2.2(b)", "e--b")),))
    return replace(EXECUTED, sections=(*EXECUTED.sections[:2], third))
