"""The command that shows an agreement's words in the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import FINDINGS, finish, guarded
from clausebook.findings.model import RepositoryError
from clausebook.findings.near_names import did_you_mean


@cli.command()
@click.argument("agreement", metavar="ID")
@click.argument("part", metavar="[SLOT|NUMBER]", default="")
@root_option
def show(agreement: str, part: str, root: Path | None) -> None:
    """Show the words of an agreement, numbered as in the contract.

    With SLOT only the clause that fills it; a section or a schedule can be named too, and each by its number as well.

    \b
    Examples:
      clausebook show retail-telehealth
      clausebook show retail-telehealth termination
      clausebook show retail-telehealth governance
      clausebook show retail-telehealth 6.2
    """
    with guarded(root) as project:
        from clausebook.document.excerpt import by_number, excerpts
        from clausebook.project.project import all_findings
        from clausebook.records.links import linked
        from clausebook.records.record_files import voided
        from clausebook.render.files import render_files

        (found,) = project.assemble_all([agreement])
        if found.document is None:
            finish(all_findings(project, [found]), strict=False, report="text", done="")
            sys.exit(FINDINGS)
        texts = dict(excerpts(found.document)) if part else {"": found.document}
        part = by_number(found.document).get(" ".join(part.rstrip(".").split()), part)
        if part not in texts:
            hint = did_you_mean(part, texts, f"there are: {', '.join(texts)}")
            raise RepositoryError(f"`{agreement}` has no slot, section or schedule `{part}`", hint)
        (text,) = render_files(texts[part], project.root, ("txt",)).values()
        click.echo(text.decode().strip("\n"))
        for record, mark in voided(project.tree, agreement):
            click.echo(f"The record of version {record.version} is {mark.words()}.", err=True)
        known = {file.id: project.load(file)[0] or {} for file in project.files()}
        for label, names in linked(agreement, known).rows():
            click.echo(f"{label.capitalize()}: {', '.join(names)}", err=True)
