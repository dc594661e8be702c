"""Detached signatures over approvals: of SSH (`ssh-keygen -Y sign`) and of OpenPGP.

Of SSH, the format is that of OpenSSH's PROTOCOL.sshsig, version 1; the hash is over the file's bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_ssh_public_key

from clausebook.approvals.model import Key

NAMESPACE = "clausebook-approval"
"""What a signature of SSH is made for; one that was made for anything else counts for nothing."""

MOST_BYTES = 1 << 16
"""Of one signature, one key."""

_ARMOUR = re.compile(rb"-----BEGIN SSH SIGNATURE-----\s+([A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----\s*")
_MAGIC = b"SSHSIG"
_HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
_CURVES: dict[bytes, hashes.HashAlgorithm] = {
    b"ecdsa-sha2-nistp256": hashes.SHA256(),
    b"ecdsa-sha2-nistp384": hashes.SHA384(),
    b"ecdsa-sha2-nistp521": hashes.SHA512(),
}
_RSA: dict[bytes, hashes.HashAlgorithm] = {b"rsa-sha2-256": hashes.SHA256(), b"rsa-sha2-512": hashes.SHA512()}
_LEAST_RSA = 2048
"""Bits of a key of RSA."""


def signed_by(content: bytes, signature: bytes, keys: Sequence[Key]) -> Key | None:
    """Return the key that made a detached signature over some content, None if it is none of these.

    Whether it counted on a day is not asked here.
    """
    found = _ARMOUR.fullmatch(signature.strip() + b"\n")
    if found:
        return _by_ssh(content, found[1], keys)
    return _by_openpgp(content, signature, keys)


def _by_ssh(content: bytes, armoured: bytes, keys: Sequence[Key]) -> Key | None:
    with suppress(binascii.Error, struct.error, ValueError, InvalidSignature, UnsupportedAlgorithm):
        blob = base64.b64decode(b"".join(armoured.split()), validate=True)
        if blob[:6] != _MAGIC or struct.unpack(">I", blob[6:10]) != (1,):
            return None
        public, namespace, reserved, algorithm, made = _strings(blob[10:])
        digest = _HASHES[algorithm](content).digest() if algorithm in _HASHES else b""
        if namespace != NAMESPACE.encode() or not digest:
            return None
        signed = _MAGIC + b"".join(map(_string, (namespace, reserved, algorithm, digest)))
        for key in keys:
            if key.ssh and not key_problem(key) and _public(key.ssh) == public:
                _verify(key.ssh, signed, made)
                return key
    return None


def key_problem(key: Key) -> str:
    """Return why no signature can be told to be of a key, in the words of who keeps it; "" if one can."""
    if key.ssh:
        try:
            found = load_ssh_public_key(" ".join(key.ssh.split()[:2]).encode())
            _public(key.ssh)
        except (IndexError, ValueError, UnsupportedAlgorithm):
            return "is no public key of SSH that can be read"
        if isinstance(found, rsa.RSAPublicKey) and found.key_size < _LEAST_RSA:
            return f"is a key of RSA of less than {_LEAST_RSA} bits"
        known = isinstance(found, (ed25519.Ed25519PublicKey, rsa.RSAPublicKey, ec.EllipticCurvePublicKey))
        return "" if known else "is of a kind that is not read: make one with ssh-keygen -t ed25519"
    from pysequoia import Cert

    try:
        certificate = Cert.from_bytes(key.openpgp)
    except Exception:  # of the library's own making
        return "is no certificate of OpenPGP that can be read"
    return "is revoked" if certificate.is_revoked else ""


def _public(line: str) -> bytes:
    return base64.b64decode(line.split()[1], validate=True)


def _verify(line: str, signed: bytes, made: bytes) -> None:
    """Raise InvalidSignature or ValueError unless the key of a line made the signature."""
    algorithm, blob = _strings(made)
    key = load_ssh_public_key(" ".join(line.split()[:2]).encode())
    match key:
        case ed25519.Ed25519PublicKey() if algorithm == b"ssh-ed25519":
            key.verify(blob, signed)
        case rsa.RSAPublicKey() if algorithm in _RSA and key.key_size >= _LEAST_RSA:
            key.verify(blob, signed, padding.PKCS1v15(), _RSA[algorithm])
        case ec.EllipticCurvePublicKey() if algorithm in _CURVES:
            r, s = (int.from_bytes(part, "big", signed=True) for part in _strings(blob))
            key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(_CURVES[algorithm]))
        case _:
            raise ValueError("a kind of key or of signature that is not read")


def _by_openpgp(content: bytes, signature: bytes, keys: Sequence[Key]) -> Key | None:
    from pysequoia import Cert, Sig, verify

    for key in keys:
        if not key.openpgp:
            continue
        # The library raises exceptions of its own making on whatever it does not like.
        with suppress(Exception):
            certificate = Cert.from_bytes(key.openpgp)
            if (
                not certificate.is_revoked
                and verify(
                    bytes=content, store=lambda names, known=certificate: [known], signature=Sig.from_bytes(signature)
                ).valid_sigs
            ):
                return key
    return None


def _strings(blob: bytes) -> list[bytes]:
    return list(_parts(blob))


def _parts(blob: bytes) -> Iterator[bytes]:
    while blob:
        (length,) = struct.unpack(">I", blob[:4])
        if length > len(blob) - 4:
            raise ValueError("a string of SSH is longer than what is left")
        yield blob[4 : 4 + length]
        blob = blob[4 + length :]


def _string(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text
