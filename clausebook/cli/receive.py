"""The command that records an answer of the other side."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, date_option, note_option, root_option
from clausebook.cli.running import opened, progress, today


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option("--from", "party", required=True, metavar="PARTY", help="The party that answered.")
@date_option
@note_option
@root_option
def receive(agreement: str, party: str, date: str, note: str, root: Path | None) -> None:
    """Record that the other side answered.

    \b
    Examples:
      clausebook receive retail-telehealth --from harborview
      clausebook receive retail-telehealth --from harborview --date 2026-03-09 --note "They ask for a longer term"
    """
    with opened(root) as project:
        from clausebook.lifecycle.turns import receive as received

        with progress("Assembling", 0):
            turn = received(project, agreement, date or today(), party, note, today=today())
        click.echo(f"received: from {turn.party} on {turn.date}, in {turn.path}")
