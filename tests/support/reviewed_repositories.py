"""A repository of two agreements of a type that has fallbacks and approvals, to review changes of."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

NAME = "sparrow-finch"
DEAL = f"agreements/{NAME}.yaml"
OTHER = "agreements/heron-kite.yaml"
CLAUSES = "templates/nda/clauses"
KEEPING = f"{CLAUSES}/keeping.md"
GLOSSARY = "templates/nda/glossary.yaml"
OUTLINE = "templates/nda/outline.yaml"
SCHEMA = "schemas/nda/agreement.schema.json"

FALLBACK = """---
id: keeping-shorter
title: Keeping
slot: keeping
version: "1.0"
status: approved
position: fallback 1
approver: General Counsel and Chief Privacy Officer
---
{{ parties|pluck('short_name')|and_list }} try to keep each other's {{ term('Secrets') }}.
"""

CHOICE = "clauses: {keeping: {use: keeping-shorter, reason: They asked for it.}}\n"


def reviewed_repository(folder: Path) -> Repository:
    """Make the repository, committed on its main branch, on a branch `topic`."""
    made = new_repository(nda_repository(folder))
    schema = json.loads((made.project / SCHEMA).read_text(encoding="utf-8"))
    schema["properties"]["status"]["enum"] = ["draft", "approved", "executed"]
    schema["properties"]["clauses"] = {"type": "object"}
    deal = (made.project / DEAL).read_text(encoding="utf-8").replace("status: approved", "status: draft")
    other = deal.replace(NAME, "heron-kite").replace("sparrow", "heron").replace("Sparrow Maps", "Heron Charts")
    other = other.replace("Sparrow", "Heron").replace("garden birds", "sea birds")
    edits = {SCHEMA: json.dumps(schema), f"{CLAUSES}/keeping-shorter.md": FALLBACK, DEAL: deal, OTHER: other}
    made.commit("First draft", edits)
    made.git("checkout", "--quiet", "-b", "topic")
    return made
