"""The command that lists partnerships by the steps of the method, and shows what one of them lacks."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_json, print_table
from clausebook.cli.running import FINDINGS, opened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clausebook.facts.spark.equity import Equity
    from clausebook.facts.spark.method import Method
    from clausebook.facts.spark.partnerships import Partnership
    from clausebook.project.project import Project
    from clausebook.validate.schemas import Schemas


@cli.command()
@click.argument("partnership", default="", metavar="[ID]")
@click.option("--lacking", is_flag=True, help="Only what no data answer yet; in the list, of the steps so far.")
@click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True, help="For whom."
)
@root_option
def spark(partnership: str, lacking: bool, form: str, root: Path | None) -> None:
    """List partnerships by the steps of the method, the best opportunity first; or show one, and what it lacks.

    ID is an opportunity's or an agreement's. The method, templates/spark.yaml, says which steps there are, what each
    rating is worth, and what data answer each of its strategies and challenges. What people think of the plan on the
    other side (`stance`) is not told.

    \b
    Examples:
      clausebook spark
      clausebook spark --lacking
      clausebook spark retail-telehealth --lacking
      clausebook spark evening-prescriptions --format json
    """
    with opened(root) as project:
        from clausebook.facts.agreement_facts import plain_data
        from clausebook.facts.spark.gathered import partnerships_of, step_schemas
        from clausebook.facts.spark.method import FILE, read_method
        from clausebook.findings.model import RepositoryError, refuse_errors
        from clausebook.findings.report import as_text

        method, findings = read_method(project.tree)
        refuse_errors(findings)
        if not method.steps:
            raise RepositoryError("this repository has no method of partnerships", f"write one into {FILE}")
        found, unread = partnerships_of(project, method, partnership)
        schemas = step_schemas(project, method)
        equity = _equity(project, method, partnership) if partnership in project.known and found else None
        if form == "json":
            more = {"equity": json.loads(json.dumps(plain_data(equity), default=str))} if equity else {}
            print_json([_data(method, schemas, each, lacking=lacking) | more for each in found])
        elif partnership and found:
            _show(method, schemas, found[0], equity, lacking=lacking)
        elif found or not unread:
            _list(method, found, lacking=lacking)
        if unread:
            click.echo(as_text(unread), err=True)
            raise SystemExit(FINDINGS)


def _list(method: Method, found: Sequence[Partnership], *, lacking: bool) -> None:
    """Print a line a partnership, by the step that it has reached."""
    from clausebook.facts.spark.matrix import matrix
    from clausebook.facts.spark.partnerships import answered, reached

    ranked = {row.partnership.id: row for row in matrix(method, found)}
    order = {name: number for number, name in enumerate(ranked)}
    steps = {step.id: number for number, step in enumerate(method.steps)}
    rows = []
    for each in found:
        step, row = reached(method, each), ranked.get(each.id)
        come = steps[step.id] if step else -1
        open_points = [one.point for one in answered(method, each) if one.lacking]
        # What belongs to a later step is not lacking yet.
        late = [point.title for point in open_points if steps.get(point.step, -1) <= come]
        if lacking and not late:
            continue
        shown = (
            step.title if step else "–",
            each.id,
            each.organisation,
            f"{row.score:.0f}: {row.reckoning}" if row and row.score is not None else "not rated",
            "; ".join(late) if lacking else f"{len(method.points) - len(open_points)} of {len(method.points)}",
        )
        rows.append(((come, order.get(each.id, len(order)), each.id), shown))
    headings = ("step", "id", "partner", "score of 100", "lacks" if lacking else "answered")
    if rows:
        print_table(headings, [shown for _, shown in sorted(rows)])
    else:
        click.echo("Nothing is lacking." if lacking and found else "There is no opportunity and no agreement.")


def _equity(project: Project, method: Method, name: str) -> Equity | None:
    """Return what the parties of an agreement give and get, None if it does not say."""
    from clausebook.facts.agreement_facts import agreement_facts
    from clausebook.facts.spark.equity import equity_of

    facts = agreement_facts(project, project.assemble(project.known[name]))
    return equity_of(facts, method.least_share) if facts else None


def _show(
    method: Method,
    schemas: Mapping[str, tuple[Schemas, ...]],
    one: Partnership,
    equity: Equity | None,
    *,
    lacking: bool,
) -> None:
    """Print what is said of each step of a partnership, and what no data answer."""
    from clausebook.facts.spark.gathered import said

    told, titles = _data(method, schemas, one, lacking=lacking), {step.id: step.title for step in method.steps}
    click.echo(f"{one.title} ({one.id}), with {one.organisation}")
    click.echo(f"step: {titles.get(told['step'], 'none yet')}; agreement: {one.status or 'none yet'}")
    if told["score"] is not None:
        click.echo(f"score: {told['score']:g} of 100, {told['reckoning']}")
    rows = [
        (titles[step], title, _shortly(value))
        for step, data in one.steps.items()
        for _, title, value in said(schemas, step, data)
    ]
    if rows and not lacking:
        click.echo()
        print_table(("step", "what", "said"), rows)
    points = [
        (titles[each["step"]], each["kind"], each["title"], "; ".join(each["lacking"]) or "nothing")
        for step in titles
        for each in told["points"]
        if each["step"] == step
    ]
    click.echo()
    if points:
        print_table(("step", "kind", "point", "lacks"), points)
    else:
        click.echo("Nothing is lacking.")
    if equity and not lacking:
        _show_equity(equity)


def _show_equity(equity: Equity) -> None:
    """Print what each party gives and gets, and whether it gives enough."""
    from clausebook.facts.spark.gathered import all_of

    names = equity.names
    rows = [
        (
            each.what,
            each.form,
            all_of([names.get(key, key) for key in each.givers]),
            all_of([names.get(key, key) for key in each.takers]) or "all together",
            each.amount or "not stated",
        )
        for each in equity.contributions
    ]
    click.echo()
    print_table(("what", "form", "given by", "given to", "amount or value"), rows, 140)
    click.echo(
        f"\nOf what is given once and for a stated amount, each party is to give at least {equity.least:.0f}%:\n"
    )
    verdicts = [
        (
            each.name,
            f"{equity.currency} {each.reckoning}" if each.reckoning else "nothing that can be added up",
            f"{equity.currency} {each.gets:,.0f}" if each.gets else "–",
            each.verdict,
            f"{each.uncounted} not counted" if each.uncounted else "",
        )
        for each in equity.parties
    ]
    print_table(("party", "gives", "gets", "is that enough?", "what else it gives"), verdicts)


def _data(
    method: Method, schemas: Mapping[str, tuple[Schemas, ...]], one: Partnership, *, lacking: bool
) -> dict[str, Any]:
    """Return what is known of a partnership as JSON data, without what is internal."""
    from clausebook.facts.spark.gathered import called, said
    from clausebook.facts.spark.matrix import matrix
    from clausebook.facts.spark.partnerships import answered, reached

    now = reached(method, one)
    row = next(iter(matrix(method, [one])), None)
    points = [
        {
            **{name: getattr(each.point, name) for name in ("id", "title", "kind", "step")},
            "lacking": [called(method, schemas, need) for need in each.lacking],
        }
        for each in answered(method, one)
        if each.lacking or not lacking
    ]
    return {
        "id": one.id,
        "title": one.title,
        "organisation": one.organisation,
        "agreement": one.status or None,
        "step": now.id if now else None,
        "score": round(row.score, 1) if row and row.score is not None else None,
        "reckoning": row.reckoning if row else "",
        "ratings": {name: asdict(each) for name, each in row.ratings.items()} if row else {},
        "steps": {
            name: {key: value for key, _, value in said(schemas, name, data)} for name, data in one.steps.items()
        },
        "points": points,
    }


def _shortly(value: Any) -> str:
    """Return a value in a few words: an item of a list a line, and of a group what its properties say."""
    if isinstance(value, list):
        return "\n".join(map(_shortly, value))
    if isinstance(value, dict):
        return ", ".join(map(_shortly, value.values()))
    return str(value)
