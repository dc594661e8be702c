"""A small house with something of everything that its site tells: two charters of boats, and an opportunity."""

from __future__ import annotations

import json
from pathlib import Path

from clausebook.language.sandbox import Sandbox
from clausebook.lifecycle.turns import receive, send
from clausebook.project.project import Project
from tests.support.executed_repositories import record
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import shapes_repository

FERRY = "agreements/heron-ferry.yaml"

_DRAWINGS = """\
---
id: drawings
title: Drawings
slot: drawings
version: "1.0"
status: approved
position: standard
---
{{ party('heron').short_name }} owns all drawings of the {{ term('Boat') }}.
"""
_CARE = """\
---
id: care-by-one
title: Care by one
slot: care
version: "1.0"
status: approved
position: fallback 1
approver: Harbor Master
guidance: Only where one of them keeps the boat.
---
{{ party('marsh').short_name }} alone keeps the {{ term('Boat') }} dry.
"""
_METHOD = """\
name: SAIL
agreement_type: charter
steps:
  - {id: scan, title: Scan, aim: See who is at sea.}
  - {id: refine, title: Refine, aim: Learn to row together.}
  - {id: kickoff, title: Kickoff, aim: Leave the harbor.}
ratings: {high: 3, low: 1}
weights: {strategic_fit: 1}
equity: {least_share: 30}
points:
  - {id: words, kind: strategy, step: refine, title: A list of words, needs: [/refine/translations], says: Both know.}
  - {id: lessons, kind: challenge, step: refine, title: Rowing lessons, needs: [/refine/training], says: Both can row.}
"""
_JOURNAL = """\
spark:
  scan: {industry: Rowing, strategic_fit: high}
  refine: {translations: [{ours: oar, theirs: paddle, agreed: oar}]}
  kickoff:
    scaling: [{step: a second boat, region: the marsh, gate: {metric: Weather log, at_least: 40}}]
"""
_TABLE = """\
  - id: contributions
    title: What each party gives and gets
    each: {log: charter.logs}
    columns:
      what: {title: What, value: log.title}
      form: {title: Form, value: "'in kind'"}
      giver: {title: Gives, kind: party, value: log.author}
"""


def house(folder: Path, sandbox: Sandbox) -> Repository:
    """Make the house: one charter is signed and lived, the other was sent, answered and changed since."""
    root = shapes_repository(folder, "boats")
    charter = root / "templates/charter"
    (charter / "clauses/drawings.md").write_text(_DRAWINGS, "utf-8")
    (charter / "clauses/care-by-one.md").write_text(_CARE, "utf-8")
    _edit(charter / "outline.yaml", "      - {id: end,", "      - {id: drawings, clause: drawings}\n      - {id: end,")
    cap = "  - {id: cap, title: Cap on liability, kind: money, place: care, value: charter.cap}\n"
    _edit(charter / "facts.yaml", "tables:\n", cap + "tables:\n" + _TABLE)
    _edit(charter / "facts.yaml", "compare: [lasts, hire]", "compare: [cap, lasts, hire]")
    schema = root / "schemas/charter/agreement.schema.json"
    known = json.loads(schema.read_text("utf-8"))
    known["properties"]["clauses"] = {"type": "object"}
    known["properties"]["charter"]["properties"]["cap"] = known["properties"]["charter"]["properties"]["hire"]
    schema.write_text(json.dumps(known), "utf-8")
    (root / "templates/spark.yaml").write_text(_METHOD, "utf-8")
    with (root / "agreements/journal/heron-marsh.yaml").open("a", encoding="utf-8") as file:
        file.write(_JOURNAL)
    (root / "agreements/results").mkdir()
    (root / "agreements/results/heron-marsh.csv").write_text("date,metric,value\n2027-03-01,Weather log,12\n", "utf-8")
    (root / "agreements/pipeline").mkdir()
    (root / "agreements/pipeline/gull.yaml").write_text(
        "title: Far shores\norganisation: {name: Gull & Daughters}\nscan: {industry: Fishing, strategic_fit: high}\n",
        "utf-8",
    )
    chosen = "clauses:\n  care: {use: care-by-one, reason: They have the shed.}\n"
    _edit(root / FERRY, "signatures:", chosen + "signatures:")
    _edit(root / FERRY, "  drydock:", '  cap: {amount: "900", currency: USD}\n  drydock:')
    record(root, "heron-marsh", "2027-01-15", sandbox)
    repository = new_repository(root)
    repository.commit("Agree on the first texts")
    with Project(root, sandbox) as project:
        send(project, "heron-ferry", "2026-12-03", "marsh", "Our first text")
        receive(project, "heron-ferry", "2026-12-05", "marsh", "They want it cheaper")
    repository.commit("Send the ferry")
    repository.replace("Ask for less", FERRY, 'amount: "1200"', 'amount: "1100"')
    repository.replace("Make it a version", FERRY, 'version: "1.0"', 'version: "1.1"')
    return repository


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, f"{path} does not hold {old!r}"
    path.write_text(text.replace(old, new), "utf-8")
