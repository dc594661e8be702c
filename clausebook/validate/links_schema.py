"""The property by which an agreement of any type names others: its master, those beside it, those that it replaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clausebook.repository.agreement_files import LONGEST_ID

LINKS = "links"
"""The property that names other agreements of the repository. It is no part of the contract."""

AGREEMENT_ID: Mapping[str, Any] = {
    "type": "string",
    "pattern": f"^[a-z0-9][a-z0-9-]{{0,{LONGEST_ID - 1}}}$",
    "x-message": "made of lower-case letters, digits and hyphens",
    "examples": ["harborview"],
}


def _ids(title: str, description: str) -> dict[str, Any]:
    return {
        "type": "array",
        "title": title,
        "description": description,
        "items": AGREEMENT_ID,
        "minItems": 1,
        "uniqueItems": True,
        "examples": [["harborview"]],
    }


LINKS_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "title": "Links",
    "description": "The agreements that this one is under, accompanies or replaces, by id. Internal: not printed.",
    "minProperties": 1,
    "properties": {
        "under": {
            **AGREEMENT_ID,
            "title": "Under",
            "description": "The master agreement under which this one is made, as a statement of work is.",
        },
        "accompanies": _ids("Accompanies", "The agreements beside which this one stands."),
        "replaces": _ids("Replaces", "The agreements whose place this one takes once it is executed."),
    },
    "patternProperties": {"^x-": {}},
    "additionalProperties": False,
    "examples": [{"under": "harborview"}],
}


def with_links(root: Any) -> Any:
    """Return the schema of an agreement with `links` among its properties: a type need not name it."""
    properties = root.get("properties") if isinstance(root, dict) else None
    # What knows no parties describes no agreement.
    if not isinstance(properties, dict) or LINKS in properties or "parties" not in properties:
        return root
    return {**root, "properties": {**properties, LINKS: LINKS_SCHEMA}}
