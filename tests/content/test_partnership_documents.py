"""The pitch and the proposal of a pilot tell what a partner may hear, and nothing else, whatever is written down."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result

from clausebook.cli import main as cli
from clausebook.facts.reports import load_kind, reports
from clausebook.facts.spark.gathered import partnerships_of
from clausebook.facts.spark.method import read_method
from clausebook.facts.spark.partnership_facts import partnership_facts
from clausebook.project.project import Project
from clausebook.render.files import render_files
from clausebook.render.markdown import render_markdown
from tests.support.repositories import ROOT

FULL = """\
title: Evening Boats
organisation: {name: "Otter & <script>alert(1)</script> Boats"}
owner: {name: planted owner}
scan:
  industry: planted industry
  strategic_fit: {rating: high, words: planted fit}
  resource_complementarity: high
  market_reach: low
  opportunity: boats that bring medicine
  brings: [40 quiet boats]
  complements: [{weakness: planted weakness, strength: crews that know every pier}]
  lead: {from: forum, what: planted lead}
  alternatives: [{name: planted alternative, why_not: planted reason}]
partner:
  goals:
    - {ours: reach the islands, theirs: sail all year, meet: partly, note: planted note}
    - {ours: planted goal, theirs: planted other, meet: no}
  value_proposition: Islands get care, and boats get work.
  benefits:
    - {to: ours, benefit: patients who are far away}
    - {to: theirs, benefit: a steady fee}
  expectations:
    - {about: timeline, ours: planted wish, theirs: planted guess, agreed: a first trip in May}
  stakeholders:
    - {who: planted person, role: planted role, influence: high, stance: planted stance}
  pilot:
    what: four boats on one lake
    where: Lake Sample
    for: P6M
    cost: {amount: "48000", currency: USD}
    why_low_risk: No medicine leaves the locked box.
    success: nine trips of ten arrive within two hours
    ends: the boats go back
  contact_log: [{on: 2026-04-02, with: planted contact, said: planted words}]
align: {vision: No island is far from care., written_by: [planted author]}
refine:
  differences: [{about: pace, ours: planted, theirs: planted, answer: planted answer}]
  protocols: [{protocol: the box is sealed by two people, owner: planted keeper}]
  regulatory_reviews: [{stage: before the first trip, by: the quality committee, due: 2027-03-01, note: planted view}]
kickoff:
  pilot:
    scope: Four boats.
    milestones: [{milestone: the first trip, due: 2027-05-03, note: planted doubt}]
  feedback_loops:
    - {from: patients, source: a card in each box, rhythm: monthly, changes: [{on: 2027-06-01, change: planted change}]}
  scaling: [{step: ten more boats, region: the northern lakes, gate: {metric: Trips in time, at_least: 90}}]
"""
PITCH = (
    "oats that bring medicine",
    "40 quiet boats",
    "crews that know every pier",
    "each the islands",
    "ail all year",
)
PITCH += ("in part", "Islands get care, and boats get work.", "patients who are far away", "a steady fee")
PITCH += ("a first trip in May", "our boats on one lake", "6 months", "No island is far from care.", "Lake Sample")
PILOT = ("our boats on one lake", "Lake Sample", "6 months", "USD 48,000", "No medicine leaves the locked box.")
PILOT += ("nine trips of ten arrive within two hours", "the boats go back", "the box is sealed by two people")
PILOT += ("efore the first trip", "the quality committee", "March 1, 2027", "he first trip", "May 3, 2027")
PILOT += ("a card in each box", "monthly", "en more boats", "the northern lakes", "Trips in time at least 90")


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    """Return the repository with one more opportunity, of which all is said that can be said."""
    with Project(ROOT) as opened:
        yield opened.with_files(
            {
                "agreements/pipeline/evening-boats.yaml": FULL.encode(),
                "agreements/pipeline/bare.yaml": b"title: Bare\norganisation: {name: Otter Boats}\n",
            }
        )


def written(project: Project, name: str, kind_name: str) -> tuple[str, dict[str, bytes]]:
    """Return a document as Markdown, and as files of PDF and Word."""
    method = read_method(project.tree)[0]
    kind, findings = load_kind(project.tree, method.agreement_type, kind_name, project.store.checks)
    assert kind is not None, findings
    (one,), _ = partnerships_of(project, method, name)
    given = partnership_facts(project, method, one, kind, "2026-12-01")
    bundle = project.type(method.agreement_type)
    (found,) = reports(kind, given, bundle.shape, bundle.shape_id, project.sandbox)
    assert found.findings == ()
    assert found.document is not None
    return render_markdown(found.document), render_files(found.document, ROOT, ("pdf", "docx"))


@pytest.mark.parametrize(("kind", "words"), [("pitch", PITCH), ("pilot", PILOT)])
def test_all_that_may_be_told_is_told_and_nothing_else(project: Project, kind: str, words: tuple[str, ...]) -> None:
    text, files = written(project, "evening-boats", kind)
    plain = text.replace("\u00a0", " ")
    assert [each for each in words if each not in plain] == []
    assert "planted" not in text
    assert "<script>" not in text.replace("\\<script", "")
    assert sorted(files) == [f"evening-boats-{kind}-2026-12-01.{end}" for end in ("docx", "pdf")]
    for name, content in files.items():
        if name.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                assert not [each for each in parts.namelist() if b"planted" in parts.read(each)]
        else:
            with pikepdf.open(io.BytesIO(content)) as pdf:
                assert not [each for each in pdf.objects if b"planted" in str(each).encode()]


@pytest.mark.parametrize("kind", ["pitch", "pilot"])
def test_one_of_which_little_is_said_says_what_is_still_open(project: Project, kind: str) -> None:
    text, _ = written(project, "bare", kind)
    assert "Larkmoor Health System" in text
    assert "would like" in text or "still to be agreed" in text


def invoke(*arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli.cli, ["report", *arguments, "--root", str(ROOT)], prog_name="clausebook")


def test_an_agreement_has_them_too_and_an_opportunity_no_other(tmp_path: Path) -> None:
    out = ("--as-of", "2026-12-01", "--format", "md", "--out", str(tmp_path))
    done = invoke("retail-telehealth", "--kind", "pitch", *out)
    assert done.exit_code == 0, done.output
    assert "Cornerway Stores, Inc." in (tmp_path / "retail-telehealth-pitch-2026-12-01.md").read_text(encoding="utf-8")
    for kind, said in (("agenda", "is about an agreement"), ("pich", "did you mean `pitch`?")):
        done = invoke("evening-prescriptions", "--kind", kind, *out)
        assert done.exit_code == 2
        assert said in done.stderr
    assert "a day" in invoke("evening-prescriptions", "--kind", "pitch").stderr
