"""The command that git's diff calls for an agreement's words."""

from __future__ import annotations

from pathlib import Path

import click

from clausebook.cli.group import cli, root_option
from clausebook.cli.running import root_of, usage_errors


@cli.command(hidden=True)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@root_option
def textconv(file: Path, root: Path | None) -> None:
    """Print an agreement's words for git's diff; what cannot be assembled is printed as it is."""
    with usage_errors():
        from clausebook.history.textconv import textconv as converted

        click.echo(converted(file, root_of(root)), nl=False)
