"""facts/1: what an agreement tells in short, as JSON. Lists, registers, pages and documents are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

from clausebook.amending.amendment_files import amendments
from clausebook.approvals.approval_files import read_approvals
from clausebook.document.fingerprints import fingerprint
from clausebook.facts.asked_facts import AskedFacts, FactTable, asked_facts
from clausebook.facts.duties.agreement_duties import AgreementDuties, WhatIsOwed, agreement_duties
from clausebook.facts.duties.model import ANY_DAY, Duty, Window
from clausebook.findings.model import Finding
from clausebook.formats.table import FORMATS
from clausebook.lifecycle.standing import Standing, standing_of
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.records.evidence_files import Evidence

FACTS_FORMAT = f"facts/{FORMATS['agreement-facts'].newest}"

_OF_PARTIES = ("key", "role", "legal_name", "short_name", "entity_form", "jurisdiction", "registration", "industry")
"""What is told of each party: what the contract itself says of it in public."""


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What an agreement tells. Of other agreements, `standing` knows those alone that amend it, and no links."""

    duties: AgreementDuties
    asked: AskedFacts
    standing: Standing
    approvals: tuple[Mapping[str, str], ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with its journal and evidence, and with declarations that it meets."""
        return (*self.duties.findings, *self.declared)

    @property
    def declared(self) -> tuple[Finding, ...]:
        """What is wrong with declarations that it meets."""
        return (*self.duties.reckoned.findings, *self.asked.findings)

    def table(self, name: str) -> FactTable | None:
        """Return a table by its name, None if the deal's type has none of it."""
        return next((each for each in self.asked.tables if each.id == name), None)

    def day(self, name: str) -> str:
        """Return a key date by its name, ISO 8601, "" if it is open or the deal has none."""
        return next((each.day for each in self.duties.reckoned.dates if each.id == name), "")


def agreement_facts(project: Project, agreement: Agreement, window: Window = ANY_DAY) -> AgreementFacts | None:
    """Return what an agreement tells, None if it has no text."""
    duties = agreement_duties(project, agreement, window)
    if duties is None:
        return None
    document = agreement.document or duties.deal.document
    amending = (project.known.get(name) for name in amendments(project.tree, agreement.file.id).values())
    others = {each.id: project.load(each)[0] or {} for each in amending if each}
    return AgreementFacts(
        duties,
        asked_facts(duties.deal, _beside(duties), project.sandbox),
        standing_of(project.tree, document, agreement.data, others, project.chain_of),
        tuple(
            {"role": each.record.role, "by": each.record.by, "date": each.record.date}
            for each in read_approvals(project.tree, agreement.file.id)[0]
        ),
    )


def _beside(duties: AgreementDuties) -> Mapping[str, Any]:
    """Return what happened since, of which a type's facts can speak beside the deal's data: journal and evidence."""
    journal = {each.name: getattr(duties.journal, each.name) for each in fields(duties.journal) if each.name != "at"}
    return {"journal": plain_data(journal), "evidence": plain_data(list(duties.closed.values()))}


def plain_data(value: Any) -> Any:
    """Return data classes, lists and groups as JSON data, without what is empty."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return {name: plain_data(each) for name, each in value.items() if each not in ("", None, (), [], {})}
    return list(map(plain_data, value)) if isinstance(value, list | tuple) else value


def as_data(facts: AgreementFacts) -> dict[str, Any]:
    """Return facts/1 as JSON data; see docs/after-signature.md."""
    duties, deal = facts.duties, facts.duties.deal
    standing, parties = facts.standing, deal.data.get("parties", ())
    return {
        "format": FACTS_FORMAT,
        "id": deal.id,
        "title": deal.document.title,
        "type": deal.document.type,
        "version": deal.document.version,
        "status": standing.status,
        "text": fingerprint(deal.document),
        "signed": duties.signed,
        "standing": {"stage": standing.stage, "since": standing.since},
        "parties": [{name: party[name] for name in _OF_PARTIES if name in party} for party in parties],
        "terms": list(map(asdict, facts.asked.terms)),
        "tables": {each.id: list(map(_row, each.rows)) for each in facts.asked.tables},
        **duties_data(duties),
        "approvals": list(facts.approvals),
    }


def duties_data(owed: WhatIsOwed) -> dict[str, Any]:
    """Return the part of facts/1 that agreements and registered papers share: days, duties, and what happened."""
    journal = owed.journal
    return {
        "dates": [asdict(each) for each in owed.reckoned.dates],
        "duties": [_duty(each, owed) for each in owed.reckoned.duties],
        "undeclared": list(owed.reckoned.undeclared),
        "owner": asdict(journal.owner) if journal.owner else None,
        "deputy": asdict(journal.deputy) if journal.deputy else None,
        "events": [asdict(each) for each in journal.events],
    }


def all_facts(project: Project, agreements: Iterable[Agreement], window: Window = ANY_DAY) -> Iterator[AgreementFacts]:
    """Yield the facts of each agreement that has a text, but for those that only amend another."""
    for agreement in agreements:
        found = agreement_facts(project, agreement, window)
        if found and found.standing.amends is None:
            yield found


def _row(row: Sequence[Any]) -> dict[str, Any]:
    return {each.id: {"value": each.value, "shown": each.shown} for each in row}


def _duty(duty: Duty, owed: WhatIsOwed) -> dict[str, Any]:
    told = {name: getattr(duty, name) for name in ("id", "kind", "parties", "what", "place", "clause", "more")}
    occurrences = [
        asdict(each)
        | {
            "closed": closing(owed.closing(each.reference, duty.parties)),
            "done_by": list(owed.closed_by(each.reference, duty.parties)),
        }
        for each in duty.occurrences
    ]
    return {**told, **({"lapses": True} if duty.lapses else {}), "occurrences": occurrences}


def closing(evidence: Evidence | None) -> dict[str, Any] | None:
    """Return how something that was due was met, as JSON data; None while it is open."""
    if evidence is None:
        return None
    return {name: getattr(evidence, name) for name in ("outcome", "on", "by", "kind", "path")}
