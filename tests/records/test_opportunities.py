"""Opportunities and the house's own scan: each mistake is found where it stands, and the others are still read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clausebook.records.opportunities import landscape_of, opportunities_of
from clausebook.repository.tree import DiskTree
from tests.support.repositories import ROOT

GOOD = "title: Evening Boats\norganisation: {name: Otter Boats}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with the program's own schemas, and one good opportunity."""
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas", ignore=shutil.ignore_patterns("*/"))
    (tmp_path / "agreements" / "pipeline").mkdir(parents=True)
    (tmp_path / "agreements" / "pipeline" / "good.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("title: Evening Boats\n", "core/property-missing "),
        ("title: Evening Boats\norganisation: {kind: company}\n", "core/property-missing /organisation"),
        ("title: Evening Boats\norganisation: Otter Boats\n", "core/value-type /organisation"),
        (f"{GOOD}owner: {{name: Ada, email: nowhere}}\n", "core/value-pattern /owner/email"),
        (f"{GOOD}scan: {{strategic_fit: {{rating: highest}}}}\n", "core/value-unknown /scan/strategic_fit/rating"),
        (f"{GOOD}scan: {{lead: {{from: conference, on: 2026-02-30}}}}\n", "core/value-date /scan/lead/on"),
        (f"{GOOD}refine: {{regulatory_reviews: [{{stage: one, due: soon}}]}}\n", "core/value-date"),
        (
            f"{GOOD}kickoff: {{pilot: {{scope: all, milestones: [{{milestone: one, due: 4/5/2027}}]}}}}\n",
            "core/value-date",
        ),
        (f"{GOOD}partner: {{pilot: {{what: one, for: six months}}}}\n", "core/value-duration /partner/pilot/for"),
        (f"{GOOD}kickoff: {{scaling: [{{step: one, gate: {{at_least: 5}}}}]}}\n", "core/property-missing"),
        (f"{GOOD}kickoff: {{scaling: [{{step: one, gate: {{metric: m, at_least: =5}}}}]}}\n", "core/value-pattern"),
        (f"{GOOD}kickoff: {{scaling: [{{step: one, gate: {{metric: m}}}}]}}\n", "core/value-form /kickoff"),
        (f"{GOOD}kickoff: {{pilot: {{scope: a, starts: 2027-02-02, ends: 2027-02-01}}}}\n", "core/date-order /kickoff"),
        ("title: [\n", "core/yaml-syntax "),
        ("", "core/yaml-empty "),
    ],
)
def test_a_mistake_is_found_and_the_others_are_read(root: Path, text: str, place: str) -> None:
    (root / "agreements" / "pipeline" / "bad.yaml").write_text(text, encoding="utf-8")
    found, findings = opportunities_of(DiskTree(root))
    assert [each.id for each in found] == ["good"]
    assert [f"{each.rule} {each.pointer}"[: len(place)] for each in findings] == [place]
    assert {each.path for each in findings} == {"agreements/pipeline/bad.yaml"}


@pytest.mark.parametrize(
    ("name", "rule"),
    [("Evening.yaml", "core/opportunity-id"), ("deal.yaml", "core/opportunity-id"), ("notes.txt", "core/record-stray")],
)
def test_a_file_that_is_no_opportunity_by_its_name_is_told(root: Path, name: str, rule: str) -> None:
    (root / "agreements" / "pipeline" / name).write_text(GOOD, encoding="utf-8")
    found, findings = opportunities_of(DiskTree(root), {"deal"})
    assert [each.id for each in found] == ["good"]
    assert [(each.rule, each.path) for each in findings] == [(rule, f"agreements/pipeline/{name}")]


def test_names_are_only_words(root: Path) -> None:
    hostile = f"<script>{'n' * 280}"
    text = f"title: Evening Boats\norganisation: {{name: '{hostile}'}}\n"
    (root / "agreements" / "pipeline" / "odd.yaml").write_text(text, encoding="utf-8")
    found, findings = opportunities_of(DiskTree(root))
    assert findings == ()
    assert [each.organisation for each in found] == ["Otter Boats", hostile]


def test_the_scan_tells_industries_that_are_not_on_its_map(root: Path) -> None:
    (root / "scan.yaml").write_text(
        "organisation: Heron Club\n"
        "weaknesses: [{weakness: no boats, made_good_by: [Retial, Finance]}]\n"
        "industries: [{name: Retail, brings: [stores]}]\n"
        "trends: [{on: 2026-04-02, trend: more boats, source: a fair, industries: [Retail, Tech]}]\n",
        encoding="utf-8",
    )
    scan, findings = landscape_of(DiskTree(root))
    assert scan["organisation"] == "Heron Club"
    assert [(each.rule, each.pointer, each.hint) for each in findings] == [
        ("core/industry-unknown", "/weaknesses/0/made_good_by/0", "did you mean `Retail`?"),
        ("core/industry-unknown", "/weaknesses/0/made_good_by/1", "the industries are: Retail"),
        ("core/industry-unknown", "/trends/0/industries/1", "the industries are: Retail"),
    ]
