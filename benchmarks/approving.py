"""Approve what agreements that are made for measuring need approved: one person holds every office."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from clausebook.approvals.approvers import APPROVERS
from clausebook.approvals.desk import Desk
from clausebook.approvals.giving import approval
from clausebook.approvals.offices import offices
from clausebook.library.model import AgreementType
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.repository.writing import publish_together

PERSON = "Ada Example"


def appoint(root: Path, kinds: Iterable[AgreementType]) -> None:
    """Let one person hold every office that types ask for, and let a written approval do: nobody signs here."""
    asked: dict[str, None] = {}
    for kind in kinds:
        rules = kind.approvals
        clauses = (office for clause in kind.clauses.values() for office in offices(clause.approver))
        limits = (office for limit in rules.limits for office in limit.offices)
        asked |= dict.fromkeys((*clauses, *limits, *rules.negotiated, *rules.whole))
    lines = [f"  - name: {PERSON}", "    offices:", *(f"      - {office}" for office in sorted(asked))]
    (root / APPROVERS).write_text("\n".join(("approvers:", *lines)) + "\n", encoding="utf-8")
    for path in root.glob("templates/*/approvals.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^proof: .*$", "proof: stated", text), encoding="utf-8")


def approve(project: Project, agreement: Agreement, date: str) -> None:
    """Approve all that an agreement needs approved, and of an amendment also what the text needs that it makes.

    The base must have appointed somebody.
    """
    with Desk(project) as desk:
        publish_together(_approvals(desk, agreement, date), project.root)


def approve_all(project: Project, names: Sequence[str], date: str) -> None:
    """Approve all that agreements need approved, one after the other; see `approve`."""
    with Desk(project) as desk:
        for agreement in project.assemble_all(names):
            publish_together(_approvals(desk, agreement, date), project.root)
            project.forget(agreement.file)


def _approvals(desk: Desk, agreement: Agreement, date: str) -> dict[str, bytes]:
    asked = {each.file.id: desk.needs(each) for each in (agreement, desk.amended(agreement)) if each}
    files: dict[str, bytes] = {}
    for name, needs in asked.items():
        for role in dict.fromkeys(need.role for need in needs):
            wanted = [need for need in needs if need.role == role]
            files |= approval(name, wanted, PERSON, date)[1]
    return files
