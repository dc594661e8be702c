"""Schemas of a folder: what in them is found wrong, and where; and what their parts are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clausebook.validate.schema_files import parse_schemas, subschemas
from clausebook.validate.schemas import Schemas


def faults(**files: Any) -> list[tuple[str, str, int]]:
    """Return rule, pointer and line of what is wrong; bytes are a file as it is, text tells why it cannot be read."""
    contents = [
        (f"{name}.schema.json", schema if isinstance(schema, bytes | str) else json.dumps(schema, indent=1).encode())
        for name, schema in files.items()
    ]
    found = parse_schemas("schemas", contents).findings
    assert all(each.message and each.hint for each in found)
    return [(each.rule.removeprefix("core/"), each.pointer, each.line) for each in found]


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        (True, []),
        ({"$id": "a", "pattern": "a", "format": "date", "$ref": "#"}, []),
        ({"pattern": 7, "patternProperties": 7, "properties": 7, "allOf": 7, "items": 7}, []),
        ({"properties": {"a": {"pattern": "("}}}, [("schema-pattern", "/properties/a", 3)]),
        ({"items": {"patternProperties": {"(": {}, "a": {}}}}, [("schema-pattern", "/items", 2)]),
        ({"not": {"$anchor": "a"}}, [("schema-keyword", "/not", 2)]),
        ({"prefixItems": [{}, {"$id": "a"}]}, [("schema-keyword", "/prefixItems/1", 4)]),
        ({"$defs": {"a": {"$ref": "#a"}}}, [("schema-reference", "/$defs/a", 3)]),
        ({"$defs": {"a": {"$ref": "other.schema.json"}}}, [("schema-reference", "/$defs/a", 3)]),
        ({"$ref": "#/title", "title": "A"}, [("schema-reference", "", 1)]),
        (b"{\n,", [("schema-syntax", "", 2)]),
        ("cannot be read", [("file-unreadable", "", 1)]),
    ],
)
def test_what_is_wrong_with_a_schema_is_found_at_its_place(schema: Any, wanted: list[tuple[str, str, int]]) -> None:
    assert faults(a=schema) == wanted


def test_references_lead_to_any_file_of_the_folder() -> None:
    assert faults(a={"$ref": "./b.schema.json#/$defs/c/d~1e"}, b={"$defs": {"c": {"d/e": False}}}) == []


@pytest.mark.parametrize("keyword", ["items", "additionalProperties", "not", "if", "then", "else", "contains"])
def test_a_schema_holds_schemas(keyword: str) -> None:
    inner = {"title": "inner"}
    assert list(subschemas({keyword: inner})) == [((), {keyword: inner}), ((keyword,), inner)]
    assert list(subschemas({keyword: True})) == [((), {keyword: True})]


@pytest.mark.parametrize(
    ("root", "number"),
    [
        ({"properties": {"format": {"const": 2}}}, 2),
        ({"properties": {"format": {"const": True}}}, 1),
        ({"properties": {"format": {"const": "2"}}}, 1),
        ({"properties": {"format": True}}, 1),
        ({"properties": []}, 1),
        ({}, 1),
        (True, 1),
        (None, 1),
    ],
)
def test_the_number_of_the_format_that_schemas_describe(root: Any, number: int) -> None:
    assert Schemas("schemas", "a", root, {}, ()).number == number
