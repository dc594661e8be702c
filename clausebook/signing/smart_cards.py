"""A signer's key on a smart card or in a hardware security module, through PKCS#11."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from asn1crypto import x509
from pyhanko.sign.signers import Signer

from clausebook.findings.model import RepositoryError
from clausebook.signing.credentials import Ask, Credentials


@contextlib.contextmanager
def from_token(
    library: Path,
    token: str,
    key_label: str,
    ask: Ask,
    *,
    certificate: x509.Certificate | None = None,
    chain: Sequence[x509.Certificate] = (),
) -> Iterator[Credentials]:
    """Open a token and give the credentials of a key on it; the token is closed afterwards.

    Without `certificate` it is the one on the token that has the key's label. Raises RepositoryError if the extra is
    not installed, or the library, token, PIN, key or certificate is not what it should be.
    """
    try:
        pkcs11 = importlib.import_module("pkcs11")
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as error:
        raise RepositoryError(
            "keys on tokens need an extra that is not installed", "run `pip install clausebook[pkcs11]`"
        ) from error
    if not library.is_file():
        raise RepositoryError(f"there is no PKCS#11 library `{library}`", "give the path of your token's own library")
    pin = ask()
    try:
        session = open_pkcs11_session(str(library), token_criteria=TokenCriteria(label=token), user_pin=pin.decode())
    except (pkcs11.exceptions.PinIncorrect, pkcs11.exceptions.PinInvalid, pkcs11.exceptions.PinLenRange):
        raise RepositoryError(f"the token `{token}` refused the PIN", "try again with its PIN") from None
    except Exception as error:  # libraries of tokens fail in their own ways
        raise RepositoryError(
            f"the token `{token}` cannot be opened with `{library}` ({type(error).__name__})",
            "check --token and --pkcs11, and that the token is connected",
        ) from error
    try:
        signer = PKCS11Signer(
            session, cert_label=key_label, key_label=key_label, signing_cert=certificate, ca_chain=list(chain)
        )
        yield Credentials(signer, _certificate_of(signer, token, key_label), tuple(chain))
    finally:
        with contextlib.suppress(pkcs11.PKCS11Error):
            session.close()


def _certificate_of(signer: Signer, token: str, label: str) -> x509.Certificate:
    try:
        asyncio.run(signer.ensure_objects_loaded())  # type: ignore[attr-defined]  # the extra may be missing
        found: x509.Certificate | None = signer.signing_cert
    except Exception as error:  # libraries of tokens fail in their own ways
        raise RepositoryError(
            f"the token `{token}` has no key and certificate of the label `{label}`", "check --key-label"
        ) from error
    if found is None:
        raise RepositoryError(f"the token `{token}` has no certificate of the label `{label}`", "give --certificate")
    return found
