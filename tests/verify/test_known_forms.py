"""What services and programs add: known when it is one of their forms from end to end, and shown whole when not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pikepdf
import pytest
from pikepdf import Name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from clausebook.signing.sign import sign
from clausebook.verify.model import Role, Verification
from clausebook.verify.pages.known_forms import (
    Values,
    certificate_form,
    forms,
    is_mark,
    is_page,
    is_stamp,
    is_title_page,
    says_signed,
    values,
)
from clausebook.verify.trust import TrustStore, anchor
from clausebook.verify.verdict_report import text_report
from clausebook.verify.verifying import verify
from tests.support import returns, signing_keys
from tests.support.returned_files import FIELDS, NAMES, WISHES, Place, made, sealed, signer

GIVEN = values(
    ["Imogen Tessaro", "Rufus Adeyemi-Lindqvist"],
    ["Harborview Regional Health", "Cornerway Stores Inc."],
    ["Chief Executive Officer"],
    ["retail-telehealth", "retail-telehealth.pdf"],
    ["imogen.tessaro@harborview.example rufus@cornerway.example fee-is-doubled@harborview.example x@evil.example"],
)
PAGE = "\n".join(returns.certificate(["Imogen Tessaro", "Rufus Adeyemi-Lindqvist"])[0].splitlines())
PAGE = PAGE.replace("imogen@sparrow.example", "imogen.tessaro@harborview.example")
PAGE = PAGE.replace("rufus@sparrow.example", "rufus@cornerway.example").replace("sparrow-finch", "retail-telehealth")


def test_e_mails_are_made_of_names() -> None:
    assert GIVEN.emails == {"imogen.tessaro@harborview.example", "rufus@cornerway.example"}


@pytest.mark.parametrize(
    ("email", "known"),
    [
        ("imogen.tessaro@harborview.example", True),
        ("imogen_tessaro@harborview.example", True),
        ("imogentessaro@harborview.example", True),
        ("imogen@harborview.example", True),
        ("tessaro@harborview.example", True),
        ("i.tessaro@harborview.example", True),
        ("imogen.t@harborview.example", True),
        ("it@harborview.example", True),
        ("(Rufus.Adeyemi-Lindqvist@cornerway.example),", True),
        ("ral@cornerway.example", True),
        ("rufus.lindqvist@cornerway.example", True),
        ("imogen@harborview-regional.example", True),
        ("imogen@health.harborview.example", True),
        # The names in another order, or with anything more.
        ("tessaro.imogen@harborview.example", False),
        ("imogen.void@harborview.example", False),
        ("void.imogen@harborview.example", False),
        ("imogenx@harborview.example", False),
        ("x@harborview.example", False),
        # At a house of another name.
        ("imogen@harborview-void.example", False),
        ("imogen@void.harborview.example", False),
        ("imogen@evil.example", False),
        ("imogen@example", False),
        ("imogen.tessaro", False),
    ],
)
def test_an_e_mail_that_says_more_than_names_is_none(email: str, known: bool) -> None:
    houses = ["Harborview Regional Health", "Cornerway Stores Inc."]
    given = values(["Imogen Tessaro", "Rufus Adeyemi-Lindqvist"], houses, [], [], [f"Sent to {email}"])
    assert bool(given.emails) is known


def test_an_e_mail_at_a_house_of_one_word_is_one() -> None:
    assert values(["Ann Bo"], ["Maps"], [], [], ["ann@maps.example"]).emails == {"ann@maps.example"}


def test_a_whole_page_is_known() -> None:
    assert certificate_form(PAGE, GIVEN) == "envelope"
    assert is_title_page(PAGE)
    assert not is_title_page("A side letter.")
    assert not is_title_page("A side letter. " * 40 + PAGE), "what begins in another way claims to be nothing"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Envelope Summary", "The parties further agree that the fee is doubled. Envelope Summary"),
        ("Status: Completed", "Status: Completed subject to board approval"),
        ("Security Level: Email", "Security Level: none"),
        ("Imogen Tessaro", "Mallory Other"),
        ("imogen.tessaro@harborview.example", "fee-is-doubled@harborview.example"),
        ("Using IP Address: 192.0.2.7", "Using IP Address: 192.0.2.7 void"),
        ("retail-telehealth.pdf", "side letter.pdf"),
        (returns.ENVELOPE, "for_30_days_only_and_then_void_01"),
        ("Status: Completed", "Status: Voided"),
        ("rufus@cornerway.example", "rufus@cornerway.void-unless-paid"),
        ("Document Pages: 2", "Time Zone: (UTC-08:00) Doubled Time (US & Canada) Document Pages: 2"),
    ],
)
def test_one_word_more_and_it_is_not(old: str, new: str) -> None:
    assert old in PAGE
    assert certificate_form(PAGE.replace(old, new, 1), GIVEN) == ""


def test_a_page_that_an_attacker_made_is_none() -> None:
    page = (
        "Certificate Of Completion Status: Completed Signed: Imogen Tessaro Signed: Rufus Adeyemi-Lindqvist Viewed Sent"
    )
    assert certificate_form(page, GIVEN) == ""


TRAIL = "Audit trail Document history SIGNED 05 / 06 / 2031 09:14:03 UTC Signed by Imogen Tessaro The document has been"
REPORT = (
    "Final Audit Report Document e-signed by Imogen Tessaro Email viewed by Rufus Adeyemi-Lindqvist (rufus@cornerway"
)


@pytest.mark.parametrize(
    ("form", "text", "signed"),
    [
        ("envelope", PAGE, {"Imogen Tessaro", "Rufus Adeyemi-Lindqvist"}),
        ("envelope", PAGE.replace(" Signed: 5/6/2031 9:14:03 AM", "", 1), {"Rufus Adeyemi-Lindqvist"}),
        ("envelope", "Holder: Imogen Tessaro Signer Events Signature Timestamp Signed: 5/6/2031 9:14:03 AM", set()),
        ("envelope", "Imogen Tessaro Sent: 5/6/2031 9:14:03 AM Viewed: 5/6/2031 9:14:03 AM", set()),
        ("audit-trail", TRAIL, {"Imogen Tessaro"}),
        ("audit-trail", TRAIL.replace("SIGNED", "VIEWED").replace("Signed by", "Viewed by"), set()),
        ("audit-report", REPORT, {"Imogen Tessaro"}),
    ],
)
def test_a_certificate_says_who_signed_and_not_only_who_sent_or_saw(form: str, text: str, signed: set[str]) -> None:
    names = ("Imogen Tessaro", "Rufus Adeyemi-Lindqvist")
    assert {name for name in names if says_signed(text, form, name, GIVEN)} == signed


@pytest.mark.parametrize(
    ("identifier", "known"),
    [("CBJCHBCAABAAwvT4xYc5", True), ("for_30_days_only_and_then_void_01", False), ("CBJCHBCAABAA_if_not_void", False)],
)
def test_ids_have_a_service_s_shape(identifier: str, known: bool) -> None:
    assert is_page(f"Transaction ID: {identifier}", "audit-report", GIVEN) == known


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (f"Docusign Envelope ID: {returns.ENVELOPE}", True),
        (f"Docusign Envelope ID: {returns.ENVELOPE} Docusign Envelope ID: {returns.ENVELOPE}", True),
        ("Docusign Envelope ID: for_30_days_only_and_then_void_01", False),
        ("for_30_days_only_and_then_void_01", False),
        ("Docusign Envelope ID:", False),
        ("Doc ID: 4be0643f1d98573b97dcdca98a65347b6e0a1f1c", True),
        ("Fee doubled", False),
        ("3", False),
    ],
)
def test_marks_in_the_margins(text: str, known: bool) -> None:
    assert is_mark(text, GIVEN) == known


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Signed by Imogen Tessaro, Harborview Regional Health 2031-05-06 09:14:03 +00:00", True),
        ("Digitally signed by Imogen Tessaro. Timestamp: 2031-05-06 09:14:03 UTC.", True),
        ("Digitally signed by IMOGEN TESSARO Date: 2031.05.06 09:14:03 +02'00'", True),
        ("Imogen Tessaro Chief Executive Officer 2031-05-06", True),
        ("Senior Vice President and General Counsel", True),
        ("Signed by Mallory Other 2031-05-06 09:14:03 +00:00", False),
        ("Imogen Tessaro for_30_days_only_and_then_void_01", False),
        ("Imogen Tessaro subject to board approval", False),
        ("Imogen", False),
        ("Vice President of nothing", False),
        ("Docusigned by: Imogen Tessaro 7F3A91C42B0D4E5…", True),
        ("Docusigned by: Imogen Tessaro defaced…", False),
    ],
)
def test_stamps_at_the_fields(text: str, known: bool) -> None:
    assert is_stamp(text, GIVEN) == known


def test_every_form_is_whole() -> None:
    for name, form in forms().items():
        assert form.fields, name
        if form.begins:
            assert form.pages, name
            assert form.completed, name
            assert any(form.completed in line for line in form.pages), name


def test_names_that_look_like_patterns_are_names() -> None:
    given = values(["Ann .* Other"], [], [], [], [])
    assert is_stamp("Signed by Ann .* Other", given)
    assert not is_stamp("Signed by Ann Void Other", given)
    assert not is_stamp("Signed by", Values())
    assert not is_page("", "envelope", given)


def test_long_texts_are_judged_in_time() -> None:
    assert not is_stamp("1 " * 100_000 + "x", GIVEN)
    assert certificate_form(PAGE + " Status: Completed" * 20_000 + " x", GIVEN) == ""


# Whole files


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from made(tmp_path_factory)


def told(found: Verification) -> str:
    return " ".join(reason.words for reason in found.reasons)


@pytest.mark.slow("a whole file is laid out, signed and judged")
def test_what_a_person_must_read_is_shown_whole(place: Place) -> None:
    terms = "The parties further agree " + "and agree again " * 60 + "that the fee is doubled."
    page = returns.certificate(NAMES)[0] + "\n" + terms
    back = sealed(returns.with_pages(returns.flattened(place.pdf), page))
    found = place.verify(back)
    assert found.verdict == "incomplete"
    assert "that the fee is doubled." in text_report(found)
    assert "that the fee is doubled." in told(found)


@pytest.mark.slow("a whole file is laid out, signed and judged")
def test_a_disclosure_that_a_sender_worded_is_shown(place: Place) -> None:
    back = sealed(returns.with_pages(returns.flattened(place.pdf), *returns.certificate(NAMES), returns.DISCLOSURE))
    found = place.verify(back)
    assert found.verdict == "incomplete"
    assert "fee for paper copies" in told(found)
    assert [each.evidence for each in found.signatories] == ["completion", "completion"]


def _drawn_upon(content: bytes) -> Callable[[pikepdf.Pdf], None]:
    return lambda pdf: pdf.pages[0].contents_add(b"q " + content + b" Q")


def _shown(how: bytes) -> Callable[[pikepdf.Pdf], None]:
    def show(pdf: pikepdf.Pdf) -> None:
        content = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(pdf.pages[0]))
        pdf.pages[0].Contents = pdf.make_stream(content.replace(b"0 Tr", how))

    return show


def _pictured(width: int, height: int) -> Callable[[pikepdf.Pdf], None]:
    def add(pdf: pikepdf.Pdf) -> None:
        image = {"Subtype": Name.Image, "Width": 1, "Height": 1, "ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}
        pdf.pages[0].add_resource(pdf.make_stream(b"\0", Type=Name.XObject, **image), Name.XObject, Name("/Picture"))
        pdf.pages[0].contents_add(b"q %d 0 0 %d 72 90 cm /Picture Do Q" % (width, height))

    return add


@pytest.mark.slow("a whole file is laid out, signed and judged")
@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (_drawn_upon(b"1 g 0 0 612 792 re f 0 g 100 300 m 200 350 300 250 400 300 c f"), "incomplete"),
        (_drawn_upon(b"0 g 100 300 6 1 re f 106 300 1 8 re f"), "incomplete"),
        (_pictured(400, 300), "incomplete"),
        (_shown(b"3 Tr"), "incomplete"),
        (_shown(b"1 1 1 rg"), "incomplete"),
        (_drawn_upon(b"0 G 72 90 m 540 90 l S 72 60 200 20 re S"), "verified"),
        (_pictured(120, 40), "verified"),
    ],
)
def test_a_certificate_is_what_is_seen_of_it(change: Callable[[pikepdf.Pdf], None], verdict: str, place: Place) -> None:
    page = returns.changed(returns.page_of(returns.certificate(NAMES)[0]), change)
    with pikepdf.open(io.BytesIO(returns.flattened(place.pdf))) as pdf, pikepdf.open(io.BytesIO(page)) as more:
        pdf.pages.append(more.pages[0])
        whole = io.BytesIO()
        pdf.save(whole)
    found = place.verify(sealed(whole.getvalue()))
    assert found.verdict == verdict, text_report(found)
    assert verdict == "verified" or "on a service's certificate something is drawn, or not seen" in told(found)


@pytest.mark.slow("a whole file is laid out, signed and judged")
def test_what_stood_before_a_certificate_is_none_of_it(place: Place) -> None:
    """A page put in before the envelope was sent says, in a certificate's own words, that we signed."""
    ours, theirs = returns.certificate(NAMES[:1])[0], returns.certificate(NAMES[1:])[0]
    ours = ours[ours.index(NAMES[0], ours.index("Signer Events")) :]
    found = place.verify(sealed(returns.with_pages(returns.flattened(place.pdf), ours, theirs)))
    assert [each.evidence for each in found.signatories] == ["none", "completion"]
    assert "page was added after the agreement" in told(found)


@pytest.mark.slow("a whole file is laid out, signed and judged")
def test_one_service_s_certificate_under_another_s_seal_is_told(place: Place) -> None:
    root = [signing_keys.root().asn1]
    back = sealed(returns.with_pages(returns.flattened(place.pdf), *returns.certificate(NAMES)))

    def under(service: str) -> Verification:
        store = TrustStore((anchor(Role("service", service, "the test"), root),))
        return verify(place.root, [back], store, {}, place.sandbox)

    for name in ("Docusign", "DocuSign Inc.", "Signing Platform"):
        assert under(name).verdict == "verified"
    found = under("Dropbox Sign")
    assert found.verdict == "incomplete"
    assert "is one of Docusign, but the seal is Dropbox Sign's" in told(found)


@pytest.mark.slow("a whole file is laid out, signed and judged")
def test_the_default_stamp_of_another_tool_is_known(place: Place) -> None:
    pdf = place.pdf
    for field, name in zip(FIELDS, NAMES, strict=True):
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        metadata = PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
        pdf = PdfSigner(metadata, signer=signer(name).credentials().signer).sign_pdf(writer).getvalue()
    found = place.verify(pdf)
    assert found.verdict == "verified", text_report(found)


@pytest.mark.slow("a whole file is laid out, signed and judged")
@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh", "Zoë Ångström-Öhm", "Владимир Пример"])
def test_a_stamp_in_any_script_spoils_nothing(name: str, place: Place) -> None:
    pdf = sign(place.pdf, FIELDS[0], signing_keys.issue(name, signing_keys.root()).credentials(), WISHES)
    found = place.verify(sign(pdf, FIELDS[1], signer(NAMES[1]).credentials(), WISHES))
    assert found.verdict == "incomplete", "the certificate names somebody else"
    assert found.signatories[0].doubt
