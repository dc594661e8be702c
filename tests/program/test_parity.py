"""The words of an agreement are the same in all four formats, whatever the agreement and whatever its clauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clausebook.document.words import words
from clausebook.project.project import Project, all_findings
from tests.support.executed_repositories import AMENDMENT
from tests.support.pdf_reader import outside
from tests.support.reading import WORDS, render_all
from tests.support.repositories import DEALS, ROOT
from tests.support.tiers import sampled

AGREEMENTS = sorted([*DEALS, AMENDMENT])
SHOWN = sampled(AGREEMENTS, ["health-ecosystem-hub", AMENDMENT], "the other deals, whose clauses differ")


pytestmark = pytest.mark.slow("one text, four formats: the promise of the whole program, on whole agreements")


@pytest.fixture(scope="module")
def project(amended: Path) -> Iterator[Project]:
    with Project(amended) as opened:
        yield opened


def test_the_tests_have_seven_deals_and_an_amendment_and_none_has_a_finding(project: Project) -> None:
    agreements = list(project.assemble_all())
    assert sorted(agreement.file.id for agreement in agreements) == AGREEMENTS
    assert len(DEALS) == 7
    assert [finding for finding in all_findings(project, agreements) if finding.severity != "note"] == []


@pytest.mark.parametrize("name", SHOWN)
def test_the_words_are_the_same_in_every_format(project: Project, name: str) -> None:
    (agreement,) = project.assemble_all([name])
    assert agreement.document is not None
    expected = words(agreement.document)
    files = render_all(agreement.document, ROOT)
    for format_name, data in files.items():
        assert WORDS[format_name](data) == expected, format_name
    assert outside(files["pdf"]) == []


@pytest.mark.parametrize("status", ["draft", "approved"])
def test_the_draft_mark_is_no_word(project: Project, status: str) -> None:
    (agreement,) = project.assemble_all([AGREEMENTS[0]])
    assert agreement.document is not None
    document = replace(
        agreement.document, draft=status == "draft", sections=agreement.document.sections[:1], schedules=()
    )
    for format_name, data in render_all(document, ROOT).items():
        assert WORDS[format_name](data) == words(document), format_name


def test_every_clause_of_the_library_is_used(project: Project) -> None:
    used = set()
    for agreement in project.assemble_all():
        assert agreement.document is not None
        for clause in agreement.document.clauses():
            # A number that is kept, and the words that change another agreement, come from no clause.
            if clause.source:
                used.add(clause.source.clause)
    # The clauses of amendments are used in the cases of amendments, and those of a side letter in its own.
    for name in {agreement.data["type"] for agreement in project.assemble_all()} - {"amendment"}:
        kind = project.type(name).kind
        assert kind is not None
        wanted = {clause.id for clause in kind.clauses.values() if clause.status != "retired"}
        assert wanted - used == set()


def test_what_the_library_can_do_is_done_somewhere(project: Project) -> None:
    """At least one agreement departs from the library, one has a fallback, and one is kept for counsel."""
    positions = set()
    for agreement in project.assemble_all():
        assert agreement.document is not None
        positions |= {clause.source.position for clause in agreement.document.clauses() if clause.source}
    assert {"standard", "fallback 1", "fallback 2", "by counsel", "negotiated"} <= positions
