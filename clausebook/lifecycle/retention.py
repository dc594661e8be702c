"""How long what is kept of an agreement must stay: by the house's own rules in `retention.yaml`, and by legal holds.

It lists; it deletes nothing. What no rule speaks of stays, and so does what nothing tells the end of: a period that
cannot be counted has not run out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from clausebook.amending.amendment_files import amended_by
from clausebook.findings.model import Finding, FindingsError, RepositoryError, SourceFile, refuse_errors
from clausebook.findings.near_names import did_you_mean
from clausebook.language.reckoning import Unreckonable, compute
from clausebook.project.project import Project
from clausebook.records.journal import Hold, Journal, sound_journal, stray_journals
from clausebook.records.links import LinkedAgreement
from clausebook.records.record_files import executed
from clausebook.records.registered import Registered
from clausebook.repository.agreement_files import JOURNALS
from clausebook.repository.tree import TreeError, names_in, unreadable
from clausebook.validate.repository_files import read_repository_file

POLICY = "retention.yaml"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """A rule of the house: keep for a period (ISO 8601) after the end, or after the last execution, and why.

    It is for agreements of some types, or that use one of some clauses; of both kinds if both are named, of all if
    neither is. `registered` tells whether it is for registered paper, which has neither type nor clauses.
    """

    id: str
    period: str
    since: Literal["end", "execution"]
    why: str
    types: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    registered: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """An agreement: whether what is kept of it may go, until when it stays (ISO 8601, "" if that is open), and why."""

    id: str
    title: str
    may_go: bool
    until: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Life:
    """What periods are counted from; `open` says why none can be, "" if they can. `note` says who tells the end."""

    title: str
    end: str
    executed: str
    open: str
    note: str = ""


def retention(project: Project, as_of: str) -> tuple[Kept, ...]:
    """Return what may go and what must stay as of a day, by id. Amendments go with what they amend.

    Raises RepositoryError without `retention.yaml`, and FindingsError for what cannot be read.
    """
    rules = read_policy(project)
    papers, findings = project.registered
    findings = (*findings, *_unread_journals(project, (*project.known, *(each.id for each in papers))))
    refuse_errors(findings)
    kept = []
    for file in project.files():
        if _amended(project, file.id):
            continue
        family = (file.id, *(name for name in project.known if _amended(project, name) == file.id))
        used = {each.clause for name in family for record in executed(project.tree, name) for each in record.clauses}
        applying = [each for each in rules if _applies(each, project.linked[file.id], used)]
        holds = [hold for name in family for hold in sound_journal(project.tree, name).holds]
        kept.append(_kept(file.id, _life(project, file.id), applying, holds, as_of))
    for paper in papers:
        journal = sound_journal(project.tree, paper.id)
        applying = [each for each in rules if each.registered]
        kept.append(_kept(paper.id, _paper_life(paper, journal, as_of), applying, journal.holds, as_of))
    return tuple(sorted(kept, key=lambda each: each.id))


def read_policy(project: Project) -> tuple[RetentionRule, ...]:
    """Return the rules of the house. Raises RepositoryError if there are none, FindingsError if they are wrong."""
    if POLICY not in names_in(project.tree, ""):
        hint = "docs/retention-and-dossier.md shows one: which periods it has is for the house's counsel to decide"
        raise RepositoryError(f"there is no {POLICY} in `{project.root}`, so nothing says how long to keep what", hint)
    value, at, findings = read_repository_file(project.tree, POLICY, "retention")
    if value is None:
        raise FindingsError(findings)
    rules = tuple(
        RetentionRule(
            each["id"],
            each["for"],
            each.get("from", "end"),
            each["why"],
            tuple(each.get("types", ())),
            tuple(each.get("clauses", ())),
            each.get("registered", False),
        )
        for each in value["keep"]
    )
    if unknown := tuple(_unknown(project, rules, at)):
        raise FindingsError(unknown)
    return rules


def policy_findings(project: Project) -> tuple[Finding, ...]:
    """Return what is wrong with the rules of the house; none without any."""
    if POLICY not in names_in(project.tree, ""):
        return ()
    try:
        read_policy(project)
    except FindingsError as error:
        return error.findings
    return ()


def _unknown(project: Project, rules: Iterable[RetentionRule], at: SourceFile) -> Iterator[Finding]:
    """Yield types and clauses that there are not: such a rule would keep nothing, and nobody would know."""
    types = project.store.types()
    kinds = (project.type(name).kind for name in types)
    clauses = {name for kind in kinds if kind for name in kind.clauses}
    for name in project.known:
        clauses |= {each.clause for record in executed(project.tree, name) for each in record.clauses}
    for index, rule in enumerate(rules):
        for noun, told, known in (("type", rule.types, types), ("clause", rule.clauses, clauses)):
            for number, each in enumerate(told):
                if each not in known:
                    said = f"there is no {noun} `{each}`, so the rule {rule.id} keeps nothing for it"
                    hint = did_you_mean(each, known, f"name a {noun} of the library, or of an executed agreement")
                    yield at.finding("core/retention-unknown", said, f"/keep/{index}/{noun}s/{number}", hint)


def _unread_journals(project: Project, known: Collection[str]) -> Iterator[Finding]:
    """Yield what among the journals nobody reads: it may hold something."""
    try:
        project.tree.names(JOURNALS)
    except TreeError as error:
        yield unreadable(JOURNALS, error)
    yield from stray_journals(project.tree, known)


def _amended(project: Project, name: str) -> str:
    """Return the id of the agreement that an amendment amends, "" if it is none of an agreement here."""
    told = amended_by(name)
    return told[0] if told and told[0] in project.known else ""


def _applies(rule: RetentionRule, linked: LinkedAgreement, used: Collection[str]) -> bool:
    of_type = not rule.types or (linked.data or {}).get("type") in rule.types
    return of_type and (not rule.clauses or any(each in used for each in rule.clauses))


def _life(project: Project, agreement: str) -> _Life:
    linked = project.linked[agreement]
    if linked.data is None:
        return _Life("", "", "", "its data have errors: see clausebook check")
    title, records = str(linked.data["title"]), executed(project.tree, agreement)
    if not records:
        return _Life(title, "", "", "it was never executed, so no period is counted")
    day, life = records[-1].date, linked.lifecycle
    if life.ended:
        return _Life(title, life.ended, day, "")
    if linked.status == "expired" and linked.ends:
        return _Life(title, linked.ends, day, "")
    if linked.over:
        return _Life(title, "", day, f"it {linked.ending}, but nothing tells on which day: write that into its journal")
    term = f"; by its term it runs until {linked.ends}" if linked.ends else ""
    return _Life(title, "", day, f"nothing says that it has ended{term}")


def _paper_life(paper: Registered, journal: Journal, as_of: str) -> _Life:
    ended = journal.life.get("ended")
    day = str(ended.get("on", "")) if isinstance(ended, dict) else ""
    title, end = paper.value("title"), paper.value("end")
    if day:
        return _Life(title, day, paper.value("effective"), "")
    if end and not paper.value("renewal") and not journal.life.get("renewals") and end < as_of:
        who = next(each for each in paper.facts if each.fact == "end")
        note = f"its end, {end}, is what {who.by} asserts" + (f" from page {who.page}" if who.page else "")
        return _Life(title, end, paper.value("effective"), "", note)
    if end:
        said = f"{end} is asserted as its end" + ("" if end >= as_of else ", but it may have been renewed")
        return _Life(title, "", "", f"{said}; nothing says that it has ended")
    return _Life(title, "", "", "nobody asserts an end")


def _kept(name: str, life: _Life, rules: list[RetentionRule], holds: Iterable[Hold], as_of: str) -> Kept:
    held = tuple(_held(each) for each in holds if each.released is None or each.released.on > as_of)
    counted = [(_until(rule, life), rule) for rule in rules] if not life.open else []
    until = max((day for day, _ in counted), default="")
    why = tuple(_reasons(life, counted, rules))
    if held:
        return Kept(name, life.title, False, "", (*held, *why))
    return Kept(name, life.title, bool(until) and until < as_of, until, why)


def _held(hold: Hold) -> str:
    return f"legal hold for {hold.matter}, since {hold.since}, by {hold.by}: it stays until the hold is released"


def _until(rule: RetentionRule, life: _Life) -> str:
    """Return the last day on which a rule keeps something; of an execution that nobody tells, from the end."""
    try:
        return str(compute("+", _start(rule, life), rule.period))
    except Unreckonable:  # for longer than there are dates
        return "9999-12-31"


def _start(rule: RetentionRule, life: _Life) -> str:
    return life.executed if rule.since == "execution" and life.executed else life.end


def _reasons(life: _Life, counted: list[tuple[str, RetentionRule]], rules: list[RetentionRule]) -> Iterator[str]:
    if life.open or life.note:
        yield life.open or life.note
    if not life.open and not rules:
        yield f"it ended on {life.end}, and no rule of {POLICY} speaks of it"
    for day, rule in sorted(counted, key=lambda each: each[0], reverse=True):
        yield f"{rule.id}: until {day}, {rule.period} after {_start(rule, life)} ({rule.since}): {rule.why}"
