"""Who must approve the clauses of an agreement, and who has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clausebook.document.model import Clause, ClauseSource
from clausebook.document.words import called
from clausebook.findings.model import Finding
from clausebook.library.model import AgreementType
from clausebook.project.agreement import Agreement
from clausebook.review.model import Approval, ApprovalState, Deviation, is_draft

_AND = re.compile(r"\s*(?:,|;|\band\b)\s*")


def approvals_of(
    old: Agreement | None,
    new: Agreement | None,
    deviations: Sequence[Deviation],
    library: AgreementType | None = None,
    *,
    moved: bool,
) -> tuple[Approval, ...]:
    """Return an approval for each office that must approve a departure which is new or has other words.

    What the base asks for is asked for still: `library` is its own, and a change that calls a departure the standard,
    or takes its approver away, changes nothing about who must approve it. If the agreement is approved already and
    `moved`, in its text or its status, those of all other departures that nobody has approved, too.
    """
    if new is None or new.document is None or new.inputs is None:
        return ()
    fresh = {deviation.slot for deviation in deviations if deviation.happened != "removed"}
    draft = is_draft(new.document.status)
    entries, before = _entries(new.data), _entries(old.data) if old else []
    found: list[Approval] = []
    known = {clause.id: clause.source for clause in old.document.clauses()} if old and old.document else {}
    for clause in new.document.clauses():
        source, slot = clause.source, clause.id
        if source is None:
            continue
        asked = [each for each in (source, *_at_base(source, known.get(slot), library)) if each.deviates]
        if asked and not source.deviates:
            fresh.add(slot)
        line, _ = new.inputs.deal.locate(f"/clauses/{slot}")
        given = [entry for entry in entries if entry.get("slot") == slot]
        wanted: list[str] = []
        for role in (role for each in asked for role in offices(each.approver, given)):
            wanted += [] if any(same_office(role, each) for each in wanted) else [role]
        for role in wanted:
            approval = _approval(clause, source, role, line, entries, before, draft=draft)
            if slot in fresh or (moved and approval.state == "missing"):
                found.append(approval)
    return tuple(found)


def _at_base(source: ClauseSource, old: ClauseSource | None, library: AgreementType | None) -> Iterator[ClauseSource]:
    """Yield what the base says of the clause: where the agreement had it, and in the library."""
    if old and old.clause == source.clause:
        yield old
    if library and (there := library.clauses.get(source.clause)):
        yield ClauseSource(there.id, there.version, there.position, there.path, there.approver)


def approval_findings(approvals: Sequence[Approval], path: str, *, draft: bool) -> Iterator[Finding]:
    """Yield a finding for each approval that is not given: a warning once the agreement is no draft any more."""
    said = {
        "needed": "must be approved by the {role}",
        "missing": "is not approved by the {role}, though the agreement no longer is a draft",
        "outdated": "was approved by the {role} before this change of its words ({by}, {date})",
    }
    for approval in approvals:
        if approval.state != "given":
            what = said[approval.state].format(role=approval.role, by=approval.by, date=approval.date)
            yield Finding(
                rule="core/approval-to-renew"
                if draft and approval.state == "outdated"
                else f"core/approval-{approval.state}",
                message=f"{approval.subject} {what}",
                path=path,
                line=approval.line,
                column=1,
                pointer=f"/clauses/{approval.slot}",
                hint=f"add an entry to `approvals` for the slot `{approval.slot}` once it is given",
            )


def _approval(
    clause: Clause,
    source: ClauseSource,
    role: str,
    line: int,
    entries: Sequence[Mapping[str, Any]],
    before: Sequence[Mapping[str, Any]],
    *,
    draft: bool,
) -> Approval:
    given = [entry for entry in entries if entry.get("slot") == clause.id and same_office(entry.get("role"), role)]
    fresh = [entry for entry in given if entry not in before]
    state: ApprovalState = "given" if fresh else "outdated" if given else "needed" if draft else "missing"
    entry = (fresh or given or [{}])[-1]
    return Approval(
        clause.id,
        called(clause),
        f"{source.clause}@{source.version}",
        source.position,
        role,
        state,
        line,
        str(entry.get("by", "")),
        str(entry.get("date", "")),
    )


def _entries(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    entries = data.get("approvals")
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def offices(approver: str, entries: Sequence[Mapping[str, Any]] = ()) -> list[str]:
    """Return the offices that must approve: "A and B" are two, unless somebody approved as "A and B"."""
    if not approver or any(same_office(entry.get("role"), approver) for entry in entries):
        return [approver] if approver else []
    return [role for role in _AND.split(approver) if role]


def same_office(role: object, other: str) -> bool:
    """Tell whether two names are those of one office."""
    return isinstance(role, str) and " ".join(role.split()).casefold() == " ".join(other.split()).casefold()
