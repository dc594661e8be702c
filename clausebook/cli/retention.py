"""The command that lists what need not be kept any longer."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_table
from clausebook.cli.running import opened


@cli.command()
@click.option("--as-of", required=True, metavar="DAY", help="The day, as 2036-03-04, by which periods have run out.")
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "csv")), default="table", show_default=True, help="How."
)
@root_option
def retention(as_of: str, form: str, root: Path | None) -> None:
    """List which agreements need not be kept any longer, which must stay, until when and why. Nothing is deleted.

    The periods are the house's own, in retention.yaml. A legal hold wins over each of them; what no rule speaks of
    stays, and so does what nothing says the end of.

    \b
    Examples:
      clausebook retention --as-of 2036-03-04
      clausebook retention --as-of 2036-03-04 --format csv > retention.csv
    """
    with opened(root) as project:
        from clausebook.formats.csv_text import csv_text
        from clausebook.lifecycle.retention import retention as kept
        from clausebook.validate.value_formats import check_date

        check_date(as_of)
        found = kept(project, as_of)
        if form == "json":
            click.echo(json.dumps(list(map(asdict, found)), indent=2, ensure_ascii=False))
            return
        rows = [
            (each.id, "may go" if each.may_go else "stays", each.until or "open", "\n".join(each.why), each.title)
            for each in found
        ]
        headings = ("id", "what", "kept until", "why", "title")
        if form == "csv":
            click.echo(csv_text(headings, rows), nl=False)
        else:
            print_table(headings, rows)
