"""The repository's own agreements and clauses, which lawyers write: they pass the check, and every output says them.

What fails here is mended in `agreements/`, `templates/` or `schemas/`, or in the page that quotes them; not in the
program, whose own tests read none of these files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ruamel.yaml import YAML

from clausebook.assemble.assembler import assemble
from clausebook.document.interchange import from_json, to_json
from clausebook.document.presented import presented
from clausebook.document.words import words
from clausebook.project.project import Project, all_findings
from clausebook.scaffold.least_agreement import least_file, problems
from tests.support.docs import LOOP, STEP, edited, marked_block
from tests.support.pdf_reader import outside
from tests.support.reading import WORDS, render_all
from tests.support.repositories import ROOT

pytestmark = pytest.mark.slow("the repository's own agreements in every format")

AGREEMENTS = sorted(path.stem for path in (ROOT / "agreements").glob("*.yaml"))


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    with Project(ROOT) as opened:
        yield opened


def test_the_samples_pass_the_check(project: Project) -> None:
    found = all_findings(project, list(project.assemble_all()))
    assert [f"{each.path}:{each.line} {each.message}" for each in found if each.severity == "error"] == []


def test_a_new_partnership_passes_the_check(project: Project) -> None:
    text = least_file(project, "partnership", "new-deal")
    assert problems(project, "new-deal", {"agreements/new-deal.yaml": text}) == ()


def test_a_partnership_that_restates_another_text_recites_it(project: Project) -> None:
    told = """
restates:
  title: Harbor Pilot
  version: "1.0"
  date: 2026-03-01
  amendments: [{number: 1, date: 2026-06-01}, {number: 2, date: 2026-09-01}]
"""
    files = {"agreements/new-deal.yaml": least_file(project, "partnership", "new-deal") + told.encode()}
    (found,) = project.with_files(files).assemble_all(["new-deal"])
    assert [each.rule for each in found.findings if each.severity == "error"] == ["core/restatement-misfit"]
    assert found.inputs is not None
    document = assemble(found.inputs, project.sandbox).document
    assert document is not None
    text = " ".join(words(document))
    assert " This Amended and Restated Agreement is made between: " in text
    assert (
        "This Agreement amends and restates in its entirety the Partnership Agreement titled “Harbor Pilot”, version "
        "1.0, executed on March 1, 2026, as amended by Amendment No. 1, executed on June 1, 2026, and Amendment No. 2, "
        "executed on September 1, 2026 (the “Prior Agreement”). The Prior Agreement remains in force until the "
        "Effective Date; from then on, this Agreement governs in its place."
    ) in text


AMENDMENT = """
format: 2
id: every-role-amendment-1
type: amendment
title: Amendment No. 1 to Every Role
version: "1.0"
status: draft
amends: {agreement: every-role, number: 1, kind: Partnership Agreement, title: Every Role, version: "1.0",
  date: 2026-03-01}
effective: {set_by: condition, condition: the board of Sparrow approves this Amendment, lapses: 2027-03-31}
parties:
  - {key: sparrow, legal_name: Sparrow Care Inc., short_name: Sparrow, entity_form: a corporation, jurisdiction: Ohio,
     former_name: Sparrow Clinics Inc., former_short_name: Clinics}
  - {key: finch, legal_name: Finch LLC, short_name: Finch, entity_form: a limited liability company,
     jurisdiction: Ohio, role: joining, from: 2027-05-01}
  - {key: wren, legal_name: Wren LLC, short_name: Wren, entity_form: a limited liability company, jurisdiction: Ohio,
     role: leaving, survives: [its license under Section 3.3]}
  - {key: heron, legal_name: Heron Inc., short_name: Heron, entity_form: a corporation, jurisdiction: Ohio,
     role: assignor}
  - {key: marsh, legal_name: Marsh Inc., short_name: Marsh, entity_form: a corporation, jurisdiction: Ohio,
     role: assignee, successor_to: heron}
  - {key: bank, legal_name: Dune Bank N.A., short_name: Dune, entity_form: a national association,
     jurisdiction: the United States, role: consenting, capacity: the lender, provision: Section 7 of a loan agreement}
signatures:
  - {party: sparrow, name: Ada Sample, title: President}
  - {party: finch, name: Bo Sample, title: President}
  - {party: wren, name: Cy Sample, title: President}
  - {party: heron, name: Di Sample, title: President}
  - {party: marsh, name: Ed Sample, title: President}
  - {party: bank, name: Flo Sample, title: President}
"""


def test_every_clause_of_an_amendment_can_be_said(project: Project) -> None:
    """The deals of the repository need not all of them; the words of each role are read in the cases of amendments."""
    with_it = project.with_files({"agreements/every-role-amendment-1.yaml": AMENDMENT.encode()})
    (found,) = with_it.assemble_all(["every-role-amendment-1"])
    assert found.inputs is not None, [each.message for each in found.findings]
    made = assemble(found.inputs, project.sandbox)
    assert made.document is not None, [each.message for each in made.findings]
    used = {clause.source.clause for clause in made.document.clauses() if clause.source}
    kind = project.type("amendment").kind
    assert kind is not None
    assert {clause.id for clause in kind.clauses.values() if clause.status != "retired"} - used == set()


@pytest.mark.parametrize("name", AGREEMENTS)
def test_every_output_has_the_words_of_the_agreement(project: Project, name: str) -> None:
    (agreement,) = project.assemble_all([name])
    assert agreement.document is not None
    assert from_json(to_json(agreement.document)) == agreement.document
    files = render_all(agreement.document, ROOT)
    assert {kind: WORDS[kind](data) for kind, data in files.items()} == dict.fromkeys(
        files, words(presented(agreement.document))
    )
    assert outside(files["pdf"]) == []


def test_readme_example_is_an_agreement_of_this_repository_shortened() -> None:
    example = YAML(typ="safe", pure=True).load(marked_block("README.md", "agreement-example"))
    agreement = YAML(typ="safe", pure=True).load(ROOT / "agreements" / f"{example['id']}.yaml")
    assert holds(agreement, example)


def test_what_the_docs_change_in_an_agreement_stands_in_it() -> None:
    step = next(step for step in STEP.finditer(LOOP) if step["file"])
    text = (ROOT / step["file"]).read_text(encoding="utf-8")
    # The page has executed it before it changes it.
    assert edited(text.replace("\nstatus: approved\n", "\nstatus: executed\n"), step["lines"])


def holds(whole: Any, part: Any) -> bool:
    """Tell whether the data holds all that the part does; a list holds only lists as long as itself."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and holds(whole[name], part[name]) for name in part)
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(holds, whole, part))
    return bool(whole == part)
