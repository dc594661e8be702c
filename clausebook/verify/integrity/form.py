"""The form of a PDF: its fields, what is in them, and what signing one of them locks.

The file may be hostile: walks are bounded, and what is not as it should be raises Fault in plain words.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pikepdf

from clausebook.findings.characters import one_line
from clausebook.verify.integrity.byte_ranges import Fault

Ref = tuple[int, int]
"""An object's number and generation; (0, 0) if it is no object of its own."""

SIGNATURE = "/Sig"
TEXT = "/Tx"

MAX_FIELDS = 5_000
MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its full name, kind (`/Sig`, `/Tx` …), object, and the widgets that show it (often itself)."""

    name: str
    kind: str
    ref: Ref
    object: pikepdf.Object
    widgets: tuple[pikepdf.Object, ...]

    @property
    def value(self) -> pikepdf.Object | None:
        """Return what is in the field, or None."""
        return self.object.get("/V")

    @property
    def text(self) -> str:
        """Return what is in the field as text; a signature has none."""
        value = self.value
        return str(value) if isinstance(value, pikepdf.String | pikepdf.Name) else ""

    @property
    def signed(self) -> bool:
        """Tell whether it is a signature field with something in it."""
        return self.kind == SIGNATURE and self.value is not None

    @property
    def visible(self) -> bool:
        """Tell whether any widget of it takes room on a page."""
        return any(_area(widget) for widget in self.widgets)


@dataclass(frozen=True, slots=True)
class Lock:
    """What a signature locks: `everything` but `names`, or `names` alone; `sealed` if it allows no change at all."""

    everything: bool = False
    names: frozenset[str] = frozenset()
    sealed: bool = False

    def holds(self, field: str) -> bool:
        """Tell whether a field is locked, by its own name or that of a field above it."""
        parts = field.split(".")
        named = any(".".join(parts[:length]) in self.names for length in range(1, len(parts) + 1))
        return named != self.everything


def form_of(pdf: pikepdf.Pdf) -> pikepdf.Object | None:
    """Return the form of the document, or None."""
    form = pdf.Root.get("/AcroForm")
    return form if isinstance(form, pikepdf.Dictionary) else None


def fields_of(pdf: pikepdf.Pdf) -> dict[str, Field]:
    """Return the fields by full name, in order; Fault if the form is not one, or two have the same name."""
    form = form_of(pdf)
    if form is None:
        return {}
    fields: dict[str, Field] = {}
    for field in _walk(form.get("/Fields"), "", None, 0):
        if field.name in fields:
            raise Fault(f"it has two fields of the name `{plain(field.name)}`")
        if len(fields) >= MAX_FIELDS:
            raise Fault(f"it has more than {MAX_FIELDS:,} fields")
        fields[field.name] = field
    return fields


def locks_of(field: Field) -> tuple[Lock, ...]:
    """Return what the signature in a field locks: what it says itself, and what its field told it to."""
    locks = []
    for reference in _items(entries(field.value).get("/Reference")):
        parameters = entries(reference).get("/TransformParams")
        if isinstance(parameters, pikepdf.Dictionary):
            locks.append(_lock(parameters))
    own = field.object.get("/Lock")
    if isinstance(own, pikepdf.Dictionary):
        locks.append(_lock(own))
    return tuple(locks)


def content_of(stream: pikepdf.Object, limit: int) -> bytes:
    """Return what is in a stream, unpacked; Fault if that is more than `limit` bytes, or packed in a rare way."""
    raw, packed = bytes(stream.read_raw_bytes()), stream.stream_dict.get("/Filter")
    if isinstance(packed, pikepdf.Array) and len(packed) == 1:
        packed = packed[0]
    if packed is not None:
        if packed != pikepdf.Name.FlateDecode or "/DecodeParms" in stream.stream_dict:
            raise Fault("what it says of itself is packed in a way that cannot be read safely")
        raw = zlib.decompressobj().decompress(raw, limit + 1)
    if len(raw) > limit:
        raise Fault("what it says of itself is too long")
    return raw


def plain(text: str, limit: int = 120) -> str:
    """Return text from a file fit for a message: one line, no control characters, not long."""
    return one_line(whole(text), limit)


def whole(text: str) -> str:
    """Return text from a file that a person must read to its end: one line, no control characters."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def entries(value: object) -> Mapping[str, pikepdf.Object]:
    """Return the entries of a dictionary, or none if it is none."""
    return dict(value.items()) if isinstance(value, pikepdf.Dictionary) else {}


def _walk(kids: pikepdf.Object | None, parent: str, inherited: pikepdf.Object | None, depth: int) -> Iterator[Field]:
    if depth > MAX_DEPTH:
        raise Fault("its form is nested too deeply, or goes in a circle")
    for kid in _items(kids):
        if not isinstance(kid, pikepdf.Dictionary):
            raise Fault("its form holds something that is no field")
        if "/T" not in kid:
            continue
        name = f"{parent}.{kid.T}" if parent else str(kid.T)
        kind = kid.get("/FT", inherited)
        below = [child for child in _items(kid.get("/Kids")) if isinstance(child, pikepdf.Dictionary)]
        if any("/T" in child for child in below):
            yield from _walk(kid.get("/Kids"), name, kind, depth + 1)
        else:
            yield Field(name, str(kind or ""), kid.objgen, kid, tuple(below) or (kid,))


def _items(value: pikepdf.Object | None) -> Iterable[pikepdf.Object]:
    return list(value) if isinstance(value, pikepdf.Array) else ()


def _lock(parameters: pikepdf.Object) -> Lock:
    action = str(parameters.get("/Action", ""))
    return Lock(
        everything=action in ("/All", "/Exclude"),
        names=frozenset(str(name) for name in _items(parameters.get("/Fields"))) if action != "/All" else frozenset(),
        sealed=_number(parameters.get("/P")) == 1,
    )


def _number(value: object) -> float | None:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _area(widget: pikepdf.Object) -> bool:
    rectangle = [_number(number) for number in _items(widget.get("/Rect"))]
    if not rectangle and "/Rect" not in widget:
        return False
    if len(rectangle) != 4 or None in rectangle:
        return True
    left, bottom, right, top = (number or 0.0 for number in rectangle)
    return left != right and bottom != top
