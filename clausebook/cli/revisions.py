"""The command that lists an agreement's revisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_json, print_table
from clausebook.cli.running import note_line, progress, root_of, usage_errors

if TYPE_CHECKING:
    from clausebook.history.revisions import Revision


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@root_option
def revisions(agreement: str, as_json: bool, root: Path | None) -> None:
    """List the revisions of an agreement: the commits that changed its text.

    Whether through its data, its type's clauses or its schemas: each revision is assembled with the library as it
    stood at that commit. The newest comes first.

    \b
    Examples:
      clausebook revisions retail-telehealth
      clausebook revisions retail-telehealth --json
    """
    with usage_errors():
        from clausebook.history.revisions import history

        with progress("Reading revisions", 0) as advance:
            found = history(root_of(root), agreement, progress=lambda key: advance(""))
        if as_json:
            print_json([asdict(each) for each in found.revisions])
        else:
            _print_revisions(found.revisions)
        for note in found.notes:
            click.echo(note_line(note), err=True)


def _print_revisions(found: Sequence[Revision]) -> None:
    from clausebook.history.revisions import WORK_TREE

    def cells(each: Revision) -> Sequence[str]:
        changed = each.problem or ("first" if each.changed is None else str(each.changed))
        tags = f" ({', '.join(each.tags)})" if each.tags else ""
        return (
            each.short or WORK_TREE,
            ", ".join(each.versions),
            each.date[:10],
            each.author,
            changed,
            each.subject + tags,
        )

    print_table(("revision", "version", "date", "author", "changed", "subject"), map(cells, found))
