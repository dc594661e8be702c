"""PDFs that were made to be called the agreement though they do not say, or do not always show, what was agreed."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from clausebook.reading.pages import Word, read_pages
from tests.support import returns

Attack = Callable[[bytes], bytes]


def _word(pdf: bytes, wanted: Callable[[Word], bool] = lambda word: len(word.text) > 5) -> tuple[int, Word]:
    """Return page and word: the first after the third part of a page's words that is as wanted."""
    for number, page in enumerate(read_pages(pdf)):
        for word in page.words[len(page.words) // 3 :]:
            if wanted(word) and 100 < word.box.bottom < 700:
                return number, word
    raise LookupError("no such word")


def _painted(pdf: bytes, number: int, content: bytes) -> bytes:
    def paint(opened: pikepdf.Pdf) -> None:
        opened.pages[number].contents_add(b"q " + content + b" Q")

    return returns.changed(pdf, paint)


def _shape(pdf: bytes, content: Callable[[Word], bytes]) -> bytes:
    number, word = _word(pdf)
    return _painted(pdf, number, content(word))


def struck_out(pdf: bytes) -> bytes:
    return _shape(pdf, lambda word: b"0 G 0.5 w %g %g m %g %g l S" % (
        word.box.left, (word.box.bottom + word.box.top) / 2, word.box.right, (word.box.bottom + word.box.top) / 2
    ))  # fmt: skip


def point_added(pdf: bytes) -> bytes:
    return _shape(pdf, lambda word: b"0 g %g %g 1 1 re f" % (word.box.right + 0.8, word.box.bottom))


def _ends_in_point(word: Word) -> bool:
    return word.text[-1] in ".," and len(word.text) > 3


def point_covered(pdf: bytes) -> bytes:
    number, word = _word(pdf, _ends_in_point)
    return _painted(pdf, number, b"1 g %g %g 2.2 3.2 re f" % (word.box.right - 2, word.box.bottom - 1))


def _has_digit(word: Word) -> bool:
    return any(letter.isdigit() for letter in word.text)


def digit_drawn_over(pdf: bytes) -> bytes:
    """A line across a digit, as would make a 1 a 7 or a 0 an 8."""
    number, word = _word(pdf, _has_digit)
    box = word.box
    return _painted(pdf, number, b"0 G 0.7 w %g %g m %g %g l S" % (box.left - 2, box.top, box.left + 1, box.top - 1))


def image_over(pdf: bytes) -> bytes:
    number, word = _word(pdf)

    def paint(opened: pikepdf.Pdf) -> None:
        image = opened.make_stream(
            b"\xff" * 64, Type=Name.XObject, Subtype=Name.Image, Width=8, Height=8, ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )  # fmt: skip
        page = opened.pages[number]
        page.add_resource(image, Name.XObject, Name("/Cover"))
        box = word.box
        size = (box.right - box.left, box.top - box.bottom, box.left, box.bottom)
        page.contents_add(b"q %g 0 0 %g %g %g cm /Cover Do Q" % size)

    return returns.changed(pdf, paint)


def invisible_beneath(pdf: bytes) -> bytes:
    """All that the page says can be read from it, but is invisible; its picture says something else."""

    def hide(opened: pikepdf.Pdf) -> None:
        for page in opened.pages:
            content = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page))
            page.Contents = opened.make_stream(content.replace(b"0 Tr", b"3 Tr"))
            page.contents_add(b"q 0 g 80 400 300 8 re f Q")

    return returns.changed(pdf, hide)


def lying_font(pdf: bytes) -> bytes:
    """What the digits look like and what they read as differ: the words are the agreement's, the shapes are not."""
    number, word = _word(pdf, lambda word: word.text.isalpha() and len(word.text) > 5)
    covered = returns.painted_over(
        pdf, number, (word.box.left, word.box.bottom - 2, word.box.right - word.box.left, 10), 1
    )

    def lie(opened: pikepdf.Pdf) -> None:
        shown = "Fewest"[: len(word.text)]
        pairs = "".join(f"<{ord(one):02x}> <{ord(other):04x}>\n" for one, other in zip(shown, word.text, strict=False))
        unicode_map = f"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n{len(shown)} beginbfchar\n{pairs}endbfchar endcmap end"  # noqa: E501
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
            ToUnicode=opened.make_stream(unicode_map.encode()),
        )
        page = opened.pages[number]
        page.add_resource(opened.make_indirect(font), Name.Font, Name("/Lie"))
        page.contents_add(b"q BT /Lie 9 Tf %g %g Td (%s) Tj ET Q" % (word.box.left, word.box.bottom, shown.encode()))

    return returns.changed(covered, lie)


def read_aloud_otherwise(pdf: bytes) -> bytes:
    """The shapes are the agreement's, and each t of them reads as an n: “not” is spoken as “non”."""

    def lie(opened: pikepdf.Pdf) -> None:
        for each in opened.objects:
            if isinstance(each, Dictionary) and each.get("/Type") == "/Font" and "/ToUnicode" in each:
                told = each.ToUnicode.read_bytes().replace(b"<0074>", b"<006e>")
                each.ToUnicode = opened.make_stream(told)

    return returns.changed(pdf, lie)


def pages_swapped(pdf: bytes) -> bytes:
    def swap(opened: pikepdf.Pdf) -> None:
        first, second = opened.pages[0], opened.pages[1]
        first.obj.Contents, second.obj.Contents = second.obj.Contents, first.obj.Contents
        first.obj.Resources, second.obj.Resources = second.obj.Resources, first.obj.Resources

    return returns.changed(pdf, swap)


def page_missing(pdf: bytes) -> bytes:
    def drop(opened: pikepdf.Pdf) -> None:
        del opened.pages[0]

    return returns.changed(pdf, drop)


def page_doubled(pdf: bytes) -> bytes:
    def double(opened: pikepdf.Pdf) -> None:
        opened.pages.insert(1, opened.pages[0])

    return returns.changed(pdf, double)


def page_inserted(pdf: bytes) -> bytes:
    def insert(opened: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(returns.page_of("Annex: the fee is doubled."))) as more:
            opened.pages.insert(1, more.pages[0])

    return returns.changed(pdf, insert)


def annex_added(pdf: bytes) -> bytes:
    return returns.with_pages(pdf, "Annex: the fee is doubled. Signed by Wren Example.")


def false_certificate_with_annex(pdf: bytes) -> bytes:
    return returns.with_pages(
        pdf, "Certificate of Completion\nStatus: Completed\nSigner Events", "Annex: the fee is doubled."
    )


def empty_page_added(pdf: bytes) -> bytes:
    return returns.with_pages(pdf, "")


def margin_words(pdf: bytes) -> bytes:
    return returns.written_over(pdf, [(0, 60, 780, "Fee doubled")], 7)


def margin_drawing(pdf: bytes) -> bytes:
    return _painted(pdf, 0, b"0 g 60 776 40 6 re f")


def words_at_signature(pdf: bytes) -> bytes:
    number, box = _field(pdf, "signature")
    return returns.written_over(pdf, [(number, box[0] + 4, box[1] + 2, "subject to our side letter")], 7)


def name_covered_in_field(pdf: bytes) -> bytes:
    number, box = _field(pdf, "name")
    return returns.painted_over(returns.flattened(pdf), number, (box[0], box[1], box[2] - box[0], box[3] - box[1]))


def _field(pdf: bytes, kind: str) -> tuple[int, list[float]]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for number, page in enumerate(opened.pages):
            for each in page.obj.get("/Annots", ()):
                if str(each.get("/T", "")).endswith(f"-{kind}"):
                    return number, [float(side) for side in each.Rect]
    raise LookupError(kind)


def _layer(pdf: bytes, content: bytes, *lists: str, **usage: Any) -> bytes:
    def add(opened: pikepdf.Pdf) -> None:
        group = opened.make_indirect(Dictionary(Type=Name.OCG, Name=String("x"), **usage))
        default = Dictionary({f"/{key}": Array([group]) for key in ("Order", *lists)})
        opened.Root.OCProperties = Dictionary(OCGs=Array([group]), D=default)
        page = opened.pages[0]
        if "/Properties" not in page.obj.Resources:
            page.obj.Resources.Properties = Dictionary()
        page.obj.Resources.Properties["/Layer"] = group
        page.contents_add(b"q /OC /Layer BDC " + content + b" EMC Q")

    return returns.changed(pdf, add)


def layer_hidden(pdf: bytes) -> bytes:
    return _layer(pdf, b"0 g 100 400 200 8 re f", "OFF")


def layer_printed_alone(pdf: bytes) -> bytes:
    usage = Dictionary(Print=Dictionary(PrintState=Name.ON), View=Dictionary(ViewState=Name.OFF))
    return _layer(pdf, b"0 g 100 400 200 8 re f", "OFF", Usage=usage)


def layer_that_can_cover(pdf: bytes) -> bytes:
    return _layer(pdf, b"1 g 0 0 1 1 re f", "ON")


def _annotated(pdf: bytes, kind: Name, **entries: Any) -> bytes:
    def add(opened: pikepdf.Pdf) -> None:
        page = opened.pages[0].obj
        look = opened.make_stream(b"0 g 0 0 100 8 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 100, 8])
        data: dict[str, Any] = {"Rect": [100, 400, 200, 408], "AP": Dictionary(N=look), "F": 4, **entries}
        made = opened.make_indirect(Dictionary(Type=Name.Annot, Subtype=kind, **data))
        page.Annots = Array([*page.get("/Annots", []), made])

    return returns.changed(pdf, add)


def note_added(pdf: bytes) -> bytes:
    return _annotated(pdf, Name.Text, Contents=String("Fee doubled"), Rect=[580, 770, 600, 790], AP=Dictionary())


def free_text(pdf: bytes) -> bytes:
    return _annotated(pdf, Name.FreeText, Contents=String("not"))


def stamp_printed_alone(pdf: bytes) -> bytes:
    return _annotated(pdf, Name.Stamp, F=4 | 32)


def stamp_hidden(pdf: bytes) -> bytes:
    return _annotated(pdf, Name.Stamp, F=2)


def popup_alone(pdf: bytes) -> bytes:
    return _annotated(pdf, Name.Popup, Contents=String("Fee doubled"), AP=Dictionary())


def redaction_marked(pdf: bytes) -> bytes:
    return _annotated(pdf, Name.Redact, AP=Dictionary(), F=4)


def _with_field(pdf: bytes, **entries: Any) -> bytes:
    def add(opened: pikepdf.Pdf) -> None:
        page = opened.pages[0].obj
        look = opened.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 300, 20])
        data: dict[str, Any] = {
            "Rect": [100, 400, 400, 420],
            "F": 4,
            "AP": Dictionary(N=look),
            "FT": Name.Tx,
            **entries,
        }
        data |= {"T": String("further"), "DA": String("/Helv 9 Tf 0 g"), "P": page}
        made = opened.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, **data))
        page.Annots = Array([*page.get("/Annots", []), made])
        opened.Root.AcroForm.Fields.append(made)

    return returns.changed(pdf, add)


def field_value_unseen(pdf: bytes) -> bytes:
    return _with_field(pdf, V=String("the fee is doubled"))


def field_drawn_by_viewers(pdf: bytes) -> bytes:
    def ask(opened: pikepdf.Pdf) -> None:
        opened.Root.AcroForm.NeedAppearances = True

    return returns.changed(_with_field(pdf, V=String("")), ask)


def field_with_rollover(pdf: bytes) -> bytes:
    def add(opened: pikepdf.Pdf) -> None:
        look = opened.make_stream(b"0 g 0 0 99 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 100, 10])
        for each in opened.pages[0].obj.Annots:
            if each.get("/T") == "further":
                each.AP.R = look

    return returns.changed(_with_field(pdf), add)


def acting_when_opened(pdf: bytes) -> bytes:
    def add(opened: pikepdf.Pdf) -> None:
        opened.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("this.getField('x').value = 'y'"))

    return returns.changed(pdf, add)


def acting_on_a_page(pdf: bytes) -> bytes:
    def add(opened: pikepdf.Pdf) -> None:
        action = Dictionary(S=Name.Hide, T=String("finch-1-name"))
        opened.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Named, N=Name.NextPage, Next=Array([action])))

    return returns.changed(pdf, add)


def cropped(pdf: bytes) -> bytes:
    def crop(opened: pikepdf.Pdf) -> None:
        opened.pages[0].obj.CropBox = Array([0, 300, 612, 792])

    return returns.changed(pdf, crop)


def another_picture_in_print(pdf: bytes) -> bytes:
    def add(opened: pikepdf.Pdf) -> None:
        form = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1, "BitsPerComponent": 8}
        other = opened.make_stream(b"\0", ColorSpace=Name.DeviceGray, **form)
        image = opened.make_stream(b"\xff", ColorSpace=Name.DeviceGray, **form)
        image.Alternates = Array([Dictionary(Image=other, DefaultForPrinting=True)])
        opened.pages[0].add_resource(image, Name.XObject, Name("/Other"))
        opened.pages[0].contents_add(b"q 200 0 0 8 100 750 cm /Other Do Q", prepend=True)

    return returns.changed(pdf, add)


def further_attachment(pdf: bytes) -> bytes:
    def add(opened: pikepdf.Pdf) -> None:
        opened.attachments["side-letter.txt"] = b"The fee is doubled."

    return returns.changed(pdf, add)


def collection(pdf: bytes) -> bytes:
    def add(opened: pikepdf.Pdf) -> None:
        opened.Root.Collection = Dictionary(Type=Name.Collection, View=Name.T)

    return returns.changed(pdf, add)


def _at_name(pdf: bytes, content: bytes) -> bytes:
    """Return a PDF in whose first field for a name something is drawn beside the name."""

    def draw(opened: pikepdf.Pdf) -> None:
        for page in opened.pages:
            for each in page.obj.get("/Annots", ()):
                if str(each.get("/T", "")).endswith("-name"):
                    each.AP.N.write(each.AP.N.read_bytes() + b"\nq " + content + b" Q")
                    return

    return returns.changed(pdf, draw)


def drawn_in_name(pdf: bytes) -> bytes:
    return _at_name(pdf, b"0 g 150 2 m 180 12 200 2 250 10 c 250 4 l 150 3 l f")


def name_struck_out(pdf: bytes) -> bytes:
    return _at_name(pdf, b"0 G 0 6 m 60 6 l S")


def party_struck_out(pdf: bytes) -> bytes:
    """A line through what stands just above a signature: within reach of a service's stamp."""
    number, box = _field(pdf, "signature")
    near = (word.box for word in read_pages(pdf)[number].words if 0 < word.box.bottom - box[3] < 15)
    for each in near:
        middle = (each.bottom + each.top) / 2
        pdf = returns.painted_over(pdf, number, (each.left, middle, each.right - each.left, 0.5), 0)
    return pdf


ATTACKS: Mapping[str, Attack] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            *(struck_out, point_added, point_covered, digit_drawn_over, image_over, invisible_beneath, lying_font),
            read_aloud_otherwise,
            *(pages_swapped, page_missing, page_doubled, page_inserted, annex_added, false_certificate_with_annex),
            *(drawn_in_name, name_struck_out, party_struck_out),
            *(empty_page_added, margin_words, margin_drawing, words_at_signature, cropped),
            *(layer_hidden, layer_printed_alone, layer_that_can_cover, another_picture_in_print),
            *(note_added, free_text, stamp_printed_alone, stamp_hidden, popup_alone, redaction_marked),
            *(field_value_unseen, field_drawn_by_viewers, field_with_rollover, acting_when_opened, acting_on_a_page),
            *(further_attachment, collection),
        )
    }
)
"""None of these may ever be called verified, signed in its own fields or sealed by a service."""

WIPED = (
    *("note_added", "stamp_hidden", "popup_alone", "redaction_marked", "field_value_unseen", "field_with_rollover"),
    "further_attachment",
)
"""What is gone once a service has drawn the form into the pages and written the file anew."""


def nested_drawings(pdf: bytes, depth: int = 12, each: int = 10) -> bytes:
    """Drawings that show drawings: ten of them ten of them, and so on."""

    def add(opened: pikepdf.Pdf) -> None:
        inner = opened.make_stream(b"0 0 1 1 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 10, 10])
        for _ in range(depth):
            inner = opened.make_stream(
                b"/X Do " * each, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 10, 10],
                Resources=Dictionary(XObject=Dictionary(X=inner)),
            )  # fmt: skip
        opened.pages[0].add_resource(inner, Name.XObject, Name("/Bomb"))
        opened.pages[0].contents_add(b"q /Bomb Do Q")

    return returns.changed(pdf, add)


def swelling(pdf: bytes, octets: int = 1 << 30) -> bytes:
    """A page whose content is small in the file and huge when it is unpacked."""

    def add(opened: pikepdf.Pdf) -> None:
        packer = zlib.compressobj(9)
        piece = b"0 0 m 1 1 l S\n" * 100_000
        packed = b"".join(packer.compress(piece) for _ in range(octets // len(piece))) + packer.flush()
        stream = pikepdf.Stream(opened, packed)
        stream.Filter = Name.FlateDecode
        opened.pages[0].obj.Contents = Array([stream])

    return returns.changed(pdf, add)
