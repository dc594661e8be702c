"""What changed in the library: clauses, terms, outlines and schemas, each with its source's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from clausebook.amending.amendment_files import OPERATIVE
from clausebook.compare.changes import Change, changes
from clausebook.compare.documents import compare
from clausebook.compare.model import Redline
from clausebook.document.model import Clause, Document, Paragraph, Run, Section
from clausebook.findings.model import Finding
from clausebook.library.model import AgreementType, GlossaryEntry, LibraryClause
from clausebook.repository.hashed import files_in, hash_or_why
from clausebook.repository.tree import TreeError
from clausebook.review.model import EditHappened, LibraryEdit
from clausebook.review.sides import Side

_OWN_LINE = re.compile(r"(?:\d+[.)]|[-*+])\s|\||\{%")
_FIELDS: tuple[tuple[str, str], ...] = (
    ("slot", "slot"),
    ("status", "status"),
    ("position", "position"),
    ("approver", "approver"),
    ("guidance", "guidance"),
    ("obligations", "obligations"),
    ("fits", "conditions of fit"),
)
_SHORT = 60
_AROUND = 2
"""Lines of an outline that are shown around those that changed."""

MOST_LINES = 2_000
"""Lines of an outline that are compared."""


_NOTHING = ("", "")


_Source = tuple[str, str]
"""Title and text of something in the library, each "" where it is not there."""


def changed_types(base: Side, head: Side) -> list[str]:
    """Return the agreement types whose templates or schemas are not the same."""
    shared = files_in(base.tree, "schemas") != files_in(head.tree, "schemas")
    return [
        kind for kind in sorted({*base.types(), *head.types()}) if shared or _marks(base, kind) != _marks(head, kind)
    ]


def library_edits(kind: str, base: Side, head: Side) -> Iterator[LibraryEdit]:
    """Yield everything that changed in a type; what cannot be used on a side is told by findings, not here."""
    old, new = base.bundle(kind), head.bundle(kind)
    before, after = old.kind if old else None, new.kind if new else None
    if before and after:
        yield from _clauses(kind, before, after)
        yield from _terms(kind, before, after)
        # The words of amendments shape what is signed as the outline does, and stand beside it.
        for path in (before.outline.path, f"templates/{kind}/{OPERATIVE}"):
            yield from _outline(kind, path, base, head)
    yield from schema_edits(kind, base, head)


def schema_edits(kind: str, base: Side, head: Side) -> Iterator[LibraryEdit]:
    """Yield the schemas of a type that changed; of "", those that all types share."""
    folder = f"schemas/{kind}".rstrip("/")
    old, new = files_in(base.tree, folder), files_in(head.tree, folder)
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name) and name.endswith(".json"):
            path = f"{folder}/{name}"
            yield LibraryEdit("schema", kind, path, path, happened(old.get(name), new.get(name)))


def version_findings(edits: list[LibraryEdit]) -> Iterator[Finding]:
    """Yield a finding for each clause whose words changed while its version did not."""
    for edit in edits:
        if edit.same_version:
            yield Finding(
                rule="core/clause-version",
                message=f"the words of the clause `{edit.name}` changed, but its version is still {edit.new_version}",
                path=edit.path,
                line=1,
                column=1,
                pointer="/version",
                hint="raise `version`: agreements and approvals name the version that they use",
            )


def _clauses(kind: str, old: AgreementType, new: AgreementType) -> Iterator[LibraryEdit]:
    for name in sorted({*old.clauses, *new.clauses} - old.unusable - new.unusable):
        before, after = old.clauses.get(name), new.clauses.get(name)
        short = before is None or after is None or before.shorthand == after.shorthand
        redline, found = _compared(name, _clause(old, before, short=short), _clause(new, after, short=short))
        facts = tuple(_facts(before, after)) if before and after else ()
        was, version = (clause.version if clause else "" for clause in (before, after))
        if found or facts or was != version:
            path = next(clause.path for clause in (after, before) if clause)
            yield LibraryEdit("clause", kind, name, path, happened(before, after), was, version, redline, found, facts)


def _facts(before: LibraryClause, after: LibraryClause) -> Iterator[str]:
    for field, name in _FIELDS:
        old, new = getattr(before, field), getattr(after, field)
        if old == new:
            continue
        told = isinstance(old, str) and max(len(old), len(new)) <= _SHORT
        yield f"{name}: {old or 'none'} → {new or 'none'}" if told else f"{name} changed"


def _terms(kind: str, old: AgreementType, new: AgreementType) -> Iterator[LibraryEdit]:
    sides = [{entry.term: entry for entry in side.glossary} for side in (old, new)]
    for term in sorted({*sides[0], *sides[1]}):
        before, after = sides[0].get(term), sides[1].get(term)
        short = before is None or after is None or before.shorthand == after.shorthand
        redline, found = _compared(term, _entry(old, before, short=short), _entry(new, after, short=short))
        path = next(entry.path for entry in (after, before) if entry)
        if found:
            yield LibraryEdit("term", kind, term, path, happened(before, after), redline=redline, changes=found)


def _entry(kind: AgreementType, entry: GlossaryEntry | None, *, short: bool) -> _Source:
    if entry is None:
        return _NOTHING
    text = entry.definition if short else kind.long(entry.definition, entry.shorthand)
    return f"{entry.term} ({entry.plural})" if entry.plural else entry.term, text


def _clause(kind: AgreementType, clause: LibraryClause | None, *, short: bool) -> _Source:
    """Return a clause's title and text: not `short` where the other side's is not, so that words compare."""
    if clause is None:
        return _NOTHING
    return clause.title, clause.body if short else kind.long(clause.body, clause.shorthand)


def _outline(kind: str, path: str, base: Side, head: Side) -> Iterator[LibraryEdit]:
    before, after = (_lines(side, path) for side in (base, head))
    texts = _hunks(before[:MOST_LINES], after[:MOST_LINES])
    redline, found = _compared(path, *(("", text) for text in texts))
    long = before != after and max(len(before), len(after)) > MOST_LINES
    facts = (f"Only its first {MOST_LINES:,} lines are compared.",) if long else ()
    if found or facts:
        yield LibraryEdit("outline", kind, path, path, "edited", redline=redline, changes=found, facts=facts)


def _hunks(old: Sequence[str], new: Sequence[str]) -> tuple[str, str]:
    """Return the lines that differ on both sides with those around them, each to be compared alone, and … between."""
    sides: tuple[list[str], list[str]] = ([], [])
    reached = 0
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_AROUND):
        first, last = group[0], group[-1]
        for side, lines, start, end in zip(sides, (old, new), (first[1], first[3]), (last[2], last[4]), strict=True):
            side.extend((["…"] if first[1] > reached else []) + list(lines[start:end]))
        reached = last[2]
    if sides[0] and reached < len(old):
        for side in sides:
            side.append("…")
    return "\n\n".join(sides[0]), "\n\n".join(sides[1])


def happened(before: object, after: object) -> EditHappened:
    """Return what became of something, of which either side may have nothing."""
    return "edited" if before and after else "added" if after else "removed"


def _compared(name: str, old: _Source, new: _Source) -> tuple[Redline | None, tuple[Change, ...]]:
    """Compare two sources word by word, as though they were the text of a clause each."""
    if old == new:
        return None, ()
    redline = compare(_document(name, *old), _document(name, *new))
    found = changes(redline)
    return redline if found else None, found


def _document(name: str, title: str, source: str) -> Document:
    blocks = tuple(Paragraph((Run(text),)) for text in _paragraphs(source))
    clause = Clause("source", "", title, blocks)
    sections = (Section("library", "", "", (clause,)),)
    return Document(name, "", "", "", "", "", False, "", (), None, sections, None, (), ())


def _paragraphs(source: str) -> Iterator[str]:
    """Yield the stretches of a template's source that a line break inside would not change."""
    held: list[str] = []
    apart = False
    for line in source.splitlines():
        own = _OWN_LINE.match(line.strip()) is not None
        if held and (not line.strip() or own or apart):
            yield " ".join(held)
            held = []
        if line.strip():
            held.append(line.strip())
        apart = line.strip().startswith(("{%", "|")) or line.strip().endswith("%}")
    if held:
        yield " ".join(held)


def _lines(side: Side, path: str) -> list[str]:
    """Return the lines of a file that are not empty; none of one that cannot be read."""
    try:
        text = side.tree.read(path).decode(errors="replace")
    except TreeError:
        return []
    return [line for line in text.splitlines() if line.strip()]


def _marks(side: Side, kind: str) -> list[str]:
    return [hash_or_why(side.tree.digest, f"{top}/{kind}") for top in ("templates", "schemas")]
