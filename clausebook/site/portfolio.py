"""What needs somebody, over all agreements: what is due next, what waits for a decision; and what they are worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from clausebook.findings.report import counted
from clausebook.site.site_entry import SiteEntry

MOST_SHOWN = 10
"""How many rows of a kind the home page shows; the lists of duties and agreements have all."""

_APPROVED = {
    "clause": "words that depart from the standard",
    "term": "a defined term that departs from the standard",
    "limit": "what goes beyond a limit of ours",
    "waiver": "a finding that is waived",
    "text": "the text as a whole",
}
"""What is approved, by the kind of the approval."""


@dataclass(frozen=True, slots=True)
class Needed:
    """Something that somebody must do about an agreement: by a day, ISO 8601, or "" for now. `who` owes it."""

    day: str
    entry: SiteEntry
    what: str
    who: str = ""


def due_next(entries: Iterable[SiteEntry]) -> list[Needed]:
    """Return the first of what is due under signed agreements and nobody has closed, in order of days.

    Of key dates those count with which an agreement ends, or by which notice must be given.
    """
    found = (each for entry in entries if entry.glance.signed for each in _due(entry))
    return sorted(found, key=lambda each: (each.day, each.entry.id, each.what))[:MOST_SHOWN]


def _due(entry: SiteEntry) -> Iterator[Needed]:
    seen = entry.glance
    wanted = {date.id for date in (seen.notice, seen.ends) if date}
    for item in entry.owed:
        if item.due and item.state == "due" and (item.kind != "date" or item.reference.partition("/")[2] in wanted):
            yield Needed(item.due, entry, item.what, item.who)


def decisions(entries: Iterable[SiteEntry], *, internal: bool = True) -> Iterator[Needed]:
    """Yield what waits for a decision, or for a person, whatever the day."""
    for entry in entries:
        if entry.broken:
            continue
        if entry.stage == "answered":
            yield Needed("", entry, "Their answer is to be read and taken, or refused")
        for each in entry.awaited:
            of_what = f": {_APPROVED[each.kind]}" if internal else ""
            yield Needed("", entry, f"{counted(each.count, 'approval')} to give{of_what}", each.office)
        if entry.stage == "redrafted":
            yield Needed("", entry, "The new draft is to be agreed as an amendment, or taken back")
        if entry.glance.owner is None and entry.glance.dates:
            yield Needed("", entry, "Nobody is named who looks after it")


def worth(entries: Iterable[SiteEntry]) -> Mapping[str, Sequence[str]]:
    """Return what agreements are worth in all, by currency: those that are signed, and the others."""
    sums: dict[bool, dict[str, Decimal]] = {True: {}, False: {}}
    for seen in (entry.glance for entry in entries):
        if seen.amount:
            mine = sums[seen.signed]
            mine[seen.currency] = mine.get(seen.currency, Decimal(0)) + seen.amount
    shown = {
        name: [f"{currency} {mine[currency]:,}".strip() for currency in sorted(mine)] for name, mine in sums.items()
    }
    return {"Signed value": shown[True], "In negotiation": shown[False]}
