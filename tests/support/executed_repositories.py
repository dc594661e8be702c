"""Repositories with executed agreements: records as `execute` writes them, without the signing."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

from clausebook.document.fingerprints import fingerprint
from clausebook.document.interchange import to_json
from clausebook.document.model import Document
from clausebook.document.outgoing import outgoing
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.amendment import amend
from clausebook.lifecycle.execution import EXECUTED_STATUS
from clausebook.lifecycle.turns import clause_versions
from clausebook.load.editing import with_scalar
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.records.model import DATA, DOCUMENT, MARKDOWN, RECORD, RECORD_FORMAT, SIGNED, ExecutedVersion, FileHash
from clausebook.records.notation import write
from clausebook.records.record_files import canonical
from clausebook.render.files import render_files
from clausebook.render.markdown import render_markdown
from tests.support.repositories import PARTNERSHIP, nda_repository, partnership_repository

EXECUTED = "predictive-analytics"
AMENDMENT = f"{EXECUTED}-amendment-1"


def record(root: Path, agreement: str, date: str, sandbox: Sandbox) -> Document:
    """Freeze an agreement as it is now, and set its status; return the executed text."""
    project = Project(root, sandbox)
    (file,) = project.files([agreement])
    found = project.assemble(file)
    assert found.document, [finding.message for finding in found.findings]
    document = replace(found.document, status=EXECUTED_STATUS, draft=False)
    freeze(root, found, document, date, render_files(document, root, ("pdf",))[f"{agreement}.pdf"], "A record.")
    return document


def freeze(root: Path, found: Agreement, document: Document, date: str, signed: bytes, head: str) -> None:
    """Write the record of an agreement's executed text and signed file, and set its status; `head` is its comment."""
    data = canonical(found.data)
    held = {
        MARKDOWN: render_markdown(outgoing(document)).encode(),
        DOCUMENT: f"{to_json(document)}\n".encode(),
        DATA: data + b"\n",
        SIGNED: signed,
    }
    version = ExecutedVersion(
        agreement=document.id,
        type=document.type,
        version=document.version,
        date=date,
        verdict="verified",
        reasons=(),
        text=fingerprint(document),
        data=hashlib.sha256(data).hexdigest(),
        signatories=(),
        attestations=(),
        clauses=clause_versions(document),
        wordings=(),
        files=tuple(FileHash(name, hashlib.sha256(held[name]).hexdigest()) for name in sorted(held)),
    )
    folder = root / version.folder
    folder.mkdir(parents=True)
    for name, content in held.items():
        (folder / name).write_bytes(content)
    (folder / RECORD).write_bytes(write(version, RECORD_FORMAT, head))
    path = root / found.file.path
    path.write_bytes(with_scalar(path.read_bytes(), "status", EXECUTED_STATUS, found.file.path))


def edit(root: Path, agreement: str, *changes: tuple[str, str]) -> None:
    """Change an agreement's YAML; each text must be there once."""
    path = root / "agreements" / f"{agreement}.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def amended_repository(folder: Path, sandbox: Sandbox) -> Path:
    """Make the repository of the tests' own deals with one of them executed and then amended by a draft."""
    root = partnership_repository(folder)
    record(root, EXECUTED, "2026-11-02", sandbox)
    edit(root, EXECUTED, ('version: "1.0"\nstatus: executed', 'version: "1.1"\nstatus: approved'))
    clause = root / "templates" / "partnership" / "clauses" / "steering-committee.md"
    text = clause.read_text(encoding="utf-8")
    clause.write_text(f"{text}\nThe committee keeps minutes of its own.\n", encoding="utf-8")
    amend(Project(root, sandbox), EXECUTED)
    return root


def with_amendments(root: Path) -> None:
    """Add to the repository of the short agreement the type that amends, and the status that execution gives."""
    schema = root / "schemas" / "nda" / "agreement.schema.json"
    text = schema.read_text(encoding="utf-8")
    assert '"approved"]' in text
    schema.write_text(text.replace('"approved"]', '"approved", "executed"]'), encoding="utf-8")
    shutil.copytree(PARTNERSHIP / "templates" / "amendment", root / "templates" / "amendment")
    shutil.copytree(PARTNERSHIP / "schemas" / "amendment", root / "schemas" / "amendment")


def executed_repository(folder: Path, sandbox: Sandbox) -> Path:
    """Make a repository that can amend, with the short agreement executed on March 2, 2026."""
    root = nda_repository(folder)
    with_amendments(root)
    record(root, "sparrow-finch", "2026-03-02", sandbox)
    return root
