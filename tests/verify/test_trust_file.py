"""Whom a repository trusts, as its base says, and files of certificates, lists and answers."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from asn1crypto import pem, x509
from cryptography import x509 as made_by_others
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.verify.certificates import MAX_CERTIFICATES, issuer_of, name_of, organisation_of, read_certificates
from clausebook.verify.model import Role
from clausebook.verify.trust import Anchor, anchor
from clausebook.verify.trust_file import read_crls, read_ocsp, trusted_at_base
from tests.support import signing_keys
from tests.support.git_repositories import Repository, new_repository
from tests.support.signing_keys import issue

pytestmark = pytest.mark.slow("real certificates, and a real git repository")

ROOT = signing_keys.root()

TRUST = """format: 1
parties:
  - {party: sparrow, authorities: [trust/root.pem]}
  - {party: Finch & Daughters LLP, certificates: [trust/root.pem], signatories: [Finn Sample]}
services:
  - {service: Example Sign, certificates: [trust/root.pem]}
timestamps:
  - {authority: Example Time, certificates: [trust/root.pem]}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = new_repository(tmp_path)
    for name in ("schemas/trust.schema.json",):
        (made.project / name).parent.mkdir(parents=True, exist_ok=True)
        (made.project / name).write_bytes((Path(__file__).parents[2] / name).read_bytes())
    (made.project / "trust").mkdir()
    (made.project / "trust/root.pem").write_bytes(ROOT.pem)
    made.commit("Begin")
    made.git("branch", "-M", "main")
    return made


def test_the_base_says_whom_to_trust(repository: Repository) -> None:
    (repository.project / "trust.yaml").write_text(TRUST)
    store = trusted_at_base(repository.project)
    assert store.anchors == ()
    assert "no `trust.yaml` on the protected branch (main)" in store.notes[0]
    repository.git("checkout", "--quiet", "-b", "change")
    repository.commit("Trust them")
    assert trusted_at_base(repository.project).anchors == (), "a change does not say whom to trust"
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "change")
    store = trusted_at_base(repository.project)
    assert [each.role.kind for each in store.anchors] == ["party", "party", "service", "time"]
    assert store.anchors[1].role == Role("party", "Finch & Daughters LLP", "trust.yaml", ("Finn Sample",))
    (repository.project / "trust.yaml").unlink()
    assert len(trusted_at_base(repository.project).anchors) == 4, "the work tree counts for nothing"


def test_what_the_base_took_back_is_not_trusted_from_an_old_branch(repository: Repository) -> None:
    (repository.project / "trust.yaml").write_text(TRUST)
    repository.commit("Trust them")
    repository.git("branch", "old")
    (repository.project / "trust.yaml").write_text("format: 1\nparties: []\n")
    repository.commit("Trust them no more")
    repository.git("checkout", "--quiet", "old")
    assert trusted_at_base(repository.project).anchors == ()


def test_without_a_base_nobody_is_trusted(repository: Repository) -> None:
    (repository.project / "trust.yaml").write_text(TRUST)
    repository.commit("Trust them")
    repository.git("branch", "-M", "topic")
    store = trusted_at_base(repository.project)
    assert store.anchors == ()
    assert "which branch is the protected one" in store.notes[0]
    assert trusted_at_base(repository.project, "topic").anchors
    repository.git("config", "clausebook.base", "topic")
    assert trusted_at_base(repository.project).anchors
    shutil.rmtree(repository.root / ".git")
    assert "`trust.yaml` is not read" in trusted_at_base(repository.project).notes[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[trust/root.pem]", "[../root.pem]", "path of letters"),
        ("format: 1", "format: 9", "format 9"),
        ("party: sparrow, ", "", "party"),
        ("services:", "everything:", "everything"),
    ],
)
def test_what_is_wrong_with_it_is_told(old: str, new: str, said: str, repository: Repository) -> None:
    assert old in TRUST
    (repository.project / "trust.yaml").write_text(TRUST.replace(old, new, 1))
    repository.commit("Trust them")
    with pytest.raises(FindingsError) as caught:
        trusted_at_base(repository.project)
    assert any(said in each.message + each.hint for each in caught.value.findings), caught.value.findings


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("trust/none.pem", "`trust/none.pem` does not exist"),
        ("trust.yaml", "`trust.yaml` holds no certificate that can be read"),
    ],
)
def test_a_file_that_gives_no_certificates_is_told_once(path: str, said: str, repository: Repository) -> None:
    (repository.project / "trust.yaml").write_text(TRUST.replace("trust/root.pem", path, 1))
    repository.commit("Trust them")
    with pytest.raises(FindingsError) as caught:
        trusted_at_base(repository.project)
    assert [(each.message, each.line, each.pointer) for each in caught.value.findings] == [
        (said, 3, "/parties/0/authorities/0")
    ]


# Files of certificates, lists and answers


def test_a_file_of_certificates_is_of_either_form_and_holds_many() -> None:
    first, second = issue("First"), issue("Second")
    assert [name_of(each) for each in read_certificates(first.der, "one.der")] == ["First"]
    whole = first.pem + first.key_pem() + second.pem
    assert [name_of(each) for each in read_certificates(whole, "two.pem")] == ["First", "Second"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello", "holds no certificate that can be read"),
        (b"", "holds no certificate that can be read"),
        (ROOT.der + b"more", "holds no certificate that can be read"),
        (pem.armor("CERTIFICATE", b"hello"), "holds no certificate that can be read"),
        (ROOT.key_pem(), r"holds no certificate$"),
        (ROOT.pem * (MAX_CERTIFICATES + 1), "holds more than 200 certificates"),
    ],
)
def test_what_is_no_file_of_certificates_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(RepositoryError, match=said):
        read_certificates(content, "given.pem")


def test_as_many_certificates_as_a_chain_can_need_are_read() -> None:
    assert len(read_certificates(ROOT.pem * MAX_CERTIFICATES, "given.pem")) == MAX_CERTIFICATES


def certificate(
    *names: tuple[made_by_others.ObjectIdentifier, str], claims: Sequence[made_by_others.ExtensionType] = ()
) -> x509.Certificate:
    subject = made_by_others.Name([made_by_others.NameAttribute(kind, name) for kind, name in names])
    source = ROOT.certificate
    builder = (
        made_by_others.CertificateBuilder(subject, subject, source.public_key(), 7)
        .not_valid_before(source.not_valid_before_utc)
        .not_valid_after(source.not_valid_after_utc)
    )
    for claim in claims:
        builder = builder.add_extension(claim, True)
    made = builder.sign(ROOT.key, hashes.SHA256())
    return x509.Certificate.load(made.public_bytes(Encoding.DER))


@pytest.mark.parametrize(
    ("names", "name", "organisation"),
    [
        ([(NameOID.COMMON_NAME, "Wren")], "Wren", ""),
        ([(NameOID.COMMON_NAME, "Wren"), (NameOID.ORGANIZATION_NAME, "Maps")], "Wren", "Maps"),
        ([(NameOID.COMMON_NAME, "Wren"), (NameOID.COMMON_NAME, "Example")], "Wren, Example", ""),
        (
            [(NameOID.COMMON_NAME, "Wren"), *((NameOID.ORGANIZATION_NAME, each) for each in ("Maps", "void today"))],
            "Wren",
            "Maps, void today",
        ),
        ([(NameOID.ORGANIZATION_NAME, "Maps")], "Organization: Maps", "Maps"),
        (
            [(NameOID.COUNTRY_NAME, "GB"), (NameOID.ORGANIZATION_NAME, "Maps")],
            "Organization: Maps, Country: GB",
            "Maps",
        ),
    ],
)
def test_a_certificate_names_somebody(
    names: list[tuple[made_by_others.ObjectIdentifier, str]], name: str, organisation: str
) -> None:
    made = certificate(*names)
    assert (name_of(made), organisation_of(made), issuer_of(made)) == (name, organisation, "itself")


def test_an_issuer_is_told_by_its_name() -> None:
    assert issuer_of(issue("Wren", ROOT).asn1) == ROOT.name


AUTHORITY = made_by_others.BasicConstraints(ca=True, path_length=None)
NO_AUTHORITY = made_by_others.BasicConstraints(ca=False, path_length=None)


def usage(*, issuing: bool) -> made_by_others.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    return made_by_others.KeyUsage(
        **dict.fromkeys(names, False) | {names[0]: True},
        key_cert_sign=issuing,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


@pytest.mark.parametrize(
    ("claims", "issues"),
    [
        ([AUTHORITY, usage(issuing=True)], True),
        # What `openssl req -x509` makes, whoever made it.
        ([AUTHORITY], False),
        ([AUTHORITY, usage(issuing=False)], False),
        ([NO_AUTHORITY, usage(issuing=True)], False),
        ([usage(issuing=True)], False),
        ([], False),
    ],
)
def test_what_a_certificate_issued_is_trusted_if_it_is_there_for_issuing(
    claims: list[made_by_others.ExtensionType], issues: bool
) -> None:
    given = certificate((NameOID.COMMON_NAME, "Wren"), claims=claims)
    role = Role("party", "sparrow", "the test")
    assert anchor(role, [given]) == Anchor(role, (given,), (given,) if issues else ())
    assert anchor(role, [given], authority=True).authorities == (given,)


def answer() -> bytes:
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        b"1" * 20,
        b"2" * 20,
        7,
        hashes.SHA1(),
        ocsp.OCSPCertStatus.GOOD,
        ROOT.certificate.not_valid_before_utc,
        None,
        None,
        None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, ROOT.certificate)
    made = builder.sign(ROOT.key, hashes.SHA256())
    return made.public_bytes(Encoding.DER)


def test_lists_and_answers_are_of_either_form() -> None:
    first, second = signing_keys.crl_of(ROOT), signing_keys.crl_of(signing_keys.stranger())
    whole = pem.armor("X509 CRL", first) + ROOT.pem + pem.armor("X509 CRL", second)
    assert read_crls(first, "list.crl") == (first,)
    assert read_crls(whole, "lists.pem") == (first, second)
    said = answer()
    assert read_ocsp(said, "answer.der") == read_ocsp(pem.armor("OCSP RESPONSE", said), "answer.pem") == (said,)


def test_what_is_no_list_is_refused() -> None:
    with pytest.raises(RepositoryError, match="holds no revocation list that can be read"):
        read_crls(b"hello", "list.crl")
    with pytest.raises(RepositoryError, match=r"holds no revocation list$"):
        read_crls(ROOT.pem, "list.pem")
    with pytest.raises(RepositoryError, match="holds no answer about revocation"):
        read_ocsp(signing_keys.crl_of(ROOT), "answer.der")
