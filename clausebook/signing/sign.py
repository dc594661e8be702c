"""Sign a PDF in one of its fields, as a further revision of it, and prove the result before it is given back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from clausebook.document.interchange import InterchangeError, from_json
from clausebook.document.model import Document
from clausebook.findings.model import RepositoryError
from clausebook.reading.attachments import AttachmentsError, attachments
from clausebook.render.manifest import AGREEMENT
from clausebook.signing.credentials import Credentials
from clausebook.signing.stamp import fill, lines_of, stamp, undrawable
from clausebook.verify.certificates import self_signed
from clausebook.verify.integrity.byte_ranges import Fault, unreadable
from clausebook.verify.integrity.examine import examine
from clausebook.verify.integrity.form import SIGNATURE, TEXT, Lock, fields_of, locks_of, plain
from clausebook.verify.integrity.opening import opened
from clausebook.verify.model import FileFact
from clausebook.verify.trust import FIELD_OF_AGREEMENT

DATE = "-date"
"""How the name of a signatory's date field ends."""

_LOCKED = ("-name", "-title")
"""How the names of the other fields end that a signature locks: see the form of the PDF."""

_CURVES = {"secp256r1": "sha256", "secp384r1": "sha384", "secp521r1": "sha512"}
"""The hash that goes with a curve: one of its strength (FIPS 186-5, 6.1.1)."""

_STAMPED = "sha256"
_TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class LongTerm:
    """Embed what validation needs later, fetched from where the certificates say; `roots` are to be trusted."""

    roots: tuple[x509.Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to sign.

    `moment` is the time of signing, with its zone. `date` goes into the signatory's date field, ISO 8601; None leaves
    it alone. `stamp_name` stands in the stamp instead of what the certificate says. `timestamp_url` names a
    time-stamping authority (RFC 3161); `long_term` needs one.
    """

    moment: datetime
    date: str | None = None
    reason: str = ""
    location: str = ""
    stamp_name: str = ""
    timestamp_url: str = ""
    long_term: LongTerm | None = None
    allow_expired: bool = False


@dataclass(frozen=True, slots=True)
class _Field:
    """What signing must know of a field; the file that it was read from is closed by then."""

    kind: str
    signed: bool
    text: str


_Fields = Mapping[str, _Field]


def signature_fields(pdf: bytes) -> dict[str, bool]:
    """Return the signature fields of a PDF, in order, and whether each is signed.

    Raises RepositoryError if it is no PDF, too large, encrypted or damaged.
    """
    return {name: field.signed for name, field in _fields(pdf)[0].items() if field.kind == SIGNATURE}


def sign(pdf: bytes, field: str, credentials: Credentials, wishes: Wishes) -> bytes:
    """Return the PDF signed in a field, and its signatory's date filled in: the bytes given, and more appended.

    Raises RepositoryError if the file, field, certificate or time-stamping authority does not allow it.
    """
    fields, locks = _fields(pdf)
    _check_field(fields, locks, field)
    if not wishes.allow_expired:
        credentials.check_dates(wishes.moment)
    if wishes.long_term is not None and not wishes.timestamp_url:
        raise RepositoryError("long-term validation needs a time stamp", "name an authority with --timestamp-url")
    try:
        algorithm = _hash_for(credentials.certificate)
        signed = _signed(pdf, field, _date_field(fields, locks, field, wishes), credentials, algorithm, wishes)
    except RepositoryError:
        raise
    except (TimestampRequestError, OSError) as error:
        raise RepositoryError(
            f"there is no time stamp or validation data to be had ({plain(str(error)) or type(error).__name__})",
            "check the URL and the network",
        ) from error
    except (PathError, ValidationError, SigningError) as error:
        if wishes.long_term is None:
            raise RepositoryError(f"it cannot be signed: {plain(str(error))}", "check the key and the field") from error
        raise RepositoryError(
            f"the certificates cannot be validated for the long term ({plain(str(error))})",
            "give the roots of the signer's and the time stamp's certificates with --trust",
        ) from error
    return _proved(signed, field)


def _hash_for(certificate: x509.Certificate) -> str:
    """Return the hash to sign with. Raise RepositoryError for keys whose signatures common readers cannot check."""
    key = certificate.public_key
    kind = key.algorithm
    if kind in ("rsa", "rsassa_pss"):
        return "sha256"
    if kind == "ed25519":
        return "sha512"  # RFC 8419, 3.1
    curve = str(key.curve[1]) if kind == "ec" and key.curve[0] == "named" else kind
    if curve not in _CURVES:
        raise RepositoryError(
            f"many programs cannot check a signature made with this kind of key ({curve})",
            "sign with an RSA key, one on the curve P-256, P-384 or P-521, or Ed25519",
        )
    return _CURVES[curve]


def _fields(pdf: bytes) -> tuple[_Fields, tuple[Lock, ...]]:
    """Return the form of a PDF that may be signed, and what earlier signatures lock."""
    problem = unreadable(pdf)
    if problem:
        raise RepositoryError(problem.rstrip("."), "give a PDF that `clausebook build` wrote, or that came back signed")
    try:
        with opened(pdf) as document:
            encrypted = document.is_encrypted
            found = fields_of(document)
            fields = {name: _Field(field.kind, field.signed, field.text) for name, field in found.items()}
            locks = tuple(lock for field in found.values() if field.signed for lock in locks_of(field))
    except pikepdf.PasswordError as error:
        raise RepositoryError("the file is encrypted", "give one that opens without a password") from error
    except Fault as error:
        raise RepositoryError(f"the file is damaged: {plain(str(error))}", "get it anew") from error
    except Exception as error:  # readers of PDF raise what they like on what is none
        raise RepositoryError("the file is damaged: it cannot be read", "get it anew") from error
    if encrypted:
        raise RepositoryError("the file is encrypted", "give one that opens without a password")
    if any(field.signed for field in fields.values()):
        _check_earlier(examine(pdf))
    if not fields and (copied := _copied(pdf)):
        raise RepositoryError(
            f"it is a restated copy of version {plain(copied.version)} of `{plain(copied.id)}`, which nobody signs",
            "what is signed is the agreement, or the amendment that changes it: give the PDF of that one",
        )
    return fields, locks


def _copied(pdf: bytes) -> Document | None:
    """Return the Document of a restated copy, None if the file is none."""
    try:
        content = dict(attachments(pdf, (AGREEMENT,))).get(AGREEMENT, b"")
        document = from_json(content)
    except (AttachmentsError, InterchangeError):
        return None
    return document if document.restated else None


def _check_earlier(fact: FileFact) -> None:
    """Raise RepositoryError if earlier signatures do not hold: nobody should sign on top of that."""
    wrong = [f"the signature in `{item.field}`: {item.problem}" for item in fact.signatures if not item.intact]
    wrong += [f"after the signature in `{item.field}`: {words}" for item in fact.signatures for words in item.forbidden]
    wrong += [fact.problem] if fact.problem else []
    if wrong:
        raise RepositoryError(f"what was signed before does not hold: {wrong[0].rstrip('.')}", "get the file anew")


def _check_field(fields: _Fields, locks: tuple[Lock, ...], name: str) -> None:
    signable = [item for item, field in fields.items() if field.kind == SIGNATURE]
    waiting = [plain(item) for item in signable if not fields[item].signed]
    there = f"those there are: {', '.join(waiting)}" if waiting else "there is none left to sign"
    if not signable:
        raise RepositoryError("the file has no signature field", "build it anew, with fields")
    if name not in signable:
        raise RepositoryError(f"there is no signature field `{plain(name)}`", there)
    if fields[name].signed:
        raise RepositoryError(f"the field `{plain(name)}` is signed already", there)
    if any(lock.sealed or lock.holds(name) for lock in locks):
        raise RepositoryError(f"an earlier signature locked the field `{plain(name)}`", "get a file without that lock")


def _date_field(fields: _Fields, locks: tuple[Lock, ...], name: str, wishes: Wishes) -> str:
    """Return the date field to fill, or ""."""
    date = name.removesuffix(FIELD_OF_AGREEMENT) + DATE
    field = fields.get(date)
    if wishes.date is None or field is None or field.kind != TEXT or field.text == wishes.date:
        return ""
    if field.text:
        raise RepositoryError(
            f"the field `{plain(date)}` says “{plain(field.text)}” already, not {wishes.date}",
            "sign with that --date, or leave it as it is with --no-date",
        )
    if any(lock.holds(date) for lock in locks):
        raise RepositoryError(f"an earlier signature locked the field `{plain(date)}`", "sign with --no-date")
    return date


def _signed(pdf: bytes, field: str, date_field: str, credentials: Credentials, algorithm: str, wishes: Wishes) -> bytes:
    # What is appended begins with an object, and PDF/A-3 (6.1.9) wants each to begin a line.
    pdf = pdf if pdf.endswith((b"\n", b"\r")) else pdf + b"\n"
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    for suffix in _LOCKED:
        _draw_again(writer, field.removesuffix(FIELD_OF_AGREEMENT) + suffix)
    if date_field and wishes.date:
        field_object = _find(writer, date_field)
        if field_object is None:
            raise RepositoryError(
                f"the field `{plain(date_field)}` cannot be filled", "sign with --no-date, and fill it first"
            )
        fill(writer, field_object, wishes.date)
    timestamper = HTTPTimeStamper(wishes.timestamp_url, timeout=_TIMEOUT) if wishes.timestamp_url else None
    long_term = wishes.long_term
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm=algorithm,
        subfilter=SigSeedSubFilter.PADES,
        reason=wishes.reason or None,
        location=wishes.location or None,
        embed_validation_info=long_term is not None,
        validation_context=_context(long_term, credentials) if long_term is not None else None,
        signer_key_usage=set(),
    )
    signer = PdfSigner(
        metadata,
        signer=credentials.signer,
        timestamper=timestamper,
        stamp_style=stamp(_stamp_lines(credentials, wishes)),
    )
    signed: bytes = signer.sign_pdf(writer, existing_fields_only=True).getvalue()
    if long_term is None or timestamper is None:
        return signed
    archive = PdfTimeStamper(timestamper, invis_settings=InvisSigSettings(box_out_of_bounds=True))
    stamped = archive.timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(signed), strict=False), _STAMPED, _context(long_term, credentials)
    )
    return bytes(stamped.getvalue())


def _stamp_lines(credentials: Credentials, wishes: Wishes) -> list[str]:
    """Return what the stamp says. Raise RepositoryError if it cannot be drawn: no stamp says half a name."""
    name = wishes.stamp_name or credentials.name
    organisation = "" if wishes.stamp_name else credentials.organisation
    for said, hint in (
        (f"{name} {organisation}", "say the name for the stamp in letters that it has: --stamp-name NAME"),
        (f"{wishes.reason} {wishes.location}", "write reason and location in letters that it has"),
    ):
        lacking = undrawable(said)
        if lacking:
            raise RepositoryError(f"the font of stamps has no shape for {', '.join(lacking)}", hint)
    return lines_of(name, organisation, wishes.moment, wishes.reason, wishes.location)


def _context(long_term: LongTerm, credentials: Credentials) -> ValidationContext:
    roots = long_term.roots or tuple(
        item for item in (credentials.certificate, *credentials.chain) if self_signed(item)
    )
    return ValidationContext(
        trust_roots=list(roots),
        other_certs=list(credentials.chain),
        allow_fetching=True,
        revocation_mode="soft-fail",
    )


def _draw_again(writer: IncrementalPdfFileWriter, name: str) -> None:
    """Write what a field shows into this revision, unchanged.

    What two fields that show the same share, a validator takes for a change of the one when the other is signed.
    """
    field = _find(writer, name)
    shown = field.get("/AP") if field is not None else None
    drawing = shown.raw_get("/N") if shown is not None and "/N" in shown else None
    if isinstance(drawing, generic.IndirectObject):
        writer.mark_update(drawing)


def _find(writer: IncrementalPdfFileWriter, name: str) -> generic.DictionaryObject | None:
    """Return a field's object, by its full name; None if there is none that is shown."""
    waiting = [("", item) for item in writer.root["/AcroForm"]["/Fields"]]
    while waiting:
        parent, item = waiting.pop()
        field: generic.DictionaryObject = item.get_object()
        if "/T" not in field:
            continue
        full = f"{parent}.{field['/T']}" if parent else str(field["/T"])
        if full == name:
            return field if "/Rect" in field else None
        waiting += [(full, kid) for kid in field.get("/Kids", ())]
    return None


def _proved(signed: bytes, field: str) -> bytes:
    """Return the signed file if it is what it should be: nobody gets one that does not verify."""
    fact = examine(signed)
    mine = [item for item in fact.signatures if item.field == plain(field)]
    if not fact.sound or not mine:
        told = [fact.problem, *(item.problem for item in mine), *(" ".join(item.forbidden) for item in fact.signatures)]
        raise RepositoryError(
            f"what was signed does not verify: {next(filter(None, told), 'the signature is missing')}",
            "the file is not of a kind that can be signed here",
        )
    return signed
