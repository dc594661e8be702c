"""The command that lists agreements."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_json, print_table
from clausebook.cli.running import FINDINGS, root_of, usage_errors

if TYPE_CHECKING:
    from clausebook.project.project import Project
    from clausebook.records.links import Linked


@cli.command(name="list")
@click.option("--no-owner", is_flag=True, help="Only what nobody looks after; with --as-of by that day.")
@click.option("--held", is_flag=True, help="Only what is under a legal hold.")
@click.option("--as-of", default="", metavar="DAY", help="The day, as 2027-03-01, by which an owner has left or not.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@root_option
def list_agreements(no_owner: bool, held: bool, as_of: str, as_json: bool, root: Path | None) -> None:
    """List the agreements of the repository: who looks after each, when its term ends, which holds are on it.

    Who looks after an agreement looks after its amendments. An owner of whom the journal tells the day on which they
    left is none as of that day; without --as-of such an owner is none at all.

    \b
    Examples:
      clausebook list
      clausebook list --no-owner --as-of 2028-02-01
      clausebook list --held
      clausebook list --json
    """
    with usage_errors():
        from clausebook.project.listed import listed

        if as_of:
            # Not before: what it stands in takes longer to import than a list to be printed.
            from clausebook.validate.value_formats import check_date

            check_date(as_of)
        place = root_of(root)
        agreements, papers, wrong = listed(place, as_of, lambda: _opened(place))
        rows = [each["row"] for each in (*agreements, *papers)]
        shown = [row for row in rows if not (no_owner and row["owner"]) and not (held and not row["holds"])]
        links = _links({each["row"]["id"]: each["apart"] for each in agreements})
        if as_json:
            for row in shown:
                link = links.get(row["id"])
                row |= {"links": link.named if link else {}, "linked_by": link.back if link else {}}
            print_json(shown)
        else:
            _print_table(shown)
            for row in shown:
                for said, names in links[row["id"]].rows() if row["id"] in links else ():
                    click.echo(f"{row['id']}: {said} {', '.join(names)}")
        if wrong:
            click.echo("Some agreements have errors: run `clausebook check`.", err=True)
            sys.exit(FINDINGS)


def _opened(root: Path) -> Project:
    """Open the repository; nothing is rendered in it, so that its sandbox need not load."""
    from clausebook.language.sandbox import Sandbox
    from clausebook.project.project import Project

    return Project(root, Sandbox(wait=True))


def _links(apart: Mapping[str, Mapping[str, Any]]) -> dict[str, Linked]:
    """Return which agreements each belongs with that is linked at all, by what stands apart in their data."""
    told = {name: each for name, each in apart.items() if each}
    if not told:
        return {}
    from clausebook.records.links import linked

    return {name: linked(name, told) for name in apart}


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        click.echo("There is no agreement to list.")
        return
    own = ("id", "version", "status", "parties", "owner", "title")
    cells = ([", ".join(row[name]) if name == "parties" else row[name] for name in own] for row in rows)
    void = (f"{row['id']} {version}: the record is {said}" for row in rows for version, said in row["void"].items())
    print_table(own, cells, 160)
    for line in void:
        click.echo(line)
    for row in rows:
        if row["ends"]:
            click.echo(f"{row['id']}: the term ends on {row['ends']}")
        for hold in row["holds"]:
            click.echo(f"{row['id']}: under a legal hold: {hold}")
