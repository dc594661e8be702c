"""What lists, and the head of an agreement's page, show of it: what its type names of its terms and key dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from clausebook.facts.agreement_facts import AgreementFacts
from clausebook.facts.asked_facts import Fact
from clausebook.facts.duties.model import KeyDate
from clausebook.library.declared import NO_GLANCE, DeclaredFacts
from clausebook.records.journal import Contact, Person

Named = TypeVar("Named", Fact, KeyDate)

_SUM = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")

_CURRENCY = re.compile(r"\b[A-Z]{3}\b")


@dataclass(frozen=True, slots=True)
class Glance:
    """What an agreement is about and worth, which law governs, when it ends, by when notice is due; None for none.

    `regimes` are the bodies of law that apply, by their short names, each once. `compared` are the terms that stand
    beside those of other agreements, also those that this one has not. `owner`, `deputy` and `contacts` are those that
    its journal names. `risks` are what its type says of clauses that stand in it, in words.
    """

    about: Fact | None = None
    value: Fact | None = None
    law: Fact | None = None
    regimes: tuple[str, ...] = ()
    ends: KeyDate | None = None
    notice: KeyDate | None = None
    compared: tuple[Fact, ...] = ()
    dates: tuple[KeyDate, ...] = ()
    signed: bool = False
    owner: Person | None = None
    deputy: Person | None = None
    contacts: tuple[Contact, ...] = ()
    risks: tuple[str, ...] = ()

    @property
    def amount(self) -> Decimal:
        """What it is worth as a number, of whichever currency; 0 if that is no sum of money."""
        found = _SUM.search(self.value.value) if self.value else None
        return Decimal(found[0].replace(",", "")) if found else Decimal(0)

    @property
    def currency(self) -> str:
        """The code of the currency of what it is worth, "" if none is named."""
        found = _CURRENCY.search(self.value.value) if self.value else None
        return found[0] if found else ""


def glance(facts: AgreementFacts) -> Glance:
    """Return what is seen of an agreement at a glance."""
    duties = facts.duties
    kind = duties.deal.bundle.kind
    named = kind.facts.glance if kind else NO_GLANCE
    terms, dates = facts.asked.terms, duties.reckoned.dates
    short = dict(named.short)
    used = {each.source.clause for each in duties.deal.document.clauses() if each.source}
    regimes = (each for term in terms if term.id in named.regimes for each in term.value.split("; "))
    return Glance(
        about=_first(named.about, terms),
        value=_first(named.value, terms),
        law=_first(named.law, terms),
        regimes=tuple(dict.fromkeys(short.get(each, _words(each)) for each in regimes)),
        ends=_first(named.ends, dates),
        notice=_first(named.notice, dates),
        compared=tuple(_compared(kind.facts, terms)) if kind else (),
        dates=dates,
        signed=duties.signed,
        owner=duties.journal.owner,
        deputy=duties.journal.deputy,
        contacts=duties.journal.contacts,
        risks=tuple(words for clause, words in named.risks if clause in used),
    )


def _compared(told: DeclaredFacts, terms: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the terms to compare in their order, one that the deal has not without words."""
    found, declared = {term.id: term for term in terms}, {fact.id: fact for fact in told.facts}
    for name in told.glance.compare:
        if name in declared:
            yield found.get(name, Fact(name, declared[name].title, declared[name].kind, "", "", "", ""))


def _first(names: Iterable[str], found: Sequence[Named]) -> Named | None:
    return next((each for name in names for each in found if each.id == name), None)


def _words(name: str) -> str:
    return name.replace("-", " ").capitalize()
