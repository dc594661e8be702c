"""The conventions of schemas/README.md, over every schema of the repository."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from clausebook.load.positions import Positions
from clausebook.load.yaml import load_yaml, split_front_matter
from clausebook.project.type_schemas import whole_files
from clausebook.repository.tree import DiskTree
from clausebook.validate.schema_files import SUFFIX, subschemas
from clausebook.validate.schemas import Schemas, SchemaStore, load_schemas
from clausebook.validate.value_formats import FORMAT_PATTERNS, found, is_anchored

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "schemas").rglob(f"*{SUFFIX}")
    if path.parent != ROOT / "schemas" / "whole"
)

CONDITIONS = {"if", "then", "else", "not", "contains", "allOf", "anyOf", "oneOf"}
"""Keywords whose schemas narrow what another one describes."""


@cache
def loaded(file: str) -> Schemas:
    folder, _, name = file.rpartition("/")
    return load_schemas(DiskTree(ROOT), folder, name)


def parts_of(file: str) -> list[tuple[tuple[str | int, ...], dict[str, Any]]]:
    return list(subschemas(loaded(file).root))


def resolved(schema: dict[str, Any], schemas: Schemas) -> Iterator[dict[str, Any]]:
    """Yield the schema and those that it refers to, one after the other."""
    for _ in range(40):
        yield schema
        if "$ref" not in schema:
            return
        schema = schemas.references[schema["$ref"]]
    raise AssertionError("a reference leads to itself")


def test_there_are_schemas() -> None:
    assert "schemas/partnership/agreement.schema.json" in FILES
    assert {f"schemas/{name}{SUFFIX}" for name in ("clause", "negotiated", "outline", "glossary")} <= set(FILES)


@pytest.mark.parametrize("file", FILES)
def test_passes_the_metaschema(file: str) -> None:
    Draft202012Validator.check_schema(json.loads((ROOT / file).read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", FILES)
def test_can_be_used(file: str) -> None:
    assert loaded(file).findings == ()


@pytest.mark.parametrize("file", FILES)
def test_names_its_dialect_and_no_address_of_its_own(file: str) -> None:
    schema = json.loads((ROOT / file).read_text(encoding="utf-8"))
    # Other tools would look for what it refers to there, and not beside the file.
    assert "$id" not in schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("file", FILES)
def test_every_property_explains_itself(file: str) -> None:
    lacking = []
    for path, part in parts_of(file):
        if len(path) > 1 and path[-2] == "properties":
            chain = list(resolved(part, loaded(file)))
            lacking += [
                f"{'/'.join(map(str, path))}: {word}"
                for word in ("title", "description", "examples")
                if not any(schema.get(word) for schema in chain)
            ]
    assert lacking == []


@pytest.mark.parametrize("file", FILES)
def test_every_object_refuses_unknown_properties(file: str) -> None:
    lax = []
    for path, part in parts_of(file):
        if "properties" in part and not CONDITIONS & set(path):
            closed = part.get("additionalProperties") is False and part.get("patternProperties", {}).get("^x-") == {}
            if not closed:
                lax.append("/".join(map(str, path)))
    assert lax == []


@pytest.mark.parametrize("file", FILES)
def test_examples_are_valid(file: str) -> None:
    schemas = loaded(file)
    wrong = []
    for path, part in parts_of(file):
        for example in part.get("examples", ()):
            found = replace(schemas, root=part).validate(example, Positions(), file)
            wrong += [f"{'/'.join(map(str, path))}: {example!r}: {finding.message}" for finding in found]
    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_patterns_mean_the_same_to_every_tool(file: str) -> None:
    for path, part in parts_of(file):
        if "pattern" in part:
            assert is_anchored(part["pattern"]), path
            # By JSON Schema this is any white space that Unicode knows, to our engine only that of ASCII.
            assert not re.search(r"\\s(?!\\S\])", part["pattern"]), path
        if "format" in part:
            assert part.get("pattern") == FORMAT_PATTERNS[part["format"]], path
        if "pattern" in part and part.get("x-multiline"):
            for example in part["examples"]:
                assert found(part["pattern"], f"{example}\n"), path


def test_the_self_contained_schemas_are_what_the_others_make() -> None:
    for path, content in whole_files(SchemaStore(DiskTree(ROOT))).items():
        assert (ROOT / path).read_bytes() == content, f"{path} is outdated: run `clausebook schemas`"


@pytest.mark.parametrize("file", FILES)
def test_properties_are_snake_case(file: str) -> None:
    names = {name for _, part in parts_of(file) for name in part.get("properties", {})}
    assert sorted(name for name in names if not name.replace("_", "").isalnum() or name != name.lower()) == []


@pytest.mark.parametrize("file", FILES)
def test_labels_stand_for_every_value(file: str) -> None:
    for path, part in parts_of(file):
        if "x-labels" in part:
            assert list(part["x-labels"]) == part["enum"], path


@pytest.mark.parametrize("file", FILES)
def test_keywords_name_what_is_there(file: str) -> None:
    schemas = loaded(file)
    for path, part in parts_of(file):
        properties = part.get("properties", {})
        if not CONDITIONS & set(path):
            assert set(part.get("required", ())) <= set(properties), path
        for name, subschema in properties.items():
            if isinstance(subschema, dict) and "x-not-before" in subschema:
                assert subschema["x-not-before"] in properties, (path, name)
            if isinstance(subschema, dict) and "x-currency" in subschema:
                assert subschema["x-currency"] in properties, (path, name)
        named = {part["x-unique"]} if "x-unique" in part else set()
        named |= {part["x-sum"]["of"]} if "x-sum" in part else set()
        if named:
            known = [schema for items in [part["items"]] for schema in resolved(items, schemas)]
            assert named <= {name for schema in known for name in schema.get("properties", {})}, path


@pytest.mark.parametrize("file", FILES)
def test_amounts_are_never_floats(file: str) -> None:
    for path, part in parts_of(file):
        types = part.get("type", [])
        assert "number" not in ([types] if isinstance(types, str) else types), path


def outlines() -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").glob("*/outline.yaml"))


@pytest.mark.parametrize("file", outlines())
def test_outlines_are_valid(file: str) -> None:
    data = load_yaml((ROOT / file).read_bytes(), file)
    assert data.findings == ()
    assert loaded(f"schemas/outline{SUFFIX}").validate(data.value, data.positions, file) == []


def test_clauses_and_glossaries_are_valid() -> None:
    found = []
    for path in sorted((ROOT / "templates").glob("*/clauses/*.md")):
        front = split_front_matter(path.read_bytes(), path.name)
        found += front.findings
        schemas = loaded(f"schemas/clause{SUFFIX}")
        found += schemas.validate(front.data.value, front.data.positions, path.name, known=front.findings)
    for path in sorted((ROOT / "agreements").glob("*/*.md")):
        if path.parent.name != "executed":
            front = split_front_matter(path.read_bytes(), path.name)
            found += front.findings
            schemas = loaded(f"schemas/negotiated{SUFFIX}")
            found += schemas.validate(front.data.value, front.data.positions, path.name, known=front.findings)
    for path in sorted((ROOT / "templates").glob("*/glossary*.yaml")):
        data = load_yaml(path.read_bytes(), path.name, root="list")
        found += data.findings
        schemas = loaded(f"schemas/glossary{SUFFIX}")
        found += schemas.validate(data.value, data.positions, path.name, known=data.findings)
    assert [f"{finding.path}:{finding.line}: {finding.message}" for finding in found] == []
