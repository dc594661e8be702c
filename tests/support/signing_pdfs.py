"""Small PDFs with the fields of an agreement, and ways of changing them afterwards, as an attacker would."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import pikepdf
from asn1crypto import cms
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from clausebook.signing.sign import Wishes, sign
from tests.support import signing_keys

MOMENT = datetime.now(UTC)
DATE = "2031-05-06"
WISHES = Wishes(MOMENT, DATE)

Edit = Callable[[IncrementalPdfFileWriter], None]


def blocks(count: int) -> list[str]:
    """Return the ids of signature blocks."""
    return [f"party-{number}" for number in range(1, count + 1)]


@cache
def unsigned(count: int = 2, *, locks: bool = True) -> bytes:
    """Return a PDF of one page with a signature, name and date field for each of the signatories."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    page.Resources = Dictionary(Font=Dictionary(F0=font))
    page.Contents = pdf.make_stream(b"BT /F0 12 Tf 72 760 Td (The fee is EUR 1,000 a month.) Tj ET")
    fields = []
    for position, block in enumerate(blocks(count)):
        top = 700 - 120 * position
        for offset, (kind, height) in enumerate((("signature", 40), ("name", 18), ("date", 18))):
            bottom = top - 45 * offset
            rectangle = [72, bottom, 272, bottom + height]
            widget = Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, T=String(f"{block}-{kind}"), Rect=rectangle, F=4, P=page.obj
            )
            widget.AP = Dictionary(
                N=pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, height])
            )
            widget.FT = Name.Sig if kind == "signature" else Name.Tx
            if kind == "signature" and locks:
                names = Array([String(f"{block}-name"), String(f"{block}-date")])
                widget.Lock = pdf.make_indirect(Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=names))
            if kind != "signature":
                widget.DA = String("/F0 10 Tf 0 g")
            if kind == "name":
                widget.V = String(f"Signatory of {block}")
            fields.append(pdf.make_indirect(widget))
    page.Annots = Array(fields)
    form = Dictionary(Fields=Array(fields), SigFlags=1, DR=Dictionary(Font=Dictionary(F0=font)), DA=String("/F0 10 Tf"))
    pdf.Root.AcroForm = pdf.make_indirect(form)
    pdf.docinfo = pdf.make_indirect(Dictionary(Title=String("Agreement")))
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


@cache
def signed(count: int = 2, by: int | None = None, *, locks: bool = True) -> bytes:
    """Return that PDF, signed by the first `by` of its signatories, or all."""
    pdf = unsigned(count, locks=locks)
    for number, block in enumerate(blocks(count)[: count if by is None else by], start=1):
        pdf = sign(pdf, f"{block}-signature", signing_keys.signer(number).credentials(), WISHES)
    return pdf


def gaps(pdf: bytes) -> list[tuple[int, int]]:
    """Return where the value of each signature stands, its signs < and > included, in the order of the file."""
    found = re.findall(rb"/ByteRange\s*\[\s*0 (\d+) (\d+) \d+", pdf)
    return sorted((int(gap), int(after)) for gap, after in found)


def in_ber(pdf: bytes) -> bytes:
    """Return a signed PDF whose last signature's value has outer layers of indefinite length, as PDFBox writes them."""
    gap, after = gaps(pdf)[-1]
    data = cms.ContentInfo.load(bytes.fromhex(pdf[gap + 1 : after - 1].decode()))["content"]
    inner = b"".join(data[name].dump() for name in ("version", "digest_algorithms"))
    inner += b"\x30\x80" + data["encap_content_info"]["content_type"].dump() + b"\0\0"
    inner += b"".join(data[name].dump() for name in ("certificates", "signer_infos"))
    value = b"\x30\x80" + cms.ContentType("signed_data").dump() + b"\xa0\x80\x30\x80" + inner + b"\0\0" * 3
    return pdf[: gap + 1] + value.hex().encode().ljust(after - gap - 2, b"0") + pdf[after - 1 :]


def updated(pdf: bytes, edit: Edit) -> bytes:
    """Return a PDF with an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    edit(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def field_of(writer: IncrementalPdfFileWriter, name: str) -> generic.DictionaryObject:
    """Return a field of a PDF that is being changed."""
    found = [item.get_object() for item in writer.root["/AcroForm"]["/Fields"]]
    return next(item for item in found if item["/T"] == name)


def filled(pdf: bytes, name: str, value: str) -> bytes:
    """Return a PDF whose field has another value."""

    def edit(writer: IncrementalPdfFileWriter) -> None:
        field = field_of(writer, name)
        field["/V"] = generic.pdf_string(value)
        writer.update_container(field)

    return updated(pdf, edit)
