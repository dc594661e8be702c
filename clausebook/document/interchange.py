"""Documents as JSON: what is attached to a PDF, and what a record of an executed agreement holds.

The JSON mirrors `model.py`, field by field: an object for each part, without the fields that have their
default value, and with `is` where several kinds of part may stand; the format's number tells the `form` of the
fingerprint. Reading it back gives the same Document, or an InterchangeError: what comes from outside is never
trusted to be whole.
"""

from __future__ import annotations

import json
import re
import sys
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from functools import cache, lru_cache
from sys import intern
from typing import Any

from clausebook.document import model
from clausebook.document.model import Document, ItemList, Paragraph, Table
from clausebook.formats.numbers import UnknownFormat, marked_number
from clausebook.formats.table import FORMATS

_BY_NUMBER = frozenset({"form"})
"""Fields that stand in no JSON: the format's number tells them."""

MOST_BYTES = 16 << 20
"""The longest JSON that is read."""

_KINDS: Mapping[str, type] = {"paragraph": Paragraph, "list": ItemList, "table": Table}
_PLAIN = (str, int)
_NAMES = {kind: name for name, kind in _KINDS.items()}


class InterchangeError(Exception):
    """The JSON is not that of a Document; the message says where and why.

    `hint` is "" unless a newer program may know it: then it says so.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(message)


def to_json(document: Document, *, indent: int | None = None) -> str:
    """Return the document as JSON, whatever it holds: give it the outgoing document if it is to leave the house."""
    form = FORMATS["document"]
    data = {"format": form.marked(form.number_of_form(document.form)), "document": part_to_plain(document)}
    separators = (",", ":") if indent is None else None
    return json.dumps(data, ensure_ascii=False, indent=indent, separators=separators)


@lru_cache(8)
def from_json(content: str | bytes) -> Document:
    """Return the Document of its JSON. Raise InterchangeError if it is none."""
    if len(content) > MOST_BYTES:
        raise InterchangeError(f"it is longer than {MOST_BYTES >> 20} MiB")
    data = parsed(content)
    number = number_in(data, "document")
    if set(data) != {"format", "document"}:
        raise InterchangeError("it holds more than a document")
    try:
        document: Document = _reader(Document)(data["document"], "")
    except RecursionError:
        raise InterchangeError("it is nested too deeply") from None
    return replace(document, form=FORMATS["document"].form(number))


def number_in(data: Any, name: str) -> int:
    """Return the number of a format that data are marked with. Raise InterchangeError if it is none that is known."""
    try:
        return marked_number(data, name)
    except UnknownFormat as error:
        raise InterchangeError(error.message, error.hint) from error


_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Half a character, as JSON can write it: without the other half no file can hold it."""


def parsed(content: str | bytes) -> Any:
    """Return the data of a JSON text from outside. Raise InterchangeError if it is none, or says anything twice."""
    try:
        data = json.loads(content, object_pairs_hook=_without_repetition)
        if _HALF.search(content if isinstance(content, str) else content.decode(json.detect_encoding(content))):
            json.dumps(data, ensure_ascii=False).encode()
        return data
    except RecursionError:
        raise InterchangeError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise InterchangeError("it holds half a character") from None
    except ValueError as error:
        raise InterchangeError(f"it is no JSON: {error}") from error


def part_to_plain(value: Any) -> Any:
    """Return a part of a Document (a clause, a block, a tuple of them …) as the plain data of its JSON."""
    if isinstance(value, tuple):
        return list(map(part_to_plain, value))
    kind: type = type(value)
    if not is_dataclass(kind):
        return value
    found: dict[str, Any] = {"is": _NAMES[kind]} if kind in _NAMES else {}
    for name, default in _defaults(kind):
        each = getattr(value, name)
        if each != default:
            found[name] = each if isinstance(each, _PLAIN) else part_to_plain(each)
    return found


def part_from_plain(kind: Any, data: Any, place: str = "") -> Any:
    """Return a part of that kind, `Clause` or `tuple[Block, ...]` say, from its plain data, which stand at `place`.

    Raise InterchangeError if the data is not of that kind.
    """
    return _reader(kind)(data, place)


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, _default(field)) for field in _fields(kind))


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _fields(kind: Any) -> list[Field[Any]]:
    return [field for field in fields(kind) if field.name not in _BY_NUMBER]


_Reader = Callable[[Any, str], Any]


@cache
def _reader(kind: Any) -> _Reader:
    """Return the function that reads data of a type: it takes the data, and the JSON pointer where it stands."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return _tuple(_reader(arguments[0]))
    if origin is typing.Literal:
        return _literal(arguments)
    if origin in (typing.Union, types.UnionType):
        present = [each for each in arguments if each is not type(None)]
        if len(present) < len(arguments):
            inner = _reader(present[0])
            return lambda data, place: None if data is None else inner(data, place)
        return _block
    if is_dataclass(kind) and isinstance(kind, type):
        return _part(kind)
    return _scalar(kind)


def _tuple(read: _Reader) -> _Reader:
    def reader(data: Any, place: str) -> Any:
        if not isinstance(data, list):
            raise InterchangeError(f"{place or '/'} is no list")
        return tuple(read(each, f"{place}/{index}") for index, each in enumerate(data))

    return reader


def _literal(allowed: tuple[Any, ...]) -> _Reader:
    def reader(data: Any, place: str) -> Any:
        if not isinstance(data, str) or data not in allowed:
            raise InterchangeError(f"{place} is none of {', '.join(map(str, allowed))}")
        return intern(data)

    return reader


def _scalar(kind: type) -> _Reader:
    def reader(data: Any, place: str) -> Any:
        if type(data) is not kind:
            raise InterchangeError(f"{place or '/'} is not of the right kind")
        # The same few names of clauses and places stand at almost every word.
        return intern(data) if isinstance(data, str) else data

    return reader


def _block(data: Any, place: str) -> Any:
    kind = data.get("is") if isinstance(data, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InterchangeError(f"{place} is none of {', '.join(_KINDS)}")
    return _reader(_KINDS[kind])(data, place)


def _part(kind: type) -> _Reader:
    hints = typing.get_type_hints(kind, {**vars(model), **vars(sys.modules[kind.__module__])})
    known: dict[str, tuple[_Reader | None, Any]] = {field.name: (None, _default(field)) for field in _fields(kind)}
    tag = _NAMES.get(kind)

    def reader(data: Any, place: str) -> Any:
        if not isinstance(data, dict):
            raise InterchangeError(f"{place or '/'} is no object")
        found: dict[str, Any] = {}
        for name, each in data.items():
            if name == "is" and each == tag:
                continue
            if name not in known:
                raise InterchangeError(f"{place}/{name} is unknown")
            read = known[name][0]
            if read is None:
                read = _reader(hints[name])
                known[name] = (read, known[name][1])
            found[name] = read(each, f"{place}/{name}")
        for name, (_, default) in known.items():
            if name not in found and default is MISSING:
                raise InterchangeError(f"{place}/{name} is missing")
        if kind is Table and {len(row) for row in (found["header"], *found["rows"])} != {len(found["alignments"])}:
            raise InterchangeError(f"{place} has rows of different lengths")
        return kind(**found)

    return reader


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise InterchangeError("an object holds one name twice")
    return data
