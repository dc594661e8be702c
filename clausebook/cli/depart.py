"""The command that lets a deal depart from the library."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import opened, progress


@cli.command()
@click.argument("agreement", metavar="ID")
@click.argument("slot", metavar="SLOT")
@click.option("--reason", default="", metavar="TEXT", help="Why this deal needs words of its own; internal.")
@root_option
def depart(agreement: str, slot: str, reason: str, root: Path | None) -> None:
    """Give a deal words of its own for one clause, to be changed from the library's.

    The words that fill the slot today are written to agreements/ID/SLOT.md, and the agreement names that file under
    `clauses`. The contract says the same until you change them. Without --reason, `clausebook check` asks for it.

    \b
    Examples:
      clausebook depart patient-passport termination
      clausebook depart patient-passport termination --reason "The registry's lease runs out in the second year."
    """
    with opened(root) as project:
        from clausebook.scaffold.departing import depart as departed

        with progress("Assembling", 0):
            made = departed(project, agreement, slot, reason)
        click.echo(f"written: {made.path}, from {made.clause} {made.version}; {made.agreement_path} names it")
        if not reason:
            click.echo(f"Say why under `reason` in {made.path}: `clausebook check {agreement}` asks for it.")
