"""Whom a repository trusts, as `trust.yaml` says at its base; and files of certificates, lists and answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from asn1crypto import crl, ocsp, pem

from clausebook.findings.model import Finding, RepositoryError, refuse_errors
from clausebook.repository.git.base import TRUST, tree_at_base
from clausebook.repository.tree import Tree, TreeError
from clausebook.validate.repository_files import load_repository_file
from clausebook.verify.certificates import read_certificates
from clausebook.verify.model import Role, RoleKind
from clausebook.verify.trust import Anchor, TrustStore, anchor

MOST_BYTES = 1 << 20
"""Of one file of certificates."""

_LISTS: Mapping[str, tuple[RoleKind, str]] = {
    "parties": ("party", "party"),
    "services": ("service", "service"),
    "timestamps": ("time", "authority"),
}
"""The lists of the file: the role that they give, and the property that names who has it."""


def trusted_at_base(root: Path, base: str = "") -> TrustStore:
    """Return whom the repository trusts, as its base says; `base` names the protected branch.

    What the work tree says of trust counts for nothing until it is there. Where there is no base, or it has no such
    file, nobody is trusted, and `notes` say why. Raises FindingsError if the file is there and cannot be used.
    """
    try:
        with tree_at_base(root, base) as (tree, found):
            if TRUST not in tree.names(""):
                said = f"there is no `{TRUST}` on the protected branch ({found.branch}), so it names nobody"
                return TrustStore(notes=(said,))
            anchors, findings = read_trust(tree)
    except (RepositoryError, TreeError) as error:
        return TrustStore(notes=(f"`{TRUST}` is not read: {error}",))
    refuse_errors(findings)
    return TrustStore(anchors)


def read_trust(tree: Tree) -> tuple[tuple[Anchor, ...], tuple[Finding, ...]]:
    """Return whom the file of a tree trusts, and every finding about it."""
    data, at, told = load_repository_file(tree, TRUST, "trust")
    if data is None:
        return (), told
    findings = list(told)
    anchors = []
    for part, (kind, name) in _LISTS.items():
        for index, entry in enumerate(data.get(part, ())):
            role = Role(kind, entry[name], TRUST, tuple(entry.get("signatories", ())))
            for given, authority in (("certificates", False), ("authorities", True)):
                for number, path in enumerate(entry.get(given, ())):
                    try:
                        held = read_certificates(tree.raw(path, MOST_BYTES), path)
                    except (TreeError, RepositoryError) as error:
                        place = f"/{part}/{index}/{given}/{number}"
                        findings.append(at.finding("core/trust-certificate", _said(path, error), place, error.hint))
                        continue
                    anchors.append(anchor(role, held, authority=authority))
    return tuple(anchors), tuple(findings)


def read_crls(content: bytes, name: str) -> tuple[bytes, ...]:
    """Return the revocation lists of a file, in DER. Raise RepositoryError if it holds none."""
    return _read(content, name, "X509 CRL", crl.CertificateList.load, "revocation list")


def read_ocsp(content: bytes, name: str) -> tuple[bytes, ...]:
    """Return the answers about revocation (OCSP) of a file, in DER. Raise RepositoryError if it holds none."""
    return _read(content, name, "OCSP RESPONSE", ocsp.OCSPResponse.load, "answer about revocation (OCSP)")


def _read(content: bytes, name: str, label: str, load: Callable[..., Any], what: str) -> tuple[bytes, ...]:
    def parts() -> Iterator[bytes]:
        if not pem.detect(content):
            yield content
            return
        yield from (der for kind, _, der in pem.unarmor(content, multiple=True) if kind == label)

    try:
        found = tuple(parts())
        for each in found:
            _ = load(each, strict=True).native
    except Exception as error:  # the reader of ASN.1 raises what it likes on what is none
        raise RepositoryError(f"`{name}` holds no {what} that can be read", "give it in PEM or DER form") from error
    if not found:
        raise RepositoryError(f"`{name}` holds no {what}", "give it in PEM or DER form")
    return found


def _said(path: str, error: TreeError | RepositoryError) -> str:
    return error.message if isinstance(error, RepositoryError) else f"`{path}` {error}"
