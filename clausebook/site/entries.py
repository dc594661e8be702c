"""What lists show, made from what is known of an agreement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from clausebook.document.model import Clause, Document
from clausebook.facts.glance import glance
from clausebook.facts.register_rows import registers_of
from clausebook.facts.register_table import Register
from clausebook.lifecycle.standing import Standing
from clausebook.records.opportunities import our_name, own_name
from clausebook.site.metrics_pages import metric_entries
from clausebook.site.site_content import AgreementPage, BrokenAgreement
from clausebook.site.site_entry import NO_GLANCE, Awaited, ClauseUse, Organisation, SiteEntry
from clausebook.site.spark.method_content import MethodContent, partnership_entry, spark_path


def deviations(document: Document) -> list[Clause]:
    """Return the clauses that are not the standard of their slot."""
    return [clause for clause in document.clauses() if clause.source and clause.source.deviates]


def site_entry(
    page: AgreementPage, findings: str, method: MethodContent | None = None, *, internal: bool = True
) -> SiteEntry:
    """Return what lists show of an agreement's page; `findings` are counted in words.

    What waits for approval is `internal`, and which office it waits for is not.
    """
    document, standing, partnership, facts = page.document, page.standing, page.partnership, page.facts
    return SiteEntry(
        id=document.id,
        title=document.title,
        type=document.type,
        kind=document.kind,
        version=document.version,
        status=document.status,
        parties=tuple(party.short_name for party in document.parties),
        stage=standing.stage if standing else "",
        since=standing.since if standing else "",
        until=renewed_until(standing) if standing else "",
        deviations=len(deviations(document)),
        findings=findings,
        uses=tuple(_uses(document, page.data)),
        owed=page.due if facts and facts.duties.signed else (),
        registers=tuple(registers_of([facts])) if facts else (),
        metrics=metric_entries(page.metrics) if page.metrics else (),
        partnership=partnership_entry(method, partnership, spark_path(document.id), internal=internal)
        if partnership and method
        else None,
        organisations=tuple(_organisations(page, own_name(method.landscape) if method else "")),
        glance=glance(facts) if facts else NO_GLANCE,
        awaited=tuple(_awaited(page, internal)),
    )


def broken_entry(broken: BrokenAgreement, findings: str) -> SiteEntry:
    """Return what lists show of an agreement that could not be assembled; `findings` are counted in words."""
    return SiteEntry(broken.id, broken.id, findings=findings, broken=True)


def renewed_until(standing: Standing) -> str:
    """Return the ISO day until which an agreement was renewed, "" if that is not where it stands."""
    return standing.lifecycle.renewals[-1].until if standing.stage == "renewed" else ""


def _awaited(page: AgreementPage, internal: bool) -> Iterator[Awaited]:
    counted = Counter(
        (each.need.role, each.need.kind if internal else "") for each in page.approvals if each.state != "given"
    )
    for (office, kind), count in sorted(counted.items()):
        yield Awaited(office, kind, count)


def _organisations(page: AgreementPage, house: str) -> Iterator[Organisation]:
    """Yield the parties; what the text does not say of them, the data may."""
    said = {str(each.get("key")): each for each in page.data.get("parties", ()) if isinstance(each, Mapping)}
    parties = page.document.parties
    ours = our_name(house, [each.legal_name for each in parties])
    for party in parties:
        more = said.get(party.key, {})
        told = {name: str(more[name]) for name in ("role", "industry", "jurisdiction") if more.get(name)}
        told |= {"role": page.roles[told["role"]]} if told.get("role") in page.roles else {}
        yield Organisation(party.key, party.legal_name, party.short_name, partner=party.legal_name != ours, **told)


def merged(registers: Sequence[Register]) -> list[Register]:
    """Return registers with the rows of all that have one id; the first one says what it looks like."""
    found: dict[str, list[Register]] = {}
    for each in registers:
        found.setdefault(each.id, []).append(each)
    return [replace(each[0], rows=tuple(row for register in each for row in register.rows)) for each in found.values()]


def reasons_of(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield why a clause was chosen for a slot, as the deal's data say."""
    chosen = data.get("clauses")
    for slot, choice in chosen.items() if isinstance(chosen, Mapping) else ():
        if isinstance(choice, Mapping) and choice.get("reason"):
            yield slot, str(choice["reason"])


def _uses(document: Document, data: Mapping[str, Any]) -> Iterator[ClauseUse]:
    reasons = dict(reasons_of(data))
    for clause in document.clauses():
        source = clause.source
        if source:
            departs = bool(source.departs_from)
            version = source.departs_from.partition("@")[2] if departs else source.version
            reason = reasons.get(clause.id, source.reason)
            yield ClauseUse(source.library_clause, clause.id, clause.number, version or source.version, departs, reason)
