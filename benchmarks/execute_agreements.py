"""Execute and amend agreements of a repository that is made for measuring, as the commands do it.

What comes back is signed on paper: a scan, and who attests each signature. A signature by certificate tells
the time at which it was made, so no two makings of it would give the same files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.approving import approve
from benchmarks.paper import signed_paper
from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle import amendment
from clausebook.lifecycle import execution as executing
from clausebook.lifecycle.wet_ink import Returned
from clausebook.load.editing import with_scalar
from clausebook.project.project import Project
from clausebook.verify.model import Verification
from clausebook.verify.trust import TrustStore
from clausebook.verify.verifying import verify

APPROVED = "approved"
"""The status of what is ready to be signed."""

EXECUTED_ON = "2026-11-20"
AMENDED_ON = "2026-12-04"
EFFECTIVE_ON = "2027-01-01"
ATTESTATION = "Ada Example saw the paper signed"

_VERSION = re.compile(r"^version: .*$", re.MULTILINE)
_LASTING = re.compile(
    r"(?P<before>^( *)confidentiality:\n\2  survival: P|^duration:\n  end_date: '?)(?P<years>\d+)(?=[Y-])",
    re.MULTILINE,
)


def can_be_amended(data: Mapping[str, Any]) -> bool:
    """Tell whether an agreement says what amendments change here: how long it, or its confidentiality, lasts."""
    survival = data.get("confidentiality_and_compliance", {}).get("confidentiality", {}).get("survival", "")
    return re.fullmatch(r"P\d+Y", survival) is not None or "end_date" in data.get("duration", {})


Commit = Callable[[str], object]
"""Commits what lies in the repository, with a message."""


def execute(root: Path, agreement: str, sandbox: Sandbox, commit: Commit, date: str = EXECUTED_ON) -> None:
    """Approve and execute an agreement: build its PDF, have it attested, verify it and freeze the text.

    What is to be signed is committed before, and the record after that.
    Raises RepositoryError if it is not proven, FindingsError if the agreement has errors.
    """
    project = Project(root, sandbox)
    found = project.assemble(project.files([agreement])[0])
    if found.document is None:
        raise FindingsError(found.findings)
    approve(project, found, date)
    commit(f"Approve {agreement}")
    pdf = project.render(found, ("pdf",))[f"{agreement}.pdf"]
    blocks = [block.id for block in found.document.signatures]
    # Of the last page alone: drawing all of them would time a drawing program.
    scan = signed_paper(pdf, pages=[-1])
    returned = Returned(
        [], (), dict.fromkeys(blocks, ATTESTATION), ["scan-1:pages"], [scan], dict.fromkeys(blocks, date)
    )

    def verified(pdfs: Sequence[bytes], attestations: Mapping[str, str]) -> Verification:
        return verify(root, pdfs, TrustStore(), attestations, sandbox, agreement)

    execution = executing.execute(project, agreement, returned, verified, date, date)
    if execution.record is None:
        raise RepositoryError(f"`{agreement}` is not executed: {execution.refusal}", "verify the file that was built")
    commit(f"Execute {agreement}")


def amend(root: Path, agreement: str, sandbox: Sandbox, commit: Commit, *, executed: bool) -> None:
    """Change what an executed agreement says, draft the amendment, and execute that if it is wanted."""
    path = root / "agreements" / f"{agreement}.yaml"
    path.write_bytes(with_scalar(_longer(path.read_text(encoding="utf-8")).encode(), "status", "draft", path.name))
    drafted = amendment.amend(Project(root, sandbox), agreement, EFFECTIVE_ON)
    if executed:
        own = path.with_name(f"{drafted.id}.yaml")
        approved = with_scalar(own.read_bytes(), "status", APPROVED, own.name)
        own.write_bytes(_with_version(approved.decode(), "1.0").encode())
        execute(root, drafted.id, sandbox, commit, AMENDED_ON)


def _longer(text: str) -> str:
    """Return the agreement's file as a new draft, in which it, or what is confidential in it, lasts two years more."""
    changed = _LASTING.sub(lambda match: f"{match['before']}{int(match['years']) + 2}", text)
    return _with_version(changed, "1.1")


def _with_version(text: str, version: str) -> str:
    return _VERSION.sub(f'version: "{version}"', text, count=1)
