"""What is wrong with the dates, duties and facts that types and clauses declare, as the deals at hand show.

With them stands what is wrong with what was measured: only the facts of a deal know what it measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clausebook.facts.agreement_facts import all_facts
from clausebook.facts.report_facts import measured
from clausebook.findings.model import Finding
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.records.results_files import stray_results


def declaration_findings(project: Project, agreements: Iterable[Agreement]) -> Iterator[Finding]:
    """Yield what cannot be reckoned, told or reported of agreements that have a text, each once."""
    yield from stray_results(project.tree, project.known)
    every = all_facts(project, agreements)
    found = (finding for each in every for finding in (*each.findings, *measured(project, each, project.as_of)[1]))
    yield from dict.fromkeys(found)
