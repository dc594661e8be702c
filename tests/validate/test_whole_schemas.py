"""The self-contained schema of a type: it refers to nothing else, and tells others what our validator knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from clausebook.repository.tree import DiskTree
from clausebook.validate.schemas import Schemas, load_schemas
from clausebook.validate.value_formats import FORMAT_PATTERNS
from clausebook.validate.whole_schemas import any_schema, as_file, whole_schema


def whole(root: Path, shared: Any = None, **files: Any) -> dict[str, Any]:
    """Return what is made from schema files, by name; it must be a schema, and the same when it is read again."""
    made = whole_schema(schemas_of(root, shared, **files), "sample")
    Draft202012Validator.check_schema(made)
    assert json.loads(as_file(made)) == made
    return made


def schemas_of(root: Path, shared: Any = None, **files: Any) -> Schemas:
    folder = root / "schemas" / "sample"
    folder.mkdir(parents=True)
    for name, schema in files.items():
        (folder / f"{name}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    (folder.parent / "common.schema.json").write_text(json.dumps(shared), encoding="utf-8")
    schemas = load_schemas(DiskTree(root), "schemas/sample", "agreement.schema.json")
    assert schemas.findings == ()
    return schemas


def test_each_definition_stands_in_it_once_and_only_those_that_are_used(tmp_path: Path) -> None:
    made = whole(
        tmp_path,
        {"$defs": {"name": {"minLength": 1}, "unused": {}, "pair": {"items": {"$ref": "#/$defs/name"}}}},
        agreement={
            "properties": {
                "a": {"$ref": "part.schema.json"},
                "b": {"$ref": "../common.schema.json#/$defs/pair"},
                "c": {"$ref": "part.schema.json#/$defs/name"},
                "d": {"$ref": "#/$defs/own"},
                "$ref": {"const": {"$ref": "no reference"}},
            },
            "$defs": {"own": {"items": {"$ref": "#"}}},
        },
        part={"$id": "part", "not": {"$ref": "../common.schema.json#/$defs/name"}, "$defs": {"name": {"maxLength": 2}}},
    )
    assert made["$defs"] == {
        "agreement.own": {"items": {"$ref": "#"}},
        "name": {"minLength": 1},
        "pair": {"items": {"$ref": "#/$defs/name"}},
        "part": {"not": {"$ref": "#/$defs/name"}},
        "part.name": {"maxLength": 2},
    }
    references = [each.get("$ref") for each in made["properties"].values()]
    assert references == ["#/$defs/part", "#/$defs/pair", "#/$defs/part.name", "#/$defs/agreement.own", None]
    assert made["properties"]["$ref"] == {"const": {"$ref": "no reference"}}


@pytest.mark.parametrize("name", ["a.b", "a-b", "ä b", "a/b"])
def test_definitions_of_like_names_stay_apart(tmp_path: Path, name: str) -> None:
    place = name.replace("/", "~1")
    parts = {"$defs": {name: {"minLength": 1}, "a": {"$defs": {"b": {"minLength": 2}}}, "a-b": {"minLength": 3}}}
    refers = [{"$ref": f"#/$defs/{each}"} for each in (place, "a/$defs/b", "a-b")]
    made = whole(tmp_path, agreement={"allOf": refers, **parts})
    found = [made["$defs"][each["$ref"].removeprefix("#/$defs/")] for each in made["allOf"]]
    assert found == [parts["$defs"][name], {"minLength": 2}, {"minLength": 3}]


@pytest.mark.parametrize(
    ("schema", "added"),
    [
        ({"type": "string"}, {"pattern": r"^[^\n]*$", "patternErrorMessage": "write it on one line"}),
        ({"type": "string", "x-multiline": True}, {}),
        ({"type": "string", "enum": ["a"]}, {}),
        ({"type": ["string", "integer"], "pattern": "^a$"}, {"allOf": [{"pattern": r"^[^\n]*$"}]}),
        ({"type": "integer"}, {}),
        (
            {"type": "string", "x-multiline": True, "pattern": "^a\n*$", "x-message": "say a"},
            {"patternErrorMessage": "say a"},
        ),
        ({"enum": ["a"], "x-labels": {"a": "an a"}}, {"enumDescriptions": ["an a"]}),
        ({"enum": [[1], "b"], "x-labels": {"a": "an a"}}, {"enumDescriptions": ["", ""]}),
        (
            {"type": "string", "format": "date"},
            {
                "pattern": FORMAT_PATTERNS["date"],
                "patternErrorMessage": "write the date as year-month-day, such as 2026-03-01",
            },
        ),
    ],
)
def test_others_are_told_in_their_own_keywords(tmp_path: Path, schema: dict[str, Any], added: dict[str, Any]) -> None:
    made = whole(tmp_path, agreement={"properties": {"a": schema}})
    assert made["properties"]["a"] == {**schema, **added}


def test_a_former_name_is_taken_in_a_file_that_says_no_format(tmp_path: Path) -> None:
    item = {"properties": {"key": {"minLength": 1}}, "required": ["key"], "additionalProperties": False}
    properties = {"format": {"const": 2}, "schedules": {"items": {"$ref": "#/$defs/schedule"}}}
    schema = {"properties": properties, "$defs": {"schedule": item}}
    judge = Draft202012Validator(whole(tmp_path, agreement=schema))
    verdicts = [
        judge.is_valid({**number, "schedules": [schedule]})
        for number in ({}, {"format": 2})
        for schedule in ({"id": "a"}, {"key": "a"}, {"id": ""}, {}, {"id": "a", "key": "a"})
    ]
    assert verdicts == [True, True, False, False, False, False, True, False, False, False]


def test_any_agreement_is_held_against_the_schema_of_its_type() -> None:
    made = any_schema(["loan", "lease"])
    Draft202012Validator.check_schema(made)
    assert [each["then"] for each in made["allOf"]] == [{"$ref": "loan.schema.json"}, {"$ref": "lease.schema.json"}]
