"""Links between the agreements of a repository: what a check of one or all finds; and they are no part of the text."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.scaffold.copying import copied
from tests.support.record_cases import DEAL, NAME, SCHEMA, committed_repository, edit, executed_version
from tests.support.repositories import TYPES, nda_repository, shapes_repository, type_repository

OTHER = "heron-kite"
UNDER = f"links:\n  under: {NAME}\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return nda_repository(tmp_path)


def add(root: Path, told: str, name: str = OTHER) -> None:
    """Add an agreement like the first one, with this at its end."""
    (first,) = (TYPES / "nda" / "agreements").glob("*.yaml")
    text = first.read_text(encoding="utf-8").replace(f"id: {NAME}", f"id: {name}")
    (root / f"agreements/{name}.yaml").write_text(text + told, encoding="utf-8")


def found(root: Path, sandbox: Sandbox, *names: str) -> list[tuple[str, str, str]]:
    agreements = Project(root, sandbox).assemble_all(names)
    return [(each.rule, each.path, each.pointer) for agreement in agreements for each in agreement.findings]


@pytest.mark.parametrize(
    ("told", "rule", "pointer"),
    [
        ("links: {under: nobody}\n", "core/link-unknown", "/links/under"),
        (f"links: {{accompanies: [{OTHER}]}}\n", "core/link-self", "/links/accompanies/0"),
        (f"links: {{replaces: [{NAME}]}}\n", "core/link-replaces-draft", "/links/replaces/0"),
    ],
)
def test_a_check_of_one_finds_what_a_check_of_all_finds(
    root: Path, sandbox: Sandbox, told: str, rule: str, pointer: str
) -> None:
    add(root, told)
    wanted = [(rule, f"agreements/{OTHER}.yaml", pointer)]
    assert found(root, sandbox, OTHER) == wanted
    assert found(root, sandbox) == wanted
    assert found(root, sandbox, NAME) == []


def test_an_agreement_replaced_by_two_is_found_from_either(root: Path, sandbox: Sandbox) -> None:
    for name in (OTHER, "owl-wren"):
        add(root, f"links: {{replaces: [{NAME}]}}\n", name)
    for name in (OTHER, "owl-wren"):
        assert "core/link-replaced-twice" in {rule for rule, _, _ in found(root, sandbox, name)}


@pytest.mark.parametrize(
    "spoilt", ["id: [", "", "\ufeff\x00", "- a list\n", "type: 3\n", f"id: {NAME}\ntype: nda\nparties: 7\nlinks: x\n"]
)
def test_an_agreement_that_cannot_be_read_is_no_end_of_a_link(root: Path, sandbox: Sandbox, spoilt: str) -> None:
    add(root, UNDER)
    (root / DEAL).write_text(spoilt, encoding="utf-8")
    assert found(root, sandbox, OTHER) == [("core/link-unread", f"agreements/{OTHER}.yaml", "/links/under")]


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ("links: heron\n", "/links"),
        ("links: {}\n", "/links"),
        ("links: {under: [a]}\n", "/links/under"),
        ("links: {under: ../x}\n", "/links/under"),
        ("links: {replaces: heron}\n", "/links/replaces"),
        ("links: {replaces: []}\n", "/links/replaces"),
        ("links: {accompanies: [a, a]}\n", "/links/accompanies/1"),
        ("links: {accompanies: [7]}\n", "/links/accompanies/0"),
        ("links: {belongs: heron}\n", "/links/belongs"),
    ],
)
def test_links_of_another_shape_are_told_once(root: Path, sandbox: Sandbox, told: str, pointer: str) -> None:
    add(root, told)
    assert [(path, at) for _, path, at in found(root, sandbox, OTHER)] == [(f"agreements/{OTHER}.yaml", pointer)]


@pytest.mark.parametrize("kind", ["nda", "geheimhaltung", "services", "confidentiality"])
def test_every_type_has_links_though_its_schema_does_not_name_them(tmp_path: Path, sandbox: Sandbox, kind: str) -> None:
    small = kind in {path.name for path in TYPES.iterdir()}
    root = type_repository(tmp_path, kind) if small else shapes_repository(tmp_path, kind)
    (deal,) = (root / "agreements").glob("*.yaml")
    text = deal.read_text(encoding="utf-8")
    (root / "agreements/other.yaml").write_text(
        text.replace(f"id: {deal.stem}", "id: other") + f"links: {{under: {deal.stem}}}\n", encoding="utf-8"
    )
    before = found(root, sandbox, deal.stem)
    assert [rule for rule, _, _ in found(root, sandbox, "other")] == [rule for rule, _, _ in before]
    (root / "agreements/other.yaml").write_text(
        text.replace(f"id: {deal.stem}", "id: other") + "links: {under: nobody}\n", encoding="utf-8"
    )
    assert ("core/link-unknown", "agreements/other.yaml", "/links/under") in found(root, sandbox, "other")


def test_a_term_that_is_reckoned_from_its_length_is_held_against_its_master(tmp_path: Path, sandbox: Sandbox) -> None:
    root = shapes_repository(tmp_path, "confidentiality")
    (deal,) = (root / "agreements").glob("*.yaml")
    text = deal.read_text(encoding="utf-8")
    assert "term: P1Y" in text
    for length, wanted in (("P1Y", []), ("P13M", ["core/link-term"])):
        other = text.replace(f"id: {deal.stem}", "id: other").replace("term: P1Y", f"term: {length}")
        (root / "agreements/other.yaml").write_text(f"{other}links: {{under: {deal.stem}}}\n", encoding="utf-8")
        rules = [rule for rule, _, _ in found(root, sandbox, "other") if rule.startswith("core/link-")]
        assert rules == wanted


def test_no_clause_can_speak_of_links(root: Path, sandbox: Sandbox) -> None:
    add(root, UNDER)
    clause = root / "templates/nda/clauses/keeping.md"
    clause.write_text(clause.read_text(encoding="utf-8") + " {{ links.under }}", encoding="utf-8")
    assert {rule for rule, _, _ in found(root, sandbox, OTHER)} == {"core/template-name"}


def test_links_of_an_executed_agreement_may_come_and_go(tmp_path: Path, sandbox: Sandbox) -> None:
    repository = committed_repository(tmp_path)
    add(repository.project, "")
    executed_version(repository, sandbox)
    path = repository.project / DEAL
    path.write_text(path.read_text(encoding="utf-8") + f"links: {{accompanies: [{OTHER}]}}\n", encoding="utf-8")
    assert found(repository.project, sandbox) == []
    edit(repository, DEAL, "kept_for: P3Y", "kept_for: P4Y")
    assert [rule for rule, _, _ in found(repository.project, sandbox)] == ["core/executed-data"]


def test_a_type_may_name_links_in_its_own_words(root: Path, sandbox: Sandbox) -> None:
    schema = json.loads((root / SCHEMA).read_text(encoding="utf-8"))
    schema["properties"]["links"] = {"type": "object", "properties": {"under": {"type": "string"}}}
    (root / SCHEMA).write_text(json.dumps(schema), encoding="utf-8")
    add(root, UNDER)
    assert found(root, sandbox, OTHER) == []
    add(root, "links: {under: 7}\n")
    assert [at for _, _, at in found(root, sandbox, OTHER)] == ["/links/under"]


def test_a_copy_has_no_links(root: Path, sandbox: Sandbox) -> None:
    add(root, UNDER)
    begun = copied(Project(root, sandbox), "nda", OTHER, "owl-wren")
    assert b"links" not in begun.files["agreements/owl-wren.yaml"]
    assert begun.left_behind == ("its links",)


def test_a_folder_in_the_place_of_an_agreement_is_no_end_of_a_link(root: Path, sandbox: Sandbox) -> None:
    add(root, UNDER)
    shutil.move(root / DEAL, root / "away.yaml")
    (root / DEAL).mkdir()
    rules = {rule for rule, _, _ in found(root, sandbox, OTHER)}
    assert rules <= {"core/link-unread", "core/link-unknown"}
    assert rules
