"""The command that prints registers over all agreements."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_json, print_rows
from clausebook.cli.running import assembled, opened


@cli.command()
@click.argument("name", required=False, default="", metavar="[NAME]")
@click.option("--missing", is_flag=True, help="Only rows in which something is missing.")
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "csv")), default="table", show_default=True, help="How."
)
@root_option
def registers(name: str, missing: bool, form: str, root: Path | None) -> None:
    """Print the registers over all agreements, or the one that is named, with what is missing in each row.

    Which registers there are, the agreement types say in their `facts.yaml`.

    \b
    Examples:
      clausebook registers
      clausebook registers business-associates --missing
      clausebook registers remuneration --format csv > remuneration.csv
    """
    with opened(root) as project:
        from dataclasses import replace

        from clausebook.facts.agreement_facts import all_facts
        from clausebook.facts.register_rows import registers_of

        found = registers_of(list(all_facts(project, assembled(project, ()))), name)
        if missing:
            found = [replace(each, rows=tuple(row for row in each.rows if row.missing)) for each in found]
        if form == "json":
            print_json(list(map(asdict, found)))
            return
        for number, each in enumerate(found):
            if form == "csv":
                if len(found) > 1:
                    raise click.UsageError(f"CSV holds one register: name it: {', '.join(one.id for one in found)}.")
            else:
                click.echo(f"{chr(10) if number else ''}{each.title} ({each.id})")
            print_rows(form, *each.table(), "Nothing is missing." if missing else "No agreement has a row in it.")
