"""Nothing internal leaves: a marker in every internal field, looked for in every outgoing file."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import pikepdf
import pytest

from clausebook.document.model import Clause, Document, Paragraph, Run
from clausebook.document.outgoing import outgoing
from clausebook.document.walk import map_document
from clausebook.document.words import words
from clausebook.project.project import Project
from clausebook.render.files import render_files
from clausebook.render.formats import RENDERERS
from tests.support.repositories import DEALS, partnership_repository
from tests.support.sample_documents import sample
from tests.support.tiers import sampled

MARK = "zzqINTERNALqzz"
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


def plant(root: Path) -> int:
    """Put the marker into every internal field of the repository; return how many places there were."""
    planted = 0
    for clause in [*root.glob("templates/*/clauses/*.md"), *root.glob("agreements/*/*.md")]:
        text = clause.read_text(encoding="utf-8")
        head = FRONT_MATTER.match(text)
        assert head is not None, clause
        lines = []
        for line in head[1].split("\n"):
            key = line.split(":")[0]
            if key in ("guidance", "approver", "reason", "obligations", "fits"):
                break
            lines.append(line)
        extra = [
            f"guidance: {MARK}",
            f"approver: {MARK}",
            f"obligations: [{{who: {MARK}, what: {MARK}, when: {MARK}}}]",
            f"x-note: {MARK}",
        ]
        if clause.is_relative_to(root / "agreements"):
            extra.append(f"reason: {MARK}.")
        else:
            extra.append(f"fits: [{{when: 'true', otherwise: {MARK}}}]")
        planted += len(extra)
        body = text[head.end() :]
        clause.write_text("\n".join(["---", *lines, *extra, "---", ""]) + "{# " + MARK + " #}" + body, encoding="utf-8")
    for agreement in root.glob("agreements/*.yaml"):
        text = agreement.read_text(encoding="utf-8")
        text, reasons = re.subn(r"(?m)^(\s+reason:) .*(?:\n {6,}.*)*$", rf"\1 {MARK}.", text)
        text, notes = re.subn(r"(?m)^(\s+counsel_(?:memo|signoff):) .*$", rf"\1 {MARK}", text)
        text = re.sub(r"(?ms)^(approvals|spark):\n(?:[ #-].*?\n|\n)*(?=^\S|\Z)", "", text)
        approval = f"{{slot: objective, by: {MARK}, role: {MARK}, date: 2026-01-01, note: {MARK}.}}"
        text += f"# {MARK}\nx-internal: {MARK}\napprovals:\n  - {approval}\n"
        agreement.write_text(text, encoding="utf-8")
        planted += reasons + notes + 4
    return planted


def contents(name: str, data: bytes) -> list[bytes]:
    """Return everything that is in a file, unpacked."""
    if name.endswith((".docx", ".odt", ".epub")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [part.encode() for part in archive.namelist()] + [archive.read(part) for part in archive.namelist()]
    if name.endswith(".pdf"):
        found = [data]
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for each in pdf.objects:
                found.append(str(each).encode())
                if isinstance(each, pikepdf.Stream):
                    found.append(each.read_bytes())
        return found
    return [data]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = partnership_repository(tmp_path_factory.mktemp("planted"))
    assert plant(root) > 300
    return root


@pytest.mark.slow("nothing of the house leaves it, in any format: planted in every place that a repository has")
@pytest.mark.parametrize("deal", sampled(DEALS, ["innovation-lab"], "the other deals, whose clauses and notes differ"))
def test_no_marker_of_any_internal_field_is_in_any_outgoing_file(planted: Path, deal: str) -> None:
    with Project(planted) as project:
        (agreement,) = project.assemble_all([deal])
    assert agreement.document is not None, agreement.findings
    assert MARK in repr(agreement.document)
    files = render_files(agreement.document, planted, ("md", "pdf", "docx", "html", "odt", "rtf", "txt"))
    for name, data in files.items():
        for part in contents(name, data):
            for word in (MARK, str(planted), "fallback", "negotiated", "clauses/", ".yaml", "in-review"):
                assert word.encode() not in part, f"{word} in {name}"
                assert word.encode("utf-16-be") not in part, f"{word} in {name}"


def test_the_outgoing_document_says_the_same_and_knows_nothing() -> None:
    whole = sample()
    leaving = outgoing(whole)
    assert words(leaving) == words(whole)
    assert "INTERNAL" in repr(whole)
    assert "INTERNAL" not in repr(leaving)
    assert "Origin(" not in repr(leaving)
    assert leaving.status == ""
    for clause in leaving.clauses():
        assert clause.source is None


def test_what_may_leave_is_an_allow_list() -> None:
    """A new field of the model stays at home until somebody adds it to the outgoing document, and here."""
    assert {field.name for field in fields(Run)} == {"text", "strong", "emphasis", "target", "origin"}
    assert {field.name for field in fields(Clause)} == {"id", "number", "title", "blocks", "source", "level"}
    assert {field.name for field in fields(Document)} == {
        "id", "type", "kind", "title", "version", "status", "draft", "language",
        "parties", "opening", "sections", "closing", "signatures", "schedules", "form", "order", "page",
        "unapproved", "restated", "front",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["md", "html", "docx", "pdf", "txt"])
def test_no_writer_looks_at_what_is_internal(name: str, repository_root: Path) -> None:
    """A writer gives the same bytes for other internal fields, so nothing internal can be in them."""
    whole = sample()
    other = map_document(whole, lambda run: replace(run, origin=None))
    other = replace(
        other,
        status="terminated",
        sections=tuple(
            replace(section, clauses=tuple(replace(clause, source=None) for clause in section.clauses))
            for section in other.sections
        ),
    )
    assert RENDERERS[name](whole, repository_root) == RENDERERS[name](other, repository_root)


def test_neighbours_that_look_alike_become_one_run() -> None:
    clause = Clause(
        "c", "1.1", "C", (Paragraph((Run("a"), Run("b"), Run("c", strong=True), Run("d", target="#x"), Run("e"))),)
    )
    leaving = outgoing(replace(sample(), opening=clause)).opening
    assert leaving is not None
    assert leaving.blocks == (Paragraph((Run("ab"), Run("c", strong=True), Run("d", target="#x"), Run("e"))),)


def test_mapping_the_runs_of_a_document_changes_nothing_else() -> None:
    whole = sample()
    assert map_document(whole, lambda run: run) == whole
    assert words(map_document(whole, lambda run: Run("x"))) != words(whole)
