"""What is missing: how a mend shows it, and the least that can stand there."""

from __future__ import annotations

from typing import Any

import pytest

from clausebook.validate.completion import Completion, written

NORTH, SOUTH = "north", "south"
TEXT = {"type": "string"}
PARTY = {"type": "string", "x-party": True}
NODE: dict[str, Any] = {"type": "object", "required": ["in"], "properties": {"in": {"$ref": "#node"}}}


def completion(schema: Any, *parties: str) -> Completion:
    return Completion({"type": "object", "properties": {"a": schema}}, {"#node": NODE, "#text": TEXT}, parties)


def least_of(schema: Any, *parties: str) -> Any:
    whole = Completion(group("a", a=schema), {"#node": NODE, "#text": TEXT}, parties)
    return whole.completed({}, frozenset())["a"]


def group(*needed: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties} | ({"required": list(needed)} if needed else {})


def rows(items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


@pytest.mark.parametrize(
    ("schema", "parties", "line"),
    [
        (TEXT, (), 'a: "[A]"'),
        ({**TEXT, "title": "Name"}, (), 'a: "[Name]"'),
        ({"allOf": [{"$ref": "#text"}, {"title": "Name"}]}, (), 'a: "[Name]"'),
        ({**TEXT, "pattern": r"[\s\S]*\."}, (), 'a: "[A]."'),
        ({"allOf": [{"pattern": r"a .*"}, {"pattern": r".*"}]}, (), 'a: "a [A]"'),
        ({**TEXT, "pattern": "[0-9]+"}, (), 'a: "[A]"'),
        ({"const": "b"}, (), "a: b"),
        ({"enum": ["b", "c"]}, (), "a: b"),
        ({"enum": ["b", "c"], "examples": ["d", "c"]}, (), "a: c"),
        (PARTY, (), 'a: "[key of a party]"'),
        (PARTY, (NORTH, SOUTH), 'a: "[north or south]"'),
        (PARTY, ("b", "c", "d", "e", "f"), 'a: "[b or c or d or e]"'),
        (rows(TEXT), (), 'a: ["[A]"]'),
        (rows(TEXT, minItems=2), (), 'a: ["[A 1]", "[A 2]"]'),
        (rows(TEXT, minItems=3), (), 'a: ["[A 1]", "[A 2]", …]'),
        (rows(PARTY, minItems=2), (NORTH, SOUTH), "a: [north, south]"),
        (rows(PARTY, minItems=2), (NORTH,), 'a: [north, "[north]"]'),
        (rows(rows(TEXT)), (), 'a: [["[A]"]]'),
        (group("c", "b", b=TEXT, c=TEXT), (), 'a: {c: "[C]", b: "[B]"}'),
        (group(b_c=TEXT, d=TEXT), (), 'a: {b_c: "[B c]"}'),
        (group("b", b=group("c", c=TEXT)), (), 'a: {b: {c: "[C]"}}'),
        (group("b", b=group("c", c=group("d", d=TEXT))), (), "a: {b: {c: …}}"),
        (group("b", b=group("c", c=rows(group("d", d=TEXT)))), (), "a: {b: {c: …}}"),
        (group("b", b=group("c", c=rows(TEXT))), (), 'a: {b: {c: ["[C]"]}}'),
        ({"type": "object"}, (), "a: …"),
        ({**group(b=TEXT, c=TEXT), "oneOf": [{"required": ["c"]}, {"required": ["b"]}]}, (), 'a: {c: "[C]"}'),
    ],
)
def test_how_a_missing_property_is_written(schema: Any, parties: tuple[str, ...], line: str) -> None:
    assert completion(schema, *parties).written(("a",)) == line


@pytest.mark.parametrize(("length", "shown"), [(160, True), (161, False)])
def test_of_what_is_too_long_less_is_shown(length: int, shown: bool) -> None:
    title = "T" * (length - len('a: {b: {c: "[]"}}'))
    schema = group("b", b=group("c", c={**TEXT, "title": title}))
    assert completion(schema).written(("a",)) == (f'a: {{b: {{c: "[{title}]"}}}}' if shown else "a: {b: …}")


def test_of_a_list_that_is_too_long_one_item_is_shown() -> None:
    schema = rows({**TEXT, "title": "T" * 100}, minItems=2)
    assert completion(schema).written(("a",)) == f'a: ["[{"T" * 100} 1]", …]'


def test_a_contract_has_two_parties_and_two_signatures_and_no_other_list_does() -> None:
    root = group(parties=rows(TEXT), b=group(parties=rows(TEXT)))
    assert Completion(root, {}).written(("parties",)) == 'parties: ["[Parties 1]", "[Parties 2]"]'
    assert Completion(root, {}).written(("b", "parties")) == 'parties: ["[Parties]"]'


@pytest.mark.parametrize(
    ("schema", "mend"),
    [
        (TEXT, 'add `a: "[A]"`'),
        (group("b", b=TEXT), 'add `a: {b: "[B]"}`; `clausebook new TYPE ID` writes a whole pattern'),
        (rows(TEXT), 'add `a: ["[A]"]`; `clausebook new TYPE ID` writes a whole pattern'),
        ({**TEXT, "format": "date"}, 'add `a: "[A]"`; write the date as year-month-day, such as 2026-03-01'),
        ({**TEXT, "format": "own"}, 'add `a: "[A]"`'),
        ({**PARTY, "pattern": "[a-z]+", "x-message": "lower case"}, 'add `a: "[key of a party]"`'),
        ({"enum": ["b"], "pattern": "[a-z]+", "x-message": "lower case"}, "add `a: b`"),
        ({"const": "b", "pattern": "[a-z]+", "x-message": "lower case"}, "add `a: b`"),
        ({"pattern": "[a-z]+", "x-message": "lower case"}, 'add `a: "[A]"`; lower case'),
        ({"pattern": "[a-z]+"}, 'add `a: "[A]"`'),
        ({"x-message": "lower case"}, 'add `a: "[A]"`'),
        ({"type": "boolean"}, 'add `a: "[A]"`; true or false, without quotes'),
        ({"type": "integer"}, 'add `a: "[A]"`; a whole number, without quotes'),
    ],
)
def test_a_mend_says_how_the_value_is_written(schema: Any, mend: str) -> None:
    assert completion(schema).mend(("a",), "add") == mend


def test_a_mend_names_the_type_and_a_pattern_only_for_what_a_new_file_has() -> None:
    root = group(type={"const": "nda"}, b=group(c=rows(TEXT)))
    assert Completion(root, {}).mend(("b",), "add").endswith("`clausebook new nda ID` writes a whole pattern")
    assert Completion(root, {}).mend(("b", "c"), "add") == 'add `c: ["[C]"]`'


@pytest.mark.parametrize(
    ("schema", "parties", "least"),
    [
        (TEXT, (), None),
        ({**TEXT, "examples": ["b", "c"]}, (), "b"),
        ({"type": "integer", "examples": [0], "enum": [1, 0]}, (), 0),
        ({"enum": ["b", "c"]}, (), "b"),
        ({"allOf": [{"enum": []}, {"enum": ["c"]}]}, (), "c"),
        ({**PARTY, "examples": ["b"]}, (), "b"),
        ({**PARTY, "examples": ["b"]}, (NORTH, SOUTH), NORTH),
        (rows({**TEXT, "examples": ["b"]}), (), ["b"]),
        (rows({**TEXT, "examples": ["b"]}, minItems=2), (), ["b", "b"]),
        (rows({**TEXT, "examples": ["b"]}, minItems=2, examples=[["b", "c"]]), (), ["b", "c"]),
        (rows({**TEXT, "examples": ["b"]}, minItems=1, examples=[["b", "c"]]), (), ["b"]),
        (rows(PARTY, minItems=3), (NORTH, SOUTH), [NORTH, SOUTH, NORTH]),
        (group("b", "c", b=PARTY, c=PARTY), (NORTH, SOUTH), {"b": NORTH, "c": SOUTH}),
        (group("c", "b", b=PARTY, c=PARTY), (NORTH, SOUTH), {"b": NORTH, "c": SOUTH}),
        (group("c", "b", b={"enum": ["d"]}), (), {"b": "d", "c": None}),
        ({**group(b={"enum": [1]}, c={"enum": [2]}), "examples": [{"c": 2, "b": 1}]}, (), {"c": 2}),
        ({**group(b={"enum": [1]}), "examples": ["b"]}, (), {}),
        ({**group(b={"enum": [1]}), "anyOf": [{"required": ["b"]}, {}]}, (), {"b": 1}),
        ({**group(b={"enum": [1]}), "oneOf": [True, {"required": ["b"]}]}, (), {}),
        (
            rows(group("b", b={"examples": [1]}), minItems=3, **{"x-sum": {"of": "b", "total": "100"}}),
            (),
            [{"b": "33.34"}, {"b": "33.33"}, {"b": "33.33"}],
        ),
        (
            rows(group("b", b={"examples": [1]}), minItems=2, **{"x-sum": {"of": "b", "total": "100"}}),
            (),
            [{"b": 50}, {"b": 50}],
        ),
    ],
)
def test_the_least_that_can_stand_there(schema: Any, parties: tuple[str, ...], least: Any) -> None:
    found = least_of(schema, *parties)
    assert found == least
    assert not isinstance(found, dict) or list(found) == list(least)


def test_the_least_of_a_schema_that_asks_for_itself_ends() -> None:
    found, depth = least_of({"$ref": "#node"}), 0
    while found is not None:
        found, depth = found["in"], depth + 1
    assert depth == 13


def test_data_are_completed_where_something_is_missing_or_wrong() -> None:
    root = group(
        "b", "c", b={"enum": [1]}, c=group("d", d={"enum": [2]}), e={"enum": [3]}, f=rows(group("d", d={"enum": [2]}))
    )
    completed = Completion(root, {}).completed
    assert completed({}, frozenset()) == {"b": 1, "c": {"d": 2}}
    assert completed({"b": 7, "e": 7, "f": [{}, "g"]}, frozenset()) == {
        "b": 7, "c": {"d": 2}, "e": 7, "f": [{"d": 2}, "g"],
    }  # fmt: skip
    wrong = {("b",), ("e",), ("f", "1")}
    assert completed({"b": 7, "c": {"d": 7}, "e": 7, "f": [{}, "g"]}, wrong) == {
        "b": 1, "c": {"d": 7}, "f": [{"d": 2}, {"d": 2}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"if": {"required": ["b"]}, "else": {"properties": {"a": False}}}, "b"),
        ({"if": {"required": ["b", "c"]}, "else": {"properties": {"a": False}}}, ""),
        ({"if": {"required": ["b"]}, "else": {"properties": {"d": False}}}, ""),
        ({"if": True, "else": {"properties": {"a": False}}}, ""),
        ({"if": {"required": ["b"]}, "else": False}, ""),
        ({}, ""),
    ],
)
def test_what_a_value_cannot_be_without(schema: Any, wanted: str) -> None:
    assert Completion(schema, {}).wanted_by(("a",)) == wanted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Harbor view", "Harbor view"),
        ("yes", '"yes"'),
        ("yesterday", "yesterday"),
        (3, "3"),
        (None, "…"),
        ([], "[]"),
        ({"b": ["c", {}]}, "{b: [c, {}]}"),
    ],
)
def test_a_value_on_one_line(value: Any, text: str) -> None:
    assert written(value) == text
