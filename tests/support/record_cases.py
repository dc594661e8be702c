"""Repositories with records, and what a verification of a signed file may say; no file is really verified here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from clausebook.document.fingerprints import fingerprint
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.execution import Execution, execute
from clausebook.lifecycle.wet_ink import Returned
from clausebook.project.project import Project
from clausebook.records.journal import journal_path
from clausebook.verify.model import (
    Evidence,
    FileFact,
    Reason,
    Role,
    Signatory,
    Signature,
    TextFact,
    Verdict,
    Verification,
)
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

NAME = "sparrow-finch"
DEAL = f"agreements/{NAME}.yaml"
CLAUSES = "templates/nda/clauses"
SCHEMA = "schemas/nda/agreement.schema.json"
STATUSES = ["draft", "in-review", "approved", "executed", "active", "expired", "terminated", "superseded"]
KEEPING = f"{CLAUSES}/keeping.md"
RECORD = f"agreements/executed/{NAME}/1.0"
PDF = b"%PDF-1.7\nnot really signed\n%%EOF\n"
DAY = "2026-03-10"


JOURNAL = "owner: {name: Mara Sample, email: mara@heron.example}\n"
"""Somebody looks after the agreement: without, there is a note once it is executed."""


def committed_repository(folder: Path) -> Repository:
    """Make a committed repository with one approved agreement of the small type."""
    made = new_repository(nda_repository(folder))
    schema = json.loads((made.project / SCHEMA).read_text(encoding="utf-8"))
    schema["properties"]["status"]["enum"] = STATUSES
    made.commit("First draft", {SCHEMA: json.dumps(schema), journal_path(NAME): JOURNAL})
    return made


def edit(repository: Repository, path: str, old: str, new: str) -> None:
    """Replace some text, which must be there, in a file of the work tree."""
    place = repository.project / path
    content = place.read_text(encoding="utf-8")
    assert old in content, f"{path} does not hold {old!r}"
    place.write_text(content.replace(old, new), encoding="utf-8", newline="")


def raise_library(
    repository: Repository, clause: str = "keeping", old: str = "keep each", new: str = "shall keep each"
) -> None:
    """Reword a clause of the library, with a new version."""
    edit(repository, f"{CLAUSES}/{clause}.md", old, new)
    edit(repository, f"{CLAUSES}/{clause}.md", 'version: "1.0"', 'version: "1.1"')


ROLES = (Role("party", "sparrow", "the test"),)


@dataclass
class Stub:
    """Says of any file what it was told to say; `calls` are what it was asked."""

    words: str = ""
    verdict: Verdict = "verified"
    evidence: Sequence[Evidence] = ("certificate", "certificate")
    agreement: str = NAME
    version: str = "1.0"
    time: str = "2026-03-09T12:00:00Z"
    calls: int = 0
    fields: Sequence[str] = ("sparrow-1-signature", "finch-1-signature")
    reason: str = "as-the-test-wants"

    def _signature(self, name: str) -> Signature:
        return Signature(name, "signature", roles=ROLES, trusted=True)

    def __call__(self, pdfs: Sequence[bytes], attestations: Mapping[str, str]) -> Verification:
        self.calls += 1
        names = ("sparrow-1", "finch-1")
        return Verification(
            self.verdict,
            (Reason(self.reason, "as the test wants it"),),
            TextFact("same-words", self.agreement, self.version, self.words, "matches", "matches"),
            tuple(FileFact(tuple(self._signature(name) for name in self.fields)) for _ in pdfs),
            tuple(
                Signatory(name, "Sparrow Maps Ltd", "Wren Example", each, self.time, "signed")
                for name, each in zip(names, self.evidence, strict=False)
            ),
        )


def words_of(root: Path, sandbox: Sandbox, name: str = NAME) -> str:
    """Return the fingerprint of an agreement's words as it is in the work tree."""
    project = Project(root, sandbox)
    document = project.assemble(project.files([name])[0]).document
    assert document
    return fingerprint(document)


def executed_version(
    repository: Repository, sandbox: Sandbox, returned: Returned | None = None, date: str = DAY
) -> Execution:
    """Execute the agreement in the work tree as though its file was verified."""
    project = Project(repository.project, sandbox)
    verify: Callable[..., Verification] = Stub(words_of(repository.project, sandbox))
    return execute(project, NAME, returned or Returned([PDF]), verify, "2026-04-01", date)
