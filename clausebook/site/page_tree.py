"""The tree of the site's pages, made from its content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from clausebook.document.statuses import STATUSES
from clausebook.facts.duties.due_list import DueWanted, due_items
from clausebook.facts.duties.feed import feed
from clausebook.facts.spark.equity import equity_of
from clausebook.findings.model import Finding
from clausebook.repository.portable_names import plain_name
from clausebook.site.agreement_lists import agreements_page, comparison_page
from clausebook.site.agreement_page import agreement_page
from clausebook.site.clause_pages import clause_pages, clauses_page
from clausebook.site.duty_pages import duties_page, registers_page
from clausebook.site.entries import broken_entry, site_entry
from clausebook.site.executives_page import executives_page
from clausebook.site.history_pages import history_pages
from clausebook.site.library_map import library_map
from clausebook.site.markup import AGREEMENTS, CLAUSES, HOME, filled, finding_summary, humane
from clausebook.site.metrics_pages import metrics_page
from clausebook.site.organisation_pages import organisation_pages
from clausebook.site.page import Heading, SearchRecord, SitePage, address, agreement_path
from clausebook.site.playbook_page import playbook_page
from clausebook.site.portfolio import MOST_SHOWN, decisions, due_next, worth
from clausebook.site.portfolio_charts import portfolio_figures
from clausebook.site.reference_pages import reference_pages
from clausebook.site.site_content import BrokenAgreement, SiteContent
from clausebook.site.site_entry import SiteEntry, SiteLists
from clausebook.site.slugs import MOST
from clausebook.site.spark.method_content import method_steps, opportunity_entries, spark_path
from clausebook.site.spark.partnership_page import partnership_pages
from clausebook.site.spark.pipeline_pages import board, pipeline_pages
from clausebook.site.timeline_page import timeline_page


def page_tree(content: SiteContent) -> tuple[SitePage, ...]:
    """Return every page of a site that is at hand as a whole."""
    return (*shared_pages(lists_of(content)), *agreement_pages(content))


def shared_pages(lists: SiteLists) -> Iterator[SitePage]:
    """Yield the pages that are of no single agreement."""
    yield from main_pages(lists)
    yield from hub_pages(lists)
    yield duties_page(lists)
    yield registers_page(lists)
    yield from pipeline_pages(lists)
    yield metrics_page(lists)
    yield executives_page(lists)
    yield from reference_pages(lists.schemas)
    if lists.internal:
        yield from library_pages(lists)


def main_pages(lists: SiteLists) -> Iterator[SitePage]:
    """Yield the home page, and the list of all agreements."""
    yield _home(lists)
    yield agreements_page(lists)


def hub_pages(lists: SiteLists) -> Iterator[SitePage]:
    """Yield the pages that lay agreements side by side, and those of organisations."""
    yield comparison_page(lists)
    yield timeline_page(lists)
    yield from organisation_pages(lists)


def library_pages(lists: SiteLists) -> Iterator[SitePage]:
    """Yield the pages of the clause library, and the playbook."""
    library = library_map(lists.types, lists.entries)
    yield clauses_page(lists.types, library)
    yield from clause_pages(lists.types, library, lists.words, lists.versions)
    yield playbook_page(lists.types, library, lists.words)


def lists_of(content: SiteContent) -> SiteLists:
    """Return what lists show of content."""
    owed = due_items(content.papers, DueWanted())
    entries = entries_of(content)
    calendars = [feed(each.owed, content.editions) for each in entries if each.owed]
    clauses = sum(len(each.clauses) for each in content.types)
    wrong = tuple(finding for finding in content.all_findings() if finding.severity == "error")
    papers = [feed(owed, content.editions)] if owed else []
    return SiteLists(
        tuple(entries),
        content.types,
        clauses,
        wrong,
        tuple(owed),
        (*calendars, *papers),
        steps=method_steps(content.method.method),
        opportunities=opportunity_entries(content.method),
        method=content.method,
        internal=content.internal,
        schemas=content.schemas,
    )


def entries_of(content: SiteContent) -> list[SiteEntry]:
    """Return what lists show of each agreement, by ids, so that amendments come after what they amend."""
    found = [site_entry(each, finding_summary(each.findings), content.method) for each in content.agreements]
    found += [broken_entry(each, finding_summary(each.findings)) for each in content.broken]
    return sorted(found, key=lambda entry: entry.id)


def error_tree(findings: Sequence[Finding]) -> tuple[SitePage, ...]:
    """Return a site that says only why there is no other."""
    body = filled("broken", path="", broken=None, findings=findings)
    places = ((HOME, "Home"), (AGREEMENTS, "Agreements"), (CLAUSES, "Clauses"))
    return tuple(SitePage(path, title, body, listed=True) for path, title in places)


def agreement_pages(content: SiteContent) -> Iterator[SitePage]:
    """Yield the pages of each agreement: its own, and those of its past."""
    others, library = content.with_pages(), library_map(content.types)
    for agreement in content.agreements:
        name = agreement.document.id
        past = content.histories.get(name)
        yield agreement_page(agreement, library, past, others, content.editions, internal=content.internal)
        if agreement.partnership:
            trail = [(HOME, "Home"), (AGREEMENTS, "Agreements"), (agreement_path(name), agreement.document.title)]
            facts, least = agreement.facts, content.method.method.least_share
            yield from partnership_pages(
                content.method,
                agreement.partnership,
                spark_path(name),
                trail,
                equity=equity_of(facts, least) if facts else None,
                watched=agreement.metrics,
                internal=content.internal,
            )
        if past:
            yield from history_pages(agreement.document, past, agreement.standing, internal=content.internal)
    yield from map(_broken, content.broken)


def _home(lists: SiteLists) -> SitePage:
    there = [entry for entry in lists.entries if not entry.broken]
    counted = Counter(entry.status for entry in there)
    statuses = sorted(counted, key=lambda status: (STATUSES.index(status) if status in STATUSES else 99, status))
    body = filled(
        "home",
        path=HOME,
        counts=[
            ("Agreements", f"{len(there):,}", address(HOME, AGREEMENTS)),
            *((humane(status), f"{counted[status]:,}", _with_status(status)) for status in statuses),
            *((name, ", ".join(sums), "") for name, sums in worth(there).items() if sums),
            *([("Library clauses", f"{lists.clauses:,}", address(HOME, CLAUSES))] if lists.internal else []),
        ],
        wrong=lists.wrong,
        internal=lists.internal,
        agreements=there,
        figures=portfolio_figures(there),
        due=due_next(there),
        waiting=list(decisions(there, internal=lists.internal)),
        most=MOST_SHOWN,
        board=board(lists) if lists.opportunities or any(each.partnership for each in there) else [],
    )
    search = (SearchRecord("", "Home"), SearchRecord("reading", "How to read this site"))
    return SitePage(HOME, "Home", body, "", (Heading("Home", "page_title", 1),), search, listed=True)


def _with_status(status: str) -> str:
    """Return the link to the agreements of a status."""
    return f"{address(HOME, AGREEMENTS)}?status={plain_name(status, MOST)}"


def _broken(broken: BrokenAgreement) -> SitePage:
    path = agreement_path(broken.id)
    body = filled("broken", path=path, broken=broken, findings=broken.findings)
    return SitePage(path, broken.id, body, search=(SearchRecord("", broken.id),))
