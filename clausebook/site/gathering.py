"""Gather what the site shows of a project, and publish the site."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clausebook.approvals.desk import Desk
from clausebook.approvals.model import ApprovalStanding
from clausebook.approvals.reviews import ForgeReview
from clausebook.document.outgoing import outgoing
from clausebook.findings.model import FindingsError
from clausebook.lifecycle.standing import standing_of
from clausebook.project.agreement import Agreement, ordered
from clausebook.project.project import Progress, Project
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
    reviews: Sequence[ForgeReview] = (),
) -> SiteContent:  # fmt: skip
    """Render the agreements for the site; those with errors are named as broken. `reviews` approve at the forge."""
    pages, broken = [], []
    approvals: dict[str, tuple[ApprovalStanding, ...]] = {}
    with Desk(project, reviews) as desk:
        agreements = [desk.marked(agreement) for agreement in agreements]
        approvals = {each.file.id: desk.approvals(each).standings for each in agreements}
    data = {agreement.file.id: agreement.data for agreement in agreements}
    for agreement in agreements:
        progress(agreement.file.id)
        if agreement.document is None:
            broken.append(BrokenAgreement(agreement.file.id, agreement.file.path, ordered(agreement.findings)))
            continue
        try:
            downloads = {**project.render(agreement, USUAL), **project.render_restated(agreement, USUAL)}
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
                standing=standing_of(project.tree, agreement.document, agreement.data, data),
                approvals=approvals[agreement.file.id],
                left=left_open(agreement.silences, agreement.inputs.label) if agreement.inputs else (),
            )
        )
    kinds = tuple(kind for name in sorted(project.store.types()) if (kind := project.type(name).kind))
    return SiteContent(tuple(pages), kinds, tuple(broken), ordered(project.findings()))
