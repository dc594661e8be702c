"""Certificates from files, and what they say about whom they name."""

from __future__ import annotations

from collections.abc import Iterable

from asn1crypto import pem, x509

from clausebook.findings.model import RepositoryError

MAX_CERTIFICATES = 200


def read_certificates(content: bytes, name: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a file, in PEM (one or many) or DER; `name` is the file's, for messages.

    Raises RepositoryError if it holds none, or something else.
    """
    try:
        found = _read(content)
    except Exception as error:  # the reader of ASN.1 raises what it likes on what is none
        raise RepositoryError(
            f"`{name}` holds no certificate that can be read", "give a certificate in PEM or DER form"
        ) from error
    if not found:
        raise RepositoryError(f"`{name}` holds no certificate", "give a certificate in PEM or DER form")
    if len(found) > MAX_CERTIFICATES:
        raise RepositoryError(f"`{name}` holds more than {MAX_CERTIFICATES} certificates", "give those needed alone")
    return found


def pem_of(certificates: Iterable[x509.Certificate]) -> bytes:
    """Return certificates as a file in PEM."""
    return b"".join(pem.armor("CERTIFICATE", each.dump()) for each in certificates)


def name_of(certificate: x509.Certificate) -> str:
    """Return whom a certificate names: its common name, else all that it says."""
    return _all(certificate.subject.native.get("common_name")) or str(certificate.subject.human_friendly)


def issuer_of(certificate: x509.Certificate) -> str:
    """Return who issued a certificate: the common name, else all that it says; "itself" if it is self-signed."""
    if self_signed(certificate):
        return "itself"
    return _all(certificate.issuer.native.get("common_name")) or str(certificate.issuer.human_friendly)


def organisation_of(certificate: x509.Certificate) -> str:
    """Return the organisation that a certificate names, or ""."""
    return _all(certificate.subject.native.get("organization_name"))


def self_signed(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate names itself as its issuer."""
    return bool(certificate.subject == certificate.issuer)


def _read(content: bytes) -> tuple[x509.Certificate, ...]:
    if not pem.detect(content):
        found = [x509.Certificate.load(content, strict=True)]
    else:
        parts = pem.unarmor(content, multiple=True)
        found = [x509.Certificate.load(der, strict=True) for kind, _, der in parts if kind == "CERTIFICATE"]
    for certificate in found:
        # Reading is put off until something is asked for.
        _ = certificate.native
    return tuple(found)


def _all(value: object) -> str:
    # Several are told, for each program shows another one of them.
    return ", ".join(map(str, value if isinstance(value, list) else [value])) if value else ""
