"""Shapes: what a template may ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from clausebook.repository.tree import DiskTree
from clausebook.validate.schemas import load_schemas
from clausebook.validate.shape import Shape, schema_shape
from tests.support.repositories import PARTNERSHIP


def shape_of(tmp_path: Path, **files: Any) -> Shape:
    folder = tmp_path / "schemas"
    folder.mkdir()
    for name, schema in files.items():
        (folder / f"{name}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    schemas = load_schemas(DiskTree(tmp_path), "schemas", "root.schema.json")
    assert schemas.findings == ()
    return schema_shape(schemas)


def knows(shape: Shape, name: str) -> bool:
    return shape.open or name in shape.properties or (shape.extension and name.startswith("x-"))


def test_properties_items_and_labels(tmp_path: Path) -> None:
    shape = shape_of(
        tmp_path,
        root={
            "type": "object",
            "properties": {
                "steps": {"type": "array", "items": {"$ref": "part.schema.json#/$defs/step"}},
                "name": {"type": "string"},
                "any": {},
            },
            "patternProperties": {"^x-": {}},
            "additionalProperties": False,
        },
        part={"$defs": {"step": {"properties": {"kind": {"enum": ["a"], "x-labels": {"a": "the A"}}}}}},
    )
    assert list(shape.properties) == ["steps", "name", "any"]
    assert (shape.extension, shape.open) == (True, False)
    assert knows(shape, "name")
    assert knows(shape, "x-own")
    assert not knows(shape, "nmae")
    step = shape.properties["steps"].items
    assert step is not None
    assert step.properties["kind"].labels == {"a": "the A"}
    assert step.open
    assert not knows(shape.properties["name"], "first")
    assert knows(shape.properties["any"], "whatever")


def test_choices_and_conditions_are_joined(tmp_path: Path) -> None:
    shape = shape_of(
        tmp_path,
        root={
            "type": "object",
            "additionalProperties": False,
            "properties": {"a": {"properties": {"p": {"type": "string"}}}},
            "oneOf": [{"properties": {"b": True}}, {"required": ["a"]}],
            "anyOf": [{"properties": {"c": {"items": {"properties": {"d": {}}}}}}],
            "allOf": [{"properties": {"a": {"properties": {"q": {"type": "string"}}}}}],
            "if": {"properties": {"e": {}}},
            "then": {"properties": {"f": {}}},
            "else": {"properties": {"g": {}}},
        },
    )
    assert sorted(shape.properties) == ["a", "b", "c", "e", "f", "g"]
    assert sorted(shape.properties["a"].properties) == ["p", "q"]
    items = shape.properties["c"].items
    assert items is not None
    assert list(items.properties) == ["d"]


def test_a_reference_beside_other_keywords_is_joined_with_them(tmp_path: Path) -> None:
    shape = shape_of(
        tmp_path,
        root={
            "properties": {
                "a": {"$ref": "#/$defs/d", "title": "A"},
                "b": {"$ref": "#/$defs/d", "properties": {"more": {}}},
            },
            "$defs": {"d": {"properties": {"one": {}}, "additionalProperties": False}},
        },
    )
    assert list(shape.properties["a"].properties) == ["one"]
    assert list(shape.properties["b"].properties) == ["one", "more"]


def test_a_shape_inside_itself_ends(tmp_path: Path) -> None:
    shape = shape_of(
        tmp_path,
        root={
            "properties": {"a": {"$ref": "#/$defs/n"}, "self": {"$ref": "#"}},
            "additionalProperties": False,
            "$defs": {
                "n": {
                    "properties": {"left": {"$ref": "#/$defs/n"}, "right": {"$ref": "#/$defs/n"}, "v": {}},
                    "items": {"$ref": "#/$defs/n"},
                },
                "loop": {"$ref": "#/$defs/loop"},
            },
        },
    )
    assert shape.properties["a"].properties["left"].open
    assert shape.properties["self"].properties["self"].open
    assert len(json.dumps(shape.to_json())) < 5000


def test_there_and_back_again() -> None:
    for folder in ("schemas/partnership",):
        shape = schema_shape(load_schemas(DiskTree(PARTNERSHIP), folder, "agreement.schema.json"))
        plain = shape.to_json()
        assert Shape.from_json(json.loads(json.dumps(plain))) == shape
        assert knows(shape, "parties")
        assert not shape.open
