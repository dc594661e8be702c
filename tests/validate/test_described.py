"""What the schemas say of one place of the data."""

from __future__ import annotations

from typing import Any

import pytest

from clausebook.validate.described import described, is_free_text, label_of, party_keys, schemas_at

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        ({"parties": [{"key": "north"}, {"key": "south"}]}, ["north", "south"]),
        ({"parties": [{"key": "north"}, {}]}, []),
        ({"parties": [{"key": "north"}, {"key": 7}]}, []),
        ({"parties": [{"key": "north"}, "south"]}, []),
        ({"parties": "north"}, []),
        ({}, []),
        ([], []),
    ],
)
def test_the_keys_of_the_parties_are_known_if_each_has_one(value: Any, keys: list[str]) -> None:
    assert party_keys(value) == keys


@pytest.mark.parametrize(
    ("schema", "free"),
    [
        (TEXT, True),
        ({"type": "integer"}, False),
        ({}, False),
        *(({**TEXT, keyword: "b"}, False) for keyword in ("enum", "const", "format", "x-party")),
        ({**TEXT, "pattern": "b"}, False),
        ({**TEXT, "pattern": "b", "x-multiline": True}, True),
        ({**TEXT, "pattern": "b", "x-multiline": False}, False),
    ],
)
def test_where_any_words_can_stand(schema: Any, free: bool) -> None:
    assert is_free_text(described({"properties": {"a": schema}}, {}, ("a",))) is free


@pytest.mark.parametrize(
    ("root", "path", "found"),
    [
        ({"properties": {"a": TEXT}}, ("a",), [TEXT]),
        ({"properties": {"a": TEXT}}, ("b",), []),
        ({"properties": {"a": True}}, ("a",), []),
        ({"items": TEXT}, (3,), [TEXT]),
        ({"items": TEXT}, ("a",), []),
        ({"properties": {"3": TEXT}, "items": {}}, (3,), [TEXT]),
        ({"patternProperties": {"^x-": TEXT}, "additionalProperties": {}}, ("x-a",), [TEXT]),
        ({"patternProperties": {"^x-": TEXT}, "additionalProperties": {}}, ("a",), [{}]),
        ({"additionalProperties": TEXT}, (3,), [TEXT]),
        ({"oneOf": [{"properties": {"a": TEXT}}, {"properties": {"a": {}}}]}, ("a",), [TEXT, {}]),
        ({"$ref": "#a", "properties": {"a": {}}}, ("a",), [{}, TEXT]),
        ({"$ref": "#none"}, ("a",), []),
    ],
)
def test_the_schemas_of_a_place_are_all_that_speak_of_it(root: Any, path: tuple[Any, ...], found: list[Any]) -> None:
    assert schemas_at(root, {"#a": {"properties": {"a": TEXT}}}, path) == found


def test_a_choice_is_told_only_if_it_is_asked_for() -> None:
    root = {"properties": {"a": {"allOf": [TEXT], "anyOf": [{"const": "b"}], "oneOf": [{"const": "c"}]}}}
    schema = root["properties"]["a"]
    assert described(root, {}, ("a",)) == (schema, TEXT, {"const": "b"}, {"const": "c"})
    assert described(root, {}, ("a",), choices=False) == (schema, TEXT)
    assert len(described({"$ref": "#loop"}, {"#loop": {"$ref": "#loop"}}, ())) == 40


@pytest.mark.parametrize(
    ("pointer", "label"),
    [
        ("/ending/notice", "For convenience, Notice"),
        ("/ending/period", "Notice period"),
        ("/names/0", "Names"),
        ("/ending/other", ""),
        ("/nothing", ""),
    ],
)
def test_a_value_is_called_by_the_titles_of_its_schemas(pointer: str, label: str) -> None:
    ending = {"notice": {"title": "Notice"}, "period": {"title": "Notice period"}, "other": {}}
    root = {
        "properties": {
            "ending": {"title": "For convenience", "properties": ending},
            "names": {"title": "Names", "items": {}},
        }
    }
    assert label_of(root, {}, pointer) == label
