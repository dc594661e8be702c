"""Small repositories whose agreement has a schedule of its own, in the first format or the second."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.record_cases import DEAL, SCHEMA, STATUSES
from tests.support.repositories import nda_repository

ANNEX = """\

# What the atlas shows.
schedules:
  - id: plates   # the printed ones
    title: "Plates"
    wording: plates.md
"""


def numbered_repository(folder: Path, number: int) -> Path:
    """Make a repository with one agreement of the first format, and schemas that describe a format; return its root."""
    root = nda_repository(folder)
    describe(root, number)
    deal = root / DEAL
    deal.write_text(deal.read_text(encoding="utf-8") + ANNEX, encoding="utf-8")
    own = deal.with_suffix("")
    own.mkdir()
    (own / "plates.md").write_text("---\n{}\n---\nThe plates show {{ secrets.topic }}.\n", encoding="utf-8")
    return root


def describe(root: Path, number: int) -> None:
    """Let the schemas of the type describe a format."""
    path = root / SCHEMA
    schema = json.loads(path.read_text(encoding="utf-8"))
    name = "id" if number == 1 else "key"
    properties = {each: {"type": "string"} for each in (name, "title", "wording")}
    item = {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}
    schema["properties"]["schedules"] = {"type": "array", "items": item}
    schema["properties"]["status"]["enum"] = STATUSES
    if number > 1:
        schema["properties"]["format"] = {"const": number}
    path.write_text(json.dumps(schema), encoding="utf-8")
