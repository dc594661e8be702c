"""The command that brings sources to the newest format."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import count, opened, progress


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@root_option
def migrate(ids: tuple[str, ...], dry_run: bool, root: Path | None) -> None:
    """Rewrite agreements of an old format as the newest one writes them: those named, or all.

    Only the words that must change do: comments and order stay, and so does the text of every agreement. What was sent
    or executed stays in the format of its time, and can be read all the same. What became of an agreement since it was
    executed (`lifecycle`) moves to its journal, agreements/journal/ID.yaml. All files are written, or none.

    \b
    Examples:
      clausebook migrate --dry-run
      clausebook migrate retail-telehealth
    """
    with opened(root) as project:
        from clausebook.findings.characters import without_hidden
        from clausebook.lifecycle.migrating import migrate as migrated
        from clausebook.lifecycle.migrating import write_migration

        with progress("Rewriting", 0):
            found = migrated(project, ids)
        for each in found.files:
            if dry_run:
                click.echo(without_hidden(each.difference()))
        if not dry_run:
            write_migration(project, found)
            for each in found.files:
                click.echo(f"migrated: {each.said()}")
        for name, why in found.left:
            click.echo(f"left: `{name}`, for {why}")
        if not found.files:
            click.echo(f"nothing to migrate: {count(found.current, 'agreement')} in the newest format")
        elif dry_run:
            click.echo(f"dry run: nothing was written; {count(len(found.files), 'file')} would be")
