"""Whole contracts with known edits: a redline tells each at its clause, with its words and its cause, and no more."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.edits import MOST, marked_words
from clausebook.document.outgoing import outgoing
from clausebook.document.words import words
from clausebook.history.comparison import Comparison, Text, comparison
from clausebook.language.sandbox import Sandbox
from clausebook.render.docx.document import render_docx
from clausebook.render.docx.look import load_look
from clausebook.render.docx.redline import render_redline_docx
from clausebook.render.redline.formats import REDLINES, RedlineOptions
from clausebook.render.redline.heading import RedlineHeading
from clausebook.repository.tree import DiskTree
from tests.support.docx_office import ACCEPT, LEAVE, OFFICE, REJECT, Job, office_texts
from tests.support.docx_tracking import check_sides, check_tracked
from tests.support.html_reader import read_html
from tests.support.pair_cases import CASES, Edit, Found, edits_of, texts_of
from tests.support.recorded_marks import applied, places, with_numbers_of, words_meant
from tests.support.redline_reader import Side, html_column_words, html_words, markdown_words, pdf_side_words, text_words
from tests.support.redline_resolver import accepted, rejected
from tests.support.repositories import ROOT

pytestmark = pytest.mark.slow("long contracts of other trades, compared in every format and in LibreOffice")

LOOK = load_look(DiskTree(ROOT))
SIDES: tuple[Side, Side] = ("old", "new")


@dataclass(frozen=True, slots=True)
class Pair:
    """A contract before and after its edits, and after each of them."""

    edits: tuple[Edit, ...]
    texts: tuple[Text, ...]
    whole: Comparison
    steps: tuple[Comparison, ...]

    @property
    def heading(self) -> RedlineHeading:
        """What stands above the redline of all edits."""
        return RedlineHeading.of(self.whole.redline, "Version 1.0", "Version 1.1", self.whole.changes)

    def written(self, name: str, **options: object) -> bytes:
        """Return the redline of all edits in a format."""
        chosen = RedlineOptions(look=ROOT / "templates" / "pdf", **options)  # type: ignore[arg-type]
        return REDLINES[name](self.whole.redline, self.heading, chosen)

    def docx(self) -> bytes:
        """Return the redline of all edits as DOCX."""
        return docx_of(self.whole)


def docx_of(step: Comparison) -> bytes:
    """Return a redline as DOCX."""
    return render_redline_docx(step.redline, LOOK, author="Counsel", base="Version 1.0", coverage="All of it")


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Pair]]:
    """Assemble every pair, and compare what stands before and after each edit and before and after all."""
    folder, sandbox = tmp_path_factory.mktemp("pairs"), Sandbox()
    found = {}
    for case in CASES:
        texts = tuple(texts_of(case, folder, sandbox))
        steps = tuple(comparison(old, new, sandbox) for old, new in pairwise(texts))
        found[case] = Pair(edits_of(case), texts, comparison(texts[0], texts[-1], sandbox), steps)
    yield found
    sandbox.close()


@pytest.fixture(params=CASES)
def pair(request: pytest.FixtureRequest, pairs: dict[str, Pair]) -> Pair:
    """Return one pair after another."""
    return pairs[request.param]


Told = tuple[str, str, tuple[str, ...], str, tuple[tuple[str, str], ...]]


def told(found: Comparison) -> list[Told]:
    """Return what a redline says: part, place, kinds, cause and words of each change."""
    return [
        (
            change.part,
            change.place,
            change.kinds,
            found.cause_of(change).kind,
            tuple((edit.before, edit.after) for edit in change.edits),
        )
        for change in found.changes
    ]


def unnumbered(text: str) -> str:
    """Return a text without the numbers of its references, which other edits move."""
    return re.sub(r"((?:Section|Article|Clause|paragraph)\s|^(?=\d+[.-]\d+$))[\d.-]+", r"\1#", text)


def test_the_pairs_are_contracts_of_a_usual_length(pair: Pair) -> None:
    for text in (pair.texts[0], pair.texts[-1]):
        assert 3000 <= len(words(text.document)) <= 6000


def test_each_edit_is_told_and_nothing_else(pair: Pair) -> None:
    for edit, step in zip(pair.edits, pair.steps, strict=True):
        expected = [(each.part, each.place, each.kinds, each.cause, each.edits) for each in edit.found]
        assert told(step) == expected, edit.name


def test_all_edits_together_are_told_at_their_clauses_and_nothing_else(pair: Pair) -> None:
    by_place: dict[tuple[str, str], list[Found]] = {}
    for each in (each for edit in pair.edits for each in edit.found):
        # Of what was removed in the end nothing else is told.
        before = by_place.get((each.part, each.place), []) if "removed" not in each.kinds else []
        by_place[each.part, each.place] = [*before, each]
    causes = {place: {each.cause for each in all_} for place, all_ in by_place.items()}
    kinds = {place: {kind for each in all_ for kind in each.kinds} for place, all_ in by_place.items()}
    edits = Counter(
        (*place, *map(unnumbered, words_)) for place, all_ in by_place.items() for each in all_ for words_ in each.edits
    )
    found = pair.whole
    assert {(change.part, change.place): found.cause_of(change).kind for change in found.changes} == {
        place: all_.pop() if len(all_) == 1 else "both" for place, all_ in causes.items()
    }
    assert {(change.part, change.place): set(change.kinds) for change in found.changes} == kinds
    got = Counter(
        (change.part, change.place, unnumbered(edit.before), unnumbered(edit.after))
        for change in found.changes
        for edit in change.edits
    )
    assert got == edits


def test_accepting_and_rejecting_all_gives_the_two_texts(pair: Pair) -> None:
    for step in (pair.whole, *pair.steps):
        assert words(accepted(step.redline)) == words(step.new.document)
        assert words(rejected(step.redline)) == words(step.old.document)


def test_the_recorded_marks_make_the_new_text_of_the_old(pair: Pair) -> None:
    for edit, step in zip(pair.edits, pair.steps, strict=True):
        old, new = step.redline.old, with_numbers_of(step.redline.old, step.redline.new)
        assert list(applied(edit.marks, old).items()) == list(places(new, edit.marks).items()), edit.name


def test_every_edit_has_the_same_words_in_every_format(pair: Pair) -> None:
    for edit, step in zip(pair.edits, pair.steps, strict=True):
        sides = [outgoing(side.document) for side in (step.old, step.new)]
        check_sides(docx_of(step), *sides)
        heading = RedlineHeading.of(step.redline, "Version 1.0", "Version 1.1", step.changes)
        text, html, data = (
            REDLINES[name](step.redline, heading, RedlineOptions(look=ROOT / "templates" / "pdf")).decode()
            for name in ("text", "html", "json")
        )
        for side, document in zip(SIDES, sides, strict=True):
            assert text_words(text, side) == words(document), edit.name
            assert html_words(html, side) == words(document), edit.name
        got = [(change["part"], change["place"], tuple(change["kinds"])) for change in json.loads(data)["changes"]]
        assert got == [(change.part, change.place, change.kinds) for change in step.changes], edit.name


def test_no_more_words_are_marked_than_a_lawyer_would_mark(pairs: dict[str, Pair]) -> None:
    meant = marked = 0
    names = set()
    for each in pairs.values():
        for edit, step in zip(each.edits, each.steps, strict=True):
            words_ = marked_words(docx_of(step))
            assert bool(words_) <= bool(step.changes), edit.name
            meant += words_meant(edit.marks, step.redline.old, step.redline.new)
            marked += words_
            names.add(edit.name)
    assert len(names) >= 60
    assert marked <= MOST * meant


def test_every_format_holds_both_texts_and_tells_every_change(pair: Pair) -> None:
    text, markdown = (pair.written(name).decode() for name in ("text", "markdown"))
    inline, columns = (pair.written("html", view=view).decode() for view in ("inline", "side-by-side"))
    for side in SIDES:
        expected = words((pair.whole.old if side == "old" else pair.whole.new).document)
        assert text_words(text, side) == expected
        assert markdown_words(markdown, side) == expected
        assert html_words(inline, side) == expected
        assert html_column_words(columns, side) == expected
    said = " ".join(text.split())
    for change in pair.whole.changes:
        assert " ".join(change.summary().split()) in said
    for html in (inline, columns):
        ids = read_html(html).ids()
        assert len(set(ids)) == len(ids)


def test_the_pdf_holds_both_texts(pair: Pair) -> None:
    data = pair.written("pdf")
    for side in SIDES:
        expected = words((pair.whole.old if side == "old" else pair.whole.new).document)
        found = iter(pdf_side_words(data, side))
        assert [word for word in expected if word not in found] == []


def test_the_json_tells_the_same_changes(pair: Pair) -> None:
    data = json.loads(pair.written("json"))
    got = [
        (
            change["part"],
            change["place"],
            tuple(change["kinds"]),
            tuple((each["before"], each["after"]) for each in change["edits"]),
        )
        for change in data["changes"]
    ]
    assert got == [(part, place, kinds, edits) for part, place, kinds, _, edits in told(pair.whole)]
    assert [change["cause"] for change in data["changes"]] == [change.cause for change in pair.whole.changes]


def test_the_docx_resolves_to_both_texts(pair: Pair) -> None:
    data = pair.docx()
    check_tracked(data, author="Counsel")
    check_sides(data, *(outgoing(text.document) for text in (pair.whole.old, pair.whole.new)))


@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice (soffice) is not installed, so no word processor resolved the redlines"
)
def test_libreoffice_resolves_every_pair_to_both(pairs: dict[str, Pair], tmp_path: Path) -> None:
    jobs = []
    for each in pairs.values():
        data = each.docx()
        jobs += [Job(ACCEPT, data), Job(LEAVE, render_docx(outgoing(each.whole.new.document), LOOK))]
        jobs += [Job(REJECT, data), Job(LEAVE, render_docx(outgoing(each.whole.old.document), LOOK))]
    texts = office_texts(jobs, tmp_path)
    for place, name in enumerate(pairs):
        new, new_text, old, old_text = texts[4 * place : 4 * place + 4]
        assert new == new_text, name
        assert old == old_text, name


@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice (soffice) is not installed, so no word processor resolved the redlines"
)
def test_libreoffice_resolves_single_edits_to_both(pairs: dict[str, Pair], tmp_path: Path) -> None:
    steps = [(edit.name, step) for each in pairs.values() for edit, step in zip(each.edits, each.steps, strict=True)]
    sample = steps[::6]
    assert len(sample) >= 20
    jobs = []
    for _, step in sample:
        for command, side in ((ACCEPT, step.new), (REJECT, step.old)):
            jobs += [Job(command, docx_of(step)), Job(LEAVE, render_docx(outgoing(side.document), LOOK))]
    texts = iter(office_texts(jobs, tmp_path))
    for name, _ in sample:
        for side in ("accepted", "rejected"):
            assert next(texts) == next(texts), f"{name}, {side}"
