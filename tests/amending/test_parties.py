"""Who the parties of a draft are beside those of the text in force, as data."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from clausebook.amending.parties import identity_findings, role_findings, roles
from clausebook.findings.model import SourceFile

REGISTERED = {"register": "Ohio Secretary of State", "number": "44"}
ANOTHER = {"register": "Ohio Secretary of State", "number": "45"}


def party(key: str, name: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "legal_name": name, "short_name": key.title(), **more}


FINCH, HERON = party("finch", "Finch LLP"), party("heron", "Heron, Inc.")


def told(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[tuple[str, str]]:
    at = SourceFile("agreements/deal.yaml", lambda pointer: (1, 1))
    return [(each.pointer, each.message) for each in identity_findings(old, new, at)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([FINCH, HERON], [HERON, FINCH]),
        ([FINCH], [party("finch", "finch  llp")]),
        ([FINCH], [party("finch", "Finch LLP", registration=REGISTERED)]),
        ([FINCH], [party("finch", "Siskin LLP", formerly=["Finch LLP"])]),
        ([FINCH], [party("finch", "Siskin LLP", formerly=["Linnet LLP", "FINCH LLP"], registration=REGISTERED)]),
        ([{**FINCH, "registration": REGISTERED}], [party("finch", "Siskin LLP", registration=REGISTERED)]),
        (
            [{**FINCH, "registration": REGISTERED}],
            [party("finch", "Siskin", registration={"register": "OHIO  Secretary of State", "number": "44"})],
        ),
        ([{**FINCH, "identifier": "A1"}], [party("finch", "Siskin LLP", identifier="a1")]),
        # A company that moves to another state has another registration: the house says that it is the same.
        (
            [{**FINCH, "identifier": "A1", "registration": REGISTERED}],
            [{**FINCH, "identifier": "A1", "registration": ANOTHER}],
        ),
        ([FINCH], [HERON]),
        ([FINCH], [party("heron", "Heron, Inc.", successor_to="finch")]),
        # It was a successor once; the one before it has long gone.
        ([HERON], [party("heron", "Heron, Inc.", successor_to="finch")]),
        # A type of a lawyer's own may have one line for each.
        (
            [{**FINCH, "registration": "HRB 44"}],
            [{**party("finch", "Siskin LLP"), "registration": "HRB 44", "formerly": "Finch LLP"}],
        ),
        ([FINCH], [{**party("finch", "Siskin LLP"), "formerly": "Finch LLP"}]),
        # Names exchanged by companies that are known.
        (
            [{**FINCH, "identifier": "A1"}, {**HERON, "identifier": "A2"}],
            [party("finch", "Heron, Inc.", identifier="A1"), party("heron", "Finch LLP", identifier="A2")],
        ),
        # Who goes by the amendment, or only consents, is no party of the text to be.
        ([FINCH, HERON], [FINCH, {**HERON, "role": "leaving"}, party("bank", "Heron, Inc.", role="consenting")]),
        # A new company that has the name of one that went, and is known to be another.
        (
            [{**FINCH, "registration": REGISTERED}],
            [party("siskin", "Finch LLP", registration=ANOTHER, successor_to="finch")],
        ),
    ],
)
def test_what_is_plain_is_not_told(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    assert told(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        (
            [FINCH],
            [party("finch", "Siskin LLP")],
            "/parties/0/legal_name",
            "a new name of the same company, or another",
        ),
        (
            [FINCH],
            [party("finch", "Siskin LLP", registration=REGISTERED)],
            "/parties/0/legal_name",
            "a new name of the same company",
        ),
        (
            [FINCH],
            [party("finch", "Siskin LLP", formerly=["Linnet LLP"])],
            "/parties/0/legal_name",
            "“Siskin LLP” here and “Finch LLP”",
        ),
        (
            [{**FINCH, "registration": REGISTERED}],
            [{**FINCH, "registration": ANOTHER}],
            "/parties/0/registration",
            "“Ohio Secretary of State, 45”, not “Ohio Secretary of State, 44”",
        ),
        (
            [{**FINCH, "identifier": "A1", "registration": REGISTERED}],
            [{**FINCH, "identifier": "A2", "registration": REGISTERED}],
            "/parties/0/identifier",
            "another identifier",
        ),
        (
            [FINCH],
            [party("siskin", "Finch LLP")],
            "/parties/0/key",
            "`siskin` is `finch` of the text in force by its name",
        ),
        (
            [FINCH],
            [party("siskin", "Siskin LLP", formerly=["Finch LLP"])],
            "/parties/0/key",
            "is `finch` of the text in force",
        ),
        (
            [{**FINCH, "identifier": "A1"}],
            [party("siskin", "Siskin LLP", identifier="A1", successor_to="finch")],
            "/parties/0/key",
            "by its registration or identifier",
        ),
        (
            [FINCH],
            [party("siskin", "Siskin LLP", successor_to="robin")],
            "/parties/0/successor_to",
            "`robin` is no party to it",
        ),
        (
            [FINCH],
            [party("siskin", "Siskin", successor_to="finch"), party("wren", "Wren", successor_to="finch")],
            "/parties/1/successor_to",
            "`wren` and `siskin` both take the place of `finch`",
        ),
        (
            [FINCH],
            [{**FINCH, "identifier": "A1"}, {**HERON, "identifier": "A1"}],
            "/parties/1/identifier",
            "one legal entity would be two parties",
        ),
        (
            [FINCH, HERON],
            [{**FINCH, "short_name": "Heron"}, {**HERON, "short_name": "Finch"}],
            "/parties/0/short_name",
            "“Heron” means `heron` in the text in force",
        ),
    ],
)
def test_each_doubt_is_told(old: list[dict[str, Any]], new: list[dict[str, Any]], place: str, said: str) -> None:
    found = told(old, new)
    assert found[0][0] == place
    assert said in found[0][1]


def test_two_names_that_are_exchanged_are_told_twice() -> None:
    """One of the two being known is not enough."""
    old = [{**FINCH, "registration": REGISTERED}, HERON]
    new = [
        party("finch", "Heron, Inc.", registration=REGISTERED),
        party("heron", "Finch LLP", formerly=["Heron, Inc."]),
    ]
    assert [place for place, _ in told(old, new)] == ["/parties/0/legal_name", "/parties/1/legal_name"]


def test_a_company_that_takes_the_name_of_one_that_leaves_is_known() -> None:
    new = [party("finch", "Heron, Inc.", formerly=["Finch LLP"])]
    assert [place for place, _ in told([FINCH, HERON], new)] == ["/parties/0/legal_name"]
    known = [{**FINCH, "identifier": "A1"}, HERON]
    assert told(known, [party("finch", "Heron, Inc.", identifier="A1")]) == []


def test_roles() -> None:
    new = [FINCH, party("siskin", "Siskin", successor_to="heron"), party("wren", "Wren")]
    assert roles(["finch", "heron", "linnet"], new) == {
        "finch": "party",
        "siskin": "assignee",
        "wren": "joining",
        "heron": "assignor",
        "linnet": "leaving",
    }


def test_every_party_signs_an_amendment_and_has_no_former_name_that_never_was() -> None:
    agreement: Any = SimpleNamespace(id="deal", parties=[SimpleNamespace(**FINCH), SimpleNamespace(**HERON)])
    signed = [{"party": "finch"}, {"party": "heron"}]

    def found(first: dict[str, Any], signatures: list[dict[str, str]] = signed) -> list[str]:
        at = SourceFile("agreements/deal-amendment-1.yaml", lambda pointer: (1, 1))
        data = {"parties": [first, HERON], "signatures": signatures}
        return [each.pointer for each in role_findings(agreement, agreement, data, at)]

    assert found(FINCH) == []
    assert found({**FINCH, "former_name": "Siskin LLP"}) == ["/parties/0/former_name"]
    assert found({**FINCH, "former_short_name": "Siskin"}) == ["/parties/0/former_short_name"]
    assert found(FINCH, signed[1:]) == ["/signatures"]
