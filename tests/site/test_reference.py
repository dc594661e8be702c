"""The schemas as a reference: each property has its row, each reference leads there, and all words are inert."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clausebook.repository.tree import DiskTree
from clausebook.site.page import SitePage
from clausebook.site.reference_pages import reference_pages, schema_files
from clausebook.validate.schema_files import subschemas
from tests.support.html_reader import Element, read_html

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def pages(repository_root: Path) -> dict[str, tuple[SitePage, Element]]:
    found = reference_pages(schema_files(DiskTree(repository_root)))
    return {page.path: (page, read_html(page.body)) for page in found}


def written(folder: Path, **schemas: Any) -> DiskTree:
    """Write schemas of the type `boats`, by name; return the tree."""
    place = folder / "schemas/boats"
    place.mkdir(parents=True)
    for name, schema in schemas.items():
        content = schema if isinstance(schema, str) else json.dumps(schema)
        (place / f"{name}.schema.json").write_text(content)
    return DiskTree(folder)


def rows(page: SitePage) -> dict[str, list[str]]:
    """Return the cells of each row but its name, by where the property stands."""
    found = {}
    for row in read_html(page.body).all("tr"):
        if cells := [" ".join(each.text().split()) for each in row.all("td")]:
            found[cells[0]] = cells[1:]
    return found


def test_each_schema_of_the_repository_has_a_page_with_every_title_in_it(
    repository_root: Path, pages: dict[str, tuple[SitePage, Element]]
) -> None:
    for file in schema_files(DiskTree(repository_root)):
        text = " ".join(pages[file.path][1].text().split())
        named = (part for _, schema in subschemas(file.schema) for part in schema.get("properties", {}).values())
        titles = {" ".join(str(each.get("title", "")).split()) for each in named}
        assert {each for each in titles if each not in text} == set()


def test_each_reference_leads_to_an_anchor_and_no_page_has_one_twice(
    pages: dict[str, tuple[SitePage, Element]],
) -> None:
    anchors = {
        path: [each.attributes["id"] for each in body.all() if "id" in each.attributes]
        for path, (_, body) in pages.items()
    }
    assert all(len(found) == len({*found}) for found in anchors.values())
    links = 0
    for path, (_, body) in pages.items():
        for link in body.all("a"):
            target, _, anchor = link.attributes["href"].partition("#")
            where = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), target, "index.html")) if target else path
            )
            if anchor:
                assert anchor in anchors[where], (path, link.attributes["href"])
                links += 1
    assert links > 300


def test_a_row_says_kind_need_values_and_bounds(tmp_path: Path) -> None:
    group = {
        "type": "object",
        "title": "Mooring",
        "properties": {
            "rope": {"type": "string", "title": "Rope", "minLength": 1, "maxLength": 9, "examples": ["hemp", "jute"]},
            "knot": {"enum": ["bow"], "x-labels": {"bow": "a bowline"}, "title": "Knot", "x-internal": True},
            "ends": {"type": "array", "items": {"$ref": "#/$defs/end"}, "minItems": 2, "title": "Ends"},
            "tied": {
                "type": "array",
                "title": "Tied",
                "items": {"type": "object", "properties": {"on": {"format": "date"}}},
            },
        },
        "required": ["rope"],
        "oneOf": [{"properties": {"wind": {"type": "boolean", "title": "Wind"}}, "required": ["wind"]}],
        "patternProperties": {"^x-": {}},
    }
    schema = {"title": "Boat", "properties": {"mooring": group}, "$defs": {"end": {"type": "string", "title": "End"}}}
    _, page = reference_pages(schema_files(written(tmp_path, agreement=schema)))
    assert rows(page) == {
        "mooring.rope": ["Rope", "Text Must be there 9 letters at most", "hemp jute"],
        "mooring.knot": ["Knot", "One of Internal bow a bowline", "–"],
        "mooring.ends": ["Ends", "List: end 2 or more of them", "–"],
        "mooring.tied": ["Tied", "List: group", "–"],
        "mooring.tied[].on": ["On", "Date", "–"],
        "mooring.wind": ["Wind", "Yes or no", "–"],
    }
    assert 'href="#def-end"' in page.body
    assert [each.anchor for each in page.search] == ["", "mooring", "def-end"]


def test_what_a_schema_says_is_inert_and_one_that_leads_back_to_itself_ends(tmp_path: Path) -> None:
    loop: dict[str, Any] = {"title": HOSTILE, "description": HOSTILE, "properties": {}}
    loop["properties"]["again"] = {"$ref": "#", "title": HOSTILE, "examples": [HOSTILE], "enum": [HOSTILE]}
    pages = list(reference_pages(schema_files(written(tmp_path, agreement=loop, other="{not json"))))
    assert [each.path for each in pages] == ["reference/index.html", "reference/boats/agreement/index.html"]
    assert not any("<script" in each.body for each in pages)


def test_without_schemas_it_says_so(tmp_path: Path) -> None:
    (page,) = reference_pages(schema_files(DiskTree(tmp_path)))
    assert "There are no schemas that can be read." in page.body


def deep(count: int) -> Iterator[dict[str, Any]]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(count):
        schema = {"type": "object", "properties": {"in": schema}}
        yield schema


def test_a_schema_of_a_thousand_floors_is_bounded(tmp_path: Path) -> None:
    *_, schema = deep(300)
    (_, page) = reference_pages(schema_files(written(tmp_path, agreement=schema)))
    assert 5 < len(rows(page)) < 50
