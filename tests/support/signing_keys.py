"""Keys and certificates for tests, made when they run: a root, an intermediate, signers, and some that are no good."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from clausebook.signing.credentials import Credentials, from_pkcs12

PASSPHRASE = b"correct-horse-battery-staple"
DAY = timedelta(days=1)


_KEYS: Mapping[str, Callable[[], CertificateIssuerPrivateKeyTypes]] = {
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "brainpool": lambda: ec.generate_private_key(ec.BrainpoolP256R1()),
    "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ed448": ed448.Ed448PrivateKey.generate,
}


@dataclass(frozen=True)
class Pair:
    """A key and its certificate, with the certificates above it, nearest first."""

    key: CertificateIssuerPrivateKeyTypes
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.der)

    @property
    def name(self) -> str:
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def chain_pem(self) -> bytes:
        return b"".join(item.public_bytes(serialization.Encoding.PEM) for item in self.chain)

    def key_pem(self, passphrase: bytes | None = None) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, _encryption(passphrase)
        )

    def p12(self, passphrase: bytes | None = PASSPHRASE) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"test", self.key, self.certificate, list(self.chain), _encryption(passphrase)
        )

    def credentials(self) -> Credentials:
        return from_pkcs12(self.p12(None), "test.p12", lambda: PASSPHRASE)


def issue(
    name: str,
    issuer: Pair | None = None,
    *,
    ca: bool = False,
    begin: datetime | None = None,
    end: datetime | None = None,
    kind: str = "ec",
    stamping: bool = False,
    crl: str = "",
    ocsp: str = "",
    organisation: str = "",
    key: CertificateIssuerPrivateKeyTypes | None = None,
    purposes: Sequence[x509.ObjectIdentifier] = (),
    usage: bool | Sequence[str] = True,
) -> Pair:
    """Make a key and its certificate, issued by another or by itself; `usage` may name what for, or be left out."""
    now = datetime.now(UTC)
    if key is None:
        key = _KEYS[kind]()
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            *([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []),
        ]
    )
    above = issuer.certificate.subject if issuer else subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin or now - 400 * DAY)
        .not_valid_after(end or now + 400 * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer.key if issuer else key).public_key()), False
        )
    )
    if usage:
        told = ("key_cert_sign", "crl_sign") if ca else ("digital_signature", "content_commitment")
        builder = builder.add_extension(_usage(told if usage is True else usage), True)
    if stamping:
        purposes = [ExtendedKeyUsageOID.TIME_STAMPING]
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), True)
    if crl:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), False)
    if ocsp:
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp))
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), False)
    signing = issuer.key if issuer else key
    edwards = isinstance(signing, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey)
    certificate = builder.sign(signing, None if edwards else hashes.SHA256())
    return Pair(key, certificate, (issuer.certificate, *issuer.chain) if issuer else ())


def crl_of(issuer: Pair, *revoked: Pair) -> bytes:
    """Return a list of revoked certificates, in DER; each was revoked ten days ago."""
    now = datetime.now(UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(now - DAY).next_update(now + 30 * DAY)
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(now - 10 * DAY).build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def ocsp_of(issuer: Pair, about: Pair, *, revoked: bool = False, responder: Pair | None = None) -> bytes:
    """Return an answer about a certificate (OCSP), in DER: good, or revoked ten days ago. Its issuer gives it."""
    now = datetime.now(UTC)
    answering = responder or issuer
    builder = ocsp.OCSPResponseBuilder().add_response(
        about.certificate,
        issuer.certificate,
        hashes.SHA256(),
        ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
        now - DAY,
        now + 30 * DAY,
        now - 10 * DAY if revoked else None,
        None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, answering.certificate)
    return (
        builder.certificates([answering.certificate])
        .sign(answering.key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


@cache
def root() -> Pair:
    return issue("Test Root", ca=True)


@cache
def intermediate() -> Pair:
    return issue("Test Intermediate", root(), ca=True)


@cache
def signer(number: int = 1) -> Pair:
    return issue(f"Signer {number}", intermediate(), organisation=f"Company {number}")


@cache
def rsa_signer() -> Pair:
    return issue("Signer with RSA", intermediate(), kind="rsa")


@cache
def authority() -> Pair:
    """Return a time-stamping authority; pyHanko's for tests signs with RSA alone."""
    return issue("Test Authority of Time", root(), kind="rsa", stamping=True)


@cache
def expired() -> Pair:
    now = datetime.now(UTC)
    return issue("Signer of Yore", intermediate(), begin=now - 60 * DAY, end=now - 30 * DAY)


@cache
def stranger() -> Pair:
    return issue("Stranger")


def _usage(told: Sequence[str]) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    names += ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: name in told for name in names})


def _encryption(passphrase: bytes | None) -> serialization.KeySerializationEncryption:
    if passphrase is None:
        return serialization.NoEncryption()
    return serialization.BestAvailableEncryption(passphrase)
