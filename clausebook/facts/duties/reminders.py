"""Reminders: one message an owner of what falls due soon or is overdue; nothing twice, and in the end the deputy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from clausebook.facts.duties.agreement_duties import WhatIsOwed
from clausebook.facts.duties.due_item import DueItem
from clausebook.facts.duties.due_list import NAMESPACE, DueWanted, due_items
from clausebook.facts.duties.moments import later
from clausebook.records.journal import Person
from clausebook.repository.portable_names import plain_name

WINDOW = "renewal"
"""The kind of duty at which the owner decides how the agreement goes on."""

ANSWERS = ("renew", "end", "renegotiate")


@dataclass(frozen=True, slots=True)
class Notice:
    """How long before its day something is told of, and how long an owner has before the deputy is told.

    All are ISO 8601 durations; `window` is for what decides how an agreement goes on.
    """

    ahead: str = "P30D"
    window: str = "P90D"
    patience: str = "P14D"


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is reminded of, of all agreements of theirs. `escalated` are references that the owner left."""

    to: Person
    items: tuple[DueItem, ...]
    escalated: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Reminding:
    """The reminders, a person each, and the agreements of which something falls due and nobody can be reminded."""

    reminders: tuple[Letter, ...]
    ownerless: tuple[str, ...]


def reminding(found: Iterable[WhatIsOwed], as_of: str, notice: Notice) -> Reminding:
    """Return whom to remind of what on a day, ISO 8601. Of what a journal says was told, nothing is told again.

    Raises Unreckonable for a notice that is no duration.
    """
    told: dict[str, list[tuple[Person, DueItem, bool]]] = {}
    ownerless: dict[str, None] = {}
    for each in found:
        if not each.signed:
            continue
        for item in due_items([each], DueWanted(as_of=as_of)):
            whom = _whom(each, item, as_of, notice)
            if whom is None:
                continue
            to, escalated = whom
            if to is None:
                ownerless[each.id] = None
                continue
            told.setdefault(to.email or to.name, []).append((to, item, escalated))
    return Reminding(tuple(_letter(rows) for _, rows in sorted(told.items())), tuple(ownerless))


def _letter(rows: Sequence[tuple[Person, DueItem, bool]]) -> Letter:
    escalated = frozenset((item.agreement, item.reference) for _, item, left in rows if left)
    return Letter(rows[0][0], tuple(item for _, item, _ in rows), escalated)


def _whom(found: WhatIsOwed, item: DueItem, as_of: str, notice: Notice) -> tuple[Person | None, bool] | None:
    """Return who is to be told of something, None for nobody there is, and whether the owner left it; None if not."""
    answered = any(each.window == item.reference for each in found.journal.answers)
    if answered or not item.due or item.state not in ("due", "overdue"):
        return None
    ahead = notice.window if item.kind == WINDOW else notice.ahead
    if later(as_of, ahead) < item.due:
        return None
    owner, deputy = (_there(each, as_of) for each in (found.journal.owner, found.journal.deputy))
    told = {each.to: each.on for each in found.journal.reminders if each.occurrence == item.reference}
    if owner is None:
        return None if deputy and deputy.name in told else (deputy, False)
    if owner.name not in told:
        return owner, False
    waited = later(told[owner.name], notice.patience) <= as_of
    return (deputy, True) if deputy and waited and deputy.name not in told else None


def _there(person: Person | None, as_of: str) -> Person | None:
    return person if person and (not person.left or as_of < person.left) else None


def message(letter: Letter, as_of: str, sender: str) -> bytes:
    """Return a reminder as a message (RFC 5322) that no server has sent yet: mail programs open it as a draft."""
    made = EmailMessage(SMTP)
    made["Subject"] = subject(letter)
    made["To"] = _address(letter.to)
    if sender:
        made["From"] = sender
    made["Date"] = datetime.combine(date.fromisoformat(as_of), datetime.min.time(), UTC)
    named = "\n".join(f"{each.agreement}/{each.reference}" for each in letter.items)
    mark = sha256(f"{as_of}{letter.to.email}{named}".encode()).hexdigest()[:32]
    made["Message-ID"] = f"<{mark}@{NAMESPACE}>"
    made["X-Unsent"] = "1"
    made.set_content(text(letter, as_of))
    return bytes(made)


def _address(person: Person) -> Address:
    user, _, domain = person.email.rpartition("@")
    return Address(" ".join(person.name.split()), user, domain)


def subject(letter: Letter) -> str:
    """Return what a reminder is about."""
    overdue = sum(each.state == "overdue" for each in letter.items)
    count = len(letter.items)
    said = f"{count} {'thing falls' if count == 1 else 'things fall'} due in your agreements"
    return f"{said}, {overdue} of them overdue" if overdue else said


def text(letter: Letter, as_of: str) -> str:
    """Return the words of a letter."""
    return "\n".join(_lines(letter, as_of))


def _lines(letter: Letter, as_of: str) -> Iterator[str]:
    yield f"{letter.to.name},"
    yield ""
    yield f"as of {as_of}, this falls due in the agreements that you look after:"
    agreement = ""
    for item in letter.items:
        if item.agreement != agreement:
            agreement = item.agreement
            yield ""
            yield f"{item.title} ({item.agreement})"
        yield ""
        yield f"  {item.due}{' – OVERDUE' if item.state == 'overdue' else ''}: {item.who}: {item.what}"
        place = f"; clause {item.place}" if item.place else ""
        yield f"    reckoned: {item.reckoning}{place}"
        if (item.agreement, item.reference) in letter.escalated:
            yield "    The owner was told, and nothing is recorded since: you are told as the deputy."
        if item.kind == WINDOW:
            yield "    Decide how the agreement goes on, and record it:"
            yield f"    clausebook answer {item.agreement} {item.reference} {'|'.join(ANSWERS)} --by YOUR-NAME"
        else:
            done = f"clausebook evidence {item.agreement} {item.reference} --outcome done --by YOUR-NAME"
            yield f"    When it is done: {done}"


def file_name(letter: Letter, as_of: str) -> str:
    """Return the name of a reminder's file: the day and the person, in small letters."""
    who = plain_name(letter.to.email or letter.to.name, 80)
    mark = sha256((letter.to.email or letter.to.name).encode()).hexdigest()[:8]
    return f"{as_of}-{who or 'owner'}-{mark}.eml"


def recorded(reminders: Sequence[Letter], as_of: str) -> dict[str, list[dict[str, str]]]:
    """Return what the journals are to record of reminders, by agreement."""
    told: dict[str, list[dict[str, str]]] = {}
    for each in reminders:
        for item in each.items:
            entry = {"occurrence": item.reference, "on": as_of, "to": each.to.name}
            told.setdefault(item.agreement, []).append(entry)
    return told
