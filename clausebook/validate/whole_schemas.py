"""One self-contained file a type, for editors and every other tool that reads JSON Schema.

It is made from the sectioned schemas and means the same. What our own validator knows by itself stands in it as
patterns: the form of dates, durations and e-mail addresses, and that text without `x-multiline` is of one line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from clausebook.findings.pointers import parts
from clausebook.formats.renames import Rename, renames
from clausebook.formats.table import FIELD
from clausebook.validate.schema_files import HOLD_LISTS, HOLD_MAPS, HOLD_ONE, SUFFIX
from clausebook.validate.schemas import Schemas
from clausebook.validate.value_formats import FORMAT_PATTERNS, VALUE_FORMATS

ANY = "any"
"""What the schema is called that takes an agreement of any type."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MADE = "Made from schemas/{kind}/ by `clausebook schemas`: change the schemas there, not this file."

ONE_LINE = r"^[^\n]*$"


def whole_schema(schemas: Schemas, kind: str) -> dict[str, Any]:
    """Return the schema of a type as one that refers to nothing but itself. Its schemas must be without findings."""
    names: dict[str, str] = {f"{schemas.root_file}#": ""}
    root = _translated(schemas.root, names)
    definitions: dict[str, Any] = {}
    # Each definition can name others, which are then waiting in `names`.
    while waiting := [(reference, name) for reference, name in names.items() if name and name not in definitions]:
        for reference, name in waiting:
            definitions[name] = _translated(schemas.references[reference], names)
    head = {"$schema": DIALECT, "$comment": MADE.format(kind=kind)}
    body = root if isinstance(root, dict) else {"allOf": [root]}
    for change in renames("agreement", 1, schemas.number):
        _allow_former(body, definitions, change)
    return {**head, **body, "$defs": {name: definitions[name] for name in sorted(definitions)}}


def any_schema(kinds: Sequence[str]) -> dict[str, Any]:
    """Return the schema by which an agreement of any of these types is held against that of its own, beside it."""
    chosen = [
        {
            "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
            "then": {"$ref": f"{kind}{SUFFIX}"},
        }
        for kind in kinds
    ]
    return {
        "$schema": DIALECT,
        "$comment": "Made by `clausebook schemas`, as its neighbours are.",
        "title": "Agreement of any type",
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": list(kinds)}},
        "allOf": chosen,
    }


def as_file(schema: Mapping[str, Any]) -> bytes:
    """Return a schema as the bytes of its file."""
    return (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode()


def _translated(part: Any, names: dict[str, str]) -> Any:
    """Return a schema as other tools must read it; `names` gets the definitions that it refers to, by reference."""
    if not isinstance(part, dict):
        return part
    made: dict[str, Any] = {}
    for keyword, value in part.items():
        if keyword == "$ref":
            made[keyword] = f"#/$defs/{name}" if (name := _name(value, names)) else "#"
        elif keyword in HOLD_ONE:
            made[keyword] = _translated(value, names)
        elif keyword in HOLD_MAPS and isinstance(value, dict):
            made[keyword] = {name: _translated(each, names) for name, each in value.items()}
        elif keyword in HOLD_LISTS and isinstance(value, list):
            made[keyword] = [_translated(each, names) for each in value]
        elif keyword not in ("$id", "$comment"):
            made[keyword] = value
    made.pop("$defs", None)
    return {**made, **_said_to_others(made)}


def _allow_former(root: dict[str, Any], definitions: Mapping[str, Any], change: Rename) -> None:
    """Let a file that says no format number use the name that a property had, as `clausebook check` does."""
    within = change.within.split("/")[1:]
    refused: Any = {"properties": {change.old: False}}
    for step in reversed(within):
        refused = {"items": refused} if step == "*" else {"properties": {step: refused}}
    group: Any = root
    for step in within:
        group = group.get("items") if step == "*" else group.get("properties", {}).get(step)
        if isinstance(group, dict) and "$ref" in group:
            group = definitions[group["$ref"].removeprefix("#/$defs/")]
        if not isinstance(group, dict):
            return
    properties = group.get("properties", {})
    if change.new not in properties or change.old in properties:
        return
    title = f"The name that `{change.new}` had"
    group["properties"] = {**properties, change.old: {**properties[change.new], "title": title, "deprecated": True}}
    if change.new in group.get("required", ()):
        group["required"] = [name for name in group["required"] if name != change.new]
        either = {"oneOf": [{"required": [change.new]}, {"required": [change.old]}]}
        group["allOf"] = [*group.get("allOf", ()), either]
    root["allOf"] = [*root.get("allOf", ()), {"if": {"required": [FIELD]}, "then": refused}]


def _said_to_others(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords by which others know of a schema what our validator knows."""
    said: dict[str, Any] = {}
    form, types = str(schema.get("format")), schema.get("type")
    pattern = schema.get("pattern", FORMAT_PATTERNS.get(form))
    if pattern is not None:
        said["pattern"] = pattern
    text = "string" in (types if isinstance(types, list) else [types])
    if text and not any(name in schema for name in ("x-multiline", "enum", "const")):
        if pattern is None:
            said |= {"pattern": ONE_LINE, "patternErrorMessage": "write it on one line"}
        elif form not in FORMAT_PATTERNS:
            said["allOf"] = [*schema.get("allOf", ()), {"pattern": ONE_LINE}]
    message = schema.get("x-message", VALUE_FORMATS[form][2] if form in VALUE_FORMATS else "")
    if message and pattern is not None:
        said["patternErrorMessage"] = message
    if isinstance(schema.get("x-labels"), dict) and isinstance(schema.get("enum"), list):
        said["enumDescriptions"] = [schema["x-labels"].get(str(value), "") for value in schema["enum"]]
    return said


def _name(reference: str, names: dict[str, str]) -> str:
    """Return what the definition is called that a reference leads to; "" is the whole schema."""
    if reference not in names:
        file, _, fragment = reference.partition("#")
        inside = [step for step in parts(fragment) if step not in ("$defs", "properties")]
        own = [] if inside and file.startswith("../") else [file.rpartition("/")[2].removesuffix(SUFFIX)]
        wanted = re.sub(r"[^\w.-]", "-", ".".join([*own, *inside]), flags=re.ASCII)
        taken, number = set(names.values()), 1
        while (name := wanted if number == 1 else f"{wanted}-{number}") in taken:
            number += 1
        names[reference] = name
    return names[reference]
