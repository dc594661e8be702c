"""The command that prints registers over all agreements."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_json
from clausebook.cli.running import FINDINGS, assembled, check_span, count, opened

if TYPE_CHECKING:
    from clausebook.facts.register_table import Register


@cli.command()
@click.argument("name", required=False, default="", metavar="[NAME]")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--missing", is_flag=True, help="Only rows in which something is missing.")
@click.option(
    "--where",
    multiple=True,
    metavar="COLUMN=WORDS",
    help="Only rows with these words in a column, by its name or heading: referral=yes. May be given again.",
)
@click.option("--from", "since", default="", metavar="DAY", help="Only what ends on this day or later.")
@click.option("--to", "until", default="", metavar="DAY", help="Only what ends on this day or earlier.")
@click.option("--signed", is_flag=True, help="Only agreements that are signed.")
@click.option("--wide", is_flag=True, help="The table with a column for each thing, for a wide screen.")
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "csv")), default="table", show_default=True, help="How."
)
@root_option
def registers(
    name: str,
    ids: tuple[str, ...],
    missing: bool,
    where: tuple[str, ...],
    since: str,
    until: str,
    signed: bool,
    wide: bool,
    form: str,
    root: Path | None,
) -> None:
    """Print the registers over all agreements, or the one that is named, with what is missing in each row.

    Which registers there are, the agreement types say in their `facts.yaml`.

    \b
    Examples:
      clausebook registers
      clausebook registers business-associates --missing
      clausebook registers business-associates --signed --from 2029-01-01 --to 2029-12-31
      clausebook registers remuneration --where referral=yes --where giver=Larkmoor
      clausebook registers insurance retail-telehealth --wide
      clausebook registers remuneration --format csv > remuneration.csv
    """
    with opened(root) as project:
        from clausebook.cli.printing import print_table
        from clausebook.facts.agreement_facts import all_facts
        from clausebook.facts.duties.agreement_duties import unread
        from clausebook.facts.register_rows import RowsWanted, narrowed, registers_of
        from clausebook.findings.report import as_text
        from clausebook.formats.csv_text import csv_text

        cells = [
            (column.strip(), words.strip()) for column, mark, words in (each.partition("=") for each in where) if mark
        ]
        if len(cells) < len(where):
            raise click.UsageError("--where takes a column and words, as --where referral=yes.")
        if where and not name:
            raise click.UsageError("--where is of one register: name it.")
        check_span(since, until)
        agreements = assembled(project, ids)
        every = list(all_facts(project, agreements))
        wanted = RowsWanted(tuple(cells), since, until, missing, signed)
        found = registers_of(every, name)
        narrow = [narrowed(each, wanted) for each in found]
        found = [each for each, _ in narrow]
        if form == "csv":
            if len(found) > 1:
                raise click.UsageError(f"CSV holds one register: name it: {', '.join(one.id for one in found)}.")
            click.echo("".join(csv_text(*each.table()) for each in found), nl=False)
        elif form == "json":
            print_json(list(map(asdict, found)))
        else:
            for number, each in enumerate(found):
                click.echo(f"{chr(10) if number else ''}{each.title} ({each.id})")
                if not each.rows:
                    click.echo("Nothing is missing." if missing else "No agreement has a row in it.")
                elif wide:
                    print_table(*each.table())
                else:
                    _print_rows(each)
        if left := sum(open_ for _, open_ in narrow):
            click.echo(f"{count(left, 'row')} left out, of agreements whose end is open", err=True)
        told = (finding for each in every for finding in each.findings)
        if wrong := tuple(dict.fromkeys((*unread(agreements), *told))):
            click.echo(as_text(wrong), err=True)
            raise SystemExit(FINDINGS)


def _print_rows(register: Register) -> None:
    """Print each row as lines of its own, without what is empty."""
    from clausebook.cli.printing import print_table

    for row in register.rows:
        said = [(heading, cell) for heading, cell in zip(register.headings, row.cells, strict=True) if cell]
        said.append(("MISSING", ", ".join(row.missing)) if row.missing else ("Missing", "nothing"))
        click.echo(f"\n{row.agreement} ({row.state})")
        print_table(("", ""), ((f"  {heading}", cell) for heading, cell in said), 100, headed=False)
