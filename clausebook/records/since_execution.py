"""What became of an agreement since it was executed: renewals, its end, its successor. No clock.

Here data are those of an agreement after its journal: see `Journal.after`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from clausebook.document.statuses import BEFORE_EXECUTION, ENDED
from clausebook.findings.model import Finding, SourceFile
from clausebook.formats.renames import under_all_names
from clausebook.load.numbered import AGREEMENT_FORMAT, number_of
from clausebook.records.frozen import STATUS
from clausebook.records.journal import journal_path
from clausebook.records.record_files import read_executed
from clausebook.repository.tree import Tree
from clausebook.validate.common import APART, CONDITIONS_MET, LIFECYCLE
from clausebook.validate.value_formats import is_date

_RENEWALS, _END = f"/{LIFECYCLE}/renewals", f"/{LIFECYCLE}/ended"
_SUCCESSOR = f"/{LIFECYCLE}/superseded_by"


@dataclass(frozen=True, slots=True)
class Renewal:
    """A renewal of an agreement's term; dates are ISO 8601, `by` is "" where nothing is told."""

    on: str
    until: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What became of an agreement; what its data do not tell is empty. Renewals are oldest first."""

    renewals: tuple[Renewal, ...] = ()
    ended: str = ""
    why: str = ""
    superseded_by: str = ""


Successor = Callable[[str], str | None]
"""Gives the id of the agreement that superseded one; "" if none did, None if there is no such agreement."""


def lifecycle_of(data: Mapping[str, Any]) -> Lifecycle:
    """Return what an agreement's valid data tell of its life after execution."""
    told = data.get(LIFECYCLE, {})
    end = told.get("ended", {})
    return Lifecycle(
        renewals=tuple(Renewal(each["on"], each["until"], each.get("by", "")) for each in told.get("renewals", ())),
        ended=end.get("on", ""),
        why=end.get("why", ""),
        superseded_by=told.get("superseded_by", ""),
    )


def met_on(data: Mapping[str, Any]) -> str:
    """Return the day on which the conditions were met on which a text takes effect, "" if none is told.

    `data` need not be valid.
    """
    life = data.get(LIFECYCLE)
    told = life.get(CONDITIONS_MET) if isinstance(life, Mapping) else None
    day = told.get("on") if isinstance(told, Mapping) else None
    return day if isinstance(day, str) and is_date(day) else ""


def contract_data(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the data from which an agreement's text is made: neither what became of it since, nor its links.

    Clauses of any time can speak of them: a property that was renamed has its old name and its new one.
    """
    told = {name: value for name, value in data.items() if name not in APART}
    return under_all_names(told, AGREEMENT_FORMAT, number_of(data))


def lifecycle_findings(
    tree: Tree, agreement: str, at: SourceFile, data: Mapping[str, Any], successor: Successor
) -> tuple[Finding, ...]:
    """Return what is wrong with, or missing from, what an agreement's valid data tell of its life after execution.

    `data` are those of the agreement after its journal, and `at` its file with the journal.
    """
    status = data.get(STATUS)
    if LIFECYCLE not in data and status not in ENDED:
        return ()
    records, problems = read_executed(tree, agreement)
    told = lifecycle_of(data)
    found = list(_successor(at, agreement, told, successor)) if told.superseded_by else []
    if records:
        found += _status(at, told, str(status), journal_path(agreement))
        found += _dates(at, told, str(status), records[0].date)
    elif LIFECYCLE in data and not problems:
        found.append(
            at.finding(
                "core/lifecycle-early",
                "no version of this agreement is executed, so nothing can be told of its life after that",
                f"/{LIFECYCLE}",
                f"remove it; or record the execution with: clausebook execute {agreement} --signed FILE.pdf",
            )
        )
    return tuple(found)


def _successor(at: SourceFile, agreement: str, told: Lifecycle, successor: Successor) -> Iterator[Finding]:
    name, rule = told.superseded_by, "core/lifecycle-successor"
    hint = "name the agreement that took the place of this one by its id"
    if name == agreement:
        yield at.finding(rule, "an agreement cannot supersede itself", _SUCCESSOR, hint)
        return
    following = successor(name)
    if following is None:
        said = f"there is no agreement `{name}` that could supersede this one"
        yield at.finding(rule, said, _SUCCESSOR, f"{hint}; `clausebook list` shows all ids")
        return
    seen = {name}
    while following and following not in seen:
        if following == agreement:
            said = f"`{name}` is superseded by this agreement in turn"
            yield at.finding(rule, said, _SUCCESSOR, "remove `superseded_by` from the later one of the two")
            return
        seen.add(following)
        following = successor(following)


def _status(at: SourceFile, told: Lifecycle, status: str, journal: str) -> Iterator[Finding]:
    rule, pointer = "core/lifecycle-status", f"/{STATUS}"
    if status in BEFORE_EXECUTION:
        return  # that of a draft after the executed text, which `amend` takes up; of that text it is told elsewhere
    if status not in ENDED:
        hint = f"set the status to {', '.join(ENDED[:-1])} or {ENDED[-1]}, or remove"
        if told.ended:
            said = f"the agreement ended on {told.ended}, but its status is {status}"
            yield at.finding(rule, said, _END, f"{hint} `ended`")
        if told.superseded_by:
            said = f"the agreement is superseded by `{told.superseded_by}`, but its status is {status}"
            yield at.finding(rule, said, _SUCCESSOR, f"{hint} `superseded_by`")
    elif status == "superseded":
        if not told.superseded_by:
            said = "the agreement is superseded, but nothing tells by which one"
            hint = f"name that agreement's id as `superseded_by` in {journal}"
            yield at.finding("core/lifecycle-untold", said, pointer, hint)
    elif not told.ended:
        said = f"the agreement is {status}, but nothing tells since when"
        yield at.finding("core/lifecycle-untold", said, pointer, f"write the day as `on` of `ended` in {journal}")


def _dates(at: SourceFile, told: Lifecycle, status: str, executed: str) -> Iterator[Finding]:
    """Find dates that are out of order. ISO 8601 dates are in order as text."""
    rule, correct = "core/lifecycle-dates", "correct the date, or the order"
    for index, each in enumerate(told.renewals):
        if each.on < executed:
            said = f"the agreement was renewed on {each.on}, before it was executed on {executed}"
            yield at.finding(rule, said, f"{_RENEWALS}/{index}/on", "correct the date")
    for index, (before, after) in enumerate(pairwise(told.renewals), 1):
        if after.on < before.on:
            said = f"the renewal on {after.on} comes after the one on {before.on}: the oldest stands first"
            yield at.finding(rule, said, f"{_RENEWALS}/{index}/on", correct)
        if after.until <= before.until:
            said = f"the renewal until {after.until} does not extend the one until {before.until}"
            yield at.finding(rule, said, f"{_RENEWALS}/{index}/until", correct)
    if not told.ended:
        return
    if told.ended < executed:
        said = f"the agreement ended on {told.ended}, before it was executed on {executed}"
        yield at.finding(rule, said, f"{_END}/on", "correct the date")
    renewed = max((each.on for each in told.renewals), default="")
    if told.ended < renewed:
        said = f"the agreement ended on {told.ended}, before it was renewed on {renewed}"
        yield at.finding(rule, said, f"{_END}/on", "correct one of the dates")
    until = max((each.until for each in told.renewals), default="")
    if status == "expired" and renewed <= told.ended < until:
        said = f"the agreement expired on {told.ended}, but it was renewed until {until}"
        hint = "correct one of the dates; or set the status to terminated, if it ended early"
        yield at.finding("core/lifecycle-expired-early", said, f"{_END}/on", hint)
