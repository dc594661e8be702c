"""Signing a PDF: with every kind of key, in turn, with time stamps; and everything for which it is refused."""

from __future__ import annotations

import io
import logging
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pikepdf import Dictionary, Name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from clausebook.cli.main import cli
from clausebook.document.model import SignatureLine
from clausebook.findings.model import RepositoryError
from clausebook.render.pdf.writer import render_pdf
from clausebook.signing.sign import LongTerm, Wishes, sign, signature_fields
from clausebook.signing.stamp import undrawable
from clausebook.verify.integrity.examine import examine
from tests.support import signing_keys
from tests.support.returned_files import trusting
from tests.support.sample_documents import sample
from tests.support.signing_authority import serving
from tests.support.signing_keys import PASSPHRASE, Pair, issue
from tests.support.signing_pdfs import DATE, MOMENT, WISHES, filled, signed, unsigned

pytestmark = pytest.mark.slow("real keys, certificates, tokens and time stamps")

LOOK = Path(__file__).resolve().parents[2] / "templates" / "pdf"
PDFSIG = shutil.which("pdfsig")
SECRET = PASSPHRASE.decode()
WRONG = "Tr0ub4dor&3-is-wrong"
SOFTHSM = next(
    (
        path
        for path in (
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        )
        if Path(path).is_file()
    ),
    "",
)
NO_TOKEN = not SOFTHSM or shutil.which("softhsm2-util") is None or find_spec("pkcs11") is None


def values(pdf: bytes) -> dict[str, str]:
    """Return what is in the text fields."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {str(item.T): str(item.get("/V", "")) for item in document.Root.AcroForm.Fields if item.FT == "/Tx"}


def one_line(text: str) -> str:
    return " ".join(text.split())


# What is written


def test_a_signature_is_appended_and_the_date_filled_in() -> None:
    pdf = signed(2, 1)
    assert pdf.startswith(unsigned(2))
    assert values(pdf)["party-1-date"] == DATE
    assert values(pdf)["party-2-date"] == ""
    assert signature_fields(pdf) == {"party-1-signature": True, "party-2-signature": False}


def test_what_is_appended_begins_a_line_as_an_archive_wants_it() -> None:
    before = unsigned(2).rstrip()
    pdf = sign(before, "party-1-signature", signing_keys.signer().credentials(), WISHES)
    pdf = sign(pdf, "party-2-signature", signing_keys.signer(2).credentials(), WISHES)
    assert pdf.startswith(before + b"\n")
    assert not re.search(rb"%%EOF[^\r\n]", pdf)


def test_the_date_is_left_alone_if_it_is_to_be() -> None:
    pdf = sign(unsigned(1), "party-1-signature", signing_keys.signer().credentials(), replace(WISHES, date=None))
    assert values(pdf)["party-1-date"] == ""
    assert examine(pdf).sound


def test_a_date_that_is_there_already_stays() -> None:
    before = filled(unsigned(1), "party-1-date", DATE)
    assert (
        values(sign(before, "party-1-signature", signing_keys.signer().credentials(), WISHES))["party-1-date"] == DATE
    )


def test_the_stamp_and_the_date_are_set_in_embedded_fonts_and_say_what_they_should() -> None:
    wishes = replace(WISHES, reason="100 % agreed", location="Zürich")
    pdf = sign(unsigned(1), "party-1-signature", signing_keys.signer().credentials(), wishes)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fields = {str(item.T): item for item in document.Root.AcroForm.Fields}
        drawn = [fields["party-1-signature"].AP.N, fields["party-1-date"].AP.N]
        fonts = [font for stream in drawn for font in _fonts(stream)]
        assert fonts
        for font in fonts:
            descendant = font.DescendantFonts[0]
            assert any(key in descendant.FontDescriptor for key in ("/FontFile2", "/FontFile3"))
            assert "/ToUnicode" in font
        text = " ".join(_actual_text(stream) for stream in drawn)
    for words in ("Signed by Signer 1", "Company 1", "100 % agreed · Zürich", DATE, MOMENT.strftime("%Y-%m-%d")):
        assert words in text


def _fonts(stream: pikepdf.Object) -> list[pikepdf.Object]:
    resources = stream.Resources
    found = list(resources.Font.values()) if "/Font" in resources else []
    for inner in resources.XObject.values() if "/XObject" in resources else ():
        found += _fonts(inner)
    return found


def _actual_text(stream: pikepdf.Object) -> str:
    found = []
    for operands, operator in pikepdf.parse_content_stream(stream):
        if str(operator) == "BDC" and isinstance(operands[1], Dictionary) and "/ActualText" in operands[1]:
            found.append(str(operands[1].ActualText))
    return " ".join(found)


def test_a_name_that_the_font_has_no_shape_for_is_no_stamp() -> None:
    assert undrawable("Željka Ōno Nguyễn Thị Ánh") == ""
    assert undrawable("Ünï 山田 山") == "山田"
    signer = signing_keys.issue("李明", signing_keys.intermediate()).credentials()
    with pytest.raises(RepositoryError, match="no shape for 李, 明") as caught:
        sign(unsigned(1), "party-1-signature", signer, WISHES)
    assert "--stamp-name" in caught.value.hint
    (signature,) = examine(
        sign(unsigned(1), "party-1-signature", signer, replace(WISHES, stamp_name="Li Ming"))
    ).signatures
    assert signature.signer == "李明"


def test_the_size_of_what_is_appended_is_modest() -> None:
    assert len(signed(1)) - len(unsigned(1)) < 40_000


# Keys of every kind


@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [("rsa", "sha256"), ("ec", "sha256"), ("P-384", "sha384"), ("P-521", "sha512"), ("ed25519", "sha512")],
)
def test_the_hash_goes_with_the_key(kind: str, algorithm: str, tmp_path: Path) -> None:
    pair = issue("Signer", signing_keys.root(), kind=kind)
    pdf = sign(unsigned(1), "party-1-signature", pair.credentials(), WISHES)
    (signature,) = examine(pdf, trusting(signing_keys.root().asn1)).signatures
    assert (signature.intact, signature.trusted) == (True, True)
    (judged,) = validated(pdf)
    assert judged.bottom_line
    assert judged.md_algorithm == algorithm
    if PDFSIG and kind != "ed25519":  # which poppler 22 does not know
        assert pdfsig(pdf, tmp_path).count("Signature is Valid") == 1


@pytest.mark.parametrize("kind", ["brainpool", "secp256k1", "ed448"])
def test_keys_that_others_cannot_check_are_refused(kind: str) -> None:
    pair = issue("Signer", signing_keys.root(), kind=kind)
    with pytest.raises(RepositoryError, match="many programs cannot check"):
        sign(unsigned(1), "party-1-signature", pair.credentials(), WISHES)


@pytest.mark.parametrize("count", range(1, 6))
def test_other_validators_agree(count: int, tmp_path: Path) -> None:
    """What Clausebook builds and signs holds by pyHanko's policy on modifications, and by poppler."""
    pdf = built(count)
    for number in range(1, count + 1):
        pdf = sign(pdf, f"party-{number}-signature", signing_keys.signer(number).credentials(), WISHES)
    judged = validated(pdf)
    assert [each.bottom_line for each in judged] == [True] * count
    assert [each.docmdp_ok for each in judged] == [True] * count
    assert examine(pdf).sound
    if PDFSIG:
        assert pdfsig(pdf, tmp_path).count("Signature is Valid") == count


@pytest.mark.parametrize("former", [True, False])
def test_a_signature_made_in_the_former_way_is_told(former: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pyHanko's policy on modifications takes the next signature for a change, a remark says why."""
    if former:
        monkeypatch.setattr("clausebook.signing.sign._LOCKED", ())
    pdf = built(2)
    for number in (1, 2):
        pdf = sign(pdf, f"party-{number}-signature", signing_keys.signer(number).credentials(), WISHES)
    fact = examine(pdf)
    assert fact.sound
    assert [bool(each.docmdp_ok) for each in validated(pdf)] == [not former, True]
    assert [("party-1-signature" in each, "formerly" in each) for each in fact.remarks] == [(True, True)] * former


def validated(pdf: bytes) -> list[PdfSignatureStatus]:
    reader = PdfFileReader(io.BytesIO(pdf))
    return [
        validate_pdf_signature(each, ValidationContext(trust_roots=[signing_keys.root().asn1]))
        for each in reader.embedded_signatures
    ]


def pdfsig(pdf: bytes, folder: Path) -> str:
    (folder / "signed.pdf").write_bytes(pdf)
    command = [str(PDFSIG), "-nocert", str(folder / "signed.pdf")]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@cache
def built(count: int) -> bytes:
    """Return what Clausebook builds of a text with signatories."""
    document = sample("sample")
    lines = (SignatureLine("By", "signature"), SignatureLine("Name", "name"))
    lines += (SignatureLine("Title", "title"), SignatureLine("Date", "date"))
    blocks = tuple(replace(document.signatures[0], id=f"party-{number}", lines=lines) for number in range(1, count + 1))
    return render_pdf(replace(document, signatures=blocks), LOOK)


@pytest.mark.parametrize("pair", [signing_keys.signer, signing_keys.rsa_signer])
def test_keys_of_both_kinds_sign(pair: type[Pair]) -> None:
    pdf = sign(unsigned(1), "party-1-signature", pair().credentials(), WISHES)
    (signature,) = examine(pdf, trusting(signing_keys.root().asn1)).signatures
    assert signature.intact
    assert signature.trusted


# The command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with an agreement to sign and all the keys."""
    pair = signing_keys.signer()
    files = {
        "deal.pdf": unsigned(2),
        "jane.p12": pair.p12(),
        "open.p12": pair.p12(None),
        "jane.key": pair.key_pem(PASSPHRASE),
        "open.key": pair.key_pem(),
        "jane.pem": pair.pem,
        "chain.pem": pair.chain_pem,
        "root.pem": signing_keys.root().pem,
        "other.pem": signing_keys.signer(2).pem,
        "expired.p12": signing_keys.expired().p12(),
        "passphrase": PASSPHRASE + b"\n",
        "wrong": WRONG.encode() + b"\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def run(folder: Path, *arguments: str, env: Mapping[str, str] | None = None, feed: str | None = None) -> Result:
    """Run the command with the folder's own files: an argument that begins with @ is one of them."""
    whole = ["sign", *(str(folder / item[1:]) if item.startswith("@") else item for item in arguments)]
    return CliRunner().invoke(cli, whole, env=dict(env or {}), input=feed)


P12 = ("--p12", "@jane.p12", "--passphrase-file", "@passphrase")
FIRST = ("@deal.pdf", "--signatory", "party-1")

KEYS: dict[str, tuple[str, ...]] = {
    "PKCS#12": P12,
    "PKCS#12 by environment": ("--p12", "@jane.p12", "--passphrase-env", "SIGNING_TEST"),
    "PKCS#12 without passphrase": ("--p12", "@open.p12"),
    "PEM": ("--key", "@open.key", "--certificate", "@jane.pem", "--chain", "@chain.pem"),
    "PEM with passphrase": (
        "--key", "@jane.key", "--certificate", "@jane.pem", "--chain", "@chain.pem", "--passphrase-file", "@passphrase",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KEYS)
def test_the_command_signs_with_every_kind_of_key(kind: str, folder: Path) -> None:
    result = run(folder, *FIRST, *KEYS[kind], env={"SIGNING_TEST": SECRET})
    assert result.exit_code == 0, result.output
    assert "Still to be signed: party-2-signature" in result.output
    pdf = (folder / "deal-signed.pdf").read_bytes()
    (signature,) = examine(pdf, trusting(signing_keys.root().asn1)).signatures
    assert signature.trusted
    assert (folder / "deal.pdf").read_bytes() == unsigned(2)
    _nothing_leaked(folder, result)


def test_the_command_signs_in_turn(folder: Path) -> None:
    assert run(folder, *FIRST, *P12).exit_code == 0
    result = run(folder, "@deal-signed.pdf", "--field", "party-2-signature", "--p12", "@open.p12", "--date", DATE)
    assert result.exit_code == 0, result.output
    assert "All signature fields are signed." in result.output
    pdf = (folder / "deal-signed-2.pdf").read_bytes()
    assert examine(pdf).sound
    assert len(examine(pdf).signatures) == 2
    assert values(pdf)["party-2-date"] == DATE
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", values(pdf)["party-1-date"])


def test_a_person_is_asked_for_the_passphrase_and_it_is_not_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def prompt(text: str, **options: object) -> str:
        asked.append((text, options["hide_input"], options["err"]))
        return SECRET

    monkeypatch.setattr("click.prompt", prompt)
    monkeypatch.setattr("clausebook.cli.sign._watched", lambda: True)
    result = run(folder, *FIRST, "--p12", "@jane.p12")
    assert result.exit_code == 0, result.output
    assert asked == [("Passphrase or PIN", True, True)]
    _nothing_leaked(folder, result)


def test_the_signed_file_can_take_the_place_of_the_other_only_if_that_is_said(folder: Path) -> None:
    refused = run(folder, *FIRST, *P12, "--out", "@deal.pdf")
    assert refused.exit_code == 2
    assert "exists already" in refused.output
    assert (folder / "deal.pdf").read_bytes() == unsigned(2)
    assert run(folder, *FIRST, *P12, "--out", str(folder / "deal.pdf"), "--overwrite").exit_code == 0
    assert len(examine((folder / "deal.pdf").read_bytes()).signatures) == 1


def _nothing_leaked(folder: Path, result: Result) -> None:
    """No passphrase is in what was printed, nor in any file that was written."""
    for secret in (SECRET, WRONG):
        assert secret not in result.output
        for path in folder.glob("*.pdf"):
            assert secret.encode() not in path.read_bytes()


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "no PDF": (("@passphrase", "--signatory", "party-1", *P12), "This is no PDF"),
    "no signatory": (("@deal.pdf", *P12), "it does not say who signs"),
    "no key": (FIRST, "it does not say with which key"),
    "two keys": ((*FIRST, *P12, "--key", "@open.key"), "it does not say with which key"),
    "no such field": (
        ("@deal.pdf", "--signatory", "party-9", *P12),
        "there is no signature field `party-9-signature` mend: those there are: party-1-signature, party-2-signature",
    ),
    "a field that is no signature's": (("@deal.pdf", "--field", "party-1-name", *P12), "there is no signature field"),
    "signed already": (("@signed.pdf", "--signatory", "party-1", *P12), "is signed already"),
    "broken before": (("@broken.pdf", "--signatory", "party-2", *P12), "what was signed before does not hold"),
    "changed before": (("@changed.pdf", "--signatory", "party-2", *P12), "which this signature had locked"),
    "encrypted": (("@encrypted.pdf", "--signatory", "party-1", *P12), "the file is encrypted"),
    "truncated": (("@truncated.pdf", "--signatory", "party-1", *P12), "the file is damaged"),
    "no fields": (("@plain.pdf", "--signatory", "party-1", *P12), "the file has no signature field"),
    "too large": (("@large.pdf", "--signatory", "party-1", *P12), "larger than 64 MiB"),
    "wrong passphrase": (
        (*FIRST, "--p12", "@jane.p12", "--passphrase-file", "@wrong"),
        "the passphrase is wrong, or the file is damaged",
    ),
    "wrong passphrase of a key": (
        (*FIRST, "--key", "@jane.key", "--certificate", "@jane.pem", "--passphrase-file", "@wrong"),
        "the passphrase is wrong, or the file is damaged",
    ),
    "nobody to ask": ((*FIRST, "--p12", "@jane.p12"), "there is nobody to ask"),
    "no such variable": (
        (*FIRST, "--p12", "@jane.p12", "--passphrase-env", "NOT_SET"),
        "no variable of the name that",
    ),
    "no PKCS#12": ((*FIRST, "--p12", "@jane.pem", "--passphrase-file", "@passphrase"), "is no PKCS#12 file"),
    "no key in it": ((*FIRST, "--p12", "@keyless.p12", "--passphrase-file", "@passphrase"), "holds no key"),
    "another's certificate": (
        (*FIRST, "--key", "@open.key", "--certificate", "@other.pem"),
        "do not belong together",
    ),
    "no certificate": ((*FIRST, "--key", "@open.key"), "the key's certificate is missing"),
    "no certificate in it": ((*FIRST, "--key", "@open.key", "--certificate", "@passphrase"), "no certificate that can"),
    "no key there": ((*FIRST, "--key", "@jane.pem", "--certificate", "@jane.pem"), "holds no key that can be read"),
    "expired": ((*FIRST, "--p12", "@expired.p12", "--passphrase-file", "@passphrase"), "Signer of Yore expired on"),
    "no date": ((*FIRST, *P12, "--date", "6 May 2031"), "`6 May 2031` is no date"),
    "another date": (("@dated.pdf", "--signatory", "party-1", *P12, "--date", DATE), "says “2001-02-03” already"),
    "no address": ((*FIRST, *P12, "--timestamp-url", "ftp://time.example"), "no address of a time-stamping authority"),
    "nobody there": ((*FIRST, *P12, "--timestamp-url", "http://127.0.0.1:9/"), "there is no time stamp"),
    "long term without a time": ((*FIRST, *P12, "--long-term"), "long-term validation needs a time stamp"),
    "no library": ((*FIRST, "--pkcs11", "@deal.pdf", "--passphrase-file", "@passphrase"), "which key on which token"),
    "a token without library": ((*FIRST, *P12, "--token", "Card"), "belong to --pkcs11"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_signing_is_refused_in_plain_words_and_nothing_is_written(
    case: str, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    arguments, why = REFUSED[case]
    for name, make in _SPOILT.items():
        if f"@{name}" in arguments:
            (folder / name).write_bytes(make())
    before = {path.name: path.stat().st_size for path in folder.iterdir()}
    with caplog.at_level(logging.DEBUG):
        result = run(folder, *arguments)
    assert result.exit_code == 2, result.output
    assert why in one_line(result.output)
    assert "Traceback" not in result.output
    assert "failed itself" not in result.output
    assert {path.name: path.stat().st_size for path in folder.iterdir()} == before
    _nothing_leaked(folder, result)
    assert SECRET not in caplog.text
    assert WRONG not in caplog.text


def _saved(encryption: pikepdf.Encryption | None = None, *, form: bool = True) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(unsigned(1))) as pdf:
        if not form:
            del pdf.Root.AcroForm
            del pdf.pages[0].obj.Annots
        pdf.save(out, encryption=encryption or False)
    return out.getvalue()


def _keyless() -> bytes:
    pair = signing_keys.signer()
    return pkcs12.serialize_key_and_certificates(
        None, None, None, [pair.certificate], serialization.BestAvailableEncryption(PASSPHRASE)
    )


def _broken() -> bytes:
    pdf = bytearray(signed(2, 1))
    pdf[60] ^= 1
    return bytes(pdf)


_SPOILT = {
    "signed.pdf": lambda: signed(2, 1),
    "broken.pdf": _broken,
    "changed.pdf": lambda: filled(signed(2, 1), "party-1-name", "Mallory"),
    "encrypted.pdf": lambda: _saved(pikepdf.Encryption(user="secret", owner="secret")),
    "truncated.pdf": lambda: unsigned(2)[:-400],
    "plain.pdf": lambda: _saved(form=False),
    "large.pdf": lambda: b"%PDF-1.7\n" + bytes(64 << 20),
    "dated.pdf": lambda: filled(unsigned(1), "party-1-date", "2001-02-03"),
    "keyless.p12": _keyless,
}


def test_no_option_takes_a_passphrase() -> None:
    help_text = CliRunner().invoke(cli, ["sign", "--help"]).output
    assert "--passphrase-file" in help_text
    assert "--passphrase " not in help_text
    assert "--pin" not in help_text


def test_an_expired_certificate_signs_if_that_is_said(folder: Path) -> None:
    result = run(folder, *FIRST, "--p12", "@expired.p12", "--passphrase-file", "@passphrase", "--allow-expired")
    assert result.exit_code == 0, result.output
    (signature,) = examine((folder / "deal-signed.pdf").read_bytes(), trusting(signing_keys.root().asn1)).signatures
    assert signature.intact
    assert signature.trusted is False


def test_a_field_that_an_earlier_signature_locked_is_refused() -> None:
    with pikepdf.open(io.BytesIO(unsigned(2))) as pdf:
        pdf.Root.AcroForm.Fields[0].Lock = pdf.make_indirect(Dictionary(Type=Name.SigFieldLock, Action=Name.All))
        out = io.BytesIO()
        pdf.save(out)
    once = sign(out.getvalue(), "party-1-signature", signing_keys.signer().credentials(), WISHES)
    with pytest.raises(RepositoryError, match="an earlier signature locked the field `party-2-signature`"):
        sign(once, "party-2-signature", signing_keys.signer(2).credentials(), WISHES)


# Time stamps, and validation in years


@pytest.fixture(scope="module")
def authority() -> Iterator[str]:
    """Give the address of a time-stamping authority on this machine."""
    with serving() as url:
        yield url


def test_a_time_stamp_says_when_it_was_signed(authority: str) -> None:
    pdf = sign(unsigned(2), "party-1-signature", signing_keys.signer().credentials(), _stamped(authority))
    (signature,) = examine(pdf, trusting(signing_keys.root().asn1)).signatures
    assert (signature.time_source, signature.trusted, signature.problem) == ("timestamp", True, "")
    late = MOMENT + timedelta(days=4_000)
    (signature,) = examine(pdf, trusting(signing_keys.root().asn1), moment=late).signatures
    # The authority's own certificate has expired by then, and nothing later vouches for it.
    assert signature.trusted is False


def test_a_time_stamp_of_an_unknown_authority_is_not_relied_on(authority: str) -> None:
    pdf = sign(unsigned(1), "party-1-signature", signing_keys.stranger().credentials(), _stamped(authority))
    (signature,) = examine(pdf, trusting(signing_keys.stranger().asn1)).signatures
    assert signature.trusted is True
    assert signature.time_source == "signer"
    assert "are trusted for its time stamp" in signature.problem


def test_an_answer_that_is_no_time_stamp_is_told(authority: str) -> None:
    with pytest.raises(RepositoryError, match="no time stamp"):
        sign(unsigned(1), "party-1-signature", signing_keys.signer().credentials(), _stamped(authority + "/broken"))


def test_validation_data_is_embedded_for_the_long_term(authority: str) -> None:
    pair = signing_keys.issue("Signer for Long", signing_keys.root(), crl=f"{authority}/root.crl")
    wishes = replace(_stamped(authority), long_term=LongTerm((signing_keys.root().asn1,)))
    pdf = sign(unsigned(2), "party-1-signature", pair.credentials(), wishes)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.Root.DSS.Certs) >= 2
        assert len(document.Root.DSS.CRLs) >= 1
    fact = examine(pdf, trusting(signing_keys.root().asn1))
    assert fact.sound
    assert [item.kind for item in fact.signatures] == ["signature", "timestamp"]
    assert all(item.trusted for item in fact.signatures)
    assert "Data for long-term validation was added" in fact.signatures[0].changes
    assert any(words.startswith("A document timestamp was added") for words in fact.signatures[0].changes)
    twice = sign(pdf, "party-2-signature", signing_keys.signer(2).credentials(), WISHES)
    fact = examine(twice)
    assert fact.sound
    assert [item.kind for item in fact.signatures] == ["signature", "timestamp", "signature"]


def test_the_command_stamps_for_the_long_term(authority: str, folder: Path) -> None:
    result = run(
        folder, *FIRST, *P12, "--timestamp-url", authority, "--long-term", "--trust", "@root.pem", "--reason", "Agreed"
    )
    assert result.exit_code == 0, result.output
    fact = examine((folder / "deal-signed.pdf").read_bytes(), trusting(signing_keys.root().asn1))
    assert [item.kind for item in fact.signatures] == ["signature", "timestamp"]
    _nothing_leaked(folder, result)


def test_roots_that_do_not_fit_are_told(authority: str) -> None:
    wishes = replace(_stamped(authority), long_term=LongTerm((signing_keys.stranger().asn1,)))
    with pytest.raises(RepositoryError, match="cannot be validated"):
        sign(unsigned(1), "party-1-signature", signing_keys.signer().credentials(), wishes)


def _stamped(url: str) -> Wishes:
    return replace(WISHES, timestamp_url=url)


# Keys on tokens


def test_without_the_extra_a_token_is_refused_in_plain_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pkcs11", None)
    result = run(
        folder, *FIRST, "--pkcs11", "@deal.pdf", "--token", "Card", "--key-label", "Sign", "--passphrase-file", "@wrong"
    )
    assert result.exit_code == 2
    assert "pip install clausebook[pkcs11]" in one_line(result.output)


@pytest.fixture
def token(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a token with a key and its certificate; give the folder."""
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    pair = signing_keys.rsa_signer()
    (folder / "token.key").write_bytes(pair.key_pem())
    slot = ["softhsm2-util", "--init-token", "--free", "--label", "Card", "--so-pin", "12345678", "--pin", "987654"]
    more = ["softhsm2-util", "--import", str(folder / "token.key"), "--token", "Card", "--label", "Sign", "--id", "01"]
    for command in (slot, [*more, "--pin", "987654"]):
        subprocess.run(command, check=True, capture_output=True)
    (folder / "token.pem").write_bytes(pair.pem)
    (folder / "pin").write_text("987654\n")
    return folder


TOKEN = ("--pkcs11", SOFTHSM, "--token", "Card", "--key-label", "Sign")


@pytest.mark.skipif(NO_TOKEN, reason="SoftHSM2, or the extra clausebook[pkcs11], is not installed")
def test_a_key_on_a_token_signs(token: Path) -> None:
    result = run(
        token, *FIRST, *TOKEN, "--certificate", "@token.pem", "--chain", "@chain.pem", "--passphrase-file", "@pin"
    )
    assert result.exit_code == 0, result.output
    (signature,) = examine((token / "deal-signed.pdf").read_bytes(), trusting(signing_keys.root().asn1)).signatures
    assert signature.trusted
    assert "987654" not in result.output


@pytest.mark.skipif(NO_TOKEN, reason="SoftHSM2, or the extra clausebook[pkcs11], is not installed")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"--passphrase-file": "@wrong"}, "refused the PIN"),
        ({"--token": "Other"}, "the token `Other` cannot be opened"),
        ({"--key-label": "Other"}, "no key and certificate of the label `Other`"),
    ],
)
def test_what_is_wrong_with_a_token_is_told(change: dict[str, str], why: str, token: Path) -> None:
    options = {**dict(zip(TOKEN[::2], TOKEN[1::2], strict=True)), "--passphrase-file": "@pin", **change}
    result = run(token, *FIRST, *(item for pair in options.items() for item in pair), "--certificate", "@token.pem")
    assert result.exit_code == 2
    assert why in one_line(result.output)
    assert WRONG not in result.output
    assert not (token / "deal-signed.pdf").exists()


# The PDFs of agreements


@cache
def agreement() -> bytes:
    return render_pdf(sample(), LOOK)


def test_the_pdf_of_an_agreement_is_signed_in_turn() -> None:
    pdf = agreement()
    fields = list(signature_fields(pdf))
    assert fields == ["harborview-1-signature", "harborview-2-signature"]
    pdf = sign(pdf, fields[0], signing_keys.signer(1).credentials(), WISHES)
    # The second signatory writes their name in a reader of PDF before they sign.
    pdf = filled(pdf, "harborview-2-name", "Robin Example")
    pdf = sign(pdf, fields[1], signing_keys.signer(2).credentials(), WISHES)
    assert pdf.startswith(agreement())
    fact = examine(pdf, trusting(signing_keys.root().asn1))
    assert fact.sound
    assert [(item.kind, item.trusted) for item in fact.signatures] == [("signature", True), ("signature", True)]
    assert fact.signatures[0].changes == (
        "`harborview-2-signature` was signed",
        "The field `harborview-2-name` was filled with “Robin Example”",
        f"The field `harborview-2-date` was filled with “{DATE}”",
    )
    told = values(pdf)
    assert (told["harborview-1-date"], told["harborview-2-date"]) == (DATE, DATE)


@pytest.mark.parametrize("kind", ["name", "title", "date"])
def test_what_a_signatory_said_of_themselves_is_locked_and_the_other_s_is_not(kind: str) -> None:
    pdf = sign(agreement(), "harborview-1-signature", signing_keys.signer(1).credentials(), WISHES)
    assert "had locked" in examine(filled(pdf, f"harborview-1-{kind}", "Mallory")).signatures[0].forbidden[0]
    assert examine(filled(pdf, f"harborview-2-{kind}", "Robin Example")).sound
