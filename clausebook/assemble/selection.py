"""Which clause fills which slot of this agreement."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from clausebook.assemble.inputs import Deal
from clausebook.assemble.parts import signature_blocks
from clausebook.assemble.terms import anchor
from clausebook.findings.model import Finding, finding_in
from clausebook.findings.near_names import did_you_mean
from clausebook.library.model import AgreementType, LibraryClause, OutlineSchedule, Slot


@dataclass(frozen=True, slots=True)
class Selection:
    """The clause of each slot in this agreement, by slot id, and the schedules in it, in order.

    `unfilled` are slots that are in the agreement, but whose clause cannot be had, and those of which it cannot be told
    whether they are: that has a finding, and whatever refers to them needs none.
    """

    clauses: Mapping[str, LibraryClause]
    items: Mapping[str, str]
    schedules: tuple[OutlineSchedule, ...]
    findings: tuple[Finding, ...]
    unfilled: frozenset[str] = frozenset()

    def holds(self, slot: str) -> bool:
        """Tell whether the slot is in the agreement."""
        return slot in self.clauses or slot in self.unfilled


def select(deal: Deal, kind: AgreementType, holds: Mapping[str, bool], unclear: Set[str] = frozenset()) -> Selection:
    """Choose the clauses. `holds` tells which conditions hold, by the id of their slot or schedule.

    `unclear` are the conditions of which it cannot be told: they have findings.
    """
    outline = kind.outline
    schedules = tuple(schedule for schedule in outline.schedules if not schedule.when or holds[schedule.id])
    left_out = {schedule.id for schedule in outline.schedules} - {schedule.id for schedule in schedules}
    hidden = {slot.id for schedule in outline.schedules if schedule.id in left_out for slot in schedule.slots}
    slots = {slot.id: slot for slot in outline.slots() if slot.id not in hidden and (not slot.when or holds[slot.id])}
    findings: list[Finding] = []
    chosen: dict[str, LibraryClause] = {}
    choices: Mapping[str, Any] = deal.data.get("clauses", {})
    known = {slot.id for slot in outline.slots()}
    open_still = {slot.id for schedule in outline.schedules if schedule.id in unclear for slot in schedule.slots}
    open_still |= unclear | kind.adrift
    for name in choices:
        if name not in slots and name not in open_still:
            findings.append(_misplaced(deal, name, known))
    for slot in slots.values():
        clause = _chosen(deal, kind, slot, choices.get(slot.id, {}), findings)
        if clause:
            chosen[slot.id] = clause
    own_schedules = []
    taken = known | {section.id for section in outline.sections} | {schedule.id for schedule in outline.schedules}
    # The anchors of the whole text, of definitions and of signature blocks stand beside those of schedules.
    taken |= {"agreement-text", *(block.id for block in signature_blocks(deal, outline.signatures))}
    for index, entry in enumerate(deal.data.get("schedules", ())):
        pointer = f"/schedules/{index}/"
        wording = _wording(deal, entry.get("wording", ""), pointer + "wording", findings)
        key = entry["key"]
        if key in taken or key.startswith(anchor("")):
            findings.append(
                deal.finding("core/schedule-id", f"the key `{key}` is taken", pointer + "key", "choose another key")
            )
        else:
            taken.add(key)
            slot = Slot(_own_slot(key), "")
            slots[slot.id] = slot
            if wording:
                chosen[slot.id] = wording
            own_schedules.append(OutlineSchedule(key, entry["title"], (slot,)))
    items = {slot.id: slot.item for slot in slots.values()}
    unfilled = frozenset(slots.keys() - chosen.keys() | open_still)
    return Selection(chosen, items, (*schedules, *own_schedules), tuple(findings), unfilled)


def is_own_schedule(schedule: OutlineSchedule) -> bool:
    """Tell whether a schedule is the deal's own: one text without a heading of its own."""
    return len(schedule.slots) == 1 and schedule.slots[0].id == _own_slot(schedule.id)


def _own_slot(schedule: str) -> str:
    return f"{schedule}--text"


def _chosen(
    deal: Deal, kind: AgreementType, slot: Slot, choice: Mapping[str, Any], findings: list[Finding]
) -> LibraryClause | None:
    pointer = f"/clauses/{slot.id}"
    if "wording" in choice:
        clause = _wording(deal, choice["wording"], f"{pointer}/wording", findings)
        if clause:
            findings += _departures(kind, slot, clause)
        return clause
    if "use" not in choice and slot.id in kind.unfilled:
        return None
    wanted = choice.get("use", slot.clause)
    clause = kind.clauses.get(wanted)
    variants = sorted(clause.id for clause in kind.clauses.values() if clause.slot == slot.id)
    if clause is None or clause.slot != slot.id:
        if wanted in kind.unusable:
            message = f"the clause `{wanted}` cannot be used: its file has errors"
            findings.append(deal.finding("core/clause-unusable", message, f"{pointer}/use", "mend the clause's file"))
            return None
        why = "is in no library" if clause is None else f"is for the slot `{clause.slot}`"
        hint = did_you_mean(wanted, variants, f"for this slot there are: {', '.join(variants) or 'none'}")
        findings.append(deal.finding("core/clause-unknown", f"the clause `{wanted}` {why}", f"{pointer}/use", hint))
        return None
    if clause.status == "retired":
        others = [name for name in variants if kind.clauses[name].status == "approved"]
        hint = f"choose one of {', '.join(others)}" if others else "ask counsel for wording of this deal's own"
        message = f"the clause `{clause.id}` is retired and can no longer be used in the slot `{slot.id}`"
        findings.append(deal.finding("core/clause-retired", message, f"{pointer}/use", hint))
        return None
    if clause.status == "draft":
        message = f"the clause `{clause.id}` is a draft that nobody has approved yet"
        findings.append(deal.finding("core/clause-draft", message, f"{pointer}/use", "have it approved first"))
    return clause


_ASKED = {
    "title": "what it is called, after `title:`",
    "slot": "which slot it fills, after `slot:`",
    "departs_from": "what it departs from, after `departs_from:`",
    "reason": "why this deal needs it, after `reason:`",
}


def _departures(kind: AgreementType, slot: Slot, clause: LibraryClause) -> list[Finding]:
    """Check the negotiated wording's own account of what it departs from."""
    said = {"title": clause.title, "slot": clause.slot, "departs_from": clause.departs_from, "reason": clause.reason}
    path = clause.path
    if missing := [name for name, text in said.items() if not text]:
        message = f"the front matter of this wording lacks {', '.join(f'`{name}`' for name in missing)}"
        hint = f"say there {' and '.join(_ASKED[name] for name in missing)}"
        return [finding_in(path, "core/wording-incomplete", message, hint)]
    if clause.slot != slot.id:
        message = f"this wording is for the slot `{clause.slot}`, but the agreement uses it for `{slot.id}`"
        hint = "correct `slot` in its front matter, or the agreement's `clauses`"
        return [finding_in(path, "core/wording-slot", message, hint)]
    base, _, version = clause.departs_from.partition("@")
    standard = kind.clauses.get(base)
    if standard is None or standard.slot != slot.id:
        message = f"this wording departs from `{base}`, which is no library clause for the slot `{slot.id}`"
        return [finding_in(path, "core/wording-base", message, "name the library clause in `departs_from`")]
    if standard.version != version:
        message = f"this wording departs from version {version} of `{base}`, which is now {standard.version}"
        return [
            finding_in(path, "core/wording-behind", message, "see whether the library's change matters to this deal")
        ]
    return []


def _wording(deal: Deal, name: str, pointer: str, findings: list[Finding]) -> LibraryClause | None:
    clause = deal.wordings.get(name)
    if clause is None and name not in deal.unreadable:
        said, hint = f"the wording `{name}` is not beside the agreement", f"put it at {deal.folder}/{name}"
        findings.append(deal.finding("core/wording-missing", said, pointer, hint))
    return clause


def _misplaced(deal: Deal, name: str, known: set[str]) -> Finding:
    if name in known:
        message = f"the slot `{name}` is not part of this agreement: its condition in the outline does not hold"
        hint = "take it out of `clauses`, or give the data that calls for the slot"
        return deal.finding("core/slot-left-out", message, f"/clauses/{name}", hint)
    message = f"there is no slot `{name}`"
    hint = did_you_mean(name, sorted(known), f"the slots are: {', '.join(sorted(known))}")
    return deal.finding("core/slot-unknown", message, f"/clauses/{name}", hint)
