"""One mistake is one finding: what follows from it is not reported beside it, least of all to another reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project, all_findings
from tests.support.repositories import partnership_repository
from tests.support.rule_cases import CASES, checked


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return partnership_repository(tmp_path_factory.mktemp("consequences"))


def rules(root: Path, agreement: str) -> list[tuple[str, str]]:
    with Project(root) as project:
        found = all_findings(project, list(project.assemble_all([agreement])))
    return [(finding.rule, finding.path) for finding in found if finding.severity == "error"]


@pytest.mark.parametrize(
    ("agreement", "file", "old", "new", "expected"),
    [
        (
            "billing-transparency",
            "agreements/billing-transparency.yaml",
            "use: financial-own-costs",
            "use: financial-own-cost",
            [("core/clause-unknown", "agreements/billing-transparency.yaml")],
        ),
        (
            "innovation-lab",
            "agreements/innovation-lab.yaml",
            "wording: intellectual-property.md",
            "wording: intellectual-propert.md",
            [("core/wording-missing", "agreements/innovation-lab.yaml")],
        ),
        (
            "innovation-lab",
            "agreements/innovation-lab.yaml",
            "wording: stage-plan.md",
            "wording: stage-plans.md",
            [("core/wording-missing", "agreements/innovation-lab.yaml")],
        ),
        (
            "last-mile-delivery",
            "agreements/last-mile-delivery/lanes.md",
            "---",
            "--",
            [("core/front-matter-missing", "agreements/last-mile-delivery/lanes.md")],
        ),
        (
            "patient-passport",
            "templates/partnership/clauses/notices.md",
            "position: standard",
            "position: usual",
            [("core/value-pattern", "templates/partnership/clauses/notices.md")],
        ),
        (
            "patient-passport",
            "templates/partnership/outline.yaml",
            "id: financial-contributions",
            "id: financial-contribution",
            [("core/outline-clause", "templates/partnership/outline.yaml")],
        ),
        (
            "patient-passport",
            "templates/partnership/outline.yaml",
            "clause: objective",
            "clause: objectives",
            [("core/outline-clause", "templates/partnership/outline.yaml")],
        ),
        (
            "patient-passport",
            "templates/partnership/clauses/objective.md",
            "slot: objective",
            "slot: objectives",
            [("core/outline-clause", "templates/partnership/outline.yaml")],
        ),
        (
            "patient-passport",
            "templates/partnership/outline.yaml",
            "when: term_and_termination.termination.ip_reversion",
            "when: term_and_termination.termination.ip_reversal",
            [("core/template-unknown-property", "templates/partnership/outline.yaml")],
        ),
        (
            "patient-passport",
            "templates/partnership/outline.yaml",
            "title: Purpose",
            "titel: Purpose",
            [
                ("core/property-missing", "templates/partnership/outline.yaml"),
                ("core/property-unknown", "templates/partnership/outline.yaml"),
            ],
        ),
        (
            "patient-passport",
            "templates/partnership/glossary-governance.yaml",
            "- term:",
            '- term: "',
            [
                ("core/glossary-unusable", "agreements/patient-passport.yaml"),
                ("core/yaml-syntax", "templates/partnership/glossary-governance.yaml"),
            ],
        ),
        (
            "patient-passport",
            "agreements/patient-passport.yaml",
            "clauses:\n",
            "clauses:\n  financial-contributions: {use: financial-revenue-share, reason: It grows.}\n",
            [
                ("core/clause-unfit", "agreements/patient-passport.yaml"),
                ("core/value-missing", "agreements/patient-passport.yaml"),
            ],
        ),
    ],
)
def test_a_mistake_is_told_once(
    whole: Path, agreement: str, file: str, old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    place = whole / file
    before = place.read_text(encoding="utf-8")
    assert old in before
    place.write_text(before.replace(old, new, 1), encoding="utf-8")
    try:
        found = rules(whole, agreement)
    finally:
        place.write_text(before, encoding="utf-8")
    assert sorted(found) == expected


def test_an_executed_amendment_is_not_blamed_for_a_broken_outline(tmp_path: Path) -> None:
    outline = tmp_path / "broken" / "templates" / "loan" / "outline.yaml"
    outline.parent.mkdir(parents=True)
    outline.write_text("kind: [\n", encoding="utf-8")
    names = ("_executed", "_amended", "_in_force", "amendment-unsaid/bad")
    layers = (*(CASES / name for name in names), tmp_path / "broken")
    with Sandbox() as sandbox:
        found = checked(layers, tmp_path / "repository", sandbox)
    assert {finding.path for finding in found if finding.severity == "error"} == {"templates/loan/outline.yaml"}
