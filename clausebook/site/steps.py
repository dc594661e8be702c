"""Where an agreement stands, in short: the steps from draft to signature and on, and what a list says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from types import MappingProxyType
from typing import NamedTuple

from markupsafe import Markup

from clausebook.document.statuses import ENDED
from clausebook.findings.report import counted
from clausebook.lifecycle.standing import AmendmentStep, ExecutedText, Standing
from clausebook.records.model import Turn
from clausebook.records.since_execution import Renewal
from clausebook.site.markup import chip, day, humane, link
from clausebook.site.page import agreement_path
from clausebook.site.site_entry import SiteEntry

STAGES: Mapping[str, str] = MappingProxyType(
    {
        "not-sent": "Not sent",
        "sent": "Sent",
        "answered": "Answered",
        "executed": "Executed",
        "being-amended": "Being amended",
        "redrafted": "New draft",
        "amended": "Amended",
        "renewed": "Renewed",
        "expired": "Expired",
        "terminated": "Terminated",
        "superseded": "Superseded",
    }
)
"""What each stage is called."""

TURNS, EXECUTION, AMENDMENTS = "page_turns", "page_execution", "page_amendments"
"""Anchors of the parts that tell more."""


class _Step(NamedTuple):
    name: str
    note: str
    state: str
    anchor: str = ""


def stage_chip(entry: SiteEntry) -> Markup:
    """Return the mark that shows the stage."""
    return chip(STAGES[entry.stage], f"stage-{entry.stage}")


def stage_cell(entry: SiteEntry) -> Markup:
    """Return what a table says of the stage; the filter knows it by its name alone."""
    note = f"until {day(entry.until)}" if entry.until else day(entry.since)
    said = f' <span class="cb-note">{note}</span>' if note else ""
    return Markup(f'<span data-cb-value="{escape(STAGES[entry.stage])}">{stage_chip(entry)}</span>{said}')


def steps(standing: Standing) -> Markup:
    """Return the steps that the agreement has made and has before it."""
    items = "".join(map(_item, _steps(standing)))
    return Markup(f'<ol class="cb-steps" aria-label="Where it stands">\n{items}</ol>\n')


def notices(standing: Standing, page: str, titles: Mapping[str, str]) -> Markup:
    """Return what a reader must know before reading the text; `titles` are those of agreements that have a page."""
    return Markup("".join(f'<p class="cb-notice">{said}</p>\n' for said in _notices(standing, page, titles)))


def amendment_link(step: AmendmentStep, page: str, titles: Mapping[str, str]) -> str:
    """Return the name of an amendment, linked if it has another page."""
    path, name = agreement_path(step.id), f"Amendment No. {step.number}"
    return link(page, path, name) if step.id in titles and path != page else name


def agreement_link(name: str, page: str, titles: Mapping[str, str]) -> Markup:
    """Return the title of an agreement, linked if it has a page."""
    return link(page, agreement_path(name), titles[name]) if name in titles else Markup(escape(name))


def effective(step: AmendmentStep) -> Markup:
    """Say from when on an amendment has effect, or for what it waits."""
    effect = step.effect
    if effect.day:
        return Markup(f"effective {day(effect.day)}")
    if effect.waits == "signature" and effect.earliest:
        return Markup(f"to take effect on {day(effect.earliest)}, or with the last signature if that is later")
    return Markup(_WAITING[effect.waits])


def in_force(text: ExecutedText) -> Markup:
    """Say from when on a whole text is in force, "" if that is the day of its execution."""
    if text.effect.day in ("", text.date) and text.effect.waits != "condition":
        return Markup("")
    return Markup(f"in force from {day(text.effect.day)}" if text.effect.day else _WAITING[text.effect.waits])


_WAITING: Mapping[str, str] = MappingProxyType(
    {
        "signature": "to take effect with the last signature",
        "condition": "to take effect when its condition is met, of which no day is recorded",
        "lapsed": "lapsed before it took effect",
    }
)


def whom(standing: Standing, turn: Turn) -> str:
    """Return the other party of a turn; plain text."""
    return standing.parties.get(turn.party, turn.party) or "all parties"


def _item(step: _Step) -> str:
    current = ' aria-current="step"' if step.state == "now" else ""
    said = {"done": "done", "next": "not yet"}.get(step.state, "")
    hidden = f'<span class="cb-hidden"> ({said})</span>' if said else ""
    name = f'<a href="#{step.anchor}">{escape(step.name)}</a>' if step.anchor else f"<span>{escape(step.name)}</span>"
    note = f'<span class="cb-note">{step.note}</span>\n' if step.note else ""
    return f'<li class="cb-step cb-step-{step.state}"{current}>\n<strong>{name}{hidden}</strong>\n{note}</li>\n'


def _steps(standing: Standing) -> Iterator[_Step]:
    stage, latest = standing.stage, standing.latest
    yield _Step(
        "Drafted" if latest else humane(standing.status),
        "" if latest else f"Version {escape(standing.version)}",
        "now" if stage == "not-sent" else "done",
    )
    yield _sent(standing)
    if latest is None:
        yield _Step("Executed", "", "next", EXECUTION)
        return
    # What happened on one day stays in this order.
    yield from (step for _, step in sorted(_events(standing), key=lambda event: event[0]))
    if standing.pending:
        state = "now" if stage == "being-amended" else "next"
        note = f"Amendment No. {standing.pending.number}, {escape(humane(standing.pending.status).lower())}"
        yield _Step("Being amended", note, state, AMENDMENTS)
    elif stage == "redrafted":
        yield _Step("New draft", f"Version {escape(standing.version)}", "now")
    if stage in ENDED:
        yield _Step(STAGES[stage], day(standing.since), "now")


def _events(standing: Standing) -> Iterator[tuple[str, _Step]]:
    """Yield the last execution, amendment and renewal, each with its day."""
    stage, record = standing.stage, standing.executions[-1].record
    executed = f"Version {escape(record.version)}, {day(record.date)}"
    yield record.date, _Step("Executed", executed, "now" if stage == "executed" else "done", EXECUTION)
    done = [each for each in standing.amendments if each.executed]
    if done:
        note = f"Amendment No. {done[-1].number}, {effective(done[-1])}"
        yield done[-1].executed, _Step("Amended", note, "now" if stage == "amended" else "done", AMENDMENTS)
    if standing.lifecycle.renewals:
        last = standing.lifecycle.renewals[-1]
        note = f"{day(last.on)}, until {day(last.until)}"
        yield last.on, _Step("Renewed", note, "now" if stage == "renewed" else "done")


def _sent(standing: Standing) -> _Step:
    if not standing.turns:
        return _Step("Sent", "No turn is recorded" if standing.latest else "", "skipped" if standing.latest else "next")
    sent = [turn for turn in standing.turns if turn.direction == "sent"]
    turn = sent[-1] if sent and standing.latest else standing.turns[-1]
    how, name = ("to", "Sent") if turn.direction == "sent" else ("by", "Answered")
    more = f" · {counted(len(standing.turns), 'turn')}" if len(standing.turns) > 1 else ""
    note = f"{day(turn.date)}, {how} {escape(whom(standing, turn))}{more}"
    return _Step(name, note, "now" if standing.stage in ("sent", "answered") else "done", TURNS)


def _notices(standing: Standing, page: str, titles: Mapping[str, str]) -> Iterator[str]:
    version, latest = escape(standing.version), standing.latest
    if standing.amends:
        amended = standing.amends.agreement
        name = agreement_link(amended, page, titles)
        base, makes = escape(standing.amends.base), escape(standing.amends.makes)
        made = f"It amends version {base} of that agreement and makes version {makes} of it." if makes else ""
        yield f"This is Amendment No. {standing.amends.number} to {name}, {effective(standing.amends)}. {made}"
    if standing.stage in ENDED:
        yield _ending(standing, page, titles)
    if standing.lifecycle.renewals and latest:
        yield " ".join(map(_renewed, standing.lifecycle.renewals))
    if standing.supersedes:
        names = [agreement_link(name, page, titles) for name in standing.supersedes]
        yield f"Supersedes {', '.join(names[:-1])}{' and ' if names[1:] else ''}{names[-1]}."
    if latest is None:
        return
    executed = f"version {escape(latest.version)}, of {day(latest.date)}"
    step = next((each for each in standing.amendments if each.id == latest.by), None)
    if standing.is_draft:
        pending = standing.pending
        how = f", which {amendment_link(pending, page, titles)} is to bring in" if pending else ""
        yield (
            f"The text below is a draft of version {version}{how}. The parties have not signed it: what they signed "
            f"is {executed}."
        )
    elif step and standing.version == latest.version:
        yield (
            f"The text below is the agreement as amended by {amendment_link(step, page, titles)}, {effective(step)}: "
            f"version {version}, word for word what the original and its amendments make.{_until(standing, step)}"
        )
    elif standing.version != latest.version:
        yield f"The text below is version {version}. A later text was executed: {executed}."


def _until(standing: Standing, last: AmendmentStep) -> str:
    """Say of which amendments the words are in the text before they are in force, and which are in force until then."""
    late = [each for each in standing.amendments if each.executed and not each.effect.has_begun(each.executed)]
    if late == [last]:
        until = "Until then" if last.effect.day else "It is not in force:"
        return f" {until} the words of version {escape(last.base)} are in force."
    return "".join(f" The changes of Amendment No. {each.number} {_from(each)}." for each in late)


def _from(late: AmendmentStep) -> str:
    """Say from which day the changes of an amendment are in force, of which it is the predicate."""
    if late.effect.waits == "lapsed":
        return "are never in force, for it lapsed"
    return (
        f"are in force from {day(late.effect.day)} on" if late.effect.day else "are not in force until it takes effect"
    )


def _ending(standing: Standing, page: str, titles: Mapping[str, str]) -> str:
    """Say how an agreement ended: when, why and by what, as far as its data tell."""
    told, stage = standing.lifecycle, standing.stage
    when = f" on {day(told.ended)}" if told.ended else ""
    by = f"Superseded by {agreement_link(told.superseded_by, page, titles)}" if told.superseded_by else ""
    if by and stage == "superseded":
        said = [f"{by}{when}."]
    else:
        name = STAGES[stage]
        said = [f"{name}{when}." if when else f"This agreement is {name.lower()}.", f"{by}." if by else ""]
    said += [escape(told.why), "Its text below is kept as it was executed."]
    return " ".join(filter(None, said))


def _renewed(renewal: Renewal) -> str:
    by = f", by {escape(renewal.by)}" if renewal.by else ""
    return f"Renewed on {day(renewal.on)} until {day(renewal.until)}{by}."
