"""The command that tells what agreements say in short: facts/1, as JSON or as a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import FINDINGS, assembled, opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clausebook.facts.agreement_facts import AgreementFacts


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--format", "form", type=click.Choice(("json", "csv")), default="json", show_default=True, help="How.")
@root_option
def facts(ids: tuple[str, ...], form: str, root: Path | None) -> None:
    """Tell what agreements say in short: parties, terms at a glance, key dates, tables, duties, approvals, standing.

    JSON has all of it, as a list of one object for each agreement. CSV has a row for each agreement, with the terms and
    the key dates. What is executed is told as it was executed, what is a draft as it stands.

    \b
    Examples:
      clausebook facts retail-telehealth
      clausebook facts --format csv > agreements.csv
    """
    with opened(root) as project:
        from clausebook.facts.agreement_facts import all_facts, as_data
        from clausebook.findings.report import as_text

        found = list(all_facts(project, assembled(project, ids)))
        if form == "json":
            click.echo(json.dumps(list(map(as_data, found)), indent=2, ensure_ascii=False))
        else:
            _print_csv(found)
        if findings := [finding for each in found for finding in each.findings]:
            click.echo(as_text(findings), err=True)
            raise SystemExit(FINDINGS)


def _print_csv(found: Sequence[AgreementFacts]) -> None:
    from clausebook.formats.csv_text import csv_text

    terms = {term.id: term.title for each in found for term in each.asked.terms}
    dates = {date.id: date.title for each in found for date in each.duties.reckoned.dates}
    rows = []
    for each in found:
        deal, shown = each.duties.deal, {term.id: term.shown for term in each.asked.terms}
        own = (deal.id, deal.document.title, deal.document.version, each.standing.status, each.standing.stage)
        owner = each.duties.journal.owner
        people = (", ".join(each.duties.parties.values()), owner.name if owner else "")
        rows.append((*own, *people, *(shown.get(name, "") for name in terms), *map(each.day, dates)))
    headings = ("id", "title", "version", "status", "stage", "parties", "owner", *terms.values(), *dates.values())
    click.echo(csv_text(headings, rows), nl=False)
