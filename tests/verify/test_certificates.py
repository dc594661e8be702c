"""Whether the certificate of a signature is trusted: when, for what, and unless it was revoked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.keys.internal import translate_pyca_cryptography_key_to_asn1
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from clausebook.signing.sign import sign
from clausebook.verify.integrity.examine import examine
from clausebook.verify.model import Role, RoleKind, Signature
from clausebook.verify.trust import TrustStore, anchor
from tests.support import signing_keys
from tests.support.signing_keys import DAY, Pair, issue
from tests.support.signing_pdfs import WISHES, unsigned, updated

pytestmark = pytest.mark.slow("real certificates, each used once")

ROOT = signing_keys.root()
FIELD = "party-1-signature"
ROLE = Role("party", "party-1", "the test")


def signed_by(pair: Pair) -> bytes:
    return sign(unsigned(1), FIELD, pair.credentials(), WISHES)


def judged(
    pdf: bytes, *trusted: Pair, crls: Sequence[bytes] = (), ocsps: Sequence[bytes] = (), moment: datetime | None = None
) -> Signature:
    certificates = [pair.asn1 for pair in trusted or (ROOT,)]
    store = TrustStore((anchor(ROLE, certificates),), crls=tuple(crls), ocsps=tuple(ocsps))
    (found,) = examine(pdf, store, moment=moment).signatures
    assert found.intact
    return found


@pytest.mark.parametrize(
    ("usage", "purposes", "meant"),
    [
        (False, [], True),
        (["digital_signature"], [], True),
        (["content_commitment"], [], True),
        (["key_encipherment"], [], False),
        (False, [ExtendedKeyUsageOID.EMAIL_PROTECTION], True),
        (False, [ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE], True),
        (False, [ExtendedKeyUsageOID.SERVER_AUTH], False),
        (["digital_signature"], [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CODE_SIGNING], False),
        (["key_encipherment"], [ExtendedKeyUsageOID.EMAIL_PROTECTION], False),
    ],
)
def test_a_certificate_is_trusted_for_what_it_is_meant_for(
    usage: bool | list[str], purposes: list[x509.ObjectIdentifier], meant: bool
) -> None:
    found = judged(signed_by(issue("Wren", ROOT, usage=usage, purposes=purposes)))
    assert found.trusted is meant
    assert found.problem == ("" if meant else "The signer's certificate is not meant for signing documents.")


SECOND = timedelta(seconds=1)


def test_a_certificate_is_trusted_from_its_first_to_its_last_moment() -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    begin, end = now - 9 * DAY, now + 9 * DAY
    pdf = signed_by(issue("Wren", ROOT, begin=begin, end=end))
    assert judged(pdf, moment=begin).problem == judged(pdf, moment=end).problem == ""
    assert judged(pdf, moment=begin - SECOND).problem == (
        f"The signer's certificate was not valid before {begin.date().isoformat()}."
    )
    assert judged(pdf, moment=end + SECOND).problem.startswith(
        f"The signer's certificate expired on {end.date().isoformat()}, and no trusted time stamp"
    )


def test_a_certificate_above_must_have_been_valid_too() -> None:
    now = datetime.now(UTC)
    above = issue("Authority of Yore", ROOT, ca=True, begin=now - 60 * DAY, end=now - 30 * DAY)
    found = judged(signed_by(issue("Wren", above)))
    assert (found.trusted, found.problem) == (
        False,
        "A certificate above the signer's was not valid when it was used.",
    )


def test_a_certificate_above_must_be_there_for_issuing() -> None:
    above = issue("No Authority", ROOT)
    assert judged(signed_by(issue("Wren", above))).trusted is False
    assert judged(signed_by(issue("Wren", above)), above).trusted is False
    assert judged(signed_by(above), above).trusted is True


def answer(pair: Pair, issuer: Pair, *, revoked: bool = False) -> bytes:
    now = datetime.now(UTC)
    status = ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=pair.certificate,
        issuer=issuer.certificate,
        algorithm=hashes.SHA1(),
        cert_status=status,
        this_update=now - DAY,
        next_update=now + DAY,
        revocation_time=now - 10 * DAY if revoked else None,
        revocation_reason=None,
    )
    made = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate)
    return made.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)  # type: ignore[arg-type]


def test_lists_and_answers_tell_of_the_signer_and_of_who_issued_the_certificate() -> None:
    day = (datetime.now(UTC) - 10 * DAY).date().isoformat()
    above = issue("Authority", ROOT, ca=True)
    pair = issue("Wren", above)
    pdf = signed_by(pair)
    fine = (signing_keys.crl_of(ROOT), signing_keys.crl_of(above))
    assert (judged(pdf).trusted, judged(pdf).revocation) == (True, "not checked")
    assert (judged(pdf, crls=fine).trusted, judged(pdf, crls=fine).revocation) == (True, "good")
    half = judged(pdf, crls=fine[:1])
    assert (half.trusted, half.revocation) == (True, "unknown")
    own = judged(pdf, crls=(fine[0], signing_keys.crl_of(above, pair)))
    assert (own.trusted, own.revocation) == (False, f"revoked on {day}")
    assert own.problem == f"The signer's certificate was revoked on {day}."
    other = judged(pdf, crls=(signing_keys.crl_of(ROOT, above), fine[1]))
    assert (other.trusted, other.problem) == (False, f"The certificate of its issuer was revoked on {day}.")


def test_an_answer_alone_tells_of_a_certificate() -> None:
    pair = issue("Wren", ROOT, ocsp="http://ocsp.invalid/")
    pdf = signed_by(pair)
    good, bad = judged(pdf, ocsps=[answer(pair, ROOT)]), judged(pdf, ocsps=[answer(pair, ROOT, revoked=True)])
    assert (good.trusted, good.revocation) == (True, "good")
    assert bad.trusted is False
    assert bad.problem.startswith("The signer's certificate was revoked on ")


def test_of_what_is_not_trusted_nothing_is_told_of_being_revoked() -> None:
    found = judged(signed_by(signing_keys.stranger()), crls=[signing_keys.crl_of(ROOT)])
    assert (found.trusted, found.revocation) == (False, "")
    assert found.problem == "The signer's certificate is nobody's that is trusted here."


@pytest.mark.parametrize(
    ("purposes", "problem"),
    [
        ([ExtendedKeyUsageOID.TIME_STAMPING], ""),
        ([ExtendedKeyUsageOID.EMAIL_PROTECTION], "The signer's certificate is not meant for this."),
        ([], "The signer's certificate is not meant for this."),
    ],
)
def test_a_time_is_told_by_a_certificate_that_is_meant_for_it(
    purposes: list[x509.ObjectIdentifier], problem: str
) -> None:
    clock = issue("Clock", ROOT, kind="rsa", purposes=purposes)
    key = translate_pyca_cryptography_key_to_asn1(clock.key)
    stamper = PdfTimeStamper(DummyTimeStamper(clock.asn1, key, SimpleCertificateStore.from_certs([ROOT.asn1])))
    stamped = stamper.timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(unsigned(1)), strict=False), "sha256", None)
    store = TrustStore((anchor(Role("time", "Clock", "the test"), [ROOT.asn1]),))
    (found,) = examine(stamped.getvalue(), store).signatures
    assert (found.kind, found.intact, found.trusted, found.problem) == ("timestamp", True, not problem, problem)


# Time stamps in a signature, and data for long-term validation in a file


class Mistaken(DummyTimeStamper):
    """Stamps something else than it was given."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return await super().async_timestamp(bytes(len(message_digest)), md_algorithm)


def stamped_by(pair: Pair, stamper: type[DummyTimeStamper], moment: datetime) -> bytes:
    clock = signing_keys.authority()
    key = translate_pyca_cryptography_key_to_asn1(clock.key)
    made = stamper(clock.asn1, key, SimpleCertificateStore.from_certs([ROOT.asn1]), fixed_dt=moment)
    maker = PdfSigner(
        PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256"),
        signer=pair.credentials().signer,
        timestamper=made,
    )
    return bytes(maker.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(unsigned(1)), strict=False)).getvalue())


@pytest.mark.parametrize(
    ("stamper", "roles", "source", "problem"),
    [
        (DummyTimeStamper, ("party", "time"), "timestamp", ""),
        (DummyTimeStamper, (), "timestamp", ""),
        (DummyTimeStamper, ("party",), "signer", "Nobody's certificates are trusted for its time stamp."),
        (Mistaken, ("party", "time"), "signer", "Its time stamp is not intact."),
        (Mistaken, (), "signer", "Its time stamp is not intact."),
    ],
)
def test_a_time_stamp_tells_the_time_if_it_holds_and_is_trusted(
    stamper: type[DummyTimeStamper], roles: Sequence[RoleKind], source: str, problem: str
) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) - 5 * DAY
    store = TrustStore(tuple(anchor(Role(kind, "party-1", "the test"), [ROOT.asn1]) for kind in roles))
    (found,) = examine(stamped_by(issue("Wren", ROOT), stamper, moment), store).signatures
    assert (found.time_source, found.problem) == (source, problem)
    assert (found.time == moment.strftime("%Y-%m-%dT%H:%M:%SZ")) is (source == "timestamp")
    assert found.trusted is (True if roles else None)


@pytest.mark.parametrize("clock", [True, False])
def test_a_certificate_that_expired_since_was_valid_when_a_trusted_clock_says_so(clock: bool) -> None:
    now = datetime.now(UTC)
    pair = issue("Wren", ROOT, begin=now - 60 * DAY, end=now - 30 * DAY)
    pdf = stamped_by(pair, DummyTimeStamper, (now - 40 * DAY).replace(microsecond=0))
    roles = (ROLE, Role("time", "Clock", "the test")) if clock else (ROLE,)
    (found,) = examine(pdf, TrustStore(tuple(anchor(role, [ROOT.asn1]) for role in roles))).signatures
    assert found.trusted is clock
    assert ("certificate expired on" in found.problem) is not clock


def with_store(pdf: bytes, **lists: generic.PdfObject) -> bytes:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        made = {generic.pdf_name(f"/{name}"): value for name, value in lists.items()}
        writer.root["/DSS"] = writer.add_object(generic.DictionaryObject(made))
        writer.update_root()

    return updated(pdf, edit)


def test_what_a_file_has_for_long_term_validation_is_taken_in_as_far_as_it_can_be_read() -> None:
    pair = issue("Wren", ROOT)
    pdf = signed_by(pair)
    good, bad = signing_keys.crl_of(ROOT), signing_keys.crl_of(ROOT, pair)

    def told(content: bytes) -> tuple[bool | None, str]:
        found = judged(content)
        return found.trusted, found.revocation[:7]

    def placed(*contents: bytes) -> bytes:
        def edit(writer: IncrementalPdfFileWriter) -> None:
            held = [writer.add_object(generic.StreamObject(stream_data=content)) for content in contents]
            made = {generic.pdf_name("/CRLs"): generic.ArrayObject(held)}
            writer.root["/DSS"] = writer.add_object(generic.DictionaryObject(made))
            writer.update_root()

        return updated(pdf, edit)

    assert told(pdf) == (True, "not che")
    assert told(placed(good)) == (True, "good")
    assert told(placed(b"no list", good)) == (True, "good")
    assert told(placed(b"no list")) == (True, "not che")
    assert told(placed(bad)) == (False, "revoked")
    assert told(with_store(pdf, CRLs=generic.pdf_name("/None"))) == (True, "not che")
    assert told(with_store(pdf, CRLs=generic.ArrayObject([generic.pdf_name("/None")]))) == (True, "not che")
