"""The command that prints registers over all agreements."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import FINDINGS, assembled, opened


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

        from clausebook.cli.printing import print_table
        from clausebook.facts.agreement_facts import all_facts
        from clausebook.facts.duties.agreement_duties import unread
        from clausebook.facts.register_rows import registers_of
        from clausebook.findings.report import as_text
        from clausebook.formats.csv_text import csv_text

        agreements = assembled(project, ())
        facts = list(all_facts(project, agreements))
        told = (finding for each in facts for finding in each.findings)
        wrong = tuple(dict.fromkeys((*unread(agreements), *told)))
        found = registers_of(facts, name)
        if missing:
            found = [replace(each, rows=tuple(row for row in each.rows if row.missing)) for each in found]
        if form == "json":
            click.echo(json.dumps(list(map(asdict, found)), indent=2, ensure_ascii=False))
        for number, each in enumerate(found if form != "json" else ()):
            headings, rows = each.table()
            if form == "csv":
                if len(found) > 1:
                    raise click.UsageError(f"CSV holds one register: name it: {', '.join(one.id for one in found)}.")
                click.echo(csv_text(headings, rows), nl=False)
                continue
            click.echo(f"{chr(10) if number else ''}{each.title} ({each.id})")
            if rows:
                print_table(headings, rows)
            else:
                click.echo("Nothing is missing." if missing else "No agreement has a row in it.")
        if wrong:
            click.echo(as_text(wrong), err=True)
            raise SystemExit(FINDINGS)
