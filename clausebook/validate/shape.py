"""Shapes: which properties the schemas know, so that a template can tell an absent one from a misspelt one.

A shape is what a value can hold, the union of all the forms that its schema allows, as plain data: `p`, the known
properties of a group with their shapes; `i`, the shape of a list's items; `l`, the words for enumerated values; `x`,
properties that begin with x- are allowed; `o`, any are; `e`, the place of the value that it must equal. What says
nothing is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_DEPTH = 40

Shape = dict[str, Any]


def schema_shape(root: Any, references: Mapping[str, Any]) -> Shape:
    """Return the shape of the data that a schema describes, with all that its references lead to.

    A shape inside itself is open.
    """
    return _Shapes(references).of(root, ())


@dataclass(slots=True)
class _Facts:
    """What is gathered from one schema and all that it is joined with."""

    properties: dict[str, list[Any]] = field(default_factory=dict)
    items: list[Any] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    extension: bool = False
    closed: bool = False
    any_group: bool = True
    cut: bool = False
    references: list[str] = field(default_factory=list)
    equals: str = ""


class _Shapes:
    def __init__(self, references: Mapping[str, Any]) -> None:
        self._references = references
        self._done: dict[str, Shape] = {}

    def of(self, schema: Any, above: tuple[str, ...]) -> Shape:
        """Return the shape of a schema; `above` are the references that led to it."""
        only = schema.get("$ref") if isinstance(schema, dict) else None
        if only in self._done and not _adds_shape(schema):
            return self._done[only]
        facts = _Facts()
        self._gather(schema, facts, above)
        if facts.cut:
            return {"o": True}
        within = (*above, *facts.references)
        shape = {
            "p": {name: self._joined(parts, within) for name, parts in facts.properties.items()},
            "i": self._joined(facts.items, within) if facts.items else None,
            "l": facts.labels,
            "x": facts.extension,
            "o": facts.any_group and not facts.closed,
            "e": facts.equals,
        }
        # An empty group of items is a shape, too.
        shape = {name: each for name, each in shape.items() if each or (name == "i" and each is not None)}
        if only is not None and not _adds_shape(schema):
            self._done[only] = shape
        return shape

    def _joined(self, parts: list[Any], within: tuple[str, ...]) -> Shape:
        return self.of(parts[0] if len(parts) == 1 else {"allOf": parts}, within)

    def _gather(self, schema: Any, facts: _Facts, above: tuple[str, ...]) -> None:
        if not isinstance(schema, dict):
            return
        reference = schema.get("$ref")
        if reference is not None:
            if reference in above or len(above) >= MAX_DEPTH:
                facts.cut = True
                return
            if reference not in facts.references:
                facts.references.append(reference)
                self._gather(self._references.get(reference, True), facts, (*above, reference))
        types = schema.get("type")
        # One name or several: no other type's name holds this one.
        if types is not None and "object" not in types:
            facts.any_group = False
        facts.closed = facts.closed or schema.get("additionalProperties") is False
        facts.extension = facts.extension or "^x-" in schema.get("patternProperties", {})
        facts.equals = facts.equals or schema.get("x-equals", "")
        facts.labels.update(schema.get("x-labels", {}))
        for name, part in schema.get("properties", {}).items():
            facts.properties.setdefault(name, []).append(part)
        if "items" in schema:
            facts.items.append(schema["items"])
        if isinstance(schema.get("additionalProperties"), dict):
            facts.any_group = True
        for keyword in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(keyword, ()):
                self._gather(part, facts, above)
        for keyword in ("if", "then", "else"):
            self._gather(schema.get(keyword), facts, above)


def _adds_shape(schema: Mapping[str, Any]) -> bool:
    """Tell whether a schema says more of the shape than the reference in it."""
    return not schema.keys() <= {"$ref", "title", "description", "examples", "default", "x-message"}
