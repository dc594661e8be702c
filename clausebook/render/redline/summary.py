"""The words around a redline, the same in every format: its facts, its summary, how to read it, what it covers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clausebook.compare.changes import Change
from clausebook.compare.model import Redline
from clausebook.findings.report import counted
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.marks import renumbered_count, untold

MARK_LENGTH = 12
"""Characters of a fingerprint that are shown, as in the footer of the clean files."""

MOST_USES = 6
"""Places that the summary names as using what changed; more are counted."""

NOTHING_ELSE = "Nothing else in the text differs."

TITLE = "Redline"
CHANGES = "What changed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the summary: its number, from 1, what changed, where it is used, and why ("" if that is not told)."""

    number: int
    text: str
    uses: str
    cause: str
    change: Change

    @property
    def anchor(self) -> str:
        """The anchor of the change in the contract's text."""
        return f"change-{self.number}"

    @property
    def name(self) -> str:
        """What changed, with which the text begins."""
        return self.change.name()

    def line(self) -> str:
        """Return the entry in one line, without its number."""
        return f"{self.name}{self.rest()}"

    def rest(self) -> str:
        """Return what the line says after the name."""
        cause = f" ({self.cause})" if self.cause else ""
        return self.text.removeprefix(self.name) + cause + (f". {self.uses}" if self.uses else "")


def entries(heading: RedlineHeading, *, internal: bool) -> tuple[Entry, ...]:
    """Return the summary, an entry a change."""
    return tuple(
        Entry(number, change.summary(), _uses(change), (change.cause or "") if internal else "", change)
        for number, change in enumerate(heading.changes, 1)
    )


def facts(heading: RedlineHeading) -> tuple[tuple[str, str, str], ...]:
    """Return what is compared with what: label, name and fingerprint of each side."""
    return (
        ("From", heading.base, heading.base_fingerprint[:MARK_LENGTH]),
        ("To", heading.target, heading.target_fingerprint[:MARK_LENGTH]),
    )


def coverage(heading: RedlineHeading, redline: Redline) -> str:
    """Return the last line of every redline: how much changed and, where its marks prove it, that nothing else did."""
    numbers = renumbered_count(redline)
    rest = closing(heading.changes, redline)
    if not heading.changes and rest == NOTHING_ELSE:
        return (
            f"No changes but {counted(numbers, 'number')}." if numbers else "No changes. Nothing in the text differs."
        )
    ripple = f", and {counted(numbers, 'number')} that follow{'s' * (numbers == 1)} from them" if numbers else ""
    return f"{counted(len(heading.changes), 'change')}{ripple}. {rest}"


def closing(changes: Iterable[Change], redline: Redline) -> str:
    """Return whether anything differs that the changes do not name, as the redline's own marks prove."""
    left = untold(redline, {(change.part, change.place) for change in changes})
    return f"More differs than these changes name: read {', '.join(left)}." if left else NOTHING_ELSE


def reading_key(deleted: str, inserted: str) -> str:
    """Return how to read the marks, given a deleted and an inserted example."""
    return f"How to read it: what went is marked {deleted}, what came {inserted}."


def summary(heading: RedlineHeading, *, internal: bool) -> Iterator[str]:
    """Yield the facts and the summary as lines of text."""
    yield f"{TITLE}: {heading.title}"
    for label, name, mark in facts(heading):
        yield f"{label}: {name} (fingerprint {mark})"
    yield ""
    yield CHANGES
    for entry in entries(heading, internal=internal):
        yield f"{entry.number}. {entry.line()}"
    if not heading.changes:
        yield "Nothing."


def _uses(change: Change) -> str:
    names = [f"{use.number} {use.title}".strip() or use.place for use in change.uses]
    if not names:
        return ""
    more = f" and {len(names) - MOST_USES} more" if len(names) > MOST_USES else ""
    verb = "Used in" if change.part == "definition" else "Referred to in"
    return f"{verb} {', '.join(names[:MOST_USES])}{more}"
