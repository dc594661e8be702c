"""Whether a PDF is intact: its signatures, what each covers, and what came after each.

The file may be hostile. Each signature must cover one whole revision of the file, but for its own value; each
revision after it is read as a PDF of its own and compared with the one before, object by object; and what a signature
does not allow is named. After a signature only these are allowed: signatures in other fields, the filling of fields
that it does not lock, invisible signatures and document timestamps, and data for long-term validation.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pikepdf
from pyhanko.pdf_utils.generic import parse_pdf_date

from clausebook.verify.certificates import issuer_of, name_of, organisation_of
from clausebook.verify.integrity.byte_ranges import (
    MAX_SIGNATURES,
    Coverage,
    Fault,
    Unjudged,
    appended,
    coverage,
    signed_ranges,
    unreadable,
    value_of,
)
from clausebook.verify.integrity.cms import (
    HASHES,
    UNSAFE,
    Signed,
    read_signed,
    statements,
    time_of,
    trusted_for,
    validation_data,
)
from clausebook.verify.integrity.form import Field, Lock, content_of, entries, fields_of, locks_of, plain, whole
from clausebook.verify.integrity.later_changes import FileChange, changes
from clausebook.verify.integrity.opening import Opinion, opened, second_opinion
from clausebook.verify.integrity.revision import PdfRevision
from clausebook.verify.model import FileFact, RoleKind, Signature, SignatureKind
from clausebook.verify.naming import besides, is_contact, is_place
from clausebook.verify.trust import FIELD_OF_AGREEMENT, TrustStore

_DETACHED = {"/adbe.pkcs7.detached", "/ETSI.CAdES.detached"}
_TIMESTAMP = "/ETSI.RFC3161"
_MAX_LIST = 8 << 20
_FORMER = (
    "other programs may call the signature in `{}` invalid: it was made without drawing the name and title of its block"
    " again, as was done formerly; so they take what was signed later for a change of these, but nothing has changed"
)
_DAMAGED = "The file is damaged, or was made to mislead: "


@dataclass(frozen=True, slots=True)
class _Found:
    """One signature while it is examined: its field, what it covers, its value, and what is said about it."""

    field: Field
    said: Signature
    covers: Coverage | None = None
    signed: Signed | None = None

    @property
    def stop(self) -> int:
        return self.covers.stop if self.covers else 0


_AHEAD = timedelta(days=1)
"""How far a signer's clock may be ahead, time zones included."""

_NOBODY = TrustStore()


def examine(
    pdf: bytes,
    store: TrustStore = _NOBODY,
    *,
    fields: Collection[str] | None = None,
    moment: datetime | None = None,
) -> FileFact:
    """Return what the bytes of a PDF tell about its signatures; never raises, whatever they are.

    `fields` are the names of the agreement's own signature fields; if None, those that end with `-signature`.
    `store` says which certificates are trusted, each for something; without any, nothing is told of trust.
    `moment` is when certificates must be valid, unless a trusted time stamp says when they were used; now, if None.
    """
    with contextlib.ExitStack() as stack:
        return examined(pdf, stack, store, fields=fields, moment=moment)[0]


def examined(
    pdf: bytes,
    stack: contextlib.ExitStack,
    store: TrustStore,
    *,
    fields: Collection[str] | None = None,
    moment: datetime | None = None,
) -> tuple[FileFact, pikepdf.Pdf | None]:
    """Return what `examine` does, and the PDF, open as long as the stack, if it could be examined to the end.

    To read all of its objects once more would take as long as to examine them.
    """
    problem = unreadable(pdf)
    if problem:
        return FileFact(problem=problem), None
    try:
        document = stack.enter_context(opened(pdf))
        return _examine(pdf, document, store.at(moment or datetime.now(UTC)), fields), document
    except pikepdf.PasswordError:
        problem = "The file is encrypted: without its password nothing can be told."
    except Fault as error:
        problem = f"{_DAMAGED}{error}."
    except Exception:  # the one place: readers of PDF and ASN.1 raise what they like on a hostile file
        problem = f"{_DAMAGED}it cannot be read."
    return FileFact(problem=problem), None


def _examine(pdf: bytes, document: pikepdf.Pdf, trust: TrustStore, own: Collection[str] | None) -> FileFact:
    filled = [field for field in fields_of(document).values() if field.signed]
    if len(filled) > MAX_SIGNATURES:
        raise Fault(f"it has more than {MAX_SIGNATURES} signatures")
    found = sorted((_read(pdf, field, own) for field in filled), key=lambda item: item.stop)
    trust = _with_validation_data(document, trust)
    problem = _whole(pdf, found)
    found = _in_time(found, trust)
    found, after, steps = _compared(pdf, document, found)
    seen = Opinion(pdf.count(b"startxref"), problem)
    if not problem and found and all(item.said.sound for item in found):
        seen = second_opinion(pdf, [(item.field.name, item.covers) for item in found if item.covers])
    remarks = tuple(_FORMER.format(plain(name)) for name in seen.former)
    return FileFact(tuple(item.said for item in found), seen.revisions, after, seen.problem or steps, remarks)


def _read(pdf: bytes, field: Field, own: Collection[str] | None) -> _Found:
    """Prove one signature by itself."""
    value = entries(field.value)
    timestamp = str(value.get("/Type", "")) == "/DocTimeStamp" or str(value.get("/SubFilter", "")) == _TIMESTAMP
    said = Signature(plain(field.name), _kind(field.name, timestamp, own), said=_text(value, "/Reason"))
    try:
        kind = str(value.get("/SubFilter", ""))
        if not (kind == _TIMESTAMP if timestamp else kind in _DETACHED):
            raise Unjudged(f"It is of a kind that cannot be proved here ({plain(kind) or 'none is named'}).")
        ranges, contents = value.get("/ByteRange"), value.get("/Contents")
        if not isinstance(ranges, pikepdf.Array) or not all(isinstance(number, int) for number in ranges):
            raise Fault("It does not say what it covers.")
        if not isinstance(contents, pikepdf.String):
            raise Fault("It has no value.")
        covers = coverage(pdf, [int(number) for number in ranges], bytes(contents))
        signed = read_signed(value_of(bytes(contents)), _digest(pdf, covers), timestamp=timestamp)
    except Fault as error:
        return _Found(field, replace(said, problem=str(error), unjudged=isinstance(error, Unjudged)))
    except Exception:  # as in `examine`: one bad signature must not hide what the others say
        return _Found(field, replace(said, problem=_BROKEN))
    said = replace(
        said,
        intact=True,
        signer=whole(name_of(signed.certificate)),
        organisation=whole(organisation_of(signed.certificate)),
        issuer=plain(issuer_of(signed.certificate)),
        certificate=signed.certificate.sha256.hex(),
        key=signed.certificate.public_key.sha256.hex(),
        besides=(*_besides(value, whole(name_of(signed.certificate))), *statements(signed)),
    )
    return _Found(field, said, covers, signed)


def _besides(value: Mapping[str, pikepdf.Object], signer: str) -> Iterator[str]:
    """Yield what a signature's dictionary says, beside a reason, that is no name, place or way to reach somebody."""
    for key, known in (
        ("/Name", lambda words: not besides(words, signer)),
        ("/Location", is_place),
        ("/ContactInfo", is_contact),
    ):
        words = _text(value, key)
        if words and not known(words):
            yield f"{key[1:]}: {words}"


def _text(value: Mapping[str, pikepdf.Object], key: str) -> str:
    words = value.get(key)
    return whole(str(words)) if isinstance(words, pikepdf.String) else ""


_BROKEN = "What stands in it is no signature that can be read."


def _kind(name: str, timestamp: bool, own: Collection[str] | None) -> SignatureKind:
    if timestamp:
        return "timestamp"
    ours = name.endswith(FIELD_OF_AGREEMENT) if own is None else name in own
    return "signature" if ours else "seal"


def _digest(pdf: bytes, covers: Coverage) -> _Digest:
    return _Digest(memoryview(pdf), covers)


@dataclass(frozen=True, slots=True)
class _Digest:
    """Hashes what a signature covers."""

    pdf: memoryview
    covers: Coverage

    def __call__(self, algorithm: str) -> bytes:
        if algorithm not in HASHES:
            raise Unjudged(UNSAFE.format(algorithm))
        state = hashlib.new(algorithm, self.pdf[: self.covers.gap])
        state.update(self.pdf[self.covers.after : self.covers.stop])
        return state.digest()


def _whole(pdf: bytes, found: Sequence[_Found]) -> str:
    """Say what is wrong with the signatures together, or return ""."""
    intact = [item for item in found if item.covers]
    for one, other in itertools.pairwise(intact):
        if one.covers and other.covers and other.covers.gap < one.covers.stop:
            return f"{_DAMAGED}two signatures cover the same revision of it."
    if len(intact) == len(found):
        covers = [item.covers for item in intact if item.covers]
        known = {(one.gap, one.after, one.stop - one.after) for one in covers}
        if signed_ranges(pdf) - known:
            return f"{_DAMAGED}it holds a signature that its form does not show."
    return ""


_ROLES: Mapping[SignatureKind, RoleKind] = {"signature": "party", "seal": "service", "timestamp": "time"}
"""The role in which certificates must be trusted for each kind of signature."""


def _in_time(items: Sequence[_Found], trust: TrustStore) -> list[_Found]:
    """Find when each was signed and whether to trust it: from the last, for a timestamp proves what is before it."""
    told: list[_Found] = []
    latest = trust.moment + _AHEAD
    for item in reversed(items):
        if item.signed is None:
            told.append(item)
            continue
        when = time_of(item.signed, trust, _declared(item.field))
        said = replace(
            item.said,
            time=when.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when.moment else "",
            time_source="" if when.moment is None else "timestamp" if when.stamped else "signer",
            problem=when.problem,
        )
        if trust.anchors:
            stamped = when.moment if when.stamped and when.moment and not item.signed.timestamp else None
            found = trusted_for(item.signed, trust.at(stamped) if stamped else trust)
            if when.moment and when.moment > latest:
                said = replace(said, besides=(*said.besides, f"Date: {said.time}, which has not come yet"))
            fitting = any(role.kind == _ROLES[said.kind] for role in found.roles)
            said = replace(
                said,
                roles=found.roles,
                trusted=fitting,
                revocation=found.revocation,
                problem=" ".join(filter(None, (found.problem, when.problem))),
            )
            if item.signed.timestamp and fitting and when.moment:
                trust = trust.at(when.moment)
        told.append(replace(item, said=said))
    return told[::-1]


def _declared(field: Field) -> datetime | None:
    """Return when the signature's dictionary says that it was made."""
    said = entries(field.value).get("/M")
    with contextlib.suppress(Exception):  # a date that is none says nothing
        found = parse_pdf_date(str(said), strict=False)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _compared(pdf: bytes, document: pikepdf.Pdf, found: Sequence[_Found]) -> tuple[list[_Found], tuple[str, ...], str]:
    """Compare each signed revision with the next, and the last one with the whole file."""
    intact = [item for item in found if item.covers]
    if not intact:
        return list(found), (), ""
    steps, problem = _steps(pdf, document, intact)
    said: dict[str, Signature] = {}
    for position, item in enumerate(intact):
        locks = locks_of(item.field)
        mine = [change for step in steps[position:] for change in step]
        forbidden = [_forbidden(change, locks) for change in mine]
        said[item.field.name] = replace(
            item.said,
            changes=tuple(dict.fromkeys(change.words for change in mine)),
            forbidden=tuple(dict.fromkeys(filter(None, forbidden))),
        )
    after = tuple(dict.fromkeys(change.words for change in steps[-1]))
    return [replace(item, said=said.get(item.field.name, item.said)) for item in found], after, problem


def _steps(pdf: bytes, document: pikepdf.Pdf, intact: Sequence[_Found]) -> tuple[list[tuple[FileChange, ...]], str]:
    """Return what was changed after each signature up to the next, or the end; and what is wrong with them as such."""
    verified = {item.field.name for item in intact}
    whole = len(pdf)
    ends = [*(item.stop for item in intact[1:]), whole]
    steps: list[tuple[FileChange, ...]] = []
    with contextlib.ExitStack() as stack:

        def revision(end: int) -> PdfRevision:
            return PdfRevision(document if end == whole else stack.enter_context(opened(pdf[:end])))

        old = revision(intact[0].stop) if whole > intact[0].stop else None
        for item, end in zip(intact, ends, strict=True):
            if old is None or end == item.stop:
                steps.append(())
                continue
            if not _holds(old, item.field):
                return [()] * len(intact), f"{_DAMAGED}`{plain(item.field.name)}` was not signed where it says."
            wrong = appended(pdf[:end], item.stop)
            new = revision(end)
            steps.append((*([FileChange(wrong, allowed=False)] if wrong else ()), *changes(old, new, verified)))
            old = new
    return steps, ""


def _holds(revision: PdfRevision, field: Field) -> bool:
    """Tell whether the signed revision by itself has the signature in that field."""
    there = revision.fields.get(field.name)
    if there is None or there.value is None or field.value is None:
        return False
    return bool(there.value.unparse(resolved=True) == field.value.unparse(resolved=True))


def _forbidden(change: FileChange, locks: Collection[Lock]) -> str:
    """Say what a signature with these locks does not allow about a change, or return ""."""
    if not change.allowed:
        return change.words
    if change.field and any(lock.holds(change.field) for lock in locks):
        return f"{change.words}, which this signature had locked"
    if not change.harmless and any(lock.sealed for lock in locks):
        return f"{change.words}, after this signature had closed the document"
    return ""


def _with_validation_data(document: pikepdf.Pdf, trust: TrustStore) -> TrustStore:
    """Take in the file's own data for long-term validation, as far as it can be read."""
    store = entries(document.Root.get("/DSS"))
    if not store or not trust.anchors:
        return trust
    lists = [_streams(store.get(key)) for key in ("/Certs", "/CRLs", "/OCSPs")]
    others, crls, ocsps = validation_data(*lists)
    return replace(trust, others=others, crls=(*trust.crls, *crls), ocsps=(*trust.ocsps, *ocsps))


def _streams(value: pikepdf.Object | None) -> list[bytes]:
    items = list(value) if isinstance(value, pikepdf.Array) else []
    return [content_of(item, _MAX_LIST) for item in items[:MAX_SIGNATURES] if isinstance(item, pikepdf.Stream)]
