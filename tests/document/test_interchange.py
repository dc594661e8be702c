"""Documents as JSON: what is written is read back the same, and what is no Document is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from clausebook.document.interchange import InterchangeError, from_json, part_from_plain, part_to_plain, to_json
from clausebook.document.model import Block, Clause, Document
from clausebook.document.outgoing import outgoing
from clausebook.formats.table import FORMATS
from clausebook.project.project import Project
from tests.support.compare_strategies import documents
from tests.support.sample_documents import sample
from tests.support.tiers import examples

SAMPLES = (sample(),)


@pytest.mark.parametrize("document", SAMPLES, ids=lambda document: document.id)
def test_a_document_is_read_back_the_same(document: Document) -> None:
    assert from_json(to_json(document)) == document
    assert from_json(to_json(document, indent=1).encode()) == document


@given(documents())
@settings(max_examples=examples(60))
def test_any_document_is_read_back_the_same(document: Document) -> None:
    assert from_json(to_json(document)) == document


@pytest.mark.slow("every deal of the tests, a restated text and an amendment")
def test_whole_agreements_are_read_back_the_same(amended: Path) -> None:
    with Project(amended) as project:
        for agreement in project.assemble_all():
            assert agreement.document is not None
            assert from_json(to_json(agreement.document)) == agreement.document
            leaving = outgoing(agreement.document)
            assert from_json(to_json(leaving)) == leaving


def test_parts_are_read_back_the_same() -> None:
    for document in SAMPLES:
        for clause in document.clauses():
            assert part_from_plain(Clause, part_to_plain(clause)) == clause
            assert part_from_plain(tuple[Block, ...], part_to_plain(clause.blocks)) == clause.blocks


def _changed(change: Any) -> str:
    data = json.loads(to_json(SAMPLES[0]))
    change(data)
    return json.dumps(data)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "no JSON"),
        ("[]", "not marked"),
        ("[" * 100_000, "nested"),
        ("{}", "not marked"),
        (json.dumps({"format": FORMATS["document"].mark, "document": []}), "no object"),
        (json.dumps({"format": FORMATS["document"].mark, "document": {}}), "missing"),
        (json.dumps({"format": FORMATS["document"].mark, "document": {}, "more": 1}), "more than"),
        ('{"format": "x", "format": "y"}', "twice"),
        (_changed(lambda data: data["document"].update(surprise=1)), "/surprise is unknown"),
        (_changed(lambda data: data["document"].update(form=1)), "/form is unknown"),
        (_changed(lambda data: data["document"].update(title=1)), "/title is not of the right kind"),
        (_changed(lambda data: data["document"].update(draft="yes")), "/draft is not of the right kind"),
        (_changed(lambda data: data["document"].update(sections={})), "/sections is no list"),
        (_changed(lambda data: data["document"]["sections"][0].pop("number")), "/sections/0/number is missing"),
        (
            _changed(lambda data: data["document"]["sections"][0]["clauses"][0]["blocks"][0].update({"is": "image"})),
            "/sections/0/clauses/0/blocks/0 is none of",
        ),
    ],
)
def test_what_is_no_document_is_refused(content: str, why: str) -> None:
    with pytest.raises(InterchangeError, match=why):
        from_json(content)


def test_a_table_with_a_short_row_is_refused() -> None:
    table = {"is": "table", "alignments": ["left", "left"], "header": [[], []], "rows": [[[]]]}
    with pytest.raises(InterchangeError, match="different lengths"):
        part_from_plain(tuple[Block, ...], [table])
