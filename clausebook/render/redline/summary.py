"""The words around a redline, the same in every format: its facts, its summary, how to read it, what it covers.

They are in the language of the new text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clausebook.compare.changes import Change
from clausebook.compare.model import Redline
from clausebook.compare.uses import Use
from clausebook.document.model import Clause, Document, Schedule, Section
from clausebook.formats.locale_words import LocaleWords, locale_words
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.marks import following, name_of, renumbered_count, untold

MARK_LENGTH = 12
"""Characters of a fingerprint that are shown, as in the footer of the clean files."""

MOST_USES = 6
"""Places that the summary names as using what changed; more are counted."""


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
    words = heading.said.redline
    return (
        (words["from"], heading.base, heading.base_fingerprint[:MARK_LENGTH]),
        (words["to"], heading.target, heading.target_fingerprint[:MARK_LENGTH]),
    )


def fingerprint_said(heading: RedlineHeading, mark: str) -> str:
    """Return a fingerprint as what it is."""
    return str(heading.said.redline["fingerprint"].format(mark=mark))


def excerpt_notes(heading: RedlineHeading) -> tuple[str, ...]:
    """Return what stands above an excerpt: that it is one, what it leaves out, and what of that relies on a change."""
    found, said = heading.excerpt, heading.said
    if found is None:
        return ()
    words = said.redline
    things = [said.counted(f"left_{name}", count) for name, count in found.left_out.items()]
    left = f" {words['left_out'].format(things=said.listed(things))}" if things else ""
    relied = (
        words["relied"][len(uses) != 1].format(name=change.name(), places="; ".join(_named(uses, found.whole.new)))
        for change, uses in found.relied
    )
    return (words["excerpt"] + left, *relied)


def coverage(heading: RedlineHeading, redline: Redline) -> str:
    """Return the last line of every redline: how much changed and, where its marks prove it, that nothing else did."""
    return covered(heading.changes, heading.excerpt.whole if heading.excerpt else redline)


def covered(changes: Sequence[Change], whole: Redline) -> str:
    """Return the same of a whole redline, with its changes."""
    said = locale_words(whole.new.language)
    words = said.redline
    count = renumbered_count(whole)
    numbers = said.counted("count_numbers", count)
    rest = closing(changes, whole)
    if not changes and rest == words["nothing_else"]:
        return str(words["only_numbers"].format(numbers=numbers) if count else words["same"])
    pattern = words["ripple"][count != 1] if count else words["alone"]
    return f"{pattern.format(changes=said.counted('count_changes', len(changes)), numbers=numbers)} {rest}"


def followers(redline: Redline) -> str:
    """Return what has another number now only because something else came, went or moved; "" if nothing has."""
    said = locale_words(redline.new.language)
    words = said.redline
    found = [words["was"].format(name=name_of(part, said), number=_number(part.old)) for part in following(redline)]
    if not found:
        return ""
    named = ", ".join(found[:MOST_USES])
    more = words["more"].format(said=named, n=len(found) - MOST_USES) if len(found) > MOST_USES else named
    return str(words["follow"].format(places=more))


def closing(changes: Iterable[Change], redline: Redline) -> str:
    """Return whether anything differs that the changes do not name, as the redline's own marks prove."""
    words = locale_words(redline.new.language).redline
    left = untold(redline, {(change.part, change.place) for change in changes})
    return str(words["untold"].format(places=", ".join(left)) if left else words["nothing_else"])


def reading_key(said: LocaleWords, deleted: str, inserted: str) -> str:
    """Return how to read the marks, given a deleted and an inserted example."""
    return str(said.redline["key"].format(deleted=deleted, inserted=inserted))


def summary(heading: RedlineHeading, *, internal: bool) -> Iterator[str]:
    """Yield the facts and the summary as lines of text."""
    words = heading.said.redline
    yield f"{words['title']}: {heading.title}"
    for label, name, mark in facts(heading):
        yield f"{label}: {name} ({fingerprint_said(heading, mark)})"
    for note in excerpt_notes(heading):
        yield ""
        yield note
    yield ""
    yield words["changes"]
    for entry in entries(heading, internal=internal):
        yield f"{entry.number}. {entry.line()}"
    if not heading.changes:
        yield words["nothing"]


def _uses(change: Change) -> str:
    if not change.uses:
        return ""
    words = locale_words(change.language).redline
    places = _places(change.uses, words["more"])
    return str(words["used" if change.part == "definition" else "referred"].format(places=places))


def _places(uses: Sequence[Use], more: str) -> str:
    named = ", ".join(map(_use, uses[:MOST_USES]))
    return more.format(said=named, n=len(uses) - MOST_USES) if len(uses) > MOST_USES else named


def _named(uses: Sequence[Use], document: Document) -> list[str]:
    """Return what the places are called where nothing else tells which schedule they stand in."""
    schedules = {clause.id: part.number for part in document.schedules for clause in part.clauses}
    terms = {entry.id for entry in document.definitions()}
    return [
        Change(
            "definition" if use.place in terms else "clause",
            use.place,
            (),
            use.number,
            use.title,
            # A number may end in what parts it from the title: "Schedule B –".
            group=schedules.get(use.place, "").rstrip(" .:–—-"),
            language=document.language,
        ).name()
        for use in uses
    ]


def _number(part: Section | Schedule | Clause | None) -> str:
    return part.number.rstrip(" .:–—-") if part else ""


def _use(use: Use) -> str:
    return f"{use.number} {use.title}".strip() or use.place
