"""Review one agreement: its text on both sides, what is new about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from clausebook.approvals.desk import Desk, finding_of
from clausebook.compare.changes import Change, changes
from clausebook.compare.documents import compare
from clausebook.document.fingerprints import fingerprint
from clausebook.findings.model import Finding, first_error
from clausebook.findings.pointers import MISSING, value_at
from clausebook.history.approved_texts import approved_finding
from clausebook.history.causes import ValueChange, unprinted_values
from clausebook.history.comparison import Comparison, comparison, text_of
from clausebook.language.sandbox import Sandbox
from clausebook.load.yaml import load_yaml
from clausebook.project.agreement import Agreement, ordered
from clausebook.records.frozen import differences
from clausebook.records.links import links_of
from clausebook.render.redline.summary import covered
from clausebook.repository.tree import TreeError
from clausebook.review.approvals import approvals_of
from clausebook.review.deviations import deviations_of
from clausebook.review.model import AgreementHappened, AgreementReview, Facts, TextChanges
from clausebook.review.sides import AgreementPair, Side
from clausebook.rules.silence_list import LeftOpen, left_open
from clausebook.validate.common import LIFECYCLE

TOLD_APART = ("id", "title", "version", "status", "links", "superseded_by", "approvals")
"""What of the data a review tells in words of its own."""


def review_agreement(
    pair: AgreementPair, base: Side, head: Side, sandbox: Sandbox, desks: tuple[Desk | None, Desk | None]
) -> AgreementReview:
    """Return what happened to an agreement, and all that is new about it; `desks` judge the approvals of the sides."""
    new = head.assemble(pair.new) if pair.new else None
    # What the base's deal means is asked only where something is found at the head: it may be no news.
    old = base.assemble(pair.old, judged=bool(new and new.findings)) if pair.old else None
    redline = _comparison(old, new, base, head, sandbox)
    deviations = deviations_of(old, new, redline.changes if redline else ())
    before, after = _facts(base, old), _facts(head, new)
    moved = bool(redline or deviations) or before is None or (after is not None and before.status != after.status)
    asked = approvals_of(old, new, *desks, moved=moved)
    findings = new_findings(old.findings if old else (), new.findings if new else (), pair)
    return AgreementReview(
        happened=_happened(pair),
        before=before,
        after=after,
        comparison=redline,
        deviations=deviations,
        approvals=asked,
        to_approve=tuple(finding_of(new, each) for each in asked if new and each.state != "given"),
        findings=ordered((*findings, *(approved_finding(new, redline, asked) if new else ()))),
        note=_note(pair, old, new, base, head),
        left=tuple(_newly_left(old, new, redline.changes if redline else ())),
        values=(*_unprinted(old, new, redline), *_told_since(old, new)),
        text=_text_changes(redline) if redline else None,
        clauses=frozenset(_clauses(new or old)),
    )


def _clauses(found: Agreement | None) -> Iterator[str]:
    for clause in found.document.clauses() if found and found.document else ():
        if clause.source:
            yield clause.source.library_clause


def _text_changes(found: Comparison) -> TextChanges:
    marks = fingerprint(found.old.document), fingerprint(found.new.document)
    told = covered(found.changes, found.redline)
    return TextChanges(found.changes, found.causes, found.new.document.type, marks, told)


def _unprinted(old: Agreement | None, new: Agreement | None, redline: Comparison | None) -> Iterator[ValueChange]:
    """Yield the values that differ, stand in no words, and are told nowhere else."""
    if not (old and new and old.inputs and new.inputs and old.document and new.document):
        return
    if old.inputs.deal.data == new.inputs.deal.data:
        return
    told = {value.pointer for cause in (redline.causes.values() if redline else ()) for value in cause.values}
    for each in unprinted_values(old.inputs, new.inputs, (old.document, new.document)):
        if each.pointer not in told and each.pointer.split("/")[1] not in TOLD_APART:
            yield each


def _told_since(old: Agreement | None, new: Agreement | None) -> Iterator[ValueChange]:
    """Yield what is told otherwise of the life after execution: it makes no words, and can put words in force."""
    if old is None or new is None:
        return
    sides = [{LIFECYCLE: each.data.get(LIFECYCLE, {})} for each in (old, new)]
    for pointer in differences(sides[0], sides[1]):
        if not pointer.endswith("/superseded_by"):
            before, after = (None if each is MISSING else each for each in (value_at(side, pointer) for side in sides))
            line = new.inputs.deal.locate(pointer)[0] if new.inputs else 1
            label = new.inputs.label(pointer) if new.inputs else ""
            yield ValueChange(pointer, before, after, line, label)


def _newly_left(old: Agreement | None, new: Agreement | None, found: Iterable[Change]) -> Iterator[LeftOpen]:
    """Yield what the standard says for the new data and did not say for the old; another number says nothing new."""
    if new is None or new.inputs is None:
        return
    past = old.silences if old and old.inputs else ()
    known = {(each.field, each.words) for each in left_open(past, new.inputs.label)}
    before = {(each.slot, each.pointer) for each in past}
    reworded = {change.place for change in found if not change.only_moved}
    silences = (each for each in new.silences if each.slot in reworded or (each.slot, each.pointer) not in before)
    for each in left_open(silences, new.inputs.label):
        if each.words and (each.field, each.words) not in known:
            yield each


def new_findings(
    old: Iterable[Finding], new: Iterable[Finding], pair: AgreementPair | None = None
) -> tuple[Finding, ...]:
    """Return the findings that were not there before: a finding is known by its rule, path and message.

    What an agreement that was renamed had under its old name is not new.
    """
    known = {_key(finding, pair) for finding in old}
    return ordered(finding for finding in new if _key(finding) not in known)


def _key(finding: Finding, pair: AgreementPair | None = None) -> tuple[str, str, str]:
    path, message = finding.path, finding.message
    if pair and pair.old and pair.new and pair.old != pair.new:
        path = path.replace(f"/{pair.old}", f"/{pair.new}", 1)
        message = message.replace(f"/{pair.old}", f"/{pair.new}")
    return finding.rule, path, message


def _happened(pair: AgreementPair) -> AgreementHappened:
    if not pair.old or not pair.new:
        return "added" if pair.new else "removed"
    return "changed" if pair.old == pair.new else "renamed"


def _comparison(
    old: Agreement | None, new: Agreement | None, base: Side, head: Side, sandbox: Sandbox
) -> Comparison | None:
    """Return the comparison of two texts that both can be assembled, None if nothing in them differs."""
    if old is None or new is None or old.document is None or new.document is None:
        return None
    # Looking for causes takes longer than all the rest.
    if not changes(compare(old.document, new.document)):
        return None
    return comparison(text_of(old, base.tip.commit), text_of(new, head.tip.commit), sandbox)


def _facts(side: Side, found: Agreement | None) -> Facts | None:
    """Return what the agreement says of itself, even if it is not valid."""
    if found is None:
        return None
    data: object = found.data
    if not data:
        try:
            data = load_yaml(side.tree.read(found.file.path), found.file.path).value
        except TreeError:
            data = None
    said = (data.get(name, "") if isinstance(data, dict) else "" for name in ("title", "version", "status"))
    title, version, status = (text if isinstance(text, str) else "" for text in said)
    executed = found.record is not None
    return Facts(found.file.id, found.file.path, title, version, status, executed, links_of(found.data))


def _note(pair: AgreementPair, old: Agreement | None, new: Agreement | None, base: Side, head: Side) -> Finding | None:
    """Say on which side the agreement cannot be assembled, and why."""
    broken = [
        (side, found) for side, found in ((base, old), (head, new)) if found is not None and found.document is None
    ]
    if not broken:
        return None
    where = " and ".join(f"at the {'head' if side is head else 'base'}" for side, _ in broken)
    error, more = first_error(broken[-1][1].findings)
    said = f": {error.message}" if error else ""
    note = Finding(
        rule="core/review-unassembled",
        message=f"`{pair.new or pair.old}` is not valid {where}, so that its text cannot be shown{said}{more}",
        path=broken[-1][1].file.path,
    )
    if error and error.path == note.path:
        return replace(note, line=error.line, column=error.column)
    return note
