"""What data say, by their schema alone: titles, words for values, order; nothing internal, nothing unescaped."""

from __future__ import annotations

from typing import Any

from clausebook.site.spark.told import ToldValue, told
from clausebook.validate.schemas import Schemas

DEFS = {
    "common#day": {"type": "string", "format": "date"},
    "common#span": {"type": "string", "format": "duration"},
    "common#much": {"type": "object", "properties": {"amount": {"type": "integer"}, "currency": {"type": "string"}}},
}


def shown(properties: dict[str, Any], data: dict[str, Any]) -> tuple[ToldValue, ...]:
    root = {"type": "object", "properties": properties}
    return told(Schemas("schemas", "step.schema.json", root, DEFS, ()), data)


def test_values_stand_in_the_schemas_order_under_its_titles_and_in_its_words() -> None:
    found = shown(
        {
            "begins": {"$ref": "common#day", "title": "First day"},
            "lasts": {"$ref": "common#span", "title": "How long"},
            "costs": {"$ref": "common#much", "title": "Cost"},
            "wind": {"title": "Wind", "enum": ["fair-wind"], "x-labels": {"fair-wind": "a fair wind"}},
            "sealed": {"type": "boolean", "title": "Sealed"},
            "birds": {"type": "integer", "title": "Birds"},
        },
        {
            "birds": 12500,
            "sealed": True,
            "wind": "fair-wind",
            "costs": {"amount": 180000, "currency": "USD"},
            "lasts": "P6M",
            "begins": "2026-03-01",
        },
    )
    assert [(each.title, str(each.words.striptags())) for each in found] == [
        ("First day", "March 1, 2026"),
        ("How long", "6 months"),
        ("Cost", "USD 180,000"),
        ("Wind", "a fair wind"),
        ("Sealed", "yes"),
        ("Birds", "12,500"),
    ]
    assert [each.kind for each in found] == ["words", "words", "words", "mark", "words", "words"]


def test_what_is_internal_is_not_told_wherever_it_stands() -> None:
    person = {
        "type": "object",
        "properties": {"who": {"title": "Who"}, "stance": {"title": "Stance", "x-internal": True}},
    }
    properties = {
        "people": {"type": "array", "title": "People", "items": person},
        "head": {**person, "title": "Head"},
        "hidden": {"type": "array", "title": "Hidden", "x-internal": True, "items": person},
        "rows": {"type": "array", "title": "Rows", "items": {**person, "x-internal": True}},
    }
    one = {"who": "Ada", "stance": "planted"}
    found = shown(properties, {"people": [one, {"who": "Bo"}], "head": one, "hidden": [one], "rows": [one]})
    assert [each.title for each in found] == ["People", "Head", "Rows"]
    assert not found[2].rows
    assert found[0].columns == ("Who",)
    assert "planted" not in repr(found)


def test_a_table_has_the_columns_that_any_row_fills() -> None:
    item = {"type": "object", "properties": {name: {"title": name.upper()} for name in ("a", "b", "c")}}
    (table,) = shown({"rows": {"type": "array", "title": "Rows", "items": item}}, {"rows": [{"c": "x"}, {"a": "y"}]})
    assert table.columns == ("A", "C")
    assert [[str(cell.words) if cell else None for cell in row] for row in table.rows] == [[None, "x"], ["y", None]]


def test_values_are_inert_and_a_hostile_one_is_shown_as_it_is_written() -> None:
    found = shown({"name": {"title": "Name"}}, {"name": "<script>alert(1)</script>", "x-own": "not asked for"})
    assert [str(each.words) for each in found] == ["&lt;script&gt;alert(1)&lt;/script&gt;"]


def test_a_choice_of_schemas_has_the_parts_of_each() -> None:
    choice = {
        "title": "Fit",
        "oneOf": [
            {"type": "string", "title": "Words alone"},
            {"type": "object", "properties": {"rating": {"title": "Rating"}, "words": {"title": "Words"}}},
        ],
    }
    (fit,) = shown({"fit": choice}, {"fit": {"words": "a few", "rating": "high"}})
    assert (fit.title, [each.title for each in fit.parts]) == ("Fit", ["Rating", "Words"])
    assert shown({"fit": choice}, {"fit": "high"})[0].words == "high"
