"""Shapes: which properties the schemas know, so that a template can tell an absent one from a misspelt one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value can hold: the union of all the forms that its schema allows.

    `properties` are the known ones of a group, `items` is the shape of a list's items, `labels` are the
    words for enumerated values. `extension`: properties that begin with x- are allowed; `open`: any are.
    """

    properties: Mapping[str, Shape] = field(default_factory=dict)
    items: Shape | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    extension: bool = False
    open: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the shape as plain data: p(roperties), i(tems), l(abels), x(tension), o(pen), where not empty."""
        plain: dict[str, Any] = {}
        if self.properties:
            plain["p"] = {name: shape.to_json() for name, shape in self.properties.items()}
        if self.items is not None:
            plain["i"] = self.items.to_json()
        if self.labels:
            plain["l"] = dict(self.labels)
        if self.extension:
            plain["x"] = True
        if self.open:
            plain["o"] = True
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Shape:
        """Return the shape that `to_json` turned into plain data."""
        return cls(
            properties={name: cls.from_json(shape) for name, shape in plain.get("p", {}).items()},
            items=cls.from_json(plain["i"]) if "i" in plain else None,
            labels=dict(plain.get("l", {})),
            extension=bool(plain.get("x")),
            open=bool(plain.get("o")),
        )


class Described(Protocol):
    """Schemas: the one that describes the whole, and all that references in them lead to."""

    @property
    def root(self) -> Any:
        """Return the schema of the whole."""

    @property
    def references(self) -> Mapping[str, Any]:
        """Return what each reference leads to."""


def schema_shape(schemas: Described) -> Shape:
    """Return the shape of the data that the schemas describe; a shape inside itself is open."""
    return _Shapes(schemas.references).of(schemas.root, ())


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
            return Shape(open=True)
        within = (*above, *facts.references)
        shape = Shape(
            properties={
                name: self.of(parts[0] if len(parts) == 1 else {"allOf": parts}, within)
                for name, parts in facts.properties.items()
            },
            items=self.of(facts.items[0] if len(facts.items) == 1 else {"allOf": facts.items}, within)
            if facts.items
            else None,
            labels=facts.labels,
            extension=facts.extension,
            open=facts.any_group and not facts.closed,
        )
        if only is not None and not _adds_shape(schema):
            self._done[only] = shape
        return shape

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
        if types is not None and "object" not in ([types] if isinstance(types, str) else types):
            facts.any_group = False
        facts.closed = facts.closed or schema.get("additionalProperties") is False
        facts.extension = facts.extension or "^x-" in schema.get("patternProperties", {})
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
