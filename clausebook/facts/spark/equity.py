"""Equity of contributions: what each party of an agreement gives and gets, and whether each gives enough.

A type declares the table `contributions` in its facts: `what`, `form`, `giver` and `takers` (keys of parties), `amount`
and `currency`, `share` in percent, `frequency`. Only what is given once and for a stated amount can be added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from clausebook.facts.agreement_facts import AgreementFacts
from clausebook.facts.asked_facts import Fact

TABLE = "contributions"

_BOTH = 2
"""The number of parties for which the method states its least share; of more, each owes less, in proportion."""

Verdict = Literal["enough", "too little", "open"]
"""Whether a party gives its least share; open while it gives something whose worth is not stated."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What is given, and by whom to whom, by keys of parties; no taker means all together, no giver what comes of it.

    `counted` is the amount that can be added up, None if there is none; `amount` is how it is shown, "" if nobody says.
    """

    what: str
    form: str
    givers: tuple[str, ...]
    takers: tuple[str, ...]
    amount: str
    counted: Decimal | None


@dataclass(frozen=True, slots=True)
class PartyEquity:
    """What a party gives and gets of what can be added up; `share` is its part of what all give, in percent, or None.

    `uncounted` is of how many things that it gives nobody states what they are worth; `reckoning` shows the share.
    """

    party: str
    name: str
    gives: Decimal
    gets: Decimal
    share: Decimal | None
    uncounted: int
    verdict: Verdict
    reckoning: str


@dataclass(frozen=True, slots=True)
class Equity:
    """What all parties of an agreement give and get, in one currency; `least` is the least share of each, in percent.

    `currency` is "" where nothing has an amount.
    """

    contributions: tuple[Contribution, ...]
    parties: tuple[PartyEquity, ...]
    currency: str
    least: Decimal

    @property
    def names(self) -> Mapping[str, str]:
        """The names of the parties, by their keys."""
        return {each.party: each.name for each in self.parties}


def equity_of(facts: AgreementFacts, least_share: float) -> Equity | None:
    """Return the equity of an agreement, None if its type declares no contributions, or the deal has none.

    `least_share` is what each of two parties is to give at least, in percent of what both give. Amounts in another
    currency than the first one are not added up.
    """
    table = facts.table(TABLE)
    if not table or not table.rows:
        return None
    cells = [{cell.id: cell for cell in row} for row in table.rows]
    currency = next(filter(None, (_value(row, "currency") for row in cells)), "")
    rows = tuple(_contribution(row, currency) for row in cells)
    names = facts.duties.parties
    least = Decimal(str(least_share)) * _BOTH / max(len(names), _BOTH)
    total = sum((each.counted for each in rows if each.counted is not None), Decimal(0))
    parties = (_party(key, name, rows, total, least) for key, name in names.items())
    return Equity(rows, tuple(parties), currency, least.quantize(Decimal("0.1")))


def _contribution(row: Mapping[str, Fact], currency: str) -> Contribution:
    amount, share, unit = (_value(row, name) for name in ("amount", "share", "currency"))
    often = row["frequency"].shown if "frequency" in row else ""
    try:
        worth = Decimal(amount)
    except InvalidOperation:
        worth = Decimal("NaN")
    money = " ".join(filter(None, (f"{unit} {worth:,f}" if worth.is_finite() else "", often)))
    return Contribution(
        row["what"].shown,
        _value(row, "form"),
        _keys(row, "giver"),
        _keys(row, "takers"),
        ": ".join(filter(None, (f"{share}%" if share else "", money))),
        worth if worth.is_finite() and not often and unit == currency else None,
    )


def _value(row: Mapping[str, Fact], name: str) -> str:
    return row[name].value if name in row else ""


def _keys(row: Mapping[str, Fact], name: str) -> tuple[str, ...]:
    return tuple(filter(None, _value(row, name).split("; ")))


def _party(key: str, name: str, rows: Sequence[Contribution], total: Decimal, least: Decimal) -> PartyEquity:
    mine = [each for each in rows if key in each.givers]
    gives = sum((each.counted / len(each.givers) for each in mine if each.counted is not None), Decimal(0))
    gets = sum((each.counted for each in rows if key in each.takers and each.counted is not None), Decimal(0))
    uncounted = sum(1 for each in mine if each.counted is None)
    share = 100 * gives / total if total else None
    enough = share is not None and share >= least
    verdict: Verdict = "enough" if enough else "open" if uncounted or share is None else "too little"
    reckoning = "" if share is None else f"{gives:,.0f} of {total:,.0f} is {share.quantize(Decimal('0.1'))}%"
    return PartyEquity(key, name, gives, gets, share, uncounted, verdict, reckoning)
