"""The command that begins an agreement."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import count, opened, progress


@cli.command()
@click.argument("kind", metavar="TYPE")
@click.argument("agreement", metavar="ID")
@click.option("--like", metavar="ID", default="", help="The agreement to copy, with words of its own.")
@root_option
def new(kind: str, agreement: str, like: str, root: Path | None) -> None:
    """Begin an agreement: write agreements/ID.yaml.

    TYPE is a folder of templates/. The file holds the least that passes `clausebook check`, with blanks in [ ] to fill
    in, and says in comments what may be added and what the contract says without it. With --like it is a copy of
    another deal as a first draft: without its approvals, turns, records, and what became of it.

    \b
    Examples:
      clausebook new partnership harbor-telehealth
      clausebook new partnership harbor-telehealth --like retail-telehealth
    """
    with opened(root) as project:
        from clausebook.scaffold.beginning import begin

        with progress("Checking", 0):
            made = begin(project, kind, agreement, like)
        for path in made.files:
            click.echo(f"written: {path}")
        if not like:
            click.echo(
                "It passes the check, which warns of each blank. "
                f"Fill in the {count(made.blanks, 'blank')} in [ ], and look at every value."
            )
            return
        if made.left_behind:
            click.echo(f"Not copied: {', '.join(made.left_behind)}.")
        dates = f", and its {count(made.dates, 'date')}" if made.dates else ""
        click.echo(f"It passes the check. Title, parties, signatories and amounts are still those of {like}{dates}.")
