"""Write a review as JSON for programs; the structure is stable, and keys are only ever added.

review       "clausebook-review/1"
worst        "error", "warning", "note" or ""
base, head   {name, commit}; the work tree's commit is ""
untouched    how many agreements of the head are not listed
agreements   [{id, title, path, happened, before, after, executed, changes, deviations, approvals, findings, note,
              left, values}]
  before, after   {id, path, title, version, status, executed, links, fingerprint} or null; the fingerprint is "" if
                  unknown, links are {under, accompanies, replaces: [id]} as far as there are any
  changes         [{part, place, number, title, kinds, summary, cause, before, after, in_library}]
    cause           {kind, values: [{pointer, old, new, line}], library: {old, new} or null, wording,
                    parts: [{kind, name, old, new}] of the library that made the change}
    in_library      whether a library edit alone explains it, in whose groups it stands
  deviations      [{slot, name, happened, before, after}], a side {clause, version, position, approver, reason,
                  departs_from, path} or null
  approvals       [{kind, slot, name, role, state, why, by, date, proof, path, fingerprint, pointer}]: kind "clause",
                  "term", "limit", "waiver" or "text", slot the id of all but the last, name what is to be approved
                  in words, fingerprint its own; state "given", "missing", "lapsed" or "refused", why the last
  left            [{place, field, pointers, words}] of what is newly left to the standard
  values          [{pointer, old, new, line, label}] of its data that differ and stand in no words
library      [{kind, type, name, path, happened, before, after, facts, changes, touched, executed, groups}]
  before, after   the versions
  changes         [{summary, before, after}] of the source's words
  groups          [{agreements, alike, changes: [{place, summary, before, after}]}], the words of the first
told         [{number, concern, weight, summary, cause, agreements}] of all changes, alike ones once, the most important
             first: concern as the type's summaries name it, "" for the rest; weight 0 (figures) to 4 (place alone)
holders      {office: [name]} of the offices that are asked for, as the protected branch has them
edit_approvals  [{office, paths, given}] of who must approve edits of the library, rules, looks or of whom to trust
since        null, or {head, problem, conflicts, told, findings} of what is new since the last review, which saw head
rounds       [{head, base, said}] of the earlier rounds, as the comment keeps them; state is this one, or null
pages        [{agreement, pages, more, problem}]: the first pages that a changed look sets otherwise, how many more do
findings, notes   [{rule, severity, message, path, line, column, pointer, hint}]
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from clausebook.approvals.model import ApprovalStanding
from clausebook.compare.changes import Change
from clausebook.document.model import ClauseSource
from clausebook.findings.model import finding_data
from clausebook.formats.table import FORMATS
from clausebook.history.causes import Cause
from clausebook.review.model import (
    AgreementReview,
    Deviation,
    Facts,
    Group,
    LibraryEdit,
    Review,
    Since,
    ToldChange,
    worst,
)

FORMAT = FORMATS["review"].mark


def as_json(review: Review) -> str:
    """Return the review as JSON."""
    return json.dumps(as_data(review), indent=2, ensure_ascii=False) + "\n"


def as_data(review: Review) -> dict[str, Any]:
    """Return the review as plain data."""
    shown = review.shown_in_library()
    return {
        "review": FORMAT,
        "worst": worst(review),
        "base": asdict(review.base),
        "head": asdict(review.head),
        "untouched": review.untouched,
        "agreements": [_agreement(agreement, shown) for agreement in review.agreements],
        "library": list(map(_edit, review.library)),
        "told": list(map(_told, review.told)),
        "holders": {office: list(names) for office, names in review.holders.items()},
        "edit_approvals": list(map(asdict, review.edit_approvals)),
        "since": _since(review.since) if review.since else None,
        "rounds": list(map(asdict, review.rounds)),
        "state": asdict(review.state) if review.state else None,
        "pages": [
            _named(each, "agreement", "more", "problem") | {"pages": [pair.page for pair in each.pages]}
            for each in review.pages
        ],
        "findings": list(map(finding_data, review.findings)),
        "notes": list(map(asdict, review.notes)),
    }


def _told(told: ToldChange) -> dict[str, Any]:
    said = {"summary": told.change.summary(), "cause": told.change.cause or "", "agreements": list(told.agreements)}
    return _named(told, "number", "concern", "weight") | said


def _since(since: Since) -> dict[str, Any]:
    new = since.review
    return {
        **{"head": since.last.head, "problem": since.problem, "conflicts": list(since.conflicts)},
        "told": list(map(_told, new.told)) if new else [],
        "findings": list(map(finding_data, new.findings)) if new else [],
    }


def _agreement(agreement: AgreementReview, shown: frozenset[tuple[str, str, str]]) -> dict[str, Any]:
    marks = agreement.text.marks if agreement.text else ("", "")
    return {
        **_named(agreement, "id", "title"),
        "path": agreement.facts.path,
        "happened": agreement.happened,
        "before": _facts(agreement.before, marks[0]),
        "after": _facts(agreement.after, marks[1]),
        "executed": agreement.executed,
        "changes": _changes(agreement, shown),
        "deviations": list(map(_deviation, agreement.deviations)),
        "approvals": list(map(_approval, agreement.approvals)),
        "findings": list(map(finding_data, agreement.findings)),
        "note": asdict(agreement.note) if agreement.note else None,
        "left": list(map(asdict, agreement.left)),
        "values": [_named(each, "pointer", "old", "new", "line", "label") for each in agreement.values],
    }


def _approval(approval: ApprovalStanding) -> dict[str, Any]:
    need = approval.need
    return {
        **{"kind": need.kind, "slot": need.id, "name": need.said, "role": need.role},
        **_named(approval, "state", "why", "by", "date", "proof", "path"),
        **_named(need, "fingerprint", "pointer"),
    }


def _changes(agreement: AgreementReview, shown: frozenset[tuple[str, str, str]]) -> list[dict[str, Any]]:
    if agreement.text is None:
        return []
    cause_of = agreement.text.cause_of
    return [
        _change(change, cause_of(change), (agreement.id, change.part, change.place) in shown)
        for change in agreement.changes
    ]


def _facts(facts: Facts | None, mark: str) -> dict[str, Any] | None:
    return {**asdict(facts), "fingerprint": mark} if facts else None


def _change(change: Change, cause: Cause, in_library: bool) -> dict[str, Any]:
    return {
        **_named(change, "part", "place", "number", "title"),
        "kinds": list(change.kinds),
        "summary": change.summary(),
        "cause": asdict(cause),
        **_named(change, "before", "after"),
        "in_library": in_library,
    }


def _deviation(deviation: Deviation) -> dict[str, Any]:
    sides = {"before": _source(deviation.before), "after": _source(deviation.after)}
    return _named(deviation, "slot", "name", "happened") | sides


def _source(source: ClauseSource | None) -> dict[str, Any] | None:
    names = ("clause", "version", "position", "approver", "reason", "departs_from", "path")
    return _named(source, *names) if source else None


def _edit(edit: LibraryEdit) -> dict[str, Any]:
    return {
        **_named(edit, "kind", "type", "name", "path", "happened"),
        "before": edit.old_version,
        "after": edit.new_version,
        "facts": list(edit.facts),
        "changes": [
            {"summary": change.summary().partition(": ")[2], **_named(change, "before", "after")}
            for change in edit.changes
        ],
        "touched": list(edit.touched),
        "executed": list(edit.executed),
        "groups": list(map(_group, edit.groups)),
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "agreements": list(group.agreements),
        "alike": group.alike,
        "changes": [
            {"place": change.place, "summary": change.summary(), **_named(change, "before", "after")}
            for change in group.changes
        ],
    }


def _named(thing: object, *names: str) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}
