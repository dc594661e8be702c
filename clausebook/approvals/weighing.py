"""Where the approvals of a deal stand: each need against what was given, by whom, and how it is proven."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clausebook.approvals.model import ApprovalFile, ApprovalStanding, Approver, Need, State
from clausebook.approvals.offices import in_office, same_office
from clausebook.approvals.reviews import ForgeReview
from clausebook.approvals.signatures import signed_by
from clausebook.findings.characters import folded
from clausebook.library.model import PROOFS
from clausebook.validate.value_formats import is_calendar_date

STATES: tuple[State, ...] = ("given", "refused", "lapsed", "missing")
"""The best first: what is told of a need for which several approvals were tried."""


@dataclass(frozen=True, slots=True)
class Bench:
    """By what approvals are judged: who may approve by the base, and who made the change.

    `authors` are names and e-mail addresses, folded, of whoever changed the agreement since the base; `reviews` those
    of the forge that approve exactly what is judged. `notes` say why somebody is not known.
    """

    approvers: tuple[Approver, ...] = ()
    authors: frozenset[str] = frozenset()
    reviews: tuple[ForgeReview, ...] = ()
    notes: tuple[str, ...] = ()


def standings(
    agreement: str, needs: Iterable[Need], files: Sequence[ApprovalFile], bench: Bench, as_of: str = ""
) -> tuple[ApprovalStanding, ...]:
    """Return where each need stands. What is approved is approved for this agreement alone, as it was then.

    Of several approvals that do not hold, the newest is told.
    """
    newest = sorted(files, key=lambda file: file.record.date, reverse=True)
    return tuple(_standing(agreement, need, newest, bench, as_of) for need in needs)


def _standing(agreement: str, need: Need, files: Sequence[ApprovalFile], bench: Bench, as_of: str) -> ApprovalStanding:
    found = [*_by_files(agreement, need, files, bench, as_of), *_by_reviews(agreement, need, bench)]
    return min(found, key=lambda each: STATES.index(each.state), default=ApprovalStanding(agreement, need, "missing"))


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
        told = {"by": record.by, "date": record.date, "path": file.path, "note": record.note}
        if record.agreement != agreement:
            yield ApprovalStanding(agreement, need, "refused", f"it was given for `{record.agreement}`", **told)
        elif not any(each.fingerprint == need.fingerprint for each in same):
            yield ApprovalStanding(agreement, need, "lapsed", "what was approved has changed since", **told)
        else:
            proof, why = _proof(file, need, bench, as_of)
            yield ApprovalStanding(agreement, need, "refused" if why else "given", why, **told, proof=proof)


def _by_reviews(agreement: str, need: Need, bench: Bench) -> Iterator[ApprovalStanding]:
    for approver in bench.approvers:
        if not any(same_office(role, need.role) for role in approver.offices):
            continue
        logins = {login.casefold() for login in approver.logins}
        for review in bench.reviews:
            if review.login.casefold() in logins:
                why = _barred(approver, review.date, bench)
                if not why and PROOFS.index("reviewed") < PROOFS.index(need.proof):
                    why = f"it is reviewed, and must be {need.proof}"
                told = {"by": approver.name, "date": review.date, "proof": "reviewed"}
                yield ApprovalStanding(agreement, need, "refused" if why else "given", why, **told)


def _proof(file: ApprovalFile, need: Need, bench: Bench, as_of: str) -> tuple[str, str]:
    """Return how an approval is proven, and why it does not hold, "" if it does."""
    record = file.record
    approver = next((each for each in bench.approvers if folded(each.name) == folded(record.by)), None)
    if approver is None:
        return "", f"`approvers.yaml` on the protected branch does not name {record.by}"
    if not any(same_office(role, need.role) for role in approver.offices):
        return "", f"{approver.name} does not hold the office of {need.role}"
    if not is_calendar_date(record.date):
        return "", f"its day, {record.date}, is no day"
    if why := _barred(approver, record.date, bench):
        return "", why
    if as_of and record.date > as_of:
        return "", f"its day, {record.date}, is yet to come"
    proof, why = _graded(file, approver)
    if not why and PROOFS.index(proof) < PROOFS.index(need.proof):
        why = f"it is {proof}, and must be {need.proof}"
    return proof, why


def _barred(approver: Approver, day: str, bench: Bench) -> str:
    """Return why somebody could not approve on a day, "" if they could; without a day, only who is always in office."""
    if not in_office(day, approver.first, approver.last):
        return f"{approver.name} was not in office on {day or 'a day that is not told'}"
    known = {folded(each) for each in (approver.name, *approver.emails)}
    return f"{approver.name} made the change, and nobody approves their own" if known & bench.authors else ""


def _graded(file: ApprovalFile, approver: Approver) -> tuple[str, str]:
    record = file.record
    if file.signature:
        key = signed_by(file.content, file.signature, approver.keys)
        if key is None:
            return "", f"its signature is not one of {record.by} over this approval"
        if not in_office(record.date, key.first, key.last):
            return "", f"the key that signed it did not count on {record.date}"
        return "signed", ""
    if record.evidence:
        own = {folded(each) for each in (record.by, approver.name, *approver.emails, *approver.logins, "")}
        if folded(record.recorded_by) in own:
            return "", "who attests an approval is somebody else than who gives it"
        if not file.evidence or record.sha256 not in _hashes(file.evidence):
            return "", f"the evidence `{record.evidence}` is not beside it, or is another file than was recorded"
        return "attested", ""
    return "stated", ""


def _hashes(content: bytes) -> tuple[str, ...]:
    """Return the hashes of some content as it is, and with the line ends that git may have given it."""
    unix = content.replace(b"\r\n", b"\n")
    return tuple(hashlib.sha256(each).hexdigest() for each in (content, unix, unix.replace(b"\n", b"\r\n")))
