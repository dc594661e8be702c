"""Finding and loading agreements: names, ids, types, and the schemas that a file asks for."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from clausebook.findings.model import Finding
from clausebook.project.loading import load_agreement
from clausebook.repository.agreement_files import AgreementFile, find_agreements
from clausebook.repository.tree import DiskTree
from clausebook.validate.schemas import SchemaStore

GOOD = "id: deal\ntype: sample\ntitle: A deal\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "schemas" / "sample").mkdir(parents=True)
    (tmp_path / "agreements").mkdir()
    names = ("id", "type", "title")
    schema = {
        "type": "object",
        "required": list(names),
        "properties": {name: {"type": "string", "minLength": 1} for name in names},
        "additionalProperties": False,
    }
    (tmp_path / "schemas" / "sample" / "agreement.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    return tmp_path


def load(repository: Path, content: str, name: str = "deal.yaml") -> tuple[object, tuple[Finding, ...]]:
    (repository / "agreements" / name).write_text(content, encoding="utf-8")
    tree = DiskTree(repository)
    return load_agreement(tree, AgreementFile(name.partition(".")[0], f"agreements/{name}"), SchemaStore(tree))[:2]


def brief(findings: tuple[Finding, ...] | list[Finding]) -> list[tuple[str, int, int, str]]:
    return [(finding.rule, finding.line, finding.column, finding.pointer) for finding in findings]


def test_finds_files_and_passes_over_folders(repository: Path) -> None:
    folder = repository / "agreements"
    for name in ("b.yaml", "a.yml", "README.md", ".hidden"):
        (folder / name).write_text("", encoding="utf-8")
    for name in ("executed", "a", "notes.yaml"):
        (folder / name).mkdir()
    files, findings = find_agreements(DiskTree(repository))
    assert [(file.id, file.path) for file in files] == [("a", "agreements/a.yml"), ("b", "agreements/b.yaml")]
    assert findings == []


def test_no_folder_means_no_agreements(tmp_path: Path) -> None:
    assert find_agreements(DiskTree(tmp_path)) == ([], [])


def test_a_stray_file_is_a_warning(repository: Path) -> None:
    (repository / "agreements" / "deal.docx").write_text("", encoding="utf-8")
    _, findings = find_agreements(DiskTree(repository))
    assert [(finding.rule, finding.severity, finding.path) for finding in findings] == [
        ("core/agreement-file", "warning", "agreements/deal.docx")
    ]


@pytest.mark.parametrize(
    "name", ["Deal.yaml", "a b.yaml", "-a.yaml", "a..b.yaml", "é.yaml", "executed.yaml", "a_b.yml"]
)
def test_names_that_are_no_ids(repository: Path, name: str) -> None:
    (repository / "agreements" / name).write_text(GOOD, encoding="utf-8")
    files, findings = find_agreements(DiskTree(repository))
    assert files == []
    assert [(finding.rule, finding.path) for finding in findings] == [
        ("core/agreement-file-name", f"agreements/{name}")
    ]


def test_two_agreements_with_one_id(repository: Path) -> None:
    for name in ("deal.yaml", "deal.yml"):
        (repository / "agreements" / name).write_text(GOOD, encoding="utf-8")
    files, findings = find_agreements(DiskTree(repository))
    assert [file.path for file in files] == ["agreements/deal.yaml"]
    assert [(finding.rule, finding.path) for finding in findings] == [
        ("core/agreement-id-repeated", "agreements/deal.yml")
    ]


def test_a_good_agreement(repository: Path) -> None:
    comment = "# yaml-language-server: $schema=../schemas/sample/agreement.schema.json\n"
    assert load(repository, comment + GOOD) == ({"id": "deal", "type": "sample", "title": "A deal"}, ())


@pytest.mark.parametrize(
    ("value", "words"),
    [("other", "differs"), ("../../deal", "path"), ("a/deal", "path"), ("'a\\deal'", "path"), ("executed", "folder")],
)
def test_an_id_that_is_not_the_name_of_the_file(repository: Path, value: str, words: str) -> None:
    data, findings = load(repository, GOOD.replace("id: deal", f"id: {value}"))
    assert data is None
    assert brief(findings) == [("core/agreement-id", 1, 5, "/id")]
    assert words in findings[0].message
    assert "deal" in findings[0].hint


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("id: deal\ntype: other\n", [("core/agreement-type", 2, 7, "/type")]),
        ("id: deal\ntype: ../sample\n", [("core/agreement-type", 2, 7, "/type")]),
        ("id: deal\ntype: 5\n", [("core/agreement-type", 2, 7, "/type")]),
        ("id: deal\n", [("core/agreement-type", 1, 1, "")]),
        ("id: deal\ntype:\n", [("core/text-empty", 2, 6, "/type")]),
        ("id: deal\ntype: sample\ntitle: ''\n", [("core/text-empty", 3, 8, "/title")]),
        (
            "id: deal\ntype: sample\ntitel: x\n",
            [("core/property-missing", 1, 1, ""), ("core/property-unknown", 3, 1, "/titel")],
        ),
        ("id: 5\ntype: sample\ntitle: x\n", [("core/value-type", 1, 5, "/id")]),
        ("- a\n", [("core/yaml-not-a-mapping", 1, 1, "")]),
    ],
)
def test_what_is_wrong_is_found_once(repository: Path, content: str, expected: list[tuple[str, int, int, str]]) -> None:
    data, findings = load(repository, content)
    assert data is None
    assert brief(findings) == expected


@pytest.mark.parametrize("address", ["https://example.com/s.json", "http://x/s.json", "//x/s.json", "file:///s.json"])
def test_a_schema_from_a_network(repository: Path, address: str) -> None:
    data, findings = load(repository, f"# yaml-language-server: $schema={address}\n{GOOD}")
    assert data is None
    assert brief(findings) == [("core/schema-from-network", 1, 33, "")]
    assert "../schemas/" in findings[0].hint
    _, findings = load(repository, f"$schema: {address}\n{GOOD}")
    assert ("core/schema-from-network", 1, 10, "/$schema") in brief(findings)
    _, findings = load(repository, f"---\n# $schema: {address}\n{GOOD}")
    assert brief(findings) == [("core/schema-from-network", 2, 12, "")]


def test_a_link_out_of_the_repository(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.yaml"
    outside.write_text(GOOD, encoding="utf-8")
    (repository / "agreements" / "deal.yaml").symlink_to(outside)
    tree = DiskTree(repository)
    data, findings, _ = load_agreement(tree, AgreementFile("deal", "agreements/deal.yaml"), SchemaStore(tree))
    assert data is None
    assert [finding.rule for finding in findings] == ["core/file-unreadable"]
    assert "leads out of the repository" in findings[0].message


def test_a_link_of_the_whole_folder(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository" / "agreements").symlink_to(tmp_path / "outside")
    files, findings = find_agreements(DiskTree(tmp_path / "repository"))
    assert files == []
    assert [finding.rule for finding in findings] == ["core/file-unreadable"]


def test_a_file_of_50_megabytes(repository: Path) -> None:
    start = time.perf_counter()
    data, findings = load(repository, GOOD + "# " + "x" * (50 << 20))
    assert time.perf_counter() - start < 10
    assert data is None
    assert [finding.rule for finding in findings] == ["core/file-unreadable"]
