"""The command that writes the words of an agreement that are in force on a day."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import guarded, stopped


@cli.command()
@click.argument("agreement", metavar="ID")
@click.option(
    "--as-of", "day", required=True, metavar="DATE", help="The day, as 2026-03-04, on which the words are in force."
)
@root_option
def text(agreement: str, day: str, root: Path | None) -> None:
    """Write the words of an agreement that are in force on a day: as executed, and as amended by then.

    What is signed but has not taken effect on that day is left out, and said so. Where nobody can tell which words are
    in force, the command says why, and writes none.

    \b
    Examples:
      clausebook text retail-telehealth --as-of 2026-12-31
    """
    with guarded(root) as project, stopped():
        from clausebook.lifecycle.words_on import words_on
        from clausebook.render.files import render_files
        from clausebook.validate.value_formats import check_date

        check_date(day)
        (file,) = project.files([agreement])
        found = words_on(project, file, day)
        (written,) = render_files(found.document, project.root, ("txt",)).values()
        click.echo(written.decode().strip("\n"))
        for line in found.told:
            click.echo(line, err=True)
