"""Assembling: an agreement of a second type, from a folder of schemas and templates alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clausebook.assemble import assembler
from clausebook.assemble.parts import with_term
from clausebook.document.fingerprints import fingerprint
from clausebook.document.model import Block, Document, Item, ItemList, Origin, Paragraph, Run
from clausebook.document.words import text_of, words
from clausebook.language.sandbox import Sandbox
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.render.files import render_files
from tests.support.repositories import nda_repository

YAML = "agreements/sparrow-finch.yaml"
CLAUSES = "templates/nda/clauses"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return nda_repository(tmp_path)


def assemble(repository: Path, sandbox: Sandbox) -> Agreement:
    project = Project(repository, sandbox)
    (agreement,) = project.assemble_all()
    return Agreement(agreement.file, agreement.data, agreement.document, (*project.findings(), *agreement.findings))


def document_of(repository: Path, sandbox: Sandbox) -> Document:
    agreement = assemble(repository, sandbox)
    assert agreement.findings == ()
    assert agreement.document is not None
    return agreement.document


def edit(repository: Path, path: str, old: str, new: str) -> None:
    file = repository / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_second_type_needs_no_python(repository: Path, sandbox: Sandbox) -> None:
    document = document_of(repository, sandbox)
    assert " ".join(words(document)) == (
        "Mutual Non-Disclosure Agreement Talks about a bird atlas Article 1 The Promise 1. Keeping "
        "Sparrow and Finch keep each other’s Secrets for 3 years, subject to clause 2. 2. Limits "
        "Article 1 does not cover: (a) what was public before; (b) what the recipient learned from others. "
        "Sparrow Maps Ltd Signed: Name: Wren Example Finch & Daughters LLP Signed: Name: "
        "Annex 1 Words “Secret” means what one party tells the other about a printed atlas of garden birds."
    )
    assert not document.draft
    files = render_files(document, repository, ("md", "pdf", "docx", "html", "txt"))
    assert all(files.values())


def test_every_run_knows_its_origin(repository: Path, sandbox: Sandbox) -> None:
    document = document_of(repository, sandbox)
    (section,) = document.sections
    keeping, limits = section.clauses
    assert isinstance(keeping.blocks[0], Paragraph)
    found = [(run.text, run.origin.kind, run.origin.pointer) for run in keeping.blocks[0].runs if run.origin]
    assert found == [
        ("Sparrow", "data", "/parties/0/short_name"),
        (" and ", "library", ""),
        ("Finch", "data", "/parties/1/short_name"),
        (" keep each other’s ", "library", ""),
        ("Secrets", "term", "secret"),
        (" for ", "library", ""),
        ("3\u00a0years", "data", "/secrets/kept_for"),
        (", subject to ", "library", ""),
        ("clause\u00a02", "reference", "limits"),
        (".", "library", ""),
    ]
    assert keeping.blocks[0].runs[4].target == "#term-secret"
    assert keeping.blocks[0].runs[8].target == "#limits"
    assert isinstance(limits.blocks[1], ItemList)
    assert keeping.source is not None
    assert keeping.source.clause == "keeping"


def test_a_slot_whose_condition_fails_is_left_out_and_the_rest_renumbered(repository: Path, sandbox: Sandbox) -> None:
    edit(
        repository,
        YAML,
        "  exceptions:\n    - what was public before\n    - what the recipient learned from others\n",
        "",
    )
    text = " ".join(words(document_of(repository, sandbox)))
    assert "Limits" not in text
    assert "subject to" not in text


def test_labels_are_cited_to_the_item(repository: Path, sandbox: Sandbox) -> None:
    edit(
        repository, f"{CLAUSES}/limits.md", "1. {{ exception }}", "1. {{ label('first') if loop.first }}{{ exception }}"
    )
    edit(repository, f"{CLAUSES}/keeping.md", "ref('limits')", "ref('limits', 'first')")
    document = document_of(repository, sandbox)
    (paragraph,) = document.sections[0].clauses[0].blocks
    assert isinstance(paragraph, Paragraph)
    assert "subject to clause\u00a02(a)." in text_of(paragraph.runs)
    assert [run.target for run in paragraph.runs if "clause" in run.text] == ["#limits--first"]


def test_an_unknown_label_is_found_at_its_line(repository: Path, sandbox: Sandbox) -> None:
    edit(
        repository,
        f"{CLAUSES}/keeping.md",
        ", subject to {{ ref('limits') }}",
        "\n, see {{ ref('limits', 'nowhere') }}",
    )
    (finding,) = assemble(repository, sandbox).findings
    assert (finding.rule, finding.path, finding.line) == ("core/ref-label-unknown", f"{CLAUSES}/keeping.md", 11)
    assert "nowhere" in finding.message
    assert finding.hint == "its labels are: none"
    labelled = "1. {{ label('first') if loop.first }}{{ exception }}"
    edit(repository, f"{CLAUSES}/limits.md", "1. {{ exception }}", labelled)
    assert [each.hint for each in assemble(repository, sandbox).findings] == ["its labels are: first"]
    project = Project(repository, sandbox)
    inputs = project.assemble(project.files()[0]).inputs
    assert inputs
    assert assembler.assemble(inputs, sandbox).document is None


def test_own_terms_are_data_and_are_always_defined(repository: Path, sandbox: Sandbox) -> None:
    schema = repository / "schemas/nda/agreement.schema.json"
    schema.write_text(
        schema.read_text().replace('"secrets": {\n      "type"', '"glossary": {}, "secrets": {\n      "type"')
    )
    file = repository / YAML
    glossary = "glossary:\n  - {term: Atlas, plural: Atlases, definition: 'means {{ 7*7 }} *maps*'}\n"
    file.write_text(file.read_text() + glossary)
    edit(repository, f"{CLAUSES}/limits.md", "does not cover:", "does not cover any of the {{ term('Atlases') }}:")
    document = document_of(repository, sandbox)
    first, second = document.schedules[0].definitions
    assert (first.term, second.term) == ("Atlas", "Secret")
    assert isinstance(first.blocks[0], Paragraph)
    assert text_of(first.blocks[0].runs) == "“Atlas” means {{ 7*7 }} *maps*."

    file.write_text(file.read_text().replace("Atlas, plural: Atlases", "Secret, plural: Atlases"))
    # The definition that it departs from was the one that showed the topic.
    found = {(each.rule, each.severity) for each in assemble(repository, sandbox).findings}
    assert found == {("core/term-departs", "warning"), ("core/value-unshown", "warning")}
    file.write_text(file.read_text() + "  - {term: Secret, definition: means twice}\n")
    assert "error" in {finding.severity for finding in assemble(repository, sandbox).findings}


def with_choices(repository: Path, choices: str) -> None:
    schema = repository / "schemas/nda/agreement.schema.json"
    schema.write_text(
        schema.read_text().replace('"secrets": {\n      "type"', '"clauses": {}, "secrets": {\n      "type"')
    )
    file = repository / YAML
    file.write_text(file.read_text() + "clauses:\n" + choices)


def variant(repository: Path, **changes: str) -> None:
    text = (repository / CLAUSES / "keeping.md").read_text()
    for old, new in {
        "id: keeping": "id: keeping-strict",
        "position: standard": "position: fallback 1",
        **changes,
    }.items():
        text = text.replace(old, new)
    (repository / CLAUSES / "keeping-strict.md").write_text(text)


def test_an_agreement_chooses_among_the_library_s_clauses(repository: Path, sandbox: Sandbox) -> None:
    variant(repository, **{"keep each": "strictly keep each"})
    with_choices(repository, "  keeping: {use: keeping-strict, reason: They asked for it.}\n")
    document = document_of(repository, sandbox)
    source = document.sections[0].clauses[0].source
    assert "strictly" in " ".join(words(document))
    assert source is not None
    assert (source.clause, source.position) == ("keeping-strict", "fallback 1")


@pytest.mark.parametrize(
    ("choices", "changes", "rule", "hint"),
    [
        (
            "  keeping: {use: keeping-strikt}\n",
            {},
            "core/clause-unknown",
            "the clause `keeping-strikt` is in no library: did you mean `keeping-strict`?",
        ),
        (
            "  keeping: {use: limits}\n",
            {},
            "core/clause-unknown",
            "the clause `limits` is for the slot `limits`: for this slot there are: keeping, keeping-strict",
        ),
        ("  kepping: {use: keeping}\n", {}, "core/slot-unknown", "did you mean `keeping`?"),
        ("  zzz: {use: keeping}\n", {}, "core/slot-unknown", "the slots are"),
        (
            "  keeping: {use: keeping-strict}\n",
            {"status: approved": "status: retired"},
            "core/clause-retired",
            "can no longer be used in the slot `keeping`: choose one of keeping",
        ),
        (
            "  keeping: {use: keeping-strict}\n",
            {"status: approved": "status: draft"},
            "core/clause-draft",
            "approved first",
        ),
        ("  keeping: {wording: keeping.md}\n", {}, "core/wording-missing", "agreements/sparrow-finch/keeping.md"),
    ],
)
def test_a_choice_that_cannot_be_is_found_where_it_stands(
    repository: Path, sandbox: Sandbox, choices: str, changes: dict[str, str], rule: str, hint: str
) -> None:
    variant(repository, **changes)
    with_choices(repository, choices)
    (finding,) = assemble(repository, sandbox).findings
    assert (finding.rule, finding.path, finding.line) == (rule, YAML, 20)
    assert finding.column > 1
    assert hint in f"{finding.message}: {finding.hint}"


@pytest.mark.parametrize("others", [True, False])
def test_a_retired_clause_leads_to_those_that_are_left(others: bool, repository: Path, sandbox: Sandbox) -> None:
    variant(repository, **({} if others else {"status: approved": "status: draft"}))
    edit(repository, f"{CLAUSES}/keeping.md", "status: approved", "status: retired")
    (finding,) = assemble(repository, sandbox).findings
    assert finding.rule == "core/clause-retired"
    assert finding.hint == ("choose one of keeping-strict" if others else "ask counsel for wording of this deal's own")


WORDING = """---
title: Keeping
slot: keeping
departs_from: {clause: keeping, version: "1.0"}
reason: Finch asked for it.
---
Finch alone keeps the {{ term('Secrets') }}.
"""


def test_wording_for_one_deal_is_assembled_like_any_other(repository: Path, sandbox: Sandbox) -> None:
    with_choices(repository, "  keeping: {wording: keeping.md}\n")
    folder = repository / "agreements/sparrow-finch"
    folder.mkdir()
    (folder / "keeping.md").write_text(WORDING)
    document = document_of(repository, sandbox)
    source = document.sections[0].clauses[0].source
    assert "Finch alone keeps the Secrets." in " ".join(words(document))
    assert source is not None
    assert (source.position, source.departs_from, source.reason) == ("negotiated", "keeping@1.0", "Finch asked for it.")


@pytest.mark.parametrize(
    ("old", "new", "rule", "severity"),
    [
        ("slot: keeping", "slot: limits", "core/wording-slot", "error"),
        ("clause: keeping", "clause: limits", "core/wording-base", "error"),
        ("clause: keeping", "clause: nothing", "core/wording-base", "error"),
        ('version: "1.0"', 'version: "0.9"', "core/wording-behind", "note"),
        ("reason: Finch asked for it.\n", "", "core/wording-incomplete", "error"),
        ("term('Secrets')", "term('Zecrets')", "core/term-undefined", "error"),
    ],
)
def test_what_wording_says_of_itself_is_checked(
    repository: Path, sandbox: Sandbox, old: str, new: str, rule: str, severity: str
) -> None:
    with_choices(repository, "  keeping: {wording: keeping.md}\n")
    folder = repository / "agreements/sparrow-finch"
    folder.mkdir()
    (folder / "keeping.md").write_text(WORDING.replace(old, new))
    (finding,) = assemble(repository, sandbox).findings
    assert (finding.rule, finding.severity) == (rule, severity)
    assert finding.path == "agreements/sparrow-finch/keeping.md"


def test_a_schedule_of_the_deal_s_own_comes_last(repository: Path, sandbox: Sandbox) -> None:
    schema = repository / "schemas/nda/agreement.schema.json"
    schema.write_text(
        schema.read_text().replace('"secrets": {\n      "type"', '"schedules": {}, "secrets": {\n      "type"')
    )
    file = repository / YAML
    file.write_text(file.read_text() + "schedules:\n  - {id: maps, title: Maps, wording: maps.md}\n")
    folder = repository / "agreements/sparrow-finch"
    folder.mkdir()
    (folder / "maps.md").write_text("---\ntitle: Maps\n---\n| Map |\n|---|\n| Garden |\n")
    document = document_of(repository, sandbox)
    assert [schedule.number for schedule in document.schedules] == ["Annex 1", "Annex 2"]
    assert " ".join(words(document)).endswith("Annex 2 Maps Map Garden")
    edit(repository, f"{CLAUSES}/keeping.md", "ref('limits')", "ref('maps--text')")
    assert [finding.rule for finding in assemble(repository, sandbox).findings] == ["core/ref-unnumbered"]
    edit(repository, f"{CLAUSES}/keeping.md", "ref('maps--text')", "ref('limits')")
    file.write_text(file.read_text().replace("id: maps", "id: limits"))
    assert [finding.rule for finding in assemble(repository, sandbox).findings] == ["core/schedule-id"]


CLAUSE = """---
id: {0}
title: {1}
slot: {0}
version: "1.0"
status: approved
position: standard
---
{2}
"""


def test_what_opens_and_closes_has_no_heading_and_a_schedule_s_clauses_have(repository: Path, sandbox: Sandbox) -> None:
    outline = repository / "templates/nda/outline.yaml"
    text = outline.read_text() + "  - id: maps\n    title: Maps\n    slots:\n      - {id: paper, clause: paper}\n"
    text += "      - {id: ink, clause: ink, when: secrets.exceptions}\n"
    outline.write_text(
        text.replace("sections:", "opening: {id: begin, clause: begin}\nclosing: {id: end, clause: end}\nsections:", 1)
    )
    for name, body in {
        "begin": "They talk, see {{ ref('paper') }} and {{ ref('maps') }}.",
        "end": "They sign.",
        "paper": "It is white.",
        "ink": "It is black, but for {{ ref('promise') }}.",
    }.items():
        (repository / CLAUSES / f"{name}.md").write_text(CLAUSE.format(name, name.capitalize(), body))
    document = document_of(repository, sandbox)
    assert document.opening
    assert document.closing
    assert [(each.number, each.title) for each in (document.opening, document.closing)] == [("", ""), ("", "")]
    assert text_of(document.opening.blocks[0].runs) == (  # type: ignore[union-attr]
        "They talk, see paragraph\u00a01 of Annex\u00a02 and Annex\u00a02."
    )
    maps = document.schedules[1]
    assert (maps.number, maps.definitions) == ("Annex 2", ())
    assert [(each.number, each.title) for each in maps.clauses] == [("1.", "Paper"), ("2.", "Ink")]
    edit(repository, f"{CLAUSES}/ink.md", "ref('promise')", "ref('begin')")
    (finding,) = assemble(repository, sandbox).findings
    assert (finding.rule, finding.path) == ("core/ref-unnumbered", f"{CLAUSES}/ink.md")


def test_a_clause_that_cannot_be_had_at_the_beginning_is_told(repository: Path, sandbox: Sandbox) -> None:
    edit(repository, "templates/nda/outline.yaml", "sections:", "opening: {id: begin, clause: begin}\nsections:")
    (finding,) = assemble(repository, sandbox).findings
    assert (finding.rule, finding.path) == ("core/outline-clause", "templates/nda/outline.yaml")


def test_a_glossary_that_cannot_be_read_is_told_once_for_all_of_its_terms(repository: Path, sandbox: Sandbox) -> None:
    edit(repository, "templates/nda/glossary.yaml", "term:", "terms:")
    edit(repository, f"{CLAUSES}/limits.md", "does not cover", "does `not` cover")
    rules = [finding.rule for finding in assemble(repository, sandbox).findings]
    assert "core/term-undefined" not in rules
    assert rules.count("core/glossary-unusable") == 1
    assert rules.count("core/clause-markdown") == 1
    edit(repository, f"{CLAUSES}/keeping.md", "{{ term('Secrets') }}", "all of it")
    rules = [finding.rule for finding in assemble(repository, sandbox).findings]
    assert "core/glossary-unusable" not in rules, "no clause uses what it would define"
    assert rules.count("core/clause-markdown") == 1


ITEMS = ItemList((Item("(a)", (Paragraph((Run("one"),)),)),), True, 0)


@pytest.mark.parametrize(
    ("blocks", "shown"),
    [
        ((Paragraph((Run("means one."),), "anchor"), ITEMS), ["“Secret” means one.", "(a)"]),
        ((ITEMS,), ["“Secret” ", "(a)"]),
        ((), ["“Secret” "]),
    ],
)
def test_a_term_stands_before_its_definition(blocks: tuple[Block, ...], shown: list[str]) -> None:
    library, own = Origin("library", "glossary:secret"), Origin("data", pointer="/glossary/0/term")
    made = with_term(" Secret ", blocks, "“”", library)
    assert [text_of(each.runs) if isinstance(each, Paragraph) else each.items[0].number for each in made] == shown  # type: ignore[union-attr]
    assert isinstance(made[0], Paragraph)
    assert made[0].anchor == ("anchor" if len(blocks) > 1 else "")
    assert [run.origin for run in made[0].runs[:3]] == [library] * 3
    (first, *_) = with_term("Secret", blocks, "“”", library, own)
    assert isinstance(first, Paragraph)
    assert [run.origin for run in first.runs[:3]] == [library, own, library]


def test_a_clause_says_which_deals_it_fits(repository: Path, sandbox: Sandbox) -> None:
    fits = (
        "position: standard\nfits:\n  - when: this.kept_for == 'P5Y'\n    otherwise: it keeps secrets for five years\n"
    )
    edit(repository, f"{CLAUSES}/keeping.md", "position: standard\n", fits)
    (finding,) = assemble(repository, sandbox).findings
    assert (finding.rule, finding.path, finding.line, finding.column) == ("core/clause-unfit", YAML, 11, 3)
    edit(repository, YAML, "P3Y", "P5Y")
    document_of(repository, sandbox)
    edit(repository, f"{CLAUSES}/keeping.md", "this.kept_for ==", "this.kept_four ==")
    assert {finding.rule for finding in assemble(repository, sandbox).findings} == {"core/template-unknown-property"}


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        # What the text lacks because it does not fit is no fault of its own.
        ("They keep {{ term('Sekrets') }}.", ["core/clause-unfit"]),
        ("{% if this.kept_for == 'P5Y' %}They keep it.{% endif %}", ["core/clause-unfit"]),
        ("They keep `it`.", ["core/clause-unfit"]),
        # What the deal's data lack is mended there, whatever clause is taken.
        ("But for {{ this.exceptions|and_list }}.", ["core/clause-unfit", "core/value-missing"]),
    ],
)
def test_of_a_clause_that_does_not_fit_little_else_is_said(
    body: str, rules: list[str], repository: Path, sandbox: Sandbox
) -> None:
    exceptions = "  exceptions:\n    - what was public before\n    - what the recipient learned from others\n"
    edit(repository, YAML, exceptions, "")
    path = repository / CLAUSES / "keeping.md"
    fits = "fits:\n  - when: this.kept_for == 'P5Y'\n    otherwise: it keeps secrets for five years\n"
    head = path.read_text().rpartition("---\n")[0] + fits
    path.write_text(f"{head}---\n{body}\n")
    assert sorted(finding.rule for finding in assemble(repository, sandbox).findings) == rules


@pytest.mark.parametrize(
    ("path", "old", "new", "rule", "line"),
    [
        (f"{CLAUSES}/keeping.md", "term('Secrets')", "term('Sekrets')", "core/term-undefined", 10),
        (f"{CLAUSES}/keeping.md", "ref('limits')", "ref('lymits')", "core/ref-unknown", 10),
        (f"{CLAUSES}/keeping.md", "{% if", "{% iff", "core/template-syntax", 10),
        (f"{CLAUSES}/keeping.md", "{{ parties|", "\n# Heading\n{{ parties|", "core/clause-markdown", 11),
        (f"{CLAUSES}/keeping.md", "this.kept_for", "this.kept_fore", "core/template-unknown-property", 10),
        (f"{CLAUSES}/keeping.md", "id: keeping", "id: something-else", "core/clause-id", 2),
        (f"{CLAUSES}/keeping.md", "{{ parties", "{% if false %}{{ parties", "core/template-syntax", 10),
        (f"{CLAUSES}/limits.md", "{{ exception }}{{ '.' if loop.last else ';' }}", "", "core/clause-markdown", 12),
        ("templates/nda/glossary.yaml", "secrets.topic", "secrets.topik", "core/template-unknown-property", 3),
        ("templates/nda/glossary.yaml", "means what", "{{ term('Nobody') }} means what", "core/term-undefined", 3),
        (
            "templates/nda/outline.yaml",
            "when: secrets.exceptions",
            "when: secrets.exeptions",
            "core/template-unknown-property",
            18,
        ),
        ("templates/nda/outline.yaml", "id: limits", "id: promise", "core/outline-id", 18),
        ("templates/nda/outline.yaml", "id: limits", "id: signatures", "core/outline-id", 18),
        ("templates/nda/outline.yaml", "Promise\n", "Promise\n    definitions: true\n", "core/outline-id", 26),
        (
            "templates/nda/outline.yaml",
            '  clause: "{n}."',
            '  lists: ["•"]\n  clause: "{n}."',
            "core/outline-numbering",
            5,
        ),
    ],
)
def test_mistakes_of_the_library_are_found_where_they_stand(
    repository: Path, sandbox: Sandbox, path: str, old: str, new: str, rule: str, line: int
) -> None:
    edit(repository, path, old, new)
    found = {(finding.rule, finding.path, finding.line) for finding in assemble(repository, sandbox).findings}
    assert (rule, path, line) in found, found


def test_a_value_that_the_contract_needs_is_asked_of_the_agreement(repository: Path, sandbox: Sandbox) -> None:
    edit(repository, f"{CLAUSES}/keeping.md", "keep each", "keep ({{ (parties|first).motto }}) each")
    schema = repository / "schemas/nda/agreement.schema.json"
    schema.write_text(schema.read_text().replace('"key": {"type"', '"motto": {"type": "string"}, "key": {"type"'))
    (finding,) = assemble(repository, sandbox).findings
    assert (finding.rule, finding.path, finding.line, finding.pointer) == (
        "core/value-missing",
        YAML,
        8,
        "/parties/0/motto",
    )
    assert "keeping.md, line 10" in finding.message


def test_the_fingerprint_is_of_the_words_alone(repository: Path, sandbox: Sandbox) -> None:
    before = document_of(repository, sandbox)
    edit(repository, YAML, 'version: "1.0"', 'version: "2.0"')
    edit(repository, f"{CLAUSES}/keeping.md", "guidance: Always used.", "guidance: Never used.")
    edit(repository, f"{CLAUSES}/keeping.md", "{{ parties", "\n\n{{ parties")
    after = document_of(repository, sandbox)
    assert fingerprint(before) == fingerprint(after)
    edit(repository, YAML, "printed atlas", "printed  Atlas")
    assert fingerprint(document_of(repository, sandbox)) != fingerprint(after)


def test_a_broken_standard_clause_is_not_told_again_in_the_deal(repository: Path, sandbox: Sandbox) -> None:
    edit(repository, f"{CLAUSES}/keeping.md", "status: approved", "status: aproved")
    assert [finding.rule for finding in assemble(repository, sandbox).findings] == ["core/value-unknown"]


def test_a_clause_that_says_nothing_is_found(repository: Path, sandbox: Sandbox) -> None:
    path = repository / CLAUSES / "keeping.md"
    head, _, _ = path.read_text().rpartition("---\n")
    path.write_text(head + "---\n{% if secrets.exceptions|length > 9 %}\nWords.\n{% endif %}\n")
    (finding,) = assemble(repository, sandbox).findings
    assert (finding.rule, finding.path, finding.line) == ("core/clause-empty", f"{CLAUSES}/keeping.md", 10)
