"""Words in the data that no clause shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clausebook.document.walk import data_pointers
from clausebook.findings.characters import one_line
from clausebook.findings.model import Finding
from clausebook.findings.pointers import escaped
from clausebook.rules.reading.finished import FinishedText

_NOT_FOR_CLAUSES = ("approvals", "clauses", "glossary", "lifecycle", "names", "schedules", "title")
"""What the program itself reads or prints, in every type."""

_LEAST = 3
"""Words of a value that is no code or name by which clauses decide."""


def unshown_values(text: FinishedText) -> Iterator[Finding]:
    """Yield each text of several words that stands in the data and nowhere in the contract.

    What its schema marks as internal is not meant for it, nor is what has a name that begins with `x-`.
    """
    shown = {pointer for part in text.document.parts() for pointer in data_pointers(part)}
    for name, value in text.inputs.deal.data.items():
        if name in _NOT_FOR_CLAUSES or name.startswith("x-"):
            continue
        for pointer, words in _texts(value, f"/{escaped(name)}"):
            if pointer not in shown and not text.internal(pointer):
                said = f"no clause of this agreement shows “{one_line(words, 60)}”"
                hint = "choose a clause that says it, or take it out if it is not to hold"
                yield text.inputs.deal.finding("core/value-unshown", said, pointer, hint)


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if value.count(" ") >= _LEAST - 1 and len(value.split()) >= _LEAST:
            yield pointer, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if not name.startswith("x-"):
                yield from _texts(each, f"{pointer}/{escaped(name)}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, f"{pointer}/{index}")
