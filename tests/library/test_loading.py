"""An agreement type as it is read: what cannot be used is left out and told, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.library.loading import LoadedType, load_type, load_wordings
from clausebook.project.project import Project, all_findings
from clausebook.repository.tree import DiskTree
from clausebook.validate.schemas import SchemaStore
from tests.support.repositories import nda_repository, type_repository

CLAUSES = "templates/nda/clauses"
GLOSSARY = "templates/nda/glossary.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return nda_repository(tmp_path)


def loaded(root: Path) -> LoadedType:
    tree = DiskTree(root)
    return load_type(tree, "nda", SchemaStore(tree).checks)


def rules(found: LoadedType) -> list[tuple[str, str, int, str]]:
    return [(each.rule, each.path, each.line, each.severity) for each in found.findings]


def test_a_type_is_its_outline_its_clauses_and_its_glossary(root: Path) -> None:
    found = loaded(root)
    assert found.findings == ()
    assert found.kind is not None
    assert sorted(found.kind.clauses) == ["keeping", "limits"]
    assert [entry.term for entry in found.kind.glossary] == ["Secret"]


def test_a_clause_that_cannot_be_used_is_left_out_and_the_others_stay(root: Path) -> None:
    (root / CLAUSES / "limits.md").write_text("---\nid: limits\n---\nWords.\n", encoding="utf-8")
    (root / CLAUSES / "README.md").write_text("No clause.\n", encoding="utf-8")
    found = loaded(root)
    assert found.kind is not None
    assert sorted(found.kind.clauses) == ["keeping"]
    assert found.kind.unusable == {"limits"}
    assert {each.path for each in found.findings} == {f"{CLAUSES}/limits.md"}


def test_without_an_outline_there_is_no_type_but_every_finding(root: Path) -> None:
    (root / "templates/nda/outline.yaml").unlink()
    (root / CLAUSES / "limits.md").write_text("Words.\n", encoding="utf-8")
    found = loaded(root)
    assert found.kind is None
    assert {"templates/nda/outline.yaml", f"{CLAUSES}/limits.md"} <= {each.path for each in found.findings}


def test_a_clause_for_no_slot_is_a_warning(root: Path) -> None:
    text = (root / CLAUSES / "limits.md").read_text(encoding="utf-8")
    stray = text.replace("id: limits", "id: stray").replace("slot: limits", "slot: nowhere")
    (root / CLAUSES / "stray.md").write_text(stray, encoding="utf-8")
    assert rules(loaded(root)) == [("core/clause-slot", f"{CLAUSES}/stray.md", 1, "warning")]


@pytest.mark.parametrize(
    ("entries", "rule", "said"),
    [
        ("- {term: Secret, definition: means this.}\n", "core/term-redefined", "already defined"),
        ("- {term: secret, definition: means this.}\n", "core/term-redefined", "nothing but capitals"),
        ("- {term: Thing, plural: Secrets, definition: means this.}\n", "core/term-redefined", "already defined"),
        ("- {term: Sheep, plural: Sheep, definition: means this.}\n", "", ""),
        ("- {term: Secretary, definition: means this.}\n", "", ""),
    ],
)
def test_terms_that_readers_cannot_tell_apart_are_told(root: Path, entries: str, rule: str, said: str) -> None:
    (root / GLOSSARY.replace("glossary", "glossary-more")).write_text(entries, encoding="utf-8")
    findings = loaded(root).findings
    assert [each.rule for each in findings] == ([rule] if rule else [])
    assert all(said in each.message for each in findings)


def test_words_of_a_deal_stand_in_its_own_folder(root: Path) -> None:
    folder = root / "agreements" / "sparrow-finch"
    folder.mkdir()
    (folder / "limits.md").write_text(
        '---\ndeparts_from: {clause: limits, version: "1.0"}\nreason: They asked.\n---\nWords.\n', encoding="utf-8"
    )
    (folder / "README.md").write_text("No wording.\n", encoding="utf-8")
    tree = DiskTree(root)
    wordings, findings = load_wordings(tree, "agreements/sparrow-finch", SchemaStore(tree).checks)
    assert findings == []
    ((name, wording),) = wordings.items()
    assert (name, wording.id, wording.position) == ("limits.md", "sparrow-finch/limits", "negotiated")
    assert (wording.departs_from, wording.reason) == ("limits@1.0", "They asked.")


def test_a_summary_names_slots_that_there_are(tmp_path: Path) -> None:
    root = type_repository(tmp_path, "nda")
    outline = root / "templates" / "nda" / "outline.yaml"
    outline.write_text(
        outline.read_text(encoding="utf-8") + "\nsummary:\n  - {title: Money, slots: [keeping, penalty]}\n",
        encoding="utf-8",
    )
    with Project(root) as project:
        found = [each for each in all_findings(project, list(project.assemble_all())) if each.severity == "error"]
    assert [(each.rule, each.message, each.pointer) for each in found] == [
        ("core/outline-slot", "`penalty` is no slot of the outline", "/summary/0/slots/1")
    ]
