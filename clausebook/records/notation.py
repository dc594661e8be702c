"""Records as YAML: written in one way only, and read as what anybody may have written."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

from clausebook.findings.characters import without_hidden
from clausebook.findings.model import Finding, SourceFile, has_errors
from clausebook.findings.pointers import pointer
from clausebook.formats.numbers import UnknownFormat, marked_number, unknown
from clausebook.formats.table import FIELD, FORMATS
from clausebook.load.editing import property_lines
from clausebook.load.yaml import load_yaml

Part = TypeVar("Part")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HINT = "a record is never edited: bring back what was committed, with git restore"


class _Wrong(Exception):
    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        self.path, self.message = path, message
        super().__init__(message)


def from_valid(kind: type[Part], told: Mapping[str, Any]) -> Part:
    """Return valid data as a data class, field by field; what it has no field for is left out."""
    return kind(**{each.name: told[each.name] for each in fields(kind) if each.name in told})  # type: ignore[arg-type]


def write(part: Any, form: str, comment: str, leave_out: tuple[str, ...] = ()) -> bytes:
    """Return a record as YAML; text is put on one line, without hidden characters."""
    lines = [f"# {comment}", f"{FIELD}: {form}"]
    for field in fields(part):
        if field.name not in leave_out:
            lines += property_lines(field.name, _written(getattr(part, field.name)), _DATE)
    return "".join(f"{line}\n" for line in lines).encode()


def read(
    kind: type[Part], content: bytes, path: str, name: str, given: Mapping[str, Any]
) -> tuple[Part | None, list[Finding]]:
    """Return a record, or None and why not; `name` is its format's.

    `given` are the fields that are told by where the record lies.
    """
    loaded = load_yaml(content, path, empty_text=True)
    if has_errors(loaded.findings) or not isinstance(loaded.value, dict):
        return None, list(loaded.findings)
    data = dict(loaded.value)
    at = SourceFile(path, loaded.positions.value)
    try:
        marked_number(data, name)
        del data[FIELD]
        for field in given:
            if field in data and data[field] != given[field]:
                raise _Wrong((field,), f"`{field}` is not {given[field]}, as the place of the file says")
        return _part(kind, {**data, **given}, ()), []
    except _Wrong as error:
        return None, [at.finding("core/record-damaged", error.message, pointer(error.path), _HINT)]
    except UnknownFormat as error:
        if error.newer:
            return None, [unknown(error, path, loaded.positions.value)]
        said = f"`{FIELD}` is not {FORMATS[name].mark}"
        return None, [at.finding("core/record-damaged", said, f"/{FIELD}", _HINT)]


def text_of(value: str) -> str:
    """Return the text as it is written into a record: on one line, without what cannot be seen."""
    return " ".join(without_hidden(value.encode("utf-8", "replace").decode()).split())


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(map(_written, value))
    if is_dataclass(value):
        return {field.name: _written(getattr(value, field.name)) for field in fields(value)}
    return text_of(value)


def _part(kind: Any, value: Any, path: tuple[str | int, ...]) -> Any:
    if typing.get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise _Wrong(path, f"{_named(path)} is no list")
        inner = typing.get_args(kind)[0]
        return tuple(_part(inner, each, (*path, index)) for index, each in enumerate(value))
    if typing.get_origin(kind) is typing.Literal:
        if value not in typing.get_args(kind):
            raise _Wrong(path, f"{_named(path)} is none of {', '.join(typing.get_args(kind))}")
        return value
    if isinstance(kind, type) and is_dataclass(kind):
        return _object(kind, value, path)
    if type(value) is not kind:
        raise _Wrong(path, f"{_named(path)} is no {'text' if kind is str else 'number'}")
    return value


def _object(kind: Any, value: Any, path: tuple[str | int, ...]) -> Any:
    if not isinstance(value, dict):
        raise _Wrong(path, f"{_named(path)} is not made of names and values")
    hints = _hints(kind)
    names = [field.name for field in fields(kind)]
    for name in value:
        if name not in names and not name.startswith("x-"):
            raise _Wrong((*path, name), f"{_named((*path, name))} is unknown")
    for field in fields(kind):
        if field.name not in value and field.default is MISSING:
            raise _Wrong(path, f"{_named((*path, field.name))} is missing")
    return kind(**{name: _part(hints[name], value[name], (*path, name)) for name in names if name in value})


@cache
def _hints(kind: Any) -> Mapping[str, type | types.GenericAlias]:
    return typing.get_type_hints(kind)


def _named(path: tuple[str | int, ...]) -> str:
    return f"`{pointer(path).removeprefix('/')}`"
