"""The words of library clauses as deals have them."""

from __future__ import annotations

import re

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.site.clause_words import chosen, clause_words
from clausebook.site.entries import site_entry
from clausebook.site.site_content import AgreementPage
from clausebook.site.site_entry import ClauseUse, ClauseWords, SiteEntry
from tests.support.repositories import partnership_repository
from tests.support.site_content import sample_type

KIND = sample_type()
CLAUSE = next(iter(KIND.clauses.values()))


def _entry(name: str, status: str, version: str, *, departs: bool = False) -> SiteEntry:
    use = ClauseUse(CLAUSE.id, "here", "1.1", version, departs)
    return SiteEntry(name, name.title(), type=KIND.name, status=status, uses=(use,))


@pytest.mark.parametrize(
    ("entries", "name"),
    [
        ([_entry("b", "draft", CLAUSE.version), _entry("a", "executed", CLAUSE.version)], "b"),
        ([_entry("b", "draft", CLAUSE.version), _entry("a", "draft", CLAUSE.version)], "a"),
        ([_entry("a", "draft", "0.0"), _entry("b", "executed", CLAUSE.version)], "b"),
        ([_entry("a", "draft", CLAUSE.version, departs=True), _entry("b", "draft", CLAUSE.version)], "b"),
        ([_entry("a", "draft", "0.0")], None),
    ],
)
def test_the_words_are_those_of_a_draft_that_has_the_clause_as_it_is_today(
    entries: list[SiteEntry], name: str | None
) -> None:
    assert chosen([KIND], entries).get((KIND.name, CLAUSE.id)) == (name and (name, "here"))


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ClauseWords]:
    root = partnership_repository(tmp_path_factory.mktemp("words"))
    with Sandbox() as sandbox:
        project = Project(root, sandbox)
        made = [project.assemble(file) for file in project.files()]
        entries = [site_entry(AgreementPage(each.document, ""), "") for each in made if each.document]
        kinds = [kind for name in project.store.types() if (kind := project.type(name).kind)]
        return {each.library_clause: each for each in clause_words(project, chosen(kinds, entries))}


def test_a_clause_is_shown_without_what_templates_are_written_in(words: dict[str, ClauseWords]) -> None:
    assert words
    for each in words.values():
        assert not re.search(r"\{[{%#]|href=|\bid=", each.words + each.redline), each.library_clause


def test_what_departs_from_the_standard_is_shown_beside_it(words: dict[str, ClauseWords]) -> None:
    departing = [each for each in words.values() if each.redline]
    assert departing
    for each in departing:
        assert "<ins>" in each.redline or "<del>" in each.redline, each.library_clause
        assert each.standard != each.library_clause
