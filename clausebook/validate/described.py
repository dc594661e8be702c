"""What the schemas say of one place of the data: whether it is needed, and what may be written there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clausebook.findings.pointers import parts
from clausebook.validate.value_formats import found

Parts = tuple[Mapping[str, Any], ...]

FEWEST = {"parties": 2, "signatures": 2}
"""Lists that the engine itself works with, and how long they are in a contract, whatever the schemas ask for."""

_RULED = ("enum", "const", "format", "x-party")


def party_keys(value: Any) -> list[str]:
    """Return the keys of the agreement's parties, in order; none if one of them has no key that could be named."""
    parties = value.get("parties") if isinstance(value, dict) else None
    listed = parties if isinstance(parties, list) else ()
    keys = [party.get("key") if isinstance(party, dict) else None for party in listed]
    return [] if any(not isinstance(key, str) for key in keys) else [str(key) for key in keys]


def parts_of(schema: Any, references: Mapping[str, Any], *, choices: bool = True) -> Parts:
    """Return a schema and all that it is joined with; those of a choice, too, if `choices`."""
    return tuple(_parts(schema, references, ("allOf", "anyOf", "oneOf") if choices else ("allOf",), 40))


def schemas_at(root: Any, references: Mapping[str, Any], path: Sequence[str | int]) -> list[Any]:
    """Return the schemas of the value at a path, [] if nothing is known of it."""
    schemas = [root]
    for step in path:
        schemas = below(schemas, references, step)
    return schemas


def below(schemas: Sequence[Any], references: Mapping[str, Any], step: str | int) -> list[Any]:
    """Return the schemas of what is one step below a value."""
    parts = (part for schema in schemas for part in parts_of(schema, references))
    return [schema for part in parts for schema in _inside(part, str(step)) if isinstance(schema, dict)]


def described(root: Any, references: Mapping[str, Any], path: Sequence[str | int], *, choices: bool = True) -> Parts:
    """Return what the schemas say of the value at a path, () if nothing; of its choices only if `choices`."""
    found = schemas_at(root, references, path)
    return tuple(part for schema in found for part in parts_of(schema, references, choices=choices))


def label_of(root: Any, references: Mapping[str, Any], pointer: str) -> str:
    """Return what the schemas call the value at a pointer: its title, or its list's; "" if it has none.

    A title of one word says little by itself, so what it is in is named before it.
    """
    path = parts(pointer)
    while path and path[-1].isdigit():
        path = path[:-1]
    named = [
        next((str(part["title"]) for part in described(root, references, path[:end]) if "title" in part), "")
        for end in (len(path), len(path) - 1)
        if end > 0
    ]
    if not named or not named[0]:
        return ""
    return ", ".join(filter(None, reversed(named))) if " " not in named[0] else named[0]


def is_internal(root: Any, references: Mapping[str, Any], pointer: str) -> bool:
    """Tell whether the schemas say that the value at a pointer, or what it is in, is not for the contract."""
    schemas = [root]
    for step in parts(pointer):
        schemas = below(schemas, references, step)
        if _are_internal(schemas, references):
            return True
    return False


def for_the_contract(data: Any, schemas: Sequence[Any], references: Mapping[str, Any]) -> Any:
    """Return data without what the schemas at their place say is not for the contract."""
    if not isinstance(data, Mapping | list):
        return data
    named = data.items() if isinstance(data, Mapping) else enumerate(data)
    inner = ((name, each, below(schemas, references, name)) for name, each in named)
    kept = {
        name: for_the_contract(each, schemas, references)
        for name, each, schemas in inner
        if not _are_internal(schemas, references)
    }
    return kept if isinstance(data, Mapping) else list(kept.values())


def is_free_text(parts: Parts) -> bool:
    """Tell whether any words can stand in a value: no list of values, no format, and no pattern for one line."""
    return (
        any(part.get("type") == "string" for part in parts)
        and not any(keyword in part for part in parts for keyword in _RULED)
        and not any("pattern" in part and not part.get("x-multiline") for part in parts)
    )


def _are_internal(schemas: Sequence[Any], references: Mapping[str, Any]) -> bool:
    return any(part.get("x-internal") for schema in schemas for part in parts_of(schema, references))


def _parts(schema: Any, references: Mapping[str, Any], joined: Sequence[str], left: int) -> Iterator[Mapping[str, Any]]:
    if not isinstance(schema, dict) or not left:
        return
    yield schema
    if "$ref" in schema:
        yield from _parts(references.get(schema["$ref"]), references, joined, left - 1)
    for keyword in joined:
        for part in schema.get(keyword, ()):
            yield from _parts(part, references, joined, left - 1)


def _inside(part: Mapping[str, Any], step: str) -> Iterator[Any]:
    known = part.get("properties", {})
    if step in known:
        yield known[step]
    elif step.isdecimal() and "items" in part:
        yield part["items"]
    else:
        patterns = [schema for pattern, schema in part.get("patternProperties", {}).items() if found(pattern, step)]
        yield from patterns or [part.get("additionalProperties")]
