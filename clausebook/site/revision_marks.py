"""Marks on an agreement's revisions: which of them was sent, and which was executed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from clausebook.history.revisions import Revision
from clausebook.lifecycle.standing import Standing
from clausebook.site.markup import chip, day, link
from clausebook.site.page import agreement_path
from clausebook.site.steps import whom


class _Event(NamedTuple):
    """Something that befell a text; `look` is that of its mark, `said` is HTML."""

    text: str
    version: str
    date: str
    look: str
    name: str
    said: str


def revision_marks(
    standing: Standing, revisions: Sequence[Revision], page: str
) -> tuple[Mapping[str, Sequence[str]], Sequence[str]]:
    """Return the marks of each revision by its slug, as items of a list, and what has no revision; all of it is HTML.

    A revision is told by the fingerprint of its text, and by the version where several have the same text.
    """
    marks: dict[str, list[str]] = {}
    unseen = []
    for event in _events(standing, page):
        revision = _revision(event, revisions)
        if revision:
            item = f'<li>{chip(event.name, event.look)} <span class="cb-note">{event.said}</span></li>\n'
            marks.setdefault(revision.slug, []).append(item)
        else:
            unseen.append(f"{event.name}, version {escape(event.version)}, {event.said}")
    return marks, unseen


def left_house(standing: Standing, revisions: Sequence[Revision]) -> Revision | None:
    """Return the revision that was sent or executed last; None if none was, or its text is in none of them."""
    # Of one day the last one counts.
    last = max(reversed([*_events(standing, "")]), key=lambda event: event.date, default=None)
    return _revision(last, revisions) if last else None


def _events(standing: Standing, page: str) -> Iterator[_Event]:
    for turn in standing.turns:
        if turn.direction == "sent":
            said = f"{day(turn.date)}, to {escape(whom(standing, turn))}"
            yield _Event(turn.text, turn.version, turn.date, "neutral", "Sent", said)
    numbers = {step.id: step.number for step in standing.amendments}
    for text in standing.texts:
        name = f"Amendment No. {numbers[text.by]}" if text.by in numbers else ""
        by = f", by {link(page, agreement_path(text.by), name)}" if name else ""
        yield _Event(text.text, text.version, text.date, "good", "Executed", f"{day(text.date)}{by}")


def _revision(event: _Event, revisions: Sequence[Revision]) -> Revision | None:
    """Return the revision of an event: of those with its words the last before it, else the first."""
    same = [each for each in revisions if each.is_named(event.text)]
    same = [each for each in same if event.version in each.versions] or same
    before = (each for each in same if each.date and each.date[:10] <= event.date)
    return next(before, same[-1] if same else None)
