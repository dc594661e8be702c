"""What is wrong with a journal beside its shape: events that nobody can tell apart, or nobody who looks after it.

No clock: that a person has left is what the journal says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from clausebook.assemble.inputs import AMENDS
from clausebook.document.statuses import ENDED
from clausebook.findings.model import Finding, SourceFile, finding_in
from clausebook.findings.near_names import did_you_mean
from clausebook.records.frozen import STATUS
from clausebook.records.journal import LIFE, OWN_EVENTS, Journal, journal_path
from clausebook.records.record_files import read_executed
from clausebook.repository.tree import Tree
from clausebook.validate.common import LIFECYCLE


def disagreements(journal: Journal, data: Mapping[str, Any], at: SourceFile) -> Iterator[Finding]:
    """Yield what an agreement's own file tells of its life otherwise than its journal; `data` are those of the file."""
    told = data.get(LIFECYCLE, {})
    for name in LIFE:
        if name in told and name in journal.life and told[name] != journal.life[name]:
            said = f"`{name}` is not what {journal.path} says; the journal is what counts"
            yield at.finding(
                "core/journal-disagrees", said, f"/{LIFECYCLE}/{name}", "correct the journal, and remove it here"
            )


def unknown_parties(journal: Journal, data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield where a journal names a party by a key that the agreement, of which these are the data, does not have."""
    known = sorted({str(each["key"]) for each in data["parties"]})
    named = [(f"/contacts/{index}/party", each.party) for index, each in enumerate(journal.contacts)]
    named += [(f"/conflicts/{index}/party", each.party) for index, each in enumerate(journal.conflicts)]
    for pointer, party in named:
        if party and party not in known:
            hint = did_you_mean(party, known, f"its parties are: {', '.join(known)}")
            yield journal.at.finding("core/journal-party", f"the agreement has no party `{party}`", pointer, hint)


def journal_findings(tree: Tree, agreement: str, journal: Journal) -> Iterator[Finding]:
    """Yield what is wrong with the journal of an agreement."""
    yield from _repeated(journal)
    yield from _own(journal)
    if journal.events:
        records = read_executed(tree, agreement)[0]
        yield from _early(journal, records[0].date if records else "")


def owner_findings(
    tree: Tree, agreement: str, path: str, journal: Journal, data: Mapping[str, Any]
) -> Iterator[Finding]:
    """Yield that nobody looks after an executed agreement, whose file is at `path` and whose data are valid.

    What ended needs nobody any more, and an amendment is looked after with its agreement.
    """
    if data.get(STATUS) in ENDED or AMENDS in data or not read_executed(tree, agreement)[0]:
        return
    if journal.owner is None:
        said = "nobody is named who looks after this agreement: reminders of what falls due would reach nobody"
        hint = f"name its `owner` in {journal_path(agreement)}, with name and e-mail address"
        yield finding_in(journal.path or path, "core/journal-owner-missing", said, hint)
    elif journal.owner.left and (journal.deputy is None or journal.deputy.left):
        said = f"its owner, {journal.owner.name}, left on {journal.owner.left}, and nobody stands in"
        hint = "name the new `owner`, or a `deputy` who has not left"
        yield journal.at.finding("core/journal-owner-left", said, "/owner", hint)


def _repeated(journal: Journal) -> Iterator[Finding]:
    named = Counter(each.event for each in journal.events)
    seen: set[tuple[str, str]] = set()
    for index, each in enumerate(journal.events):
        if named[each.event] > 1 and (not each.key or (each.event, each.key) in seen):
            said = f"there are {named[each.event]} events `{each.event}`"
            said += f", and another one has the key `{each.key}`" if each.key else ", and this one has no `key`"
            hint = "give each of them a `key` of its own, such as the site or the period that it is about"
            yield journal.at.finding("core/journal-event-repeated", said, f"/events/{index}", hint)
        seen.add((each.event, each.key))


def _own(journal: Journal) -> Iterator[Finding]:
    """Yield events that count for nothing here, as the program takes them from elsewhere."""
    for index, each in enumerate(journal.events):
        if each.event in OWN_EVENTS:
            said = f"`{each.event}` is no event of the journal: the program knows it from {_KNOWN_FROM[each.event]}"
            yield journal.at.finding("core/journal-event-own", said, f"/events/{index}", "take it out")


_KNOWN_FROM: Mapping[str, str] = {
    "last-signature": "the record of the execution",
    "conditions-met": "`conditions_met`",
    "renewed-until": "`renewals`",
    "ended": "`ended`",
}


def _early(journal: Journal, executed: str) -> Iterator[Finding]:
    """Yield events from before the execution of which nothing says how that can be: no duty could wait for them."""
    for index, each in enumerate(journal.events):
        if each.note or each.on >= executed > "":
            continue
        when = f"before the agreement was executed on {executed}" if executed else "but the agreement is not executed"
        said = f"`{each.event}` happened on {each.on}, {when}"
        hint = "correct the date; or say in `note` how it could happen before the execution"
        yield journal.at.finding("core/journal-event-early", said, f"/events/{index}/on", hint)
