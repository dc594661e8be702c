"""The command that begins an agreement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import count, opened, progress

if TYPE_CHECKING:
    from clausebook.project.project import Project


@cli.command()
@click.argument("kind", metavar="TYPE")
@click.argument("agreement", metavar="ID")
@click.option("--like", metavar="ID", default="", help="The agreement to copy, with words of its own.")
@click.option("--partner", default="", metavar="NAME", help="Of an opportunity: the organization.")
@root_option
def new(kind: str, agreement: str, like: str, partner: str, root: Path | None) -> None:
    """Begin an agreement: write agreements/ID.yaml. Or an opportunity, which has no agreement yet.

    TYPE is a folder of templates/, or `opportunity`. The file holds the least that passes `clausebook check`, with
    blanks in [ ] to fill in, and says in comments what may be added and what the contract says without it. With --like
    it is a copy of another deal as a first draft: without its approvals, turns, records, and what became of it.

    \b
    Examples:
      clausebook new partnership harbor-telehealth
      clausebook new partnership harbor-telehealth --like retail-telehealth
      clausebook new opportunity harbor-screening --partner "Harbor Grocers"
    """
    with opened(root) as project:
        if kind == "opportunity":
            _opportunity(project, agreement, partner, like)
            return
        if partner:
            raise click.UsageError("--partner goes with `new opportunity`.")
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


def _opportunity(project: Project, name: str, partner: str, like: str) -> None:
    from clausebook.scaffold.pipeline import begin_opportunity

    if like:
        raise click.UsageError("--like goes with a type of agreement.")
    made = begin_opportunity(project, name, partner)
    for path in made.files:
        click.echo(f"written: {path}")
    filled = f"Fill in the {count(made.blanks, 'blank')} in [ ]; " if made.blanks else ""
    click.echo(f"{filled}`clausebook spark {name}` tells what it lacks.".strip())
