"""Everything that stands between a text and its signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebook.approvals.authority import Commitment, Powers, beyond, commitment_of, counted
from clausebook.approvals.desk import Desk, asked_in
from clausebook.approvals.model import ApprovalStanding
from clausebook.approvals.offices import name_key, same_office
from clausebook.document.fingerprints import fingerprints
from clausebook.document.model import Document
from clausebook.document.statuses import DRAFTS, ENDED
from clausebook.findings.model import Finding
from clausebook.lifecycle.standing import ToSign, to_sign
from clausebook.project.agreement import Agreement, ordered
from clausebook.project.project import Project
from clausebook.records.record_files import turns
from clausebook.rules.deal import judged
from clausebook.rules.evaluating import uses_of
from clausebook.rules.silence_list import LeftOpen, left_open
from clausebook.rules.waivers import unwaived
from clausebook.validate.common import WAIVERS

_NO_DAY = "no day is given, so nothing is said to have passed: give the day, as --as-of 2026-12-01"


_NOBODY = (
    "`authority.yaml` names none of the parties, so nobody is known who may bind one to this: "
    "write the legal name as it stands there"
)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands between an agreement and its signatures.

    `findings` are what is wrong, `reasons` what else keeps it from being signed; it is ready without both.
    `approvals` are all, given or not; `left` is what it leaves to the standard; `notes` are worth knowing.
    """

    agreement: str
    findings: tuple[Finding, ...]
    reasons: tuple[str, ...]
    approvals: tuple[ApprovalStanding, ...]
    left: tuple[LeftOpen, ...]
    notes: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Tell whether nothing stands in the way."""
        return not self.findings and not self.reasons


def readiness(project: Project, desk: Desk, found: Agreement, others: Sequence[Agreement], as_of: str) -> Readiness:
    """Return what stands between an agreement and its signatures; `others` are all of the repository, or fewer."""
    document, inputs = found.document, found.inputs
    findings = [each for each in found.findings if each.severity != "note"]
    if document is None or inputs is None:
        return Readiness(found.file.id, ordered(findings), ("there is no text to sign",), (), (), ())
    if found.record:
        said = f"version {found.record.version} was executed on {found.record.date}: there is nothing to sign"
        if document.restated:
            said = (
                f"version {document.version} is in force by `{found.record.agreement}`: its restated copy is not signed"
            )
        return Readiness(found.file.id, ordered(findings), (said,), (), (), ())
    # What an amendment commits to, and by whose rules, is told by the agreement as it amends it.
    amended = desk.amended(found)
    deal = amended or found
    findings += _asked_before_signing(project, found, as_of)
    if amended:
        findings += [each for each in amended.findings if each.severity != "note"]
        findings += _asked_before_signing(project, amended, as_of)
    approvals = desk.approvals(found)
    wrong = desk.powers[1]
    findings += [each for each in (*approvals.findings, *wrong) if each.severity != "note"]
    reasons = [
        *([f"the status is {document.status}: set it to approved"] if document.status in DRAFTS else []),
        *(_open(found, each) for each in approvals.open),
        *_unbound(project, desk, deal, document, [each for each in others if each.file.id != found.file.id], as_of),
        *_unentitled(project, desk, deal, approvals.standings, as_of),
    ]
    waived = map(_waived, found.data.get(WAIVERS, ()))
    notes = [*([] if as_of else [_NO_DAY]), *waived, *_notes(project, found, document), *desk.notes]
    left = left_open(found.silences, inputs.label)
    return Readiness(found.file.id, ordered(findings), tuple(reasons), approvals.standings, left, tuple(notes))


def _waived(waiver: Mapping[str, str]) -> str:
    return f"waived by {waiver['by']} until {waiver['until']}: {waiver['rule']} at {waiver['at']}: {waiver['reason']}"


def _asked_before_signing(project: Project, found: Agreement, as_of: str) -> Iterator[Finding]:
    if found.document and found.inputs:
        uses, bundle = uses_of(found.document, found.inputs.kind), project.type(found.inputs.kind.name)
        deal, kind = found.inputs.deal, bundle.kind or found.inputs.kind
        wrong = judged(deal, bundle, uses, as_of, project.sandbox, signing=True)
        yield from unwaived(wrong, found.data.get(WAIVERS, ()), deal, kind, as_of, signing=True)


def _open(found: Agreement, standing: ApprovalStanding) -> str:
    need = standing.need
    why = f": {standing.why}" if standing.why else ""
    return f"{asked_in(found, standing)}; to be approved by the {need.role} ({standing.state}{why})"


def _unbound(
    project: Project, desk: Desk, found: Agreement, document: Document, others: Sequence[Agreement], as_of: str
) -> Iterator[str]:
    """Yield the signatories who may not bind their party to this, with what else it owes to the same parties."""
    powers, _ = desk.powers
    if powers.powers and not any(powers.of(party["legal_name"]) for party in found.data["parties"]):
        yield _NOBODY
    for signer in to_sign(document):
        yield from _beyond(project, desk, found, signer, others, as_of)


def _beyond(
    project: Project, desk: Desk, found: Agreement, signer: ToSign, others: Sequence[Agreement], as_of: str
) -> Iterator[str]:
    powers, _ = desk.powers
    if not powers.of(signer.party):
        return
    deal = _commitment(project, desk, found)
    beside = [
        commitment
        for other in others
        if other.file.id != found.file.id
        and _with_the_same(found, other, signer.party)
        and counted(powers, other.record.date if other.record else "", as_of)
        and (commitment := _commitment(project, desk, other))
    ]
    kind = str(found.data["type"])
    if why := beyond(powers, signer.party, signer.name, signer.title, kind, deal, beside, as_of):
        yield why


def _unentitled(
    project: Project, desk: Desk, found: Agreement, standings: Sequence[ApprovalStanding], as_of: str
) -> Iterator[str]:
    """Yield the approvals of offices whose own authority ends below what the deal commits the house to."""
    powers, _ = desk.powers
    own = {name_key(str(party["legal_name"])) for party in found.data["parties"]}
    deal, kind = _commitment(project, desk, found), str(found.data["type"])
    for standing in standings:
        for power in powers.powers if standing.state == "given" else ():
            if name_key(power.entity) in own and same_office(power.office, standing.need.role):
                limited = Powers((power,), powers.within)
                if why := beyond(limited, power.entity, standing.by, standing.need.role, kind, deal, (), as_of):
                    yield f"{why}, and so cannot approve it"


def _commitment(project: Project, desk: Desk, agreement: Agreement) -> Commitment | None:
    if not agreement.data:
        return None
    kind = str(agreement.data["type"])
    there = desk.type_at_base(kind)
    return commitment_of(agreement.data, there if there and there.kind else project.type(kind), project.sandbox)


def _with_the_same(one: Agreement, other: Agreement, entity: str) -> bool:
    """Tell whether another deal that binds counts with one: between the entity and one of the same others."""
    if not other.data or other.data["status"] in (*DRAFTS, *ENDED):
        return False
    names = [{name_key(each["legal_name"]) for each in deal.data["parties"]} for deal in (one, other)]
    own = name_key(entity)
    return own in names[1] and bool((names[0] & names[1]) - {own})


def _notes(project: Project, found: Agreement, document: Document) -> Iterator[str]:
    for signer in to_sign(document):
        if not signer.name:
            yield f"{signer.party} has not named who signs: its block has a blank for the name"
    sent = [turn for turn in turns(project.tree, found.file.id) if turn.direction == "sent"]
    if sent and sent[-1].text not in fingerprints(document):
        yield f"the text is not the one that was sent last, on {sent[-1].date} as version {sent[-1].version}"
    elif sent and sent[-1].version != document.version:
        last = sent[-1]
        yield f"its words were sent last on {last.date} as version {last.version}, and not as {document.version}"
