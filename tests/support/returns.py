"""What signing services send back, imitated as their public descriptions tell it.

They take the PDF that they were given, draw the signatures into its pages and drop the form, write the file anew,
put an id into the margin of each page, append a page that tells who signed when, and seal all of it as the platform.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pikepdf
import pypdfium2
import typst
from pikepdf import Array, Dictionary, Name

ENVELOPE = "7F3A91C4-2B0D-4E55-9A61-0C8D5E2F7B10"

Place = tuple[int, float, float, str]
"""Page (from 0), left and bottom in points, and the words that are written there."""


def flattened(pdf: bytes) -> bytes:
    """Return the PDF with its form drawn into the pages, written anew: no form, attachments or structure are left."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.generate_appearance_streams()
        opened.flatten_annotations("all")
        for name in ("/AcroForm", "/Names", "/AF", "/StructTreeRoot", "/MarkInfo", "/Metadata", "/Outlines"):
            if name in opened.Root:
                del opened.Root[name]
        for page in opened.pages:
            for name in ("/StructParents", "/Tabs", "/AF"):
                if name in page.obj:
                    del page.obj[name]
        return _saved(opened)


def written_over(pdf: bytes, places: Sequence[Place], size: float = 8) -> bytes:
    """Return the PDF with words written over its pages."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        font = opened.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        )
        for number, left, bottom, words in places:
            page = opened.pages[number]
            page.add_resource(font, Name.Font, Name("/Service"))
            shown = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            page.contents_add(b"q BT /Service %g Tf %g %g Td (%s) Tj ET Q" % (size, left, bottom, shown))
        return _saved(opened)


def painted_over(pdf: bytes, number: int, box: tuple[float, float, float, float], shade: float = 1) -> bytes:
    """Return the PDF with a rectangle (left, bottom, width, height) over a page."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.pages[number].contents_add(b"q %g g %g %g %g %g re f Q" % (shade, *box))
        return _saved(opened)


def with_pages(pdf: bytes, *texts: str, before: bool = False) -> bytes:
    """Return the PDF with further pages, each holding a text."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for text in texts:
            with pikepdf.open(io.BytesIO(page_of(text))) as more:
                opened.pages.insert(0, more.pages[0]) if before else opened.pages.append(more.pages[0])
        return _saved(opened)


def page_of(text: str) -> bytes:
    """Return a PDF of one page with a text."""
    source = '#set page(paper: "us-letter")\n#let words = sys.inputs.words\n#for line in words.split("\\n") [#line \\ ]'
    made = typst.compile(source.encode(), format="pdf", sys_inputs={"words": text}, timestamp=0)
    assert isinstance(made, bytes)
    return made


def scaled(pdf: bytes, width: float, height: float) -> bytes:
    """Return the PDF printed on paper of another size, as large as fits."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.flatten_annotations("print")
        for page in opened.pages:
            scale = min(width / float(page.mediabox[2]), height / float(page.mediabox[3]))
            left = (width - float(page.mediabox[2]) * scale) / 2
            page.contents_add(b"q %g 0 0 %g %g 0 cm" % (scale, scale, left), prepend=True)
            page.contents_add(b"Q")
            page.obj.MediaBox = Array([0, 0, width, height])
            for name in ("/CropBox", "/TrimBox", "/ArtBox", "/BleedBox"):
                if name in page.obj:
                    del page.obj[name]
        return _saved(opened)


def scan(pdf: bytes) -> bytes:
    """Return pictures of the pages, as a scanner makes them: a PDF without text."""
    source = pypdfium2.PdfDocument(pdf)
    with pikepdf.new() as made:
        for index in range(len(source)):
            bitmap = source[index].render(scale=0.5, grayscale=True)
            rows = bytes(bitmap.buffer)
            pixels = b"".join(rows[y * bitmap.stride :][: bitmap.width] for y in range(bitmap.height))
            image = made.make_stream(
                pixels,
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=bitmap.width,
                Height=bitmap.height,
                ColorSpace=Name.DeviceGray,
                BitsPerComponent=8,
            )
            page = made.add_blank_page(page_size=(612, 792))
            page.add_resource(image, Name.XObject, Name("/Scan"))
            page.contents_add(b"q 612 0 0 792 0 0 cm /Scan Do Q")
        source.close()
        return _saved(made)


def stamps(pdf: bytes, who: Sequence[str]) -> list[Place]:
    """Return what a service writes at the fields of the signatories: who signed, an id, the date; some beside them."""
    places: list[Place] = []
    names = iter(who)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for number, page in enumerate(opened.pages):
            for each in page.obj.get("/Annots", ()):
                left, bottom, _, top = (float(side) for side in each.Rect)
                if str(each.get("/T", "")).endswith("-signature"):
                    places += [
                        (number, left + 4, top + 1, "Docusigned by:"),
                        (number, left + 14, (bottom + top) / 2, next(names)),
                        (number, left + 4, bottom - 4, f"{ENVELOPE[:8]}2B0D4E5…"),
                    ]
                elif str(each.get("/T", "")).endswith("-date"):
                    places.append((number, left + 2, bottom + 3, "5/6/2031 | 9:14 AM PDT"))
    return places


def enveloped(pdf: bytes, signed: Sequence[Place], who: Sequence[str], status: str = "Completed") -> bytes:
    """Return what an envelope service sends back, before its seal: ids on top, stamps, a certificate of completion."""
    top = [(page, 20.0, 778.0, f"Docusign Envelope ID: {ENVELOPE}") for page in range(_count(pdf))]
    return with_pages(written_over(flattened(pdf), [*top, *signed], size=6), *certificate(who, status))


def certificate(who: Sequence[str], status: str = "Completed") -> tuple[str, ...]:
    """Return the pages of an envelope's certificate, with its events."""
    events = [
        f"{name} {name.split()[0].lower()}@sparrow.example Security Level: Email, Account Authentication (None) "
        "Sent: 5/6/2031 9:02:11 AM Viewed: 5/6/2031 9:10:40 AM Signed: 5/6/2031 9:14:03 AM Using IP Address: 192.0.2.7"
        for name in who
    ]
    first = [
        "Certificate Of Completion",
        f"Envelope Id: {ENVELOPE} Status: {status}",
        "Subject: Complete with Docusign: sparrow-finch.pdf",
        "Document Pages: 2 Signatures: 2 Certificate Pages: 2 AutoNav: Enabled EnvelopeId Stamping: Enabled",
        f"Record Tracking Status: Original 5/6/2031 9:00:00 AM Holder: {who[0]} Location: DocuSign",
        "Signer Events Signature Timestamp",
        *events,
        "Envelope Summary Events Status Timestamps",
    ]
    return ("\n".join(first),)


DISCLOSURE = (
    "ELECTRONIC RECORD AND SIGNATURE DISCLOSURE\nFrom time to time we may be required by law to provide you "
    "certain written notices. You may be charged a fee for paper copies."
)
"""A page that every sender words for themselves: nobody can know it."""


def audited(pdf: bytes, signed: Sequence[Place], who: Sequence[str]) -> bytes:
    """Return what a service with an audit trail sends back: an id at the foot of each page, the trail at the end."""
    flat = flattened(pdf)
    foot = [(page, 40.0, 12.0, "Doc ID: 4be0643f1d98573b97dcdca98a65347b6e0a1f1c") for page in range(_count(pdf))]
    trail = "\n".join(
        [
            "Audit trail",
            "Title sparrow-finch File name sparrow-finch.pdf",
            "Document ID 4be0643f1d98573b97dcdca98a65347b6e0a1f1c",
            "Audit trail date format MM / DD / YYYY Status Signed",
            "Document history",
            *(f"SIGNED 05 / 06 / 2031 09:14:03 UTC Signed by {name} IP: 192.0.2.7" for name in who),
            "COMPLETED 05 / 06 / 2031 09:14:03 UTC The document has been completed.",
        ]
    )
    return with_pages(written_over(flat, [*foot, *signed], size=7), trail)


def reported(pdf: bytes, signed: Sequence[Place], who: Sequence[str]) -> bytes:
    """Return what a service with an audit report sends back: no marks, the form kept, but read-only."""

    def lock(opened: pikepdf.Pdf) -> None:
        for field in opened.Root.AcroForm.Fields:
            field.Ff = 1

    report = "\n".join(
        [
            "Agreement",
            "Final Audit Report 2031-05-06",
            f"Created: 2031-05-06 By: {who[0]} Status: Signed",
            "Transaction ID: CBJCHBCAABAAwvT4xYc5",
            "“Agreement” History",
            *(
                f"Document e-signed by {name} Signature Date: 2031-05-06 - Time Source: server - IP address: 192.0.2.7"
                for name in who
            ),
            "Agreement completed. 2031-05-06 - 9:14:03 AM GMT",
        ]
    )
    return with_pages(written_over(changed(pdf, lock), signed, size=7), report)


SERVICES: dict[str, Callable[[bytes, Sequence[Place], Sequence[str]], bytes]] = {
    "envelope": enveloped,
    "audit trail": audited,
    "audit report": reported,
}


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Return the PDF written anew after a change of its objects."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        return _saved(opened)


def encrypted(pdf: bytes) -> bytes:
    """Return the PDF locked with a password."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(made, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return made.getvalue()


def with_seal_field(pdf: bytes, name: str) -> bytes:
    """Return the PDF with an empty, invisible signature field for a platform's seal."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0].obj
        widget = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=pikepdf.String(name), Rect=[0, 0, 0, 0], F=132, P=page
        )
        field = opened.make_indirect(widget)
        page.Annots = Array([*page.get("/Annots", []), field])
        if "/AcroForm" in opened.Root:
            opened.Root.AcroForm.Fields.append(field)
        else:
            opened.Root.AcroForm = opened.make_indirect(Dictionary(Fields=Array([field]), SigFlags=1))
        return _saved(opened)


def _count(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    made = io.BytesIO()
    pdf.save(made, deterministic_id=True)
    return made.getvalue()
