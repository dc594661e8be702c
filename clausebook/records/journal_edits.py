"""Add entries to journals; the comments and the order of a file stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clausebook.findings.model import FindingsError, has_errors
from clausebook.load.editing import with_item
from clausebook.records.journal import journal_of, journal_path
from clausebook.repository.tree import Tree
from clausebook.validate.repository_files import editor_line


def with_entries(tree: Tree, name: str, entries: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, bytes]:
    """Return the journals of agreements, by path, each with more entries at the end of one of its lists.

    An agreement without a journal gets one. Raises FindingsError for a journal with errors, RepositoryError for one
    that is not written in a way that can be added to.
    """
    return dict(_with(tree, name, agreement, each) for agreement, each in entries.items())


def _with(tree: Tree, name: str, agreement: str, entries: Sequence[Mapping[str, Any]]) -> tuple[str, bytes]:
    journal, findings = journal_of(tree, agreement)
    if has_errors(findings):
        raise FindingsError(findings)
    path = journal.path or journal_path(agreement)
    content = tree.read(path) if journal.path else f"{editor_line(path, 'journal')}\n\n".encode()
    for entry in entries:
        content = with_item(content, name, entry, path, f"write each of the `{name}` on lines of its own")
    return path, content
