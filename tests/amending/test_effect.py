"""When texts take effect, and which words are in force on a day: over generated chains of amendments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.amending.amendment_chain import Amendment, Chain, RecordedText
from clausebook.amending.changes_file import Changes, TextMark
from clausebook.amending.effect import Effect, effect, last_signature
from clausebook.amending.finding import instructions
from clausebook.amending.kept_numbers import keep_numbers, without_reserved
from clausebook.amending.words_in_force import InForce, in_force, met_place
from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Clause, Definition, Document, Paragraph, Run, Section
from clausebook.document.outgoing import outgoing
from clausebook.findings.model import RepositoryError
from clausebook.records.model import ExecutedVersion, RecordedSignatory
from tests.support.tiers import examples

DEAL = "deal"
FIRST = date(2026, 1, 1)


def record(agreement: str, version: str, day: str, times: tuple[str, ...] = ()) -> ExecutedVersion:
    signatories = tuple(RecordedSignatory(f"b{at}", "P", "N", "certificate", time, "") for at, time in enumerate(times))
    return ExecutedVersion(agreement, "pact", version, day, "verified", (), "", "", signatories, (), (), (), ())


def clause(name: str, text: str) -> Clause:
    return Clause(name, "1", name.capitalize(), (Paragraph((Run(text),)),))


def numbered(document: Document) -> Document:
    """Return a draft with the numbers that it has by itself."""
    sections = tuple(
        replace(
            section,
            number=f"{at}.",
            clauses=tuple(replace(each, number=f"{at}.{place}") for place, each in enumerate(section.clauses, 1)),
        )
        for at, section in enumerate(document.sections, 1)
    )
    return replace(document, sections=sections)


def original() -> Document:
    sections = tuple(
        Section(name, "", name.capitalize(), tuple(clause(f"{name}-{each}", f"Text of {each}.") for each in "abc"))
        for name in ("money", "term")
    )
    terms = Section("terms", "", "Terms", (), tuple(definition(name, f"{name} means one.") for name in ("Fee", "Site")))
    return numbered(
        Document(DEAL, "pact", "Pact", "A Pact", "1.0", "", False, "en-US", (), None, (*sections, terms), None, (), ())
    )


def definition(term: str, text: str) -> Definition:
    return Definition(f"term-{term.lower()}", term, (Paragraph((Run(text),)),))


@st.composite
def drafts(draw: st.DrawFn, base: Document, number: int) -> Document:
    """A draft after a text: some clauses changed, deleted, added, a heading changed, a definition changed."""
    document = without_reserved(base)
    sections = []
    for section in document.sections:
        clauses: list[Clause] = []
        for each in section.clauses:
            match draw(st.sampled_from(("", "", "", "", "changed", "deleted", "followed"))):
                case "changed":
                    clauses.append(replace(each, blocks=clause("", f"Text by amendment {number}.").blocks))
                case "deleted":
                    pass
                case "followed":
                    clauses += [each, clause(f"{each.id}-{number}", f"New by amendment {number}.")]
                case _:
                    clauses.append(each)
        title = f"{section.title} {number}" if draw(st.integers(0, 9)) == 0 else section.title
        terms = [
            definition(each.term, f"{each.term} means {number}.") if draw(st.integers(0, 5)) == 0 else each
            for each in section.definitions
        ]
        sections.append(replace(section, title=title, clauses=tuple(clauses), definitions=tuple(terms)))
    return numbered(replace(document, sections=tuple(sections)))


@st.composite
def chains(draw: st.DrawFn) -> tuple[Chain, Mapping[str, Effect]]:
    """A chain of up to four executed amendments, and the days on which its texts take effect, in any order."""
    base = original()
    texts = [RecordedText(base, record(DEAL, "1.0", FIRST.isoformat()))]
    days = {texts[0].by.folder: Effect(FIRST.isoformat())}
    made: list[Amendment] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        before = texts[-1].document
        target = replace(keep_numbers(before, draw(drafts(before, number))), version=f"1.{number}")
        told = instructions(before, target)
        if not told:
            continue
        changes = Changes(DEAL, number, TextMark.of(before), TextMark.of(target), "", False, told)
        by = record(f"{DEAL}-amendment-{number}", "1.0", (FIRST + timedelta(number)).isoformat())
        restated = changes.restate(before)
        assert fingerprint(restated) == fingerprint(target)
        made.append(Amendment(by.agreement, number, by, changes, before, restated))
        texts.append(RecordedText(restated, by))
        # Now and then it waits for ever.
        late = draw(st.integers(0, 9))
        days[by.folder] = Effect((FIRST + timedelta(10 + late)).isoformat()) if late else Effect("", "condition")
    return Chain(DEAL, tuple(texts), tuple(made)), days


def places(document: Document) -> dict[str, object]:
    """Return what stands in each place: an oracle that knows no instructions."""
    found: dict[str, object] = {}
    for part in outgoing(document).parts():
        found[part.id] = (part.number, part.title) if isinstance(part, Section) else part
    return found


def changed(amendment: Amendment) -> dict[str, object]:
    """Return what stands in each place that an amendment changes, None where nothing does any more."""
    assert amendment.base
    assert amendment.restated
    before, after = places(amendment.base), places(amendment.restated)
    return {name: after.get(name) for name in {*before, *after} if before.get(name) != after.get(name)}


@given(chains())
@settings(max_examples=examples(600))
def test_the_words_in_force_on_each_day_are_the_original_and_the_amendments_that_have_taken_effect(
    made: tuple[Chain, Mapping[str, Effect]],
) -> None:
    past, days = made
    for day in ((FIRST + timedelta(at)).isoformat() for at in range(-1, 21)):
        if day < FIRST.isoformat():
            with pytest.raises(RepositoryError):
                in_force(past, days, day)
            continue
        here = [each for each in past.amendments if each.record and "" < days[each.record.folder].day <= day]
        last = here[-1].number if here else 0
        absent = [each for each in past.amendments if each not in here and each.number < last]
        disputed = [
            (one, other)
            for one in absent
            for other in here
            if one.number < other.number and changed(one).keys() & changed(other).keys()
        ]
        try:
            found = in_force(past, days, day)
        except RepositoryError:
            # Only an earlier amendment that is not in force, and that changes, adds or deletes something, explains it.
            assert absent
            continue
        assert not disputed
        assert found.without == tuple(each.number for each in absent)
        if not absent:
            assert fingerprint(found.document) == fingerprint(past.texts[len(here)].document)
            assert found.document.version == past.texts[len(here)].document.version
        wanted = places(past.texts[0].document)
        for each in here:
            wanted |= changed(each)
        assert places(found.document) == {name: part for name, part in wanted.items() if part is not None}


def small_chain(*wordings: Mapping[str, str], days: tuple[str, ...] = ()) -> tuple[Chain, dict[str, Effect]]:
    """Return a chain whose amendments give clauses other words, by their ids; `days` are those of their effect."""
    texts = [RecordedText(original(), record(DEAL, "1.0", "2026-01-01"))]
    made, effects = [], {texts[0].by.folder: Effect("2026-01-01")}
    for number, words in enumerate(wordings, 1):
        before = texts[-1].document
        sections = tuple(
            replace(
                section,
                clauses=tuple(
                    replace(each, blocks=clause("", words[each.id]).blocks) if each.id in words else each
                    for each in section.clauses
                ),
            )
            for section in before.sections
        )
        target = replace(before, sections=sections, version=f"1.{number}")
        told = instructions(before, target)
        changes = Changes(DEAL, number, TextMark.of(before), TextMark.of(target), "", False, told)
        by = record(f"{DEAL}-amendment-{number}", "1.0", "2026-02-01")
        made.append(Amendment(by.agreement, number, by, changes, before, changes.restate(before)))
        texts.append(RecordedText(changes.restate(before), by))
        effects[by.folder] = Effect(days[number - 1])
    return Chain(DEAL, tuple(texts), tuple(made)), effects


def said(found: InForce, name: str) -> str:
    (part,) = [each for each in found.document.clauses() if each.id == name]
    (block,) = part.blocks
    assert isinstance(block, Paragraph)
    return block.runs[0].text


def test_an_amendment_in_force_before_an_earlier_one_changes_the_original_alone() -> None:
    past, days = small_chain({"money-a": "One."}, {"term-b": "Two."}, days=("2028-01-01", "2026-03-01"))
    found = in_force(past, days, "2026-06-01")
    assert (said(found, "money-a"), said(found, "term-b"), found.without) == ("Text of a.", "Two.", (1,))
    assert [each.agreement for each in found.by] == [DEAL, f"{DEAL}-amendment-2"]
    assert found.since == "2026-03-01"
    later = in_force(past, days, "2028-01-01")
    assert (said(later, "money-a"), later.without, later.since) == ("One.", (), "2028-01-01")


def test_nobody_can_tell_the_words_where_a_later_amendment_takes_effect_first_and_changes_the_same_clause() -> None:
    past, days = small_chain({"money-a": "One."}, {"money-a": "Two."}, days=("2028-01-01", "2026-03-01"))
    with pytest.raises(
        RepositoryError, match=r"No\. 2 has taken effect, and Amendment No\. 1 has not, though both .* 1\.1"
    ):
        in_force(past, days, "2026-06-01")
    assert said(in_force(past, days, "2028-01-01"), "money-a") == "Two."
    assert met_place(*past.amendments) == "1.1 Money-a"


def test_the_last_whole_text_that_has_taken_effect_is_where_the_words_begin() -> None:
    past, days = small_chain({"money-a": "One."}, days=("2026-03-01",))
    anew = RecordedText(replace(original(), version="2.0"), record(DEAL, "2.0", "2026-05-01"))
    past = replace(past, texts=(*past.texts, anew))
    days[anew.by.folder] = Effect("2027-01-01")
    assert said(in_force(past, days, "2026-12-31"), "money-a") == "One."
    assert in_force(past, days, "2027-01-01").document.version == "2.0"


SIGNED = record("a", "1.0", "2026-03-05", ("2026-03-02T10:00:00Z", "2026-03-04T23:30:00Z"))


@pytest.mark.parametrize(
    ("told", "executed", "met", "expected"),
    [
        ({"set_by": "last-signature"}, SIGNED, "", Effect("2026-03-04")),
        ({"set_by": "last-signature"}, None, "", Effect("", "signature")),
        ({"set_by": "fixed-date", "date": "2026-04-01"}, SIGNED, "", Effect("2026-04-01")),
        ({"set_by": "fixed-date", "date": "2026-02-01"}, SIGNED, "", Effect("2026-03-04")),
        ({"set_by": "fixed-date", "date": "2026-04-01"}, None, "", Effect("", "signature", "2026-04-01")),
        ({"set_by": "fixed-date", "date": "2026-02-30"}, SIGNED, "", Effect("2026-03-04")),
        ({"set_by": "condition", "condition": "x"}, SIGNED, "", Effect("", "condition", "2026-03-04")),
        ({"set_by": "condition", "condition": "x"}, SIGNED, "2026-03-10", Effect("2026-03-10")),
        ({"set_by": "condition", "condition": "x"}, SIGNED, "2026-03-01", Effect("2026-03-04")),
        ({"set_by": "condition", "lapses": "2026-03-09"}, SIGNED, "2026-03-10", Effect("", "lapsed")),
        ({"set_by": "condition", "lapses": "2026-03-03"}, SIGNED, "2026-03-01", Effect("", "lapsed")),
        ({"set_by": "conditions"}, SIGNED, "2026-03-10", Effect("2026-03-10")),
        ({"set_by": "conditions"}, None, "", Effect("", "condition")),
        ("at once", SIGNED, "", Effect("2026-03-04")),
        (None, SIGNED, "", Effect("2026-03-04")),
    ],
)
def test_a_text_takes_effect_as_its_words_say(
    told: Any, executed: ExecutedVersion | None, met: str, expected: Effect
) -> None:
    assert effect(told, executed, met) == expected


@pytest.mark.parametrize(
    ("day", "times", "expected"),
    [
        ("2026-03-05", ("2026-03-02T10:00:00Z", "2026-03-04T23:30:00Z"), "2026-03-04"),
        ("2026-03-04", ("2026-03-05T01:00:00Z",), "2026-03-04"),
        ("2026-03-05", ("2026-03-02T10:00:00Z", ""), "2026-03-05"),
        ("2026-03-05", (), "2026-03-05"),
        ("2026-03-05", ("2026-03-02", "soon"), "2026-03-05"),
    ],
)
def test_the_day_of_the_last_signature(day: str, times: tuple[str, ...], expected: str) -> None:
    assert last_signature(record("a", "1.0", day, times)) == expected
