"""An agreement's data as templates see it: opaque, inert, and aware of its place.

None of these types is a string, and none gives one away: turning a value into
text mints a placeholder, whatever route is taken (printing, joining, formatting,
an escape filter). The placeholder is replaced by the value after the Markdown
has been parsed, so a value can never become markup of any kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from clausebook.findings.pointers import escaped
from clausebook.language.fillings import Filling
from clausebook.language.reckoning import less, plain

ShapeData = Mapping[str, Any]
"""As `validate/shape.py` has it; {} where nothing is known."""

OPEN_SHAPE: ShapeData = {"o": True}
"""The shape of data that may hold anything."""


class Ledger(Protocol):
    """Where a template's placeholders, problems and questions are noted down."""

    def mint(self, piece: Filling) -> str:
        """Return the placeholder for a piece of text."""

    def problem(self, rule: str, message: str, *, hint: str = "", pointer: str = "", needle: str = "") -> None:
        """Note a problem at the template's current line."""

    def silent(self, pointer: str) -> None:
        """Note that a value was asked for which the data leave out."""


@dataclass(slots=True, eq=False)
class Node:
    """Anything that comes from the agreement's data, at `pointer`.

    No template can set a property, and nobody else does: to forbid it would double the time that it takes to make one.
    """

    ledger: Ledger
    pointer: str
    shape: ShapeData = field(default_factory=dict)

    def __html__(self) -> str:
        return str(self)

    def __format__(self, spec: str) -> str:
        return str(self)

    def __repr__(self) -> str:
        return str(self)

    def _unprinted(self, rule: str, message: str, hint: str) -> str:
        """Note why it cannot be printed."""
        self.ledger.problem(rule, message, hint=hint, pointer=self.pointer)
        return ""


@dataclass(slots=True, eq=False, repr=False)
class Value(Node):
    """A scalar. `raw` is compared and tested; `text` is what is printed, and only ever as a placeholder."""

    raw: str | int | bool = ""
    text: str = ""

    def __str__(self) -> str:
        if isinstance(self.raw, bool):
            message = f"`{self.pointer}` is true or false and cannot be printed"
            return self._unprinted("core/template-prints-flag", message, "test it with {% if … %} and print words")
        return self.ledger.mint(Filling("data", self.text, self.pointer))

    def said(self, text: str) -> Value:
        """Return the same value, printed in other words."""
        return Value(self.ledger, self.pointer, self.shape, self.raw, text)

    def __bool__(self) -> bool:
        return bool(self.raw)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Decimal):
            return bool(plain(self.raw) == other)
        return bool(self.raw == (other.raw if isinstance(other, Value) else other))

    def __hash__(self) -> int:
        return hash(self.raw)

    def __lt__(self, other: object) -> bool:
        return not isinstance(other, Absent) and less(self.raw, _comparable(other))

    def __gt__(self, other: object) -> bool:
        return not isinstance(other, Absent) and less(_comparable(other), self.raw)

    def __le__(self, other: object) -> bool:
        return not isinstance(other, Absent) and not self > other

    def __ge__(self, other: object) -> bool:
        return not isinstance(other, Absent) and not self < other


@dataclass(slots=True, eq=False, repr=False)
class Pieces(Node):
    """Values with library words between them, such as "a, b, and c"; each value keeps its own place."""

    parts: tuple[object, ...] = ()

    def __str__(self) -> str:
        return "".join(map(str, self.parts))

    def __bool__(self) -> bool:
        return bool(self.parts)


@dataclass(slots=True, eq=False, repr=False)
class Absent(Node):
    """Data that the agreement leaves out: false, empty, and not to be printed.

    One that the schema does not know has its problem already.
    """

    known: bool = True

    def asked(self) -> None:
        """Note that it was asked for; what the schema does not know is no silence, but a fault."""
        if self.known:
            self.ledger.silent(self.pointer)

    def __str__(self) -> str:
        if not self.known:
            return ""
        message = f"the contract needs `{self.pointer}`, which the agreement does not give"
        hint = "add it to the agreement, or choose another clause for the slot"
        return self._unprinted("core/value-missing", message, hint)

    def __bool__(self) -> bool:
        self.asked()
        return False

    def __iter__(self) -> Iterator[Node]:
        self.asked()
        return iter(())

    def __len__(self) -> int:
        self.asked()
        return 0

    def __eq__(self, other: object) -> bool:
        self.asked()
        return isinstance(other, Absent)

    def __hash__(self) -> int:
        return hash(self.pointer)

    def __lt__(self, other: object) -> bool:
        self.asked()
        return False

    __gt__ = __le__ = __ge__ = __lt__


@dataclass(slots=True, eq=False, repr=False)
class Record(Node):
    """A mapping of the data; its properties are reached by name and no other way."""

    data: Mapping[str, Any] = field(default_factory=dict)
    _known: dict[str, Node] = field(default_factory=dict)

    def __str__(self) -> str:
        message = f"`{self.pointer or '/'}` is a group of properties and cannot be printed"
        hint = "print one of its properties, or use a filter such as money"
        return self._unprinted("core/template-prints-structure", message, hint)

    def __bool__(self) -> bool:
        return bool(self.data)

    def prop(self, name: str) -> Node:
        """Return the property, absent if the schema knows it; note a problem if it does not."""
        known = self._known.get(name)
        if known is not None:
            return known
        pointer = f"{self.pointer}/{escaped(name)}"
        shape = property_shape(self.shape, name)
        if name in self.data:
            found = self._known[name] = wrap(self.data[name], pointer, shape or {}, self.ledger)
            return found
        if shape is None:
            self.ledger.problem(
                "core/template-unknown-property",
                f"the schema knows no property `{name}` at `{self.pointer or '/'}`",
                hint=f"known here: {', '.join(sorted(self.shape.get('p', {}))) or 'nothing'}",
                needle=name,
            )
            return Absent(self.ledger, pointer, OPEN_SHAPE, False)
        absent = self._known[name] = Absent(self.ledger, pointer, shape)
        return absent


@dataclass(slots=True, eq=False, repr=False)
class Items(Node):
    """A list of the data."""

    items: tuple[Node, ...] = ()

    def __str__(self) -> str:
        message = f"`{self.pointer}` is a list and cannot be printed"
        return self._unprinted("core/template-prints-structure", message, "loop over it, or use and_list")

    def __bool__(self) -> bool:
        return bool(self.items)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, wanted: object) -> bool:
        return any(item == wanted for item in self.items)


def wrap(data: object, pointer: str, shape: ShapeData, ledger: Ledger) -> Node:
    """Return plain data (from JSON) as templates may see it."""
    if isinstance(data, str):
        return Value(ledger, pointer, shape, data, collapse(data))
    if isinstance(data, dict):
        return Record(ledger, pointer, shape, data)
    if isinstance(data, list):
        inner = shape.get("i") or OPEN_SHAPE
        items = [wrap(item, f"{pointer}/{n}", inner, ledger) for n, item in enumerate(data)]
        return Items(ledger, pointer, shape, tuple(items))
    if isinstance(data, bool):
        return Value(ledger, pointer, shape, data, "")
    if isinstance(data, int):
        return Value(ledger, pointer, shape, data, str(data))
    return Value(ledger, pointer, shape, str(data), collapse(str(data)))


def collapse(text: str) -> str:
    """Return the text with each stretch of spaces, tabs and line breaks made one space."""
    if "  " not in text and text.isprintable():
        return text.strip(" ")
    return " ".join(word for word in text.replace("\t", " ").replace("\r", " ").replace("\n", " ").split(" ") if word)


def property_shape(shape: ShapeData, name: str) -> ShapeData | None:
    """Return what is known of a property, or None if there can be no such property."""
    known = shape.get("p", {})
    if name in known:
        return known[name]  # type: ignore[no-any-return]
    if shape.get("o") or (shape.get("x") and name.startswith("x-")):
        return OPEN_SHAPE
    return None


def _comparable(value: object) -> Any:
    if isinstance(value, Value):
        return value.raw
    if not isinstance(value, Node | str | int | Decimal | list | tuple):
        str(value)  # A name that nothing has says so; anything else is refused by whoever compares.
    return value
