"""Write the layers of `cases/` that hold records: `_sent`, `_executed`, `_amended`, `_in_force`.

    python -m tests.support.rule_layers

Records hold fingerprints, so they are made by the program and not by hand. Run this again when the form of records or
fingerprints changes. Each layer lies over the ones before it that it needs: `_amended` over `_executed`, `_in_force`
over both. Nothing is signed here: `signed.pdf` is an empty page.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pikepdf

from clausebook.document.model import Document, Run
from clausebook.document.walk import map_blocks
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.amendment import amend
from clausebook.lifecycle.turns import send
from clausebook.project.project import Project
from tests.support.executed_repositories import edit, freeze
from tests.support.file_trees import files_in
from tests.support.rule_cases import CASES, lay

DEAL, AMENDMENT = "heron-marsh", "heron-marsh-amendment-1"
TYPE = CASES / "_amended"
"""Its type is written by hand, its agreements are made."""


def main() -> None:
    """Write all layers anew."""
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "sent")
        lay(CASES / "_base", root)
        before = files_in(root)
        send(Project(root, sandbox), DEAL, "2026-04-01", "marsh", "first draft")
        _keep(root, before, "_sent")

        root = Path(folder, "executed")
        lay(CASES / "_base", root)
        before = files_in(root)
        _execute(root, DEAL, "2026-04-20", sandbox)
        _keep(root, before, "_executed")

        before = files_in(root)
        for part in ("schemas", "templates"):
            shutil.copytree(TYPE / part, root / part, dirs_exist_ok=True)
        edit(root, DEAL, ('version: "1.0"', 'version: "1.1"'), ("status: executed", "status: draft"))
        edit(root, DEAL, ("until: 2026-09-30", "until: 2026-10-31"))
        amend(Project(root, sandbox), DEAL)
        _keep(root, before, "_amended")

        before = files_in(root)
        edit(root, AMENDMENT, ("status: draft", "status: approved"))
        _execute(root, AMENDMENT, "2026-09-01", sandbox)
        edit(root, DEAL, ("status: draft", "status: executed"))
        _keep(root, before, "_in_force")

        # An amendment whose signed words give another day than its changes do.
        before = files_in(root)
        shutil.rmtree(root / "agreements" / "executed" / AMENDMENT)
        edit(root, AMENDMENT, ("status: executed", "status: approved"))
        _execute(root, AMENDMENT, "2026-09-01", sandbox, ("31 October", "30 October"))
        _keep(root, before, "amendment-unsaid/bad")


def _keep(root: Path, before: dict[str, bytes], name: str) -> None:
    """Write the agreements' files that are new or changed since `before` as a layer."""
    layer = CASES / name
    shutil.rmtree(layer / "agreements", ignore_errors=True)
    for path, content in files_in(root).items():
        if before.get(path) != content and path.startswith("agreements/"):
            place = layer / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def _execute(root: Path, agreement: str, date: str, sandbox: Sandbox, other: tuple[str, str] = ("", "")) -> None:
    """Freeze an agreement as `clausebook execute` does, but without anything signed."""
    project = Project(root, sandbox)
    found = project.assemble(project.files([agreement])[0])
    if found.document is None:
        raise ValueError([finding.message for finding in found.findings])
    document = _reworded(replace(found.document, status="executed", draft=False), *other)
    freeze(root, found, document, date, _page(), "The record of an execution, made up for an example.")


def _reworded(document: Document, old: str, new: str) -> Document:
    """Replace some words in a document's clauses; "" replaces nothing."""
    if not old:
        return document

    def other(run: Run) -> Run:
        return replace(run, text=run.text.replace(old, new))

    sections = tuple(
        replace(
            section,
            clauses=tuple(replace(clause, blocks=map_blocks(clause.blocks, other)) for clause in section.clauses),
        )
        for section in document.sections
    )
    if sections == document.sections:
        raise ValueError(f"no clause holds {old!r}")
    return replace(document, sections=sections)


def _page() -> bytes:
    """Return a PDF of one empty page, always the same bytes."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out, static_id=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
