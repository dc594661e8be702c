"""The reading of a finished text: number words, articles, where findings stand, and how many there can be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from clausebook.findings.model import Finding
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.rules.reading.figures import number_words
from clausebook.rules.reading.readings import MOST
from tests.support.repositories import nda_repository, partnership_repository

DEAL = "agreements/sparrow-finch.yaml"
EXCEPTION = "    - what was public before\n"

RIGHT = (
    "a boat", "an atlas", "an hour", "an honest mistake", "an heir", "a university", "a unit", "a union", "a one-off",
    "a European bird", "a user", "a useful note", "a unique bird", "a uniform", "a utility", "an uncle",
    "an unusual bird", "an unimportant note", "an unidentified bird", "an uninsured boat", "a unidirectional way",
    "an umbrella", "an only child", "an onerous duty", "an option", "a house", "a hotel", "an historic boat",
    "an e-mail", "an X-ray", "a U.S. patent", "an 8-day trial", "a 10-day trial", "an FDA letter", "an LLC", "a year",
    "an eighth share", "a yearly sum", "a onetime fee", "an annual fee", "an item", "a way", "an urgent call",
    "a usual day", "an hourly rate", "a history", "an rpm", "option a or option b",
)  # fmt: skip
WRONG = (
    "a atlas", "a hour", "a honest mistake", "an boat", "an university", "an unit", "an one-off", "an user",
    "a umbrella", "a uncle", "a unusual bird", "a option", "a only child", "an useful note", "an house",
    "a annual fee", "an year", "a urgent call", "a evaluation", "an report", "a heir", "a unimportant note",
    "a unidentified bird",
)  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def found_in(exceptions: tuple[str, ...], folder: Path, sandbox: Sandbox) -> list[Finding]:
    """Return what is found in a small agreement whose list has these items."""
    project = Project(nda_repository(folder), sandbox)
    text = project.tree.read(DEAL).decode()
    items = "".join(f"    - {json.dumps(item, ensure_ascii=False)}\n" for item in exceptions)
    (agreement,) = project.with_files({DEAL: text.replace(EXCEPTION, items).encode()}).assemble_all()
    assert agreement.document, agreement.findings
    return list(agreement.findings)


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_number_below_a_thousand_has_words(language: str) -> None:
    assert set(number_words(language).values()) == set(range(1000))


def test_number_words_are_those_of_the_language() -> None:
    english, german = number_words("en-US"), number_words("de-DE")
    said = ("seven", "twenty one", "three hundred and twelve", "nine hundred ninety nine")
    assert [english[each] for each in said] == [7, 21, 312, 999]
    gesagt = ("eins", "ein", "einundzwanzig", "dreihundertzwölf", "einhunderteins")
    assert [german[each] for each in gesagt] == [1, 1, 21, 312, 101]


def test_a_right_article_is_left_alone(tmp_path: Path, sandbox: Sandbox) -> None:
    assert found_in(RIGHT, tmp_path, sandbox) == []


def test_a_wrong_article_is_told_where_it_stands(tmp_path: Path, sandbox: Sandbox) -> None:
    told = found_in(WRONG, tmp_path, sandbox)
    assert [(each.rule, each.pointer) for each in sorted(told, key=lambda each: each.line)] == [
        ("core/article", f"/secrets/exceptions/{index}") for index in range(len(WRONG))
    ]


def test_no_text_gives_more_findings_than_anybody_reads(tmp_path: Path, sandbox: Sandbox) -> None:
    told = found_in(
        tuple(f"{number} times an boat, an cart, an sail, an rope and an mast" for number in range(MOST // 4)),
        tmp_path,
        sandbox,
    )
    assert sum(each.rule == "core/article" for each in told) == MOST
    assert [each.message for each in told if each.rule != "core/article"] == [
        "more wrong articles are found in the text, and left out here"
    ]


def test_what_is_wrong_in_a_clause_is_the_same_finding_for_each_agreement(tmp_path: Path, sandbox: Sandbox) -> None:
    project = Project(partnership_repository(tmp_path), sandbox)
    clause = project.root / "templates/partnership/clauses/notices.md"
    text = clause.read_text(encoding="utf-8")
    clause.write_text(f"{text.rstrip()}\n\nA notice reaches reaches\nits recipient on paper.\n", encoding="utf-8")
    one, other = project.assemble_all(["billing-transparency", "health-ecosystem-hub"])
    (first,), (second,) = (
        [each for each in agreement.findings if each.rule == "core/words-doubled"] for agreement in (one, other)
    )
    assert first == second
    assert (first.path, first.line) == ("templates/partnership/clauses/notices.md", text.rstrip().count("\n") + 3)
    assert first.column == len("A notice ") + 1


def test_a_full_stop_after_an_abbreviation_is_the_clause_s(tmp_path: Path, sandbox: Sandbox) -> None:
    project = Project(nda_repository(tmp_path), sandbox)
    clause = "templates/nda/clauses/keeping.md"
    files = {
        DEAL: project.tree.read(DEAL).replace(b"Finch & Daughters LLP", b"Finch & Co."),
        clause: project.tree.read(clause) + b"\nIt is signed by Wren and\n{{ party('finch').legal_name }}.\n",
    }
    (agreement,) = project.with_files(files).assemble_all()
    (told,) = agreement.findings
    assert (told.rule, told.path, told.pointer) == ("core/punctuation", clause, "")
