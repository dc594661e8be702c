"""What is wrong with what types and clauses declare, as the deals at hand show; with what is to close duties; and with
what was measured, or opens a gate: only the facts of a deal know what it asks for and what it measures. And with kinds
of reports, and with the method of partnerships and its opportunities.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clausebook.facts.agreement_facts import all_facts
from clausebook.facts.duties.agreement_duties import AgreementDuties, stray_closings
from clausebook.facts.duties.deal_duties import awaited
from clausebook.facts.duties.paper_duties import paper_duties
from clausebook.facts.report_facts import measured
from clausebook.facts.reports import kinds_of, load_kind
from clausebook.facts.spark.spark_findings import SparkCheck
from clausebook.findings.model import Finding
from clausebook.findings.near_names import nearest
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.records.results_files import stray_results


def declaration_findings(project: Project, agreements: Iterable[Agreement], *, whole: bool) -> Iterator[Finding]:
    """Yield what cannot be reckoned, told or reported of agreements that have a text, each once.

    The `whole` repository has registered papers and opportunities, too.
    """
    yield from stray_results(project.tree, project.known)
    spark = SparkCheck(project)
    if whole:
        yield from spark.shared()
    found: dict[Finding, None] = {}
    types: dict[str, None] = {}
    for each in all_facts(project, agreements):
        strays = (*stray_closings(each.duties), *_unheard(each.duties))
        told = (*each.declared, *strays, *measured(project, each, project.as_of)[1], *spark.of(each))
        found |= dict.fromkeys(told)
        types[each.duties.deal.document.type] = None
    for _, owed in paper_duties(project) if whole else ():
        found |= dict.fromkeys((*owed.reckoned.findings, *stray_closings(owed)))
    yield from found
    for name in types:
        for kind in kinds_of(project.tree, name):
            yield from load_kind(project.tree, name, kind, project.store.checks)[1]


def _unheard(found: AgreementDuties) -> Iterator[Finding]:
    """Yield events of a journal that were meant to be others, for which something waits."""
    known = awaited(found.deal)
    for index, event in enumerate(found.journal.events):
        if event.event not in known and (meant := nearest(event.event, known)):
            said = f"nothing waits for an event `{event.event}`, but for `{meant}`"
            at = f"/events/{index}/event"
            yield found.journal.at.finding("core/journal-event-unheard", said, at, f"did you mean `{meant}`?")
