"""The command that lists agreements."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_table
from clausebook.cli.running import (
    FINDINGS,
    guarded,
)
from clausebook.findings.model import Finding, has_errors

if TYPE_CHECKING:
    from clausebook.project.project import Project
    from clausebook.records.registered import Registered


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
    with guarded(root, as_of) as project:
        from clausebook.records.links import linked
        from clausebook.records.registered import registered_of

        rows, known = [], dict[str, Mapping[str, Any]]()
        findings: list[Finding] = list(project.found[1])
        for file in project.files():
            data, found = project.load(file)
            findings += found
            rows.append(_row(file.id, data) | {"ends": project.linked[file.id].ends, "void": _void(project, file.id)})
            known[file.id] = data or {}
        papers, problems = registered_of(project.tree)
        findings += problems
        every = [*rows, *map(_registered, papers)]
        for row in every:
            amends = known.get(row["id"], {}).get("amends", {})
            row |= _looked_after(project, row["id"], amends.get("agreement", row["id"]), as_of)
        shown = [row for row in every if not (no_owner and row["owner"]) and not (held and not row["holds"])]
        links = {name: linked(name, known) for name in known}
        if as_json:
            for row in shown:
                link = links.get(row["id"])
                row |= {"links": link.named if link else {}, "linked_by": link.back if link else {}}
            click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        else:
            _print_table(shown)
            for row in shown:
                for said, names in links[row["id"]].rows() if row["id"] in links else ():
                    click.echo(f"{row['id']}: {said} {', '.join(names)}")
        if has_errors(findings):
            click.echo("Some agreements have errors: run `clausebook check`.", err=True)
            sys.exit(FINDINGS)


def _row(name: str, data: Mapping[str, Any] | None) -> dict[str, Any]:
    told = data or {"title": "", "version": "", "status": "has errors", "parties": ()}
    facts = {key: str(told[key]) for key in ("title", "version", "status")}
    return {"id": name, **facts, "parties": [party["short_name"] for party in told["parties"]]}


def _registered(paper: Registered) -> dict[str, Any]:
    """Return what is listed of registered paper: what somebody asserts of it."""
    facts = {"id": paper.id, "title": paper.value("title"), "version": "", "status": "registered paper"}
    return facts | {"parties": list(paper.values("party")), "ends": paper.value("end"), "void": {}}


def _looked_after(project: Project, name: str, base: str, as_of: str) -> dict[str, Any]:
    """Return who looks after an agreement or what it amends, "" for nobody, and the open holds on it, by journals."""
    journal = project.read_journal(name)[0]
    owner = journal.owner or project.read_journal(base)[0].owner
    there = owner and (not owner.left or (as_of and as_of < owner.left))
    holds = [f"{each.matter}, since {each.since} ({each.by})" for each in journal.holds if not each.released]
    return {"owner": owner.name if owner and there else "", "holds": holds}


def _void(project: Project, name: str) -> dict[str, str]:
    """Return why records of an agreement are void, by version."""
    from clausebook.records.record_files import voided

    return {record.version: mark.words() for record, mark in voided(project.tree, name)}


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        click.echo("There is none.")
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
