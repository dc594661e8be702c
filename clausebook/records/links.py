"""How agreements belong together, as their data tell: under a master, beside one another, in the place of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from clausebook.document.statuses import ENDED
from clausebook.findings.characters import folded
from clausebook.findings.pointers import value_at
from clausebook.language.reckoning import Unreckonable, moved, plain
from clausebook.records.frozen import STATUS
from clausebook.records.since_execution import Lifecycle, lifecycle_of
from clausebook.validate.common import APART
from clausebook.validate.links_schema import LINKS
from clausebook.validate.value_formats import is_date, is_duration

Kind = Literal["under", "accompanies", "replaces"]
KINDS: tuple[Kind, ...] = ("under", "accompanies", "replaces")

BACKWARDS: Mapping[Kind, str] = {
    "under": "agreements under this one",
    "accompanies": "accompanied by",
    "replaces": "replaced by",
}
"""What each kind of link is called from the other side."""


@dataclass(frozen=True, slots=True)
class LinkedAgreement:
    """An agreement as links see it; `data` are valid, or None if it has errors, and then nothing else is known of it.

    `executed` tells whether any version has a record, `sent` whether the other side has a text. `ends` is the last day
    of the term by its contract and its renewals, ISO 8601, "" where its type does not declare where that stands, or its
    data do not say it.
    """

    id: str
    data: Mapping[str, Any] | None = None
    executed: bool = False
    ends: str = ""
    sent: bool = False
    lifecycle: Lifecycle = field(default_factory=Lifecycle)

    @property
    def status(self) -> str:
        """The agreement's status."""
        return str((self.data or {}).get(STATUS, ""))

    @property
    def over(self) -> bool:
        """Tell whether it is in force no more."""
        return self.status in ENDED or bool(self.lifecycle.ended)

    @property
    def ending(self) -> str:
        """How it came to its end, as "ended on 2027-01-31"; "" if it is in force."""
        life = self.lifecycle
        if not self.over:
            return ""
        if life.superseded_by and not life.ended:
            return f"is superseded by `{life.superseded_by}`"
        return f"ended on {life.ended}" if life.ended else f"is {self.status}"

    @property
    def parties(self) -> Mapping[str, str]:
        """The legal names of its parties, by what two ways to write one name have in common."""
        names = (party["legal_name"] for party in (self.data or {}).get("parties", ()))
        return {folded(name): name for name in names}

    def linked(self, kind: Kind) -> tuple[str, ...]:
        """Return the ids of the agreements that it names by a kind of link."""
        return links_of(self.data or {}).get(kind, ())


def linked_agreement(
    name: str, data: Mapping[str, Any] | None, term: Mapping[str, str], *, executed: bool, sent: bool = False
) -> LinkedAgreement:
    """Return an agreement as links see it, by its valid data; `term` says where its type has the term's dates."""
    if data is None:
        return LinkedAgreement(name)
    life = lifecycle_of(data)
    ends = max((_last_day(data, term), *(each.until for each in life.renewals)))
    return LinkedAgreement(name, data, executed, ends if _last_day(data, term) else "", sent, life)


def links_of(data: Mapping[str, Any]) -> dict[Kind, tuple[str, ...]]:
    """Return the ids of the agreements that an agreement's valid data name, by kind, as far as there are any."""
    told = data.get(LINKS, {})
    return {kind: (told[kind],) if isinstance(told[kind], str) else tuple(told[kind]) for kind in KINDS if kind in told}


@dataclass(frozen=True, slots=True)
class Linked:
    """The agreements that one belongs with, by their ids; `back` are those that name it, or that its data imply."""

    named: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)
    back: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield what is to be told: how the others stand to this agreement, and which they are."""
        for kind in KINDS:
            for label, found in ((kind, self.named), (BACKWARDS[kind], self.back)):
                if names := found.get(kind):
                    yield label, names


def linked(name: str, others: Mapping[str, Mapping[str, Any]]) -> Linked:
    """Return which agreements one belongs with; `others` are the valid data of all, by id.

    That one replaces another is told by either of them.
    """
    told = {each: data for each, data in sorted(others.items()) if any(part in data for part in APART)}
    lives = {each: lifecycle_of(data) for each, data in told.items()}
    named: dict[Kind, list[str]] = {kind: list(names) for kind, names in links_of(told.get(name, {})).items()}
    named.setdefault("replaces", []).extend(each for each in told if lives[each].superseded_by == name)
    back = {kind: [each for each in told if name in links_of(told[each]).get(kind, ())] for kind in KINDS}
    back["replaces"] += [lives[name].superseded_by] if name in lives else []
    # Of two that accompany each other, each is told once.
    back["accompanies"] = [each for each in back["accompanies"] if each not in named.get("accompanies", ())]
    return Linked(_without_empty(named), _without_empty(back))


def _without_empty(found: Mapping[Kind, list[str]]) -> Mapping[Kind, tuple[str, ...]]:
    once = {kind: tuple(dict.fromkeys(filter(None, names))) for kind, names in found.items()}
    return {kind: names for kind, names in once.items() if names}


def _last_day(data: Mapping[str, Any], term: Mapping[str, str]) -> str:
    """Return the last day of the term, by the contract: given, or reckoned from its begin and length."""
    begins, lasts, ends = (_text_at(data, term.get(name, "")) for name in ("begins", "lasts", "ends"))
    if is_date(ends):
        return ends
    if not is_date(begins) or not is_duration(lasts) or "T" in lasts:
        return ""
    try:
        # The term lasts through the day before it would begin anew.
        return moved(moved(plain(begins), plain(lasts), 1), (0, 1), -1).isoformat()
    except Unreckonable:
        return ""


def _text_at(data: Any, place: str) -> str:
    found = value_at(data, place)
    return found if isinstance(found, str) else ""
