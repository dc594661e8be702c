"""The command that lists what falls due: duties and key dates, with how each day is reckoned."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_json
from clausebook.cli.running import FINDINGS, check_span, opened, progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clausebook.facts.duties.agreement_duties import WhatIsOwed
    from clausebook.facts.duties.due_item import DueItem
    from clausebook.facts.duties.due_list import State


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--from", "since", default="", metavar="DAY", help="The first day, as 2027-03-01.")
@click.option("--to", "until", default="", metavar="DAY", help="The last day.")
@click.option("--party", default="", metavar="NAME", help="Only what this party owes: its key, or its short name.")
@click.option("--kind", default="", metavar="KIND", help="Only duties of this kind: report, payment, screening …")
@click.option("--as-of", default="", metavar="DAY", help="The day by which to say what is overdue.")
@click.option("--overdue", is_flag=True, help="Only what is overdue as of that day.")
@click.option("--open", "waiting", is_flag=True, help="Only what waits for an event that no journal records.")
@click.option(
    "--closed", "evidenced", is_flag=True, help="Only what evidence closed; with --overdue and --open, either."
)
@click.option("--reference", default="", metavar="REF", help="Only this, or what is below it: dates/end, reporting.")
@click.option(
    "--assume",
    multiple=True,
    metavar="EVENT=DAY",
    help="Plan as if an event that is not recorded happened on a day: last-signature=2027-01-15.",
)
@click.option("--standing", is_flag=True, help="Also what is owed throughout, without a day.")
@click.option("--signed", is_flag=True, help="Only what is owed under agreements that are signed.")
@click.option("--wide", is_flag=True, help="The table with a column for each thing, for a wide screen.")
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
    waiting: bool,
    evidenced: bool,
    reference: str,
    assume: tuple[str, ...],
    standing: bool,
    signed: bool,
    wide: bool,
    form: str,
    root: Path | None,
) -> None:
    """List what agreements ask of their parties and when, each with its arithmetic and its place in the text.

    What counts from an event is open until the journal of the agreement records it; with --from or --to it is listed
    only by --open. What evidence closes says so. Agreement and reference are what `clausebook evidence` takes.

    \b
    Examples:
      clausebook obligations retail-telehealth
      clausebook obligations --from 2027-03-01 --to 2027-03-31
      clausebook obligations --overdue --as-of 2027-06-30 --party cornerway
      clausebook obligations --reference dates/end --from 2029-01-01 --to 2029-12-31
      clausebook obligations retail-telehealth --kind screening --closed
      clausebook obligations --open --wide
      clausebook obligations last-mile-delivery --assume last-signature=2027-01-15
      clausebook obligations --format ics > duties.ics
    """
    if overdue and not as_of:
        raise click.UsageError("--overdue needs --as-of: the program reads no clock.")
    with opened(root) as project:
        from clausebook.facts.duties.due_item import THROUGHOUT
        from clausebook.facts.duties.due_list import DueWanted, check_wanted, due_items
        from clausebook.facts.duties.model import Window
        from clausebook.facts.duties.paper_duties import all_owed
        from clausebook.findings.report import as_text
        from clausebook.validate.value_formats import check_date

        assumed = dict(each.split("=", 1) for each in assume if "=" in each)
        if len(assumed) < len(assume):
            raise click.UsageError("--assume takes an event and its day, as --assume last-signature=2027-01-15.")
        check_span(since, until)
        for day in filter(None, (as_of, *assumed.values())):
            check_date(day)
        window = Window(since, min(filter(None, (until, as_of if overdue else "")), default=""))
        states: dict[State, bool] = {"overdue": overdue, "open": waiting, "closed": evidenced}
        asked = frozenset(name for name, said in states.items() if said)
        wanted = DueWanted(party, kind, as_of, reference, asked, standing)
        with progress("Reckoning", 0) as advance:
            found, left_out = all_owed(project, ids, window, assumed, advance)
        _check_assumed(found, assumed)
        found = [each for each in found if each.signed or not signed]
        check_wanted(found, wanted)
        items = due_items(found, wanted)
        if (since or until) and not waiting:
            items = [each for each in items if each.due or each.open == THROUGHOUT]
        if form == "ics":
            from clausebook.facts.duties.editions import editions_of
            from clausebook.facts.duties.feed import feed

            click.echo(feed(items, editions_of(project.root, {each.agreement for each in items})), nl=False)
        elif form == "json":
            print_json([asdict(each) for each in items])
        else:
            closed = {(each.id, name): one.words() for each in found for name, one in each.closed.items()}
            _print(items, form, closed, wide=wide)
        if form == "table":
            for each in found:
                for clause in each.reckoned.undeclared:
                    said = f"{each.id}: nobody has declared which duties the clause `{clause}` creates: read it"
                    click.echo(said, err=True)
        told = (finding for each in found for finding in (*each.findings, *each.reckoned.findings))
        if findings := tuple(dict.fromkeys((*left_out, *told))):
            click.echo(as_text(findings), err=True)
            raise SystemExit(FINDINGS)


def _check_assumed(found: Sequence[WhatIsOwed], assumed: Mapping[str, str]) -> None:
    """Raise RepositoryError for an event for which nothing waits: it was meant to be another."""
    from clausebook.facts.duties.agreement_duties import AgreementDuties
    from clausebook.facts.duties.deal_duties import awaited
    from clausebook.findings.model import RepositoryError
    from clausebook.findings.near_names import did_you_mean
    from clausebook.records.journal import OWN_EVENTS

    known = {*OWN_EVENTS}.union(*(awaited(each.deal) for each in found if isinstance(each, AgreementDuties)))
    for name in assumed:
        if name not in known:
            hint = did_you_mean(name, sorted(known), "`clausebook obligations --open` says what is waited for")
            raise RepositoryError(f"nothing here waits for an event `{name}`", hint)


def _print(items: Sequence[DueItem], form: str, closed: Mapping[tuple[str, str], str], *, wide: bool) -> None:
    from clausebook.cli.printing import print_table
    from clausebook.formats.csv_text import csv_text

    headings = ("due", "agreement", "who", "what", "how reckoned", "place", "state", "reference", "kind", "evidence")
    own = ("agreement", "who", "what", "reckoning", "place", "state", "reference", "kind", "evidence")
    rows = [(each.due or each.open, *(getattr(each, name) for name in own)) for each in items]
    if form == "csv":
        click.echo(csv_text(headings, rows), nl=False)
    elif not rows:
        click.echo("Nothing of this kind is listed.")
    elif wide:
        print_table(headings[:8], (row[:8] for row in rows))
    else:
        print_table(("due", "what"), (_shortly(each, closed) for each in items), 100)


def _shortly(item: DueItem, closed: Mapping[tuple[str, str], str]) -> tuple[str, str]:
    """Return something that falls due in two cells: when and in which state, and below what it is whose it is."""
    state = "" if item.state in ("due", "date", "open", item.open) else item.state
    what = f"{item.who}: {item.what}" if item.who else item.what
    reckoned = "" if item.reckoning == item.due else f"\n{item.reckoning}"
    words = closed.get((item.agreement, item.reference), "")
    shown = f"\n{words}\n{item.evidence}" if item.evidence else ""
    place = f", {item.place}" if item.place else ""
    return (
        "\n".join(filter(None, (item.due or item.open.partition(":")[0], state))),
        f"{what}\n{item.agreement} {item.reference}{place}{reckoned}{shown}",
    )
