"""Whether the turns of a negotiation can have been in the order in which they are written down. No clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clausebook.findings.model import Finding, finding_in
from clausebook.records.model import ExecutedVersion, Turn

MEND = (
    "if it is not committed yet, remove its files and record it anew, with --date; else tell what is true in the next"
)


def turn_findings(turns: Sequence[Turn], executed: Sequence[ExecutedVersion], as_of: str = "") -> Iterator[Finding]:
    """Yield the turns, which are oldest first, that cannot have been when they are said to have been.

    `executed` are the agreement's executed versions; `as_of` is the day of the check, ISO 8601, or "".
    """
    for index, turn in enumerate(turns):
        said = [misplaced(turn, turns[:index])]
        days = [each.date for each in executed if each.version == turn.version]
        if turn.direction == "sent" and days and turn.date > max(days):
            said.append(f"was sent on {turn.date}, after version {turn.version} was executed on {max(days)}")
        if "" < as_of < turn.date:
            said.append(f"is dated {turn.date}, after {as_of}, the day of this check")
        for each in filter(None, said):
            yield finding_in(turn.path, "core/turn-order", f"`{turn.path}` {each}", MEND)


def misplaced(turn: Turn, before: Sequence[Turn]) -> str:
    """Say why a turn cannot follow those before it, "" if it can."""
    if turn.direction == "received" and not any(each.direction == "sent" for each in before):
        return "is an answer, but nothing was sent before it"
    if before and turn.date < before[-1].date:
        last = before[-1]
        return f"is dated {turn.date}, before turn {last.number}, which was {last.direction} on {last.date}"
    return ""
