"""What a type's clauses and its `facts.yaml` declare of the days, duties and facts of its deals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Basis = Literal["on", "event", "recorded", "date", "latest", "earliest"]
BASES: tuple[Basis, ...] = ("on", "event", "recorded", "date", "latest", "earliest")
SHIFTS = ("lasting", "plus", "minus", "business_days")
"""What moves a day, in the order in which it does."""

Roll = Literal["", "next", "previous", "none"]
"""What becomes of a day that is no business day; "" for what the type says of a time that is counted forwards."""

Names = tuple[tuple[str, str], ...]
"""Names, each with its expression in the language of rules."""


@dataclass(frozen=True, slots=True)
class Start:
    """From what something counts: `says` is an expression for "on", and the name of an event or a date otherwise.

    `among` are those of which the latest or earliest counts, `shifts` what moves the day (see SHIFTS) by how much.
    """

    basis: Basis
    says: str = ""
    among: tuple[Start, ...] = ()
    when: str = ""
    shifts: Names = ()
    country: str = "US"
    region: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due: once, or at the `end` or `start` of each of the periods that begin at `start`.

    What moves the day then counts from each period. `until` names the date with which the last one ends. With `repeats`
    it is due anew for each event of the name that the start has. `roll` is "" for what the type's counting says.
    The periods are those of the `calendar`, or begin with the start; a last one that is not `whole` may not count.
    """

    start: Start
    every: str = ""
    at: Literal["start", "end"] = "end"
    until: str = "end"
    times: str = ""
    repeats: bool = False
    roll: Roll = ""
    calendar: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class DeclaredDuty:
    """A duty as a clause declares it, from version `since` of its words until `before`. `due` is None where no day is.

    `party` and `item` are expressions, `says` is a template. `shown_by` is an event whose record shows that it was
    performed: in the time that an occurrence is for, where it is for one.
    With `lapses` nobody is late when the day has passed.
    """

    id: str
    kind: str
    says: str
    since: str
    before: str = ""
    each: Names = ()
    let: Names = ()
    condition: str = ""
    item: str = ""
    party: str = ""
    label: str = ""
    lapses: bool = False
    shown_by: str = ""
    due: Due | None = None


@dataclass(frozen=True, slots=True)
class DeclaredDate:
    """A key date of a type; `place` is a slot with a label in it: duration#renewal."""

    id: str
    title: str
    due: Due
    place: str = ""
    let: Names = ()
    condition: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredFact:
    """A term at a glance, or a column of a table: `value` is an expression, `kind` how what it gives is shown."""

    id: str
    title: str
    value: str
    kind: str = "text"
    place: str = ""
    let: Names = ()
    condition: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """Rows of one kind that a deal holds."""

    id: str
    title: str
    each: Names
    columns: tuple[DeclaredFact, ...]
    place: str = ""
    let: Names = ()
    condition: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredRegister:
    """A list over all agreements: the rows of a table, which columns of it, and what must not be missing in them.

    `dates` are key dates that stand beside each row, `evidence` kinds of evidence of which the newest does.
    """

    id: str
    title: str
    description: str
    table: str
    columns: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeclaredGlance:
    """What lists show of each agreement: names of terms and key dates, of which the first counts that a deal has.

    Of `regimes` and `compare` all count. `short` is what lists call values whose own names are long. `risks` says of
    library clauses, by their ids, what whoever uses them risks.
    """

    about: tuple[str, ...] = ()
    value: tuple[str, ...] = ()
    law: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    notice: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()
    short: Names = ()
    risks: Names = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that it names."""
        return (*self.about, *self.value, *self.law, *self.regimes, *self.compare)


NO_GLANCE = DeclaredGlance()
"""What lists show of agreements of a type that says nothing of it."""


@dataclass(frozen=True, slots=True)
class Counting:
    """How a type's texts count: whether a time that ends on no business day ends on the next one, and where it says so.

    It moves the end of a time that is added to a day. Days named outright, the ends of periods, and days so long before
    another stay where they are.
    """

    roll: Roll = ""
    place: str = ""


AS_THEY_FALL = Counting()
"""How texts count that say nothing of it."""


@dataclass(frozen=True, slots=True)
class DeclaredFacts:
    """What a type tells of its agreements: `templates/<type>/facts.yaml`, in the language of rules of a number."""

    path: str = ""
    dialect: int = 0
    dates: tuple[DeclaredDate, ...] = ()
    facts: tuple[DeclaredFact, ...] = ()
    tables: tuple[DeclaredTable, ...] = ()
    registers: tuple[DeclaredRegister, ...] = ()
    counting: Counting = AS_THEY_FALL
    glance: DeclaredGlance = NO_GLANCE


def due_of(data: Mapping[str, Any]) -> Due:
    """Return when something is due, from valid data. What moves the day of a period stands with the start, too."""
    told = {name: str(data[name]) for name in ("every", "at", "until", "times", "roll") if name in data}
    flags = {name: data.get(name, False) for name in ("repeats", "calendar", "whole")}
    return Due(start_of(data), **flags, **told)  # type: ignore[arg-type]


def start_of(data: Mapping[str, Any]) -> Start:
    """Return from what something counts; of several bases in one place the first counts, in the order of BASES."""
    basis: Basis = next((name for name in BASES if name in data), "latest")
    said = data.get(basis, ())
    return Start(
        basis=basis,
        says=said if isinstance(said, str) else "",
        among=() if isinstance(said, str) else tuple(map(start_of, said)),
        when=data.get("when", ""),
        shifts=tuple((name, data[name]) for name in SHIFTS if name in data),
        country=data.get("country", "US"),
        region=data.get("region", ""),
    )


def names_in(data: Mapping[str, Any], name: str) -> Names:
    """Return the names that an entry declares, each with its expression."""
    return tuple(data.get(name, {}).items())


def declared_duty(data: Mapping[str, Any], version: str) -> DeclaredDuty | None:
    """Return the duty of an entry of a clause's front matter, None if it declares none; `version` is the clause's."""
    if "id" not in data:
        return None
    told = {name: data[name] for name in ("item", "party", "label", "before", "shown_by") if name in data}
    return DeclaredDuty(
        id=data["id"],
        kind=data.get("kind", "other"),
        says=data.get("says", data["what"]),
        since=data.get("since", version),
        each=names_in(data, "each"),
        let=names_in(data, "let"),
        condition=data.get("if", ""),
        lapses=data.get("lapses", False),
        due=due_of(data["due"]) if "due" in data else None,
        **told,
    )


def expressions(due: Due) -> Iterator[str]:
    """Yield every expression of what is due, in one order."""
    yield from _of_start(due.start)
    yield from (each for each in (due.every, due.times) if each)


def _of_start(start: Start) -> Iterator[str]:
    if start.when:
        yield f"(1 if ({start.when}) else 0)"
    if start.basis == "on":
        yield start.says
    for each in start.among:
        yield from _of_start(each)
    yield from (expression for _, expression in start.shifts)
