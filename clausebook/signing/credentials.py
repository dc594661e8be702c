"""A signer's key and certificates, from files. Passphrases are asked for when they are needed, and kept nowhere."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import pkcs12 as asn1_pkcs12
from asn1crypto import x509
from cryptography import x509 as pyca_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import types
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.keys.internal import translate_pyca_cryptography_key_to_asn1
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from clausebook.findings.model import RepositoryError
from clausebook.verify.certificates import name_of, organisation_of, read_certificates

Ask = Callable[[], bytes]
"""Gives the passphrase; called once at most, and only if one is needed."""

_MAX_KEY = 1 << 20
_PRIVATE = (
    serialization.Encoding.DER,
    serialization.PublicFormat.SubjectPublicKeyInfo,
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs: pyHanko's signer, their certificate, and the other certificates that go with it."""

    signer: Signer
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def name(self) -> str:
        """Return whom the certificate names."""
        return name_of(self.certificate)

    @property
    def organisation(self) -> str:
        """Return the organisation that the certificate names, or ""."""
        return organisation_of(self.certificate)

    def check_dates(self, moment: datetime) -> None:
        """Raise RepositoryError if the certificate is not valid at a moment."""
        begin, end = self.certificate.not_valid_before, self.certificate.not_valid_after
        if moment > end:
            raise RepositoryError(
                f"the certificate of {self.name} expired on {end.astimezone(UTC).date().isoformat()}",
                "renew it, or sign with --allow-expired, which most readers will not trust",
            )
        if moment < begin:
            raise RepositoryError(
                f"the certificate of {self.name} is not valid before {begin.astimezone(UTC).date().isoformat()}",
                "check this machine's date, or wait",
            )


def from_pkcs12(content: bytes, name: str, ask: Ask) -> Credentials:
    """Return the credentials of a PKCS#12 file (`.p12`, `.pfx`); `name` is the file's, for messages.

    Raises RepositoryError if it is none, the passphrase is wrong, or the key or certificate is missing.
    """
    _check_size(content, name)
    try:
        _ = asn1_pkcs12.Pfx.load(content, strict=True)["version"].native
    except Exception as error:  # the reader of ASN.1 raises what it likes on what is none
        raise RepositoryError(f"`{name}` is no PKCS#12 file", "give a .p12 or .pfx file") from error
    bundle = None
    with contextlib.suppress(ValueError):
        bundle = pkcs12.load_pkcs12(content, None)
    if bundle is None:
        with _explained(name):
            bundle = pkcs12.load_pkcs12(content, ask())
    if bundle.key is None or bundle.cert is None:
        missing = "key" if bundle.key is None else "certificate"
        raise RepositoryError(f"`{name}` holds no {missing}", "export key and certificate together")
    certificates = [bundle.cert.certificate, *(item.certificate for item in bundle.additional_certs)]
    signing, *chain = (_certificate(item) for item in certificates)
    return _credentials(bundle.key, signing, chain, name, name)


def from_files(
    key: bytes, key_name: str, certificate: bytes, certificate_name: str, chain: Sequence[x509.Certificate], ask: Ask
) -> Credentials:
    """Return the credentials of a key and its certificate, in PEM or DER; further certificates in that file are chain.

    Raises RepositoryError if one of them cannot be read, the passphrase is wrong, or they do not belong together.
    """
    _check_size(key, key_name)
    signing, *more = read_certificates(certificate, certificate_name)
    return _credentials(_private_key(key, key_name, ask), signing, (*more, *chain), key_name, certificate_name)


def _private_key(content: bytes, name: str, ask: Ask) -> types.PrivateKeyTypes:
    load = (
        serialization.load_pem_private_key
        if content.lstrip().startswith(b"-----")
        else serialization.load_der_private_key
    )
    try:
        return load(content, None)
    except TypeError:
        with _explained(name):
            return load(content, ask())
    except Exception as error:  # on what is no key, different exceptions for each kind
        raise RepositoryError(f"`{name}` holds no key that can be read", "give a private key in PEM or DER form") from (
            error
        )


@contextlib.contextmanager
def _explained(name: str) -> Iterator[None]:
    """Turn a wrong passphrase into a message that does not hold it."""
    try:
        yield
    except RepositoryError:
        raise
    except Exception:  # what libraries say of a wrong passphrase differs
        message = f"`{name}` cannot be opened: the passphrase is wrong, or the file is damaged"
        # Not from the cause: what a library says of a passphrase is none of a message's business.
        raise RepositoryError(message, "try again with its passphrase") from None


def _credentials(
    key: types.PrivateKeyTypes,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    key_name: str,
    certificate_name: str,
) -> Credentials:
    theirs = pyca_x509.load_der_x509_certificate(certificate.dump()).public_key()
    if key.public_key().public_bytes(*_PRIVATE) != theirs.public_bytes(*_PRIVATE):
        where = f"of `{key_name}`" if key_name == certificate_name else f"`{key_name}` and `{certificate_name}`"
        raise RepositoryError(
            f"key and certificate {where} do not belong together", "give the certificate that was issued for this key"
        )
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's is untyped
    store.register_multiple(chain)
    signer = SimpleSigner(
        signing_cert=certificate,
        signing_key=translate_pyca_cryptography_key_to_asn1(key),
        cert_registry=store,
    )
    return Credentials(signer, certificate, tuple(chain))


def _certificate(certificate: pyca_x509.Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _check_size(content: bytes, name: str) -> None:
    if len(content) > _MAX_KEY:
        raise RepositoryError(f"`{name}` is too large for a key", "give the file that holds your key")
