"""JSON pointers (RFC 6901), and places that stay.

A position in a list moves when an item is put in before it; what tells the items apart does not. So a finding can be
told again, in a later run or another revision, and a person reads `/parties/larkmoor/notice`, not `/parties/0/notice`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

MISSING: Any = object()
"""What stands where there is no value; there is nothing below it either."""

_FIRST = ("key", "id", "term", "name", "title", "party")
"""Names of properties that tell items apart, best first; any other text property may, too."""


def pointer(path: Iterable[str | int]) -> str:
    """Return the JSON pointer of a path."""
    return "".join(f"/{escaped(str(step))}" for step in path)


def parts(pointer: str) -> list[str]:
    """Return the steps of a JSON pointer."""
    return list(map(plain, pointer.split("/")[1:]))


def escaped(name: str) -> str:
    """Return a name as a step of a pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def plain(step: str) -> str:
    """Return the name that a step of a pointer stands for."""
    return step.replace("~1", "/").replace("~0", "~")


def child(value: Any, step: str | int) -> Any:
    """Return the property or the item that is one step below a value, MISSING if there is none."""
    if isinstance(value, Mapping):
        return value.get(step, MISSING)
    if isinstance(value, list) and str(step).isdecimal() and int(step) < len(value):
        return value[int(step)]
    return MISSING


def overlapping(pointer: str, other: str) -> bool:
    """Tell whether two pointers lead to the same value, or one to what lies inside the other's."""
    return pointer == other or pointer.startswith(f"{other}/") or other.startswith(f"{pointer}/")


def value_at(value: Any, pointer: str) -> Any:
    """Return the value at a JSON pointer into a value, MISSING if there is none."""
    return reduce(child, parts(pointer), value)


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in a value, at any depth."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_in(each)
    elif isinstance(value, str):
        yield value


def stable(pointer: str, data: Any) -> str:
    """Return a JSON pointer with each position in a list replaced by what tells that item from the others.

    A position stays where nothing does, and from the first name on that the data does not have.
    """
    tokens, value = [], data
    for token in pointer.split("/")[1:]:
        if isinstance(value, Sequence) and not isinstance(value, str) and token.isdecimal() and int(token) < len(value):
            tokens.append(_name(value, int(token)) or token)
            value = value[int(token)]
        else:
            tokens.append(token)
            value = value.get(plain(token)) if isinstance(value, Mapping) else None
    return "".join(f"/{token}" for token in tokens)


def _name(items: Sequence[Any], position: int) -> str:
    """Return the text that only this item has, escaped for a pointer; "" if there is none."""
    item = items[position]
    if isinstance(item, str):
        return escaped(item) if items.count(item) == 1 else ""
    if not isinstance(item, Mapping):
        return ""
    for name in dict.fromkeys((*_FIRST, *item)):
        said = item.get(name)
        if (
            isinstance(said, str)
            and said
            and sum(isinstance(each, Mapping) and each.get(name) == said for each in items) == 1
        ):
            return escaped(said)
    return ""
