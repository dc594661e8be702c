"""What is asked of the template sandbox, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from clausebook.language.fillings import FIXED_OPEN, Filling, Fixed, Places, settled

MAX_TEXT = 1 << 18
"""The longest text that one clause may give, in characters, its values counted: some eighty pages."""

MAX_ALL = 1 << 20
"""The longest text that the clauses of one agreement may give together."""


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


@dataclass(frozen=True)
class Sheet:
    """What one template gave: Markdown with marks, what they stand for, and problems.

    `marked` has placeholders for the pieces that were `given` while it was rendered, and marks for the calls of its
    `template` (number of the language, source) that are `fixed`; `forms` are those of terms that it speaks of, with
    their keys. Of most sheets nobody wants more. `text` has placeholders alone, for all `pieces`.
    `taken` is how much of the room for text it took up.
    """

    marked: str
    given: tuple[Filling, ...] = ()
    problems: tuple[TemplateProblem, ...] = ()
    taken: int = 0
    unplaced: tuple[Silence, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    forms: Mapping[str, str] = field(default_factory=dict)
    template: tuple[int, str] = (0, "")

    def piece(self, mark: str) -> Filling:
        """Return what a mark of `marked` stands for."""
        number = int(mark[1:-1])
        return self._call(number) if mark[0] == FIXED_OPEN else self.given[number]

    @cached_property
    def _settled(self) -> tuple[str, tuple[Filling, ...], Places]:
        places = [(each.pointer, each.start, each.end) for each in self.unplaced]
        return settled(self.marked, self.given, self._call, places) if self.fixed else (self.marked, self.given, places)

    @property
    def text(self) -> str:
        """Markdown in which each placeholder has the number of its piece."""
        return self._settled[0]

    @property
    def pieces(self) -> tuple[Filling, ...]:
        """What the placeholders of the text stand for."""
        return self._settled[1]

    @property
    def silences(self) -> tuple[Silence, ...]:
        """What it asked for and the data leave out, with the places in the text."""
        return tuple(Silence(*each) for each in self._settled[2])

    def _call(self, number: int) -> Filling:
        call = self.fixed[number]
        return call.piece(self.forms.get(call.arguments[0], ""))


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
