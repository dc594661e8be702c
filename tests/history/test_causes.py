"""Why words changed, found by counterfactual."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clausebook.formats.locale_words import locale_words
from clausebook.history.causes import Cause
from clausebook.history.comparison import Comparison, comparison, standard_text, text_of
from clausebook.history.library_parts import LibraryPart
from clausebook.language.sandbox import Sandbox
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project
from tests.support.repositories import nda_repository, partnership_repository

ENGLISH = locale_words("en")


YAML = "agreements/sparrow-finch.yaml"
KEEPING = "templates/nda/clauses/keeping.md"
LIMITS = "templates/nda/clauses/limits.md"
PARTS = Path(__file__).parents[1] / "cases" / "causes" / "library.yaml"
CASES: dict[str, Any] = load_yaml(PARTS.read_bytes(), PARTS.name).value  # type: ignore[assignment]


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return Sandbox()


def edited(root: Path, edits: dict[str, tuple[str, str]]) -> None:
    for path, (old, new) in edits.items():
        file = root / path
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))


def between(tmp_path: Path, sandbox: Sandbox, *edits: dict[str, tuple[str, str]]) -> Comparison:
    """Compare the agreement before and after the edits."""
    root = nda_repository(tmp_path)
    texts = []
    for each in ({}, *edits):
        edited(root, each)
        project = Project(root, sandbox)
        (agreement,) = project.assemble_all()
        texts.append(text_of(agreement, ""))
    return comparison(texts[0], texts[-1], sandbox)


def test_a_value_s_change_is_the_data_s(tmp_path: Path, sandbox: Sandbox) -> None:
    found = between(tmp_path, sandbox, {YAML: ("kept_for: P3Y", "kept_for: P5Y")})
    cause = found.causes["keeping"]
    (value,) = cause.values
    assert (cause.kind, cause.library) == ("data", None)
    assert (value.pointer, value.old, value.new, value.line) == ("/secrets/kept_for", "P3Y", "P5Y", 12)
    assert cause.words(ENGLISH) == "deal data (/secrets/kept_for: 3 years → 5 years)"
    assert found.changes[0].cause == cause.words(ENGLISH)


def test_a_clause_s_change_is_the_library_s(tmp_path: Path, sandbox: Sandbox) -> None:
    edits = {KEEPING: ('version: "1.0"', 'version: "1.1"')}, {KEEPING: ("keep each", "strictly keep each")}
    found = between(tmp_path, sandbox, *edits)
    cause = found.causes["keeping"]
    assert cause.kind == "library"
    assert cause.values == ()
    assert cause.words(ENGLISH) == "library (keeping@1.0 → keeping@1.1)"


def test_words_that_both_changed(tmp_path: Path, sandbox: Sandbox) -> None:
    edits = {YAML: ("kept_for: P3Y", "kept_for: P5Y"), KEEPING: ("keep each", "strictly keep each")}
    cause = between(tmp_path, sandbox, edits).causes["keeping"]
    assert cause.kind == "both"
    assert cause.words(ENGLISH) == "deal data (/secrets/kept_for: 3 years → 5 years) and library (keeping@1.0)"


def test_library_text_that_a_value_switches_on_changed_because_of_the_data(tmp_path: Path, sandbox: Sandbox) -> None:
    without = "  exceptions:\n    - what was public before\n    - what the recipient learned from others\n"
    found = between(tmp_path, sandbox, {YAML: (without, "")}, {KEEPING: ("guidance: Always", "guidance: Ever")})
    assert {place: cause.kind for place, cause in found.causes.items()} == {"limits": "data", "keeping": "data"}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_each_part_of_the_library_is_blamed_for_what_it_moves(
    tmp_path: Path, sandbox: Sandbox, case: dict[str, Any]
) -> None:
    root, texts = nda_repository(tmp_path), []
    for edits in (case.get("before", {}), case["edits"]):
        for path, pairs in edits.items():
            for old, new in pairs:
                if old:
                    edited(root, {path: (old, new)})
                else:
                    (root / path).write_text(new, encoding="utf-8")
        (agreement,) = Project(root, sandbox).assemble_all()
        texts.append(text_of(agreement, ""))
    found = comparison(texts[0], texts[1], sandbox)
    assert {change.place: change.cause for change in found.changes} == case["causes"]


def test_the_parts_of_the_library_have_names_in_every_language_and_none_outside_the_house() -> None:
    german = locale_words("de")
    parts = (LibraryPart("term", "Geheimnis"), LibraryPart("outline", "o.yaml"), LibraryPart("schema", "schemas/x"))
    cause = Cause("library", parts=(LibraryPart("clause", "recht", "1.0", "1.0"), *parts))
    assert cause.words(german) == (
        "Klauselsammlung (recht@1.0), Glossar („Geheimnis“), Gliederung (o.yaml) und Schemas (schemas/x)"
    )
    numbered = Cause("both", parts=(LibraryPart("numbering", "o.yaml"),))
    assert numbered.words(german) == "Vertragsdaten und Regeln der Nummerierung (o.yaml)"
    assert (cause.words(german, internal=False), cause.words(ENGLISH, internal=False)) == ("Klauselsammlung", "library")
    assert Cause("library", parts=(LibraryPart("clause", ""),)).words(ENGLISH) == "library"


def test_each_of_two_changes_has_its_own_cause(tmp_path: Path, sandbox: Sandbox) -> None:
    edits = {YAML: ("kept_for: P3Y", "kept_for: P5Y"), LIMITS: ("does not cover:", "leaves out:")}
    found = between(tmp_path, sandbox, edits)
    assert {place: cause.kind for place, cause in found.causes.items()} == {"keeping": "data", "limits": "library"}


def test_a_signatory_and_a_definition_have_causes_too(tmp_path: Path, sandbox: Sandbox) -> None:
    edits = {YAML: ("Wren Example", "Robin Example"), "templates/nda/glossary.yaml": ("means what", "means all that")}
    found = between(tmp_path, sandbox, edits)
    assert found.causes["sparrow-1"].kind == "data"
    assert found.causes["sparrow-1"].values[0].pointer == "/signatures/0/name"
    assert found.causes["term-secret"].kind == "library"


def test_the_standard_is_the_library_s_text_for_every_slot(tmp_path: Path, sandbox: Sandbox) -> None:
    root = nda_repository(tmp_path)
    schema = root / "schemas/nda/agreement.schema.json"
    schema.write_text(
        schema.read_text().replace('"secrets": {\n      "type"', '"clauses": {}, "secrets": {\n      "type"')
    )
    strict = (
        (root / KEEPING).read_text().replace("id: keeping", "id: keeping-strict").replace("keep each", "guard each")
    )
    (root / "templates/nda/clauses/keeping-strict.md").write_text(strict.replace("standard", "fallback 1"))
    edited(root, {YAML: ("secrets:\n", "clauses: {keeping: {use: keeping-strict}}\nsecrets:\n")})
    (agreement,) = Project(root, sandbox).assemble_all()
    chosen = text_of(agreement, "")
    standard, notes = standard_text(chosen, sandbox)
    assert notes == ()
    found = comparison(standard, chosen, sandbox)
    assert [change.place for change in found.changes] == ["keeping"]
    assert found.causes["keeping"].kind == "data"

    unfit = "position: standard\nfits: [{when: secrets.topic == 'x', otherwise: it is about x}]"
    edited(root, {KEEPING: ("position: standard", unfit)})
    (agreement,) = Project(root, sandbox).assemble_all()
    _, notes = standard_text(text_of(agreement, ""), sandbox)
    assert [note.pointer for note in notes] == ["/clauses/keeping"]


@pytest.mark.slow("the cause of each change in a whole agreement")
def test_words_of_the_deal_s_own_file_changed_because_of_that_file(tmp_path: Path, sandbox: Sandbox) -> None:
    root = partnership_repository(tmp_path)
    deal, wording = "agreements/innovation-lab.yaml", "agreements/innovation-lab/intellectual-property.md"
    texts = []
    for edits in ({}, {wording: ("\n---\n", "\n---\nWords of this deal. "), deal: ("P90D", "P91D")}):
        edited(root, edits)
        project = Project(root, sandbox)
        texts.append(text_of(project.assemble(project.files(["innovation-lab"])[0]), ""))
    found = comparison(texts[0], texts[1], sandbox)
    told = {change.place: change.cause or "" for change in found.changes}
    assert told["intellectual-property"].startswith(f"the deal's own wording ({wording})")
    assert all("wording" not in cause for place, cause in told.items() if place != "intellectual-property")
    assert len(told) > 1


def test_what_came_into_a_list_is_told_and_what_it_moved_on_is_not(tmp_path: Path, sandbox: Sandbox) -> None:
    edits = {YAML: ("    - what was public before\n", "    - what a court made public\n    - what was public before\n")}
    found = between(tmp_path, sandbox, edits)
    assert [(each.pointer, each.old, each.new) for each in found.causes["limits"].values] == [
        ("/secrets/exceptions/0", None, "what a court made public")
    ]


def test_a_schedule_s_only_text_is_called_by_the_schedule_s_name(tmp_path: Path, sandbox: Sandbox) -> None:
    root = partnership_repository(tmp_path)
    wording = "agreements/innovation-lab/stage-plan.md"
    texts = []
    for edits in ({}, {wording: ("\n---\n", "\n---\nMore words. ")}):
        edited(root, edits)
        project = Project(root, sandbox)
        texts.append(text_of(project.assemble(project.files(["innovation-lab"])[0]), ""))
    (change,) = comparison(texts[0], texts[1], sandbox).changes
    assert change.name().startswith("Schedule ")
    assert change.name().endswith("Stage Plan")
