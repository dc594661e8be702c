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
        from clausebook.facts.duties.agreement_duties import unread
        from clausebook.facts.duties.paper_duties import paper_duties, unread_papers
        from clausebook.facts.paper_facts import paper_data
        from clausebook.findings.report import as_text

        papers = {paper.id: (paper, owed) for paper, owed in paper_duties(project)}
        mine = [name for name in ids if name not in papers]
        agreements = assembled(project, mine) if mine or not ids else []
        found = list(all_facts(project, agreements))
        wanted = [each for name, each in papers.items() if name in ids or not ids]
        if form == "json":
            told = [*map(as_data, found), *(paper_data(*each) for each in wanted)]
            click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        else:
            _print_csv(found, wanted)
        wrong = [*unread(agreements), *(() if ids else unread_papers(project))]
        wrong += [finding for each in found for finding in each.findings]
        wrong += [finding for _, each in wanted for finding in (*each.findings, *each.reckoned.findings)]
        if findings := tuple(dict.fromkeys(wrong)):
            click.echo(as_text(findings), err=True)
            raise SystemExit(FINDINGS)


def _print_csv(found: Sequence[AgreementFacts], papers: Sequence[tuple[Registered, WhatIsOwed]]) -> None:
    from clausebook.facts.paper_facts import REGISTERED
    from clausebook.formats.csv_text import csv_text

    every: list[WhatIsOwed] = [*(each.duties for each in found), *(owed for _, owed in papers)]
    terms = {term.id: term.title for each in found for term in each.asked.terms}
    dates: dict[str, str] = {}
    for each in every:
        for date in each.reckoned.dates:
            dates.setdefault(date.id, date.title)
    shown = [{term.id: term.shown for term in each.asked.terms} for each in found]
    shown += [{each.fact: f"{each.currency} {each.value}".strip() for each in paper.facts} for paper, _ in papers]
    standing: list[tuple[str, str, str]]
    standing = [(each.duties.deal.document.version, each.standing.status, each.standing.stage) for each in found]
    standing += [("", REGISTERED, REGISTERED) for _ in papers]
    rows = []
    for each, said, where in zip(every, shown, standing, strict=True):
        owner, days = each.journal.owner, {date.id: date.day for date in each.reckoned.dates}
        people = (", ".join(each.parties.values()), owner.name if owner else "")
        told = (*(said.get(name, "") for name in terms), *(days.get(name, "") for name in dates))
        rows.append((each.id, each.title, *where, *people, *told))
    headings = ("id", "title", "version", "status", "stage", "parties", "owner", *terms.values(), *dates.values())
    click.echo(csv_text(headings, rows), nl=False)
