"""The command that puts an agreement under a legal hold, and releases it."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import opened, today


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option("--matter", required=True, metavar="TEXT", help="The dispute, investigation or audit.")
@click.option("--by", required=True, metavar="PERSON", help="Who orders the hold, or releases it.")
@click.option("--on", "--date", "day", default="", metavar="DAY", help="The day, as 2026-03-04.  [default: today]")
@click.option("--release", is_flag=True, help="Release the agreement from the hold in this matter.")
@root_option
def hold(agreement: str, matter: str, by: str, day: str, release: bool, root: Path | None) -> None:
    """Put an agreement under a legal hold: until it is released, nothing of it is deleted or rewritten.

    The hold stands in the agreement's journal. `check` and `review` refuse a change that deletes the agreement or
    anything of it, rewrites what was sent, signed, approved or proven, or takes an entry out of its journal. They go by
    the holds of the branch into which the change goes: a hold counts once it is merged, and so does its release.

    \b
    Examples:
      clausebook hold retail-telehealth --matter "Inquiry of March 2028" --by "Ines Marchetti" --on 2028-03-09
      clausebook hold retail-telehealth --release --matter "Inquiry of March 2028" --by "Ines Marchetti"
    """
    with opened(root) as project:
        from clausebook.lifecycle import holding
        from clausebook.records.journal import journal_of

        made = (holding.release if release else holding.hold)(project, agreement, matter, by, day or today())
        place = journal_of(project.tree, agreement)[0].path
        done = f"released: {agreement}, of the hold" if release else f"under hold: {agreement},"
        click.echo(f"{done} since {made.since}: {made.matter} ({made.by})")
        click.echo(f"It counts once {place} is merged into the protected branch, as all that CI judges by does.")
