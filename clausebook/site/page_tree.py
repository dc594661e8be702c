"""The tree of the site's pages, made from its content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from clausebook.document.statuses import STATUSES
from clausebook.findings.model import Finding
from clausebook.site.agreement_page import agreement_page
from clausebook.site.clause_pages import clause_pages, clauses_page
from clausebook.site.history_pages import history_pages
from clausebook.site.library_map import LibraryMap, deviations, library_map
from clausebook.site.markup import (
    AGREEMENTS,
    CLAUSES,
    HOME,
    chip,
    crumbs,
    finding_list,
    finding_summary,
    humane,
    link,
    plural,
    status_chip,
    table,
)
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
        *_agreement_pages(content, library),
        *(_broken(broken) for broken in content.broken),
        *clause_pages(content, library),
    )


def error_tree(findings: Sequence[Finding]) -> tuple[SitePage, ...]:
    """Return a site that says only why there is no other."""
    said = f'<p class="cb-lead">Mend what follows; the site is then built again.</p>\n{finding_list(findings)}'
    return tuple(
        SitePage(path, title, f'<h1 id="page_title">The site cannot be built</h1>\n{said}', listed=True)
        for path, title in ((HOME, "Home"), (AGREEMENTS, "Agreements"), (CLAUSES, "Clauses"))
    )


def _agreement_pages(content: SiteContent, library: LibraryMap) -> Iterator[SitePage]:
    others: Others = {
        **{broken.id: broken for broken in content.broken},
        **{agreement.document.id: agreement for agreement in content.agreements},
    }
    for agreement in content.agreements:
        past = content.histories.get(agreement.document.id)
        yield agreement_page(agreement, library, past, others)
        if past:
            yield from history_pages(agreement.document, past, agreement.standing)


def _home(content: SiteContent) -> SitePage:
    documents = [agreement.document for agreement in content.agreements]
    counted = Counter(document.status for document in documents)
    statuses = sorted(counted, key=lambda status: (STATUSES.index(status) if status in STATUSES else 99, status))
    clauses = sum(len(agreement_type.clauses) for agreement_type in content.types)
    counts = [("Agreements", len(documents)), *((humane(status), counted[status]) for status in statuses)]
    counts.append(("Library clauses", clauses))
    stats = "".join(f'<div class="cb-stat">\n<dt>{escape(n)}</dt>\n<dd>{c:,}</dd>\n</div>\n' for n, c in counts)
    cards = "".join(map(_card, _by_id(content)[:CARDS]))
    every = link(HOME, AGREEMENTS, f"All {plural(len(documents), 'agreement')}")
    body = [
        '<div class="cb-hero">\n<h1 id="page_title">Partnership agreements, built from one clause library</h1>\n',
        '<p class="cb-lead">Each agreement here is assembled from its deal’s data and the approved clauses. '
        "What you read on its page is, word for word, what its PDF, Word and Markdown files say.</p>\n</div>\n",
        f'<dl class="cb-stats">\n{stats}</dl>\n',
        _problems(content),
        '<h2 id="agreements">Agreements</h2>\n',
        f'<ul class="cb-cards">\n{cards}</ul>\n<p>{every}, with filters.</p>\n'
        if cards
        else "<p>There are none yet.</p>\n",
        '<h2 id="reading">How to read this site</h2>\n<ul class="cb-guide">\n',
        f"<li><strong>An agreement</strong> opens with its facts, then the text as the parties get it, then a table "
        f"that says which library clause each clause came from. See {link(HOME, AGREEMENTS, 'all agreements')}.</li>\n",
        "<li><strong>A permanent link</strong> stands beside each heading: point at the heading and copy it, to cite "
        "a clause by its address.</li>\n",
        f"<li><strong>A position</strong> says how a clause stands in the playbook: the standard, a ranked fallback, "
        f"or wording by counsel or negotiated for the deal. See {link(HOME, CLAUSES, 'the clause library')}.</li>\n",
        "<li><strong>The fingerprint</strong> is made from the words alone: two files with the same one say the "
        "same.</li>\n</ul>\n",
    ]
    search = (SearchRecord("", "Home"), SearchRecord("reading", "How to read this site"))
    return SitePage(HOME, "Home", "".join(body), "", (Heading("Home", "page_title", 1),), search, listed=True)


def _problems(content: SiteContent) -> str:
    wrong = [finding for finding in content.all_findings() if finding.severity == "error"]
    if not wrong:
        return ""
    return f'<h2 id="problems">What must be mended</h2>\n{finding_list(wrong)}'


def _by_id(content: SiteContent) -> list[AgreementPage]:
    """Return the agreements by their ids, so that amendments come after what they amend."""
    return sorted(content.agreements, key=lambda agreement: agreement.document.id)


def _card(agreement: AgreementPage) -> str:
    document = agreement.document
    departing = len(deviations(document))
    names = " · ".join(party.short_name for party in document.parties)
    notes = f"{plural(departing, 'deviation')} from standard" if departing else "All clauses standard"
    mark = status_chip(document.status)
    standing = agreement.standing
    if standing and standing.stage != "not-sent" and STAGES[standing.stage] != humane(document.status):
        mark += f" {stage_chip(standing)}"
    return (
        f'<li class="cb-card">\n<p class="cb-kicker">{mark} '
        f"<span>Version {escape(document.version)}</span></p>\n"
        f'<p class="cb-card-title">{link(HOME, agreement_path(document.id), document.title)}</p>\n'
        f'<p class="cb-card-parties">{escape(names)}</p>\n<p class="cb-note">{notes}</p>\n</li>\n'
    )


def _agreements(content: SiteContent) -> SitePage:
    rows = []
    for agreement in _by_id(content):
        document = agreement.document
        rows.append(
            [
                link(AGREEMENTS, agreement_path(document.id), document.title),
                escape(", ".join(party.short_name for party in document.parties)),
                escape(document.kind),
                escape(document.version),
                status_chip(document.status),
                stage_cell(agreement.standing) if agreement.standing else "–",
                str(len(deviations(document))),
                finding_summary(agreement.findings),
            ]
        )
    for broken in content.broken:
        title = link(AGREEMENTS, agreement_path(broken.id), broken.id)
        rows.append(
            [title, "–", "–", "–", chip("Cannot be built", "error"), "–", "–", finding_summary(broken.findings)]
        )
    columns = ("Agreement", "Parties", "Kind", "Version", "Status", "Standing", "Deviations", "Findings")
    body = [
        crumbs(AGREEMENTS, [(HOME, "Home")], "Agreements"),
        '<h1 id="page_title">Agreements</h1>\n',
        '<p class="cb-lead">Every agreement in the repository. A deviation is a clause that is not the standard one '
        "of its slot. The standing is what records and data tell: whether an agreement was sent, executed, amended or "
        "renewed, or has ended.</p>\n",
        table(columns, rows, "All agreements", ' data-cb-look="agreements" data-cb-table="Status Standing"'),
    ]
    top = Heading("Agreements", "page_title", 1)
    return SitePage(
        AGREEMENTS,
        "Agreements",
        "".join(body),
        "All agreements.",
        (top,),
        (SearchRecord("", "Agreements"),),
        listed=True,
    )


def _broken(broken: BrokenAgreement) -> SitePage:
    path = agreement_path(broken.id)
    body = [
        crumbs(path, [(HOME, "Home"), (AGREEMENTS, "Agreements")], broken.id),
        f'<h1 id="page_title">{escape(broken.id)} cannot be built</h1>\n',
        f'<p class="cb-lead">Mend what follows in <code>{escape(broken.path)}</code>.</p>\n',
        finding_list(broken.findings),
    ]
    return SitePage(path, broken.id, "".join(body), search=(SearchRecord("", broken.id),))
