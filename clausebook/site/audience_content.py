"""What each audience sees of a site's content.

It is built anew from what is named here: whatever is added to an agreement's page later stays with the house's lawyers
until somebody decides otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clausebook.approvals.model import ApprovalStanding, Need
from clausebook.document.outgoing import outgoing
from clausebook.facts.agreement_facts import AgreementFacts
from clausebook.history.revisions import Revision
from clausebook.lifecycle.standing import AmendmentStep, Standing
from clausebook.site.audience import LEGAL
from clausebook.site.gathering import due_under
from clausebook.site.site_content import AgreementHistory, AgreementPage, BrokenAgreement, SiteContent

_OF_PARTIES = ("key", "role", "industry", "jurisdiction")


def seen_by(content: SiteContent, audience: str) -> SiteContent:
    """Return what an audience may see of the content, its histories among it."""
    if audience == LEGAL:
        return content
    return SiteContent(
        tuple(map(_page, content.agreements)),
        types=(),
        broken=tuple(BrokenAgreement(each.id, "", ()) for each in content.broken),
        histories={name: _history(each) for name, each in content.histories.items()},
        papers=content.papers,
        editions=content.editions,
        neighbours=content.neighbours,
        method=content.method,
        schemas=content.schemas,
        audience=audience,
    )


def _page(page: AgreementPage) -> AgreementPage:
    """Return the page without where its clauses are from, why, and what is to be mended."""
    facts = _facts(page.facts) if page.facts else None
    return AgreementPage(
        document=replace(outgoing(page.document), status=page.document.status),
        text=page.text,
        data=_data(page.data),
        downloads=page.downloads,
        updated=page.updated,
        standing=_standing(page.standing) if page.standing else None,
        approvals=tuple(map(_approval, page.approvals)),
        instead=page.instead,
        ends=page.ends,
        partnership=page.partnership,
        roles=page.roles,
        facts=facts,
        due=due_under(facts),
        metrics=page.metrics,
    )


def _approval(approval: ApprovalStanding) -> ApprovalStanding:
    """Return whether an office has approved, and nothing of what or why."""
    need = approval.need
    return ApprovalStanding(approval.agreement, Need(need.kind, "", need.role, "", "", "", need.proof), approval.state)


def _data(data: Mapping[str, Any]) -> Mapping[str, Any]:
    parties = (each for each in data.get("parties", ()) if isinstance(each, Mapping))
    return {"parties": [{name: each[name] for name in _OF_PARTIES if name in each} for each in parties]}


def _standing(standing: Standing) -> Standing:
    """Return where the agreement stands without what the house noted of the negotiation."""
    return replace(
        standing,
        turns=tuple(replace(each, note="") for each in standing.turns),
        amendments=tuple(map(_step, standing.amendments)),
        amends=_step(standing.amends) if standing.amends else None,
        voided=tuple((record, replace(void, reason="", by="")) for record, void in standing.voided),
        findings=(),
    )


def _step(step: AmendmentStep) -> AmendmentStep:
    return replace(step, findings=())


def _history(past: AgreementHistory) -> AgreementHistory:
    """Return the past without what the house wrote to each commit; the redlines are made without their causes."""
    revisions = tuple(map(_revision, past.revisions))
    return replace(past, revisions=revisions, notes=())


def _revision(revision: Revision) -> Revision:
    problem = "its text is not at hand" if revision.problem else ""
    return replace(revision, subject="", tags=(), problem=problem, hint="")


def _facts(facts: AgreementFacts) -> AgreementFacts:
    """Return facts that name no clause of the library, no approval, no legal hold and no conflict of interest."""
    owed = facts.duties
    duties = tuple(replace(each, clause="") for each in owed.reckoned.duties)
    reckoned = replace(owed.reckoned, duties=duties, undeclared=())
    journal = replace(owed.journal, holds=(), conflicts=())
    return replace(facts, approvals=(), duties=replace(owed, reckoned=reckoned, journal=journal))
