"""The summary of a redline on one page: what changed, in the groups of its type, the most important first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil

from clausebook.compare.changes import Change
from clausebook.document.model import Alignment, Block, Clause, Document, Paragraph, Run, Runs, Section, Table
from clausebook.document.words import heading_of
from clausebook.findings.characters import first_words
from clausebook.formats.locale_words import LocaleWords
from clausebook.history.comparison import Comparison
from clausebook.library.model import SummaryGroup
from clausebook.render.pdf.breaks import text_width
from clausebook.render.redline.heading import RedlineHeading
from clausebook.render.redline.summary import coverage, facts, fingerprint_said

LINES = 56
"""Lines of a page that the changes may take; what stands around them takes the rest."""

LINE_WIDTH = 42.0
"""Width of a line of a change, in em."""

MOST_WORDS = 24
"""Words that are quoted of a text that came or went whole."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A change: its numbers on both sides, "" where it has none, its name, what happened to it, and why.

    `called` is its name with its number.
    """

    group: str
    old: str
    new: str
    name: str
    called: str
    happened: str
    cause: str


def summary_rows(found: Comparison, *, internal: bool) -> tuple[SummaryRow, ...]:
    """Return the changes, the groups of the type in its order and then the rest; without groups, all in one."""
    said = RedlineHeading.of(found.redline, "", "", ()).said
    groups = found.new.inputs.kind.outline.summary if found.new.inputs else ()
    ranked = sorted(((group_rank(change, found, groups), change) for change in found.changes), key=lambda pair: pair[0])
    titles = [*(group.title for group in groups), said.redline["rest"] if groups else ""]
    return tuple(_row(change, found, titles[rank], said, internal=internal) for rank, change in ranked)


def summary_document(found: Comparison, rows: Sequence[SummaryRow], shown: int, *, internal: bool) -> Document:
    """Return the summary as a document of its own, with so many of its changes in full and the places of the others.

    It is in the language of the new text.
    """
    heading = RedlineHeading.of(found.redline, *found.names(internal=internal), found.changes)
    said = heading.said
    opening: list[Block] = [
        Paragraph((Run(f"{label}: ", strong=True), Run(f"{name} ({fingerprint_said(heading, mark)})")))
        for label, name, mark in facts(heading)
    ]
    sections = []
    for number, (title, group) in enumerate(groupby(rows[:shown], lambda row: row.group), 1):
        table = _table(tuple(group), said)
        if title:
            text = Clause(f"changes-{number}", "", "", (table,))
            sections.append(Section(f"group-{number}", "", title, (text,)))
        else:
            opening.append(table)
    closing: list[Block] = []
    if left := rows[shown:]:
        places = "; ".join(dict.fromkeys(row.called for row in left))
        further = said.redline["further"][len(left) != 1].format(n=len(left), places=places)
        closing.append(Paragraph((Run(further),)))
    closing.append(Paragraph((Run(coverage(heading, found.redline), strong=True),)))
    return replace(
        found.new.document,
        kind=said.redline["summary"],
        draft=False,
        opening=Clause("opening", "", "", tuple(opening)),
        sections=tuple(sections),
        closing=Clause("closing", "", "", tuple(closing)),
        signatures=(),
        schedules=(),
        order=(),
    )


def most_on_a_page(rows: Sequence[SummaryRow]) -> int:
    """Reckon how many changes have room on one page, rather too few than too many."""
    used, group = 0.0, None
    for count, row in enumerate(rows):
        used += 3.5 if row.group != group else 0
        group = row.group
        texts = (f"{row.name}: {row.happened}", row.cause)
        used += 0.7 + sum(ceil(text_width(text) / LINE_WIDTH) for text in texts if text)
        if used > LINES:
            return count
    return len(rows)


def summary_text(document: Document) -> str:
    """Return the summary as plain text, with a line break at its end."""
    return "\n".join(_lines(document)) + "\n"


def group_rank(change: Change, found: Comparison, groups: Sequence[SummaryGroup]) -> int:
    """Return the first group that the change's own place belongs to, else that a value belongs to which moved it."""
    values = [f"{value.pointer}/" for value in found.cause_of(change).values]
    for rank, group in enumerate(groups):
        if change.place in group.slots or (change.part == "definition" and change.title in group.terms):
            return rank
    for rank, group in enumerate(groups):
        if any(value.startswith(f"{item}/") for value in values for item in group.items):
            return rank
    return len(groups)


def _row(change: Change, found: Comparison, group: str, said: LocaleWords, *, internal: bool) -> SummaryRow:
    cause = found.cause_of(change).named(said) if internal and found.causes else ""
    happened = change.happened()
    kinds = said.redline["kinds"]
    if change.kinds in (("added",), ("removed",)):
        if text := change.own_text():
            happened = f"{kinds[change.kinds[0]]}: {said.quoted(first_words(text.split(), MOST_WORDS))}"
    elif change.edits and happened.startswith(only := f"{kinds['reworded']}: "):
        happened = happened.removeprefix(only)
    old = "" if "added" in change.kinds else change.old_number
    new = "" if "removed" in change.kinds else change.number
    whole = change.name()
    own = f"{change.number.rstrip('.')} " if change.number else ""
    return SummaryRow(group, old.rstrip("."), new.rstrip("."), whole.replace(own, "", 1), whole, happened, cause)


def _table(rows: Sequence[SummaryRow], said: LocaleWords) -> Table:
    old, new, change, why = said.redline["columns"]
    causes = any(row.cause for row in rows)
    header = [old, new, change, *([why] if causes else [])]

    def cells(row: SummaryRow) -> Iterator[Runs]:
        yield _runs(row.old)
        yield _runs(row.new)
        yield (Run(row.name, strong=True), Run(f": {row.happened}"))
        if causes:
            yield _runs(row.cause)

    left: Alignment = "left"
    return Table(tuple(left for _ in header), tuple(map(_runs, header)), tuple(tuple(cells(row)) for row in rows))


def _runs(text: str) -> Runs:
    return (Run(text),) if text else ()


def _lines(document: Document) -> Iterator[str]:
    yield f"{document.kind}: {document.title}"
    for part in document.parts():
        if isinstance(part, Section):
            yield from ("", heading_of(part), "")
        elif isinstance(part, Clause):
            yield from _texts(part.blocks)


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from ("", "".join(run.text for run in block.runs))
        elif isinstance(block, Table):
            for row in block.rows:
                old, new, said, *why = ("".join(run.text for run in cell) for cell in row)
                numbers = " → ".join(dict.fromkeys((old or "–", new or "–")))
                yield f"  {numbers}  {said}" + (f" ({why[0]})" if why and why[0] else "")
