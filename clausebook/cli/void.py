"""The command that marks the record of an execution as void."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, date_option, root_option
from clausebook.cli.running import opened, today


@cli.command()
@click.argument("agreement", metavar="ID")
@click.argument("version", metavar="VERSION")
@click.option("--reason", required=True, metavar="TEXT", help="Why the record is void.")
@click.option("--by", required=True, metavar="PERSON", help="Who says so.")
@date_option
@root_option
def void(agreement: str, version: str, reason: str, by: str, date: str, root: Path | None) -> None:
    """Mark the record of an executed version as void: after a mistake, a withdrawal, or a void agreement.

    Nothing is deleted: the record stays, with a file beside it that says why it is void, who says so and since when.
    That version counts as not executed from then on, and where the agreement's file is at it, its status goes back to
    `approved`. The record keeps its version: what is executed next needs another one. There is no way back.

    \b
    Examples:
      clausebook void retail-telehealth 1.0 --reason "The file of another deal was executed" --by "Ada Quill"
      clausebook void retail-telehealth 1.0 --reason "Withdrawn by both parties" --by "Ada Quill" --date 2026-11-20
    """
    with opened(root) as project:
        from clausebook.lifecycle.voiding import void as make_void

        made = make_void(project, agreement, version, reason, by, date or today(), today())
        click.echo(
            f"void: the record of version {version} of {agreement}, since {made.date}: {made.reason} ({made.by})"
        )
        click.echo(
            "The record stays. Raise `version` before the agreement is executed anew, then run: clausebook check"
        )
