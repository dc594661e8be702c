"""One fact in two fields: a property may say that it equals another."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project, all_findings
from tests.support.rule_cases import CASES, lay

RULE = "loan/same-loan-handover"


def found(root: Path, handover: str, equals: str = "loan.from") -> list[tuple[str, str, str]]:
    lay(CASES / "_base", root)
    schema = root / "schemas" / "loan" / "agreement.schema.json"
    field = f'"handover": {{"type": "string", "format": "date", "x-equals": "{equals}"}},'
    schema.write_text(
        schema.read_text(encoding="utf-8").replace('"seats":', f'{field}\n        "seats":'), encoding="utf-8"
    )
    deal = root / "agreements" / "heron-marsh.yaml"
    text = deal.read_text(encoding="utf-8")
    deal.write_text(text.replace("  notice: P14D\n", f"  notice: P14D\n{handover}"), encoding="utf-8")
    with Sandbox() as sandbox:
        project = Project(root, sandbox)
        told = all_findings(project, list(project.assemble_all()))
    return [(each.rule, each.severity, each.pointer) for each in told if not each.rule.startswith("core/value-unshown")]


@pytest.mark.parametrize("handover", ["", "  handover: 2026-05-01\n"])
def test_the_same_value_or_none_is_no_fault(tmp_path: Path, handover: str) -> None:
    assert found(tmp_path, handover) == []


def test_another_value_is_an_error_where_the_schema_says_so(tmp_path: Path) -> None:
    assert found(tmp_path, "  handover: 2026-05-02\n") == [(RULE, "error", "/loan/handover")]


def test_a_place_that_there_is_not_is_told(tmp_path: Path) -> None:
    assert {rule for rule, _, _ in found(tmp_path, "  handover: 2026-05-01\n", "loan.begin")} == {"core/rule-fails"}
