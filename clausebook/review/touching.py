"""Which library edit each change of a text comes from, and where the same words change in many agreements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from clausebook.compare.changes import Change
from clausebook.compare.edits import Edit
from clausebook.document.model import Run
from clausebook.history.causes import LIBRARY
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
    return tuple(replace(_told(edit, touches[_key(edit)]), unmoved=_unmoved(edit, agreements)) for edit in edits)


def _unmoved(edit: LibraryEdit, agreements: Sequence[AgreementReview]) -> tuple[str, ...]:
    if edit.kind != "clause":
        return ()
    using = (each for each in agreements if edit.name in each.clauses and each.text is None)
    return tuple(each.id for each in using if each.facts.path and not each.executed)


def _key(edit: LibraryEdit) -> Key:
    return edit.kind, edit.type, edit.name


def _touches(agreement: AgreementReview, edits: dict[Key, list[_Touch]]) -> Iterator[tuple[Key, _Touch]]:
    found = agreement.text
    if found is None:
        return
    for change in found.changes:
        cause, kind = found.cause_of(change), found.type
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
    """Yield the agreements in which the same words change, in order of the first of each."""
    changes: dict[str, list[Change]] = {}
    for touch in touches:
        if touch.alone:
            changes.setdefault(touch.agreement.id, []).append(touch.change)
    agreements = {touch.agreement.id: touch.agreement for touch in touches}
    alike: dict[tuple[object, ...], list[str]] = {}
    for name, found in changes.items():
        alike.setdefault(tuple(map(words_changed, found)), []).append(name)
    for names in alike.values():
        first = agreements[names[0]].comparison
        if first is not None:
            texts = {tuple(map(whole_texts, changes[name])) for name in names}
            covers = frozenset((name, each.part, each.place) for name in names for each in changes[name])
            yield Group(tuple(names), tuple(changes[names[0]]), first, len(texts) == 1, covers)


def shown_elsewhere(agreement: AgreementReview, known: set[tuple[object, ...]]) -> bool:
    """Tell whether the library alone changes in it just what it changes in one that is `known`; else add it to those.

    Then nothing of it is shown that is not shown of the other one.
    """
    found = agreement.text
    if found is None or any(found.cause_of(change).kind != LIBRARY for change in found.changes):
        return False
    key = (found.type, *((change.cause, words_changed(change)) for change in found.changes))
    if key in known:
        return True
    known.add(key)
    return False


def words_changed(change: Change, *, anywhere: bool = False) -> tuple[object, ...]:
    """Return the words that came and went; of what moved, from where to where; of what came or went whole, all words.

    Words stand with the library's own words beside them, for the same word at another place is another change.
    With `anywhere` it does not count in which items, and how often: what a library says of each asset of a deal.
    """
    edits = tuple(
        (edit.kind, edit.part, "" if anywhere else edit.at, edit.before, edit.after, *edit.addresses, *_beside(edit))
        for edit in change.edits
    )
    if anywhere:
        edits = tuple(sorted(set(edits)))
    # A signature block is known by its party, which is the deal's own.
    place = "" if change.part == "signature" else change.place
    numbers = (change.old_number, change.number) if "moved" in change.kinds else ()
    whole = whole_texts(change) if {"added", "removed"}.intersection(change.kinds) else ()
    return change.part, place, change.kinds, edits, numbers, whole


def _beside(edit: Edit) -> tuple[str, str]:
    """Return the last word of the library before an edit and the first one after it, "" where none is near.

    What the deal's data say in between is each deal's own.
    """
    places = [number for number, piece in enumerate(edit.excerpt) if not piece.stays]
    if not places:
        return "", ""
    before, after = (
        " ".join(piece.run.text for piece in pieces if piece.stays and not is_data(piece.run)).split()
        for pieces in (edit.excerpt[: places[0]], edit.excerpt[places[-1] :])
    )
    return "".join(before[-1:]), "".join(after[:1])


def is_data(run: Run) -> bool:
    """Tell whether a run's words are a value of the deal's."""
    return run.origin is not None and run.origin.kind == "data"


def whole_texts(change: Change) -> tuple[str, str]:
    """Return the whole text on both sides, without the number before it."""
    return change.before.removeprefix(change.old_number).strip(), change.after.removeprefix(change.number).strip()
