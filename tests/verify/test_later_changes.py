"""What a later revision changes: told in words, and allowed only where it is known for harmless."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from clausebook.verify.integrity.later_changes import FileChange, changes
from clausebook.verify.integrity.object_roles import role
from clausebook.verify.integrity.revision import PdfRevision
from tests.support.signing_pdfs import unsigned

pytestmark = pytest.mark.slow("each change of a signed PDF, made and read object by object")

Edit = Callable[[pikepdf.Pdf], None]

XMP = (
    '<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><a xmlns="urn:a" {}>{}</a></x:xmpmeta><?xpacket end="r"?>'
)
PLAIN = XMP.format("", "Agreement")


@cache
def signed() -> bytes:
    """Return a PDF of two pages as a first signatory left it: `party-1-signature` has a value, `party-2` has none."""
    with pikepdf.open(io.BytesIO(unsigned())) as pdf:
        second = pdf.add_blank_page(page_size=(595, 842))
        second.Contents = Array([pdf.make_stream(b"BT ET"), pdf.make_stream(b"BT ET")])
        second.Resources = Dictionary(XObject=Dictionary(X=pdf.make_stream(b"")))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], Contents=String("Read this"))
        second.Annots = pdf.make_indirect(Array([pdf.make_indirect(note)]))
        pdf.Root.Extensions = pdf.make_indirect(Dictionary(ISO_=Dictionary(BaseVersion=Name("/2.0"))))
        pdf.Root.Metadata = pdf.make_stream(PLAIN.encode(), Type=Name.Metadata, Subtype=Name.XML)
        field(pdf, "party-1-signature").V = pdf.make_indirect(Dictionary(Type=Name.Sig, Contents=String("signed")))
        out = io.BytesIO()
        pdf.save(out, static_id=True, compress_streams=False, fix_metadata_version=False)
    return out.getvalue()


def field(pdf: pikepdf.Pdf, name: str) -> pikepdf.Object:
    return next(each for each in pdf.Root.AcroForm.Fields if str(each.T) == name)


def compared(edit: Edit, before: Edit | None = None, *, verified: tuple[str, ...] = ()) -> tuple[FileChange, ...]:
    """Return what an edit changes; `before` is done to both revisions, and gives the same numbers in both."""
    with pikepdf.open(io.BytesIO(signed())) as old, pikepdf.open(io.BytesIO(signed())) as new:
        for pdf in (old, new) if before else ():
            before(pdf)
        edit(new)
        return changes(PdfRevision(old), PdfRevision(new), verified)


def forbidden(found: tuple[FileChange, ...]) -> list[str]:
    return [each.words for each in found if not each.allowed]


def allowed(found: tuple[FileChange, ...]) -> list[tuple[str, str, bool]]:
    return [(each.words, each.field, each.harmless) for each in found if each.allowed]


def test_nothing_is_no_change() -> None:
    assert compared(lambda pdf: None) == ()


# What may be


def value(name: str, text: str | None) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        if text is None:
            del field(pdf, name).V
        else:
            field(pdf, name).V = String(text)

    return edit


def redrawn(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-2-name").AP.N.write(b"q Q")


def apart(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-2-name").AP = pdf.make_indirect(field(pdf, "party-2-name").AP)


def signed_too(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-2-signature").V = pdf.make_indirect(Dictionary(Type=Name.Sig, Contents=String("too")))
    field(pdf, "party-2-signature").Ff = 1


def widget(pdf: pikepdf.Pdf, kind: str = "/Sig", **entries: object) -> pikepdf.Object:
    made = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name("/Sig"), T=String("seal"), Rect=[0, 0, 0, 0])
    made.V = pdf.make_indirect(Dictionary(Type=Name(kind), Contents=String("sealed")))
    for name, each in entries.items():
        made[f"/{name}"] = each
    return pdf.make_indirect(made)


def sealed(kind: str = "/Sig", **entries: object) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        seal = widget(pdf, kind, **entries)
        pdf.Root.AcroForm.Fields.append(seal)
        pdf.pages[0].Annots.append(seal)

    return edit


def form_apart(pdf: pikepdf.Pdf) -> None:
    """Let resources and fields of the form be objects of their own, or its fonts those of its resources."""
    pdf.Root.AcroForm.DR = pdf.make_indirect(pdf.Root.AcroForm.DR)
    pdf.Root.AcroForm.DR.Font = pdf.make_indirect(pdf.Root.AcroForm.DR.Font)
    pdf.Root.AcroForm.Fields = pdf.make_indirect(pdf.Root.AcroForm.Fields)


def form_inside(pdf: pikepdf.Pdf) -> None:
    """Let the form stand in the catalog, and fonts of the form be an object of its own."""
    form = pdf.Root.AcroForm
    fonts = pdf.make_indirect(Dictionary(F0=form.DR.Font.F0))
    pdf.Root.AcroForm = Dictionary(Fields=Array(list(form.Fields)), SigFlags=1, DR=Dictionary(Font=fonts))


def annotations_apart(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Annots = pdf.make_indirect(pdf.pages[0].Annots)


def validation(pdf: pikepdf.Pdf) -> None:
    made = Dictionary(Type=Name.DSS, Certs=pdf.make_indirect(Array([pdf.make_stream(b"certificate")])))
    pdf.Root.DSS = pdf.make_indirect(made)


def more_validation(pdf: pikepdf.Pdf) -> None:
    pdf.Root.DSS.Certs.append(pdf.make_stream(b"another"))


def dated(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo.ModDate = String("D:20310506")
    pdf.docinfo.Producer = String("Another")
    told = XMP.format('xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:ModifyDate="2031"', "Agreement")
    pdf.Root.Metadata.write(told.encode())


def gained(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extensions.ADBE = Dictionary(BaseVersion=Name("/1.7"))
    pdf.Root.AcroForm.DR.Font.F9 = pdf.make_indirect(Dictionary(Type=Name.Font))
    pdf.Root.AcroForm.DR.XObject = Dictionary()
    pdf.Root.AcroForm.SigFlags = 3
    pdf.Root.Version = Name("/2.0")


@pytest.mark.parametrize(
    ("edit", "before", "told"),
    [
        (
            value("party-2-name", "Finn"),
            None,
            [("The field `party-2-name` was changed from “Signatory of party-2” to “Finn”", "party-2-name", False)],
        ),
        (
            value("party-2-name", None),
            None,
            [("The field `party-2-name` was emptied; it was “Signatory of party-2”", "party-2-name", False)],
        ),
        (
            value("party-2-date", "2031-05-06"),
            None,
            [("The field `party-2-date` was filled with “2031-05-06”", "party-2-date", False)],
        ),
        (redrawn, None, [("What the field `party-2-name` shows was changed", "party-2-name", False)]),
        (redrawn, apart, [("What the field `party-2-name` shows was changed", "party-2-name", False)]),
        (signed_too, None, [("`party-2-signature` was signed", "party-2-signature", False)]),
        (sealed(), None, [("An invisible signature was added in `seal`", "seal", False)]),
        (sealed("/DocTimeStamp"), None, [("A document timestamp was added in `seal`", "", True)]),
        (validation, None, [("Data for long-term validation was added", "", True)]),
        (more_validation, validation, [("Data for long-term validation was added", "", True)]),
        (lambda pdf: None, validation, []),
        (dated, None, []),
        (gained, None, []),
        (gained, form_apart, []),
        (gained, form_inside, []),
        (sealed(), form_apart, [("An invisible signature was added in `seal`", "seal", False)]),
        (sealed(), form_inside, [("An invisible signature was added in `seal`", "seal", False)]),
        (sealed(), annotations_apart, [("An invisible signature was added in `seal`", "seal", False)]),
    ],
)
def test_what_is_known_for_harmless_is_told_and_allowed(
    edit: Edit, before: Edit | None, told: list[tuple[str, str, bool]]
) -> None:
    found = compared(edit, before, verified=("party-2-signature", "seal"))
    assert (forbidden(found), allowed(found)) == ([], told)


# What may not


def note(pdf: pikepdf.Pdf, number: int = 0) -> None:
    made = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=[0, 0, 9, 9], Contents=String("EUR 9"))
    pdf.pages[number].Annots.append(pdf.make_indirect(made))


def content(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents.write(b"BT /F0 12 Tf (EUR 9) Tj ET")


def half_of_the_content(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].Contents[1].write(b"BT (EUR 9) Tj ET")


def picture(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].Resources.XObject.X.write(b"1 g")


def note_reworded(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].Annots[0].Contents = String("Do not read this")


def note_removed(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[1].Annots[0]


def widgets_reordered(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Annots = Array(list(reversed(list(pdf.pages[0].Annots))))


def turned(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Rotate = 180


def pages_swapped(pdf: pikepdf.Pdf) -> None:
    kids = pdf.Root.Pages.Kids
    pdf.Root.Pages.Kids = Array([kids[1], kids[0]])


def script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("x()"))


def no_form(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm


def no_extensions(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Extensions.ISO_


def other_extensions(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extensions.ISO_ = Dictionary(BaseVersion=Name("/1.7"))


def lower(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Version = Name("/1.4")


def higher(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Version = Name("/2.0")


def title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo.Title = String("Another")
    pdf.docinfo.Author = String("Mallory")


def no_metadata(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Metadata


def metadata(told: str) -> Edit:
    return lambda pdf: pdf.Root.Metadata.write(told.encode())


def no_annotations(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[1].Annots


def other_identifier(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.ID = Array([String("x"), pdf.trailer.ID[1]])


def same_identifier(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.ID = Array([pdf.trailer.ID[0], String("x")])


def no_identifier(pdf: pikepdf.Pdf) -> None:
    del pdf.trailer.ID


def other_trailer(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Extra = String("x")


def other_root(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Root = pdf.make_indirect(Dictionary(dict(pdf.Root.items())))


def drawn_by_viewers(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.NeedAppearances = True


def font_of_fields(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.DR.Font.F0 = pdf.make_indirect(Dictionary(Type=Name.Font, BaseFont=Name.ZapfDingbats))


def no_font_of_fields(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm.DR.Font


def font(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Resources.Font.F0.BaseFont = Name.ZapfDingbats


def field_gone(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields = Array([each for each in pdf.Root.AcroForm.Fields if str(each.T) != "party-2-name"])


def field_replaced(pdf: pikepdf.Pdf) -> None:
    field_gone(pdf)
    pdf.Root.AcroForm.Fields.append(pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("party-2-name"))))


def other_kind(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-2-name").FT = Name.Btn


def other_places(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-2-name").Kids = Array([pdf.make_indirect(Dictionary(Subtype=Name.Widget, Rect=[0, 0, 9, 9]))])


def larger(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-2-name").Rect = Array([0, 0, 595, 842])


def flagged(flags: object, name: str = "party-2-name") -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        field(pdf, name).Ff = flags

    return edit


def signature_altered(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-1-signature").V = pdf.make_indirect(Dictionary(Type=Name.Sig, Contents=String("other")))


def signature_rewritten(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-1-signature").V.Contents = String("other")


def empty_altered(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-2-signature").M = String("D:2031")


def signed_inside(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-2-signature").V = Dictionary(Type=Name.Sig, Contents=String("too"))


def signed_by_the_first(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-2-signature").V = field(pdf, "party-1-signature").V


def text_field(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields.append(pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("extra"))))


def in_place_of_a_note(pdf: pikepdf.Pdf) -> None:
    old = pdf.pages[1].Annots[0]
    seal = widget(pdf)
    for name in list(old.keys()):
        del old[name]
    for name, each in seal.items():
        old[name] = each
    pdf.Root.AcroForm.Fields.append(old)


def no_validation(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.DSS


def every_validation(pdf: pikepdf.Pdf) -> None:
    for name in ("VRI", "CRLs", "OCSPs"):
        pdf.Root.DSS[f"/{name}"] = Array([])


def false_validation(pdf: pikepdf.Pdf) -> None:
    pdf.Root.DSS = Dictionary(Type=Name.DSS, Pages=Array([]))


def validation_that_is_none(pdf: pikepdf.Pdf) -> None:
    pdf.Root.DSS = Array([])


def certificate_rewritten(pdf: pikepdf.Pdf) -> None:
    pdf.Root.DSS.Certs[0].write(b"another")


def shared_validation(pdf: pikepdf.Pdf) -> None:
    validation(pdf)
    pdf.pages[1].Extra = pdf.Root.DSS.Certs


def appearance_of_two(pdf: pikepdf.Pdf) -> None:
    field(pdf, "party-2-name").AP.N = pdf.pages[1].Resources.XObject.X


def many(pdf: pikepdf.Pdf) -> None:
    for number in range(20):
        pdf.Root[f"/X{number:02}"] = pdf.make_indirect(Dictionary(A=0))


def many_changed(pdf: pikepdf.Pdf) -> None:
    for number in range(20):
        pdf.Root[f"/X{number:02}"].A = 1


def twelve_changed(pdf: pikepdf.Pdf) -> None:
    for number in range(12):
        pdf.Root[f"/X{number:02}"].A = 1


@pytest.mark.parametrize(
    ("edit", "before", "said"),
    [
        (note, None, ["An annotation was put on page 1", "Page 1 was changed"]),
        (lambda pdf: note(pdf, 1), None, ["An annotation was put on page 2", "An annotation of page 2 was changed"]),
        (content, None, ["The content of page 1 was changed"]),
        (half_of_the_content, None, ["The content of page 2 was changed"]),
        (picture, None, ["A font or picture of page 2 was changed"]),
        (note_reworded, None, ["An annotation was changed"]),
        (
            note_removed,
            None,
            ["Annotations of page 2 were removed or reordered", "An annotation of page 2 was changed"],
        ),
        (no_annotations, None, ["Annotations of page 2 were removed or reordered", "Page 2 was changed"]),
        (widgets_reordered, None, ["Annotations of page 1 were removed or reordered", "Page 1 was changed"]),
        (turned, None, ["Page 1 was changed"]),
        (pages_swapped, None, ["The order of the pages was changed"]),
        (script, None, ["The document's `OpenAction` was changed"]),
        (no_extensions, None, ["The document's list of extensions was changed"]),
        (other_extensions, None, ["The document's list of extensions was changed"]),
        (lower, higher, ["The document's version of PDF was lowered"]),
        (
            note,
            annotations_apart,
            ["An annotation was put on page 1", "An annotation of page 1 was changed"],
        ),
        (title, None, ["The document's properties were changed (Author, Title)"]),
        (no_metadata, None, ["The document's metadata was changed"]),
        (metadata(XMP.format("", "Another")), None, ["The document's metadata was changed"]),
        (metadata(XMP.format("by='Mallory'", "Agreement")), None, ["The document's metadata was changed"]),
        (metadata("no packet"), None, ["The document's metadata was changed"]),
        (metadata(f"<!DOCTYPE x>{PLAIN}"), None, ["The document's metadata was changed"]),
        (metadata(f"{PLAIN}\0"), None, ["The document's metadata was changed"]),
        (other_identifier, None, ["The document's identifier was replaced"]),
        (no_identifier, None, ["The document's identifier was replaced"]),
        (same_identifier, None, []),
        (other_trailer, None, ["The document's beginning (its trailer) was replaced"]),
        (drawn_by_viewers, None, ["The form's `NeedAppearances` was changed"]),
        (font_of_fields, None, ["The fonts of the form's fields were changed"]),
        (no_font_of_fields, None, ["The fonts of the form's fields were changed"]),
        (font, None, ["A font was changed"]),
        (field_gone, None, ["The field `party-2-name` was removed or replaced"]),
        (field_replaced, None, ["The field `party-2-name` was removed or replaced"]),
        (
            other_kind,
            None,
            ["The field `party-2-name` was removed or replaced", "The field `party-2-name` was changed"],
        ),
        (
            other_places,
            None,
            ["The places of the field `party-2-name` were changed", "The field `party-2-name` was changed"],
        ),
        (
            larger,
            None,
            [
                "The field `party-2-name` was altered in more than what is in it",
                "The field `party-2-name` was changed",
            ],
        ),
        (
            flagged(2),
            None,
            [
                "The way in which the field `party-2-name` works was altered",
                "The field `party-2-name` was changed",
            ],
        ),
        (flagged(1), None, []),
        (flagged(Name.x), None, []),
        (flagged(2), flagged(3), []),
        (
            signature_altered,
            None,
            ["The signature in `party-1-signature` was altered", "The field `party-1-signature` was changed"],
        ),
        (signature_rewritten, None, ["A signature was changed"]),
        (
            empty_altered,
            None,
            ["The empty signature field `party-2-signature` was altered", "The field `party-2-signature` was changed"],
        ),
        (
            signed_inside,
            None,
            [
                "`party-2-signature` was filled with something that is no intact signature",
                "The field `party-2-signature` was changed",
            ],
        ),
        (
            signed_by_the_first,
            None,
            [
                "`party-2-signature` was filled with something that is no intact signature",
                "The field `party-2-signature` was changed",
            ],
        ),
        (text_field, None, ["A field `extra` was put in"]),
        (
            sealed(Rect=Array([0, 0, 9, 9])),
            None,
            [
                "A visible signature field `seal` was laid over the pages",
                "An annotation was put on page 1",
                "Page 1 was changed",
            ],
        ),
        (
            sealed(AA=Dictionary()),
            None,
            [
                "The new field `seal` does more than hold a signature",
                "An annotation was put on page 1",
                "Page 1 was changed",
            ],
        ),
        (
            sealed(T=String("other")),
            None,
            [
                "The new field `other` holds no intact signature",
                "An annotation was put on page 1",
                "Page 1 was changed",
            ],
        ),
        (
            in_place_of_a_note,
            None,
            ["The new field `seal` takes another object's place", "An annotation was changed"],
        ),
        (no_validation, validation, ["The data for long-term validation was removed"]),
        (every_validation, validation, []),
        (false_validation, None, ["What stands as data for long-term validation is none"]),
        (validation_that_is_none, None, ["What stands as data for long-term validation is none"]),
        (
            certificate_rewritten,
            validation,
            ["Object {} of the file was changed"],
        ),
        (more_validation, shared_validation, ["Object {} of the file was changed"]),
        (
            many_changed,
            many,
            [
                *(f"Object {{X{number:02}}} of the file was changed" for number in range(12)),
                "8 more objects were changed",
            ],
        ),
        (twelve_changed, many, [f"Object {{X{number:02}}} of the file was changed" for number in range(12)]),
    ],
)
def test_what_nobody_allowed_is_forbidden(edit: Edit, before: Edit | None, said: list[str]) -> None:
    found = forbidden(compared(edit, before, verified=("party-2-signature", "seal")))
    told = [" ".join(words.split()) for words in found]
    assert len(told) == len(said), told
    for words, wanted in zip(told, said, strict=True):
        start, mark, rest = wanted.partition("{")
        assert words.startswith(start), told
        assert words.endswith(rest.partition("}")[2] if mark else wanted), told


def test_a_signature_that_was_not_proven_fills_no_field() -> None:
    assert forbidden(compared(signed_too))[0] == (
        "`party-2-signature` was filled with something that is no intact signature"
    )
    assert forbidden(compared(sealed()))[0] == "The new field `seal` holds no intact signature"


def test_a_form_that_comes_or_goes_is_told() -> None:
    gone = compared(no_form)
    assert forbidden(gone)[0] == "The document's form was removed or put in"

    def form(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array()))

    assert forbidden(compared(form, no_form))[0] == "The document's form was removed or put in"
    assert compared(lambda pdf: None, no_form) == ()


def test_another_beginning_is_told() -> None:
    assert "The document's beginning (its trailer) was replaced" in forbidden(compared(other_root))


def test_what_a_field_shares_with_a_page_is_not_its_own() -> None:
    def redrawn(pdf: pikepdf.Pdf) -> None:
        field(pdf, "party-2-name").AP.N.write(b"1 g")

    found = compared(redrawn, appearance_of_two)
    assert forbidden(found) == ["An annotation of page 1 was changed"]


def test_what_the_signed_pages_pointed_at_cannot_be_put_in() -> None:
    base = signed()
    with pikepdf.open(io.BytesIO(base)) as old, pikepdf.open(io.BytesIO(base)) as new:
        (before, after) = PdfRevision(old), PdfRevision(new)
        after.objects[9999, 0] = b"(x)"
        assert changes(before, after, ()) == ()
        before.referrers[9999, 0] = {(1, 0)}
        (found,) = changes(before, after, ())
        assert found.words == "Objects that the signed pages pointed at, without having them, were put in"
        assert not found.allowed


def test_what_was_appended_damaged_is_told() -> None:
    base = signed()
    with pikepdf.open(io.BytesIO(base)) as old, pikepdf.open(io.BytesIO(base)) as new:
        (before, after) = PdfRevision(old), PdfRevision(new)
        after.complaints = 1
        assert [each.words for each in changes(before, after, ())] == ["What was appended to the file is damaged"]
        before.complaints = 1
        assert changes(before, after, ()) == ()


# What an object is


def test_an_object_is_named_as_a_reader_knows_it() -> None:
    with pikepdf.open(io.BytesIO(signed())) as pdf:
        apart = pdf.make_indirect(Dictionary(Subtype=Name.Widget, Rect=[0, 0, 9, 9]))
        field(pdf, "party-2-date").Kids = Array([apart])
        revision = PdfRevision(pdf)
        first, second = pdf.pages
        told = {
            "Page 1": first.obj,
            "The content of page 1": first.Contents,
            "The content of page 2": second.Contents[1],
            "A font": first.Resources.Font.F0,
            "A font or picture of page 2": second.Resources.XObject.X,
            "An annotation": second.Annots[0],
            "An annotation of page 2": second.Annots,
            "The order of the pages": pdf.Root.Pages,
            "The document's metadata": pdf.Root.Metadata,
            "A signature": field(pdf, "party-1-signature").V,
            "The field `party-1-signature`": field(pdf, "party-1-signature"),
            f"Object {pdf.Root.Extensions.objgen[0]} of the file": pdf.Root.Extensions,
        }
        assert (
            role(revision, apart.objgen)
            == role(revision, field(pdf, "party-2-date").objgen)
            == ("The field `party-2-date`")
        )
        assert {words: role(revision, each.objgen) for words, each in told.items()} == {words: words for words in told}


@pytest.mark.parametrize(("steps", "named"), [(5, True), (6, False)])
def test_what_lies_far_below_a_page_is_an_object_of_the_file(steps: int, named: bool) -> None:
    with pikepdf.open(io.BytesIO(signed())) as pdf:
        lowest = held = pdf.make_indirect(Dictionary(A=0))
        for _ in range(steps):
            held = Dictionary(A=held)
        pdf.pages[1].Resources.XObject = held
        said = role(PdfRevision(pdf), lowest.objgen)
        assert said == ("A font or picture of page 2" if named else f"Object {lowest.objgen[0]} of the file")
