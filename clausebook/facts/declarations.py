"""What is wrong with what types and clauses declare, as the deals at hand show, and with what is to close duties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clausebook.facts.agreement_facts import all_facts
from clausebook.facts.duties.agreement_duties import stray_closings
from clausebook.findings.model import Finding
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project


def declaration_findings(project: Project, agreements: Iterable[Agreement]) -> Iterator[Finding]:
    """Yield what cannot be reckoned or told of agreements that have a text, and evidence that closes nothing."""
    every = all_facts(project, agreements)
    found = (finding for each in every for finding in (*each.declared, *stray_closings(each.duties)))
    yield from dict.fromkeys(found)
