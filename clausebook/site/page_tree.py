"""The tree of the site's pages, made from its content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from clausebook.document.statuses import STATUSES
from clausebook.findings.model import Finding
from clausebook.site.agreement_page import agreement_page
from clausebook.site.clause_pages import clause_pages, clauses_page
from clausebook.site.duty_pages import duties_page, registers_page
from clausebook.site.history_pages import history_pages
from clausebook.site.library_map import LibraryMap, deviations, library_map
from clausebook.site.markup import AGREEMENTS, CLAUSES, DUTIES, HOME, REGISTERS, filled, humane
from clausebook.site.page import Heading, SearchRecord, SitePage, agreement_path
from clausebook.site.site_content import AgreementPage, BrokenAgreement, SiteContent
from clausebook.site.standing_part import Others
from clausebook.site.steps import STAGES, stage_cell, stage_chip

CARDS = 12
"""How many agreements the home page shows; the table has them all."""


def page_tree(content: SiteContent) -> tuple[SitePage, ...]:
    """Return every page of the site. Agreements that could not be assembled have a page that says why."""
    library = library_map(content)
    return (
        _home(content),
        _agreements(content),
        clauses_page(content, library),
        duties_page(content),
        registers_page(content),
        *_agreement_pages(content, library),
        *(_broken(broken) for broken in content.broken),
        *clause_pages(content, library),
    )


def error_tree(findings: Sequence[Finding]) -> tuple[SitePage, ...]:
    """Return a site that says only why there is no other."""
    body = filled("broken", path="", broken=None, findings=findings)
    places = ((HOME, "Home"), (AGREEMENTS, "Agreements"), (CLAUSES, "Clauses"))
    return tuple(SitePage(path, title, body, listed=True) for path, title in places)


def _agreement_pages(content: SiteContent, library: LibraryMap) -> Iterator[SitePage]:
    others: Others = {
        **{broken.id: broken for broken in content.broken},
        **{agreement.document.id: agreement for agreement in content.agreements},
    }
    facts = {each.duties.id: each for each in content.facts}
    for agreement in content.agreements:
        past = content.histories.get(agreement.document.id)
        told = facts.get(agreement.document.id)
        yield agreement_page(agreement, library, past, others, told, content.editions)
        if past:
            yield from history_pages(agreement.document, past, agreement.standing)


def _home(content: SiteContent) -> SitePage:
    documents = [agreement.document for agreement in content.agreements]
    counted = Counter(document.status for document in documents)
    statuses = sorted(counted, key=lambda status: (STATUSES.index(status) if status in STATUSES else 99, status))
    clauses = sum(len(agreement_type.clauses) for agreement_type in content.types)
    body = filled(
        "home",
        path=HOME,
        counts=[
            ("Agreements", len(documents)),
            *((humane(status), counted[status]) for status in statuses),
            ("Library clauses", clauses),
        ],
        wrong=[finding for finding in content.all_findings() if finding.severity == "error"],
        agreements=_by_id(content),
        most=CARDS,
        deviations=deviations,
        stage_chip=stage_chip,
        STAGES=STAGES,
        AGREEMENTS=AGREEMENTS,
        CLAUSES=CLAUSES,
        DUTIES=DUTIES,
        REGISTERS=REGISTERS,
    )
    search = (SearchRecord("", "Home"), SearchRecord("reading", "How to read this site"))
    return SitePage(HOME, "Home", body, "", (Heading("Home", "page_title", 1),), search, listed=True)


def _by_id(content: SiteContent) -> list[AgreementPage]:
    """Return the agreements by their ids, so that amendments come after what they amend."""
    return sorted(content.agreements, key=lambda agreement: agreement.document.id)


def _agreements(content: SiteContent) -> SitePage:
    body = filled(
        "agreements",
        path=AGREEMENTS,
        agreements=_by_id(content),
        broken=content.broken,
        deviations=deviations,
        stage_cell=stage_cell,
    )
    top, search = Heading("Agreements", "page_title", 1), SearchRecord("", "Agreements")
    return SitePage(AGREEMENTS, "Agreements", body, "All agreements.", (top,), (search,), listed=True)


def _broken(broken: BrokenAgreement) -> SitePage:
    path = agreement_path(broken.id)
    body = filled("broken", path=path, broken=broken, findings=broken.findings)
    return SitePage(path, broken.id, body, search=(SearchRecord("", broken.id),))
