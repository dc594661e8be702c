"""Which approvals a change asks for, brings, or makes void."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clausebook.approvals.desk import Desk
from clausebook.approvals.model import ApprovalStanding, Need
from clausebook.approvals.needs import LIBRARY
from clausebook.approvals.offices import name_key
from clausebook.assemble.terms import term_key
from clausebook.findings.pointers import overlapping
from clausebook.history.causes import DATA
from clausebook.project.agreement import Agreement
from clausebook.review.excerpts import given_by
from clausebook.review.model import Review


def approvals_of(
    old: Agreement | None, new: Agreement | None, base: Desk | None, head: Desk | None, *, moved: bool
) -> tuple[ApprovalStanding, ...]:
    """Return where the approvals of an agreement stand; unless it `moved`, in text or status, those that changed.

    Both sides are judged by the rules and the people of the protected branch: see `Desk`.
    """
    if new is None or head is None:
        return ()
    found = head.approvals(new).standings
    if moved or old is None or base is None:
        return found
    before = {_key(each) for each in base.approvals(old).standings}
    return tuple(each for each in found if _key(each) not in before)


def _key(standing: ApprovalStanding) -> tuple[str, ...]:
    need = standing.need
    return need.kind, need.id, need.role, need.fingerprint, standing.state, standing.by, standing.date


@dataclass(frozen=True, slots=True)
class Asked:
    """What an office is asked to approve alike in some agreements; `changes` are the numbers of what it would look at.

    `standing` is that of the first agreement.
    """

    standing: ApprovalStanding
    agreements: tuple[str, ...]
    changes: tuple[int, ...]

    @property
    def open(self) -> bool:
        """Tell whether it is still to be approved."""
        return self.standing.state != "given"


def asked(review: Review) -> tuple[Asked, ...]:
    """Return all approvals, alike ones once: what is open first, each office together, in reading order."""
    seen = _Changes(review)
    alike: dict[tuple[str, ...], list[tuple[str, ApprovalStanding]]] = {}
    for agreement, each in review.approvals():
        key = name_key(each.need.role), each.state, each.need.said, given_by(each)
        alike.setdefault(key, []).append((agreement.id, each))
    found = [
        Asked(
            members[0][1],
            tuple(name for name, _ in members),
            tuple(sorted({number for name, each in members for number in seen.of(name, each.need)})),
        )
        for members in alike.values()
    ]
    order = {office: place for place, office in reversed([*enumerate(key[0] for key in alike)])}
    return tuple(sorted(found, key=lambda each: (not each.open, order[name_key(each.standing.need.role)])))


class _Changes:
    """The numbers of the changes, by what somebody may have to approve."""

    def __init__(self, review: Review) -> None:
        self._places: dict[tuple[str, str], list[int]] = {}
        self._values: dict[str, list[tuple[str, int]]] = {}
        self._whole: dict[str, list[int]] = {}
        self._library: dict[str, list[int]] = {}
        for told in review.told:
            change = told.change
            values = [value.pointer for value in told.comparison.cause_of(change).values]
            for name, _, place in told.covers:
                key = term_key(change.title) if change.part == "definition" else place
                self._whole.setdefault(name, []).append(told.number)
                if told.comparison.cause_of(change).kind != DATA and not change.only_moved:
                    self._library.setdefault(name, []).append(told.number)
                self._places.setdefault((name, key), []).append(told.number)
                self._values.setdefault(name, []).extend((value, told.number) for value in values)

    def of(self, agreement: str, need: Need) -> Iterator[int]:
        """Yield the numbers of what lies in what is to be approved, or moves the value that asks for it."""
        if need.kind == "limit":
            values = self._values.get(agreement, ()) if need.pointer else ()
            yield from (number for value, number in values if overlapping(value, need.pointer))
        elif need.kind == "text":
            changes = self._library if need.id == LIBRARY else self._whole
            yield from changes.get(agreement, ())
        elif need.id:
            yield from self._places.get((agreement, need.id), ())
