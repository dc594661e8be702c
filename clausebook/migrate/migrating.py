"""Bring agreements of an old format to the newest one that their schemas describe; what was sent or executed stays."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from clausebook.findings.model import FindingsError, RepositoryError, has_errors
from clausebook.load.numbered import number_of
from clausebook.migrate.rewriting import rewritten
from clausebook.project.agreement import Agreement
from clausebook.project.project import Project, all_findings
from clausebook.records.sent import is_sent
from clausebook.repository.writing import publish_together


@dataclass(frozen=True, slots=True)
class Migrated:
    """An agreement's file in a later number of its format."""

    path: str
    number: int
    to: int
    before: bytes
    after: bytes

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
        if number >= to:
            current += 1
        elif why := _stays(project, found):
            left.append((found.file.id, why))
        else:
            content = project.tree.read(found.file.path)
            files.append(
                Migrated(found.file.path, number, to, content, rewritten(content, found.file.path, number, to))
            )
            before.append(found)
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
