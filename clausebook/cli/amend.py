"""The command that amends an executed agreement."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import count, opened, progress


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option(
    "--effective-date",
    default="",
    metavar="DATE",
    help="The day on which the amendment takes effect, as 2026-03-04.  [default: that of the last signature]",
)
@click.option(
    "--effective-when",
    default="",
    metavar="CONDITION",
    help="The condition on which the amendment takes effect; completes 'the date on which ...'.",
)
@click.option("--renumber", is_flag=True, help="Renumber the agreement expressly, in place of keeping its numbers.")
@click.option(
    "--although-ended",
    default="",
    metavar="REASON",
    help="Why an agreement is amended that has ended; kept as a comment in the amendment's file.",
)
@click.option(
    "--redraft",
    default="",
    metavar="REASON",
    help="Why an amendment that was approved, sent or signed becomes a draft of a higher version; kept as a comment.",
)
@root_option
def amend(
    agreement: str,
    effective_date: str,
    effective_when: str,
    renumber: bool,
    although_ended: str,
    redraft: str,
    root: Path | None,
) -> None:
    """Draft an amendment: what leads from the executed text of an agreement to its current draft.

    The amendment is an agreement of its own: agreements/ID-amendment-N.yaml, with its changes in
    agreements/ID-amendment-N/changes.json. It keeps the executed numbers: what is deleted becomes "Reserved", what is
    added after 3.3 is 3.3A. Run again after the draft has changed, it renews the changes and leaves the YAML's other
    parts as they are. An amendment that was approved, sent or signed keeps its text, unless --redraft says why not.

    \b
    Examples:
      clausebook amend retail-telehealth
      clausebook amend retail-telehealth --effective-date 2026-10-01
      clausebook amend retail-telehealth --effective-when "the license in Ohio is granted"
      clausebook amend retail-telehealth --although-ended "It is revived for the last study"
    """
    with opened(root) as project:
        from clausebook.findings.report import as_text
        from clausebook.lifecycle.amendment import amend as drafted

        with progress("Comparing", 0):
            found = drafted(
                project,
                agreement,
                effective_date,
                effective_when=effective_when,
                renumber=renumber,
                although_ended=although_ended,
                redraft=redraft,
            )
        click.echo(
            f"Amendment No. {found.number} of `{agreement}`, from version {found.base} to {found.version}: "
            f"{count(len(found.changes), 'change')}"
        )
        for heading in found.changes:
            click.echo(f"  {heading}")
        for path in found.files:
            click.echo(f"written: {path}")
        if not found.files:
            click.echo("Nothing has changed since it was drafted.")
        if found.warnings:
            click.echo(as_text(found.warnings))
