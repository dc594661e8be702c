"""Where the approvals of a deal stand: each need against what was given, by whom, and how it is proven."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clausebook.approvals.model import ApprovalFile, ApprovalStanding, Approver, Key, Need, State
from clausebook.approvals.offices import same_office
from clausebook.approvals.signatures import signed_by
from clausebook.library.model import PROOFS

STATES: tuple[State, ...] = ("given", "refused", "lapsed", "missing")
"""The best first: what is told of a need for which several approvals were tried."""


@dataclass(frozen=True, slots=True)
class Bench:
    """By what approvals are judged: who may approve by the base, and who made the change.

    `authors` are names and e-mail addresses of whoever changed the agreement since the base; `reviewers` the logins of
    those who approved the commit that is checked out at the forge. `notes` say why somebody is not known.
    """

    approvers: tuple[Approver, ...] = ()
    authors: frozenset[str] = frozenset()
    reviewers: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def standings(
    agreement: str, needs: Iterable[Need], files: Sequence[ApprovalFile], bench: Bench, as_of: str = ""
) -> tuple[ApprovalStanding, ...]:
    """Return where each need stands. What is approved is approved for this agreement alone, as it was then."""
    return tuple(_standing(agreement, need, files, bench, as_of) for need in needs)


def _standing(agreement: str, need: Need, files: Sequence[ApprovalFile], bench: Bench, as_of: str) -> ApprovalStanding:
    found = [*_by_files(agreement, need, files, bench, as_of), *_by_reviews(need, bench)]
    return min(found, key=lambda each: STATES.index(each.state), default=ApprovalStanding(need, "missing"))


def _by_files(
    agreement: str, need: Need, files: Sequence[ApprovalFile], bench: Bench, as_of: str
) -> Iterator[ApprovalStanding]:
    for file in files:
        record = file.record
        if not same_office(record.role, need.role):
            continue
        same = [each for each in record.approves if (each.kind, each.id) == (need.kind, need.id)]
        if not same:
            continue
        told = {"by": record.by, "date": record.date, "path": file.path}
        if record.agreement != agreement:
            yield ApprovalStanding(need, "refused", f"it was given for `{record.agreement}`", **told)
        elif not any(each.fingerprint == need.fingerprint for each in same):
            yield ApprovalStanding(need, "lapsed", "what was approved has changed since", **told)
        else:
            proof, why = _proof(file, need, bench, as_of)
            yield ApprovalStanding(need, "refused" if why else "given", why, **told, proof=proof)


def _by_reviews(need: Need, bench: Bench) -> Iterator[ApprovalStanding]:
    for approver in bench.approvers:
        logins = {login.casefold() for login in approver.logins} & bench.reviewers
        if logins and any(same_office(role, need.role) for role in approver.offices) and not _own(approver, bench):
            if PROOFS.index(need.proof) <= PROOFS.index("reviewed"):
                yield ApprovalStanding(need, "given", by=approver.name, proof="reviewed")
            else:
                yield ApprovalStanding(need, "refused", "it was reviewed, and must be signed", by=approver.name)


def _proof(file: ApprovalFile, need: Need, bench: Bench, as_of: str) -> tuple[str, str]:
    """Return how an approval is proven, and why it does not hold, "" if it does."""
    record = file.record
    approver = next((each for each in bench.approvers if _same_person(each.name, record.by)), None)
    if approver is None:
        return "", f"`approvers.yaml` at the base does not name {record.by}"
    if not any(same_office(role, need.role) for role in approver.offices):
        return "", f"{approver.name} does not hold the office of {need.role}"
    if not _within(record.date, approver.first, approver.last):
        return "", f"{approver.name} was not in office on {record.date}"
    if as_of and record.date > as_of:
        return "", f"its day, {record.date}, is yet to come"
    if _own(approver, bench):
        return "", f"{approver.name} made the change, and nobody approves their own"
    proof, why = _graded(file, approver.keys)
    if not why and PROOFS.index(proof) < PROOFS.index(need.proof):
        why = f"it is {proof}, and must be {need.proof}"
    return proof, why


def _graded(file: ApprovalFile, keys: Sequence[Key]) -> tuple[str, str]:
    record = file.record
    if file.signature:
        key = signed_by(file.content, file.signature, keys)
        if key is None:
            return "", f"its signature is not one of {record.by} over this approval"
        if not _within(record.date, key.first, key.last):
            return "", f"the key that signed it did not count on {record.date}"
        return "signed", ""
    if record.evidence:
        if not record.recorded_by or _same_person(record.recorded_by, record.by):
            return "", "who attests an approval is somebody else than who gives it"
        if hashlib.sha256(file.evidence).hexdigest() != record.sha256:
            return "", f"the evidence `{record.evidence}` is not beside it, or is another file than was recorded"
        return "attested", ""
    return "stated", ""


def _own(approver: Approver, bench: Bench) -> bool:
    known = {" ".join(each.split()).casefold() for each in (approver.name, *approver.emails)}
    return bool(known & bench.authors)


def _same_person(name: str, other: str) -> bool:
    return " ".join(name.split()).casefold() == " ".join(other.split()).casefold()


def _within(day: str, first: str, last: str) -> bool:
    return (not first or first <= day) and (not last or day <= last)
