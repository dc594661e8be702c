"""What is said of a value that its schema does not allow, keyword by keyword, and of schemas that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clausebook.load.yaml import load_yaml
from clausebook.repository.tree import DiskTree
from clausebook.validate.schemas import Schemas, load_schemas


def schemas(root: Path, schema: Any) -> Schemas:
    folder = root / "schemas" / "sample"
    folder.mkdir(parents=True)
    (folder / "agreement.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    return load_schemas(DiskTree(root), "schemas/sample", "agreement.schema.json")


def said(checked: Schemas, data: Any) -> list[tuple[str, str]]:
    loaded = load_yaml(json.dumps(data).encode(), "deal.yaml")
    assert loaded.value is not None
    return [(each.message, each.hint) for each in checked.validate(loaded.value, loaded.positions, "deal.yaml")]


@pytest.mark.parametrize(
    ("schema", "value", "message", "hint"),
    [
        ({"enum": [1, 2]}, 3, "3 is not one of the values that `a` can have", "one of: 1, 2"),
        ({"not": True}, "b", "`a` cannot be “b”", "write another value"),
        ({"not": {"required": ["b"]}}, "b", "`a` cannot be “b”", "write another value"),
        ({"not": {"type": "object"}}, {"b": 1}, "`a` cannot be a group of properties", "write another value"),
        (
            {"not": {"required": ["b", "c"]}},
            {"b": 1, "c": 1},
            "`b` and `c` cannot stand together",
            "delete one of them",
        ),
        ({"oneOf": [{}, {"type": "string"}]}, "b", "`a` can be read in two ways", "say only one of the two"),
        (
            {"oneOf": [{"type": "string"}, {}, {"pattern": "[0-9]{1,2}"}]},
            "123",
            "`a` can be read in two ways",
            "say only one of the two",
        ),
        ({"oneOf": [True, {"required": ["b"]}]}, {"b": 1}, "`a` can be read in two ways", "say only one of the two"),
        (
            {"oneOf": [{"required": ["b"]}, {"required": ["c"]}, {"required": ["d"]}]},
            {"b": 1, "c": 1},
            "only one of `b` and `c` can be given",
            "delete one of them",
        ),
        ({"oneOf": [{"required": ["b"]}, {"required": ["c"]}]}, {}, "`a` needs `b` or `c`", "give one of them"),
        (
            {"oneOf": [{"required": ["b"]}, {"required": ["c"]}], "x-message": "names one of the two"},
            {},
            "`a`: names one of the two",
            "change it to one of these forms",
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            [],
            "`a` must be text or a whole number, not a list",
            "write text or a whole number",
        ),
        ({"type": "string"}, True, "`a` must be text, not true", 'put it in quotes: "true"'),
        (
            {"type": "array"},
            "b",
            "`a` must be a list, not text",
            "write each item on a line of its own, with `- ` before it",
        ),
        ({"type": "boolean"}, "yes", "`a` must be true or false, not text", "write true or false, without quotes"),
        ({"type": "boolean"}, 1, "`a` must be true or false, not a whole number", "write true or false"),
        (
            {"type": "integer"},
            "1,000",
            "`a` must be a whole number, not text",
            "write a whole number without separators, units or quotes",
        ),
        ({"type": "integer"}, [], "`a` must be a whole number, not a list", "write a whole number"),
        (
            {"type": "object"},
            "b",
            "`a` must be a group of properties, not text",
            "write its properties below it, indented",
        ),
        (
            {"type": "object", "properties": {"c": {}, "b": {}}},
            "b",
            "`a` must be a group of properties, not text",
            "write its properties below it, indented: b, c",
        ),
        ({"const": "b"}, "c", "`a` must be “b”, not “c”", "write b"),
        (
            {"const": "b", "x-message": "is always b"},
            "c",
            "`a`: is always b (it is “c”)",
            "write b",
        ),
        ({"const": "b", "x-message": "is always b"}, [], "`a`: is always b", "write b"),
        ({"maximum": 3}, 4, "`a` must be at most 3, not 4", "write a number that is at most 3"),
        ({"pattern": "[a-z]"}, "B", "`a` is not written as it must be (it is “B”)", "the whole value must match [a-z]"),
        ({"pattern": "[a-z]", "x-message": "is a letter"}, "B", "`a`: is a letter (it is “B”)", ""),
        (
            {"pattern": "[a-z]", "examples": ["b"]},
            "B",
            "`a` is not written as it must be (it is “B”)",
            "write it like this: b",
        ),
        (
            {"pattern": "[0-9]{1,3}(\\.[0-9]{1,2})?", "x-message": "is an amount"},
            "1234",
            "`a` has 4 digits before the point; it can have at most 3",
            "shorten the number",
        ),
        (
            {"pattern": "[0-9]{1,3}(\\.[0-9]{1,2})?", "x-message": "is an amount"},
            "-123.456",
            "`a` has 3 digits behind the point; it can have at most 2",
            "shorten the number",
        ),
        (
            {"pattern": "[0-9]{1,3}(\\.[0-9]{1,2})?", "x-message": "is an amount"},
            "123.",
            "`a`: is an amount (it is “123.”)",
            "",
        ),
        ({"uniqueItems": True}, ["b", "c", "b"], "item 3 of `a` is the same as item 1", "delete one of the two"),
        ({"contains": {"const": 1}}, [2], "`a` lacks an item that it must hold", "add the item, or change one"),
        (False, 3, "`a` is not as its schema wants it", "see the schema"),
        (
            {"patternProperties": {"^x-": {"type": "string"}}},
            {"x-b": 7},
            "`x-b` must be text, not a whole number",
            'put it in quotes: "7"',
        ),
        (
            {"pattern": "[a-z]"},
            "b\n",
            "`a` is not written as it must be (it is “b”)",
            "the whole value must match [a-z]",
        ),
        ({"multipleOf": 2}, 3, "`a` is not as its schema wants it (multipleOf)", "see the schema"),
        (
            {"dependentRequired": {"b": ["c"]}, "properties": {"c": {"title": "C", "description": "Which one"}}},
            {"b": 1},
            "`c` is missing in `a`, and `b` needs it: C – Which one",
            'add `c: "[C]"`',
        ),
        ({"required": ["c"]}, {}, "`c` is missing in `a`", 'add `c: "[C]"`'),
        (
            {"format": "duration"},
            "P0D",
            "`a`: “P0D” is no time at all",
            "write a length of time that is longer than zero, such as P30D",
        ),
    ],
)
def test_what_is_said_of_a_value(tmp_path: Path, schema: Any, value: Any, message: str, hint: str) -> None:
    assert said(schemas(tmp_path, {"properties": {"a": schema}}), {"a": value}) == [(message, hint)]


KINDS = [
    {"type": "object", "required": ["kind", each], "properties": {"kind": {"const": each}, each: {"type": "string"}}}
    for each in ("fixed", "open")
]
"""Two forms of a group, told apart by a marker."""


@pytest.mark.parametrize(
    ("forms", "value", "messages"),
    [
        (KINDS, {"kind": "none"}, ["“none” is not one of the values that `kind` can have"]),
        (KINDS, {"kind": "open"}, ["`open` is missing in `a`"]),
        (KINDS, {"kind": "fixed", "fixed": 7}, ["`fixed` must be text, not a whole number"]),
        ([{"type": "string"}, *KINDS], {"kind": "none"}, ["“none” is not one of the values that `kind` can have"]),
        (
            [{"type": "string"}, KINDS[0]],
            {"kind": "none"},
            ["`fixed` is missing in `a`", "`kind` must be “fixed”, not “none”"],
        ),
        ([{"type": "string", "maxLength": 1}, KINDS[0]], "bc", ["`a` must have at most 1 character; it has 2"]),
        ([{"type": "string"}, {"type": ["integer", "string"]}], [], ["`a` must be text or a whole number, not a list"]),
        ([{"type": "string"}, {"items": {"type": "string"}}], [7], ["item 1 of `a` must be text, not a whole number"]),
        ([{"const": 1}, {"const": 2, "minimum": 5}], 3, ["`a` must be 1, not 3"]),
        (
            [{"required": ["c"]}, {"properties": {"b": {"type": "string"}}}],
            {"b": 7},
            ["`b` must be text, not a whole number"],
        ),
        ([{"required": ["b", "c"]}, {"required": ["d"]}], {}, ["`a` needs `b` and `c` or `d`"]),
    ],
)
def test_of_a_choice_the_form_that_was_meant_is_spoken_of(
    tmp_path: Path, forms: list[Any], value: Any, messages: list[str]
) -> None:
    found = said(schemas(tmp_path, {"properties": {"a": {"anyOf": forms}}}), {"a": value})
    assert [message for message, _ in found] == messages


def test_a_message_of_a_choice_is_said_of_the_choice_alone(tmp_path: Path) -> None:
    choice = {"oneOf": [{"properties": {"b": {"type": "string"}}}, {"type": "string"}], "x-message": "is b or a text"}
    checked = schemas(tmp_path, {"properties": {"a": choice}})
    assert said(checked, {"a": {"b": 7}})[0][0] == "`b` must be text, not a whole number"


@pytest.mark.parametrize(
    ("schema", "value", "message", "hint"),
    [
        ({"properties": {"due": {}}}, "duee", "`duee` is not a known property", "did you mean `due`?"),
        ({"properties": {"due": {}, "by": {}}}, "zzz", "`zzz` is not a known property", "known here: by, due"),
        ({}, "zzz", "`zzz` is not a known property", "no property is known here"),
        (
            {"patternProperties": {"^x-": {}}},
            "zzz",
            "`zzz` is not a known property",
            "no property is known here; a field of your own begins with x-",
        ),
        (
            {},
            "$schema",
            "`$schema` is not a property of the agreement",
            "name the schema in the file's first line: "
            "# yaml-language-server: $schema=../schemas/whole/<type>.schema.json",
        ),
    ],
)
def test_what_is_said_of_an_unknown_property(
    tmp_path: Path, schema: dict[str, Any], value: str, message: str, hint: str
) -> None:
    assert said(schemas(tmp_path, {**schema, "additionalProperties": False}), {value: "b"}) == [(message, hint)]


@pytest.mark.parametrize(("count", "hint"), [(30, "one of: v0, v1"), (31, "one of 31 values, such as v0, v1, v2")])
def test_thirty_values_are_listed_and_more_are_not(tmp_path: Path, count: int, hint: str) -> None:
    checked = schemas(tmp_path, {"properties": {"a": {"enum": [f"v{number}" for number in range(count)]}}})
    assert said(checked, {"a": "zzz"})[0][1].startswith(hint)


def test_of_many_values_the_examples_and_those_that_the_file_has_come_first(tmp_path: Path) -> None:
    values = [f"v{number}" for number in range(31)]
    schema = {"enum": values, "examples": ["v9", "other"]}
    checked = schemas(tmp_path, {"properties": {"a": schema, "b": schema}})
    assert said(checked, {"a": "zzz"})[0][1] == "one of 31 values, such as v9"
    assert said(checked, {"a": "v1v", "b": "v1"})[0][1] == "did you mean `v1`?"


@pytest.mark.parametrize(
    ("schema", "value", "hint"),
    [
        ({"enum": ["1", "2"]}, 1, 'put it in quotes: "1"'),
        ({"enum": ["1", "2"]}, 3, "one of: 1, 2"),
        ({"pattern": "[0-9]"}, 3, 'put it in quotes: "3"'),
        ({"pattern": "[a-z]", "x-message": "is a letter"}, 3, "is a letter"),
        ({"pattern": "[a-z]", "x-message": "is a letter", "examples": ["b"]}, 3, "write it like this: b"),
        ({"format": "date"}, True, "write the date as year-month-day, such as 2026-03-01"),
        ({"format": "email"}, 20260301, "write it as name@example.com"),
        (
            {"format": "duration"},
            True,
            "write P and a number with Y, M, W or D (P90D is 90 days, P6M six months, P2Y two years); hours as PT24H",
        ),
    ],
)
def test_quotes_are_the_mend_only_where_the_text_can_stand(
    tmp_path: Path, schema: dict[str, Any], value: Any, hint: str
) -> None:
    checked = schemas(tmp_path, {"properties": {"a": {"type": "string", **schema}}})
    assert said(checked, {"a": value})[0][1] == hint


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ({"title": "B", "description": "Which"}, ": B – Which"),
        ({"$ref": "#/$defs/b"}, ": Its name"),
        ({"$ref": "#/$defs/b", "title": "B"}, ": B"),
        ({"$ref": "#/$defs/true"}, ""),
        (True, ""),
    ],
)
def test_what_is_missing_is_told_with_the_words_of_its_schema(tmp_path: Path, of: Any, words: str) -> None:
    root = {"required": ["b"], "properties": {"b": of}, "$defs": {"b": {"$ref": "#/$defs/c"}}}
    root["$defs"] |= {"c": {"title": "Its name"}, "true": True}  # type: ignore[operator]
    assert said(schemas(tmp_path, root), {"a": "c"})[0][0] == f"`b` is missing{words}"


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"uniqueItems": False}, ["b", "b"]),
        ({"uniqueItems": True}, ["b", ["b"], {"b": 1}, {"b": 2}]),
        ({"uniqueItems": True}, "bb"),
        ({"prefixItems": [{}], "items": {"type": "string"}}, [1, "b"]),
        ({"patternProperties": {"^x-": {"type": "string"}}}, {"x-b": "c", "y": 1}),
        ({"dependentRequired": {"b": ["c"]}}, {"b": 1, "c": 1}),
        ({"dependentRequired": {"b": ["c"]}}, "b"),
        ({"x-sum": {"of": "b", "total": "100"}}, "c"),
        ({"x-sum": {"of": "b", "total": "100"}}, []),
        ({"x-sum": {"of": "b", "total": "100"}}, [{"b": "33.34"}, {"b": 66.66}]),
        ({"x-sum": {"of": "b", "total": "100"}}, [{"b": "33.34"}, {"b": "66.66"}, "c", {"c": 1}]),
        ({"x-unique": "b"}, [{"b": "c"}, {"b": "d"}, {}, {}, "c", "c", {"b": []}, {"b": []}]),
        ({"x-unique": "b"}, "cc"),
    ],
)
def test_a_value_that_its_schema_allows_has_no_finding(tmp_path: Path, schema: Any, value: Any) -> None:
    assert said(schemas(tmp_path, {"properties": {"a": schema}}), {"a": value}) == []


def test_schemas_that_are_none_are_told_when_they_fail(tmp_path: Path) -> None:
    unusable = "the schemas cannot be used: "
    loop = {"$ref": "#/$defs/loop", "$defs": {"loop": {"$ref": "#/$defs/loop"}}}
    assert said(schemas(tmp_path / "one", loop), {"a": 1})[0][0] == f"{unusable}a reference leads back to itself"
    ((message, _),) = said(schemas(tmp_path / "two", {"properties": {"a": {"minLength": "x"}}}), {"a": "b"})
    assert message == "not a JSON Schema: 'x' is not of type 'integer'"
    ((message, _),) = said(schemas(tmp_path / "three", {"properties": {"a": {"x-sum": {}}}}), {"a": [{}]})
    assert message == f"{unusable}'of'"
    (finding,) = schemas(tmp_path / "four", {}).faults(ValueError())
    assert finding.message == f"{unusable}ValueError"
