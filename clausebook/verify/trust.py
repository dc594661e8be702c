"""Whose certificates prove what: each is trusted for a party, a signing service or for time, never for everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from asn1crypto import x509

from clausebook.document.model import Document, SignatureBlock
from clausebook.document.words import text_of
from clausebook.findings.characters import folded
from clausebook.verify.model import FileFact, Role, Signature

FIELD_OF_AGREEMENT = "-signature"
"""How the name of a signature field of an agreement's own ends: that of the signature block stands before it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The certificates that are trusted in one role: `pinned` for themselves, `authorities` for what they issued."""

    role: Role
    pinned: tuple[x509.Certificate, ...] = ()
    authorities: tuple[x509.Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustStore:
    """All that certificates are judged by: whom to trust for what, and what is known of their being revoked.

    `crls` and `ocsps` are lists and answers in DER; `online` tells that more may be fetched from where certificates
    say that they are. `notes` say why somebody is not in it who might have been. `others` are certificates that may
    stand between, and `moment` is when all must be valid.
    """

    anchors: tuple[Anchor, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    online: bool = False
    notes: tuple[str, ...] = ()
    others: tuple[x509.Certificate, ...] = ()
    moment: datetime = field(default_factory=partial(datetime.now, UTC), compare=False)

    def at(self, moment: datetime) -> TrustStore:
        """Return the same trust at another moment."""
        return replace(self, moment=moment)


def anchor(role: Role, certificates: Iterable[x509.Certificate], *, authority: bool = False) -> Anchor:
    """Return what certificates are trusted for in a role.

    Each is trusted as itself. What it issued is trusted only if it says that it is there for issuing (RFC 5280's key
    usage keyCertSign), or if it was given as an authority: every certificate that `openssl req -x509` makes claims
    to be one.
    """
    given = tuple(certificates)
    return Anchor(role, given, tuple(each for each in given if authority or _issues(each)))


def weighed(file: FileFact, document: Document) -> FileFact:
    """Return a file's facts with what each of its signatures counts for in an agreement."""
    return replace(file, signatures=tuple(_weighed(each, document) for each in file.signatures))


def party_of(document: Document, block: SignatureBlock) -> str:
    """Return the legal name of the party for which a block is signed."""
    return next((each.legal_name for each in document.parties if each.key == block.party), block.party)


def name_of(block: SignatureBlock) -> str:
    """Return the name of the signatory of a block, or ""."""
    return next((text_of(line.runs).strip() for line in block.lines if line.field == "name"), "")


def _weighed(signature: Signature, document: Document) -> Signature:
    if signature.trusted is None:
        return signature
    fits = next(_fitting(signature, document), None)
    if fits:
        return replace(signature, trusted=True, counts=f"{fits.name} ({fits.origin})")
    problem = signature.problem
    if signature.roles:
        known = " and ".join(dict.fromkeys(f"for {_told(each)}" for each in signature.roles))
        problem = f"Its certificate is trusted {known}, which is not what it is used for here."
    return replace(signature, trusted=False, problem=problem)


def _fitting(signature: Signature, document: Document) -> Iterator[Role]:
    if signature.kind != "signature":
        kind = "time" if signature.kind == "timestamp" else "service"
        yield from (each for each in signature.roles if each.kind == kind)
        return
    for block in document.signatures:
        if signature.field == f"{block.id}{FIELD_OF_AGREEMENT}":
            whose = {folded(block.party), folded(block.id)}
            for party in document.parties:
                if party.key == block.party:
                    whose |= {folded(party.legal_name), folded(party.short_name)}
            who = {folded(block.id), folded(name_of(block))}
            for each in signature.roles:
                fits = not each.signatories or who & set(map(folded, each.signatories))
                if each.kind == "party" and folded(each.name) in whose and fits:
                    yield each


def _told(role: Role) -> str:
    if role.kind == "time":
        return "time stamps"
    only = f", {' and '.join(role.signatories)} alone" if role.signatories else ""
    return f"the party {role.name}{only}" if role.kind == "party" else f"the signing service {role.name}"


def _issues(certificate: x509.Certificate) -> bool:
    usage = certificate.key_usage_value
    return bool(certificate.ca) and usage is not None and "key_cert_sign" in usage.native
