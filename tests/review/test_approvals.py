"""Who must approve the clauses of an agreement, and who has: by what the base asked for, and for these words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from clausebook.assemble.inputs import Deal, Inputs
from clausebook.document.model import Clause, ClauseSource, Document, Section
from clausebook.library.model import LibraryClause
from clausebook.load.yaml import load_yaml
from clausebook.project.agreement import Agreement
from clausebook.repository.agreement_files import AgreementFile
from clausebook.review.approvals import approval_findings, approvals_of
from clausebook.review.model import Approval, Deviation, is_draft
from tests.support.sample_documents import sample

PATH = "agreements/sparrow-finch.yaml"
CASES: Any = load_yaml(
    (Path(__file__).parents[1] / "cases" / "review" / "approvals.yaml").read_bytes(), "approvals.yaml", root="any"
).value
LIBRARY_CLAUSE = LibraryClause("", "", "", "1.0", "approved", "fallback 1", "", 1, "")


def source(slot: str, said: Any) -> ClauseSource:
    return ClauseSource(**{"clause": f"{slot}-short", "version": "1.0", "position": "fallback 1", "path": "", **said})


def document(slots: Any, status: str) -> Document:
    clauses = tuple(
        Clause(slot, "", slot.capitalize(), (), source(slot, said) if said is not None else None)
        for slot, said in slots.items()
    )
    made = sample()
    section = Section("all", "", "All", clauses)
    return replace(made, opening=None, closing=None, schedules=(), sections=(section,), status=status)


def agreement(slots: Any, approvals: Any, status: str) -> Agreement:
    data = {"approvals": approvals}
    kind: Any = None
    deal = Deal("sparrow-finch", PATH, data, {}, lambda pointer: (7 if pointer == "/clauses/keeping" else 9, 3))
    return Agreement(
        AgreementFile("sparrow-finch", PATH), data, document(slots, status), (), Inputs(deal, kind, {}, "")
    )


def shown(approval: Approval) -> str:
    by = f" by {approval.by} on {approval.date}" if approval.by else ""
    return f"{approval.slot}: {approval.role}: {approval.state}{by}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case(case: Any) -> None:
    status = case.get("status", "draft")
    old = agreement(case["old"], case.get("before"), status) if "old" in case else None
    new = agreement(case["new"], case.get("approvals"), status)
    changed = [Deviation(slot, slot, happened, None, None) for slot, happened in case.get("changed", {}).items()]
    clauses = {
        name: replace(LIBRARY_CLAUSE, **{"id": name, "slot": name, **said})
        for name, said in case.get("library", {}).items()
    }
    library: Any = SimpleNamespace(clauses=clauses) if clauses else None
    found = approvals_of(old, new, changed, library, moved=case.get("moved", False))
    assert [shown(each) for each in found] == case["asked"]
    findings = list(approval_findings(found, PATH, draft=is_draft(status)))
    assert len(findings) == sum(each.state != "given" for each in found)
    if "findings" in case:
        assert [f"{each.rule} {each.line} {each.message}" for each in findings] == case["findings"]


def test_of_an_agreement_that_is_gone_or_not_valid_nobody_is_asked() -> None:
    valid = agreement({"keeping": {"approver": "General Counsel"}}, None, "approved")
    for new in (None, replace(valid, document=None), replace(valid, inputs=None)):
        assert approvals_of(valid, new, [], moved=True) == ()
    unread = replace(valid, document=None)
    (asked,) = approvals_of(unread, valid, [], moved=True)
    assert shown(asked) == "keeping: General Counsel: missing"
