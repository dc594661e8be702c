"""The command that holds what was measured against the targets of agreements."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_json
from clausebook.cli.running import FINDINGS, assembled, count, opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clausebook.facts.metrics.agreement_metrics import AgreementMetrics
    from clausebook.facts.metrics.watching import WatchedMetric

_COLUMNS = ("metric", "unit", "baseline", "target", "direction", "period", "by", "on", "value", "state", "asked")
_MORE = ("short", "late", "reckoning", "consequence", "owner", "place")


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--as-of", default="", metavar="DAY", help="By which day.  [default: that of the newest result of each]")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(("met", "on-track", "at-risk", "missed", "no-data", "no-target")),
    help="Only metrics in this state. May be given again.",
)
@click.option(
    "--format", "form", type=click.Choice(("table", "json", "csv")), default="table", show_default=True, help="How."
)
@root_option
def metrics(ids: tuple[str, ...], as_of: str, only: tuple[str, ...], form: str, root: Path | None) -> None:
    """Hold what was measured against the targets of agreements, and tell which gates are open.

    Results are read from agreements/results/ID.csv. A metric is met, on track or at risk on the path from its baseline
    to its target, missed, or without data; the arithmetic stands beside it, and what the agreement says of a miss. CSV
    has a row for each metric, JSON has the gates as well.

    \b
    Examples:
      clausebook metrics retail-telehealth
      clausebook metrics --as-of 2027-09-30
      clausebook metrics --only missed --only at-risk
      clausebook metrics --format csv > metrics.csv
    """
    with opened(root) as project:
        from clausebook.facts.agreement_facts import all_facts
        from clausebook.facts.duties.agreement_duties import unread
        from clausebook.facts.metrics.agreement_metrics import agreement_metrics, metric_data, metrics_data
        from clausebook.findings.report import as_text
        from clausebook.formats.csv_text import csv_text
        from clausebook.validate.value_formats import check_date

        if as_of:
            check_date(as_of)
        agreements = assembled(project, ids)
        facts = list(all_facts(project, agreements))
        every = [agreement_metrics(project, each, as_of) for each in facts]
        found = [replace(each, metrics=tuple(_in(each, only))) for each in every if each.metrics]
        if form == "json":
            print_json(list(map(metrics_data, found)))
        elif form == "csv":
            names = (*_COLUMNS, *_MORE)
            rows = ((each.id, metric_data(one)) for each in found for one in each.metrics)
            cells = (
                (name, *(str(told[cell] if told[cell] is not None else "") for cell in names)) for name, told in rows
            )
            click.echo(csv_text(("agreement", *names), cells), nl=False)
        else:
            _print([each for each in found if each.metrics], filtered=bool(only))
        told = [finding for each in facts for finding in each.findings]
        told += [finding for each in every for finding in each.findings]
        if wrong := tuple(dict.fromkeys((*unread(agreements), *told))):
            click.echo(as_text(wrong), err=True)
            raise SystemExit(FINDINGS)


def _in(found: AgreementMetrics, only: tuple[str, ...]) -> Iterator[WatchedMetric]:
    return (each for each in found.metrics if not only or each.state in only)


def _print(shown: Sequence[AgreementMetrics], *, filtered: bool) -> None:
    from clausebook.cli.printing import print_table
    from clausebook.facts.metrics.agreement_metrics import counted_states
    from clausebook.facts.metrics.gates import GATE_STATES
    from clausebook.facts.metrics.watching import STATES

    if not shown:
        click.echo("No metric is in this state." if filtered else "No agreement has metrics.")
    for number, each in enumerate(shown):
        day = f"as of {each.as_of}" if each.as_of else "nothing is measured yet"
        draft = "" if each.signed else "; not signed: nothing is owed yet"
        click.echo(f"{chr(10) if number else ''}{each.title} ({each.id}), {day}: {counted_states(each.metrics)}{draft}")
        print_table(("state", "metric"), ((STATES[one.state], _said(one, each.signed)) for one in each.metrics), 100)
        if each.gates and not filtered:
            click.echo("")
            gates = ((GATE_STATES[one.state], f"{one.gate.behind}\n{one.said}") for one in each.gates)
            print_table(("gate", "what lies behind it"), gates, 100)
        if each.later:
            click.echo(f"{count(each.later, 'result')} of later days left out", err=True)


def _said(each: WatchedMetric, signed: bool) -> str:
    metric = each.metric
    place = f" ({metric.place})" if metric.place else ""
    return "\n".join(
        filter(
            None,
            (
                f"{metric.name}{place}" + (f": {metric.aim}" if metric.aim else ""),
                each.reckoning,
                f"the {'agreement' if signed else 'draft'} says: {each.consequence}" if each.consequence else "",
                f"a result of {each.late} or later is lacking" if each.late else "",
                *(f"serves our goal: {goal}" for goal in metric.serves),
            ),
        )
    )
