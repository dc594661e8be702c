"""The command that lists what falls due: duties and key dates, with how each day is reckoned."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import FINDINGS, opened, progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clausebook.facts.duties.due_list import DueItem


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--from", "since", default="", metavar="DAY", help="The first day, as 2027-03-01.")
@click.option("--to", "until", default="", metavar="DAY", help="The last day.")
@click.option("--party", default="", metavar="NAME", help="Only what this party owes: its key, or its short name.")
@click.option("--kind", default="", metavar="KIND", help="Only duties of this kind: report, payment, screening …")
@click.option("--as-of", default="", metavar="DAY", help="The day by which to say what is overdue.")
@click.option("--overdue", is_flag=True, help="Only what is overdue as of that day.")
@click.option(
    "--assume",
    multiple=True,
    metavar="EVENT=DAY",
    help="Plan as if an event that is not recorded happened on a day: last-signature=2027-01-15.",
)
@click.option("--standing", is_flag=True, help="Also what is owed throughout, without a day.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "csv", "ics")),
    default="table",
    show_default=True,
    help="As a table for people, for programs, for a spreadsheet, or for a calendar.",
)
@root_option
def obligations(
    ids: tuple[str, ...],
    since: str,
    until: str,
    party: str,
    kind: str,
    as_of: str,
    overdue: bool,
    assume: tuple[str, ...],
    standing: bool,
    form: str,
    root: Path | None,
) -> None:
    """List what agreements ask of their parties and when, each with its arithmetic and its place in the text.

    What counts from an event is open until the journal of the agreement records it. What evidence closes says so.

    \b
    Examples:
      clausebook obligations retail-telehealth
      clausebook obligations --from 2027-03-01 --to 2027-03-31
      clausebook obligations --overdue --as-of 2027-06-30 --party cornerway
      clausebook obligations last-mile-delivery --assume last-signature=2027-01-15
      clausebook obligations --format ics > duties.ics
    """
    if overdue and not as_of:
        raise click.UsageError("--overdue needs --as-of: the program reads no clock.")
    with opened(root) as project:
        from clausebook.facts.duties.deal_duties import Window
        from clausebook.facts.duties.due_list import DueWanted, due_items
        from clausebook.facts.duties.paper_duties import all_owed
        from clausebook.findings.report import as_text
        from clausebook.validate.value_formats import check_date

        assumed = dict(each.split("=", 1) for each in assume if "=" in each)
        if len(assumed) < len(assume):
            raise click.UsageError("--assume takes an event and its day, as --assume last-signature=2027-01-15.")
        for day in filter(None, (since, until, as_of, *assumed.values())):
            check_date(day)
        window = Window(since, min(filter(None, (until, as_of if overdue else "")), default=""))
        wanted = DueWanted(party, kind, as_of, overdue, standing)
        with progress("Reckoning", 0) as advance:
            found, left_out = all_owed(project, ids, window, assumed, advance)
        items = due_items(found, wanted)
        if form == "ics":
            from clausebook.facts.duties.editions import edition_of
            from clausebook.facts.duties.feed import feed

            names = dict.fromkeys(each.agreement for each in items)
            click.echo(feed(items, {name: edition_of(project, name) for name in names}), nl=False)
        elif form == "json":
            click.echo(json.dumps([asdict(each) for each in items], indent=2, ensure_ascii=False))
        else:
            _print(items, form)
        if form == "table":
            for each in found:
                for clause in each.reckoned.undeclared:
                    said = f"{each.id}: nobody has declared which duties the clause `{clause}` creates: read it"
                    click.echo(said, err=True)
        told = (finding for each in found for finding in (*each.findings, *each.reckoned.findings))
        if findings := tuple(dict.fromkeys((*left_out, *told))):
            click.echo(as_text(findings), err=True)
            raise SystemExit(FINDINGS)


def _print(items: Sequence[DueItem], form: str) -> None:
    from clausebook.cli.printing import print_table
    from clausebook.formats.csv_text import csv_text

    headings = ("due", "agreement", "who", "what", "how reckoned", "place", "state", "reference")
    own = ("agreement", "who", "what", "reckoning", "place", "state", "reference")
    rows = [(each.due or each.open, *(getattr(each, name) for name in own)) for each in items]
    if form == "csv":
        click.echo(csv_text(headings, rows), nl=False)
    elif rows:
        print_table(headings, rows)
    else:
        click.echo("Nothing falls due.")
