"""What is due as a deal has it: the declaration with what its expressions gave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from clausebook.language.questions import Reply
from clausebook.library.declared import Basis, Due, Roll, Start


@dataclass(frozen=True, slots=True)
class StartAsked:
    """From what something counts: `says` is a day for "on", and the name of an event or a date otherwise.

    `shifts` are amounts, "" where the data give none; without `counts` it does not count.
    """

    basis: Basis
    says: str
    among: tuple[StartAsked, ...]
    counts: bool
    shifts: tuple[tuple[str, str], ...]
    country: str
    region: str


@dataclass(frozen=True, slots=True)
class DueAsked:
    """When something is due, as a deal has it; see `declared.Due`. `repeats` if each event of the name counts anew."""

    start: StartAsked
    every: str
    at: Literal["start", "end"]
    until: str
    times: str
    repeats: bool
    roll: Roll = ""
    calendar: bool = False
    whole: bool = False


def due_asked(due: Due, answers: Iterator[Reply]) -> DueAsked:
    """Return what is due with the answers to its `declared.expressions`, in their order."""
    start = _start(due.start, answers)
    every, times = (next(answers).text if said else "" for said in (due.every, due.times))
    return DueAsked(start, every, due.at, due.until, times, due.repeats, due.roll, due.calendar, due.whole)


def _start(start: Start, answers: Iterator[Reply]) -> StartAsked:
    counts = not start.when or next(answers).text == "1"
    says = next(answers).text if start.basis == "on" else start.says
    among = tuple(_start(each, answers) for each in start.among)
    shifts = tuple((name, next(answers).text) for name, _ in start.shifts)
    return StartAsked(start.basis, says, among, counts, shifts, start.country, start.region)
