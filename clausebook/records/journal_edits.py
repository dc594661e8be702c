"""Add entries to journals; the comments and the order of a file stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clausebook.load.editing import with_item
from clausebook.records.journal import journal_path, sound_journal
from clausebook.repository.tree import Tree
from clausebook.validate.repository_files import editor_line

_HINT = "write each of the `{}` on lines of its own"


def with_entries(tree: Tree, name: str, entries: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, bytes]:
    """Return the journals of agreements, by path, each with more entries at the end of one of its lists.

    An agreement without a journal gets one. Raises FindingsError for a journal with errors, RepositoryError for one
    that is not written in a way that can be added to.
    """
    return dict(_with(tree, name, agreement, each) for agreement, each in entries.items())


def with_changed(tree: Tree, name: str, agreement: str, index: int, entry: Mapping[str, Any]) -> dict[str, bytes]:
    """Return an agreement's journal, by path, with another entry in place of one of a list, counted from 0.

    Raises as `with_entries` does.
    """
    path = sound_journal(tree, agreement).path
    return {path: with_item(tree.read(path), name, entry, path, _HINT.format(name), index)}


def _with(tree: Tree, name: str, agreement: str, entries: Sequence[Mapping[str, Any]]) -> tuple[str, bytes]:
    journal = sound_journal(tree, agreement)
    path = journal.path or journal_path(agreement)
    content = tree.read(path) if journal.path else f"{editor_line(path, 'journal')}\n\n".encode()
    for entry in entries:
        content = with_item(content, name, entry, path, _HINT.format(name))
    return path, content
