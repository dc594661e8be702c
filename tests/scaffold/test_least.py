"""The least data of a schema, whatever the schema is like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clausebook.findings.model import RepositoryError
from clausebook.load.positions import Positions
from clausebook.load.yaml import load_yaml
from clausebook.repository.tree import DiskTree
from clausebook.scaffold.commented import as_yaml
from clausebook.scaffold.least import Least
from clausebook.validate.schemas import Schemas, load_schemas

GIVEN = {"id": "owl", "type": "case", "title": "Owl", "version": "0.1", "status": "draft"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder for the schemas of a case."""
    (tmp_path / "schemas").mkdir()
    return tmp_path


def schemas_with(folder: Path, part: Any, **definitions: Any) -> Schemas:
    """Return schemas whose agreements have the property `part`."""
    root = {"required": ["part"], "properties": {"part": part}, "$defs": definitions}
    (folder / "schemas" / "agreement.schema.json").write_text(json.dumps(root), encoding="utf-8")
    return load_schemas(DiskTree(folder), "schemas", "agreement.schema.json")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "[Part]"),
        ({"type": "string", "title": "Name of it"}, "[Name of it]"),
        ({"type": "string", "pattern": r"[\s\S]*[.!?]"}, "[Part]."),
        ({"type": "string", "pattern": "an? .*"}, "a [Part]"),
        ({"type": "string", "pattern": "[a-z]+", "examples": ["owl"]}, "owl"),
        ({"type": "string", "format": "date"}, "2030-01-31"),
        ({"type": "string", "format": "duration", "examples": ["P2Y"]}, "P2Y"),
        ({"const": "this"}, "this"),
        ({"enum": ["a", "b"]}, "a"),
        ({"enum": ["a", "b"], "examples": ["b"]}, "b"),
        ({"type": "integer", "minimum": 3, "examples": [4]}, 4),
        ({"type": ["string", "integer"], "pattern": "[0-9]+"}, "1"),
        ({"type": "boolean"}, False),
        ({"type": "array", "items": {"type": "string"}}, []),
        ({"type": "array", "minItems": 2, "items": {"type": "string"}}, ["[Part 1]", "[Part 2]"]),
        ({"type": "string", "x-party": True}, "party-1"),
        (
            {
                "type": "array",
                "minItems": 2,
                "x-unique": "p",
                "items": {"required": ["p"], "properties": {"p": {"x-party": True}}},
            },
            [{"p": "party-1"}, {"p": "party-2"}],
        ),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, {}),
        ({"minProperties": 1, "properties": {"a": {"enum": ["x"]}, "b": {"type": "string"}}}, {"b": "[B]"}),
        ({"minProperties": 1, "properties": {"a": {"enum": ["x"]}, "no": {"const": 1}}}, {"a": "x"}),
        ({"$ref": "#/$defs/named", "title": "Alias"}, "[Alias]"),
        ({"allOf": [{"required": ["a"]}, {"properties": {"a": {"const": 1}}}]}, {"a": 1}),
        (
            {
                "required": ["by"],
                "properties": {"by": {"enum": ["date", "event"]}, "date": {"type": "string"}},
                "if": {"properties": {"by": {"const": "date"}}},
                "then": {"required": ["date"]},
            },
            {"by": "event"},
        ),
        (
            {
                "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
                "properties": {"a": {"x-party": True}, "b": {}},
                "examples": [{"a": "somebody"}],
            },
            {"a": "party-1"},
        ),
        ({"$ref": "#/$defs/tree"}, {"name": "[Name]"}),
    ],
)  # fmt: skip
def test_the_least_of_a_schema(folder: Path, schema: Any, expected: Any) -> None:
    tree = {"minProperties": 1, "properties": {"child": {"$ref": "#/$defs/tree"}, "name": {"type": "string"}}}
    schemas = schemas_with(folder, schema, named={"type": "string", "title": "Named"}, tree=tree)
    least = Least(schemas, GIVEN)
    data = least.data()
    assert data["part"] == expected
    assert data["parties"][1]["key"] == "party-2"
    assert data["signatures"] == [{"party": "party-1"}, {"party": "party-2"}]
    assert schemas.validate(data, Positions(), "owl.yaml") == []
    # What is written says the same, and is read back whole.
    text = as_yaml(least.root, schemas.references, data, {})
    assert load_yaml(text.encode(), "owl.yaml").value == data


@pytest.mark.parametrize(
    "schema", [{"not": {}}, {"type": "string", "pattern": "[0-9]{17}"}, {"$ref": "#/$defs/endless"}]
)
def test_a_schema_that_no_value_was_found_for(folder: Path, schema: Any) -> None:
    endless = {"type": "object", "required": ["part"], "properties": {"part": {"$ref": "#/$defs/endless"}}}
    with pytest.raises(RepositoryError, match="no value could be found for `/part") as error:
        Least(schemas_with(folder, schema, endless=endless), GIVEN).data()
    assert error.value.hint == "give that property an example in schemas/"


def test_comments_say_what_silence_decides(folder: Path) -> None:
    part = {
        "description": "What it is.",
        "required": ["kind"],
        "properties": {
            "kind": {"description": "Which kind.", "enum": ["a", "b"]},
            "fee": {"description": "The fee. Left out: none."},
            "days": {"description": "How many days.", "default": 30},
            "note": {"description": "A note."},
        },
    }
    schemas = schemas_with(folder, part)
    least = Least(schemas, GIVEN)
    text = as_yaml(least.root, schemas.references, least.data(), {"/part/note": ["It decides."], "/part": ["So."]})
    assert text.startswith(
        "# What it is. So.\n"
        "part:\n"
        "  # Which kind. One of: a, b.\n"
        "  kind: a\n"
        "  # + fee: The fee. Left out: none.\n"
        "  # + days: How many days. Left out: 30.\n"
        "  # + note: A note. It decides.\n"
    )
