"""Add entries to journals; the comments and the order of a file stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from clausebook.load.editing import with_item
from clausebook.records.journal import journal_path, sound_journal
from clausebook.repository.overlaid import Overlaid
from clausebook.repository.tree import Tree
from clausebook.validate.repository_files import SchemaOf, editor_line, schema_of

Entry = Mapping[str, Any]


def with_entries(tree: Tree, name: str, entries: Mapping[str, Sequence[Entry]]) -> dict[str, bytes]:
    """Return the journals of agreements, by path, each with more entries at the end of one of its lists.

    An agreement without a journal gets one. Raises FindingsError for a journal that has errors, or would have them;
    RepositoryError for one that is not written in a way that can be added to.
    """
    known = cache(partial(schema_of, tree))
    return dict(
        _with(tree, name, agreement, ((None, each) for each in told), known) for agreement, told in entries.items()
    )


def with_changed(tree: Tree, name: str, agreement: str, index: int, entry: Entry) -> dict[str, bytes]:
    """Return an agreement's journal, by path, with another entry in place of one of a list, counted from 0.

    Raises as `with_entries` does.
    """
    return dict([_with(tree, name, agreement, [(index, entry)], cache(partial(schema_of, tree)))])


def _with(
    tree: Tree, name: str, agreement: str, entries: Iterable[tuple[int | None, Entry]], known: SchemaOf
) -> tuple[str, bytes]:
    journal = sound_journal(tree, agreement, known)
    path = journal.path or journal_path(agreement)
    content = tree.read(path) if journal.path else f"{editor_line(path, 'journal')}\n\n".encode()
    for index, entry in entries:
        content = with_item(content, name, entry, path, f"write each of the `{name}` on lines of its own", index)
    sound_journal(Overlaid(tree, {path: content}), agreement, known)
    return path, content
