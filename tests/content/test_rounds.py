"""From the README's example to a pass of `check` with this repository's library: apply what the findings say."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clausebook.facts.agreement_facts import all_facts
from clausebook.findings.model import Finding
from clausebook.findings.pointers import parts
from clausebook.load.yaml import load_yaml
from clausebook.project.project import Project, all_findings
from clausebook.scaffold.beginning import begin as begin_agreement
from tests.support.repositories import ROOT

MOST_ROUNDS = 3
ADD = re.compile(r"(?:add|write) `([^`]+)`")
FACTS = {"[Amount]": "1", "[Notice]": "P90D", "[Number of members 1]": 1, "[Number of members 2]": 1}
"""Blanks that words do not fill, and what a person could write there."""
EXAMPLE = re.compile(r"<!-- agreement-example -->\n```yaml\n(.*?)```", re.DOTALL)


def readme_example() -> str:
    """Return the README's example as a draft of its own."""
    found = EXAMPLE.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found
    return found[1].replace("id: retail-telehealth", "id: new-deal").replace("status: executed", "status: draft")


def without_sections() -> str:
    """Return what stands before the sections: the parties, and nothing that they agree."""
    return readme_example().partition("\npurpose:")[0] + "\n"


def emptied() -> str:
    """Return the example with every other section begun and left empty."""
    schema = json.loads((ROOT / "schemas/partnership/agreement.schema.json").read_text(encoding="utf-8"))
    names = [name for name in schema["required"] if f"\n{name}:" not in "\n" + readme_example()]
    return readme_example() + "".join(f"{name}:\n" for name in names)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rounds")
    for name in ("schemas", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "agreements").mkdir()
    return folder


@pytest.mark.parametrize("begin", [readme_example, without_sections, emptied])
def test_three_rounds_of_check_lead_to_a_pass(root: Path, begin: Callable[[], str]) -> None:
    file = root / "agreements" / "new-deal.yaml"
    file.write_text(begin(), encoding="utf-8")
    counts = []
    for _ in range(MOST_ROUNDS):
        found = errors(root)
        counts.append(len(found))
        if not found:
            break
        mend(file, found)
    assert counts[-1] == 0, "\n".join(f"{each.pointer}: {each.message} | {each.hint}" for each in found)


@pytest.mark.parametrize("begin", [without_sections, emptied])
def test_no_mend_invents_a_fact(root: Path, begin: Callable[[], str]) -> None:
    schema = json.loads((ROOT / "schemas/partnership/agreement.schema.json").read_text(encoding="utf-8"))
    more = "".join(f"{name}:\n" for name in ("parties", "signatures"))
    emptied_too = re.sub(r"(?ms)^(parties|signatures):\n(?: .*?\n)+", "", begin()) + more
    (root / "agreements" / "new-deal.yaml").write_text(emptied_too, encoding="utf-8")
    hints = {finding.pointer or finding.message: finding.hint for finding in errors(root)}
    assert len(hints) > len(schema["required"]) / 2
    for hint in hints.values():
        assert len(hint) < 300, hint
        assert not re.search(r"Larkmoor|Northwind|250|private rooms|Delaware|Washington|Minnesota", hint), hint
    assert "clausebook new partnership ID" in hints["/parties"]


def test_a_fixed_date_without_its_date_is_told_what_to_add(root: Path) -> None:
    deal = readme_example() + "term_and_termination: {duration: {effective_date: {set_by: fixed-date}}}\n"
    (root / "agreements" / "new-deal.yaml").write_text(deal, encoding="utf-8")
    hints = [finding.hint for finding in errors(root) if finding.pointer.endswith("/set_by")]
    assert hints == ['below it, add `date: "[Date]"`; write the date as year-month-day, such as 2026-03-01']


def test_what_clauses_want_is_told_beside_what_the_schema_wants(root: Path) -> None:
    file = root / "agreements" / "new-deal.yaml"
    more = """clauses:
  financial-contributions: {use: financial-revenue-share, reason: The parties share what comes in.}
  goverance: {use: governance, reason: None.}
  duration: {wording: nowhere.md}
"""
    file.write_text(readme_example() + more, encoding="utf-8")
    rules = {(finding.rule, finding.pointer) for finding in errors(root)}
    assert ("core/property-missing", "/purpose") in rules
    assert ("core/slot-unknown", "/clauses/goverance") in rules
    assert ("core/value-missing", "/resource_contributions/financial/revenue_share/base") in rules
    assert all(finding.path == "agreements/new-deal.yaml" for finding in errors(root))


@pytest.mark.parametrize("kind", ["partnership", "side-letter"])
def test_what_is_just_begun_answers_what_its_type_asks(root: Path, kind: str) -> None:
    with Project(root) as project:
        begin_agreement(project, kind, "just-begun")
    with Project(root) as project:
        found = list(all_facts(project, list(project.assemble_all(["just-begun"]))))
    (root / "agreements" / "just-begun.yaml").unlink()
    assert [each.findings for each in found] == [()]


def errors(root: Path) -> list[Finding]:
    """Return the errors that `check` has for the new deal, but for what its values mean, which a person decides."""
    with Project(root) as project:
        found = all_findings(project, list(project.assemble_all(["new-deal"])))
    return [finding for finding in found if finding.severity == "error" and finding.rule.startswith("core/")]


def mend(file: Path, found: list[Finding]) -> None:
    """Do what the findings' mends say, as a person would who fills in what only the parties know."""
    data: Any = load_yaml(file.read_bytes(), file.name).value
    for finding in found:
        said = ADD.search(finding.hint)
        assert said, f"{finding.message}: its mend gives nothing to write: {finding.hint}"
        added = load_yaml(said[1].encode(), "mend").value
        assert isinstance(added, dict), said[1]
        steps = parts(finding.pointer)
        place = data
        for step in steps if finding.rule == "core/property-missing" else steps[:-1]:
            place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
        place.update(filled(added))
    file.write_text(json.dumps(data, indent=1), encoding="utf-8")


def filled(value: Any) -> Any:
    """Return a mend with its facts filled in: a party that it names, the recipient's another; words stay blank."""
    if isinstance(value, dict):
        last = {name: each.rpartition(" or ")[2][:-1] for name, each in value.items() if name == "recipient"}
        return {name: filled(each) for name, each in value.items()} | last
    if isinstance(value, list):
        return [filled(each) for each in value]
    if isinstance(value, str) and " or " in value:
        return value[1:].partition(" or ")[0]
    return FACTS.get(value, value)
