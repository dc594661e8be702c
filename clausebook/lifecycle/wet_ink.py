"""The evidence of who signed on paper, in three parts: a scan, who compared it, and the day of the signature."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from clausebook.document.model import Document
from clausebook.findings.model import RepositoryError
from clausebook.lifecycle.turns import check_note
from clausebook.project.project import Project
from clausebook.records.model import MOST_SIGNED, numbered_scan
from clausebook.records.record_files import read_records
from clausebook.validate.value_formats import check_date
from clausebook.verify.model import Reason, Signatory, Verification
from clausebook.verify.scanned import read_scans
from clausebook.verify.trust import FIELD_OF_AGREEMENT, Anchor

_SCAN_IT = "scan all pages of the signed paper into one PDF, and give it with --scan"


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back: signed PDFs, whose certificates are trusted, who attests what by block, acknowledged reasons.

    `scans` are PDFs of paper that was signed, and `signed_on` says by block on which day that was (ISO 8601).
    """

    signed: Sequence[bytes]
    anchors: Sequence[Anchor] = ()
    attestations: Mapping[str, str] = field(default_factory=dict)
    acknowledged: Sequence[str] = ()
    scans: Sequence[bytes] = ()
    signed_on: Mapping[str, str] = field(default_factory=dict)


def check_returned(document: Document, returned: Returned, today: str) -> None:
    """Raise RepositoryError for what cannot be verified: nothing, too much, or a statement for nobody."""
    blocks = [block.id for block in document.signatures]
    for block, statement in returned.attestations.items():
        check_note(statement, "attestation")
        _known_block(document, block, blocks, "to attest for")
    for block, day in returned.signed_on.items():
        _known_block(document, block, blocks, "who could have signed on a day")
        check_date(day)
        if day > today:
            raise RepositoryError(f"{day} is in the future: today is {today}", f"correct --signed-on {block}=DATE")
        if block not in returned.attestations:
            raise RepositoryError(
                f"nobody states that {block} signed on {day}", f'say who compared the scan: --attest "{block}=WHO"'
            )
    for content in (*returned.signed, *returned.scans):
        if len(content) > MOST_SIGNED:
            raise RepositoryError(f"a file is larger than {MOST_SIGNED >> 20} MiB", "keep such a file elsewhere")
    if not returned.signed and not returned.scans:
        raise RepositoryError("there is no signed file", f"name it with --signed; of paper, {_SCAN_IT}")


def _known_block(document: Document, block: str, known: Sequence[str], what: str) -> None:
    if block not in known:
        said = f"`{document.id}` has no signatory `{block}` {what}"
        raise RepositoryError(said, f"its signatories are: {', '.join(known)}")


def on_paper(project: Project, found: Verification, returned: Returned, blank: bytes) -> tuple[Verification, str]:
    """Return what was found with what the scans add to it, and why they do not do: "" if they do, or are not needed.

    `blank` is the PDF that was to be printed.
    """
    unsigned = [number for number, file in enumerate(found.files, 1) if not file.signatures and not file.problem]
    # A file that is known to be something else is told as that.
    other = found.verdict == "differs" or (found.verdict == "unknown" and found.text.agreement)
    if returned.signed and unsigned and not other:
        return found, f"signed file {unsigned[0]} holds no signature: if it was signed on paper, {_SCAN_IT}"
    paper = _paper(found)
    for block in paper:
        if not returned.scans:
            return found, f"{block} is said to have signed on paper, but nothing shows it: {_SCAN_IT}"
        if block not in returned.signed_on:
            return (
                found,
                f"the day on which {block} signed is not told: read it there, and write --signed-on {block}=DATE",
            )
    if returned.scans and not paper and found.verdict != "verified":
        return (
            found,
            "nobody states what the scan shows: whoever compared it says so with --attest SIGNATORY=WHO AND WHAT",
        )
    if returned.scans and not paper:
        return (
            found,
            "everybody signed with a certificate, so there is no paper that a scan could show: leave out --scan",
        )
    reasons: list[Reason] = []
    for number, fact in enumerate(read_scans(blank, returned.scans) if paper else (), 1):
        if fact.problem:
            return found, f"scan {number} does not show signed paper: {fact.problem}. For ink on paper, {_SCAN_IT}"
        reasons += fact.reasons
    return _with_scans(found, paper, returned, [*reasons, *_used_before(project, returned.scans)]), ""


def _paper(found: Verification) -> list[str]:
    """Return the blocks that are attested, and in whose field nobody signed."""
    fields = {signature.field for file in found.files for signature in file.signatures}
    attested = (each.block for each in found.signatories if each.evidence == "attestation")
    return [block for block in attested if f"{block}{FIELD_OF_AGREEMENT}" not in fields]


def _with_scans(found: Verification, paper: Sequence[str], returned: Returned, more: Sequence[Reason]) -> Verification:
    names = " and ".join(numbered_scan(number) for number, _ in enumerate(returned.scans, 1))
    who: dict[str, Signatory] = {}
    for each in found.signatories:
        if each.block in paper:
            day = returned.signed_on[each.block]
            said = f"signed on paper on {day}, by {names}; attested: {returned.attestations[each.block]}"
            each = replace(each, time=day, detail=f"{said} (no cryptographic evidence)")
        who[each.block] = each
    reasons: list[Reason] = []
    for reason in found.reasons:
        block, _, kind = reason.name.rpartition(":")
        if block in paper and kind == "attestation":
            reason = replace(reason, words=f"{who[block].name or block}, for {who[block].party}: {who[block].detail}")
        if block not in paper or kind != "scan":
            reasons.append(reason)
    return replace(found, reasons=(*reasons, *more), signatories=tuple(who.values()))


def _used_before(project: Project, scans: Sequence[bytes]) -> Iterator[Reason]:
    """Yield that a scan lies in another record already: it may have been taken by mistake."""
    marks = {hashlib.sha256(scan).hexdigest(): number for number, scan in enumerate(scans, 1)}
    for record in (each for file in project.found[0] for each in read_records(project.tree, file.id)[0]):
        for file in record.files:
            if number := marks.get(file.sha256):
                said = f"scan {number} is {file.name} of the record of {record.agreement} {record.version}"
                yield Reason(f"scan-{number}:used", f"{said}: see that it shows this agreement, too")
