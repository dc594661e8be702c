"""What falls due, one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

THROUGHOUT = "throughout"


@dataclass(frozen=True, slots=True)
class DueItem:
    """Something that falls due: `due` is ISO 8601; "" if it is open, and then `open` says what it waits for.

    `state` is "due", "overdue", "over" for what lapsed with its day, "open", "draft" for what is not signed, or how
    evidence closed it.
    """

    due: str
    open: str
    agreement: str
    title: str
    reference: str
    kind: str
    parties: tuple[str, ...]
    who: str
    what: str
    reckoning: str
    place: str
    state: str
    evidence: str = ""


def in_order(items: Iterable[DueItem]) -> list[DueItem]:
    """Return what falls due, the earliest first, then what is open, then what is owed throughout."""
    return sorted(items, key=lambda item: (item.due or "~", item.open == THROUGHOUT, item.agreement, item.reference))
