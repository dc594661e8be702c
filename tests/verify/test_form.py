"""The form of a PDF: its fields by name, what they show, what signing locks; and no more than can be read safely."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from clausebook.verify.integrity import form as form_module
from clausebook.verify.integrity.byte_ranges import Fault
from clausebook.verify.integrity.form import Lock, content_of, fields_of, form_of, locks_of, plain

Form = Callable[..., pikepdf.Pdf]


@pytest.fixture
def form() -> Form:
    """Make PDFs with a form of some fields, and keep them: a field is none without its file."""
    kept = []

    def made(*fields: Dictionary) -> pikepdf.Pdf:
        kept.append(pikepdf.new())
        kept[-1].Root.AcroForm = Dictionary(Fields=Array([kept[-1].make_indirect(each) for each in fields]))
        return kept[-1]

    return made


def test_a_field_is_named_by_those_above_it_and_shown_by_its_widgets(form: Form) -> None:
    below = Dictionary(T=String("name"), Kids=Array([Dictionary(Rect=[0, 0, 9, 9]), Dictionary(Rect=[0, 0, 0, 9])]))
    pdf = form(
        Dictionary(T=String("party"), FT=Name.Tx, Kids=Array([below])),
        Dictionary(FT=Name.Tx),
        Dictionary(T=String("x")),
    )
    found = fields_of(pdf)
    assert {name: (each.kind, len(each.widgets)) for name, each in found.items()} == {
        "party.name": ("/Tx", 2),
        "x": ("", 1),
    }
    assert (found["party.name"].visible, found["x"].visible) == (True, False)
    assert fields_of(pikepdf.new()) == {}
    pdf.Root.AcroForm = Array([])
    assert (form_of(pdf), fields_of(pdf)) == (None, {})


@pytest.mark.parametrize(
    ("rectangle", "visible"),
    [
        ([0, 0, 9, 9], True),
        ([9, 9, 0, 0], True),
        ([5, 0, 5, 9], False),
        ([0, 5, 9, 5], False),
        ([0, 0, 0, 0], False),
        # What is no place may be shown anywhere.
        ([], True),
        ([0, 0, 9], True),
        ([0, 0, 0, Name.x], True),
        (None, False),
        (Name.x, True),
    ],
)
def test_a_field_without_room_is_not_seen(rectangle: object, visible: bool, form: Form) -> None:
    one = Dictionary(T=String("a"), FT=Name.Sig)
    if rectangle is not None:
        one.Rect = Array(rectangle) if isinstance(rectangle, list) else rectangle
    assert fields_of(form(one))["a"].visible is visible


@pytest.mark.parametrize(
    ("made", "text", "is_signed"),
    [
        (Dictionary(FT=Name.Tx, V=String("words")), "words", False),
        (Dictionary(FT=Name.Btn, V=Name.Yes), "/Yes", False),
        (Dictionary(FT=Name.Sig, V=Dictionary()), "", True),
        (Dictionary(FT=Name.Sig), "", False),
        (Dictionary(FT=Name.Tx), "", False),
    ],
)
def test_what_is_in_a_field(made: Dictionary, text: str, is_signed: bool, form: Form) -> None:
    made.T = String("a")
    found = fields_of(form(made))["a"]
    assert (found.text, found.signed) == (text, is_signed)


def nested(depth: int) -> Dictionary:
    made = Dictionary(T=String("a"), FT=Name.Tx)
    for _ in range(depth):
        made = Dictionary(T=String("a"), Kids=Array([made]))
    return made


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ([Dictionary(T=String("a")), Dictionary(T=String("a"))], "two fields of the name `a`"),
        ([nested(17)], "nested too deeply"),
    ],
)
def test_a_form_that_misleads_is_refused(fields: list[Dictionary], said: str, form: Form) -> None:
    with pytest.raises(Fault, match=said):
        fields_of(form(*fields))
    assert list(fields_of(form(nested(16)))) == [".".join("a" * 17)]


def test_as_many_fields_as_may_be_are_read(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_module, "MAX_FIELDS", 2)
    assert list(fields_of(form(Dictionary(T=String("a")), Dictionary(T=String("b"))))) == ["a", "b"]
    with pytest.raises(Fault, match="more than 2 fields"):
        fields_of(form(*(Dictionary(T=String(name)) for name in "abc")))


def test_what_is_no_field_is_refused(form: Form) -> None:
    pdf = form()
    pdf.Root.AcroForm.Fields.append(String("x"))
    with pytest.raises(Fault, match="no field"):
        fields_of(pdf)


def parameters(action: str, *names: str, level: int | None = None) -> Dictionary:
    made = Dictionary(Action=Name(f"/{action}"), Fields=Array([String(name) for name in names]))
    if level is not None:
        made.P = level
    return made


@pytest.mark.parametrize(
    ("own", "references", "locks"),
    [
        (None, None, ()),
        (parameters("All", "a"), None, (Lock(everything=True),)),
        (parameters("Include", "a"), None, (Lock(names=frozenset({"a"})),)),
        (parameters("Exclude", "a"), None, (Lock(everything=True, names=frozenset({"a"})),)),
        (parameters("Include", "a", level=1), None, (Lock(names=frozenset({"a"}), sealed=True),)),
        (parameters("Include", "a", level=2), None, (Lock(names=frozenset({"a"})),)),
        (None, [Dictionary(TransformParams=parameters("All"))], (Lock(everything=True),)),
        (
            parameters("Include", "a"),
            [Dictionary(TransformParams=parameters("All"))],
            (Lock(everything=True), Lock(names=frozenset({"a"}))),
        ),
        # What is none locks nothing.
        (Name.x, [Dictionary(TransformParams=Name.x), Dictionary(), Name.x], ()),
        (None, Name.x, ()),
    ],
)
def test_what_a_signature_locks(own: object, references: object, locks: tuple[Lock, ...], form: Form) -> None:
    made = Dictionary(T=String("a"), FT=Name.Sig, V=Dictionary())
    if own is not None:
        made.Lock = own
    if references is not None:
        made.V.Reference = Array(references) if isinstance(references, list) else references
    assert locks_of(fields_of(form(made))["a"]) == locks


def test_a_signature_that_is_no_dictionary_locks_nothing(form: Form) -> None:
    for value in (String("x"), 5):
        assert locks_of(fields_of(form(Dictionary(T=String("a"), FT=Name.Sig, V=value)))["a"]) == ()


@pytest.mark.parametrize(
    ("stored", "entries", "said"),
    [
        (b"words", {}, None),
        (zlib.compress(b"words"), {"Filter": Name.FlateDecode}, None),
        (zlib.compress(b"words"), {"Filter": Array([Name.FlateDecode])}, None),
        (b"words", {"Filter": Name.LZWDecode}, "cannot be read safely"),
        (b"words", {"Filter": Array([Name.FlateDecode, Name.FlateDecode])}, "cannot be read safely"),
        (b"words", {"Filter": Name.FlateDecode, "DecodeParms": Dictionary()}, "cannot be read safely"),
        (b"words", {"DecodeParms": Dictionary()}, None),
        (b"words!", {}, "too long"),
    ],
)
def test_a_stream_is_unpacked_within_bounds(stored: bytes, entries: dict[str, object], said: str | None) -> None:
    pdf = pikepdf.new()
    stream = pdf.make_stream(stored)
    for name, each in entries.items():
        stream[f"/{name}"] = each
    if said:
        with pytest.raises(Fault, match=said):
            content_of(stream, 5)
    else:
        assert content_of(stream, 5) == b"words"


@pytest.mark.parametrize(
    ("lock", "field", "held"),
    [
        (Lock(names=frozenset({"a"})), "a", True),
        (Lock(names=frozenset({"a"})), "a.b", True),
        (Lock(names=frozenset({"a.b"})), "a", False),
        (Lock(names=frozenset({"a"})), "ab", False),
        (Lock(everything=True), "a", True),
        (Lock(everything=True, names=frozenset({"a"})), "a", False),
        (Lock(), "a", False),
    ],
)
def test_what_a_lock_holds(lock: Lock, field: str, held: bool) -> None:
    assert lock.holds(field) is held


# Every bit


def test_words_of_a_file_are_told_without_what_a_terminal_obeys() -> None:
    assert plain("a\x1b[31mb\nc\u202ed") == "a [31mb c d"
