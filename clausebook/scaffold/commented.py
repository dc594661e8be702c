"""Write data as YAML that explains itself: what each property means, and what silence decides."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clausebook.findings.pointers import pointer
from clausebook.load.editing import indented, scalar
from clausebook.rules.reading.placeholders import BLANK
from clausebook.scaffold.least import Path, inner_example, whole
from clausebook.validate.common import LIFECYCLE

WIDTH = 112
MOST_CHOICES = 12

_SILENCE = re.compile(r"\b(left out|leave (it )?out|default)\b", re.IGNORECASE)
"""How a description says what holds without the property; see schemas/README.md."""


def as_yaml(
    schema: Any, references: Mapping[str, Any], data: Mapping[str, Any], notes: Mapping[str, Sequence[str]]
) -> str:
    """Return the data as YAML with a comment on each property, from its schema.

    `notes` are sentences to add, by the pointer of the property that they are about.
    """
    lines = _Writer(references, notes).mapping(schema, data, None, ())
    # The sections, and what may be added at the end, stand apart from one another.
    text = re.sub(r"\n((?:#[^\n]*\n)*[^\s#:]+:\n)", r"\n\n\1", "\n".join(("", *lines)))
    return re.sub(r"\n(# \+ [^\n]*(?:\n#[^\n]*)*)\Z", r"\n\n\1", text).lstrip("\n") + "\n"


class _Writer:
    def __init__(self, references: Mapping[str, Any], notes: Mapping[str, Sequence[str]]) -> None:
        self._references = references
        self._notes = notes

    def mapping(
        self, schema: Any, value: Mapping[str, Any], example: Any, path: Path, *, told: bool = False
    ) -> list[str]:
        """Return the lines of a mapping; with `told`, without the comments that an item before it has already."""
        part = whole(schema, self._references)
        properties = part.get("properties", {})
        lines: list[str] = []
        for name, each in value.items():
            inner, place = whole(properties.get(name), self._references), (*path, name)
            shown = inner_example(part, example, name)
            if not told:
                lines += _comment(*self._said(inner, each, shown, place))
            lines += self._property(name, inner, each, shown, place, told=told)
        return lines if told else [*lines, *self._silent(properties, value, path)]

    def _property(self, name: str, part: Any, value: Any, example: Any, path: Path, *, told: bool) -> list[str]:
        key = scalar(name)
        if isinstance(value, dict):
            head = f"{key}:" if value else f"{key}: {{}}  # to write below it, delete the {{}}"
            return [head, *indented(self.mapping(part, value, example, path, told=told))]
        if not isinstance(value, list) or not value:
            return [f"{key}: {scalar(value)}"]
        lines = [f"{key}:"]
        for index, each in enumerate(value):
            lines += indented(self._item(part, each, example, (*path, index), told=told or index > 0))
        return lines

    def _item(self, part: Any, value: Any, example: Any, path: Path, *, told: bool) -> list[str]:
        if not isinstance(value, dict):
            return [f"- {scalar(value)}"]
        lines = self.mapping(part.get("items", {}), value, inner_example(part, example, path[-1]), path, told=told)
        first = next((index for index, line in enumerate(lines) if not line.startswith("#")), 0)
        return [*lines[:first], f"- {lines[first]}", *indented(lines[first + 1 :])]

    def _said(self, part: Mapping[str, Any], value: Any, example: Any, path: Path) -> Iterator[str]:
        if description := part.get("description"):
            yield str(description)
        choices = part.get("enum", ())
        if 1 < len(choices) <= MOST_CHOICES:
            yield f"One of: {', '.join(map(str, choices))}."
        if isinstance(value, list) and value and isinstance(example, list) and example:
            value, example = value[0], example[0]
        if isinstance(value, str) and BLANK.search(value) and isinstance(example, str):
            yield f"Such as: {example}"
        yield from self._notes.get(pointer(path), ())

    def _silent(self, properties: Mapping[str, Any], value: Mapping[str, Any], path: Path) -> Iterator[str]:
        """Yield what may be added: with what holds without it where that is known, else by its name alone."""
        rest = []
        for name in properties:
            if name in value or (not path and name == LIFECYCLE):
                continue
            part = whole(properties[name], self._references)
            said = [str(part["description"])] if "description" in part else []
            if "default" in part:
                said.append(f"Left out: {scalar(part['default'])}.")
            place = pointer((*path, name))
            inside = (where for where in self._notes if f"{where}/".startswith(f"{place}/"))
            notes = [note for where in inside for note in self._notes[where]]
            if notes or not path or _SILENCE.search(" ".join(said)):
                yield from _comment(f"+ {name}:", *said, *dict.fromkeys(notes))
            else:
                rest.append(name)
        if rest:
            yield from _comment(f"+ {', '.join(rest)}")


def _comment(*said: str) -> list[str]:
    # The indentation is not known here: leave room for it.
    text = " ".join(" ".join(said).split())
    return textwrap.wrap(
        text, WIDTH - 8, initial_indent="# ", subsequent_indent="#   ", break_long_words=False, break_on_hyphens=False
    )
