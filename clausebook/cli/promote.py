"""The command that makes an agreement of an opportunity."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import count, opened, progress


@cli.command()
@click.argument("opportunity", metavar="ID")
@click.option("--type", "kind", default="", metavar="TYPE", help="The agreement's type.  [default: the method's]")
@click.option("--as", "to", default="", metavar="NEW-ID", help="The agreement's id.  [default: the opportunity's]")
@root_option
def promote(opportunity: str, kind: str, to: str, root: Path | None) -> None:
    """Make an agreement of an opportunity: the next step of a partnership.

    agreements/ID.yaml is begun as `clausebook new` does, with the opportunity's title and the partner's name. What the
    opportunity says of the steps moves, comments and all, into agreements/journal/ID.yaml, and its own file is removed:
    all of it, or nothing.

    \b
    Examples:
      clausebook promote evening-prescriptions
      clausebook promote evening-prescriptions --as prescription-delivery --type partnership
    """
    with opened(root) as project:
        from clausebook.facts.spark.method import FILE, read_method
        from clausebook.findings.model import RepositoryError, refuse_errors
        from clausebook.scaffold.pipeline import promote as made_of

        method, findings = read_method(project.tree)
        refuse_errors(findings)
        if not (kind or method.agreement_type):
            raise RepositoryError("which type of agreement?", f"name it with --type, or as `agreement_type` in {FILE}")
        with progress("Checking", 0):
            steps = [step.id for step in method.steps]
            made = made_of(project, opportunity, kind or method.agreement_type, steps, to)
    for path in made.files:
        click.echo(f"written: {path}")
    click.echo(f"removed: agreements/pipeline/{opportunity}.yaml")
    if made.left_behind:
        click.echo(f"Not moved: {', '.join(made.left_behind)}.")
    click.echo(
        "It passes the check, which warns of each blank. "
        f"Fill in the {count(made.blanks, 'blank')} in [ ], and look at every value."
    )
