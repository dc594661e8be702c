"""A repository with one agreement of two signatories, and its PDF signed or sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from asn1crypto import x509

from clausebook.language.sandbox import Sandbox
from clausebook.project.project import Project
from clausebook.signing.sign import Wishes, sign
from clausebook.verify.model import Role, Verification
from clausebook.verify.trust import TrustStore, anchor
from clausebook.verify.verifying import verify
from tests.support import returns, signing_keys, signing_pdfs
from tests.support.git_repositories import new_repository
from tests.support.repositories import nda_repository

AGREEMENT = "sparrow-finch"
FIELDS = ("sparrow-1-signature", "finch-1-signature")
NAMES = ("Wren Example", "Finn Sample")
WISHES = Wishes(signing_pdfs.MOMENT)


@cache
def signer(name: str) -> signing_keys.Pair:
    return signing_keys.issue(name, signing_keys.intermediate(), organisation="Example")


def trusting(*certificates: x509.Certificate, service: bool = True) -> TrustStore:
    """Return a store that trusts certificates for both parties, for time and, if wanted, for a signing service."""
    roles = [
        Role("party", "sparrow", "the test"),
        Role("party", "finch", "the test"),
        Role("time", "Clock", "the test"),
    ]
    roles += [Role("service", "Signing Platform", "the test")] if service else []
    return TrustStore(tuple(anchor(role, certificates) for role in roles))


@dataclass(frozen=True)
class Place:
    """The repository, and the PDF that it builds."""

    root: Path
    pdf: bytes
    sandbox: Sandbox

    def verify(self, *pdfs: bytes, trusted: bool = True, attested: Mapping[str, str] | None = None) -> Verification:
        store = trusting(signing_keys.root().asn1) if trusted else TrustStore()
        return verify(self.root, pdfs, store, attested or {}, self.sandbox)


def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Yield a repository with one agreement of two signatories, committed."""
    repository = new_repository(tmp_path_factory.mktemp("verify") / "git")
    nda_repository(tmp_path_factory.mktemp("nda")).rename(repository.root / "deals")
    root = repository.root / "deals"
    yaml = root / "agreements" / f"{AGREEMENT}.yaml"
    yaml.write_text(yaml.read_text().replace("{party: finch}", f"{{party: finch, name: {NAMES[1]}}}"))
    repository.commit("Agree on the atlas")
    with Project(root) as project:
        found = project.assemble(project.files([AGREEMENT])[0])
        pdf = project.render(found, ("pdf",))[f"{AGREEMENT}.pdf"]
        yield Place(root, pdf, project.sandbox)


def signed(pdf: bytes, names: Sequence[str] = NAMES, fields: Sequence[str] = FIELDS) -> bytes:
    for field, name in zip(fields, names, strict=False):
        pdf = sign(pdf, field, signer(name).credentials(), signing_pdfs.WISHES)
    return pdf


def sealed(pdf: bytes, field: str = "Envelope-7F3A91C4") -> bytes:
    """Return the PDF with the seal of a platform over all of it."""
    return sign(returns.with_seal_field(pdf, field), field, signer("Signing Platform").credentials(), WISHES)
