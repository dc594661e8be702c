"""The proof that an executed amendment says what its changes do, in narrow words or in whole ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from clausebook.amending.amendment_chain import chain
from clausebook.amending.amendment_files import changes_path
from clausebook.amending.changes_file import TextMark, to_json
from clausebook.amending.instructions import Instruction
from clausebook.amending.settling import Beside, proof
from clausebook.document.model import Clause, Document, Run
from clausebook.document.walk import map_document
from clausebook.findings.model import SourceFile
from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.repository.tree import DiskTree
from tests.support.amendment_cases import amended, execute_text, put

pytestmark = pytest.mark.slow("deals executed and amended, each amendment proven against its changes")

OPERATIVE = "templates/amendment/operative.yaml"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@dataclass(frozen=True)
class Executed:
    """A repository with an executed amendment, and how its text is proven."""

    root: Path
    document: Document
    prove: Callable[[Document], list[str]]


def executed(name: str, folder: Path, sandbox: Sandbox, formulas: Callable[[str], str] = lambda text: text) -> Executed:
    """Carry out a case with some formulas, and execute its amendment."""
    found = amended(name, folder, sandbox)
    root, identity = found.root, found.amendment.file.id
    edit_formulas(root, formulas)
    put(root, identity, {"/status": "approved"})
    execute_text(root, identity, "2026-12-01", sandbox)
    put(root, found.agreement.file.id, {"/status": "executed"})
    project = Project(root, sandbox)
    kept = project.assemble(project.files([identity])[0])
    assert kept.document, kept.findings
    assert [each for each in kept.findings if each.severity == "error"] == []

    def prove(document: Document) -> list[str]:
        tree = DiskTree(root)
        beside = Beside(
            lambda kind: Project(root, sandbox).type(kind).kind, lambda _: None, lambda _: None, partial(chain, tree)
        )
        at = SourceFile(kept.file.path, lambda _: (1, 1))
        return [each.rule for each in proof(tree, document, kept.data, beside, at)]

    return Executed(root, kept.document, prove)


def edit_formulas(root: Path, change: Callable[[str], str]) -> None:
    path = root / OPERATIVE
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def reworded(text: str) -> str:
    """Say all changes in other words."""
    changed = text.replace("is deleted and replaced with", "shall henceforth read").replace("in the column", "under")
    assert changed != text
    return changed


def whole(text: str) -> str:
    """Leave out the formulas inside clauses, as they were left out of older repositories."""
    start, end = text.index("# What changes inside a clause"), text.index("renumbered:")
    return text[:start] + text[end:]


def without(document: Document, heading: str) -> Document:
    """Return the amendment without the clauses that have a heading."""

    def left(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        return tuple(each for each in clauses if each.title != heading)

    changed = replace(document, sections=tuple(replace(each, clauses=left(each.clauses)) for each in document.sections))
    assert changed != document
    return changed


def with_words(document: Document, old: str, new: str) -> Document:
    """Return the amendment with other words."""

    def change(run: Run) -> Run:
        return replace(run, text=run.text.replace(old, new))

    changed = map_document(document, change)
    assert changed != document
    return changed


@pytest.mark.parametrize("name", ["cell-and-item", "row-and-its-sentence-deleted", "item-added", "heading-alone"])
def test_narrow_words_say_the_changes_even_after_counsel_edited_the_formulas(
    name: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    done = executed(name, tmp_path, sandbox)
    assert done.prove(done.document) == []
    edit_formulas(done.root, reworded)
    assert done.prove(done.document) == []
    (done.root / OPERATIVE).unlink()
    assert done.prove(done.document) == []


@pytest.mark.parametrize("name", ["cell-and-item", "row-and-its-sentence-deleted"])
def test_the_whole_words_of_an_older_amendment_say_the_changes(name: str, tmp_path: Path, sandbox: Sandbox) -> None:
    formulas = []

    def older(text: str) -> str:
        formulas.append(text)
        return whole(text)

    done = executed(name, tmp_path, sandbox, older)
    headings = [each.title for each in done.document.sections[1].clauses]
    assert not any("(e)" in each or "(a)" in each for each in headings), "it says the whole"
    edit_formulas(done.root, lambda _: formulas[0])
    assert done.prove(done.document) == []
    edit_formulas(done.root, reworded)
    assert done.prove(done.document) == []


@pytest.mark.parametrize("edited", [False, True])
def test_each_step_must_be_said(edited: bool, tmp_path: Path, sandbox: Sandbox) -> None:
    done = executed("cell-and-item", tmp_path, sandbox)
    if edited:
        edit_formulas(done.root, reworded)
    for wrong in (
        without(done.document, "Section\u00a04.3 (Reporting)"),
        without(done.document, "Section\u00a04.3(e) (Reporting)"),
        with_words(done.document, "“45 days”", "“450 days”"),
        with_words(done.document, "“30 days”", "“20 days”"),
        with_words(done.document, "“Outcome report”", "“Model performance report”"),
        with_words(done.document, "state the sources", "state the source"),
    ):
        assert done.prove(wrong) == ["core/amendment-unsaid"]


def test_an_item_that_goes_is_named_with_its_clause(tmp_path: Path, sandbox: Sandbox) -> None:
    done = executed("item-deleted", tmp_path, sandbox)
    edit_formulas(done.root, lambda text: text.replace("is deleted", "is struck out"))
    assert done.prove(done.document) == []
    assert done.prove(with_words(done.document, "2.1(d)", "2.2(d)")) == ["core/amendment-unsaid"]
    assert done.prove(without(done.document, "Section\u00a02.1(d) (Healthcare Partner)")) == ["core/amendment-unsaid"]


@pytest.mark.parametrize("edited", [False, True])
def test_what_is_deleted_must_be_named(edited: bool, tmp_path: Path, sandbox: Sandbox) -> None:
    done = executed("row-and-its-sentence-deleted", tmp_path, sandbox)
    if edited:
        edit_formulas(done.root, reworded)
    wrong = with_words(done.document, "“First use of the models at all eight hospitals”", "“Another row”")
    assert done.prove(wrong) == ["core/amendment-unsaid"]
    assert done.prove(without(done.document, "Section\u00a03.1(c) (Financial Contributions)")) == [
        "core/amendment-unsaid"
    ]


@pytest.mark.parametrize("more", ["deleted", "renamed", "retitled", "nothing", "deleted instead"])
def test_changes_that_were_edited_since_are_not_what_the_amendment_says(
    more: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    done = executed("one-cell-of-a-table", tmp_path, sandbox)
    tree = DiskTree(done.root)
    past = chain(tree, "predictive-analytics")
    changes, base = past.amendments[0].changes, past.texts[0].document
    assert changes
    told = {
        "deleted": (*changes.instructions, Instruction("delete-clause", place="limitation-of-liability")),
        "renamed": (*changes.instructions, Instruction("rename-section", "Unlimited License", base.sections[0].id)),
        "retitled": (*changes.instructions, Instruction("replace-title", "Sale of the Hospitals")),
        "nothing": (),
        "deleted instead": (Instruction("delete-clause", place=changes.instructions[0].place),),
    }
    edited = replace(changes, instructions=told[more])
    edited = replace(edited, restated=TextMark.of(edited.restate(base)))
    path = done.root / changes_path("predictive-analytics-amendment-1")
    path.write_text(to_json(edited), encoding="utf-8")
    assert done.prove(done.document) == ["core/amendment-unsaid"]
    edit_formulas(done.root, reworded)
    assert done.prove(done.document) == ["core/amendment-unsaid"]
