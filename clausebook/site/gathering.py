"""Gather what the site shows of a project, and publish the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from clausebook.approvals.desk import Desk
from clausebook.approvals.model import ApprovalStanding
from clausebook.approvals.reviews import ForgeReview
from clausebook.document.outgoing import outgoing
from clausebook.facts.agreement_facts import all_facts
from clausebook.facts.duties.editions import editions_of
from clausebook.facts.duties.paper_duties import paper_duties
from clausebook.findings.model import FindingsError
from clausebook.lifecycle.standing import standing_of
from clausebook.project.agreement import Agreement, ordered
from clausebook.project.project import Progress, Project
from clausebook.records.record_files import document_of, executed
from clausebook.render.formats import USUAL
from clausebook.render.html import render_html
from clausebook.rules.silence_list import left_open
from clausebook.site.site_content import AgreementPage, BrokenAgreement, SiteContent


def site_content(root: Path, progress: Progress = lambda name: None) -> SiteContent:
    """Return everything the site shows: what the MkDocs plugin asks for."""
    with Project(root) as project:
        agreements = list(project.assemble_all(progress=lambda name: progress(f"the text of {name}")))
        return content_of(project, agreements, lambda name: progress(f"the files of {name}"))


def content_of(
    project: Project, agreements: Sequence[Agreement], progress: Progress = lambda name: None,
    reviews: Sequence[ForgeReview] = (), *, sound_files_only: bool = False,
) -> SiteContent:  # fmt: skip
    """Render the agreements for the site; those that have no text are named as broken. `reviews` approve at the forge.

    One that was executed has the text executed last, whatever became of its data. With `sound_files_only` another one
    with errors has no files.
    """
    pages, broken = [], []
    approvals: dict[str, tuple[ApprovalStanding, ...]] = {}
    with Desk(project, reviews) as desk:
        agreements = [desk.marked(agreement) for agreement in agreements]
        approvals = {each.file.id: desk.approvals(each).standings for each in agreements}
    data = {agreement.file.id: agreement.data for agreement in agreements}
    for agreement in agreements:
        progress(agreement.file.id)
        instead = agreement.document is None
        if instead:
            agreement = _as_executed(project, agreement)
        if agreement.document is None:
            broken.append(BrokenAgreement(agreement.file.id, agreement.file.path, ordered(agreement.findings)))
            continue
        try:
            offered = USUAL if agreement.sound or not sound_files_only else ()
            downloads = {**project.render(agreement, offered), **project.render_restated(agreement, offered)}
        except FindingsError as error:
            findings = ordered((*agreement.findings, *error.findings))
            broken.append(BrokenAgreement(agreement.file.id, agreement.file.path, findings))
            continue
        pages.append(
            AgreementPage(
                document=agreement.document,
                text=render_html(outgoing(agreement.document)),
                data=agreement.data,
                findings=ordered(agreement.findings),
                downloads=downloads,
                standing=standing_of(project.tree, agreement.document, agreement.data, data, project.chain_of),
                approvals=approvals[agreement.file.id],
                left=left_open(agreement.silences, agreement.inputs.label) if agreement.inputs else (),
                instead=instead,
                ends=project.linked[agreement.file.id].ends,
            )
        )
    kinds = tuple(kind for name in sorted(project.store.types()) if (kind := project.type(name).kind))
    facts = tuple(all_facts(project, agreements))
    papers = tuple(owed for _, owed in paper_duties(project))
    told = tuple(finding for each in facts for finding in each.findings)
    return SiteContent(
        tuple(pages),
        kinds,
        tuple(broken),
        ordered((*project.findings(), *told)),
        facts=facts,
        papers=papers,
        editions=editions_of(project, (each.id for each in (*(one.duties for one in facts), *papers))),
    )


def _as_executed(project: Project, agreement: Agreement) -> Agreement:
    """Return an agreement that has no text with the one that was executed last, if there is one that can be read."""
    try:
        records = executed(project.tree, agreement.file.id)
        return replace(agreement, document=document_of(project.tree, records[-1]), record=records[-1])
    except (FindingsError, IndexError):
        return agreement
