"""The command that writes an agreement's file for an auditor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clausebook.cli.group import Output, cli, root_option
from clausebook.cli.running import check_target, count, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clausebook.lifecycle.dossier_parts import DossierPart
    from clausebook.project.project import Project

INTERNAL_FACTS = ("events", "approvals", "undeclared")
"""What of facts/1 stands in other parts of a dossier, without notes, or is the house’s own work."""


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option("--out", type=Output("name a file", dir_okay=False), help="The ZIP to write.  [default: dossier-ID.zip]")
@click.option("--privileged", is_flag=True, help="Put in what is privileged, too: counsel decides whether it may go.")
@root_option
def dossier(agreement: str, out: Path | None, privileged: bool, root: Path | None) -> None:
    """Write an agreement's file for an auditor: records, turns, redlines, approvals, evidence and journal in one ZIP.

    Guidance, positions, reasons and evidence of approvals, notes, decisions, holds and the deal's own data are
    privileged: they are left out unless --privileged is said, and index.csv names what was left out. `unzip` and
    `sha256sum -c SHA256SUMS` verify it. The same repository gives the same bytes.

    \b
    Examples:
      clausebook dossier retail-telehealth
      clausebook dossier retail-telehealth --out file.zip --privileged
    """
    target = out or Path(f"dossier-{agreement}.zip")
    check_target(target)
    with opened(root) as project:
        import hashlib

        from clausebook.findings.model import RepositoryError
        from clausebook.lifecycle.dossier import dossier as made
        from clausebook.lifecycle.dossier_parts import dossier_parts
        from clausebook.repository.writing import publish

        parent = target.resolve().parent
        if not parent.is_dir():
            raise RepositoryError(f"there is no folder `{parent}`", "make it, or choose another --out")
        project.expect(agreement)
        parts = dossier_parts(project.tree, agreement)
        found = made(agreement, (*parts, *_facts(project, agreement)), privileged=privileged)
        publish({target.name: found.content}, parent)
        said = f"; {count(found.left_out, 'file')} left out as privileged" if found.left_out else ""
        click.echo(f"written: {target}: {count(found.files, 'file')}{said}")
        click.echo(f"SHA-256: {hashlib.sha256(found.content).hexdigest()}")


def _facts(project: Project, agreement: str) -> Iterator[DossierPart]:
    """Yield what the agreement tells in short, if it can be read as it stands."""
    if agreement not in project.known:
        return
    from clausebook.facts.agreement_facts import agreement_facts, as_data
    from clausebook.facts.report_facts import open_facts
    from clausebook.lifecycle.dossier_parts import DossierPart

    told = agreement_facts(project, project.assemble(project.known[agreement]))
    if told:
        told = open_facts(project, told)
        data = {name: each for name, each in as_data(told).items() if name not in INTERNAL_FACTS}
        content = json.dumps(data, indent=2, ensure_ascii=False).encode() + b"\n"
        yield DossierPart("facts.json", "parties, terms, key dates and duties in short, with their state", content)
