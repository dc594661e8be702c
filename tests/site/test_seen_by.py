"""What each audience sees: outside the legal team, that an office is to approve, and nothing of what or why."""

from __future__ import annotations

from dataclasses import replace

from clausebook.approvals.model import ApprovalStanding, Need
from clausebook.site.audience_content import seen_by
from clausebook.site.executives_page import executives_page
from clausebook.site.page_tree import lists_of
from clausebook.site.site_content import SiteContent
from tests.support.site_content import content


def approved(content: SiteContent) -> SiteContent:
    """Return the content with approvals of each kind to give by one office."""
    (page, *more) = content.agreements
    kinds = ("clause", "term", "limit", "waiver", "text")
    needs = [Need(each, "id", "General Counsel", "said", "0", "/clauses", "signed") for each in kinds]  # type: ignore[arg-type]
    missing = tuple(ApprovalStanding(page.document.id, need, "missing") for need in needs)
    return replace(content, agreements=(replace(page, approvals=missing), *more))


def test_others_are_not_told_what_waits_for_approval() -> None:
    found = {name: lists_of(seen_by(approved(content(1)), name)) for name in ("internal-legal", "business")}
    legal, business = (executives_page(lists).body for lists in found.values())
    for said in ("words that depart from the standard", "a limit of ours", "a finding that is waived"):
        assert said in legal
        assert said not in business
    assert "5 approvals to give<" in business
    assert "General Counsel" in business
