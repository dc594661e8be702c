"""What every agreement must have, whatever its type: names of parties that tell them apart."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clausebook.load.positions import Positions
from clausebook.load.yaml import load_yaml
from clausebook.validate.common import check_common


def alike(*parties: tuple[str, str]) -> list[tuple[str, str]]:
    """Return pointer and message of what is said of parties with these legal and short names."""
    data = {
        "id": "deal",
        "type": "sample",
        "title": "A deal",
        "version": "1.0",
        "status": "draft",
        "parties": [
            {"key": f"party-{number}", "legal_name": legal, "short_name": short}
            for number, (legal, short) in enumerate(parties)
        ],
        "signatures": [],
    }
    loaded = load_yaml(json.dumps(data).encode(), "deal.yaml")
    found = check_common(loaded.value, loaded.positions, "deal.yaml", ())
    assert all(finding.rule == "core/party-name" and finding.line and finding.hint for finding in found)
    return [(finding.pointer, finding.message) for finding in found]


@pytest.mark.parametrize(
    ("second", "pointer", "known"),
    [
        (("A Ltd", "B"), "/parties/1/legal_name", "legal_name"),
        (("a  LTD", "B"), "/parties/1/legal_name", "legal_name"),
        (("B Ltd", "A"), "/parties/1/short_name", "short_name"),
        (("B Ltd", "a"), "/parties/1/short_name", "short_name"),
        (("B Ltd", "A Ltd"), "/parties/1/short_name", "legal_name"),
    ],
)
def test_names_of_parties_that_coincide(second: tuple[str, str], pointer: str, known: str) -> None:
    [(place, message)] = alike(("A Ltd", "A"), second)
    assert place == pointer
    assert f"is already the `{known}` of item 1 of `parties`" in message


def test_one_finding_for_two_parties_of_one_name() -> None:
    assert len(alike(("A Ltd", "A"), ("A Ltd", "A"))) == 1


def test_a_party_may_be_called_by_its_full_name() -> None:
    assert alike(("Acme", "Acme"), ("B Ltd", "B")) == []


def test_a_mend_shows_that_a_contract_has_two_parties() -> None:
    found = check_common({"id": "deal"}, Positions(), "deal.yaml", ())
    hints = {finding.message.partition("`")[2].partition("`")[0]: finding.hint for finding in found}
    assert '"[Key 1]"' in hints["parties"]
    assert "}, …]`" in hints["parties"]
    assert hints["signatures"].startswith(
        'add `signatures: [{party: "[key of a party]"}, {party: "[key of a party]"}]`'
    )


@pytest.mark.parametrize(
    ("parties", "pointers"),
    [
        ([{"legal_name": " "}, {"legal_name": " "}], []),
        ([{"legal_name": 7}, {"legal_name": 7}], []),
        (["A Ltd", {"legal_name": "A Ltd"}, {"short_name": "A Ltd"}], ["/parties/2/short_name"]),
        ([{"legal_name": "A"}, {"legal_name": "B"}, {"legal_name": "B", "short_name": "A"}], ["/parties/2/legal_name"]),
        ("A Ltd", []),
        ({"legal_name": "A Ltd"}, []),
    ],
)
def test_only_names_can_coincide(parties: Any, pointers: list[str]) -> None:
    found = check_common({"parties": parties}, Positions(), "deal.yaml", ())
    assert [each.pointer for each in found if each.rule == "core/party-name"] == pointers
