"""A type in shorthand: the same document as with calls, findings at their own columns, and old outlines beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clausebook.assemble.assembler import Assembled, assemble
from clausebook.assemble.inputs import Deal, Inputs
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from tests.support.repositories import nda_repository

KEEPING = "templates/nda/clauses/keeping.md"
LONG = "{{ term('Secrets') }}", "{{ ref('limits') }}"
SHORT = "Secrets", "[[limits]]"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def edit(root: Path, path: str, *changes: tuple[str, str]) -> None:
    text = (root / path).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (root / path).write_text(text, encoding="utf-8")


def in_shorthand(root: Path, *changes: tuple[str, str]) -> Path:
    edit(root, "templates/nda/outline.yaml", ("language:", "shorthand: true\nlanguage:"))
    edit(root, KEEPING, *zip(LONG, SHORT, strict=True), *changes)
    return root


def inputs(root: Path, sandbox: Sandbox) -> Inputs:
    project = Project(root, sandbox)
    (file,) = project.files()
    data, findings = project.load(file)
    bundle = project.type("nda")
    assert data
    assert bundle.kind
    assert not findings
    deal = Deal(file.id, file.path, data, {}, lambda pointer: (1, 1))
    return Inputs(deal, bundle.kind, bundle.shape, bundle.shape_id)


def assembled(root: Path, sandbox: Sandbox) -> Assembled:
    return assemble(inputs(root, sandbox), sandbox)


def test_the_document_is_the_one_with_calls(tmp_path: Path, sandbox: Sandbox) -> None:
    long = assembled(nda_repository(tmp_path / "long"), sandbox)
    short = assembled(in_shorthand(nda_repository(tmp_path / "short")), sandbox)
    assert long.document == short.document
    assert short.document
    assert not short.findings


def test_a_finding_stands_where_the_person_wrote(tmp_path: Path, sandbox: Sandbox) -> None:
    root = in_shorthand(nda_repository(tmp_path), ("[[limits]]", "Secret Secret [[lost]] and Hoops"))
    found = {finding.rule: finding for finding in assembled(root, sandbox).findings}
    lines = (root / KEEPING).read_text(encoding="utf-8").splitlines()
    place = found["core/ref-unknown"]
    assert lines[place.line - 1][place.column - 1 :].startswith("lost]]")


def test_what_a_deal_defines_is_a_term_too(tmp_path: Path, sandbox: Sandbox) -> None:
    root = in_shorthand(nda_repository(tmp_path), (" keep each", ", the Keepers, keep each"))
    assert [each.rule for each in assembled(root, sandbox).findings] == ["core/capitals-undefined"]
    given = inputs(root, sandbox)
    own = {**given.deal.data, "glossary": [{"term": "Keepers", "definition": "means both."}]}
    found = assemble(replace(given, deal=replace(given.deal, data=own)), sandbox)
    assert not found.findings
    assert found.document
    assert "Keepers" in [entry.term for part in found.document.schedules for entry in part.definitions]


def test_a_clause_of_today_beside_an_outline_of_before(tmp_path: Path, sandbox: Sandbox) -> None:
    given = inputs(in_shorthand(nda_repository(tmp_path)), sandbox)
    before = replace(given.kind, outline=replace(given.kind.outline, shorthand=None))
    assert assemble(replace(given, kind=before), sandbox) == assemble(given, sandbox)


def test_words_in_brackets_are_no_reference_where_nothing_is_short(tmp_path: Path, sandbox: Sandbox) -> None:
    root = nda_repository(tmp_path)
    edit(root, KEEPING, (LONG[0], "\\[\\[Secrets\\]\\]"))
    document = assembled(root, sandbox).document
    assert document
    assert "term" not in str(document.sections[0].clauses[0].blocks)
