"""Key dates and duties of a deal, as they are reckoned."""

from __future__ import annotations

from dataclasses import dataclass

from clausebook.findings.model import Finding

DATES = "dates"
"""What the references of key dates begin with."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days in question, ISO 8601 and both included; "" where there is no bound."""

    since: str = ""
    until: str = ""


ANY_DAY = Window()


@dataclass(frozen=True, slots=True)
class KeyDate:
    """A day by which people plan: `day` is ISO 8601, "" while it waits for the events `waits`.

    `reckoning` says how it is found, `place` where the text says so (6.1).
    """

    id: str
    title: str
    day: str
    reckoning: str
    waits: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a duty falls due: `due` is ISO 8601, "" while it waits. `reference` names it, whatever its day.

    `opens` and `closes` are the days of the period that it is for, "" without one.
    """

    reference: str
    due: str
    reckoning: str
    waits: tuple[str, ...] = ()
    opens: str = ""
    closes: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """What parties owe: `parties` are keys, none for all of them. Without occurrences it is owed throughout.

    `place` is the number in the text, `clause` the clause with its version. `more` tells that it falls due more often
    than is listed, `shown_by` names the event that shows that it was performed, `lapses` tells that nobody is late when
    the day has passed.
    """

    id: str
    kind: str
    parties: tuple[str, ...]
    what: str
    place: str
    clause: str
    occurrences: tuple[Occurrence, ...] = ()
    more: bool = False
    dated: bool = False
    lapses: bool = False
    shown_by: str = ""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What follows from a deal. `undeclared` are the clauses of its text whose duties nobody has declared."""

    dates: tuple[KeyDate, ...] = ()
    duties: tuple[Duty, ...] = ()
    undeclared: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
