"""The command that records what was sent to the other side."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, date_option, note_option, root_option
from clausebook.cli.running import opened, progress, today


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option("--to", "party", default="", metavar="PARTY", help="The party it goes to.  [default: all of them]")
@date_option
@note_option
@root_option
def send(agreement: str, party: str, date: str, note: str, root: Path | None) -> None:
    """Record that an agreement was sent to the other side, as it is now.

    From then on its words no longer follow the library: the clauses that it uses stay as sent until
    `clausebook upgrade-clauses`. The turn, with the text that was sent, is written to agreements/ID/turns/.

    \b
    Examples:
      clausebook send retail-telehealth
      clausebook send retail-telehealth --to harborview --date 2026-03-04 --note "With the fees as agreed by phone"
    """
    with opened(root) as project:
        from clausebook.lifecycle.turns import send as sent
        from clausebook.records.record_files import turns

        with progress("Assembling", 0):
            turn = sent(project, agreement, date or today(), party, note, today=today())
        click.echo(f"sent: version {turn.version} on {turn.date}, fingerprint {turn.text[:12]}, in {turn.path}")
        others = (each for each in turns(project.tree, agreement) if each.direction == "sent")
        if same := [each for each in others if each.text == turn.text and each.number < turn.number]:
            click.echo(f"The same text was sent already, as version {same[-1].version} on {same[-1].date}.")
