"""The dates and duties of registered papers, as somebody asserts them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from clausebook.facts.duties.agreement_duties import WhatIsOwed, agreement_duties, events_of, unread
from clausebook.facts.duties.asked_due import DueAsked, StartAsked
from clausebook.facts.duties.duty_names import slug, told_apart
from clausebook.facts.duties.model import ANY_DAY, Duty, KeyDate, Occurrence, Reckoned, Window
from clausebook.facts.duties.moments import Known, Moment, falling, moment
from clausebook.findings.model import Finding, finding_in
from clausebook.language.reckoning import FREQUENCIES, Unreckonable
from clausebook.project.project import Progress, Project
from clausebook.records.registered import Asserted, AssertedDuty, Registered

EFFECTIVE, END, NOTICE, DUE = "effective", "end", "notice", "due"
"""What can be asserted, and what duties count from."""

_TITLES = {EFFECTIVE: "Effective date", END: "End"}


def all_owed(
    project: Project,
    ids: Collection[str] = (),
    window: Window = ANY_DAY,
    assumed: Mapping[str, str] = MappingProxyType({}),
    progress: Progress = lambda name: None,
) -> tuple[list[WhatIsOwed], tuple[Finding, ...]]:
    """Return what the agreements and registered papers of these ids, or all, ask of their parties in a window.

    With it come the errors for which drafts and papers are left out. `assumed` are days of events, as
    `agreement_duties` takes them. Raises RepositoryError for an id that is none.
    """
    papers = {paper.id: owed for paper, owed in paper_duties(project, window)}
    mine = [name for name in ids if name not in papers]
    agreements = tuple(project.assemble_all(mine, progress)) if mine or not ids else ()
    found = (agreement_duties(project, each, window, assumed) for each in agreements)
    wanted = (owed for name, owed in papers.items() if name in ids or not ids)
    left_out = (*unread(agreements), *(() if ids else unread_papers(project)))
    return [*(each for each in found if each), *wanted], left_out


def unread_papers(project: Project) -> Iterator[Finding]:
    """Yield why registered papers cannot be read, and so are in no list."""
    return (each for each in project.registered[1] if each.severity == "error")


def paper_duties(project: Project, window: Window = ANY_DAY) -> Iterator[tuple[Registered, WhatIsOwed]]:
    """Yield each registered paper with what it asks of its parties in a window."""
    for paper in project.registered[0]:
        yield paper, _owed(project, paper, window)


def _owed(project: Project, paper: Registered, window: Window) -> WhatIsOwed:
    journal, problems = project.read_journal(paper.id)
    evidence, faults = project.read_evidence(paper.id)
    events = events_of(project, paper.id, {}, journal)
    days = {each.fact: _asserted(each.value, each) for each in paper.facts if each.fact in (EFFECTIVE, END)}
    if END in days and (renewed := events.get("renewed-until")):
        days[END] = max(
            days[END], Moment(renewed[-1].day, f"{renewed[-1].day}, renewed"), key=lambda each: str(each.day)
        )
    duties, findings = list(_notice(paper, Known(events, days.get))), list[Finding]()
    for number, each in enumerate(paper.duties, 1):
        known = Known(events, {**days, DUE: _asserted(each.due, each)}.get if each.due else days.get)
        try:
            duties.append(_duty(each, number, known, window))
        except Unreckonable as error:
            said = f"the duty “{each.what}” of `{paper.id}` cannot be reckoned: {error}"
            findings.append(finding_in(paper.path, "core/duty-unclear", said, "correct `due` or `every`"))
    return WhatIsOwed(
        id=paper.id,
        title=paper.value("title") or paper.file.original,
        signed=True,
        parties={name: name for name in paper.values("party")},
        journal=journal,
        reckoned=Reckoned(_key_dates(days), told_apart(duties), (), tuple(findings)),
        closed={each.key: each for each in evidence},
        window=window,
        findings=tuple(each for each in (*problems, *faults) if each.severity == "error"),
    )


def _key_dates(days: Mapping[str, Moment]) -> tuple[KeyDate, ...]:
    return tuple(KeyDate(name, _TITLES[name], str(each.day), each.words, (), "") for name, each in days.items())


def _asserted(day: str, by: Asserted | AssertedDuty) -> Moment:
    page = f", page {by.page}" if by.page else ""
    return Moment(date.fromisoformat(day), f"{day}, asserted by {by.by} on {by.on}{page}")


def _notice(paper: Registered, known: Known) -> Iterator[Duty]:
    """Yield that notice is to be given before the end, if the agreement is not to go on as it says."""
    told = next((each for each in paper.facts if each.fact == NOTICE), None)
    found = moment(_counted(END, minus=told.value), known) if told else None
    if told and found:
        words = "give notice, if the agreement is not to go on as it says"
        place = f"page {told.page}" if told.page else ""
        time = Occurrence(f"{NOTICE}#1", str(found.day or ""), found.words)
        yield Duty(NOTICE, "renewal", (), words, place, "", (time,), dated=True)


def _counted(day: str, **shifts: str) -> StartAsked:
    return StartAsked("date", day, (), True, tuple(shifts.items()), "US", "")


def _duty(asserted: AssertedDuty, number: int, known: Known, window: Window) -> Duty:
    name = f"asserted/{slug(asserted.what)[:40].strip('-') or number}"
    every = FREQUENCIES.get(asserted.every, asserted.every)
    due = DueAsked(_counted(DUE), every, "start", END, "", False)
    there, more = falling(due, known, window.since, window.until)
    times = (
        Occurrence(f"{name}#{each.number}", str(each.moment.day or ""), each.moment.words, each.moment.waits)
        for each in there
    )
    place = f"page {asserted.page}" if asserted.page else ""
    parties = (asserted.party,) if asserted.party else ()
    return Duty(name, "other", parties, asserted.what, place, "", tuple(times), more, dated=bool(asserted.due))
