"""What changed from one text of an agreement to the next, told once and kept: each change with its cause."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from clausebook.compare.changes import Change
from clausebook.document.excerpt import places_in
from clausebook.document.model import Document
from clausebook.history.causes import Cause, cause_key
from clausebook.history.comparison import Comparison, comparison, text_of
from clausebook.history.past_texts import Room
from clausebook.history.text_chain import Stop
from clausebook.language.sandbox import Sandbox
from clausebook.repository import user_cache
from clausebook.repository.engine import engine

Why = Literal["data", "library", "outline", "wording", "both", ""]
"""What brought words in: the deal's data, a clause or the glossary, the type's outline, words written for this deal
alone, data and library together; "" where that cannot be told."""


@dataclass(frozen=True, slots=True)
class CausedChange:
    """A change in the redline's own sentence. `place` is its cause's key, `group` the section or schedule around it."""

    place: str
    group: str
    summary: str
    why: Why
    cause: str


def caused_changes(old: Stop, new: Stop, room: Room, sandbox: Sandbox) -> tuple[CausedChange, ...]:
    """Return the changes from one text to another, in reading order."""

    def made() -> bytes:
        return json.dumps([asdict(each) for each in _told(old, new, room, sandbox)]).encode()

    key = (engine(), old.wanted.sources.key, new.wanted.sources.key)
    return tuple(CausedChange(**each) for each in json.loads(user_cache.kept_or_made("caused-changes", key, made)))


def _told(old: Stop, new: Stop, room: Room, sandbox: Sandbox) -> Sequence[CausedChange]:
    before, after = (text_of(room.agreement(side.wanted, sandbox), "") for side in (old, new))
    found = comparison(before, after, sandbox)
    groups = {**_groups(before.document), **_groups(after.document)}
    return [_change(each, found, groups.get(each.place, "")) for each in found.changes]


def _change(change: Change, found: Comparison, group: str) -> CausedChange:
    known = found.causes.get(cause_key(change.part, change.place))
    why = _why(known) if known else ""
    return CausedChange(cause_key(change.part, change.place), group, change.summary(), why, change.cause or "")


def _why(cause: Cause) -> Why:
    if cause.kind == "both":
        return "both"
    if cause.kind == "data":
        return "wording" if cause.wording else "data"
    kinds = {part.kind for part in cause.parts}
    return "library" if kinds & {"clause", "term"} or not kinds else "outline"


def _groups(document: Document) -> dict[str, str]:
    return {place: group.id for group in document.groups() for place in places_in(document, group.id) - {group.id}}
