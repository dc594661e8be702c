"""Which approvals a change asks for, brings, or makes void."""

from __future__ import annotations

from clausebook.approvals.desk import Desk
from clausebook.approvals.model import ApprovalStanding
from clausebook.project.agreement import Agreement


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
