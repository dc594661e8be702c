"""What moved: the redline and the amendment name the same parts, the shorter ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.amending.finding import instructions
from clausebook.amending.kept_numbers import keep_numbers, reserved_for
from clausebook.compare.documents import compare
from clausebook.document.model import Clause, Definition, Document, Paragraph, Run, Section
from tests.support.compare_cases import document
from tests.support.tiers import examples

LONG, MIDDLE, SHORT = "long words " * 40, "some more words " * 6, "few words"


def clause(name: str, text: str) -> Clause:
    return Clause(name, "", name.capitalize(), (Paragraph((Run(text),)),))


def numbered(*sections: tuple[str, list[Clause]], terms: tuple[Definition, ...] = ()) -> Document:
    """Return a document of sections of clauses, each numbered where it stands."""
    return replace(
        document("= A deal"),
        sections=tuple(
            Section(
                name,
                f"{place}.",
                name.capitalize(),
                tuple(replace(each, number=f"{place}.{count}") for count, each in enumerate(clauses, 1)),
                terms if place == 1 else (),
            )
            for place, (name, clauses) in enumerate(sections, 1)
        ),
    )


def moved(old: Document, new: Document) -> tuple[set[str], set[str]]:
    """Return the ids of what moved by the redline, and by the amendment."""
    restated = keep_numbers(old, new)
    shown = compare(old, restated)
    tops = [part for part in shown.sections if part.move]
    inner = [part for section in shown.sections for part in (*section.clauses, *section.definitions) if part.move]
    whole = {part.id for part in tops}
    within = {part.id for part in inner if part.move.split("-", 1)[1] == part.id}
    told = instructions(old, restated)
    gone = {each.place for each in told if each.action == "delete"}
    come = {each.new.id for each in told if each.action == "add" and not reserved_for(each.new)}
    return whole | within, gone & come


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_swapped_clauses_the_shorter_moved(turned: bool) -> None:
    first, second = clause("first", LONG), clause("second", SHORT)
    rows = [[first, second], [second, first]]
    old, new = (numbered(("one", row)) for row in (reversed(rows) if turned else rows))
    assert moved(old, new) == ({"second"}, {"second"})


def test_of_two_swapped_clauses_that_are_as_long_the_same_one_moved() -> None:
    first, second = clause("first", SHORT), clause("other", SHORT)
    shown, told = moved(numbered(("one", [first, second])), numbered(("one", [second, first])))
    assert shown == told
    assert len(told) == 1


@pytest.mark.parametrize(
    ("order", "expected"),
    [("bca", {"b", "c"}), ("cab", {"c"}), ("cba", {"b", "c"}), ("bac", {"b"})],
)
def test_of_clauses_that_changed_their_order_the_shortest_moved(order: str, expected: set[str]) -> None:
    there = {"a": clause("a", LONG), "b": clause("b", MIDDLE), "c": clause("c", SHORT)}
    old = numbered(("one", list(there.values())))
    assert moved(old, numbered(("one", [there[name] for name in order]))) == (expected, expected)


def test_of_two_swapped_sections_the_shorter_moved() -> None:
    first, second = ("first", [clause("a", SHORT), clause("b", SHORT)]), ("second", [clause("c", LONG)])
    assert moved(numbered(first, second), numbered(second, first)) == ({"first"}, {"first"})


def test_of_two_swapped_definitions_the_shorter_moved() -> None:
    terms = tuple(
        Definition(f"term-{name}", name, (Paragraph((Run(text),)),)) for name, text in (("a", SHORT), ("b", LONG))
    )
    rows = [numbered(("one", [clause("x", SHORT)]), terms=each) for each in (terms, terms[::-1])]
    assert moved(*rows) == ({"term-a"}, {"term-a"})


@settings(max_examples=examples(150))
@given(
    st.permutations(range(6)),
    st.lists(st.sampled_from([SHORT, MIDDLE, LONG, "", "a b c"]), min_size=6, max_size=6),
    st.sets(st.integers(0, 5)),
)
def test_redline_and_amendment_always_name_the_same(order: list[int], texts: list[str], gone: set[int]) -> None:
    there = [clause(f"c{place}", text) for place, text in enumerate(texts)]
    new = [there[place] for place in order if place not in gone]
    shown, told = moved(numbered(("one", there)), numbered(("one", new)))
    assert shown == told
