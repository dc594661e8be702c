"""The key dates and duties of an agreement of the repository: of its text that is in force, or of its draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from clausebook.amending.effect import last_signature
from clausebook.facts.duties.deal_duties import DealAsked, reckoned
from clausebook.facts.duties.model import ANY_DAY, DATES, Reckoned, Window
from clausebook.facts.duties.moments import Happened
from clausebook.findings.model import Finding, FindingsError, finding_in
from clausebook.findings.near_names import did_you_mean
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project
from clausebook.records.evidence_files import Evidence
from clausebook.records.journal import OWN_EVENTS, Journal
from clausebook.records.record_files import data_of, executed
from clausebook.records.since_execution import contract_data, lifecycle_of, met_on
from clausebook.validate.value_formats import is_date


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIsOwed:
    """What an agreement or a paper asks of its parties: `parties` are names by key, `closed` evidence by its key.

    `signed` tells that it is of a text that was executed. `findings` say what of its files cannot be read, and
    `reckoned.findings` what cannot be reckoned.
    """

    id: str
    title: str
    signed: bool
    parties: Mapping[str, str]
    journal: Journal
    reckoned: Reckoned
    closed: Mapping[str, Evidence]
    window: Window
    findings: tuple[Finding, ...] = ()

    def within(self, day: str) -> bool:
        """Tell whether a day, ISO 8601 or "" while it is open, is among those in question."""
        return not day or self.window.since <= day <= (self.window.until or day)

    def closing(self, reference: str, owing: tuple[str, ...] = ()) -> Evidence | None:
        """Return what closes something for all who owe it, the last of several; None while it is open for one."""
        if reference in self.closed:
            return self.closed[reference]
        found = self.closed_by(reference, owing)
        return max(found.values(), key=lambda each: each.on) if len(found) == len(owing or self.parties) > 0 else None

    def closed_by(self, reference: str, owing: tuple[str, ...] = ()) -> Mapping[str, Evidence]:
        """Return what closes something for one party alone, by the keys of those who owe it."""
        every = ((key, self.closed.get(f"{reference}@{key}")) for key in owing or self.parties)
        return {key: each for key, each in every if each}

    def owing(self, keys: tuple[str, ...]) -> str:
        """Return the names of those who owe something, as `Duty.parties` has them."""
        return ", ".join(self.parties.get(key, key) for key in keys) if keys else "each party"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementDuties(WhatIsOwed):
    """What an agreement of the repository asks of its parties, by its `deal`."""

    deal: DealAsked


def agreement_duties(
    project: Project, agreement: Agreement, window: Window = ANY_DAY, assumed: Mapping[str, str] = MappingProxyType({})
) -> AgreementDuties | None:
    """Return what an agreement asks of its parties in a window, None if it has no text.

    `assumed` are days (ISO 8601) of events that are not recorded, by name, on which to plan.
    """
    found = deal_of(project, agreement)
    if found is None:
        return None
    deal, signed = found
    journal, problems = project.read_journal(deal.id)
    planned = {name: (Happened(date.fromisoformat(day)),) for name, day in assumed.items()}
    happened = events_of(project, deal.id, agreement.data, journal)
    evidence, faults = project.read_evidence(deal.id)
    owed = reckoned(deal, {**planned, **happened}, project.sandbox, window)
    return AgreementDuties(
        id=deal.id,
        title=deal.document.title,
        deal=deal,
        signed=signed,
        parties={party.key: party.short_name for party in deal.document.parties},
        journal=journal,
        reckoned=owed,
        closed={each.key: each for each in (*_shown(owed, happened, journal), *evidence)},
        window=window,
        # With a journal that cannot be read, days would be open that are long past.
        findings=tuple(each for each in (*problems, *faults) if each.severity == "error"),
    )


def _shown(owed: Reckoned, events: Mapping[str, tuple[Happened, ...]], journal: Journal) -> Iterator[Evidence]:
    """Yield what events that happened show to be performed."""
    for duty in owed.duties:
        days = [str(each.day) for each in events.get(duty.shown_by, ())]
        for time in duty.occurrences:
            if on := next((day for day in days if not time.opens or time.opens <= day <= time.closes), ""):
                yield Evidence(journal.path, time.reference, "done", on, duty.shown_by)


def unread(agreements: Iterable[Agreement]) -> Iterator[Finding]:
    """Yield why agreements have no text, and so are in no list."""
    for each in agreements:
        if each.document is None:
            yield from (finding for finding in each.findings if finding.severity == "error")


def stray_closings(found: WhatIsOwed) -> Iterator[Finding]:
    """Yield evidence that closes nothing that the agreement asks for; `found` must be of any day."""
    every = tuple(found.closed.values())
    hints = unasked(found, [(evidence.closes, evidence.party) for evidence in every])
    for evidence, hint in zip(every, hints, strict=True):
        if hint:
            said = f"`{evidence.path}` closes `{evidence.key}`, which `{found.id}` does not ask for"
            yield finding_in(evidence.path, "core/evidence-stray", said, hint)


def unasked(found: WhatIsOwed, closings: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield what to do about each reference, of a party or ("") of all, if it is of nothing asked for; "" if it is.

    `found` must be of any day.
    """
    duties = found.reckoned.duties
    owing = {duty.id: duty.parties for duty in duties}
    known = {each.reference for duty in duties for each in duty.occurrences}
    known |= {f"{DATES}/{each.id}" for each in found.reckoned.dates}
    endless = tuple(f"{duty.id}#" for duty in duties if duty.more)
    for reference, party in closings:
        name, _, number = reference.rpartition("#")
        parties = owing.get(name, ()) or tuple(found.parties)
        if party and party not in parties:
            yield f"name one who owes it: {', '.join(parties)}"
        elif reference in known or (reference.startswith(endless) and number.isdecimal()):
            yield ""
        elif numbered := next((each for each in sorted(known) if each.startswith(f"{reference}#")), ""):
            yield f"name the occurrence, such as `{numbered}`"
        else:
            hint = f"`clausebook obligations {found.id}` prints what it asks for, each with its reference"
            yield did_you_mean(reference, known, hint)


def deal_of(project: Project, agreement: Agreement) -> tuple[DealAsked, bool] | None:
    """Return the deal of an agreement, and whether it was executed: the text in force, else the draft at hand.

    While a draft follows an executed text, that text counts as long as its own data are recorded.
    """
    data, document, name = agreement.data, agreement.document, agreement.file.id
    signed = agreement.record is not None
    if not signed and executed(project.tree, name):
        try:
            # An amendment's record holds its own data, and not those that it makes.
            latest = project.chain_of(name).texts[-1]
            if latest.by.agreement == name:
                data, document, signed = data_of(project.tree, latest.by), latest.document, True
        except FindingsError:
            pass  # told of the record itself
    if document is None:
        return None
    bundle = project.type(document.type)
    wordings = agreement.inputs.deal.wordings.values() if agreement.inputs else ()
    own = {each.id: each for each in wordings}
    return DealAsked(name, agreement.file.path, contract_data(data), document, bundle, own), signed


def events_of(
    project: Project, agreement: str, data: Mapping[str, Any], journal: Journal
) -> Mapping[str, tuple[Happened, ...]]:
    """Return what happened to an agreement, by name and in order of days: as its journal and its records say."""
    told = journal.after(data)
    life, records = lifecycle_of(told), executed(project.tree, agreement)
    own = {
        "last-signature": last_signature(records[0]) if records else "",
        "conditions-met": met_on(told),
        "renewed-until": max((each.until for each in life.renewals), default=""),
        "ended": life.ended,
    }
    found: dict[str, list[Happened]] = {}
    for name, on, key in (*((name, on, "") for name, on in own.items()), *_recorded(journal)):
        if is_date(on):
            found.setdefault(name, []).append(Happened(date.fromisoformat(on), key))
    return {name: tuple(sorted(each, key=lambda one: (one.day, one.key))) for name, each in found.items()}


def _recorded(journal: Journal) -> Iterable[tuple[str, str, str]]:
    return ((each.event, each.on, each.key) for each in journal.events if each.event not in OWN_EVENTS)
