"""The command that lists agreements."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_json, print_table
from clausebook.cli.running import (
    FINDINGS,
    guarded,
)
from clausebook.findings.model import Finding, has_errors

if TYPE_CHECKING:
    from clausebook.project.project import Project
    from clausebook.records.registered import Registered


@cli.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@root_option
def list_agreements(as_json: bool, root: Path | None) -> None:
    """List the agreements of the repository.

    \b
    Examples:
      clausebook list
      clausebook list --json
    """
    with guarded(root) as project:
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
        links = {name: linked(name, known) for name in known}
        if as_json:
            told = [row | {"links": links[row["id"]].named, "linked_by": links[row["id"]].back} for row in rows]
            told += [_registered(each) | {"links": {}, "linked_by": {}} for each in papers]
            print_json(told)
        else:
            _print_table([*rows, *map(_registered, papers)])
            for name, each in links.items():
                for said, names in each.rows():
                    click.echo(f"{name}: {said} {', '.join(names)}")
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


def _void(project: Project, name: str) -> dict[str, str]:
    """Return why records of an agreement are void, by version."""
    from clausebook.records.record_files import voided

    return {record.version: mark.words() for record, mark in voided(project.tree, name)}


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    cells = ((row["id"], row["version"], row["status"], ", ".join(row["parties"]), row["title"]) for row in rows)
    void = (f"{row['id']} {version}: the record is {said}" for row in rows for version, said in row["void"].items())
    print_table(("id", "version", "status", "parties", "title"), cells, 160)
    for line in void:
        click.echo(line)
    for row in rows:
        if row["ends"]:
            click.echo(f"{row['id']}: the term ends on {row['ends']}")
