"""Which library edit each change of a text comes from, and where the same words change in many agreements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from clausebook.compare.changes import Change
from clausebook.history.library_parts import LibraryPart
from clausebook.review.model import AgreementReview, Group, LibraryEdit

Key = tuple[str, str, str]
"""Kind, type and name of a library edit."""


@dataclass(frozen=True, slots=True)
class _Touch:
    agreement: AgreementReview
    change: Change
    alone: bool


def with_agreements(edits: Sequence[LibraryEdit], agreements: Sequence[AgreementReview]) -> tuple[LibraryEdit, ...]:
    """Return the edits, each with the agreements that it touches."""
    touches: dict[Key, list[_Touch]] = {_key(edit): [] for edit in edits}
    for agreement in agreements:
        for key, touch in _touches(agreement, touches):
            touches[key].append(touch)
    return tuple(_told(edit, touches[_key(edit)]) for edit in edits)


def told_once(agreements: Iterable[AgreementReview], edits: Iterable[LibraryEdit]) -> tuple[Group, ...]:
    """Return the changes that several agreements have in common, of those that stand with no library edit."""
    shown = {covered for edit in edits for group in edit.groups for covered in group.covers}
    own = (
        (agreement, change)
        for agreement in agreements
        for change in agreement.changes
        if (agreement.id, change.part, change.place) not in shown
    )
    return tuple(group for group in alike(own) if len(group.agreements) > 1)


def _key(edit: LibraryEdit) -> Key:
    return edit.kind, edit.type, edit.name


def _touches(agreement: AgreementReview, edits: dict[Key, list[_Touch]]) -> Iterator[tuple[Key, _Touch]]:
    found = agreement.comparison
    for change in found.changes if found else ():
        cause = found.cause_of(change)  # type: ignore[union-attr]
        kind = found.new.document.type  # type: ignore[union-attr]
        keys = dict.fromkeys(key for part in cause.parts for key in _edits_of(part, kind, edits))
        for number, key in enumerate(keys):
            # A redline stands with one edit only, though several may have had a part in it.
            yield key, _Touch(agreement, change, cause.kind == "library" and not number)


def _edits_of(part: LibraryPart, kind: str, edits: Iterable[Key]) -> list[Key]:
    """Return the edits of a part of an agreement's type; schemas that all types share are of "" alone."""
    if part.kind == "schema":
        return [key for key in edits if key[0] == "schema" and key[1] in (kind, "")]
    wanted = "outline" if part.kind == "numbering" else part.kind
    found = [key for key in edits if key[:2] == (wanted, kind)]
    # Where it is not known which of several it was, none is blamed.
    return [key for key in found if key[2] == part.name] if part.name or len(found) > 1 else found


def _told(edit: LibraryEdit, touches: Sequence[_Touch]) -> LibraryEdit:
    agreements = {touch.agreement.id: touch.agreement for touch in touches}
    return replace(
        edit,
        touched=tuple(agreements),
        executed=tuple(name for name, agreement in agreements.items() if agreement.executed),
        groups=tuple(_groups(touches)),
    )


def _groups(touches: Sequence[_Touch]) -> Iterator[Group]:
    """Yield the agreements in which the same words change for no other reason, in order of the first of each."""
    return alike((touch.agreement, touch.change) for touch in touches if touch.alone)


def alike(changed: Iterable[tuple[AgreementReview, Change]]) -> Iterator[Group]:
    """Yield groups of agreements with the changes that are the same in them, in order of the first of each."""
    same: dict[tuple[object, ...], dict[str, Change]] = {}
    reviews: dict[str, AgreementReview] = {}
    seen: Counter[tuple[object, ...]] = Counter()
    for agreement, change in changed:
        reviews[agreement.id] = agreement
        words = _words(change)
        # Two places of one agreement can change in the same way, as signature blocks do.
        seen[agreement.id, words] += 1
        same.setdefault((words, seen[agreement.id, words]), {})[agreement.id] = change
    together: dict[tuple[str, ...], list[dict[str, Change]]] = {}
    for found in same.values():
        together.setdefault(tuple(found), []).append(found)
    for names, group in together.items():
        comparison = reviews[names[0]].comparison
        if comparison is not None:
            texts = (len({_texts(change) for change in found.values()}) == 1 for found in group)
            covers = frozenset((name, each[name].part, each[name].place) for name in names for each in group)
            yield Group(names, tuple(each[names[0]] for each in group), comparison, all(texts), covers)


def _words(change: Change) -> tuple[object, ...]:
    """Return what came and went and why: of what moved from where to where, of what came or went whole all words."""
    edits = tuple((edit.kind, edit.part, edit.at, edit.before, edit.after) for edit in change.edits)
    # A signature block is known by its party, which is the deal's own.
    place = "" if change.part == "signature" else change.place
    numbers = (change.old_number, change.number) if "moved" in change.kinds else ()
    whole = _texts(change) if {"added", "removed"}.intersection(change.kinds) else ()
    return change.part, place, change.kinds, edits, numbers, whole, change.cause


def _texts(change: Change) -> tuple[str, str]:
    """Return the whole text on both sides, without the number before it."""
    return change.before.removeprefix(change.old_number).strip(), change.after.removeprefix(change.number).strip()
