"""Side letters as the library words them: `tests/cases/side-letters/` holds each as data, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clausebook.document.outgoing import outgoing
from clausebook.project.project import Project
from clausebook.render.markdown import render_markdown
from clausebook.scaffold.least_agreement import least_file, problems
from tests.support.repositories import ROOT

CASES = sorted((ROOT / "tests" / "cases" / "side-letters").glob("*.yaml"))


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    with Project(ROOT) as opened:
        yield opened


@pytest.mark.parametrize("path", CASES, ids=lambda path: str(path.stem))
def test_a_side_letter(path: Path, project: Project, update_golden: bool) -> None:
    with_it = project.with_files({f"agreements/{path.name}": path.read_bytes()})
    (found,) = with_it.assemble_all([path.stem])
    assert [each.message for each in found.findings] == []
    assert found.document is not None
    said = render_markdown(replace(outgoing(found.document), draft=False))
    golden = path.with_suffix(".md")
    if update_golden:
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")


def test_a_new_side_letter_passes_the_check(project: Project) -> None:
    text = least_file(project, "side-letter", "new-letter")
    assert problems(project, "new-letter", {"agreements/new-letter.yaml": text}) == ()
