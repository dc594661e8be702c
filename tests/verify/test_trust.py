"""Whose certificates prove what: for a party, a service or time, and never for everything."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from click.testing import CliRunner
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.keys.internal import translate_pyca_cryptography_key_to_asn1
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.ades.cades_asn1 import CommitmentTypeIndication
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from clausebook.cli.main import cli
from clausebook.signing.sign import sign
from clausebook.verify.integrity.examine import examine
from clausebook.verify.model import Role, Verification
from clausebook.verify.trust import Anchor, TrustStore, anchor
from clausebook.verify.verdict_report import text_report
from clausebook.verify.verifying import verify
from tests.support import returns, signing_keys
from tests.support.honest_returns import pyhanko
from tests.support.returned_files import FIELDS, NAMES, WISHES, Place, made, sealed, signed, signer
from tests.support.signing_authority import serving
from tests.support.signing_keys import Pair, issue
from tests.support.signing_pdfs import unsigned

pytestmark = pytest.mark.slow("real keys and certificates of every kind, judged in a real repository")

ROOT = signing_keys.root()
SPARROW, FINCH = Role("party", "sparrow", "the test"), Role("party", "finch", "the test")
SERVICE = Role("service", "Signing Platform", "the test")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


def both(pdf: bytes, ours: Pair, theirs: Pair) -> bytes:
    for field, pair in zip(FIELDS, (ours, theirs), strict=True):
        pdf = sign(pdf, field, pair.credentials(), WISHES)
    return pdf


def judged(place: Place, pdf: bytes, *anchors: Anchor, **more: tuple[bytes, ...]) -> Verification:
    return verify(place.root, [pdf], replace(TrustStore(tuple(anchors)), **more), {}, place.sandbox)


def trusts(role: Role, *pairs: Pair, authority: bool = False) -> Anchor:
    return anchor(role, [pair.asn1 for pair in pairs], authority=authority)


def receipt() -> CAdESSignedAttrSpec:
    """Return attributes by which a signer says that they received a document, and not that they approve of it."""
    return CAdESSignedAttrSpec(commitment_type=CommitmentTypeIndication({"commitment_type_id": "proof_of_receipt"}))


def reasons(found: Verification) -> str:
    return "; ".join(f"{each.name} {each.words}" for each in found.reasons)


def test_each_party_s_own_root_proves_its_own_signature(place: Place) -> None:
    ours, theirs = issue("Root of Sparrow", ca=True), issue("Root of Finch", ca=True)
    pdf = both(place.pdf, issue(NAMES[0], ours), issue(NAMES[1], theirs))
    found = judged(place, pdf, trusts(SPARROW, ours), trusts(FINCH, theirs))
    assert found.verdict == "verified", text_report(found)
    assert [each.counts for each in found.files[0].signatures] == ["sparrow (the test)", "finch (the test)"]
    assert "issued by Root of Sparrow" in text_report(found)
    assert "counts for finch (the test)" in text_report(found)
    crossed = judged(place, pdf, trusts(SPARROW, theirs), trusts(FINCH, ours))
    assert crossed.verdict == "incomplete"
    assert "trusted for the party finch, which is not what it is used for here" in reasons(crossed)


@pytest.mark.parametrize("name", ["sparrow", "Sparrow Maps Ltd", "SPARROW  maps ltd", "sparrow-1"])
def test_a_party_is_named_by_key_or_name_or_block(name: str, place: Place) -> None:
    found = judged(place, signed(place.pdf), trusts(Role("party", name, ""), ROOT), trusts(FINCH, ROOT))
    assert found.verdict == "verified", text_report(found)


def test_certificates_of_one_signatory_prove_nobody_else_s_signature(place: Place) -> None:
    mine = replace(SPARROW, signatories=(NAMES[0],))
    assert judged(place, signed(place.pdf), trusts(mine, ROOT), trusts(FINCH, ROOT)).verdict == "verified"
    other = replace(SPARROW, signatories=("Somebody Else", "sparrow-2"))
    found = judged(place, signed(place.pdf), trusts(other, ROOT), trusts(FINCH, ROOT))
    assert (found.verdict, found.signatories[0].evidence) == ("incomplete", "certificate")
    assert "Somebody Else and sparrow-2 alone" in reasons(found)


def test_a_page_of_completion_under_one_s_own_certificate_proves_nothing(place: Place) -> None:
    """The unsigned file, a page made by hand, and a signature in a field of one's own: no service was there."""
    back = sealed(returns.enveloped(place.pdf, returns.stamps(place.pdf, NAMES), NAMES))
    assert judged(place, back, trusts(SERVICE, ROOT)).verdict == "verified"
    found = judged(place, back, trusts(SPARROW, ROOT), trusts(FINCH, ROOT))
    assert found.verdict == "incomplete", text_report(found)
    assert "Envelope-7F3A91C4:untrusted" in reasons(found)


def test_a_seal_proves_no_signature_in_a_party_s_field(place: Place) -> None:
    assert judged(place, signed(place.pdf), trusts(SERVICE, ROOT)).verdict == "incomplete"


def test_a_certificate_that_claims_to_be_an_authority_issues_nothing(place: Place) -> None:
    """What `openssl req -x509` makes is a certificate of an authority, whoever made it."""
    theirs = issue(NAMES[1], ca=True, usage=False)
    forged = issue(NAMES[0], theirs)
    pdf = both(place.pdf, forged, issue(NAMES[1], theirs))
    own = [trusts(role, theirs) for role in (SPARROW, FINCH)]
    found = judged(place, pdf, *own)
    assert found.verdict == "incomplete", text_report(found)
    assert not any(each.roles for each in found.files[0].signatures)
    given = [trusts(role, theirs, authority=True) for role in (SPARROW, FINCH)]
    assert judged(place, pdf, *given).verdict == "verified"


def test_a_self_signed_certificate_is_trusted_as_itself(place: Place) -> None:
    for usage in (True, False):
        ours = issue(NAMES[0], usage=usage)
        found = judged(place, both(place.pdf, ours, signer(NAMES[1])), trusts(SPARROW, ours), trusts(FINCH, ROOT))
        assert found.verdict == "verified", text_report(found)


@pytest.mark.parametrize(
    ("purposes", "verdict"),
    [
        ([ExtendedKeyUsageOID.SERVER_AUTH], "incomplete"),
        ([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.CODE_SIGNING], "incomplete"),
        ([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION], "verified"),
        ([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE], "verified"),
    ],
)
def test_a_certificate_must_be_meant_for_signing_documents(purposes: list[object], verdict: str, place: Place) -> None:
    ours = issue(NAMES[0], ROOT, purposes=purposes)  # type: ignore[arg-type]
    found = judged(place, both(place.pdf, ours, signer(NAMES[1])), trusts(SPARROW, ROOT), trusts(FINCH, ROOT))
    assert found.verdict == verdict, text_report(found)
    assert verdict == "verified" or "not meant for signing documents" in reasons(found)


def test_one_certificate_for_two_parties_is_a_doubt(place: Place) -> None:
    one = issue(f"{NAMES[0]} {NAMES[1]}", ROOT)
    found = judged(place, both(place.pdf, one, one), trusts(SPARROW, ROOT), trusts(FINCH, ROOT))
    assert found.verdict == "incomplete"
    assert reasons(found).count("one and the same certificate signed for two parties") == 2


def test_one_key_in_two_certificates_is_a_doubt(place: Place) -> None:
    ours = issue(NAMES[0], ROOT)
    found = place.verify(both(place.pdf, ours, issue(NAMES[1], ROOT, key=ours.key)))
    assert found.verdict == "incomplete"
    assert reasons(found).count("one and the same key signed for two parties") == 2


@pytest.mark.parametrize(
    ("name", "organisation", "verdict"),
    [
        (NAMES[1], "Finch & Daughters LLP", "verified"),
        (NAMES[1], "FINCH AND DAUGHTERS, L.L.P.", "verified"),
        (NAMES[1], "Birdworks Ltd.", "verified"),
        ("Dr. Finn A. Sample, Ph.D.", "", "verified"),
        ("SAMPLE FINN 38001085718", "", "verified"),
        ("Finn Jonas Maria Sample", "", "verified"),
        ("Finch & Daughters LLP", "", "verified"),
        ("Finn Sample (Finch & Daughters LLP)", "", "verified"),
        (NAMES[1], "subject to the fee being doubled", "incomplete"),
        (NAMES[1], "Void After 30 Days", "incomplete"),
        ("Finn Sample void after 30 days", "", "incomplete"),
        ("Not Finn Sample", "", "incomplete"),
        ("Finn subject to board approval Sample", "", "incomplete"),
        ("Finch & Daughters LLP under protest", "", "incomplete"),
        ("Finn S\u0430mple", "", "incomplete"),
        ("Finn", "", "incomplete"),
    ],
)
def test_a_certificate_names_somebody_and_says_no_more(
    name: str, organisation: str, verdict: str, place: Place
) -> None:
    found = place.verify(both(place.pdf, signer(NAMES[0]), issue(name, ROOT, organisation=organisation)))
    assert found.verdict == verdict, text_report(found)
    if verdict == "incomplete":
        assert (organisation or name) in reasons(found)


def test_certificates_trusted_as_themselves_can_be_revoked(place: Place) -> None:
    ours, theirs = issue(NAMES[0], ROOT), issue(NAMES[1], ROOT)
    pdf = both(place.pdf, ours, theirs)
    anchors = (trusts(SPARROW, ours), trusts(FINCH, theirs))
    assert judged(place, pdf, *anchors).verdict == "verified"

    def told(*lists: bytes) -> tuple[str, list[str]]:
        found = judged(place, pdf, *anchors, crls=lists)
        return found.verdict, [each.revocation[:10] for each in found.files[0].signatures]

    assert told(signing_keys.crl_of(ROOT)) == ("verified", ["good", "good"])
    assert told(signing_keys.crl_of(ROOT, theirs)) == ("incomplete", ["good", "revoked on"])
    assert told(signing_keys.crl_of(signing_keys.stranger())) == ("verified", ["unknown", "unknown"])
    alone = [replace(each, chain=()) for each in (ours, theirs)]
    pdf = both(place.pdf, *alone)
    assert told(signing_keys.crl_of(ROOT, theirs)) == ("incomplete", ["unknown", "revoked on"])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"location": "void unless the board approves"}, "Location: void unless the board approves"),
        ({"contact_info": "the fee is doubled"}, "ContactInfo: the fee is doubled"),
        ({"name": "Finn Sample under protest"}, "Name: Finn Sample under protest"),
        ({"reason": "I approve " + "with joy " * 40 + "if the fee doubles"}, "if the fee doubles"),
        ({"cades_signed_attr_spec": receipt()}, "proof_of_receipt"),
        ({"location": "New York", "contact_info": "finn@sample.example", "name": "Finn Sample"}, ""),
        ({"reason": "I am the author of this document"}, ""),
    ],
)
def test_what_a_signature_says_besides_may_be_a_condition(said: dict[str, Any], told: str, place: Place) -> None:
    if "cades_signed_attr_spec" in said:
        said = {**said, "subfilter": SigSeedSubFilter.PADES}
    found = place.verify(pyhanko(pyhanko(place.pdf, 0), 1, **said))
    assert found.verdict == ("incomplete" if told else "verified"), text_report(found)
    assert told in reasons(found)


def test_a_reason_may_be_a_condition(place: Place) -> None:
    def with_reason(said: str) -> Verification:
        pdf = sign(place.pdf, FIELDS[0], signer(NAMES[0]).credentials(), replace(WISHES, reason=said))
        return place.verify(sign(pdf, FIELDS[1], signer(NAMES[1]).credentials(), WISHES))

    found = with_reason("Subject to board approval")
    assert found.verdict == "incomplete"
    assert "sparrow-1-signature:reason" in reasons(found)
    assert "Subject to board approval" in reasons(found)


def test_revocation_is_said_aloud(place: Place) -> None:
    ours = issue(NAMES[0], ROOT)
    pdf = both(place.pdf, ours, issue(NAMES[1], ROOT))
    anchors = (trusts(SPARROW, ROOT), trusts(FINCH, ROOT))

    def told(*lists: bytes) -> tuple[str, list[str]]:
        found = judged(place, pdf, *anchors, crls=lists)
        return found.verdict, [each.revocation for each in found.files[0].signatures]

    assert told() == ("verified", ["not checked", "not checked"])
    assert told(signing_keys.crl_of(ROOT)) == ("verified", ["good", "good"])
    assert told(signing_keys.crl_of(signing_keys.stranger())) == ("verified", ["unknown", "unknown"])
    verdict, (first, second) = told(signing_keys.crl_of(ROOT, ours))
    assert (verdict, second) == ("incomplete", "good")
    assert first.startswith("revoked on 20")
    found = judged(place, pdf, *anchors, crls=(signing_keys.crl_of(ROOT, ours),))
    assert "The signer's certificate was revoked on" in text_report(found)


def test_answers_about_revocation_are_read(place: Place) -> None:
    ours, theirs = issue(NAMES[0], ROOT), issue(NAMES[1], ROOT)
    pdf = both(place.pdf, ours, theirs)
    anchors = (trusts(SPARROW, ROOT), trusts(FINCH, ROOT))

    def told(*answers: bytes) -> tuple[str, list[str]]:
        found = judged(place, pdf, *anchors, ocsps=answers)
        return found.verdict, [each.revocation[:10] for each in found.files[0].signatures]

    good = [signing_keys.ocsp_of(ROOT, each) for each in (ours, theirs)]
    assert told(*good) == ("verified", ["good", "good"])
    assert told(good[0]) == ("verified", ["good", "unknown"])
    assert told(good[0], signing_keys.ocsp_of(ROOT, theirs, revoked=True)) == ("incomplete", ["good", "revoked on"])
    # Whom its issuer has not named for it gives no answer.
    stranger = issue("Stranger", ROOT)
    false = [signing_keys.ocsp_of(ROOT, each, revoked=True, responder=stranger) for each in (ours, theirs)]
    assert told(*false) == ("verified", ["unknown", "unknown"])


def test_the_command_takes_answers_about_revocation(place: Place, tmp_path: Path) -> None:
    ours, theirs = issue(NAMES[0], ROOT), issue(NAMES[1], ROOT)
    given = {
        "signed.pdf": both(place.pdf, ours, theirs),
        "root.pem": ROOT.pem,
        "ours.pem": pem.armor("OCSP RESPONSE", signing_keys.ocsp_of(ROOT, ours)),
        "good.der": signing_keys.ocsp_of(ROOT, theirs),
        "revoked.der": signing_keys.ocsp_of(ROOT, theirs, revoked=True),
    }
    for name, content in given.items():
        (tmp_path / name).write_bytes(content)

    def run(answer: str) -> tuple[int, str]:
        trust = (f"--trust={party}={tmp_path / 'root.pem'}" for party in ("sparrow", "finch"))
        answers = (f"--ocsp={tmp_path / name}" for name in ("ours.pem", answer))
        done = CliRunner().invoke(
            cli, ["verify", str(tmp_path / "signed.pdf"), *trust, *answers, "--root", str(place.root)]
        )
        return done.exit_code, done.output

    code, said = run("good.der")
    assert code == 0, said
    assert said.count("revocation: good") == 2
    code, said = run("revoked.der")
    assert code == 3, said
    assert "The signer's certificate was revoked on" in said


def test_lists_are_fetched_only_when_that_is_wanted() -> None:
    with serving() as address:
        pair = issue("Signer", ROOT, crl=f"{address}/root.crl")
        pdf = sign(unsigned(1), "party-1-signature", pair.credentials(), WISHES)
        store = TrustStore((trusts(Role("party", "party-1", "the test"), ROOT),))
        (offline,) = examine(pdf, store).signatures
        assert (offline.trusted, offline.revocation) == (True, "not checked")
        (online,) = examine(pdf, replace(store, online=True)).signatures
        assert (online.trusted, online.revocation) == (True, "good")


def test_the_command_names_whom_to_trust(place: Place, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    (tmp_path / "signed.pdf").write_bytes(signed(place.pdf))
    (tmp_path / "crl.pem").write_bytes(signing_keys.crl_of(ROOT))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "clausebook", "verify", str(tmp_path / "signed.pdf"), *arguments]
        done = subprocess.run(
            [*command, "--root", str(place.root)],
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": "200"},
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done

    root = tmp_path / "root.pem"
    whole = run(f"--trust=sparrow={root}", f"--trust=Finch & Daughters LLP={root}", f"--crl={tmp_path / 'crl.pem'}")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert "revocation: good" in whole.stdout or "revocation: unknown" in whole.stdout
    assert run().returncode == 3
    for wrong in ("--trust=sparrow", f"--trust={root}", "--trust=sparrow=none.pem", f"--certificate={root}"):
        assert run(wrong).returncode == 2, wrong
    assert "--trust PARTY=FILE" in run(f"--certificate={root}").stderr


def _stamper(pair: Pair, moment: datetime | None = None) -> DummyTimeStamper:
    store = SimpleCertificateStore()
    store.register(ROOT.asn1)
    return DummyTimeStamper(pair.asn1, translate_pyca_cryptography_key_to_asn1(pair.key), store, fixed_dt=moment)


def test_a_time_that_has_not_come_is_told(place: Place) -> None:
    ahead = _stamper(signing_keys.authority(), datetime.now(UTC) + timedelta(days=300))
    found = place.verify(pyhanko(pyhanko(place.pdf, 0, timestamper=ahead), 1))
    assert found.verdict == "incomplete"
    assert "which has not come yet" in reasons(found)


def test_a_time_stamp_of_somebody_who_is_no_authority_counts_for_nothing(place: Place) -> None:
    stamper = _stamper(issue("No Authority of Time", ROOT, kind="rsa"))
    found = place.verify(pyhanko(pyhanko(place.pdf, 0, timestamper=stamper), 1))
    assert [each.time_source for each in found.files[0].signatures] == ["signer", "signer"]
    assert "Nobody's certificates are trusted for its time stamp" in text_report(found)
