"""Move what became of an agreement since its execution, which stood in its file as `lifecycle`, to its journal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from clausebook.load.editing import NAMES, property_lines, taken
from clausebook.load.yaml import load_yaml
from clausebook.validate.common import LIFECYCLE
from clausebook.validate.repository_files import editor_line

_OPENS = re.compile(rf"^{LIFECYCLE}:[ \t]*(#.*)?\n", re.MULTILINE)
_FIRST = re.compile(r"^( *)[^\s#]", re.MULTILINE)


def life_moved(content: bytes, path: str, journal: bytes, journal_path: str) -> tuple[bytes, bytes]:
    """Return an agreement's file without what became of it, and its journal with that; `journal` is b"" without one.

    What the journal tells already is left out: it tells the same. Comments are kept on both sides. Raises
    RepositoryError if the file is not written in a way that can be changed.
    """
    rest, out = taken(content, LIFECYCLE, path)
    life: Mapping[str, Any] = _data(content, path)[LIFECYCLE]
    known = _data(journal, journal_path)
    lines = [line for name in life if name not in known for line in property_lines(name, life[name], NAMES)]
    head = journal.decode() if journal else f"{editor_line(journal_path, 'journal')}\n\n"
    head = head if head.endswith("\n") else f"{head}\n"
    ending = "\r\n" if "\r\n" in head else "\n"
    for text in (_inside(out.replace("\r\n", "\n")), "\n".join(lines)):
        made = (head + f"{text.rstrip()}\n".replace("\n", ending)).encode()
        if _data(made, journal_path) == {**known, **life}:
            return rest, made
    raise AssertionError("what is written from data is read as the same data")


def _inside(text: str) -> str:
    """Return the lines that stand in a property, with all comments; "" if they are not lines of their own."""
    found = _OPENS.search(text)
    first = found and _FIRST.search(text, found.end())
    if not found or not first:
        return ""
    above = text[: found.start()] + (f"{found[1]}\n" if found[1] else "")
    return above + re.sub(rf"^ {{0,{len(first[1])}}}", "", text[found.end() :], flags=re.MULTILINE)


def _data(content: bytes, path: str) -> Mapping[str, Any]:
    value = load_yaml(content, path).value if content else None
    return value if isinstance(value, dict) else {}
