"""What falls due in several agreements, in order of days: key dates and duties, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from clausebook.facts.duties.agreement_duties import WhatIsOwed
from clausebook.facts.duties.due_item import THROUGHOUT, DueItem, in_order
from clausebook.facts.duties.model import DATES, Duty
from clausebook.facts.duties.moments import called
from clausebook.findings.model import RepositoryError
from clausebook.findings.near_names import did_you_mean
from clausebook.records.evidence_files import Evidence

State = Literal["overdue", "open", "closed"]

NAMESPACE = "duties.clausebook.invalid"
"""What stands behind @ in the names of calendar entries and messages: it belongs to nobody."""

MOST_NAMED = 20
"""How many names a message lists at the most."""


@dataclass(frozen=True, slots=True)
class DueWanted:
    """What is asked for: `party` is a key or a short name, `as_of` the day by which something is overdue; or "".

    `reference` is that of an occurrence, or of what stands above it; `states` are those that are asked for, or all.
    """

    party: str = ""
    kind: str = ""
    as_of: str = ""
    reference: str = ""
    states: frozenset[State] = frozenset()
    standing: bool = False


def due_items(found: Iterable[WhatIsOwed], wanted: DueWanted) -> list[DueItem]:
    """Return what is wanted of what falls due, the earliest first, then what is open, then what is owed throughout."""
    items = (item for each in found for item in _items(each, wanted))
    return in_order(item for item in items if _asked(item, wanted))


def check_wanted(found: Sequence[WhatIsOwed], wanted: DueWanted) -> None:
    """Raise RepositoryError for a party, a kind or a reference that none of several agreements has."""
    parties = {name: key for each in found for key, name in each.parties.items()}
    duties = [duty for each in found for duty in each.reckoned.duties]
    kinds = sorted({"date", *(duty.kind for duty in duties)})
    names = sorted({*(f"{DATES}/{date.id}" for each in found for date in each.reckoned.dates), *(d.id for d in duties)})
    every = {*map(str.casefold, (*parties, *parties.values()))}
    if wanted.party and wanted.party.casefold() not in every:
        raise _unknown("party", wanted.party, sorted(parties))
    if wanted.kind and wanted.kind not in kinds:
        raise _unknown("kind of duty", wanted.kind, kinds)
    if wanted.reference and not any(_below(name, wanted.reference.partition("#")[0]) for name in names):
        raise _unknown("duty or key date", wanted.reference, names)


def _unknown(what: str, said: str, known: Sequence[str]) -> RepositoryError:
    there = f"there are: {', '.join(known)}" if len(known) <= MOST_NAMED else "the list says which there are"
    return RepositoryError(f"there is no {what} `{said}` here", did_you_mean(said, known, there))


def _below(reference: str, wanted: str) -> bool:
    return not wanted or reference == wanted or reference.startswith((f"{wanted}/", f"{wanted}#"))


def _asked(item: DueItem, wanted: DueWanted) -> bool:
    state = "closed" if item.evidence else item.state
    waits = "open" if not item.due and not item.evidence and item.open != THROUGHOUT else ""
    return _below(item.reference, wanted.reference) and (not wanted.states or bool({state, waits} & wanted.states))


def _items(found: WhatIsOwed, wanted: DueWanted) -> Iterator[DueItem]:
    if not wanted.party and wanted.kind in ("", "date"):
        for date in found.reckoned.dates:
            if found.within(date.day):
                state = _state(found, found.closing(f"{DATES}/{date.id}"), date.day, wanted.as_of)
                yield DueItem(
                    date.day,
                    waiting(date.waits) if not date.day else "",
                    found.id,
                    found.title,
                    f"{DATES}/{date.id}",
                    "date",
                    (),
                    "",
                    date.title,
                    date.reckoning,
                    date.place,
                    "date" if state in ("due", "overdue") else state,
                )
    for duty in found.reckoned.duties:
        if wanted.kind in ("", duty.kind) and _owes(found, duty, wanted.party):
            yield from _times(found, duty, wanted)


def _times(found: WhatIsOwed, duty: Duty, wanted: DueWanted) -> Iterator[DueItem]:
    item = DueItem(
        due="",
        open=THROUGHOUT,
        agreement=found.id,
        title=found.title,
        reference=duty.id,
        kind=duty.kind,
        parties=duty.parties,
        who=found.owing(duty.parties),
        what=duty.what,
        reckoning="",
        place=duty.place,
        state=THROUGHOUT,
    )
    for each in duty.occurrences:
        if not found.within(each.due):
            continue
        closing = found.closing(each.reference, duty.parties)
        yield replace(
            item,
            who=found.owing(duty.parties) if closing else _who(found, duty, each.reference),
            due=each.due,
            open=waiting(each.waits) if not each.due else "",
            reference=each.reference,
            reckoning=each.reckoning,
            state=_state(found, closing, each.due, wanted.as_of, "over" if duty.lapses else "overdue"),
            evidence=closing.path if closing else "",
        )
    if wanted.standing and not duty.dated:
        yield item


def _who(found: WhatIsOwed, duty: Duty, reference: str) -> str:
    """Return who owes something, and which of them have done it already."""
    done = [found.parties.get(key, key) for key in found.closed_by(reference, duty.parties)]
    return f"{found.owing(duty.parties)} (done by {', '.join(done)})" if done else found.owing(duty.parties)


def _state(found: WhatIsOwed, closing: Evidence | None, due: str, as_of: str, late: str = "overdue") -> str:
    if closing:
        return f"{closing.outcome} on {closing.on}"
    if not found.signed:
        return "draft"
    if not due:
        return "open"
    return late if as_of and due < as_of else "due"


def _owes(found: WhatIsOwed, duty: Duty, party: str) -> bool:
    owing = duty.parties or found.parties
    return not party or any(
        party.casefold() in (key.casefold(), found.parties.get(key, "").casefold()) for key in owing
    )


def waiting(events: Iterable[str]) -> str:
    """Say what an open day waits for."""
    return f"open: {', '.join(map(called, events)) or 'no day is given'}"
