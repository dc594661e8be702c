"""Bring agreements of an old format to the newest one that their schemas describe; what was sent or executed stays.

What became of an agreement moves from its file to its journal, whatever its format: it is no part of the contract.

Only the words of a file change that must: comments, order and style stay. The outcome is read back: it must hold the
data that it should, or it is refused.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from clausebook.findings.model import FindingsError, RepositoryError, has_errors, refuse_errors
from clausebook.formats.renames import Rename, carried, renames
from clausebook.formats.table import FIELD
from clausebook.lifecycle.moving_life import life_moved
from clausebook.load.editing import quotes_at
from clausebook.load.numbered import AGREEMENT_FORMAT, number_of
from clausebook.load.positions import Positions, index_at
from clausebook.load.yaml import load_yaml
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project, all_findings
from clausebook.records.journal import journal_path
from clausebook.records.sent import is_sent
from clausebook.repository.writing import publish_together
from clausebook.validate.common import LIFECYCLE

_Edit = tuple[int, int, str]
"""Where text is replaced, how much of it, and by what."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """An agreement's file in a later number of its format; or a journal, b"" before it was there.

    `moved` tells whether what became of the agreement went from the one to the other.
    """

    path: str
    number: int
    to: int
    before: bytes
    after: bytes
    moved: bool = False

    def said(self) -> str:
        """Say what was done."""
        raised = f"from format {self.number} to {self.to}" if self.number < self.to else ""
        return ", ".join(filter(None, (self.path, raised, f"`{LIFECYCLE}` to the journal" if self.moved else "")))

    def difference(self) -> str:
        """Return what changes, as a unified diff."""
        before, after = (side.decode("utf-8-sig").splitlines() for side in (self.before, self.after))
        return "\n".join(difflib.unified_diff(before, after, self.path, self.path, lineterm=""))


@dataclass(frozen=True, slots=True)
class Migration:
    """What is rewritten, which agreements of an old format are left, each with why, and how many are current."""

    files: tuple[Migrated, ...]
    left: tuple[tuple[str, str], ...]
    current: int


def migrate(project: Project, ids: Sequence[str] = ()) -> Migration:
    """Return what brings the named agreements, or all, to the newest format. Nothing is written.

    Raises FindingsError if one of them has errors, RepositoryError if one that is named must stay as it is.
    """
    files: list[Migrated] = []
    left: list[tuple[str, str]] = []
    before: list[Agreement] = []
    current = 0
    for found in project.assemble_all(ids):
        if not found.data or has_errors(found.findings):
            raise FindingsError(all_findings(project, [found]))
        number, to = number_of(found.data), project.store.of(found.data["type"]).number
        why = _stays(project, found) if number < to else ""
        made = list(_migrated(project, found, number, number if why else max(number, to)))
        files += made
        before += [found] if made else []
        if why and not made:
            left.append((found.file.id, why))
        elif not made:
            current += 1
    if ids and left:
        raise RepositoryError(
            "; ".join(f"`{name}` stays in its format: {why}" for name, why in left),
            "leave it as it is: old formats of what was sent or executed stay readable",
        )
    _prove(project, before, files)
    return Migration(tuple(files), tuple(left), current)


def write_migration(project: Project, found: Migration) -> None:
    """Write the files that were rewritten, all or none. Raises RepositoryError."""
    publish_together({each.path: each.after for each in found.files}, project.root)


def rewritten(content: bytes, path: str, number: int, to: int) -> bytes:
    """Return an agreement's file in a later number of its format.

    Raise FindingsError if it cannot be read, RepositoryError if it is not written in a way that can be rewritten.
    """
    for each in range(number, to):
        content = _raised(content, path, each)
    return content


def _migrated(project: Project, found: Agreement, number: int, to: int) -> Iterator[Migrated]:
    """Yield the files that change of an agreement, which is brought to a number; its life moves in any case."""
    path, tree = found.file.path, project.tree
    content = tree.read(path)
    after = rewritten(content, path, number, to)
    value: Any = load_yaml(after, path).value if LIFECYCLE.encode() in after else {}
    if LIFECYCLE in value:
        there = project.journal(found.file.id).path
        place = there or journal_path(found.file.id)
        old = tree.read(there) if there else b""
        after, new = life_moved(after, path, old, place)
        yield Migrated(path, number, to, content, after, moved=True)
        if new != old:
            yield Migrated(place, 1, 1, old, new)
    elif after != content:
        yield Migrated(path, number, to, content, after)


def _stays(project: Project, found: Agreement) -> str:
    """Return why an agreement stays in its format, "" if it does not."""
    if found.record:
        return f"version {found.data['version']} is executed, and what a record tells of is never rewritten"
    if is_sent(project.tree, found.file.id):
        return "it was sent, and goes by the library and the schemas as they were sent"
    return ""


def _prove(project: Project, before: Sequence[Agreement], files: Sequence[Migrated]) -> None:
    """See that each agreement says what it said before. Raise FindingsError if one has errors then."""
    after = project.with_files({each.path: each.after for each in files})
    for old in before:
        new = after.assemble(old.file)
        if new.document is None or has_errors(new.findings):
            raise FindingsError(all_findings(after, [new]))
        if new.document != old.document:
            raise RuntimeError(f"`{old.file.path}` would say something else in the newest format")


def _raised(content: bytes, path: str, number: int) -> bytes:
    loaded = load_yaml(content, path)
    data: Any = loaded.value
    refuse_errors(loaded.findings)
    edits = [_numbered(content, data, loaded.positions, number + 1)]
    for change in renames(AGREEMENT_FORMAT, number, number + 1):
        for holder in _holders(data, change.within.split("/")[1:]):
            edits += _renamed(content, (*holder, change.old), loaded.positions, change)
    for start, length, text in sorted(edits, reverse=True):
        content = content[:start] + text.encode() + content[start + length :]
    after = load_yaml(content, path)
    if has_errors(after.findings) or after.value != carried(data, AGREEMENT_FORMAT, number, number + 1):
        names = ", ".join(f"`{change.old}`" for change in renames(AGREEMENT_FORMAT, number, number + 1))
        raise RepositoryError(
            f"`{path}` is not written in a way that can be rewritten",
            f"write each property on a line of its own, its name plainly ({names}), then migrate again",
        )
    return content


def _numbered(content: bytes, data: dict[str, Any], positions: Positions, number: int) -> _Edit:
    """Return what makes the file say its number: at the place of the old one, or before its first property."""
    if FIELD in data:
        return index_at(content, *positions.value((FIELD,))), len(str(data[FIELD])), str(number)
    line, column = positions.key((next(iter(data)),))
    start = index_at(content, line, column)
    end = "\r\n" if b"\r\n" in content else "\n"
    return start, 0, f"{FIELD}: {number}{end}{' ' * (column - 1)}"


def _renamed(content: bytes, path: tuple[str | int, ...], positions: Positions, change: Rename) -> Iterator[_Edit]:
    """Yield what gives a property its new name, if it is there."""
    start = index_at(content, *positions.key(path))
    for sign in quotes_at(content, start, change.old):
        yield start, len(f"{sign}{change.old}{sign}"), f"{sign}{change.new}{sign}"


def _holders(value: Any, within: list[str], at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each object at a pattern."""
    if not within:
        yield at
    elif within[0] == "*" and isinstance(value, list):
        for index, each in enumerate(value):
            yield from _holders(each, within[1:], (*at, index))
    elif isinstance(value, dict) and within[0] in value:
        yield from _holders(value[within[0]], within[1:], (*at, within[0]))
