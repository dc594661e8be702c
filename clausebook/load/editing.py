"""Change a few lines of a YAML file and leave every other byte as it is: comments, order, quotes, line ends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from clausebook.findings.model import RepositoryError
from clausebook.load.positions import Positions, index_at
from clausebook.load.yaml import load_yaml

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_DASH = re.compile(r" *-")
_NO_VALUE = re.compile(r"[ \t]*(#.*)?[\r\n]*")
WORDS = re.compile(r"[A-Za-z][\w’'.-]*( [^\s#:,\[\]{}\"'|>&*!%@`][^\s#:]*)*")
"""Text that is written without quotation marks, as people do, if it is read as itself."""

NAMES = re.compile("[a-z][a-z0-9-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""The same of what the program keeps up to date: names and dates."""

PLAIN = re.compile(f"(?:{WORDS.pattern}|{NAMES.pattern})")
"""Both: what the program adds to a file that people write."""

QUOTED = re.compile("(?!)")


@lru_cache(maxsize=4096)
def _reads_as_itself(text: str) -> bool:
    return load_yaml(f"a: {text}\n".encode(), "").value == {"a": text}


def scalar(value: Any, plain: re.Pattern[str] = WORDS) -> str:
    """Return a value on one line of YAML; text is quoted unless it matches `plain` and is read as itself."""
    if isinstance(value, str) and plain.fullmatch(value) and _reads_as_itself(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def property_lines(name: str, value: Any, plain: re.Pattern[str]) -> list[str]:
    """Return a property as lines of YAML; for `plain` see `scalar`."""
    if isinstance(value, Mapping) and value:
        return [f"{name}:", *indented(line for key, each in value.items() for line in property_lines(key, each, plain))]
    if isinstance(value, list | tuple) and value:
        return [f"{name}:", *indented(line for each in value for line in item_lines(each, plain))]
    return [f"{name}: {scalar(value, plain)}"]


def item_lines(value: Any, plain: re.Pattern[str]) -> list[str]:
    """Return an item of a list as lines of YAML; for `plain` see `scalar`."""
    if not isinstance(value, Mapping):
        return [f"- {scalar(value, plain)}"]
    first, *rest = (line for key, each in value.items() for line in property_lines(key, each, plain))
    return [f"- {first}", *indented(rest)]


def indented(lines: Iterable[str]) -> list[str]:
    """Return lines of YAML one level deeper."""
    return [f"  {line}" for line in lines]


def with_scalar(content: bytes, name: str, value: str, path: str) -> bytes:
    """Return a file with another text in place of that of a property of the whole.

    Raises RepositoryError if the old text is not written in a way that can be replaced.
    """
    data, positions = _loaded(content, path)
    old = data.get(name)
    start = index_at(content, *positions.value((name,))) if isinstance(old, str | int) else len(content)
    for sign in quotes_at(content, start, str(old)):
        rest = content[start:].removeprefix(f"{sign}{old}{sign}".encode())
        changed = content[:start] + scalar(value).encode() + rest
        if load_yaml(changed, path).value == {**data, name: value}:
            return changed
    raise RepositoryError(f"the {name} in `{path}` cannot be replaced", f"write it plainly: {name}: {old}")


def quotes_at(content: bytes, start: int, text: str) -> Iterator[str]:
    """Yield the sign in which a text is quoted at a place, "" for none; nothing if it does not stand there."""
    for sign in ("", '"', "'"):
        if content.startswith(f"{sign}{text}{sign}".encode(), start):
            yield sign


def without(content: bytes, name: str, path: str) -> bytes:
    """Return a file without a property of the whole, and without the comment that stands right above it."""
    return taken(content, name, path)[0]


def taken(content: bytes, name: str, path: str) -> tuple[bytes, str]:
    """Return a file without a property of the whole, and what was taken out: its lines, and the comment above them."""
    data, positions = _loaded(content, path)
    if name not in data:
        return content, ""
    lines = _lines(content)
    start, end = _block(lines, positions, (), data, name)
    while start and lines[start - 1].startswith("#"):
        start -= 1
    out = "".join(lines[start:end])
    while end < len(lines) and not lines[end].strip():
        end += 1
    kept = lines[:start] + lines[end:]
    while end == len(lines) and kept and not kept[-1].strip():
        kept.pop()
    rest = {key: value for key, value in data.items() if key != name}
    return _proven("".join(kept), rest, path, f"write `{name}` on lines of its own"), out


def with_entry(content: bytes, group: str, name: str, entry: Mapping[str, str], path: str) -> bytes:
    """Return a file with an entry in a group of the whole, added or in place of the old one."""
    data, positions, lines, ending = _opened(content, path)
    inner: dict[str, Any] = data.get(group) or {}
    indent = "  "
    if group not in data:
        lines += [ending, f"{group}:{ending}"]
        start = end = len(lines)
    else:
        row = positions.key((group,))[0] - 1
        if not inner or not _NO_VALUE.fullmatch(lines[row].partition(":")[2]):
            raise RepositoryError(
                f"`{group}` in `{path}` is not written on lines of its own", f"write each entry of `{group}` on a line"
            )
        column = positions.key((group, next(iter(inner))))[1] - 1
        indent = " " * column
        start, end = _block(lines, positions, (group,), inner, name if name in inner else list(inner)[-1])
        start = start if name in inner else end
    added = [f"{indent}{line}{ending}" for line in property_lines(name, entry, WORDS)]
    changed = "".join((*lines[:start], *added, *lines[end:]))
    wanted = {**data, group: {**inner, name: dict(entry)}}
    return _proven(changed, wanted, path, f"write each entry of `{group}` on a line")


def with_property(content: bytes, name: str, value: Any, path: str, hint: str, plain: re.Pattern[str] = NAMES) -> bytes:
    """Return a file with another value of a property of the whole, or with it at the end.

    Raises RepositoryError, with the hint, if the old value is not written in a way that can be replaced.
    """
    data, positions, lines, ending = _opened(content, path)
    while name not in data and lines and not lines[-1].strip():
        lines.pop()
    start = end = len(lines)
    if name in data:
        start, end = _block(lines, positions, (), data, name)
        while end > start + 1 and lines[end - 1].lstrip()[:1] in ("", "#"):
            end -= 1
    added = [f"{line}{ending}" for line in property_lines(name, value, plain)]
    return _proven("".join((*lines[:start], *added, *lines[end:])), {**data, name: value}, path, hint)


def with_item(content: bytes, name: str, item: Any, path: str, hint: str, index: int | None = None) -> bytes:
    """Return a file with another item at the end of a list of the whole, or in place of the one that is there.

    Comments stay, but for those inside an item that is replaced. Raises RepositoryError as `with_property` does.
    """
    data, positions, lines, ending = _opened(content, path)
    known = list(data.get(name) or ())
    at = len(known) if index is None else index
    wanted = [*known[:at], item, *known[at + 1 :]]
    starts = [positions.value((name, each))[0] - 1 for each in range(len(known))]
    dashes = {_DASH.match(lines[start]) for start in starts}
    if known and None not in dashes and len(set(starts)) == len(starts):
        end = _block(lines, positions, (), data, name)[1]
        start, end = (starts[at], [*starts, end][at + 1]) if at < len(known) else (end, end)
        while end > start + 1 and lines[end - 1].lstrip()[:1] in ("", "#"):
            end -= 1
        while end == start > starts[-1] + 1 and lines[start - 1].lstrip()[:1] in ("", "#"):
            start = end = start - 1
        indent = next(found[0][:-1] for found in dashes if found)
        added = [f"{indent}{line}{ending}" for line in item_lines(item, PLAIN)]
        with suppress(RepositoryError):
            return _proven("".join((*lines[:start], *added, *lines[end:])), {**data, name: wanted}, path, hint)
    return with_property(content, name, wanted, path, hint, PLAIN)


def _opened(content: bytes, path: str) -> tuple[dict[str, Any], Positions, list[str], str]:
    """Return a file's data, their positions, its lines, and how a line of it ends."""
    lines = _lines(content)
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += ending
    return *_loaded(content, path), lines, ending


def _loaded(content: bytes, path: str) -> tuple[dict[str, Any], Positions]:
    loaded = load_yaml(content, path)
    return loaded.value if isinstance(loaded.value, dict) else {}, loaded.positions


def _lines(content: bytes) -> list[str]:
    return _LINE.findall(content.decode())


def _block(
    lines: Sequence[str], positions: Positions, group: tuple[str, ...], siblings: Mapping[str, Any], name: str
) -> tuple[int, int]:
    """Return from which line to which, counted from 0, a property stands; comments before the next belong to that."""
    line, column = positions.key((*group, name))
    start, indent = line - 1, column - 1
    ends = [positions.key((*group, other))[0] - 1 for other in siblings]
    if group:
        ends += [_block(lines, positions, (), {**dict.fromkeys(_names(positions))}, group[0])[1]]
    end = min((each for each in ends if each > start), default=len(lines))
    while end > start + 1 and _is_apart(lines[end - 1], indent):
        end -= 1
    return start, end


def _names(positions: Positions) -> list[str]:
    children = positions.root.children
    return list(children) if isinstance(children, dict) else []


def _is_apart(line: str, indent: int) -> bool:
    """Tell whether a line after a property is no part of it: empty, or a comment that is no deeper."""
    text = line.lstrip()
    return not text.strip() or (text.startswith("#") and len(line) - len(text) <= indent)


def _proven(text: str, wanted: Mapping[str, Any], path: str, hint: str) -> bytes:
    changed = text.encode()
    if (load_yaml(changed, path).value or {}) != wanted:
        raise RepositoryError(f"`{path}` is not written in a way that can be changed", hint)
    return changed
