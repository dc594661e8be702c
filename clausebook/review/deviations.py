"""Which departures from the playbook a change adds, removes or rewords."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clausebook.compare.changes import Change
from clausebook.document.model import Clause, ClauseSource
from clausebook.document.words import called
from clausebook.project.agreement import Agreement
from clausebook.review.model import Deviation


def deviations_of(old: Agreement | None, new: Agreement | None, changes: Iterable[Change]) -> tuple[Deviation, ...]:
    """Return each slot whose departure came, went, or has other words, in reading order, those that went last.

    Of an agreement that came or went, all of them; nothing can be told of one that is not valid on a side.
    """
    if any(side is not None and side.document is None for side in (old, new)):
        return ()
    reworded = {change.place for change in changes if change.part == "clause" and "moved" not in change.kinds}
    reworded |= {change.place for change in changes if change.part == "clause" and change.edits}
    before, after = deviating(old), deviating(new)
    found = []
    for slot, clause in after.items():
        source = clause.source
        known = before.get(slot)
        if known is None:
            found.append(Deviation(slot, called(clause), "added", None, source))
        elif slot in reworded or _of(known.source) != _of(source):
            found.append(Deviation(slot, called(clause), "changed", known.source, source))
    found += [
        Deviation(slot, called(clause), "removed", clause.source, None)
        for slot, clause in before.items()
        if slot not in after
    ]
    return tuple(found)


def deviating(agreement: Agreement | None) -> Mapping[str, Clause]:
    """Return the clauses that depart from the playbook, by slot, in reading order."""
    if agreement is None or agreement.document is None:
        return {}
    return {clause.id: clause for clause in agreement.document.clauses() if clause.source and clause.source.deviates}


def _of(source: ClauseSource | None) -> tuple[str, ...]:
    """Return what a departure is known by, wherever its file lies: a version alone changes no words."""
    return (source.clause.rpartition("/")[2], source.position) if source else ()
