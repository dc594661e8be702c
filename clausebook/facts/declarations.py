"""What is wrong with the dates, duties and facts that types and clauses declare, as the deals at hand show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clausebook.facts.agreement_facts import all_facts
from clausebook.findings.model import Finding
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project


def declaration_findings(project: Project, agreements: Iterable[Agreement]) -> Iterator[Finding]:
    """Yield what cannot be reckoned or told of agreements that have a text, each once."""
    found = (finding for each in all_facts(project, agreements) for finding in each.findings)
    yield from dict.fromkeys(found)
