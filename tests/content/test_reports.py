"""The reports of the repository's own types, on an agreement that runs, on an empty one and on a hostile one.

A case is a folder in `tests/cases/reports/`: `how.yaml` names the facts of `given/`, the kind, the period and the day;
the Markdown beside it is what the reports must say. What fails here is mended in `templates/<type>/reports/`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from ruamel.yaml import YAML

from clausebook.document.model import Document
from clausebook.facts.periods import period_of
from clausebook.facts.report_data import ReportFacts
from clausebook.facts.reports import kinds_of, load_kind, reports
from clausebook.project.project import Project
from clausebook.records.results_files import MetricResult
from clausebook.render.files import render_files
from clausebook.render.markdown import render_markdown
from tests.support.repositories import ROOT

CASES = ROOT / "tests" / "cases" / "reports"
NAMES = sorted(path.parent.name for path in CASES.glob("*/how.yaml"))
TYPE = "partnership"


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    with Project(ROOT) as opened:
        yield opened


def made(project: Project, case: Path) -> list[Document]:
    """Return the reports of a case."""
    how: dict[str, Any] = YAML(typ="safe").load(case / "how.yaml")
    given = json.loads((CASES / "given" / f"{how['given']}.json").read_text(encoding="utf-8"))
    period, as_of = period_of(str(how["period"])) if "period" in how else None, how["as_of"].isoformat()
    kind, findings = load_kind(project.tree, TYPE, how["kind"], project.store.checks)
    assert kind is not None, findings
    lines = enumerate(given["results"], 2)
    facts = ReportFacts(
        id=given["facts"]["id"],
        path=given["path"],
        locate=lambda pointer: (1, 1),
        facts=given["facts"],
        deal=given["deal"],
        as_of=as_of,
        tables=given["tables"],
        period=period,
        results=[MetricResult(date, name, Decimal(value), line, note) for line, (date, name, value, note) in lines],
        results_path=f"agreements/results/{given['facts']['id']}.csv",
        payments=given.get("payments", ()),
        journal=given.get("journal", {}),
        places=given["places"],
        outward=bool(how.get("outward")) or kind.outward,
        ending=f"-{period.name if period else as_of}",
    )
    bundle = project.type(TYPE)
    found = list(reports(kind, facts, bundle.shape, bundle.shape_id, project.sandbox))
    assert [finding for each in found for finding in each.findings] == []
    return [each.document for each in found if each.document]


@pytest.mark.parametrize("name", NAMES)
def test_a_report_says_what_was_found_to_be_right(project: Project, name: str, update_golden: bool) -> None:
    case = CASES / name
    said = {f"{each.id}.md": render_markdown(each) for each in made(project, case)}
    if update_golden:
        for file in case.glob("*.md"):
            file.unlink()
        for file, text in said.items():
            (case / file).write_text(text, encoding="utf-8")
    assert said == {file.name: file.read_text(encoding="utf-8") for file in case.glob("*.md")}


def test_every_kind_has_a_case() -> None:
    covered = {YAML(typ="safe").load(CASES / name / "how.yaml")["kind"] for name in NAMES}
    with Project(ROOT) as project:
        kinds = {
            name: load_kind(project.tree, TYPE, name, project.store.checks)[0] for name in kinds_of(project.tree, TYPE)
        }
        # Documents about partnerships have tests of their own.
        assert covered == {name for name, kind in kinds.items() if kind is None or not kind.of_partnership}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.slow("each report in print and in Word, proven to say and show its words")
def test_a_report_is_written_in_print_and_in_word(project: Project, name: str) -> None:
    for document in made(project, CASES / name):
        files = render_files(document, ROOT, ("pdf", "docx"))
        with pikepdf.open(io.BytesIO(files[f"{document.id}.pdf"])) as pdf:
            assert len(pdf.pages) <= (2 if name.startswith("report") and "hostile" not in name else 6)
            assert pdf.Root.MarkInfo.Marked


def test_outward_a_report_names_no_file_and_nobody_of_the_house(project: Project) -> None:
    (document,) = made(project, CASES / "report-outward")
    text = render_markdown(document)
    for inside in ("agreements/", "Ivo Tarn", "Mara Quillon", "Paz Orrin", "wire 5521", "Decisions Wanted"):
        assert inside not in text
