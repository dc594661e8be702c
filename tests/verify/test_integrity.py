"""Whether a signed PDF is intact: every change that a signature does not allow is found, and every other is allowed."""

from __future__ import annotations

import hashlib
import io
import random
import re
import shutil
import subprocess
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter

from clausebook.signing.sign import Wishes, sign
from clausebook.verify.integrity.byte_ranges import MAX_BYTES
from clausebook.verify.integrity.examine import examine
from clausebook.verify.model import FileFact
from tests.support import signing_keys
from tests.support.returned_files import trusting
from tests.support.signing_pdfs import (
    DATE,
    MOMENT,
    WISHES,
    blocks,
    field_of,
    filled,
    gaps,
    in_ber,
    signed,
    unsigned,
    updated,
)

STORE = trusting(signing_keys.root().asn1)
FLIPS = 1_000
PDFSIG = shutil.which("pdfsig")


def accepted(fact: FileFact, signatures: int = 2) -> bool:
    """Tell whether a file would pass for the one that so many signed."""
    return fact.sound and len(fact.signatures) == signatures


def words(fact: FileFact) -> str:
    """Return all that speaks against a file."""
    found = [fact.problem]
    for item in fact.signatures:
        found += [item.problem, *item.forbidden]
    return " ".join(filter(None, found))


# What is well


@pytest.mark.slow("a later signature breaks no earlier one")
@pytest.mark.parametrize("count", range(1, 6))
def test_signatories_sign_in_turn_and_every_signature_holds(count: int) -> None:
    fact = examine(signed(count), STORE)
    assert fact.sound, words(fact)
    assert [item.field for item in fact.signatures] == [f"{block}-signature" for block in blocks(count)]
    assert [item.signer for item in fact.signatures] == [f"Signer {number}" for number in range(1, count + 1)]
    assert [item.organisation for item in fact.signatures] == [f"Company {number}" for number in range(1, count + 1)]
    assert all(item.intact and item.trusted and item.kind == "signature" for item in fact.signatures)
    assert all(item.time_source == "signer" and item.problem == "" for item in fact.signatures)
    assert fact.revisions == count + 1
    assert fact.after == ()


def test_what_came_after_a_signature_is_told() -> None:
    first, second = examine(signed(2)).signatures
    assert first.changes == ("`party-2-signature` was signed", f"The field `party-2-date` was filled with “{DATE}”")
    assert first.forbidden == ()
    assert second.changes == ()


def test_a_file_without_signatures_is_sound_and_has_none() -> None:
    assert examine(unsigned(2)) == FileFact()


def test_trust_is_none_without_roots() -> None:
    assert [item.trusted for item in examine(signed(2)).signatures] == [None, None]


def test_the_signed_file_begins_with_the_unsigned_one() -> None:
    assert signed(2).startswith(unsigned(2))


@pytest.mark.skipif(PDFSIG is None, reason="poppler's pdfsig is not installed")
@pytest.mark.parametrize("count", [1, 3])
def test_pdfsig_agrees(count: int, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed(count))
    good = _pdfsig(path)
    assert good.count("Signature is Valid") == count
    assert good.count("Total document signed") == 1
    damaged = bytearray(signed(count))
    damaged[60] ^= 1
    path.write_bytes(damaged)
    assert "Signature is Valid" not in _pdfsig(path)
    assert not examine(bytes(damaged)).sound


def _pdfsig(path: Path) -> str:
    run = subprocess.run([str(PDFSIG), "-nocert", str(path)], capture_output=True, text=True, check=False)
    return run.stdout


# Fields that are filled


def test_an_unlocked_field_may_be_filled() -> None:
    fact = examine(filled(signed(2, 1), "party-2-name", "Somebody Else"))
    assert accepted(fact, 1), words(fact)
    assert fact.after == ("The field `party-2-name` was changed from “Signatory of party-2” to “Somebody Else”",)


@pytest.mark.parametrize("name", ["party-1-name", "party-1-date"])
def test_a_locked_field_may_not(name: str) -> None:
    fact = examine(filled(signed(2, 1), name, "2001-01-01"))
    assert not fact.sound
    assert "which this signature had locked" in words(fact)


def test_a_field_locked_by_the_second_alone_counts_against_the_second_alone() -> None:
    first, second = examine(filled(signed(3, 2), "party-2-name", "X")).signatures
    assert first.sound
    assert not second.sound


def test_without_locks_a_name_may_change_and_that_is_told() -> None:
    fact = examine(filled(signed(2, 1, locks=False), "party-1-name", "X"))
    assert fact.sound
    assert fact.after == ("The field `party-1-name` was changed from “Signatory of party-1” to “X”",)


@pytest.mark.slow("every part of a signed file is covered by what is checked")
def test_no_flipped_bit_is_accepted() -> None:
    pdf = signed(2)
    gap, after = gaps(pdf)[-1]
    outside = [position for position in range(len(pdf)) if not gap <= position < after]
    dice = random.Random(20310506)
    wrong = []
    for _ in range(FLIPS):
        position, bit = dice.choice(outside), dice.randrange(8)
        flipped = bytearray(pdf)
        flipped[position] ^= 1 << bit
        if accepted(examine(bytes(flipped))):
            wrong.append((position, bit))
    assert wrong == []


def test_no_flipped_bit_after_the_only_signature_is_accepted() -> None:
    """After the last signed byte no digest helps: what is appended there must be read to be judged."""
    first, whole = signed(2, 1), filled(signed(2, 1), "party-2-name", "Somebody Else")
    told = examine(whole)
    dice = random.Random(1)
    for _ in range(150):
        position = dice.randrange(len(first), len(whole))
        flipped = bytearray(whole)
        flipped[position] ^= 1 << dice.randrange(8)
        fact = examine(bytes(flipped))
        changed = {words for item in fact.signatures for words in item.changes}
        known = {words for item in told.signatures for words in item.changes}
        # Nothing but what the unlocked field says can have been changed.
        assert not fact.sound or all("party-2-name" in item for item in changed ^ known)


# What an attacker appends


def _content(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    stream = generic.StreamObject(stream_data=b"BT /F0 12 Tf 72 760 Td (The fee is EUR 9,999,999.) Tj ET")
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)


def _content_in_place(writer: IncrementalPdfFileWriter) -> None:
    stream = writer.root["/Pages"]["/Kids"][0].get_object()["/Contents"]
    stream._data = b"BT /F0 12 Tf 72 760 Td (The fee is EUR 9,999,999.) Tj ET"
    stream._encoded_data = None
    writer.update_container(stream)


def _annotation(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (60, 740, 400, 780))),
            generic.pdf_name("/Contents"): generic.pdf_string("The fee is EUR 9,999,999."),
        }
    )
    page["/Annots"] = generic.ArrayObject([*page["/Annots"], writer.add_object(note)])
    writer.update_container(page)


def _font(writer: IncrementalPdfFileWriter) -> None:
    font = writer.root["/Pages"]["/Kids"][0].get_object()["/Resources"]["/Font"]["/F0"]
    font["/BaseFont"] = generic.pdf_name("/ZapfDingbats")
    writer.update_container(font)


def _form_font(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    form["/DR"]["/Font"]["/F0"] = writer.add_object(
        generic.DictionaryObject({generic.pdf_name("/BaseFont"): generic.pdf_name("/ZapfDingbats")})
    )
    writer.update_container(form)


def _redraw(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/AcroForm"]["/NeedAppearances"] = generic.BooleanObject(True)
    writer.update_container(writer.root["/AcroForm"])


def _bigger(writer: IncrementalPdfFileWriter) -> None:
    field = field_of(writer, "party-2-name")
    field["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
    writer.update_container(field)


def _script(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {generic.pdf_name("/S"): generic.pdf_name("/JavaScript"), generic.pdf_name("/JS"): generic.pdf_string("x()")}
    )
    writer.update_root()


def _twin(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    twin = generic.DictionaryObject(
        {
            generic.pdf_name("/T"): generic.pdf_string("party-1-signature"),
            generic.pdf_name("/FT"): generic.pdf_name("/Sig"),
        }
    )
    form["/Fields"].append(writer.add_object(twin))
    writer.update_container(form["/Fields"])
    writer.update_container(form)


def _other_field(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    more = generic.DictionaryObject(
        {generic.pdf_name("/T"): generic.pdf_string("extra"), generic.pdf_name("/FT"): generic.pdf_name("/Tx")}
    )
    form["/Fields"].append(writer.add_object(more))
    writer.update_container(form["/Fields"])
    writer.update_container(form)


def _without_first(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    form["/Fields"] = generic.ArrayObject(list(form["/Fields"])[1:])
    writer.update_container(form)


def _without_form(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/AcroForm"]
    writer.update_root()


def _forgery(key: str, value: generic.PdfObject | None) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        signature = field_of(writer, "party-2-signature")["/V"]
        if value is None:
            del signature[key]
        else:
            signature[key] = value
        writer.update_container(signature)

    return edit


def _title(writer: IncrementalPdfFileWriter) -> None:
    information = writer.trailer["/Info"]
    information["/Title"] = generic.pdf_string("Another agreement")
    writer.update_container(information)


ATTACKS: dict[str, tuple[Callable[[IncrementalPdfFileWriter], None], str]] = {
    "content": (_content, "Page 1 was changed"),
    "content in place": (_content_in_place, "The content of page 1 was changed"),
    "annotation": (_annotation, "An annotation was put on page 1"),
    "font": (_font, "A font was changed"),
    "font of fields": (_form_font, "The fonts of the form's fields were changed"),
    "fields drawn anew": (_redraw, "The form's `NeedAppearances` was changed"),
    "field over the page": (_bigger, "The field `party-2-name` was altered in more than what is in it"),
    "script": (_script, "The document's `OpenAction` was changed"),
    "two fields of a name": (_twin, "two fields of the name `party-1-signature`"),
    "another field": (_other_field, "A field `extra` was put in"),
    "signature removed": (_without_first, "The field `party-1-signature` was removed or replaced"),
    "form removed": (_without_form, "it holds a signature that its form does not show"),
    "no range": (_forgery("/ByteRange", None), "It does not say what it covers"),
    "null range": (_forgery("/ByteRange", generic.NullObject()), "It does not say what it covers"),
    "no value": (_forgery("/Contents", None), "It has no value"),
    "null value": (_forgery("/Contents", generic.NullObject()), "It has no value"),
    "empty value": (_forgery("/Contents", generic.ByteStringObject(b"")), "gap in what it covers is not its own value"),
    "other kind": (_forgery("/SubFilter", generic.pdf_name("/adbe.x509.rsa_sha1")), "a kind that cannot be proved"),
    "title": (_title, "The document's properties were changed (Title)"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_an_attacker_appends_is_found(attack: str) -> None:
    edit, why = ATTACKS[attack]
    fact = examine(updated(signed(2), edit))
    assert not accepted(fact)
    assert why in words(fact)


FORGERIES = {"no range", "null range", "no value", "null value", "empty value", "other kind"}
CURED = {"fields drawn anew"}
"""What pyHanko undoes when it signs."""


@pytest.mark.parametrize("attack", [name for name in ATTACKS if name not in FORGERIES | CURED])
def test_it_is_found_when_another_signs_after_it(attack: str) -> None:
    """The second signs what the first never saw: that is no cure."""
    changed = updated(signed(2, 1), ATTACKS[attack][0])
    credentials = signing_keys.signer(2).credentials()
    metadata = PdfSignatureMetadata(field_name="party-2-signature", subfilter=SigSeedSubFilter.PADES)
    try:
        out = PdfSigner(metadata, signer=credentials.signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(changed)))
    except Exception:  # pyHanko will not sign some of them
        return
    assert not accepted(examine(out.getvalue()))


def test_a_visible_signature_laid_over_the_pages_is_found() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed(1)))
    metadata = PdfSignatureMetadata(field_name="sneaky", subfilter=SigSeedSubFilter.PADES)
    spec = SigFieldSpec("sneaky", box=(0, 0, 595, 842))
    signer = PdfSigner(metadata, signer=signing_keys.signer(2).credentials().signer, new_field_spec=spec)
    fact = examine(signer.sign_pdf(writer).getvalue())
    assert not fact.signatures[0].sound
    assert "A visible signature field `sneaky` was laid over the pages" in words(fact)


def test_an_invisible_signature_with_a_script_is_found() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed(1)))
    metadata = PdfSignatureMetadata(field_name="Platform", subfilter=SigSeedSubFilter.PADES)
    signer = PdfSigner(metadata, signer=signing_keys.signer(2).credentials().signer)
    signer.init_signing_session(writer)
    field = field_of(writer, "Platform")
    script = {"/S": generic.pdf_name("/JavaScript"), "/JS": generic.pdf_string("x()")}
    action = generic.DictionaryObject({generic.pdf_name(key): value for key, value in script.items()})
    field["/AA"] = generic.DictionaryObject({generic.pdf_name("/PV"): action})
    fact = examine(signer.sign_pdf(writer, existing_fields_only=True).getvalue())
    assert not fact.sound
    assert "The new field `Platform` does more than hold a signature" in words(fact)


def test_an_invisible_seal_is_allowed_and_told() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed(1)))
    metadata = PdfSignatureMetadata(field_name="Platform", subfilter=SigSeedSubFilter.PADES)
    seal = PdfSigner(metadata, signer=signing_keys.signer(2).credentials().signer).sign_pdf(writer).getvalue()
    fact = examine(seal)
    assert fact.sound, words(fact)
    assert [item.kind for item in fact.signatures] == ["signature", "seal"]
    assert fact.signatures[0].changes == ("An invisible signature was added in `Platform`",)
    assert [item.kind for item in examine(seal, fields=["Platform"]).signatures] == ["seal", "signature"]


def test_what_was_hidden_and_shown_again_is_found() -> None:
    """Two revisions before signing; then a table of objects alone, that points at the older content."""
    cheap = updated(unsigned(2), _content_in_place)
    whole = sign(cheap, "party-1-signature", signing_keys.signer(1).credentials(), WISHES)
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        number = pdf.pages[0].obj.Contents.objgen[0]
        size = int(pdf.trailer.Size)
        root = pdf.Root.objgen[0]
    hidden = whole.index(b"\n%d 0 obj" % number) + 1
    last = int(re.findall(rb"startxref\s+(\d+)", whole)[-1])
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (
        number,
        hidden,
        size,
        root,
        last,
    )
    shown = whole + table + b"startxref\n%d\n%%%%EOF\n" % len(whole)
    assert examine(whole).sound
    fact = examine(shown)
    assert not fact.sound
    assert "The content of page 1 was changed" in words(fact)


def test_an_object_that_the_signed_page_pointed_at_without_having_it_is_found() -> None:
    with pikepdf.open(io.BytesIO(unsigned(1))) as pdf:
        pdf.pages[0].obj.Resources.XObject = Dictionary(X1=pdf.make_indirect(Dictionary(Planted=True)))
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    # The object becomes a free one; that keeps every offset.
    planted = re.sub(rb"(\d+) 0 obj\n<<\s*/Planted true\s*>>", lambda hit: b"%" * len(hit[0]), out.getvalue())
    number = re.search(rb"/X1 (\d+) 0 R", planted)
    assert number is not None
    with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
        size = int(pdf.trailer.Size)
    start = planted.rindex(b"xref\n0 ")
    lines = planted[start:].split(b"\n")
    lines[2 + int(number[1])] = b"0000000000 65535 f "
    planted = planted[:start] + b"\n".join(lines)
    whole = sign(planted, "party-1-signature", signing_keys.signer(1).credentials(), WISHES)
    last = int(re.findall(rb"startxref\s+(\d+)", whole)[-1])
    body = (
        b"%s 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 0 >>\nstream\n\nendstream\nendobj\n"
        % number[1]
    )
    table = b"xref\n%s 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root 1 0 R /Prev %d >>\n" % (
        number[1],
        len(whole),
        size + 40,
        last,
    )
    filled_in = whole + body + table + b"startxref\n%d\n%%%%EOF\n" % (len(whole) + len(body))
    assert examine(whole).sound
    assert not examine(filled_in).sound


@pytest.mark.parametrize(
    ("tail", "why"),
    [
        (b"% a remark\n", "they are no proper revision"),
        (b"1 0 obj\n<< /Type /Catalog >>\nendobj\n", "they are no proper revision"),
        (b"startxref\n%d\n%%%%EOF\n", "they are no part of the document"),
        (b"\0" * 2000, "they are no proper revision"),
    ],
)
def test_bytes_that_merely_follow_are_found(tail: bytes, why: str) -> None:
    pdf = signed(2)
    last = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    fact = examine(pdf + (tail % last if b"%d" in tail else tail))
    assert not accepted(fact)
    assert why in words(fact) or fact.problem


def test_an_empty_line_at_the_end_is_nothing() -> None:
    assert accepted(examine(signed(2) + b"\r\n"))


def test_a_rewritten_file_is_not_the_one_that_was_signed() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed(2))) as pdf:
        pdf.save(out)
    fact = examine(out.getvalue())
    assert len(fact.signatures) == 2
    assert not any(item.intact for item in fact.signatures)


def test_one_signature_cannot_stand_in_two_fields() -> None:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        field = field_of(writer, "party-2-signature")
        field["/V"] = field_of(writer, "party-1-signature").raw_get("/V")
        writer.update_container(field)

    fact = examine(updated(signed(2, 1), edit))
    assert not accepted(fact)
    assert "two signatures cover the same revision" in words(fact)


@pytest.mark.parametrize(("name", "sound"), [("party-1-name", False), ("party-2-name", True)])
def test_an_appearance_drawn_anew_in_its_place_counts_as_a_change_of_its_field(name: str, sound: bool) -> None:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        stream = field_of(writer, name)["/AP"]["/N"]
        stream._data, stream._encoded_data = b"0 0 5 5 re f", None
        writer.update_container(stream)

    fact = examine(updated(signed(2, 1), edit))
    assert fact.sound is sound
    assert fact.after == (f"What the field `{name}` shows was changed",)


def test_a_signature_that_closes_the_document_allows_nothing_more() -> None:
    with pikepdf.open(io.BytesIO(unsigned(2))) as pdf:
        pdf.Root.AcroForm.Fields[0].Lock.P = 1
        out = io.BytesIO()
        pdf.save(out)
    pdf_signed = sign(out.getvalue(), "party-1-signature", signing_keys.signer(1).credentials(), WISHES)
    assert examine(pdf_signed).sound
    fact = examine(filled(pdf_signed, "party-2-name", "X"))
    assert not fact.sound
    assert "after this signature had closed the document" in words(fact)


def test_a_signature_that_can_be_forged_does_not_count() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(unsigned(1)))
    signer = signing_keys.signer(1).credentials().signer
    metadata = PdfSignatureMetadata(field_name="party-1-signature", md_algorithm="sha1")
    fact = examine(PdfSigner(metadata, signer=signer).sign_pdf(writer).getvalue())
    assert (fact.signatures[0].intact, fact.signatures[0].unjudged) == (False, True)
    assert "not known here, or not safe (sha1" in words(fact)


def test_a_signature_in_ber_is_read() -> None:
    """PDFBox writes the outer layers of a signature's value with indefinite lengths."""
    pdf = signed(1)
    _, after = gaps(pdf)[-1]
    again = in_ber(pdf)
    assert again != pdf
    (signature,) = examine(again, STORE).signatures
    assert (signature.intact, signature.trusted) == (True, True), signature.problem
    assert not examine(again[:60] + bytes([again[60] ^ 1]) + again[61:]).sound
    assert not examine(again[: after - 3] + b"41" + again[after - 1 :]).sound, "nothing stands beside it"


@pytest.mark.parametrize("kind", [b"/ETSI.Dilithium.dtchd", b"/adbe.pkcs7.sha1     "])
def test_a_signature_of_an_unknown_kind_is_not_called_broken(kind: bytes) -> None:
    pdf = signed(1).replace(b"/ETSI.CAdES.detached", kind)
    assert kind in pdf
    (signature,) = examine(pdf).signatures
    assert (signature.intact, signature.unjudged) == (False, True)


def test_a_file_with_a_password_of_the_owner_alone_is_read() -> None:
    fact = examine(_encrypted(""))
    assert fact == FileFact()
    assert "encrypted" in examine(_encrypted("user")).problem


def test_a_linearised_file_can_be_signed() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(unsigned(2))) as pdf:
        pdf.save(out, linearize=True)
    both = out.getvalue()
    for number in (1, 2):
        both = sign(both, f"party-{number}-signature", signing_keys.signer(number).credentials(), WISHES)
    fact = examine(both, STORE)
    assert fact.sound, words(fact)
    assert [each.trusted for each in fact.signatures] == [True, True]


# What a signature covers


def _resigned(pdf: bytes, numbers: str) -> bytes:
    """Return a file whose last signature really is one, but over other ranges of bytes."""
    hits = list(re.finditer(rb"/ByteRange\s*\[([^\]]*)\]", pdf))
    hit = max(hits, key=lambda one: one.start())
    gap, after = gaps(pdf)[-1]
    room = len(hit[1]) + len(re.match(rb" *", pdf[hit.end() :])[0])  # type: ignore[index]
    assert len(numbers) <= room, (numbers, room)
    text = b"[" + numbers.encode() + b"]"
    changed = (
        pdf[: hit.start(1) - 1] + text + b" " * (room + 2 - len(text)) + pdf[hit.end(1) + 1 + room - len(hit[1]) :]
    )
    assert len(changed) == len(pdf)
    ranges = [int(number) for number in numbers.split()]
    covered = b"".join(changed[start : start + length] for start, length in zip(ranges[::2], ranges[1::2], strict=True))
    signer = signing_keys.signer(1).credentials().signer
    import asyncio

    value = asyncio.run(signer.async_sign(hashlib.sha256(covered).digest(), "sha256", use_pades=True)).dump()
    return changed[: gap + 1] + value.hex().encode().ljust(after - gap - 2, b"0") + changed[after - 1 :]


def test_a_signature_made_anew_over_the_same_bytes_holds() -> None:
    """So the three tests below fail for what is covered, and for nothing else."""
    pdf = signed(1)
    gap, after = gaps(pdf)[-1]
    assert accepted(examine(_resigned(pdf, f"0 {gap} {after} {len(pdf) - after}")), 1)


def test_a_signature_over_half_the_file_is_found() -> None:
    pdf = signed(1)
    gap, after = gaps(pdf)[-1]
    fact = examine(_resigned(pdf, f"0 {gap} {after} {(len(pdf) - after) // 2}"))
    assert "It covers only a part of the file." in words(fact)
    assert not fact.signatures[0].intact


def test_a_wider_gap_is_found() -> None:
    pdf = signed(1)
    gap, after = gaps(pdf)[-1]
    fact = examine(_resigned(pdf, f"0 {gap - 60} {after} {len(pdf) - after}"))
    assert "The gap in what it covers is not its own value." in words(fact)


def test_a_second_gap_is_found() -> None:
    pdf = signed(1)
    gap, after = gaps(pdf)[-1]
    fact = examine(_resigned(pdf, f"0 40 60 {gap - 60} {after} {len(pdf) - after}"))
    assert "its ranges of bytes are not two" in words(fact)


def test_what_stands_in_the_gap_beside_the_value_is_found() -> None:
    pdf = bytearray(signed(1))
    _, after = gaps(bytes(pdf))[-1]
    pdf[after - 10 : after - 2] = b"41414141"
    assert "Something stands in its gap beside its value." in words(examine(bytes(pdf)))


# What is no PDF, or a hostile one


@cache
def _loop() -> bytes:
    with pikepdf.open(io.BytesIO(unsigned(1))) as pdf:
        field = pdf.make_indirect(Dictionary(T=String("loop"), FT=Name.Tx))
        field.Kids = Array([field])
        pdf.Root.AcroForm.Fields.append(field)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@cache
def _encrypted(password: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(unsigned(1))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user=password, owner="owner"))
    return out.getvalue()


@cache
def _bomb(filters: bytes = b"/FlateDecode") -> bytes:
    """Return a PDF that keeps an object in a stream of a quarter of a gigabyte, packed small."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"3 0 " + bytes([32]) * (1 << 24)) for _ in range(16)) + packer.flush()
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 3 0 R >>\nendobj\n"
    store = b"2 0 obj\n<< /Typ#65 /ObjStm /N 1 /Fi#72st 4 /Filter %s /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    body = head + store % (filters, len(packed), packed)
    entries = [(0, 0, 0), (1, 9, 0), (1, len(head), 0), (2, 2, 0), (1, len(body), 0)]
    rows = b"".join(bytes([kind]) + place.to_bytes(4, "big") + bytes([last]) for kind, place, last in entries)
    table = b"4 0 obj\n<< /Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    return body + table % (len(rows), rows) + b"startxref\n%d\n%%%%EOF\n" % len(body)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "no PDF"),
    "text": (lambda: b"Dear Sirs,\n", "no PDF"),
    "a header": (lambda: b"%PDF-1.7\n", "damaged"),
    "noise": (lambda: b"%PDF-1.7\n" + random.Random(1).randbytes(200_000), "damaged"),
    "too large": (lambda: b"%PDF-1.7\n" + bytes(MAX_BYTES), "larger than 64 MiB"),
    "encrypted": (lambda: _encrypted("secret"), "encrypted"),
    "fields in a circle": (_loop, "circle"),
    "written too often": (lambda: unsigned(1) + b"startxref\n0\n%%EOF\n" * 300, "written more than"),
    "signed too often": (lambda: unsigned(1) + b"/ByteRange [0 1 2 3]\n" * 300, "more than 100 signatures"),
    "swelling": (_bomb, "swells beyond measure"),
    "packed twice": (lambda: _bomb(b"[/FlateDecode /FlateDecode]"), "cannot be read safely"),
    "deep": (lambda: unsigned(1)[:-100] + b"[" * 200_000 + b"]" * 200_000, "damaged"),
    "table in a circle": (
        lambda: (
            signed(1)
            + b"xref\n0 0\ntrailer\n<< /Size 40 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
            % (len(signed(1)), len(signed(1)))
        ),
        "damaged",
    ),
}


@pytest.mark.slow("files that swell and nest are given up within their bounds")
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_in_plain_words(case: str) -> None:
    make, why = HOSTILE[case]
    pdf = make()
    begin = time.process_time()
    fact = examine(pdf, STORE)
    assert time.process_time() - begin < 10
    assert not fact.sound
    assert why in words(fact)


def test_what_is_cut_pasted_and_garbled_is_refused() -> None:
    pdf = signed(2)
    dice = random.Random(7)
    for _ in range(200):
        spoilt, place, other = bytearray(pdf), dice.randrange(len(pdf) - 20), dice.randrange(len(pdf))
        kind = dice.randrange(4)
        if kind == 0:
            del spoilt[place : place + dice.randrange(1, 200)]
        elif kind == 1:
            spoilt[place:place] = pdf[other : other + dice.randrange(1, 3_000)]
        elif kind == 2:
            spoilt += pdf[min(other, len(pdf) - 9) :]
        else:
            spoilt[place : place + 20] = dice.randbytes(20)
        assert not accepted(examine(bytes(spoilt))), (kind, place, other)


def test_every_truncation_is_refused() -> None:
    pdf = signed(2)
    inner = len(signed(2, 1))
    for length in [*range(10, len(pdf) - 2, 523), len(pdf) - 8]:
        fact = examine(pdf[:length])
        assert not accepted(fact), length
        # What is left of it may be the earlier file, whole.
        assert not fact.sound or not fact.signatures or length == inner


def test_a_table_for_two_kinds_of_readers_is_refused() -> None:
    pdf = signed(1)
    last = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    stream = b"90 0 obj\n<< /Type /XRef /Size 91 /W [1 4 2] /Index [90 1] /Root 1 0 R /Length 7 >>\nstream\n"
    entry = b"\1" + len(pdf).to_bytes(4, "big") + b"\0\0"
    body = stream + entry + b"\nendstream\nendobj\n"
    table = b"xref\n0 0\ntrailer\n<< /Size 91 /Root 1 0 R /XRefStm %d /Prev %d >>\n" % (len(pdf), last)
    fact = examine(pdf + body + table + b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(body)))
    assert not fact.sound


# Whom to trust


def test_a_stranger_is_not_trusted_but_their_signature_is_intact() -> None:
    pdf = sign(unsigned(1), "party-1-signature", signing_keys.stranger().credentials(), WISHES)
    (signature,) = examine(pdf, STORE).signatures
    assert signature.intact
    assert signature.trusted is False
    assert signature.problem == "The signer's certificate is nobody's that is trusted here."
    (known,) = examine(pdf, trusting(signing_keys.stranger().asn1)).signatures
    assert known.trusted is True


def test_a_certificate_expired_today_is_not_trusted_without_a_time_stamp() -> None:
    later = datetime.now(UTC) + timedelta(days=4_000)
    (signature,) = examine(signed(1), STORE, moment=later).signatures
    assert signature.intact
    assert signature.trusted is False
    assert "certificate expired on" in signature.problem


def test_a_certificate_not_valid_yet_is_not_trusted() -> None:
    early = datetime.now(UTC) - timedelta(days=4_000)
    (signature,) = examine(signed(1), STORE, moment=early).signatures
    assert "was not valid before" in signature.problem


def test_certificates_that_vouch_for_one_another_in_circles_do_not_hang() -> None:
    key = signing_keys.signer().key
    names = [signing_keys.issue(f"Authority {number}", ca=True, key=key) for number in range(7)]
    web = [
        signing_keys.issue(one.name, other, ca=True, key=key) for one in names for other in names if one is not other
    ]
    leaf = signing_keys.issue("Spider", names[0], key=key)
    spider = signing_keys.Pair(key, leaf.certificate, tuple(pair.certificate for pair in web))
    pdf = sign(unsigned(1), "party-1-signature", spider.credentials(), WISHES)
    begin = time.process_time()
    (signature,) = examine(pdf, STORE).signatures
    assert time.process_time() - begin < 5
    assert signature.intact
    assert signature.trusted is False
    assert signature.problem == "The certificates that it carries are too entangled to be judged."


def test_an_expired_certificate_is_named() -> None:
    wishes = Wishes(MOMENT, DATE, allow_expired=True)
    pdf = sign(unsigned(1), "party-1-signature", signing_keys.expired().credentials(), wishes)
    (signature,) = examine(pdf, STORE).signatures
    assert signature.intact
    assert signature.trusted is False
    assert "certificate expired on" in signature.problem
