"""Shapes: what a template may ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

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
    return schema_shape(schemas.root, schemas.references)


def knows(shape: Shape, name: str) -> bool:
    return "o" in shape or name in shape.get("p", {}) or ("x" in shape and name.startswith("x-"))


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
    assert list(shape["p"]) == ["steps", "name", "any"]
    assert ("x" in shape, "o" in shape) == (True, False)
    assert knows(shape, "name")
    assert knows(shape, "x-own")
    assert not knows(shape, "nmae")
    step = shape["p"]["steps"]["i"]
    assert step["p"]["kind"]["l"] == {"a": "the A"}
    assert step["o"]
    assert not knows(shape["p"]["name"], "first")
    assert knows(shape["p"]["any"], "whatever")


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
    assert sorted(shape["p"]) == ["a", "b", "c", "e", "f", "g"]
    assert sorted(shape["p"]["a"]["p"]) == ["p", "q"]
    assert list(shape["p"]["c"]["i"]["p"]) == ["d"]


def test_a_reference_beside_other_keywords_is_joined_with_them(tmp_path: Path) -> None:
    shape = shape_of(
        tmp_path,
        root={
            "properties": {
                "a": {"$ref": "#/$defs/d", "title": "A"},
                "b": {"$ref": "#/$defs/d", "properties": {"more": {}}},
                "c": {"$ref": "#/$defs/d"},
                "d": {"$ref": "#/$defs/d", "properties": {"else": {}}},
            },
            "$defs": {"d": {"properties": {"one": {}}, "additionalProperties": False}},
        },
    )
    assert {name: list(part["p"]) for name, part in shape["p"].items()} == {
        "a": ["one"],
        "b": ["one", "more"],
        "c": ["one"],
        "d": ["one", "else"],
    }


def test_parts_that_lead_to_each_other_in_many_ways_are_read_once() -> None:
    said = dict.fromkeys(("title", "description", "examples", "default", "x-message"), "of no shape")
    references: dict[str, Any] = {
        str(number): {"properties": {side: {"$ref": str(number + 1), **said} for side in ("left", "right")}}
        for number in range(30)
    }
    shape = schema_shape({"$ref": "0"}, {**references, "30": {"type": "string"}})
    depth = 0
    while "p" in shape:
        shape, depth = shape["p"]["right"], depth + 1
    assert depth == 30


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        (True, {"o": True}),
        ({}, {"o": True}),
        ({"type": "object"}, {"o": True}),
        ({"type": ["object", "null"]}, {"o": True}),
        ({"type": "string"}, {}),
        ({"type": ["string", "null"]}, {}),
        ({"type": "array", "items": {"type": "string"}}, {"i": {}}),
        ({"type": "string", "additionalProperties": {"type": "string"}}, {"o": True}),
        ({"additionalProperties": False}, {}),
        ({"additionalProperties": True}, {"o": True}),
        ({"allOf": [{"additionalProperties": False}, {}]}, {}),
        ({"additionalProperties": False, "patternProperties": {"^x-": {}}}, {"x": True}),
        ({"additionalProperties": False, "patternProperties": {"^y-": {}}}, {}),
        ({"allOf": [{"patternProperties": {"^x-": {}}, "additionalProperties": False}, {}]}, {"x": True}),
        ({"anyOf": [{"type": "string", "x-labels": {"a": "A"}}, {"type": "string"}]}, {"l": {"a": "A"}}),
    ],
)
def test_what_says_nothing_is_left_out(schema: Any, shape: Shape) -> None:
    assert schema_shape(schema, {}) == shape


def test_references_are_followed_forty_deep() -> None:
    references: dict[str, Any] = {str(number): {"$ref": str(number + 1)} for number in range(40)}
    references["40"] = {"type": "string"}
    assert schema_shape({"$ref": "1"}, references) == {}
    assert schema_shape({"$ref": "0"}, references) == {"o": True}


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
    assert shape["p"]["a"]["p"]["left"]["o"]
    assert shape["p"]["self"]["p"]["self"]["o"]
    assert len(json.dumps(shape)) < 5000


def test_the_shape_of_a_type() -> None:
    schemas = load_schemas(DiskTree(PARTNERSHIP), "schemas/partnership", "agreement.schema.json")
    shape = schema_shape(schemas.root, schemas.references)
    assert knows(shape, "parties")
    assert "o" not in shape
