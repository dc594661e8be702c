"""facts/1 of registered papers: what somebody asserts of them, from which page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from clausebook.facts.agreement_facts import FACTS_FORMAT, duties_data
from clausebook.facts.duties.agreement_duties import WhatIsOwed
from clausebook.records.registered import Registered

PAPER = "registered"
"""What stands where other agreements have their status and stage."""


def paper_data(paper: Registered, owed: WhatIsOwed) -> dict[str, Any]:
    """Return facts/1 of a registered paper as JSON data; `registered` holds all that is asserted, as it is asserted."""
    return {
        "format": FACTS_FORMAT,
        "id": paper.id,
        "title": owed.title,
        "type": PAPER,
        "version": "",
        "status": PAPER,
        "text": "",
        "signed": True,
        "standing": {"stage": PAPER, "since": paper.value("effective")},
        "parties": [{"legal_name": name} for name in paper.values("party")],
        "terms": [],
        "tables": {},
        **duties_data(owed),
        "approvals": [],
        PAPER: {
            "file": asdict(paper.file),
            "facts": [asdict(each) for each in paper.facts],
            "duties": [asdict(each) for each in paper.duties],
        },
    }
