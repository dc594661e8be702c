"""What the site is made from: all of it, of which `audience_content.seen_by` may leave some out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clausebook.approvals.model import ApprovalStanding
from clausebook.document.model import Document
from clausebook.facts.agreement_facts import AgreementFacts
from clausebook.facts.duties.agreement_duties import WhatIsOwed
from clausebook.facts.duties.due_item import DueItem
from clausebook.facts.duties.editions import Edition
from clausebook.facts.metrics.agreement_metrics import AgreementMetrics
from clausebook.facts.spark.partnerships import Partnership
from clausebook.findings.model import Finding, has_errors
from clausebook.history.revisions import Revision
from clausebook.library.model import AgreementType
from clausebook.lifecycle.standing import Standing
from clausebook.rules.silence_list import LeftOpen
from clausebook.site.audience import LEGAL
from clausebook.site.reference_pages import SchemaFile
from clausebook.site.spark.method_content import MethodContent


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """An agreement that could be assembled.

    `document` is the full one, with sources; `text` is `render_html` of the outgoing one; `data` the
    validated YAML. `downloads` maps a file's name to its bytes; the files stand beside the page.
    `updated` is the ISO date that the data gives for the text, or "". `standing` tells where the agreement stands,
    `approvals` what needs whose approval, and `left` what the deal leaves to the standard. `instead` is whether the
    text is the one executed last because the file gives none. `ends` is the last day of the term, ISO 8601, by the
    data and what became of the agreement, or "". `partnership` is what is told of it by the steps of the method.
    `facts` are those of one with a text of its own, `due` what falls due by them, `metrics` what it measures.
    `roles` are what the schema calls those of the parties.
    """

    document: Document
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    downloads: Mapping[str, bytes] = field(default_factory=dict)
    updated: str = ""
    standing: Standing | None = None
    approvals: tuple[ApprovalStanding, ...] = ()
    left: tuple[LeftOpen, ...] = ()
    instead: bool = False
    ends: str = ""
    partnership: Partnership | None = None
    facts: AgreementFacts | None = None
    due: tuple[DueItem, ...] = ()
    metrics: AgreementMetrics | None = None
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BrokenAgreement:
    """An agreement that could not be assembled: its id, its file, and why."""

    id: str
    path: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What an agreement's page says of another agreement; of one without a text, its id alone is known as title.

    `files` are the names of those that stand beside its page.
    """

    id: str
    title: str
    version: str = ""
    status: str = ""
    files: tuple[str, ...] = ()


Neighbours = Mapping[str, Neighbour]
"""The agreements that have a page and belong together with another one, by id."""


@dataclass(frozen=True, slots=True)
class RedlineText:
    """A redline in both views, as finished HTML that shows causes. `old` and `new` are slugs of revisions.

    The words of unchanged clauses are not in it: see `clausebook.site.folds`. `files` are those to take away, by name.
    """

    old: str
    new: str
    changes: int
    inline: str
    side_by_side: str
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgreementHistory:
    """An agreement's revisions and redlines, newest first; `whole` leads from the first text to the newest.

    `since` leads from the text that was last between the parties, sent or executed, to the newest, if that differs.
    There is a redline of each pair whose words differ; `older` pairs before them have none. `same` are the slugs of
    the revisions whose words are those of the text before, which something unreadable came between. `notes` say what
    else is missing, and why. `unchanged` holds the words that the redlines fold, by their hash. `recorded` holds, by
    version, the ISO time at which the record of its execution was committed, as far as that is known.
    """

    revisions: tuple[Revision, ...] = ()
    redlines: tuple[RedlineText, ...] = ()
    whole: RedlineText | None = None
    since: RedlineText | None = None
    notes: tuple[Finding, ...] = ()
    unchanged: Mapping[str, str] = field(default_factory=dict)
    older: int = 0
    same: frozenset[str] = frozenset()
    recorded: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteContent:
    """What the site shows of some agreements, or of all. `findings` are of no agreement; `histories` go by its id.

    `papers` are what registered papers ask for, `editions` which state of each agreement its calendar tells of.
    `neighbours` are agreements beside these to which their pages may lead. `method` is how partnerships are found and
    lived. `audience` is for whom it is.
    """

    agreements: tuple[AgreementPage, ...]
    types: tuple[AgreementType, ...]
    broken: tuple[BrokenAgreement, ...] = ()
    findings: tuple[Finding, ...] = ()
    histories: Mapping[str, AgreementHistory] = field(default_factory=dict)
    papers: tuple[WhatIsOwed, ...] = ()
    editions: Mapping[str, Edition] = field(default_factory=dict)
    neighbours: Neighbours = field(default_factory=dict)
    method: MethodContent = field(default_factory=MethodContent)
    schemas: tuple[SchemaFile, ...] = ()
    audience: str = LEGAL

    @property
    def internal(self) -> bool:
        """Whether it is for the house's lawyers, who see everything."""
        return self.audience == LEGAL

    def with_pages(self) -> Neighbours:
        """Return every agreement to which a page may lead."""
        mine = (
            Neighbour(one.document.id, one.document.title, one.document.version, one.document.status, (*one.downloads,))
            for one in self.agreements
        )
        broken = (Neighbour(each.id, each.id) for each in self.broken)
        return {**self.neighbours, **{each.id: each for each in (*broken, *mine)}}

    def all_findings(self) -> tuple[Finding, ...]:
        """Return every finding, ordered by place."""
        findings = list(self.findings)
        for agreement in self.agreements:
            findings += agreement.findings
        for broken in self.broken:
            findings += broken.findings
        return tuple(sorted(set(findings), key=lambda finding: finding.sort_key))

    def has_errors(self) -> bool:
        """Tell whether anything is wrong that must stop a build."""
        return bool(self.broken) or has_errors(self.all_findings())
