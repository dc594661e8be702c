"""Slips in an agreement's file that only its schema tells from what was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clausebook.findings.model import Finding
from clausebook.project.loading import load_agreement
from clausebook.repository.agreement_files import AgreementFile
from clausebook.repository.tree import DiskTree
from clausebook.validate.schemas import SchemaStore

SCHEMA = {
    "type": "object",
    "required": ["id", "type", "board"],
    "properties": {
        "id": {"type": "string"},
        "type": {"type": "string"},
        "status": {"type": "string", "enum": ["draft", "approved"]},
        "due": {"type": "string", "format": "date"},
        "key": {"type": "string", "pattern": "[a-z ]+"},
        "attention": {"type": "string"},
        "scope": {"type": "string", "x-multiline": True, "pattern": "[\\s\\S]*[^.]"},
        "board": {
            "type": "object",
            "required": ["chair"],
            "properties": {"chair": {"type": "string", "examples": ["Ada Example"]}},
        },
        "seats": {"type": "array", "items": {"type": "string"}},
    },
    "patternProperties": {"^x-": {}},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "schemas" / "sample").mkdir(parents=True)
    (tmp_path / "schemas" / "sample" / "agreement.schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    (tmp_path / "agreements").mkdir()
    return tmp_path


def found(root: Path, text: str) -> list[tuple[str, str, str]]:
    """Return severity, rule and pointer of each finding of an agreement that says this too."""
    (root / "agreements" / "deal.yaml").write_text(f"id: deal\ntype: sample\n{text}", encoding="utf-8")
    return [(finding.severity, finding.rule, finding.pointer) for finding in findings(root)]


def findings(root: Path) -> tuple[Finding, ...]:
    tree = DiskTree(root)
    return load_agreement(tree, AgreementFile("deal", "agreements/deal.yaml"), SchemaStore(tree))[1]


@pytest.mark.parametrize("text", ["attention: Suite # 4 Owner", "scope: Suite #4", "seats: [Suite # 4\n ]"])
def test_a_comment_that_swallows_words_is_a_warning(root: Path, text: str) -> None:
    [(severity, rule, _)] = found(root, f"board: {{chair: A}}\n{text}\n")
    assert (severity, rule) == ("warning", "core/text-comment")


@pytest.mark.parametrize(
    "text",
    [
        "status: draft # until Friday",
        "due: 2026-03-01 # a Sunday",
        "key: north # the first",
        "x-note: north # the first",
        "attention: Suite 4  # the owner's",
        'attention: "Suite # 4 Owner"',
        "attention: >- # folded\n  Suite",
    ],
)
def test_ordinary_comments_are_none(root: Path, text: str) -> None:
    assert found(root, f"board: {{chair: A}}\n{text}\n") == []


def test_typographic_quotes_around_a_date_are_named_once(root: Path) -> None:
    assert found(root, "board: {chair: A}\ndue: “2026-03-01”\n") == [("error", "core/value-quotation-marks", "/due")]
    assert found(root, "board: {chair: A}\nattention: “Ada”\n") == [
        ("warning", "core/text-quotation-marks", "/attention")
    ]


def test_an_emptied_property_that_is_needed_is_not_to_be_deleted(root: Path) -> None:
    assert found(root, "board:\nattention:\nseats: [x, ]\n") == [
        ("error", "core/text-empty", "/board"),
        ("error", "core/text-empty", "/attention"),
    ]
    needed, optional = findings(root)
    assert needed.hint.startswith('it is needed: write `board: {chair: "[Chair]"}`; `clausebook new ')
    assert "or delete the property" in optional.hint


def test_a_warning_hides_no_error(root: Path) -> None:
    rules = [rule for _, rule, _ in found(root, "board: {chair: A}\nscope: “It ends.”\n")]
    assert rules == ["core/text-quotation-marks"]
    assert found(root, "board: {chair: A}\nscope: Suite. # 4\n") == [
        ("error", "core/value-pattern", "/scope"),
        ("warning", "core/text-comment", "/scope"),
    ]
