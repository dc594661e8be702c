"""The command that lists the clause library."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.printing import print_json, print_table
from clausebook.cli.running import FINDINGS, assembled, guarded, stopped
from clausebook.findings.model import FindingsError, RepositoryError, has_errors
from clausebook.findings.near_names import did_you_mean

if TYPE_CHECKING:
    from clausebook.library.catalogue import Listed
    from clausebook.project.project import Project

WIDTH = 92
MOST_NAMED = 3


@cli.command()
@click.argument("slot", metavar="[SLOT]", default="")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@root_option
def clauses(slot: str, as_json: bool, root: Path | None) -> None:
    """List the clause library: each slot's clauses, their place in the playbook, and who uses them.

    With SLOT, the clauses of that slot alone, with guidance and the duties that they create.

    \b
    Examples:
      clausebook clauses
      clausebook clauses termination
      clausebook clauses --json
    """
    with guarded(root) as project:
        agreements = assembled(project, ())
        with stopped():
            listed = _listed(project, [each.document for each in agreements if each.document])
        if slot:
            listed = _of_slot(listed, slot)
        if as_json:
            print_json([_plain(each) for each in listed])
        elif slot:
            click.echo("\n\n".join(map(_detail, listed)))
        else:
            _print_table(listed)
        if any(has_errors(each.findings) for each in agreements):
            click.echo("Some agreements have errors, and are not counted: run `clausebook check`.", err=True)
            sys.exit(FINDINGS)


def _listed(project: Project, documents: Sequence[Any]) -> list[Listed]:
    from clausebook.library.catalogue import catalogue

    found: list[Listed] = []
    for name in project.store.types():
        bundle = project.type(name)
        if bundle.kind is None:
            raise FindingsError(bundle.findings)
        found += catalogue(bundle.kind, documents)
    return found


def _of_slot(listed: Sequence[Listed], slot: str) -> list[Listed]:
    found = [each for each in listed if each.slot == slot]
    if not found:
        if its := [each.slot for each in listed if each.clause.id == slot]:
            raise RepositoryError(f"`{slot}` is a clause of the slot `{its[0]}`", f"clausebook clauses {its[0]}")
        slots = list(dict.fromkeys(each.slot for each in listed))
        hint = did_you_mean(slot, slots, f"the slots are: {', '.join(slots)}")
        raise RepositoryError(f"there is no slot `{slot}`", hint)
    return found


def _plain(each: Listed) -> dict[str, Any]:
    clause = each.clause
    return {
        "type": each.type,
        "slot": each.slot,
        "clause": clause.id,
        "title": clause.title,
        "standard": each.chosen,
        "position": clause.position,
        "version": clause.version,
        "status": clause.status,
        "approver": clause.approver,
        "guidance": " ".join(clause.guidance.split()),
        "obligations": [{"who": one.who, "what": one.what, "when": one.when} for one in clause.obligations],
        "used_by": each.used_by,
        "departed_by": each.departed_by,
        "path": clause.path,
    }


def _detail(each: Listed) -> str:
    clause = each.clause
    duties = "; ".join(" ".join(filter(None, (f"{one.who}: {one.what}", one.when))) for one in clause.obligations)
    told = {
        "words": clause.path,
        "approver": clause.approver or "nobody",
        "used by": ", ".join(each.used_by) or "no agreement",
        "departed from by": ", ".join(each.departed_by),
        "guidance": clause.guidance,
        "duties": duties,
    }
    head = f"{clause.id} {clause.version} — {clause.title} ({clause.position}, {clause.status})"
    lines = [
        textwrap.fill(
            f"{name}: {' '.join(said.split())}",
            WIDTH,
            initial_indent="  ",
            subsequent_indent="    ",
            break_on_hyphens=False,
        )
        for name, said in told.items()
        if said
    ]
    return "\n".join([head, *lines])


def _users(each: Listed) -> str:
    """Return who uses a clause: by name if they are few."""
    users = [*each.used_by, *(f"{name} (departs)" for name in each.departed_by)]
    return ", ".join(users) if len(users) <= MOST_NAMED else f"{len(users)} agreements"


def _print_table(listed: Sequence[Listed]) -> None:
    def cells(each: Listed) -> Sequence[str]:
        clause = each.clause
        known = (each.type, each.slot, clause.id, clause.position, clause.version, clause.status, clause.approver)
        return (*known, _users(each))

    headings = ("type", "slot", "clause", "position", "version", "status", "approver", "used by")
    print_table(headings, map(cells, listed))
