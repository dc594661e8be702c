"""An amendment that only extends the term: its words change the term alone, and the new end is told where one looks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clausebook.amending.amendment_chain import chain
from clausebook.cli import main as cli
from clausebook.document.model import Document
from clausebook.document.words import part_passages, words
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.amendment import amend
from clausebook.project.project import Project
from clausebook.repository.tree import DiskTree
from clausebook.site.page_tree import page_tree
from tests.support.executed_repositories import AMENDMENT, EXECUTED, edit, record
from tests.support.html_reader import read_html
from tests.support.repositories import partnership_repository
from tests.support.whole_sites import site_content

pytestmark = pytest.mark.slow("a whole deal is executed, and its term extended by an amendment")

OLD, NEW = "2029-12-31", "2031-12-31"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def invoke(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.cli, [*arguments, "--root", str(root)], prog_name="clausebook")


def document(root: Path, sandbox: Sandbox, name: str) -> Document:
    project = Project(root, sandbox)
    found = project.assemble(project.files([name])[0])
    assert found.document is not None
    assert [each.message for each in found.findings if each.severity == "error"] == []
    return found.document


def listed(root: Path) -> str:
    rows = json.loads(invoke(root, "list", "--json").output)
    return next(str(row["ends"]) for row in rows if row["id"] == EXECUTED)


def shown(root: Path) -> str:
    page = next(each for each in page_tree(site_content(root)) if each.path.endswith(f"{EXECUTED}/index.html"))
    return " ".join(read_html(page.body).words())


def test_the_term_alone_is_extended(tmp_path: Path, sandbox: Sandbox) -> None:
    root = partnership_repository(tmp_path)
    edit(root, EXECUTED, ("    initial_term: P3Y\n", f"    initial_term: P3Y\n    end_date: {OLD}\n"))
    record(root, EXECUTED, "2026-11-02", sandbox)
    assert listed(root) == OLD

    edit(
        root,
        EXECUTED,
        ('version: "1.0"\nstatus: executed', 'version: "1.1"\nstatus: approved'),
        (f"    initial_term: P3Y\n    end_date: {OLD}\n", f"    end_date: {NEW}\n"),
    )
    drafted = amend(Project(root, sandbox), EXECUTED)
    assert len(drafted.changes) == 1
    assert "Term ends December 31, 2031 in this draft" in shown(root)
    (made,) = chain(DiskTree(root), EXECUTED).amendments
    assert made.changes is not None
    assert [each.place for each in made.changes.instructions] == ["duration"]
    operative = next(part for part in document(root, sandbox, AMENDMENT).sections if part.id == "changes")
    said = " ".join(text for clause in operative.clauses for text in part_passages(clause))
    assert "until the end of December 31, 2031" in said
    assert "December 31, 2029" not in said, "what goes is not set out"

    edit(root, AMENDMENT, ("status: draft", "status: approved"))
    record(root, AMENDMENT, "2029-11-05", sandbox)
    edit(root, EXECUTED, ("status: approved", "status: executed"))
    assert "until the end of December 31, 2031" in " ".join(words(document(root, sandbox, EXECUTED)))
    assert listed(root) == NEW
    assert f"{EXECUTED}: the term ends on {NEW}" in invoke(root, "list").output
    page = shown(root)
    assert "Term ends December 31, 2031" in page
    assert "in this draft" not in page
    # Whoever writes the extension down as a renewal, by the amendment, is told nothing else.
    renewal = f"lifecycle: {{renewals: [{{on: 2029-11-05, until: {NEW}, by: Amendment No. 1}}]}}\n"
    path = root / "agreements" / f"{EXECUTED}.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{renewal}", encoding="utf-8")
    document(root, sandbox, EXECUTED)
    assert listed(root) == NEW
    assert "Renewed on November 5, 2029 until December 31, 2031, by Amendment No. 1." in shown(root)
