"""Gather what reports on an agreement of the repository are made from: its facts, what was measured, and evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from clausebook.assemble.citing import citations
from clausebook.facts.agreement_facts import AgreementFacts, as_data, plain_data
from clausebook.facts.asked_facts import FactTable, asked_facts
from clausebook.facts.periods import Period
from clausebook.facts.report_data import MEASURED, Cell, ReportFacts
from clausebook.facts.reports import ReportKind
from clausebook.findings.model import Finding
from clausebook.project.loading import locator
from clausebook.project.project import Project
from clausebook.records.results_files import MetricResult, results_of, results_path
from clausebook.validate.described import for_the_contract


def report_facts(
    project: Project, found: AgreementFacts, kind: ReportKind, as_of: str, period: Period | None, *, outward: bool
) -> tuple[ReportFacts, tuple[Finding, ...]]:
    """Return what reports of a kind are made from, as of a day, and what is wrong with the results of the agreement."""
    outward = outward or kind.outward
    results, findings = measured(project, found)
    told = open_facts(project, found) if outward else found
    deal, name, asked = told.duties.deal, found.duties.deal.id, told.asked
    facts = plain_data(as_data(told))
    titles = {clause.id: clause.title for clause in deal.document.clauses()}
    cited = citations(deal.document).items()
    file = project.known[name]
    given = ReportFacts(
        id=name,
        path=file.path,
        locate=locator(project.tree, file),
        facts=facts,
        deal=deal.data,
        as_of=as_of,
        tables={each.id: list(_cells(each)) for each in asked.tables},
        period=period,
        results=results,
        results_path=results_path(name),
        payments=list(_payments(found)),
        journal=plain_data(
            {each: getattr(found.duties.journal, each) for each in ("answers", "feedback", "decisions")}
        ),
        places=[{"id": each, "cite": cite, "title": titles.get(each, "")} for each, cite in cited],
        outward=outward,
        ending=f"-{period.name if period else as_of}" + ("-outward" if outward and not kind.outward else ""),
    )
    return given, findings


def open_facts(project: Project, found: AgreementFacts) -> AgreementFacts:
    """Return the facts that may leave the house: made of the contract alone.

    They tell nothing of journal and evidence in terms and tables, and nothing that the schemas call internal.
    """
    deal = found.duties.deal
    schemas = project.store.of(deal.document.type)
    deal = replace(deal, data=for_the_contract(deal.data, [schemas.root], schemas.references))
    asked = asked_facts(deal, {"journal": {}, "evidence": []}, project.sandbox)
    return replace(found, duties=replace(found.duties, deal=deal), asked=asked)


def measured(
    project: Project, found: AgreementFacts, as_of: str = ""
) -> tuple[tuple[MetricResult, ...], tuple[Finding, ...]]:
    """Return the results of an agreement up to a day, or all, and what is wrong with their file."""
    table = found.table(MEASURED)
    cells = (term for row in (table.rows if table else ()) for term in row if term.id == "name")
    return results_of(project.tree, found.duties.deal.id, [term.value for term in cells], as_of)


def _cells(table: FactTable) -> Iterator[Mapping[str, Cell]]:
    for row in table.rows:
        yield {
            term.id.replace("-", "_"): {
                "value": term.value,
                "shown": term.shown,
                "kind": term.kind,
                "pointer": term.pointer,
            }
            for term in row
        }


def _payments(found: AgreementFacts) -> Iterator[Mapping[str, Any]]:
    for each in found.duties.closed.values():
        if each.kind == "payment":
            yield {**plain_data(each), **each.fields}
