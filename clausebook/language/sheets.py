"""What is asked of the template sandbox, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

MAX_TEXT = 1 << 18
"""The longest text that one clause may give, in characters, its values counted: some eighty pages."""

MAX_ALL = 1 << 20
"""The longest text that the clauses of one agreement may give together."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What a placeholder stands for.

    kind "data": `text` at `pointer`; it stands for the term `target`, if that is given. "term": `text`, with the key
    of the entry as `target`; "definition": the same where the words around it define it.
    "reference": to `target`, and `label` in it, from template line `line`; `text` is "" or "number", and "first" or
    "last" of several. "label": named `target`; `text` is the sign of the item of a sentence that it marks, or "".
    Of rules, "fault": what follows is said of the value at `pointer`, and "watched" behind it are
    all values that it rests on; "more": there would be more than is told.
    """

    kind: str
    text: str = ""
    pointer: str = ""
    target: str = ""
    label: str = ""
    line: str = "0"


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """A problem at a line and column of a template's source; both count from 1."""

    rule: str
    message: str
    hint: str = ""
    pointer: str = ""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Silence:
    """A value that a template asked for and the data leave out, and which part of its text was said for that reason."""

    pointer: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one template gave: Markdown with placeholders, what they stand for, and problems.

    `taken` is how much of the room for text it took up.
    """

    text: str
    pieces: tuple[Filling, ...] = ()
    problems: tuple[TemplateProblem, ...] = ()
    taken: int = 0
    silences: tuple[Silence, ...] = ()

    @property
    def terms(self) -> dict[str, None]:
        """The keys of the terms that it uses, in order."""
        told = (piece.target for piece in self.pieces if piece.kind in ("term", "definition", "data"))
        return dict.fromkeys(filter(None, told))


@dataclass(frozen=True, slots=True)
class TemplateJob:
    """A template to render: `name` is unique in the request, `item` a JSON pointer for `this`, or "".

    `dialect` is the number of the clause language in which it is written; `short` is how it was written before its
    terms and references were written out, or "": there a person looks for what is wrong.
    """

    name: str
    source: str
    item: str = ""
    dialect: int = 1
    short: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry. `definition` is a template, or None if the definition is data."""

    key: str
    forms: tuple[str, ...]
    definition: TemplateJob | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """The agreement that templates speak of. `shape` is that of its data, known by `shape_id`."""

    data: Mapping[str, Any]
    language: str
    shape: Mapping[str, Any]
    shape_id: str
    _digests: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)

    def digest(self, name: str) -> bytes:
        """Return a hash of the data under a name; b"" if there is none. The data must not change any more."""
        known = self._digests.get(name)
        if known is None:
            there = name in self.data
            known = sha256(json.dumps(self.data[name]).encode()).digest() if there else b""
            self._digests[name] = known
        return known


@dataclass(frozen=True, slots=True)
class Setting:
    """What clauses speak of beside the data: the key of each form of a term, and which places there are."""

    forms: Mapping[str, str]
    present: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rendering:
    """The sheets by template name (definitions under "term:<key>") and the terms used, in order."""

    sheets: Mapping[str, Sheet]
    terms: tuple[str, ...]
