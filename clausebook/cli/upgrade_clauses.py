"""The command that makes today's library that of an agreement which was sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import redline_options
from clausebook.cli.running import opened, progress

if TYPE_CHECKING:
    from clausebook.lifecycle.turns import Upgrade
    from clausebook.project.project import Project


@cli.command(name="upgrade-clauses")
@click.argument("agreement", metavar="ID")
@click.argument("slots", nargs=-1, metavar="[SLOT]...")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@root_option
def upgrade_clauses(agreement: str, slots: tuple[str, ...], dry_run: bool, root: Path | None) -> None:
    """Make today's library that of an agreement which was sent, and show the redline.

    With SLOT, only the clauses of these slots; without, everything: clauses, terms, outline and schemas.

    \b
    Examples:
      clausebook upgrade-clauses retail-telehealth --dry-run
      clausebook upgrade-clauses retail-telehealth termination
    """
    with opened(root) as project:
        from clausebook.lifecycle.turns import upgrade, write_upgrade

        with progress("Comparing", 0):
            found = upgrade(project, agreement, slots)
        if not found.changes_anything:
            click.echo("nothing to upgrade: the library has not moved on")
            return
        _print_redline(project, found)
        if dry_run:
            click.echo("dry run: nothing was written")
        else:
            write_upgrade(project, found)
            click.echo(f"upgraded: `{agreement}` is now made from today's library")


def _print_redline(project: Project, found: Upgrade) -> None:
    from clausebook.render.redline.formats import REDLINES
    from clausebook.render.redline.heading import RedlineHeading

    made = found.comparison
    heading = RedlineHeading.of(made.redline, *made.names(internal=False), made.changes)
    options = redline_options(project.root, internal=True)
    click.echo(REDLINES["text"](made.redline, heading, options).decode(), nl=False)
