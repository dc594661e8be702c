"""What is written down of an agreement while it is lived, in `agreements/journal/`: no part of the contract.

Its owner, what happened, what was decided, whom to turn to. What became of the agreement since it was executed stands
there as well (renewals, end, successor, conditions met); files of old have that in their agreement, as `lifecycle`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from clausebook.findings.model import Finding, SourceFile, finding_in, refuse_errors
from clausebook.findings.near_names import did_you_mean
from clausebook.records.notation import from_valid
from clausebook.repository.agreement_files import JOURNALS, SUFFIXES, is_aside
from clausebook.repository.tree import Tree, names_in
from clausebook.validate.common import CONDITIONS_MET, LIFECYCLE
from clausebook.validate.repository_files import SchemaOf, read_repository_file

LIFE = (CONDITIONS_MET, "renewals", "ended", "superseded_by")
"""The properties that tell what became of an agreement since it was executed."""

OWN_EVENTS = ("last-signature", "conditions-met", "renewed-until", "ended")
"""Events that the program knows of itself: from records, and from what a journal says of an agreement's life."""

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Person:
    """Who looks after an agreement; `left` is the day on which the person went, ISO 8601, or ""."""

    name: str
    email: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `on` is ISO 8601. `key` tells it from others of its name, `by` says what tells it."""

    event: str
    on: str
    key: str = ""
    note: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about an agreement; `on` is ISO 8601."""

    on: str
    by: str
    decision: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """An interest that a person disclosed, and how it was handled; `on` is ISO 8601, `party` the key of a party."""

    on: str
    by: str
    interest: str
    party: str = ""
    role: str = ""
    handled: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to turn to; `party` is the key of the party for which the person speaks, or ""."""

    name: str
    party: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody said of how an agreement works, and what was answered; `on` is ISO 8601."""

    on: str
    said_by: str
    said: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the owner decided where a window opened; `window` is the reference of that date, `on` is ISO 8601."""

    window: str
    answer: Literal["renew", "end", "renegotiate"]
    on: str
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """That a reminder of an occurrence was sent; `on` is ISO 8601."""

    occurrence: str
    on: str
    to: str


@dataclass(frozen=True, slots=True)
class Release:
    """That a hold was released; `on` is ISO 8601."""

    on: str
    by: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold on an agreement; it is open until it is released. `since` is ISO 8601."""

    matter: str
    since: str
    by: str
    released: Release | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal; without a file, or with one that has errors, it is empty.

    `path` is where it lies, "" without a file. `life` are its properties of `LIFE`, as they are written; `spark` is
    what it tells of the steps of the method, by the name of each.
    """

    path: str = ""
    owner: Person | None = None
    deputy: Person | None = None
    events: tuple[Event, ...] = ()
    decisions: tuple[Decision, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    contacts: tuple[Contact, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    answers: tuple[Answer, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    holds: tuple[Hold, ...] = ()
    life: Mapping[str, Any] = field(default_factory=dict)
    spark: Mapping[str, Any] = field(default_factory=dict)
    at: SourceFile = field(default=SourceFile("", lambda pointer: (1, 1)), compare=False, repr=False)

    def after(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an agreement's data with what the journal tells of its life under `lifecycle`; it goes first."""
        told = data.get(LIFECYCLE)
        life = {**(told if isinstance(told, Mapping) else {}), **self.life}
        return {**data, LIFECYCLE: life} if self.life else data


@dataclass(frozen=True, slots=True)
class WithJournal(SourceFile):
    """An agreement's file with its journal: what is found of its life is found where that is written."""

    journal: Journal

    def finding(self, rule: str, message: str, pointer: str, hint: str = "") -> Finding:
        """Return the finding at the value of a JSON pointer into `Journal.after`."""
        inside, place = self.journal.life, pointer.removeprefix(f"/{LIFECYCLE}")
        if place != pointer and inside:
            place = place or f"/{next(iter(inside))}"
            if place.split("/")[1] in inside:
                return self.journal.at.finding(rule, message, place, hint)
        # Zero-argument super() does not work in a class with slots.
        return SourceFile.finding(self, rule, message, pointer, hint)


def journal_path(agreement: str) -> str:
    """Return where the journal of an agreement lies."""
    return f"{JOURNALS}/{agreement}{SUFFIXES[0]}"


def journal_of(tree: Tree, agreement: str, known: SchemaOf | None = None) -> tuple[Journal, tuple[Finding, ...]]:
    """Return the journal of an agreement, and what is wrong with its file.

    Its schema is loaded if `known` does not give it.
    """
    names = names_in(tree, JOURNALS)
    mine = [f"{JOURNALS}/{agreement}{end}" for end in SUFFIXES if f"{agreement}{end}" in names]
    if not mine:
        return Journal(), ()
    path, *more = mine
    repeated = tuple(_repeated(other, path) for other in more)
    value, at, findings = read_repository_file(tree, path, "journal", known)
    journal = Journal(path, at=at) if value is None else _journal(value, at)
    return journal, (*findings, *repeated)


def sound_journal(tree: Tree, agreement: str, known: SchemaOf | None = None) -> Journal:
    """Return the journal of an agreement. Raises FindingsError for one with errors: nobody knows all that it says."""
    journal, findings = journal_of(tree, agreement, known)
    refuse_errors(findings)
    return journal


def stray_journals(tree: Tree, agreements: Iterable[str]) -> Iterator[Finding]:
    """Yield that a file among the journals is of no agreement, or is a second one of the same."""
    known, names = set(agreements), names_in(tree, JOURNALS)
    for name in names:
        stem, _, ending = name.rpartition(".")
        path, meant = f"{JOURNALS}/{name}", [f"{stem.casefold()}{each}" for each in SUFFIXES]
        if is_aside(name) or (stem in known and f".{ending}" in SUFFIXES):
            continue
        first = next((each for each in meant if each in names), "")
        if first and name.casefold() in meant and stem.casefold() in known:
            yield _repeated(path, f"{JOURNALS}/{first}")
            continue
        said = f"`{path}` is the journal of no agreement: there is no `{stem or name}` in agreements/"
        hint = did_you_mean(stem or name, sorted(known), "rename it to that of the agreement’s file, or move it out")
        yield finding_in(path, "core/journal-unknown", said, hint)


def _repeated(path: str, first: str) -> Finding:
    said = f"`{path}` is a second journal of the same agreement: `{first}` is its first, and that alone is read"
    return finding_in(path, "core/journal-repeated", said, "put what it says into the first one, and remove it")


def _journal(value: Mapping[str, Any], at: SourceFile) -> Journal:
    def rows(name: str, kind: type[Part]) -> tuple[Part, ...]:
        return tuple(from_valid(kind, each) for each in value.get(name, ()))

    feedback = ({**each, "said_by": each["from"]} for each in value.get("feedback", ()))
    holds = ({**each, "released": _person(Release, each.get("released"))} for each in value.get("holds", ()))
    return Journal(
        path=at.path,
        owner=_person(Person, value.get("owner")),
        deputy=_person(Person, value.get("deputy")),
        events=rows("events", Event),
        decisions=rows("decisions", Decision),
        conflicts=rows("conflicts", Conflict),
        contacts=rows("contacts", Contact),
        feedback=tuple(from_valid(Feedback, each) for each in feedback),
        answers=rows("answers", Answer),
        reminders=rows("reminders", Reminder),
        holds=tuple(from_valid(Hold, each) for each in holds),
        life={name: value[name] for name in LIFE if name in value},
        spark=value.get("spark", {}),
        at=at,
    )


def _person(kind: type[Part], told: Mapping[str, Any] | None) -> Part | None:
    return from_valid(kind, told) if told else None
