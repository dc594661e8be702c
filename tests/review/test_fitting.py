"""A comment holds every open approval and every error by name, however large the change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from clausebook.approvals.model import ApprovalStanding, Need
from clausebook.findings.model import Finding
from clausebook.review.html import as_html
from clausebook.review.mail import as_mail
from clausebook.review.markdown import COMMENT, SUMMARY, as_markdown
from clausebook.review.model import AgreementReview, Review
from tests.support.git_repositories import Repository
from tests.support.reviewed_repositories import DEAL

pytestmark = pytest.mark.slow("reviews of branches of a real repository")

OFFICES = ("General Counsel", "Chief Privacy Officer", "Chief Financial Officer")


def plain(text: str) -> str:
    return text.replace("<!---->", "").replace("\\", "")


@pytest.fixture
def large(repository: Repository, reviewed: Callable[..., Review]) -> Callable[[int, int], Review]:
    """Review so many agreements, each of which waits for so many approvals, and has an error of its own."""
    repository.replace("Years", DEAL, "P3Y", "P2Y")
    found = reviewed(head="topic")
    (model,) = found.agreements

    def of(count: int, approvals: int) -> Review:
        agreements, findings = [], []
        for number in range(count):
            name = f"partnership-for-hearing-{number:05}"
            facts = replace(model.facts, id=name, path=f"agreements/{name}.yaml")
            waiting = tuple(_waiting(name, each) for each in range(approvals))
            agreements.append(AgreementReview("changed", facts, facts, model.comparison, approvals=waiting))
            findings.append(Finding("core/internal", f"{name} has a fault of its own", facts.path, number + 1, 1))
        told = replace(found.told[0], agreements=tuple(each.id for each in agreements))
        return replace(found, agreements=tuple(agreements), findings=tuple(findings), told=(told,))

    return of


def _waiting(name: str, number: int) -> ApprovalStanding:
    office = OFFICES[number % len(OFFICES)]
    need = Need("clause", "keeping", office, f"{number}.1 Clause departs from the standard", "f" * 64, "", "signed")
    return ApprovalStanding(name, need, "lapsed", by="Ada Example", date="2026-03-02")


@pytest.mark.parametrize(("count", "approvals"), [(1, 3), (40, 6), (250, 10), (500, 12)])
def test_every_open_approval_and_error_is_named(
    large: Callable[[int, int], Review], count: int, approvals: int
) -> None:
    found = large(count, approvals)
    comment = as_markdown(found)
    assert len(comment) <= COMMENT.limit
    text = plain(comment)
    waiting = text.partition("### Who must approve")[2].partition("### What changes")[0]
    for number in range(approvals):
        assert f"{number}.1 Clause departs" in waiting
    for agreement in found.agreements:
        assert f"`{agreement.id}`" in waiting
        assert f"{agreement.facts.path}" in text
    summary = as_markdown(found, SUMMARY)
    assert len(summary.encode()) <= SUMMARY.limit
    page = as_html(found)
    assert all(f"{each.facts.path}, line" in page for each in found.agreements)
    assert "4.1 Clause departs" not in as_mail(found) or approvals > 4
