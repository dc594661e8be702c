"""The value of one signature: whether it is intact, who made it, when, and whether they are to be trusted.

Integrity needs nothing but the bytes. Trust needs anchors and a moment at which the certificate must be valid: the time
of a trusted time stamp, else the moment that the caller names. Nothing is fetched.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms, core, crl, ocsp, tsp, x509
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.general import NonexistentAttributeError, extract_signer_info, find_unique_cms_attribute
from pyhanko.sign.validation import async_validate_cms_signature
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    extract_self_reported_ts,
    validate_sig_integrity,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureStatus, StandardCMSSignatureStatus, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import OCSPValidationError, RevokedError, ValidationError
from pyhanko_certvalidator.fetchers import FetcherBackend
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.revinfo.validate_ocsp import verify_ocsp_response

from clausebook.verify.certificates import self_signed
from clausebook.verify.integrity.byte_ranges import Fault, Unjudged
from clausebook.verify.model import Role
from clausebook.verify.trust import TrustStore

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # What is wrong with a file is found and told here; without a handler it would be printed as well.
    logging.getLogger(_name).addHandler(logging.NullHandler())

HASHES = {"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"}
_ISSUER_S = "certificate of its issuer"
UNSAFE = "It was made in a way that is not known here, or not safe ({})."
_WEAK = ("md2", "md5", "sha1")
_MIN_RSA = 2048
_MAX_CERTIFICATES = 50
_MAX_WAYS = 500
_FETCH_SECONDS = 10
_PURPOSES = frozenset(
    (
        *("email_protection", "microsoft_document_signing", "adobe_authentic_documents_trust"),
        "1.3.6.1.5.5.7.3.36",  # signing documents, RFC 9336
    )
)
"""Extended key usages of which a signer's certificate must have one, if it names any: RFC 5280, 4.2.1.12."""

Digest = Callable[[str], bytes]
"""Gives the hash, by the named algorithm, of what was signed."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature's value, read, and found to be intact. `certificate` is the signer's."""

    data: cms.SignedData
    info: cms.SignerInfo
    certificate: x509.Certificate
    timestamp: bool


@dataclass(frozen=True, slots=True)
class TrustedFor:
    """What a certificate is trusted for, if anything; else `problem` says why not. `revocation` is what is known."""

    roles: tuple[Role, ...] = ()
    problem: str = ""
    revocation: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """When it was signed, and who says so; `trusted` tells whether the time can be relied on."""

    moment: datetime | None = None
    stamped: bool = False
    problem: str = ""


def read_signed(value: bytes, digest: Digest, *, timestamp: bool) -> Signed:
    """Read a signature's value and prove it against what was signed; Fault, in plain words, if that fails."""
    content = cms.ContentInfo.load(value, strict=True)
    if content["content_type"].native != "signed_data":
        raise Fault("What stands in it is no signature.")
    data = content["content"]
    info = extract_signer_info(data)
    certificates = data["certificates"]
    if certificates is not core.VOID and len(certificates) > _MAX_CERTIFICATES:
        raise Fault(f"It carries more than {_MAX_CERTIFICATES} certificates.")
    algorithm = info["digest_algorithm"]["algorithm"].native
    method = info["signature_algorithm"]["algorithm"].native
    if algorithm not in HASHES or any(weak in method for weak in _WEAK):
        raise Unjudged(UNSAFE.format(f"{algorithm}, {method}"))
    certificate = extract_certs_for_validation(data).signer_cert
    key = certificate.public_key
    if key.algorithm == "rsa" and key.bit_size < _MIN_RSA:
        raise Unjudged(f"Its key is too short to be safe ({key.bit_size} bits).")
    kind = "tst_info" if timestamp else "data"
    encapsulated = data["encap_content_info"]
    if encapsulated["content_type"].native != kind:
        raise Fault("What stands in it is not what its field says.")
    if timestamp:
        stamp = _stamp_of(data)
        imprint = stamp["message_imprint"]
        _check(digest(imprint["hash_algorithm"]["algorithm"].native) == imprint["hashed_message"].native)
        what = hashlib.new(algorithm, bytes(encapsulated["content"])).digest()
    else:
        if encapsulated["content"] is not core.VOID:
            raise Fault("It signs something that is not this file.")
        what = digest(algorithm)
    same, valid = validate_sig_integrity(info, certificate, expected_content_type=kind, actual_digest=what)
    _check(same)
    if not valid:
        raise Fault("It was not made with the key of the certificate that it carries.")
    return Signed(data, info, certificate, timestamp)


_SILENT = (
    *("content_type", "message_digest", "signing_time", "signing_certificate", "signing_certificate_v2"),
    *("cms_algorithm_protection", "smime_capabilities", "signature_policy_identifier", "content_time_stamp"),
    *("adobe_revocation_info_archival", "1.2.840.113583.1.1.8"),
)
"""What a signature says of itself beside what it signs, and is no condition."""
_COMMITMENTS = ("proof_of_origin", "proof_of_approval")
"""Commitments that are a signature's (RFC 5126, 5.11.1)."""


def statements(signed: Signed) -> Iterator[str]:
    """Yield what a signature states of itself that may limit it: other commitments, roles, statements of its own."""
    for attribute in signed.info["signed_attrs"] or ():
        kind = attribute["type"]
        if kind.native in _SILENT:
            continue
        told = [value.native for value in attribute["values"]] if kind.native == "commitment_type" else []
        committed = [str(each["commitment_type_id"]) for each in told]
        if not committed or not set(committed) <= set(_COMMITMENTS):
            yield f"a signed attribute ({kind.native}{''.join(f': {each}' for each in committed)})"


def time_of(signed: Signed, trust: TrustStore, declared: datetime | None) -> When:
    """Return when it was signed: by a time stamp that holds, else by what the signer says (or `declared`)."""
    if signed.timestamp:
        return When(_stamp_of(signed.data)["gen_time"].native, stamped=True)
    problem = ""
    try:
        tokens = find_unique_cms_attribute(
            signed.info["unsigned_attrs"],
            "signature_time_stamp_token",
        )
    except NonexistentAttributeError:
        tokens = None
    if tokens is not None:
        try:
            token = read_signed(tokens.dump(), _hash_of(signed.info["signature"].native), timestamp=True)
        except Exception:  # the same guard as for a signature: whatever is wrong with it, it does not hold
            problem = "Its time stamp is not intact."
        else:
            if not trust.anchors or trusted_for(token, trust).roles:
                return When(_stamp_of(token.data)["gen_time"].native, stamped=True)
            problem = "Nobody's certificates are trusted for its time stamp."
    said = extract_self_reported_ts(signed.info) or declared
    return When(said.astimezone(UTC) if said is not None and said.tzinfo else None, problem=problem)


def trusted_for(signed: Signed, trust: TrustStore) -> TrustedFor:
    """Return every role in which a signer's certificate is trusted at the moment, or why there is none.

    A time-stamping authority is trusted for time alone, and nobody else is.
    """
    if _entangled(signed, trust):
        return TrustedFor(problem="The certificates that it carries are too entangled to be judged.")
    above = {signed.certificate.issuer.hashable, *_issuers(signed, trust)}
    roles: list[Role] = []
    problem, revocation = _UNKNOWN, ""
    for each in trust.anchors:
        if (each.role.kind == "time") != signed.timestamp:
            continue
        pinned = [one for one in each.pinned if one.sha256 == signed.certificate.sha256]
        authorities = [one for one in each.authorities if one.subject.hashable in above]
        if pinned or authorities:
            found = _judged(signed, pinned or authorities, trust)
            if pinned and not found.problem:
                found = _of_pinned(signed, trust)
            problem, revocation = found.problem, found.revocation
            roles += [each.role] if not found.problem else []
    return TrustedFor(tuple(roles), "" if roles else problem, revocation)


_UNKNOWN = "The signer's certificate is nobody's that is trusted here."


def _judged(signed: Signed, roots: Sequence[x509.Certificate], trust: TrustStore) -> TrustedFor:
    """Judge a certificate by roots: whether it is valid, meant for this, and what is known of its being revoked."""
    problem = _limits(signed.certificate, trust.moment) or ("" if signed.timestamp else _misused(signed.certificate))
    if problem:
        return TrustedFor(problem=problem)
    known = bool(trust.crls or trust.ocsps or trust.online)
    # "soft-fail" looks at a list only if the certificate names one: what was handed over would go unread.
    status = _status(signed, roots, trust, "require" if known else "soft-fail")
    revoked = status.revocation_details
    if revoked is not None:
        return _revoked(revoked.revocation_date, *((_ISSUER_S,) if revoked.ca_revoked else ()))
    judged = TrustedFor(revocation="good" if known else "not checked")
    if known and not status.trusted:
        status, judged = _status(signed, roots, trust, "soft-fail"), TrustedFor(revocation="unknown")
    if not status.trusted or status.validation_path is None:
        return TrustedFor(problem=_reason(status, signed, trust))
    answered = _answered(status.validation_path, _context(roots, trust, "soft-fail")) if trust.ocsps else judged
    return judged if answered.revocation == "unknown" else answered


def _answered(path: ValidationPath, context: ValidationContext) -> TrustedFor:
    """Tell what answers say of a certificate and those above it: also of one that does not name who answers for it."""
    judged = TrustedFor(revocation="good")
    for certificate in path.iter_certs(include_root=False):
        try:
            asyncio.run(verify_ocsp_response(certificate, path, context))
        except RevokedError as error:
            return _revoked(error.revocation_dt, *(() if certificate == path.leaf else (_ISSUER_S,)))
        except (OCSPValidationError, ValidationError):  # none is about it, or none can be relied on
            judged = TrustedFor(revocation="unknown")
    return judged


def _of_pinned(signed: Signed, trust: TrustStore) -> TrustedFor:
    """Tell whether a certificate that is trusted as itself was revoked by its issuer, who need not be trusted."""
    if self_signed(signed.certificate) or not (trust.crls or trust.ocsps or trust.online):
        return TrustedFor(revocation="not checked")
    above = [each for each in _others(signed, trust) if each.subject == signed.certificate.issuer]
    found = _judged(signed, above, trust) if above else TrustedFor()
    if found.revocation.startswith("revoked"):
        return found
    for each in map(crl.CertificateList.load, trust.crls):
        for entry in each["tbs_cert_list"]["revoked_certificates"] if each.issuer == signed.certificate.issuer else ():
            if entry["user_certificate"].native == signed.certificate.serial_number:
                return _revoked(entry["revocation_date"].native)
    return TrustedFor(revocation=found.revocation or "unknown")


def _revoked(when: datetime, what: str = "signer's certificate") -> TrustedFor:
    on = when.date().isoformat()
    return TrustedFor(problem=f"The {what} was revoked on {on}.", revocation=f"revoked on {on}")


def _context(roots: Sequence[x509.Certificate], trust: TrustStore, revocation: str) -> ValidationContext:
    return ValidationContext(
        trust_roots=list(roots),
        other_certs=list(trust.others),
        crls=list(trust.crls),
        ocsps=list(trust.ocsps),
        moment=trust.moment,
        allow_fetching=trust.online,
        fetcher_backend=_fetcher() if trust.online else None,
        revocation_mode=revocation,
        retroactive_revinfo=True,
    )


def _status(signed: Signed, roots: Sequence[x509.Certificate], trust: TrustStore, revocation: str) -> SignatureStatus:
    context = _context(roots, trust, revocation)
    if signed.timestamp:
        return asyncio.run(
            async_validate_cms_signature(
                signed.data,
                status_cls=TimestampSignatureStatus,
                validation_context=context,
                status_kwargs={"timestamp": _stamp_of(signed.data)["gen_time"].native},
            )
        )
    attributes = signed.info["signed_attrs"]
    digest = find_unique_cms_attribute(attributes, "message_digest").native if attributes else b""
    return asyncio.run(
        async_validate_cms_signature(
            signed.data,
            status_cls=StandardCMSSignatureStatus,
            raw_digest=digest,
            validation_context=context,
            # What it is meant for is judged here: the library asks for non-repudiation, and RFC 5280 does not.
            key_usage_settings=KeyUsageConstraints(key_usage=()),
        )
    )


def _fetcher() -> FetcherBackend:
    """Return what fetches lists and answers; the library's own way leaves its connections open."""
    # What it is built on takes long to import, and few verdicts ask the network.
    from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

    return RequestsFetcherBackend(per_request_timeout=_FETCH_SECONDS)


def _misused(certificate: x509.Certificate) -> str:
    """Say whether a certificate is not meant for signing; RFC 5280: what it does not restrict, it allows."""
    usage, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
    wrong = usage is not None and not usage.native & {"digital_signature", "non_repudiation"}
    if purposes is not None:
        wrong = wrong or not {"any_extended_key_usage", *_PURPOSES} & set(purposes.native)
    return "The signer's certificate is not meant for signing documents." if wrong else ""


def validation_data(
    certificates: Sequence[bytes], crls: Sequence[bytes], ocsps: Sequence[bytes]
) -> tuple[tuple[x509.Certificate, ...], tuple[bytes, ...], tuple[bytes, ...]]:
    """Return those parts of a file's own validation data that can be read."""
    return (
        tuple(
            x509.Certificate.load(item)
            for item in certificates[:_MAX_CERTIFICATES]
            if _readable(x509.Certificate, item)
        ),
        tuple(item for item in crls[:_MAX_CERTIFICATES] if _readable(crl.CertificateList, item)),
        tuple(item for item in ocsps[:_MAX_CERTIFICATES] if _readable(ocsp.OCSPResponse, item)),
    )


def _others(signed: Signed, trust: TrustStore) -> tuple[x509.Certificate, ...]:
    return (*extract_certs_for_validation(signed.data).other_certs, *trust.others)


def _issuers(signed: Signed, trust: TrustStore) -> set[str]:
    return {each.issuer.hashable for each in _others(signed, trust)}


def _entangled(signed: Signed, trust: TrustStore) -> bool:
    """Tell whether there are more ways up from the signer's certificate than anybody needs or could try."""
    above: dict[str, list[x509.Certificate]] = {}
    for certificate in _others(signed, trust):
        above.setdefault(certificate.subject.hashable, []).append(certificate)
    ways = 0
    waiting = [(signed.certificate, frozenset({signed.certificate.issuer_serial}))]
    while waiting:
        certificate, seen = waiting.pop()
        for issuer in above.get(certificate.issuer.hashable, ()):
            if issuer.issuer_serial not in seen:
                ways += 1
                waiting.append((issuer, seen | {issuer.issuer_serial}))
        if ways > _MAX_WAYS:
            return True
    return False


def _readable(kind: type[core.Sequence], item: bytes) -> bool:
    try:
        return kind.load(item, strict=True).native is not None
    except Exception:  # the reader of ASN.1 raises what it likes on what is none
        return False


def _check(same: bool) -> None:
    if not same:
        raise Fault("What it covers was changed after it was made.")


def _stamp_of(data: cms.SignedData) -> tsp.TSTInfo:
    content = data["encap_content_info"]["content"]
    stamp = content.parsed if isinstance(content, core.ParsableOctetString) else None
    if not isinstance(stamp, tsp.TSTInfo):
        raise Fault("What stands in it is no time stamp.")
    return stamp


def _hash_of(content: bytes) -> Digest:
    def digest(algorithm: str) -> bytes:
        if algorithm not in HASHES:
            raise Unjudged(UNSAFE.format(algorithm))
        return hashlib.new(algorithm, content).digest()

    return digest


def _limits(certificate: x509.Certificate, moment: datetime) -> str:
    begin, end = certificate.not_valid_before, certificate.not_valid_after
    if moment > end:
        return (
            f"The signer's certificate expired on {end.date().isoformat()}, "
            "and no trusted time stamp shows that it was valid when it was used."
        )
    if moment < begin:
        return f"The signer's certificate was not valid before {begin.date().isoformat()}."
    return ""


def _reason(status: SignatureStatus, signed: Signed, trust: TrustStore) -> str:
    if status.trust_problem_indic is AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE:
        return "The signer's certificate is not meant for this."
    if any(not each.not_valid_before <= trust.moment <= each.not_valid_after for each in _others(signed, trust)):
        return "A certificate above the signer's was not valid when it was used."
    return _UNKNOWN
