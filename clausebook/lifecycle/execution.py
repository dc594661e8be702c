"""Execute an agreement: verify what came back signed, then freeze its text as a record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from clausebook.amending.amendment_files import changes_path
from clausebook.amending.effect import last_signature
from clausebook.amending.sequence import DRAFTED
from clausebook.amending.settling import restated_by
from clausebook.approvals.desk import refuse_unapproved
from clausebook.assemble.inputs import AMENDS
from clausebook.document.fingerprints import fingerprint, fingerprints
from clausebook.document.interchange import MOST_BYTES, to_json
from clausebook.document.model import Document
from clausebook.document.statuses import DRAFTS
from clausebook.findings.model import Finding, FindingsError, RepositoryError
from clausebook.formats.table import FINGERPRINT_FORMS
from clausebook.lifecycle.amendment import doubts
from clausebook.lifecycle.redrafting import refuse_over_pending
from clausebook.lifecycle.turns import clause_versions, kept_library
from clausebook.lifecycle.wet_ink import Returned, check_returned, on_paper
from clausebook.load.editing import with_scalar
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project, all_findings
from clausebook.records.model import (
    DATA,
    DOCUMENT,
    MARKDOWN,
    RECORD,
    RECORD_FORMAT,
    SIGNED,
    ExecutedVersion,
    FileHash,
    RecordedAttestation,
    RecordedSignatory,
    RecordedTrust,
    as_sent_folder,
    numbered_scan,
)
from clausebook.records.notation import write
from clausebook.records.record_files import can_name_a_folder, canonical, executed, voided
from clausebook.render.files import render_files
from clausebook.repository.writing import publish_together
from clausebook.validate.common import LIFECYCLE
from clausebook.validate.value_formats import check_date, is_date
from clausebook.verify.certificates import pem_of
from clausebook.verify.model import Verification
from clausebook.verify.trust import Anchor
from clausebook.verify.verdict import UNCHECKED

EXECUTED_STATUS = "executed"
"""What the status becomes."""

COMMENT = (
    "The record of an execution, written by `clausebook execute`. It is never edited: `clausebook check` proves it."
)

Verify = Callable[[Sequence[bytes], Mapping[str, str]], Verification]
"""Verifies PDFs, given who attests what by signature block."""

_OF_TRUST_FILE = frozenset({"trust-file"})
"""Reasons that merely explain others."""


@dataclass(frozen=True, slots=True)
class Execution:
    """What was verified, and the record; without `record` nothing was written, and `refusal` says why.

    `warnings` say what is doubtful about an amendment as one.
    """

    verification: Verification
    record: ExecutedVersion | None
    refusal: str = ""
    warnings: tuple[Finding, ...] = ()


def execute(
    project: Project, agreement: str, returned: Returned, verify: Verify, today: str, date: str = ""
) -> Execution:
    """Verify what came back, and freeze the agreement's text if it is verified.

    A text that matches with incomplete evidence will do if attestations cover the signatories. `date` is that of
    the execution: without it, the day of the last signature, or `today`. Raises FindingsError if the agreement has
    errors, or something else was signed; RepositoryError for what was asked for. Nothing is written then.
    """
    found = project.assemble(project.files([agreement])[0])
    document = _executable(project, found)
    if date:
        check_date(date)
    check_returned(document, returned, today)
    blank = project.render(found, ("pdf",))[f"{document.id}.pdf"] if returned.scans else b""
    # Of paper alone, the text is that of the PDF to be printed: a person states that the paper has it.
    verification = verify(returned.signed or [blank], returned.attestations)
    verification, refusal = on_paper(project, verification, returned, blank)
    refusal = refusal or _refusal(verification, returned)
    if refusal:
        return Execution(verification, None, refusal)
    document = replace(document, form=_signed_form(found, document, verification))
    days = [signatory.time[:10] for signatory in verification.signatories if is_date(signatory.time[:10])]
    day = date or max(days, default=today)
    _check_day(day, project, found, verification, today)
    files = _files(project, found, replace(document, status=EXECUTED_STATUS), returned, verification, day)
    record, warnings = _proven(project, found, files)
    publish_together(files, project.root)
    return Execution(verification, record, warnings=warnings)


def _executable(project: Project, found: Agreement) -> Document:
    if found.record:
        raise RepositoryError(
            f"version {found.record.version} of `{found.file.id}` was executed already, on {found.record.date}",
            "a record never changes: raise `version` for a new draft, or amend the agreement",
        )
    for record, mark in voided(project.tree, found.file.id):
        if record.version == str(found.data.get("version", "")):
            raise RepositoryError(
                f"version {record.version} of `{found.file.id}` was executed before, and that record is {mark.words()}",
                "a record keeps its version, though it is void: raise `version`, and have that signed",
            )
    document = found.document
    if document is None or found.inputs is None:
        raise FindingsError(all_findings(project, [found]))
    if document.status in DRAFTS:
        raise RepositoryError(
            f"`{document.id}` has the status {document.status}: what is sent out at that status carries the DRAFT mark",
            "set the status to approved, build the PDF, and have that signed",
        )
    refuse_unapproved(project, found)
    refuse_over_pending(project, found)
    if not can_name_a_folder(document.version):
        raise RepositoryError(
            f"the version {document.version} cannot name the folder of a record", "write it as numbers with points"
        )
    return document


def _refusal(found: Verification, returned: Returned) -> str:
    """Say why what was found does not do, "" if it does: it is verified, or a person answers for each open reason."""
    if found.verdict == "verified":
        return ""
    if found.verdict != "incomplete":
        return "what came back is not proven to be the agreement"
    unsigned = [each.block for each in found.signatories if each.evidence == "none"]
    if unsigned or not found.signatories:
        whose = f" of {', '.join(unsigned)}" if unsigned else ""
        return f"the evidence for the signatures{whose} is incomplete: somebody must attest them, with --attest"
    answered = {*returned.acknowledged, *(f"{block}:attestation" for block in returned.attestations), *_OF_TRUST_FILE}
    left = [reason for reason in found.reasons if reason.name not in answered]
    if not left:
        return ""
    told = "; ".join(reason.words for reason in left)
    how = " ".join(f"--acknowledge {reason.name}" for reason in left)
    trust = "say whose certificates count for whom, with --trust PARTY=FILE or in trust.yaml"
    mend = trust if any(reason.name.endswith(UNCHECKED) for reason in left) else "Mend it"
    return f"this is open: {told}. {mend[0].upper()}{mend[1:]}; or, if somebody answers for it, say so: {how}"


def _signed_form(found: Agreement, document: Document, verification: Verification) -> int:
    """Return the form of fingerprint by which the text was signed, which its record keeps.

    Raise FindingsError if what was signed is another text than the one that would be frozen.
    """
    text = verification.text
    signed = (text.agreement or document.id, text.version or document.version)
    marks = dict(zip(fingerprints(document), FINGERPRINT_FORMS, strict=True)) | {"": document.form}
    if signed == (document.id, document.version) and text.fingerprint in marks:
        return marks[text.fingerprint]
    said = f"what was signed is version {signed[1]} of {signed[0]} (fingerprint {text.fingerprint[:12]}), "
    said += f"but this repository now has version {document.version} (fingerprint {fingerprint(document)[:12]})"
    hint = f"execute that one: clausebook execute {signed[0]} --signed FILE.pdf"
    if signed[0] == document.id:
        paths = [found.file.path, *([changes_path(document.id)] if AMENDS in found.data else [])]
        known = f": git checkout {text.commits[0][:12]} -- {' '.join(paths)}" if text.commits else ""
        hint = "commit what the agreement says now, so that it is kept; bring it back to the text that was signed"
        hint += f"{known}; execute that, then go on with the newer text as a higher version"
    line = found.inputs.deal.locate("/version")[0] if found.inputs else 1
    raise FindingsError([Finding("core/executed-text", said, found.file.path, line, 1, "/version", hint)])


def _check_day(day: str, project: Project, found: Agreement, verification: Verification, today: str) -> None:
    """Raise RepositoryError if an execution cannot have been on a day."""
    if day > today:
        raise RepositoryError(f"{day} is in the future: today is {today}", "write the day of the execution with --date")
    times = [each.time for each in verification.signatories]
    last = max((_first_day(each) for each in times if each), default="")
    if day < last:
        said = max(each[:10] for each in times if each)
        raise RepositoryError(f"{day} is before the last signature, of {said}", _DAY)
    amended = str(found.data[AMENDS]["agreement"]) if AMENDS in found.data else found.file.id
    before = [text.by for text in project.chain_of(amended).texts]
    for record in dict.fromkeys((*before, *executed(project.tree, found.file.id))):
        if day < record.date:
            said = f"{day} is before {record.agreement} {record.version} was executed, on {record.date}"
            raise RepositoryError(f"{said}, which this follows", _DAY)
        # What tells of its signatures takes effect by them, not by the day that somebody writes.
        if all(times) and max(map(_last_day, times), default=day) < (signed := last_signature(record)):
            said = f"the last signature is of {max(times)[:10]}, before {record.agreement} {record.version} was signed"
            raise RepositoryError(f"{said}, on {signed}, which this follows", _CLOCK)


def _first_day(time: str) -> str:
    """Return the first day on which a signature can be: it says UTC, and on paper just a day."""
    return time if is_date(time) else (datetime.fromisoformat(time) - timedelta(hours=12)).date().isoformat()


def _last_day(time: str) -> str:
    """Return the last day on which a signature can be."""
    return time if is_date(time) else (datetime.fromisoformat(time) + timedelta(hours=14)).date().isoformat()


_CLOCK = (
    "a clock was wrong: have it signed anew, with the time of an authority (--timestamp-url); or correct --signed-on"
)
_DAY = "write the day of the last signature with --date, or leave it out"


def _files(
    project: Project, found: Agreement, document: Document, returned: Returned, verification: Verification, day: str
) -> dict[str, bytes]:
    """Return all that is written, by path; the agreement's own file comes last."""
    path = found.file.path
    data = canonical({name: value for name, value in found.data.items() if name != LIFECYCLE})
    held = {
        MARKDOWN: render_files(document, project.root, ("md",))[f"{document.id}.md"],
        DOCUMENT: f"{to_json(document)}\n".encode(),
        DATA: data + b"\n",
    }
    for number, content in enumerate(returned.signed, 1):
        held[SIGNED if number == 1 else SIGNED.replace(".", f"-{number}.")] = content
    scans = {numbered_scan(number): content for number, content in enumerate(returned.scans, 1)}
    held |= scans
    trust = []
    for number, used in enumerate(_used(returned.anchors, verification), 1):
        file = f"certificate-{number}.pem"
        held[file] = pem_of(used.pinned)
        trust.append(RecordedTrust(file, used.role.kind, used.role.name, used.role.origin))
    record = ExecutedVersion(
        agreement=document.id,
        type=document.type,
        version=document.version,
        date=day,
        verdict=verification.verdict,
        reasons=tuple(reason.words for reason in verification.reasons),
        text=fingerprint(document),
        data=hashlib.sha256(data).hexdigest(),
        signatories=tuple(
            RecordedSignatory(each.block, each.party, each.name, each.evidence, each.time, each.detail)
            for each in verification.signatories
        ),
        attestations=tuple(
            _attestation(block, said, returned.signed_on.get(block, ""), scans)
            for block, said in sorted(returned.attestations.items())
        ),
        clauses=clause_versions(document),
        wordings=_wordings(project, found, document),
        files=tuple(_hash(name, held[name]) for name in sorted(held)),
        trust=tuple(trust),
        acknowledged=tuple(sorted(set(returned.acknowledged))),
    )
    return {
        **kept_library(project.tree, found, document),
        **{f"{record.folder}/{name}": content for name, content in held.items()},
        f"{record.folder}/{RECORD}": write(record, RECORD_FORMAT, COMMENT),
        **_in_force(project, found),
        path: with_scalar(project.tree.read(path), "status", EXECUTED_STATUS, path),
    }


def _attestation(block: str, said: str, day: str, scans: Iterable[str]) -> RecordedAttestation:
    return RecordedAttestation(block, said, day, tuple(scans) if day else ())


def _used(anchors: Sequence[Anchor], verification: Verification) -> list[Anchor]:
    """Return whose certificates proved something."""
    roles = {role for file in verification.files for signature in file.signatures for role in signature.roles}
    return [each for each in anchors if each.role in roles]


def _in_force(project: Project, found: Agreement) -> dict[str, bytes]:
    """Return the file of the agreement that an amendment changes, with its status: its new text is in force now.

    A draft that has gone on to a later version keeps its own status.
    """
    restated = restated_by(project.tree, found.file.id, found.data, project.chain_of)
    amended = found.data[AMENDS]["agreement"] if restated else ""
    files = {}
    for file in project.found[0]:
        data = project.load(file)[0] if file.id == amended else None
        if restated and data and str(data["version"]) == restated.version:
            files[file.path] = with_scalar(project.tree.read(file.path), "status", EXECUTED_STATUS, file.path)
    return files


def _wordings(project: Project, found: Agreement, document: Document) -> tuple[FileHash, ...]:
    folder, kept = f"{found.file.path.rpartition('.')[0]}/", f"{as_sent_folder(found.file.id)}/"
    paths = {clause.source.path for clause in document.clauses() if clause.source}
    own = sorted(path for path in paths if path.startswith(folder) and not path.startswith(kept))
    # What an amendment changes is no file of its record, and makes the text that is in force.
    own += [changes_path(found.file.id)] if AMENDS in found.data else []
    return tuple(
        _hash(path.removeprefix(folder), project.tree.raw(path, MOST_BYTES).replace(b"\r\n", b"\n")) for path in own
    )


def _hash(name: str, content: bytes) -> FileHash:
    return FileHash(name, hashlib.sha256(content).hexdigest())


def _proven(
    project: Project, found: Agreement, files: Mapping[str, bytes]
) -> tuple[ExecutedVersion, tuple[Finding, ...]]:
    """Read back what is about to be written; return its record and doubts. Raise FindingsError if it is not valid."""
    after = project.with_files(files)
    frozen = after.assemble(found.file)
    if frozen.document is None or frozen.record is None:
        raise FindingsError(all_findings(after, [frozen]))
    # An executed version is no draft's any more, but its number stays what it is.
    draft = (each for each in doubts(found) if each.rule in DRAFTED)
    return frozen.record, (*doubts(frozen), *draft)
