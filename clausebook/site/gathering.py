"""Gather what the site shows of agreements: all of a project, or those that belong together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from clausebook.amending.settling import restated_by
from clausebook.approvals.desk import Desk
from clausebook.document.outgoing import outgoing
from clausebook.facts.agreement_facts import AgreementFacts, all_facts
from clausebook.facts.duties.due_item import DueItem
from clausebook.facts.duties.due_list import DueWanted, due_items
from clausebook.facts.metrics.agreement_metrics import agreement_metrics
from clausebook.facts.spark.gathered import partner_of
from clausebook.facts.spark.partnerships import Partnership, of_agreement
from clausebook.findings.model import Finding, FindingsError
from clausebook.library.model import AgreementType
from clausebook.lifecycle.standing import standing_of
from clausebook.project.agreement import Agreement, ordered
from clausebook.project.project import Project
from clausebook.records.opportunities import own_name
from clausebook.records.record_files import document_of, executed
from clausebook.render.formats import USUAL
from clausebook.render.html import render_html
from clausebook.rules.silence_list import left_open
from clausebook.site.reference_pages import schema_files
from clausebook.site.site_content import AgreementPage, BrokenAgreement, Neighbour, SiteContent
from clausebook.site.spark.method_content import MethodContent, method_content


def repository_findings(project: Project) -> tuple[Finding, ...]:
    """Return what is wrong with no single agreement, in the library of every type among it: the site shows them all."""
    kinds_of(project)
    return project.findings()


def kinds_of(project: Project) -> tuple[AgreementType, ...]:
    """Return the agreement types that can be used, by name."""
    return tuple(kind for name in sorted(project.store.types()) if (kind := project.type(name).kind))


def content_of(
    project: Project,
    desk: Desk,
    agreements: Iterable[Agreement],
    *,
    sound_files_only: bool = False,
    late: bool = False,
    method: MethodContent | None = None,
) -> SiteContent:
    """Render agreements, marked by the desk, for the site; those that have no text are named as broken.

    One that was executed has the text executed last, whatever became of its data. With `sound_files_only` another one
    with errors has no files. With `late` the files are empty, for they are made when somebody asks for one.
    The `method` is the repository's, which is read if it is not given.
    """
    # Whoever has the method makes single agreements, which show no schemas.
    schemas = schema_files(project.tree) if method is None else ()
    method = method_content(project) if method is None else method
    pages, broken, told = [], [], list[Finding]()
    data = {file.id: project.load(file)[0] or {} for file in project.files()}
    for agreement in agreements:
        facts = next(all_facts(project, [agreement]), None)
        metrics = agreement_metrics(project, facts) if facts else None
        told += [finding for found in (facts, metrics) if found for finding in found.findings]
        instead = agreement.document is None
        if instead:
            agreement = _as_executed(project, agreement)
        if agreement.document is None:
            broken.append(BrokenAgreement(agreement.file.id, agreement.file.path, ordered(agreement.findings)))
            continue
        try:
            offered = USUAL if agreement.sound or not sound_files_only else ()
            downloads = late_files(project, agreement, offered) if late else files_of(project, agreement, offered)
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
                approvals=desk.approvals(agreement).standings,
                left=left_open(agreement.silences, agreement.inputs.label) if agreement.inputs else (),
                instead=instead,
                ends=project.linked[agreement.file.id].ends,
                partnership=_partnership(project, agreement, method),
                roles=_roles(project, agreement.document.type),
                facts=facts,
                due=due_under(facts),
                metrics=metrics,
            )
        )
    return SiteContent(tuple(pages), kinds_of(project), tuple(broken), ordered(told), method=method, schemas=schemas)


def due_under(facts: AgreementFacts | None) -> tuple[DueItem, ...]:
    """Return what falls due by the facts of an agreement."""
    return tuple(due_items([facts.duties], DueWanted())) if facts else ()


def _partnership(project: Project, agreement: Agreement, method: MethodContent) -> Partnership | None:
    """Return what is told of an agreement's partnership by the steps of the method, None if nothing is."""
    document, name = agreement.document, agreement.file.id
    if document is None or not agreement.data.get("parties"):
        return None
    partner = partner_of(agreement.data, own_name(method.landscape))
    found = of_agreement(method.method, name, document.title, partner, agreement.data, project.journal(name).spark)
    return found if any(found.steps.values()) else None


def _roles(project: Project, kind: str) -> Mapping[str, str]:
    """Return what the schema of a type calls the roles of parties."""
    shape: Mapping[str, Any] = project.type(kind).shape
    for step in ("p", "parties", "i", "p", "role", "l"):
        shape = shape.get(step) or {}
    return shape


def files_of(project: Project, agreement: Agreement, formats: Sequence[str]) -> Mapping[str, bytes]:
    """Return the files of an agreement by name. Raises FindingsError."""
    return {**project.render(agreement, formats), **project.render_restated(agreement, formats)}


def late_files(project: Project, agreement: Agreement, formats: Sequence[str]) -> Mapping[str, bytes]:
    """Return the names of the files of an agreement, each without its content. Raises FindingsError."""
    if found := [each for each in project.unshown(agreement) if each.severity == "error"]:
        raise FindingsError(found)
    names = (f"{agreement.file.id}.{each}" for each in formats)
    return dict.fromkeys((*names, *_restated(project, agreement, formats)), b"")


def _restated(project: Project, agreement: Agreement, formats: Sequence[str]) -> tuple[str, ...]:
    name = agreement.file.id
    there = formats and restated_by(project.tree, name, agreement.data, project.chain_of)
    return tuple(f"{name}-restated.{each}" for each in formats) if there else ()


def neighbour_of(project: Project, agreement: Agreement, *, sound_files_only: bool = False) -> Neighbour:
    """Return what the pages of others say of an agreement."""
    name, found = agreement.file.id, agreement
    if found.document is None:
        found = _as_executed(project, agreement)
    if found.document is None:
        return Neighbour(name, name)
    offered: Sequence[str] = USUAL if found.sound or not sound_files_only else ()
    files = _restated(project, found, offered)
    return Neighbour(name, found.document.title, found.document.version, found.document.status, files)


def _as_executed(project: Project, agreement: Agreement) -> Agreement:
    """Return an agreement that has no text with the one that was executed last, if there is one that can be read."""
    try:
        records = executed(project.tree, agreement.file.id)
        return replace(agreement, document=document_of(project.tree, records[-1]), record=records[-1])
    except (FindingsError, IndexError):
        return agreement
