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
    from clausebook.facts.duties.agreement_duties import WhatIsOwed
    from clausebook.records.registered import Registered

TOLD = ("title", "party")
"""What of registered paper stands where other agreements have it."""


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="Only this term or key date, by its name: liability-cap. May be given again; as a table or CSV.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("json", "csv", "table")),
    help="For programs, for a spreadsheet, or for people.  [default: json, with --only table]",
)
@root_option
def facts(ids: tuple[str, ...], only: tuple[str, ...], form: str | None, root: Path | None) -> None:
    """Tell what agreements say in short: parties, terms at a glance, key dates, tables, duties, approvals, standing.

    JSON has all of it, as a list of one object for each agreement. CSV has a row for each agreement, with the terms and
    the key dates; the table has a line for each of these. What is executed is told as it was executed, what is a draft
    as it stands.

    \b
    Examples:
      clausebook facts retail-telehealth
      clausebook facts retail-telehealth --format table
      clausebook facts --only law --only liability-cap
      clausebook facts --format csv > agreements.csv
    """
    with opened(root) as project:
        from clausebook.facts.agreement_facts import all_facts, as_data
        from clausebook.facts.duties.agreement_duties import unread
        from clausebook.facts.duties.paper_duties import paper_duties, unread_papers
        from clausebook.facts.paper_facts import paper_data
        from clausebook.findings.report import as_text

        papers = {paper.id: (paper, owed) for paper, owed in paper_duties(project)}
        mine = [name for name in ids if name not in papers]
        agreements = assembled(project, mine) if mine or not ids else []
        found = list(all_facts(project, agreements))
        wanted = [each for name, each in papers.items() if name in ids or not ids]
        if form == "json" and only:
            raise click.UsageError("--only is for --format table and --format csv; JSON has everything.")
        if form == "json" or (not form and not only):
            told = [*map(as_data, found), *(paper_data(*each) for each in wanted)]
            click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        else:
            _print(found, wanted, only, form)
        wrong = [*unread(agreements), *(() if ids else unread_papers(project))]
        wrong += [finding for each in found for finding in each.findings]
        wrong += [finding for _, each in wanted for finding in (*each.findings, *each.reckoned.findings)]
        if findings := tuple(dict.fromkeys(wrong)):
            click.echo(as_text(findings), err=True)
            raise SystemExit(FINDINGS)


def _print(
    found: Sequence[AgreementFacts],
    papers: Sequence[tuple[Registered, WhatIsOwed]],
    only: tuple[str, ...],
    form: str | None,
) -> None:
    from clausebook.facts.paper_facts import REGISTERED
    from clausebook.findings.model import RepositoryError
    from clausebook.findings.near_names import did_you_mean
    from clausebook.formats.csv_text import csv_text

    every: list[WhatIsOwed] = [*(each.duties for each in found), *(owed for _, owed in papers)]
    shown = [{term.id: term.shown for term in each.asked.terms} for each in found]
    shown += [
        {each.fact: f"{each.currency} {each.value}".strip() for each in paper.facts if each.fact not in TOLD}
        for paper, _ in papers
    ]
    titles = {term.id: term.title for each in found for term in each.asked.terms}
    for owed in every:
        for date in owed.reckoned.dates:
            titles.setdefault(date.id, date.title)
    for said in shown:
        titles |= {name: name.capitalize() for name in said if name not in titles and form != "csv"}
    if unknown := next((name for name in only if name not in titles), ""):
        there = f"there are: {', '.join(titles)}"
        raise RepositoryError(f"no term or key date `{unknown}` is told here", did_you_mean(unknown, titles, there))
    titles = {name: title for name, title in titles.items() if name in only or not only}
    standing: list[tuple[str, str, str]]
    standing = [(each.duties.deal.document.version, each.standing.status, each.standing.stage) for each in found]
    standing += [("", REGISTERED, REGISTERED) for _ in papers]
    rows, waits = list[tuple[str, ...]](), "" if form == "csv" else "open"
    for each, said, where in zip(every, shown, standing, strict=True):
        owner, days = each.journal.owner, {date.id: date.day or waits for date in each.reckoned.dates}
        people = (", ".join(each.parties.values()), owner.name if owner else "")
        told = tuple(said.get(name) or days.get(name, "") for name in titles)
        rows.append((each.id, each.title, *where, *people, *told))
    headings = ("id", "title", "version", "status", "stage", "parties", "owner", *titles.values())
    if form == "csv":
        click.echo(csv_text(headings, rows), nl=False)
    else:
        _print_table(headings, rows)


def _print_table(headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    from clausebook.cli.printing import print_table

    for number, row in enumerate(rows):
        about = ", ".join(filter(None, row[2:4]))
        click.echo(f"{chr(10) if number else ''}{row[1]} ({row[0]}): {about}")
        told = [(f"  {heading}", cell) for heading, cell in zip(headings[4:], row[4:], strict=True) if cell]
        print_table(("", ""), told, 100, headed=False)
