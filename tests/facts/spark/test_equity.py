"""Equity of contributions: what is added up, what is not, and when a party gives enough."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from clausebook.facts.agreement_facts import AgreementFacts
from clausebook.facts.asked_facts import AskedFacts, Fact, FactTable
from clausebook.facts.spark.equity import Equity, equity_of

COLUMNS = ("what", "form", "giver", "takers", "share", "amount", "currency", "frequency")
TWO = {"heron": "Heron", "marsh": "Marsh Lane"}


def reckoned(rows: list[dict[str, str]], parties: dict[str, str] = TWO, least: float = 30) -> Equity:
    """Return the equity of a deal with these contributions, each by its columns."""
    told = tuple(
        tuple(Fact(name, name, "", row.get(name, ""), row.get(name, ""), "", "") for name in COLUMNS) for row in rows
    )
    asked = AskedFacts((), (FactTable("contributions", "", "", told),))
    facts = AgreementFacts(cast(Any, SimpleNamespace(parties=parties)), asked, cast(Any, None), ())
    found = equity_of(facts, least)
    assert found is not None
    return found


def gift(giver: str, amount: str = "", **more: str) -> dict[str, str]:
    """Return a contribution in dollars."""
    return {"what": "boats", "giver": giver, "amount": amount, "currency": "USD" if amount else "", **more}


def verdicts(found: Equity) -> dict[str, str]:
    return {each.party: each.verdict for each in found.parties}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([gift("heron", "70"), gift("marsh", "30")], {"heron": "enough", "marsh": "enough"}),
        ([gift("heron", "70.01"), gift("marsh", "29.99")], {"heron": "enough", "marsh": "too little"}),
        ([gift("heron", "71"), gift("marsh", "29"), gift("marsh")], {"heron": "enough", "marsh": "open"}),
        ([gift("heron", "100")], {"heron": "enough", "marsh": "too little"}),
        ([gift("heron"), gift("marsh")], {"heron": "open", "marsh": "open"}),
        ([gift("heron", "0"), gift("marsh", "0")], {"heron": "open", "marsh": "open"}),
    ],
)
def test_each_party_is_to_give_the_least_share(rows: list[dict[str, str]], said: dict[str, str]) -> None:
    assert verdicts(reckoned(rows)) == said


def test_the_arithmetic_is_shown() -> None:
    heron, marsh = reckoned([gift("heron", "1278000"), gift("marsh", "945000", takers="heron")]).parties
    assert (heron.reckoning, heron.gets) == ("1,278,000 of 2,223,000 is 57.5%", 945000)
    assert (marsh.reckoning, marsh.gets) == ("945,000 of 2,223,000 is 42.5%", 0)


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (gift("heron", "9500", frequency="monthly"), "USD 9,500 monthly"),
        (gift("heron", "9500", currency="EUR"), "EUR 9,500"),
        (gift("heron", "NaN"), ""),
        (gift("heron", share="40"), "40%"),
    ],
)
def test_what_has_no_single_amount_in_the_currency_is_listed_and_not_counted(row: dict[str, str], shown: str) -> None:
    found = reckoned([gift("marsh", "100"), row])
    assert (found.contributions[1].amount, found.contributions[1].counted) == (shown, None)
    assert [(each.gives, each.uncounted) for each in found.parties] == [(0, 1), (100, 0)]


def test_among_more_parties_each_owes_less() -> None:
    three = {**TWO, "otter": "Otter"}
    rows = [gift("heron", "55"), gift("marsh", "25"), gift("otter", "20")]
    found = reckoned(rows, three)
    assert found.least == 20
    assert set(verdicts(found).values()) == {"enough"}


def test_what_several_give_is_of_each_in_equal_parts() -> None:
    assert [each.gives for each in reckoned([gift("heron; marsh", "90")]).parties] == [45, 45]


def test_a_type_that_declares_nothing_of_it_has_no_equity() -> None:
    facts = AgreementFacts(cast(Any, SimpleNamespace(parties=TWO)), AskedFacts(), cast(Any, None), ())
    assert equity_of(facts, 30) is None
