"""The properties by which every type's parties can say which legal entity they are, and from whom they took over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LINE = {"type": "string", "minLength": 1, "maxLength": 10000}

IDENTITY: Mapping[str, Any] = {
    "registration": {
        "type": "object",
        "title": "Registration",
        "x-internal": True,
        "description": "The entry of the legal entity in a public register, which tells it from every other.",
        "required": ["register", "number"],
        "properties": {
            "register": {
                **_LINE,
                "title": "Register",
                "description": "The register or office that keeps the entry.",
                "examples": ["Washington Secretary of State"],
            },
            "number": {
                **_LINE,
                "title": "Number",
                "description": "The number of the entry, in quotes.",
                "examples": ["603 118 904"],
            },
        },
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
        "examples": [{"register": "Washington Secretary of State", "number": "603 118 904"}],
    },
    "identifier": {
        **_LINE,
        "title": "Identifier",
        "x-internal": True,
        "description": "The house's own identifier of the legal entity. Internal: not printed.",
        "examples": ["CP-00417"],
    },
    "formerly": {
        "type": "array",
        "title": "Formerly",
        "x-internal": True,
        "description": "Earlier legal names of the same legal entity, newest first.",
        "minItems": 1,
        "maxItems": 20,
        "items": {
            **_LINE,
            "title": "Name",
            "description": "One earlier legal name.",
            "examples": ["Oxbow Pharmacies, LLC"],
        },
        "examples": [["Oxbow Pharmacies, LLC"]],
    },
    "successor_to": {
        **_LINE,
        "title": "Successor to",
        "x-internal": True,
        "description": "The key of the party to the text in force whose place this one takes by assignment.",
        "examples": ["oxbow"],
    },
}
"""Without them no amendment of a type could tell a change of name from another company. A type's own go first."""


def with_identity(root: Any, references: Mapping[str, Any]) -> Any:
    """Return the schema of an agreement with what tells its parties apart: a type need not name it.

    A text that was sent goes by the schemas as they were sent, which may be older than these properties.
    """
    properties = root.get("properties") if isinstance(root, dict) else None
    parties = _whole(properties.get("parties"), references) if isinstance(properties, dict) else None
    party = _whole(parties.get("items"), references) if parties else None
    known = party.get("properties") if party else None
    if not properties or not parties or not party or not isinstance(known, dict):
        return root
    missing = {name: each for name, each in IDENTITY.items() if name not in known}
    if not missing:
        return root
    described = {**parties, "items": {**party, "properties": {**known, **missing}}}
    return {**root, "properties": {**properties, "parties": described}}


def _whole(schema: Any, references: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a schema with what it refers to put in its place; None if it is no object."""
    for _ in range(40):
        if not isinstance(schema, dict) or "$ref" not in schema:
            return schema if isinstance(schema, dict) else None
        target = references.get(schema["$ref"])
        rest = {name: each for name, each in schema.items() if name != "$ref"}
        schema = {**target, **rest} if isinstance(target, dict) else None
    return None
