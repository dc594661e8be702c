"""What was rendered before is not rendered again, and never stands where it would be wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clausebook.assemble.parsing import Source, parse_sheet
from clausebook.document.model import Paragraph
from clausebook.language.memo import Memo
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Rendering, Subject, TemplateJob, Term
from clausebook.library.loading import LoadedType, load_type
from clausebook.load.yaml import FrontMatter, split_front_matter
from clausebook.repository.tree import DiskTree
from clausebook.validate.schemas import SchemaStore
from tests.support.repositories import nda_repository
from tests.support.tiers import examples

DATA: dict[str, Any] = {
    "title": "A deal",
    "parties": [{"key": "a", "name": "Alpha"}, {"key": "b", "name": "Beta"}],
    "section": {"item": {"days": "P30D", "flag": True}, "other": "x"},
}
SHAPE: dict[str, Any] = {
    "p": {
        "title": {},
        "parties": {"i": {"p": {"key": {}, "name": {}}}},
        "section": {"p": {"item": {"p": {"days": {}, "flag": {}}}, "other": {}}},
        "extra": {},
    },
    "x": True,
}
TERMS = (
    Term("party", ("Party", "Parties"), TemplateJob("term:party", "means a side of {{ term('Agreement') }}.")),
    Term(
        "agreement",
        ("Agreement",),
        TemplateJob("term:agreement", "means this text{% if has('annex') %} with {{ ref('annex') }}{% endif %}."),
    ),
)
PLACES = ("clause", "annex")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def forgetful() -> Iterator[Sandbox]:
    """A sandbox that renders everything each time."""
    with Sandbox(memo=Memo(0)) as running:
        yield running


def render(
    sandbox: Sandbox,
    sources: Sequence[str],
    data: Mapping[str, Any] = DATA,
    terms: Sequence[Term] = TERMS,
    places: Sequence[str] = PLACES,
    *,
    language: str = "en-US",
    shape: Mapping[str, Any] = SHAPE,
    item: str = "/section/item",
) -> Rendering:
    jobs = [TemplateJob(f"clause-{number}", source, item) for number, source in enumerate(sources)]
    return sandbox.render(Subject(data, language, shape, repr(shape)), jobs, terms, places)


def said(rendering: Rendering) -> object:
    """Return all that is in a rendering, comparable."""
    sheets = {name: (sheet.text, sheet.pieces, sheet.problems) for name, sheet in rendering.sheets.items()}
    return sheets, rendering.terms


READING: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "a name": ("{{ title }}", {"title": "Another"}),
    "a name that comes": ("{% if extra is defined %}{{ extra }}{% endif %}", {"extra": "now"}),
    "a name that no schema knows": ("{% if more is defined %}{{ more }}{% endif %}", {"more": "now"}),
    "a name in a branch not taken before": ("{% if section.other == 'x' %}-{% else %}{{ title }}{% endif %}",
                                            {"section": {"other": "y"}, "title": "Another"}),
    "its item": ("{{ this.days|duration }}", {"section": {"item": {"days": "P31D"}}}),
    "its item's absence": ("{% if this %}yes{% endif %}", {"section": {}}),
    "a party": ("{{ party('b').name }}", {"parties": [{"key": "b", "name": "Gamma"}]}),
    "a loop": ("{% for each in parties %}{{ each.key }}{% endfor %}", {"parties": []}),
    "inside a macro": ("{% macro say() %}{{ title }}{% endmacro %}{{ say() }}", {"title": "Another"}),
    "true for 1": ("{% if section.item.flag == 1 %}one{% endif %}{{ section.item.days }}",
                   {"section": {"item": {"flag": 1, "days": 1}}}),
}  # fmt: skip


@pytest.mark.parametrize("case", READING)
def test_a_change_of_what_a_clause_reads_is_seen(sandbox: Sandbox, forgetful: Sandbox, case: str) -> None:
    source, change = READING[case]
    for data in (DATA, {**DATA, **change}, DATA):
        assert said(render(sandbox, [source], data)) == said(render(forgetful, [source], data))


@pytest.mark.parametrize("source", ["{% if has('annex') %}yes{% endif %}", "{{ ref('annex') }}", "{{ term('Party') }}"])
def test_a_change_of_places_and_terms_is_seen(sandbox: Sandbox, forgetful: Sandbox, source: str) -> None:
    other = (
        Term("party", ("Parties",), TemplateJob("term:party", "means.")),
        Term("side", ("Party", "Agreement"), TemplateJob("term:side", "means a side.")),
    )
    for terms in (TERMS, other, (), TERMS):
        for places in (PLACES, ("clause",), PLACES):
            arguments = ([source], DATA, terms, places)
            assert said(render(sandbox, *arguments)) == said(render(forgetful, *arguments))


def test_language_shape_and_item_are_seen(sandbox: Sandbox, forgetful: Sandbox) -> None:
    data = {**DATA, "section": {"item": {"days": "2026-03-01"}, "other": {"days": "2026-04-01"}}}
    source = "{{ this.days|date }}"
    for language in ("en-US", "de-CH"):
        for shape in (SHAPE, {"p": {"section": {"o": True}}}):
            for item in ("/section/item", "/section/other"):
                arguments: Any = {"language": language, "shape": shape, "item": item}
                kept, made = (said(render(each, [source], data, **arguments)) for each in (sandbox, forgetful))
                assert kept == made


def test_a_change_of_what_a_clause_does_not_read_gives_the_same_sheet(sandbox: Sandbox) -> None:
    source = "{{ party('a').name }} {{ this.days }} {{ term('Party') }}"
    first = render(sandbox, [source]).sheets
    again = render(sandbox, [source], {**DATA, "title": "Another"}, places=("clause", "annex", "more")).sheets
    assert {name: sheet for name, sheet in again.items() if first[name] is not sheet} == {}
    assert render(sandbox, [source + " "]).sheets["clause-0"] is not first["clause-0"]


def test_a_sheet_with_problems_is_made_anew(sandbox: Sandbox) -> None:
    sheets = [render(sandbox, ["{{ extra }}"]).sheets["clause-0"] for _ in range(2)]
    assert sheets[0] is not sheets[1]
    assert sheets[0].problems == sheets[1].problems != ()


def test_a_condition_is_no_clause_of_the_same_words(sandbox: Sandbox, forgetful: Sandbox) -> None:
    condition = "has is defined"
    for each in (sandbox, forgetful):
        holds, _ = each.conditions(Subject(DATA, "en-US", SHAPE, repr(SHAPE)), [TemplateJob("clause-0", condition)])
        assert holds == {"clause-0": False}
        rendering = render(each, ["{% if " + condition + " %}yes{% endif %}"], item="")
        assert rendering.sheets["clause-0"].text == "yes"


@pytest.mark.parametrize("known", [(), (0, 1), (4, 5), (0, 1, 2, 3, 4, 5)])
def test_who_finds_no_room_does_not_depend_on_what_was_known(forgetful: Sandbox, known: tuple[int, ...]) -> None:
    subject = Subject(DATA, "en-US", SHAPE, repr(SHAPE))
    jobs = [TemplateJob(f"clause-{number}", f"{{# {number} #}}" + "word " * 50_000) for number in range(6)]
    with Sandbox() as sandbox:
        for number in known:
            sandbox.render(subject, [jobs[number]], TERMS, PLACES)
        kept = sandbox.render(subject, jobs, TERMS, PLACES)
    assert said(kept) == said(forgetful.render(subject, jobs, TERMS, PLACES))
    assert [name for name, sheet in kept.sheets.items() if sheet.problems] == ["clause-4", "clause-5"]


def test_only_so_much_is_kept() -> None:
    with Sandbox(memo=Memo(3000)) as sandbox:
        sources = ["a" * 1000, "b" * 1000, "c" * 1000, "d" * 1000]
        first = [render(sandbox, [source]).sheets["clause-0"] for source in sources]
        again = [render(sandbox, [source]).sheets["clause-0"] for source in reversed(sources)][::-1]
        assert [one is other for one, other in zip(first, again, strict=True)] == [False, True, True, True]


VALUES = st.sampled_from(
    ["x", "y", "P1D", "P2D", 1, 0, True, False, {}, {"days": "P3D"}, {"days": "P4D", "flag": True}]
)
SOURCES = st.sampled_from(
    [
        *(source for source, _ in READING.values()),
        "{{ term('Party') }}{{ ref('annex', 'x') }}",
        "{% set a = section %}{% for p in parties %}{% if p.key == title %}{{ a.other }}{% endif %}{% endfor %}",
        "{% if section.item and title %}{{ label('here') }}{{ section.item.days }}{% endif %}",
    ]
)


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.dictionaries(st.sampled_from(["title", "extra", "more"]), VALUES),
    section=st.dictionaries(st.sampled_from(["item", "other"]), VALUES),
    parties=st.lists(st.fixed_dictionaries({"key": st.sampled_from("ab"), "name": st.sampled_from("xy")}), max_size=2),
    sources=st.lists(SOURCES, max_size=4),
    places=st.sets(st.sampled_from(["annex", "clause"])),
)
def test_known_or_not_the_rendering_is_the_same(
    sandbox: Sandbox,
    forgetful: Sandbox,
    data: dict[str, Any],
    section: dict[str, Any],
    parties: list[Any],
    sources: list[str],
    places: set[str],
) -> None:
    arguments = (sources, {**data, "section": section, "parties": parties}, TERMS, sorted(places))
    assert said(render(sandbox, *arguments)) == said(render(forgetful, *arguments))


def test_a_sheet_is_parsed_once_for_each_source(sandbox: Sandbox) -> None:
    sheet = render(sandbox, ["The {{ term('Party') }} says {{ ref('annex') }}."]).sheets["clause-0"]
    source = Source("slot", "clause", "1.0", "“”‘’", linked=True)
    text = parse_sheet(sheet, source)
    assert parse_sheet(sheet, Source("slot", "clause", "1.0", "“”‘’", linked=True)) is text
    newer = parse_sheet(sheet, Source("slot", "clause", "1.1", "“”‘’", linked=False))
    (paragraph,) = newer.blocks
    assert isinstance(paragraph, Paragraph)
    assert {run.origin.version for run in paragraph.runs if run.origin} == {"1.1"}
    assert {run.target for run in paragraph.runs} == {""}


def test_a_reference_is_resolved_anew_when_its_target_moves(sandbox: Sandbox) -> None:
    sheet = render(sandbox, ["See {{ ref('annex') }} and {{ ref('annex') }}."]).sheets["clause-0"]
    text = parse_sheet(sheet, Source("slot", "clause", "1.0", "“”‘’", linked=True))

    def resolved(name: str) -> str:
        (paragraph,) = text.resolved(tuple(replace(run, text=name) for run in text.references))
        assert isinstance(paragraph, Paragraph)
        return "".join(run.text for run in paragraph.runs)

    names = [f"Annex {number}" for number in (1, 2, 3, 4, 5, 6, 1)]
    assert [resolved(name) for name in names] == [f"See {name} and {name}." for name in names]


def test_a_clause_file_is_loaded_once_for_the_same_bytes_and_schemas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clausebook.library import type_files as reading

    split: list[str] = []

    def counted(data: bytes, path: str) -> FrontMatter:
        split.append(path)
        return split_front_matter(data, path)

    monkeypatch.setattr(reading, "split_front_matter", counted)
    root = nda_repository(tmp_path)

    def loaded() -> tuple[LoadedType, list[str]]:
        split.clear()
        tree = DiskTree(root)
        return load_type(tree, "nda", SchemaStore(tree).checks), sorted(split)

    first, _ = loaded()
    again, anew = loaded()
    assert again == first
    assert anew == []
    clause = root / "templates" / "nda" / "clauses" / "keeping.md"
    clause.write_text(clause.read_text(encoding="utf-8").replace("title: ", "title: New ", 1), encoding="utf-8")
    changed, anew = loaded()
    assert anew == ["templates/nda/clauses/keeping.md"]
    assert changed.kind
    assert changed.kind.clauses["keeping"].title.startswith("New ")
    schema = root / "schemas" / "clause.schema.json"
    demanding = json.loads(schema.read_text(encoding="utf-8"))
    demanding["required"] = [*demanding.get("required", ()), "x-seal"]
    schema.write_text(json.dumps(demanding), encoding="utf-8")
    refused, _ = loaded()
    assert refused.kind
    assert not refused.kind.clauses
    assert any("x-seal" in finding.message for finding in refused.findings)
